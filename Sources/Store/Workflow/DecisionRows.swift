// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Reconciliation

/// What was decided on a payment, and where that decision stands.
package struct StoredDecision: Hashable, Sendable {
    package enum State: String, Sendable {
        /// In the log.
        case committed
        /// A person chooses.
        case waiting
        /// A person refused the proposal: it is not made again.
        case rejected
        /// Committed once, then taken back.
        case undone
        /// Nothing to book: no evidence, or no customer's money.
        case noted
    }

    package var id: String
    package var decision: Decision
    package var state: State
    package var amount: Money
    package var decidedOn: Day
    package var recordedAt: Timestamp
    package var actor: String
    package var reason: String?
    /// Evidence as it was stored (`EvidenceText`); nil for a decision that was not stored yet.
    var storedEvidence: String?

    /// As one JSON list.
    package var evidence: String {
        storedEvidence.map { EvidenceText.json(stored: $0) } ?? EvidenceText.json(decision.evidence)
    }

    /// A proposal that nobody decided on: what was left of the payment was used by something else.
    package var isSettledOtherwise: Bool { state == .noted && reason == Session.settledOtherwise }

    package init(
        id: String, decision: Decision, state: State, amount: Money, decidedOn: Day, recordedAt: Timestamp,
        actor: String, reason: String? = nil
    ) {
        self.id = id
        self.decision = decision
        self.state = state
        self.amount = amount
        self.decidedOn = decidedOn
        self.recordedAt = recordedAt
        self.actor = actor
        self.reason = reason
    }
}

extension Session {
    /// Keeps a decision; the latest of a payment that was not booked takes the place of the one before.
    package func save(_ stored: StoredDecision, company: String) throws {
        try DecisionWriter(self, company: company).write([stored])
    }

    package func setState(
        _ state: StoredDecision.State, decision id: String, company: String, actor: String, reason: String?
    ) throws {
        try execute(
            "UPDATE decision SET state = ?, actor = ?, reason = ? WHERE company = ? AND id = ?",
            [state.rawValue, actor, reason, company, id])
    }

    /// Proposals whose payment has nothing left to decide: something else settled it.
    package func retireWaiting(company: String, at time: Timestamp) throws {
        let over = try rows(
            """
            SELECT d.id, d.payment_id FROM decision d JOIN payment p ON p.company = d.company AND p.id = d.payment_id
            WHERE d.company = ? AND d.state = 'waiting' AND d.\(DecisionTables.notCommitted)
                AND p.unapplied = 0
                AND p.booked <> 0 ORDER BY d.id
            """, [company]
        ) { (id: $0.text(0), payment: $0.text(1)) }
        for (id, payment) in over {
            try setState(.noted, decision: id, company: company, actor: "reconcile", reason: Self.settledOtherwise)
            try resolveExceptions(
                company: company, kind: "DUPLICATE-PAYMENT", subject: payment,
                resolution: "the money was refunded or applied",
                at: time)
        }
    }

    /// Proposals that something settled otherwise, which was taken back since: they wait again.
    package func reviveWaiting(company: String, payments: Set<String>) throws {
        for payment in payments.sorted() {
            try execute(
                """
                UPDATE decision SET state = 'waiting', reason = NULL WHERE company = ? AND payment_id = ?
                    AND state = 'noted' AND verdict = 'review' AND reason = ? AND EXISTS (SELECT 1 FROM payment p
                        WHERE p.company = decision.company AND p.id = decision.payment_id AND p.unapplied <> 0)
                """, [company, payment, Self.settledOtherwise])
        }
    }

    /// Whether something of a payment waits for a person already.
    package func waits(company: String, payment: String) throws -> Bool {
        try first(
            """
            SELECT 1 FROM decision
            WHERE company = ? AND payment_id = ? AND state = 'waiting' AND \(DecisionTables.notCommitted) LIMIT 1
            """, [company, payment]
        ) { $0.int(0) } != nil
    }

    /// The payment that took another one's money back from what it had settled: a return, or a refund of what was paid.
    ///
    /// - Parameter decision: one that does not count.
    package func `return`(of payment: String, company: String, besides decision: String) throws -> String? {
        try first(
            """
            SELECT d.payment_id FROM decision d
            WHERE d.company = ? AND d.counterpart_id = ? AND d.state = 'committed' AND d.id <> ?
                AND (d.kind = 'return' OR d.kind = 'refund' AND EXISTS (SELECT 1 FROM decision_line l
                    WHERE l.decision = d.no AND l.alternative = 0)) ORDER BY d.recorded_at DESC LIMIT 1
            """, [company, payment, decision]
        ) { $0.text(0) }
    }

    fileprivate static let settledOtherwise = "settled otherwise"

