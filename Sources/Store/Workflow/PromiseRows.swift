// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Promises

extension Session {
    /// Writes a promise with its lines and verdicts.
    package func save(_ promise: PromiseToPay, at time: Timestamp) throws {
        try execute(
            """
            INSERT INTO promise(company, id, customer_id, status, state, close_reason, closed_on, close_note, currency,
                promised_for, promised_on, taken_by, channel, recorded_by, evidence, level, grace_days, basis, calendar,
                shortfall, shortfall_percent, holds_fully, proposed_through, supersedes, superseded_by, paid_late_on,
                taken_at, recorded_at)
            VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
            ON CONFLICT(company, id) DO UPDATE SET status = excluded.status, state = excluded.state,
                close_reason = excluded.close_reason, closed_on = excluded.closed_on,
                close_note = excluded.close_note, superseded_by = excluded.superseded_by,
                paid_late_on = excluded.paid_late_on
            """,
            [
                promise.company, promise.id, promise.customerID, promise.status.rawValue, promise.state.rawValue,
                promise.closeReason?.rawValue, promise.closedOn, promise.closeNote, promise.currency,
                promise.promisedFor, promise.promisedOn, promise.takenBy, promise.channel, promise.recordedBy.rawValue,
                promise.evidence, promise.level, promise.tolerance.graceDays, promise.tolerance.basis.rawValue,
                promise.tolerance.calendar.rawValue, promise.tolerance.shortfall,
                promise.tolerance.shortfallPercent.text, promise.holdsFully, promise.proposedThrough,
                promise.supersedes, promise.supersededBy, promise.paidLateOn, promise.takenAt, time,
            ])
        for (n, line) in promise.lines.enumerated() {
            try execute(
                """
                INSERT INTO promise_line(company, promise_id, n, item_id, amount) VALUES(?,?,?,?,?)
                ON CONFLICT(company, promise_id, n) DO NOTHING
                """, [promise.company, promise.id, n, line.itemID, line.amount.minorUnits])
        }
        try saveJudgements(of: promise, from: 0)
    }

    /// Writes what judging changed of a promise that is stored: where it stands, and the verdicts that it got.
    package func save(judged promise: PromiseToPay, before: PromiseToPay) throws {
        try execute(
            """
            UPDATE promise SET status = ?, state = ?, close_reason = ?, closed_on = ?, close_note = ?,
                superseded_by = ?, paid_late_on = ? WHERE company = ? AND id = ?
            """,
            [
                promise.status.rawValue, promise.state.rawValue, promise.closeReason?.rawValue, promise.closedOn,
                promise.closeNote, promise.supersededBy, promise.paidLateOn, promise.company, promise.id,
            ])
        try saveJudgements(of: promise, from: before.judgements.count)
    }

    private func saveJudgements(of promise: PromiseToPay, from first: Int) throws {
        for (n, verdict) in promise.judgements.enumerated().dropFirst(first) {
            try execute(
                """
                INSERT INTO promise_judgement(company, promise_id, n, judged_on, recorded_at, state, paid, promised,
                    why) VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(company, promise_id, n) DO NOTHING
                """,
                [
                    promise.company, promise.id, n, verdict.on, verdict.recordedAt, verdict.state.rawValue,
                    verdict.paid.minorUnits, verdict.promised.minorUnits, verdict.why,
                ])
        }
    }

    /// A promise with the instant at which it was recorded first.
    package struct StoredPromise: Hashable, Sendable {
        package var promise: PromiseToPay
        package var recordedAt: Timestamp

        package init(promise: PromiseToPay, recordedAt: Timestamp) {
            self.promise = promise
            self.recordedAt = recordedAt
        }
    }

    package func promise(company: String, id: String) throws -> StoredPromise? {
        try promises("SELECT * FROM promise WHERE company = ? AND id = ?", [company, id], company: company).first
    }

    /// In order of the day they were made.
    package func promises(company: String, customer: String? = nil, openOnly: Bool = false) throws -> [StoredPromise] {
        let asked = Conditions(company: company).and("customer_id = ?", customer)
            .and("status <> 'closed'", when: openOnly)
        return try promises(
            "SELECT * FROM promise \(asked.sql) ORDER BY promised_on, promised_for, id", asked.values,
            company: company)
    }

    /// Those that judging may change: all that are not closed, and of those with a verdict the ones of whose items the
    /// log told something since they were judged last. In order of the day they were made.
    package func promisesToJudge(company: String) throws -> [StoredPromise] {
        let judged = try first("SELECT seq FROM judged_state WHERE company = ?", [company]) { $0.int(0) }
        guard let judged else { return try promises(company: company) }
        return try promises(
            """
            SELECT * FROM promise WHERE company = ? AND id IN (
                SELECT id FROM promise WHERE company = ? AND status <> 'closed'
                UNION SELECT l.promise_id FROM (
                    SELECT item FROM log WHERE seq > ? AND company = ? AND item IS NOT NULL
                    UNION SELECT counter FROM log WHERE seq > ? AND company = ? AND counter IS NOT NULL) e
                    CROSS JOIN promise_line l ON l.company = ? AND l.item_id = e.item)
            ORDER BY promised_on, promised_for, id
            """, [company, company, judged, company, judged, company, company], company: company)
    }

