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
        var current: (id: String, entry: RegisterEntry)?
        try each(
            """
            SELECT d.id, d.payment_id, d.state, d.rule, d.explanation, d.currency, l.alternative, l.item_id, l.reason,
                l.cash, l.adjustment
            FROM decision d LEFT JOIN decision_line l ON l.company = d.company AND l.decision_id = d.id
            WHERE d.company = ? ORDER BY d.payment_id, d.recorded_at, d.id, l.alternative, l.n
            """, [company]
        ) { row in
            let id = row.text(0)
            if current?.id != id {
                if let current { try body(current.entry) }
                guard let state = StoredDecision.State(rawValue: row.text(2)) else {
                    throw StoreFailure("STORE-DAMAGED", "decision \(id) has an unknown state")
                }
                current = (
                    id,
                    RegisterEntry(
                        paymentID: row.text(1), state: state, rule: row.text(3), sentence: row.text(4),
                        currency: try row.currency("currency"))
                )
            }
            guard let item = row.optionalText(7) else { return }
            let line = Line(
                itemID: item, reason: Line.Reason(rawValue: row.text(8)) ?? .cash, cash: row.int(9),
                adjustment: row.int(10))
            if row.int(6) == 0 { current?.entry.lines.append(line) } else { current?.entry.alternatives.append(line) }
        }
        if let current { try body(current.entry) }
    }

    /// Decisions that a person refused or took back: their ids are taken, and stay with what was decided then.
    package func endedDecisions(company: String) throws -> Set<String> {
        Set(
            try rows(
                "SELECT id FROM decision WHERE company = ? AND state IN ('rejected', 'undone')", [company]
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

    /// Payments whose proposal a person refused or took back, each with the items that were proposed; no item where
    /// the payment as a whole was refused.
    package func refusals(company: String) throws -> [(payment: String, item: String?, recordedAt: Timestamp)] {
        try rows(
            """
            SELECT d.payment_id, l.item_id, d.recorded_at FROM decision d LEFT JOIN decision_line l
                ON l.company = d.company AND l.decision_id = d.id AND l.alternative = 0
            WHERE d.company = ? AND d.state IN ('rejected', 'undone') ORDER BY d.payment_id, d.id, l.n
            """, [company]
        ) { ($0.text(0), $0.optionalText(1), $0.time("recorded_at")) }
    }
}
