// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Reconciliation

/// One decision on one payment with its lines, as the allocation register shows it.
package struct RegisterEntry: Sendable {
    package var paymentID: String
    package var state: StoredDecision.State
    package var rule: String
    package var sentence: String
    package var currency: Currency
    package var lines: [Line] = []
    /// What a person may choose from.
    package var alternatives: [Line] = []
}

extension Session {
    /// Every decision in the order of its payment, one at a time.
    package func register(company: String, _ body: (RegisterEntry) throws -> Void) throws {
        let decision = try compiled(
            "SELECT payment_id, state, rule, explanation, currency FROM decision WHERE no = ?")
        defer { decision.reset() }
        let row = Row(statement: decision)
        for no in try registerOrder(company: company) {
            decision.reset()
            decision.bind(0, no)
            guard try decision.step() else { continue }
            guard let state = StoredDecision.State(rawValue: row.text(1)) else {
                throw StoreFailure("STORE-DAMAGED", "the decision on \(row.text(0)) has an unknown state")
            }
            var entry = RegisterEntry(
                paymentID: row.text(0), state: state, rule: row.text(2), sentence: row.text(3),
                currency: try row.currency(4))
            try add(linesOf: no, to: &entry)
            try body(entry)
        }
    }

    /// The decisions' rows in the order of the register: the index has them by payment, and few payments have several.
    private func registerOrder(company: String) throws -> [Int64] {
        var order: [Int64] = []
        var last: String?
        var several: [String] = []
        try each(
            "SELECT payment_id, no FROM decision WHERE company = ? ORDER BY payment_id", [company]
        ) { row in
            let payment = row.text(0)
            if payment == last, several.last != payment { several.append(payment) }
            last = payment
            order.append(row.int(1))
        }
        guard !several.isEmpty else { return order }
        var place: [Int64: Int] = [:]
        for (index, no) in order.enumerated() { place[no] = index }
        for payment in several {
            let sorted = try rows(
                "SELECT no FROM decision WHERE company = ? AND payment_id = ? ORDER BY recorded_at, id",
                [company, payment]
            ) { $0.int(0) }
            guard let first = sorted.compactMap({ place[$0] }).min() else { continue }
            for (index, no) in sorted.enumerated() { order[first + index] = no }
        }
        return order
    }

    private func add(linesOf no: Int64, to entry: inout RegisterEntry) throws {
        let statement = try compiled(
            """
            SELECT alternative, item_id, reason, cash, adjustment FROM decision_line WHERE decision = ?
            ORDER BY alternative, n
            """)
        statement.reset()
        statement.bind(0, no)
        try add(statement, to: &entry)
    }

    private func add(_ statement: PreparedStatement, to entry: inout RegisterEntry) throws {
        defer { statement.reset() }
        let row = Row(statement: statement)
        while try statement.step() {
            let line = Line(
                itemID: row.text(1), reason: Line.Reason(rawValue: row.text(2)) ?? .cash, cash: row.int(3),
                adjustment: row.int(4))
            if row.int(0) == 0 { entry.lines.append(line) } else { entry.alternatives.append(line) }
        }
    }

    /// Decisions that a person refused or took back: their ids are taken, and stay with what was decided then.
    package func endedDecisions(company: String) throws -> Set<String> {
        Set(
            try rows(
                """
                SELECT id FROM decision WHERE company = ? AND state IN ('rejected', 'undone')
                    AND \(DecisionTables.notCommitted)
                """, [company]
            ) { $0.text(0) })
    }

    /// Whose each invoice is.
    package func customerOfInvoice(company: String) throws -> [String: String] {
        var result: [String: String] = [:]
        try each("SELECT COALESCE(parent_id, id), customer FROM item WHERE company = ?", [company]) { row in
            result[row.text(0)] = row.text(1)
        }
        return result
    }

    /// Payments whose proposal a person refused or took back, each with the items that were proposed, or the payment
    /// that a return was said to take back; no item where the payment as a whole was refused.
    package func refusals(company: String) throws -> [(payment: String, item: String?, recordedAt: Timestamp)] {
        try rows(
            """
            SELECT d.payment_id, COALESCE(l.item_id, CASE WHEN d.kind = 'return' THEN d.counterpart_id END),
                d.recorded_at
            FROM decision d LEFT JOIN decision_line l
                ON l.decision = d.no AND l.alternative = 0
            WHERE d.company = ? AND d.state IN ('rejected', 'undone') AND d.\(DecisionTables.notCommitted)
            ORDER BY d.payment_id, d.id, l.n
            """, [company]
        ) { ($0.text(0), $0.optionalText(1), $0.time("recorded_at")) }
    }
}