    /// Every promise was judged by what the log says now.
    package func keepJudged(company: String) throws {
        try execute("DELETE FROM judged_state WHERE company = ?", [company])
        try execute("INSERT INTO judged_state(company, seq) VALUES (?, ?)", [company, try nextSeq() - 1])
    }

    /// Promises that hold, for matching: with their lines and without their verdicts. In order of the day they were made.
    package func activePromises(company: String) throws -> [PromiseToPay] {
        let condition = "p.company = ? AND p.status <> 'closed' AND p.status = 'active'"
        // All lines at once: a statement for each promise takes several times as long.
        var lines: [String: [PromiseToPay.Line]] = [:]
        try each(
            """
            SELECT l.promise_id, l.item_id, l.amount, p.currency FROM promise p
                CROSS JOIN promise_line l ON l.company = p.company AND l.promise_id = p.id
            WHERE \(condition) ORDER BY l.promise_id, l.n
            """, [company]
        ) { row in
            let amount = Money(minorUnits: row.int(2), currency: try row.currency(3))
            lines[row.text(0), default: []].append(PromiseToPay.Line(itemID: row.text(1), amount: amount))
        }
        return try rows(
            "SELECT p.* FROM promise p WHERE \(condition) ORDER BY p.promised_on, p.promised_for, p.id", [company]
        ) { row in
            try promise(row, company: company, lines: lines[row.text("id")] ?? [], judgements: []).promise
        }
    }

    package static let promiseLines = """
        SELECT r.c1, l.item_id, l.amount FROM tieout_rows(?1) r
            CROSS JOIN promise_line l ON l.company = ?2 AND l.promise_id = r.c0
        """

    package static let promiseVerdicts = """
        SELECT r.c1, j.judged_on, j.recorded_at, j.state, j.paid, j.promised, j.why FROM tieout_rows(?1) r
            CROSS JOIN promise_judgement j ON j.company = ?2 AND j.promise_id = r.c0
        """

    /// With their lines and verdicts, which come by their keys: those of all promises at once, as a statement for each takes
    /// several times as long.
    private func promises(
        _ sql: String, _ arguments: [(any Bindable)?], company: String
    ) throws -> [StoredPromise] {
        var found = try rows(sql, arguments) { try promise($0, company: company, lines: [], judgements: []) }
        let ids = found.map(\.promise.id)
        try each(of: ids, Self.promiseLines, [company]) { row in
            let place = Int(row.int(0))
            let amount = Money(minorUnits: row.int(2), currency: found[place].promise.currency)
            found[place].promise.lines.append(PromiseToPay.Line(itemID: row.text(1), amount: amount))
        }
        try each(of: ids, Self.promiseVerdicts, [company]) { row in
            let place = Int(row.int(0))
            let currency = found[place].promise.currency
            found[place].promise.judgements.append(
                PromiseToPay.Judgement(
                    on: row.day(1), recordedAt: row.time(2), state: .init(rawValue: row.text(3)) ?? .open,
                    paid: Money(minorUnits: row.int(4), currency: currency),
                    promised: Money(minorUnits: row.int(5), currency: currency), why: row.text(6)))
        }
        return found
    }

    private func promise(
        _ row: Row, company: String, lines: [PromiseToPay.Line], judgements: [PromiseToPay.Judgement]
    ) throws -> StoredPromise {
        let id = row.text("id")
        let currency = try row.currency("currency")
        guard let status = PromiseToPay.Status(rawValue: row.text("status")),
            let state = PromiseToPay.State(rawValue: row.text("state"))
        else { throw StoreFailure("STORE-DAMAGED", "promise \(id) has an unknown status or state") }
        let tolerance = PromiseToPay.Tolerance(
            graceDays: Int(row.int("grace_days")), basis: .init(rawValue: row.text("basis")) ?? .banking,
            calendar: .init(rawValue: row.text("calendar")) ?? .target, shortfall: row.int("shortfall"),
            shortfallPercent: ScaledDecimal(row.text("shortfall_percent")) ?? ScaledDecimal(coefficient: 0, scale: 0))
        var promise = PromiseToPay(
            id: id, company: company, customerID: row.text("customer_id"), lines: lines, currency: currency,
            promisedFor: row.day("promised_for"), promisedOn: row.day("promised_on"),
            takenAt: row.optionalTime("taken_at"), takenBy: row.optionalText("taken_by"),
            channel: row.optionalText("channel"),
            recordedBy: .init(rawValue: row.text("recorded_by")) ?? .imported, evidence: row.optionalText("evidence"),
            level: Int(row.int("level")), tolerance: tolerance, holdsFully: row.bool("holds_fully"),
            proposedThrough: row.day("proposed_through"), status: status)
        promise.state = state
        promise.closeReason = row.optionalText("close_reason").flatMap(PromiseToPay.CloseReason.init(rawValue:))
        promise.closedOn = row.optionalDay("closed_on")
        promise.closeNote = row.optionalText("close_note")
        promise.supersedes = row.optionalText("supersedes")
        promise.supersededBy = row.optionalText("superseded_by")
        promise.paidLateOn = row.optionalDay("paid_late_on")
        promise.judgements = judgements
        return StoredPromise(promise: promise, recordedAt: row.time("recorded_at"))
    }
}
