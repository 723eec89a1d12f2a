// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Outbox

extension Session {
    /// Where a message stands; nil when it was never queued.
    package func delivery(company: String, message: String) throws -> Delivery? {
        try first("SELECT * FROM delivery WHERE company = ? AND message_id = ?", [company, message], Self.delivery)
    }

    /// Heads of lanes that are due, the longest waiting first: what a claim may try.
    package func dueHeads(company: String, now: Timestamp, limit: Int) throws -> [Delivery] {
        try rows(
            """
            SELECT d.* FROM lane l JOIN delivery d ON d.company = l.company AND d.message_id = l.head_id
            WHERE l.company = ? AND d.due_at <= ? ORDER BY d.due_at, d.lane LIMIT ?
            """, [company, now, limit], Self.delivery)
    }

    /// Leases and waits that reach further than `cap` from now: the clock stepped back.
    package func deliveriesWaitingBeyond(company: String, _ limit: Timestamp) throws -> [Delivery] {
        try rows(
            """
            SELECT * FROM delivery WHERE company = ? AND holds_lane = 1 AND (lease_until > ? OR wait_until > ?)
            ORDER BY lane, sequence
            """, [company, limit, limit], Self.delivery)
    }

    package func deliveries(company: String) throws -> [Delivery] {
        try rows("SELECT * FROM delivery WHERE company = ? ORDER BY lane, sequence", [company], Self.delivery)
    }

    /// Writes a delivery back and moves its lane's head when it let go.
    package func save(_ delivery: Delivery, company: String) throws {
        try execute(
            """
            INSERT INTO delivery(company, message_id, lane, sequence, state, holds_lane, due_at, attempts, claims,
                lease_token, lease_until, lease_ms, begun_token, not_before, not_after, wait_until, wait_ms, provider,
                provider_id, rank, rank_at, failure_class, failure_code, failure_provider, failure_provider_id,
                failure_at, error_class, error_code, error_at, withdrawal, withdrawal_reason, done_at)
            VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
            ON CONFLICT(company, message_id) DO UPDATE SET lane = excluded.lane, sequence = excluded.sequence,
                state = excluded.state, holds_lane = excluded.holds_lane, due_at = excluded.due_at,
                attempts = excluded.attempts, claims = excluded.claims, lease_token = excluded.lease_token,
                lease_until = excluded.lease_until, lease_ms = excluded.lease_ms, begun_token = excluded.begun_token,
                not_before = excluded.not_before, not_after = excluded.not_after, wait_until = excluded.wait_until,
                wait_ms = excluded.wait_ms, provider = excluded.provider, provider_id = excluded.provider_id,
                rank = excluded.rank, rank_at = excluded.rank_at, failure_class = excluded.failure_class,
                failure_code = excluded.failure_code, failure_provider = excluded.failure_provider,
                failure_provider_id = excluded.failure_provider_id, failure_at = excluded.failure_at,
                error_class = excluded.error_class, error_code = excluded.error_code, error_at = excluded.error_at,
                withdrawal = excluded.withdrawal, withdrawal_reason = excluded.withdrawal_reason,
                done_at = excluded.done_at
            """,
            [
                company, delivery.messageID, delivery.lane, delivery.sequence, delivery.state.rawValue,
                delivery.state.holdsLane, delivery.dueAt, delivery.attempts, delivery.claims, delivery.lease?.token,
                delivery.lease?.until, delivery.lease?.milliseconds, delivery.begunToken, delivery.notBefore,
                delivery.notAfter, delivery.wait?.until, delivery.wait?.milliseconds, delivery.message?.provider,
                delivery.message?.id, delivery.rank, delivery.rankAt, delivery.failure?.errorClass.rawValue,
                delivery.failure?.code, delivery.failure?.message?.provider, delivery.failure?.message?.id,
                delivery.failure?.at, delivery.lastError?.errorClass.rawValue, delivery.lastError?.code,
                delivery.lastError?.at, delivery.withdrawal?.kind.rawValue, delivery.withdrawal?.reason,
                delivery.doneAt,
            ])
        try moveLane(delivery, company: company)
    }

    /// Keeps when the provider was called; the moment a message counts as said.
    package func markBegun(company: String, message: String, at time: Timestamp) throws {
        try execute(
            "UPDATE delivery SET begun_at = ? WHERE company = ? AND message_id = ?", [time, company, message])
    }

    /// Keeps which revision an agent has in its hands.
    package func markClaimed(company: String, message: String, revision: Int, by agent: String) throws {
        try execute(
            "UPDATE delivery SET claimed_revision = ?, claimed_by = ? WHERE company = ? AND message_id = ?",
            [revision, agent, company, message])
    }

    package func claimedRevision(company: String, message: String) throws -> Int? {
        try first(
            "SELECT claimed_revision FROM delivery WHERE company = ? AND message_id = ?", [company, message]
        ) { $0.optionalInt(0).map { Int(clamping: $0) } } ?? nil
    }