    /// By its own id, or the latest of a payment.
    package func decision(company: String, idOrPayment: String) throws -> StoredDecision? {
        // Two questions: one with OR would read the whole table.
        if let own = try first(
            "SELECT * FROM decision WHERE company = ? AND id = ?", [company, idOrPayment],
            { try self.decision($0, company: company) })
        {
            return own
        }
        return try first(
            """
            SELECT * FROM decision WHERE company = ? AND payment_id = ? ORDER BY recorded_at DESC, id DESC LIMIT 1
            """, [company, idOrPayment]
        ) { try self.decision($0, company: company) }
    }

    /// In order of payment; those in one state only, when asked.
    package func decisions(company: String, state: StoredDecision.State? = nil) throws -> [StoredDecision] {
        // The index of what was not booked is found by its own words.
        let asked = Conditions(company: company).and("state = ?", state?.rawValue)
            .and(DecisionTables.notCommitted, when: state != nil && state != .committed)
        return try rows("SELECT * FROM decision \(asked.sql) ORDER BY payment_id, recorded_at, id", asked.values) {
            try self.decision($0, company: company)
        }
    }

    /// What is booked of a payment, in the order in which it was decided.
    package func committedDecisions(company: String, payment: String) throws -> [StoredDecision] {
        try rows(
            """
            SELECT * FROM decision WHERE company = ? AND payment_id = ? AND state = 'committed' ORDER BY recorded_at, id
            """, [company, payment]
        ) { try self.decision($0, company: company) }
    }

    /// What is left of each payment that waits for a person, by its id; of an outgoing one that nobody identified, all.
    package func waitingLeft(company: String) throws -> [String: Money] {
        var left: [String: Money] = [:]
        try each(
            """
            SELECT p.id, p.currency, CASE WHEN p.booked = 0 THEN p.amount ELSE p.unapplied END
            FROM decision d CROSS JOIN payment p ON p.company = d.company AND p.id = d.payment_id
            WHERE d.company = ? AND d.state = 'waiting' AND d.\(DecisionTables.notCommitted)
            """, [company]
        ) { left[$0.text(0)] = Money(minorUnits: $0.int(2), currency: try $0.currency(1)) }
        return left
    }

    /// Payments that wait for a person, booked by the bank through a day: how many came in and went out, and how much
    /// of them is left; by currency, what came in first.
    package func waitingCash(
        company: String, through day: Day, state: StoredDecision.State = .waiting
    ) throws -> [(currency: Currency, isOutgoing: Bool, count: Int, left: Money)] {
        try rows(
            """
            SELECT p.currency, p.amount < 0, COUNT(*), SUM(CASE WHEN p.booked = 0 THEN p.amount ELSE p.unapplied END)
            FROM decision d CROSS JOIN payment p ON p.company = d.company AND p.id = d.payment_id
            WHERE d.company = ? AND d.state = ? AND d.\(DecisionTables.notCommitted) AND p.posting_day <= ?
                AND (d.state = 'waiting' OR p.unapplied > 0)
            GROUP BY p.currency, p.amount < 0 ORDER BY p.currency, p.amount < 0
            """, [company, state.rawValue, day]
        ) { row in
            let currency = try row.currency(0)
            return (currency, row.bool(1), Int(row.int(2)), Money(minorUnits: row.int(3), currency: currency))
        }
    }

    private func decision(_ row: Row, company: String) throws -> StoredDecision {
        guard let verdict = Decision.Verdict(rawValue: row.text("verdict")),
            let kind = Decision.Kind(rawValue: row.text("kind")), let rule = Rule(rawValue: row.text("rule")),
            let state = StoredDecision.State(rawValue: row.text("state"))
        else { throw StoreFailure("STORE-DAMAGED", "decision \(row.text("id")) has an unknown verdict or rule") }
        var decision = Decision(
            paymentID: row.text("payment_id"), verdict: verdict, kind: kind, rule: rule,
            sentence: row.text("explanation"))
        decision.customerID = row.optionalText("customer_id")
        decision.counterpartID = row.optionalText("counterpart_id")
        try each(
            "SELECT * FROM decision_line WHERE decision = ? ORDER BY alternative, n", [row.int("no")]
        ) { row in
            let line = Line(
                itemID: row.text("item_id"), reason: Line.Reason(rawValue: row.text("reason")) ?? .cash,
                cash: row.int("cash"), adjustment: row.int("adjustment"), proves: row.int("proves"))
            let alternative = Int(row.int("alternative"))
            if alternative == 0 {
                decision.lines.append(line)
            } else {
                while decision.alternatives.count < alternative {
                    decision.alternatives.append(Alternative(lines: []))
                }
                decision.alternatives[alternative - 1].lines.append(line)
            }
        }
        var stored = StoredDecision(
            id: row.text("id"), decision: decision, state: state,
            amount: Money(minorUnits: row.int("amount"), currency: try row.currency("currency")),
            decidedOn: row.day("decided_on"), recordedAt: row.time("recorded_at"), actor: row.text("actor"),
            reason: row.optionalText("reason"))
        stored.storedEvidence = row.text("detail")
        return stored
    }
}