    package func begunAt(company: String, message: String) throws -> Timestamp? {
        try first(
            "SELECT begun_at FROM delivery WHERE company = ? AND message_id = ?", [company, message]
        ) { $0.optionalTime(0) } ?? nil
    }

    /// Messages whose provider was being called when the lease ended: what became of them is unknown.
    package func begunPast(company: String, now: Timestamp) throws -> [Delivery] {
        try rows(
            """
            SELECT * FROM delivery WHERE company = ? AND holds_lane = 1 AND state = 'begun' AND lease_until <= ?
            ORDER BY lane, sequence
            """, [company, now], Self.delivery)
    }

    /// The next place in a lane.
    package func nextSequence(company: String, lane: String) throws -> Int64 {
        try first(
            "SELECT coalesce(max(sequence), 0) + 1 FROM delivery WHERE company = ? AND lane = ?", [company, lane]
        ) { $0.int(0) } ?? 1
    }

    private func moveLane(_ delivery: Delivery, company: String) throws {
        var lane =
            try first(
                "SELECT head_id, head_sequence FROM lane WHERE company = ? AND key = ?", [company, delivery.lane],
                { row in
                    Lane(
                        key: delivery.lane,
                        head: row.optionalText(0).map { Lane.Head(messageID: $0, sequence: row.int(1)) })
                }) ?? Lane(key: delivery.lane)
        let before = lane
        lane.enqueue(delivery)
        if lane.admits(delivery), !delivery.state.holdsLane {
            let next = try first(
                """
                SELECT message_id, sequence FROM delivery WHERE company = ? AND lane = ? AND holds_lane = 1
                ORDER BY sequence LIMIT 1
                """, [company, delivery.lane]
            ) { Lane.Head(messageID: $0.text(0), sequence: $0.int(1)) }
            lane.advance(past: delivery, to: next)
        }
        guard lane != before || before.head == nil else { return }
        try execute(
            """
            INSERT INTO lane(company, key, head_id, head_sequence) VALUES(?,?,?,?)
            ON CONFLICT(company, key) DO UPDATE SET head_id = excluded.head_id, head_sequence = excluded.head_sequence
            """, [company, lane.key, lane.head?.messageID, lane.head?.sequence])
    }

    /// The head pointer of each lane, to verify it against the rows.
    package func laneHeads(company: String) throws -> [(lane: String, head: String?)] {
        try rows("SELECT key, head_id FROM lane WHERE company = ? ORDER BY key", [company]) {
            ($0.text(0), $0.optionalText(1))
        }
    }

    private static func delivery(_ row: Row) throws -> Delivery {
        guard let state = Delivery.State(rawValue: row.text("state")) else {
            throw StoreFailure("STORE-DAMAGED", "the stored delivery state “\(row.text("state"))” is unknown")
        }
        var delivery = Delivery(
            messageID: row.text("message_id"), lane: row.text("lane"), sequence: row.int("sequence"))
        delivery.state = state
        delivery.attempts = Int(row.int("attempts"))
        delivery.claims = Int(row.int("claims"))
        if let token = row.optionalText("lease_token") {
            delivery.lease = Delivery.Lease(
                token: token, until: row.time("lease_until"), milliseconds: row.int("lease_ms"))
        }
        delivery.begunToken = row.optionalText("begun_token")
        delivery.notBefore = row.optionalTime("not_before")
        delivery.notAfter = row.optionalTime("not_after")
        if let until = row.optionalTime("wait_until") {
            delivery.wait = Delivery.Wait(until: until, milliseconds: row.int("wait_ms"))
        }
        delivery.message = row.optionalText("provider_id").map {
            Delivery.ProviderMessage(provider: row.optionalText("provider"), id: $0)
        }
        delivery.rank = Int(row.int("rank"))
        delivery.rankAt = row.optionalTime("rank_at")
        if let errorClass = row.optionalText("failure_class").flatMap(ErrorClass.init(rawValue:)) {
            delivery.failure = Delivery.Failure(
                errorClass, code: row.optionalText("failure_code"),
                message: row.optionalText("failure_provider_id").map {
                    Delivery.ProviderMessage(provider: row.optionalText("failure_provider"), id: $0)
                }, at: row.time("failure_at"))
        }
        if let errorClass = row.optionalText("error_class").flatMap(ErrorClass.init(rawValue:)) {
            delivery.lastError = Delivery.Failure(
                errorClass, code: row.optionalText("error_code"), at: row.time("error_at"))
        }
        if let kind = row.optionalText("withdrawal").flatMap(Delivery.Withdrawal.Kind.init(rawValue:)) {
            delivery.withdrawal = Delivery.Withdrawal(kind, reason: row.optionalText("withdrawal_reason"))
        }
        delivery.doneAt = row.optionalTime("done_at")
        return delivery
    }
}
