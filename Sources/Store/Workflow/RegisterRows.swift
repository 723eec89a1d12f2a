// SPDX-License-Identifier: Apache-2.0
package import Documents
import Ledger
package import Reconciliation

/// One decision on one payment with its lines, as the allocation register shows it.
package struct RegisterEntry: Sendable {
    package var paymentID: String
    package var state: StoredDecision.State
    package var origin = Origin.machine
    package var currency: Currency
    package var lines: [Line] = []
    /// What a person may choose from.
    package var alternatives: [Line] = []

    /// Who decided what is booked.
    package enum Origin: Int, Sendable {
        case machine, person
        /// A person said that it is no customer's money.
        case setAside
    }
}

/// Some decisions with their lines, in the order of the register. Texts lie behind each other as bytes: to make
/// thousands of them on one thread, and let go of them on another, takes longer than to read them.
package struct RegisterPiece: Sendable {
    package struct Decided: Sendable {
        package let paymentID: Range<Int>
        package let state: StoredDecision.State
        package let origin: RegisterEntry.Origin
        package let rule: Range<Int>
        package let sentence: Range<Int>
        package let currency: Currency
        /// Through which of the lines they are its own.
        fileprivate var endOfLines: Int
    }

    fileprivate struct Part {
        let itemID: Range<Int>
        let reason: Line.Reason
        let cash: Int64
        let adjustment: Int64
        let isAlternative: Bool
    }

    package fileprivate(set) var decided: [Decided] = []
    fileprivate var parts: [Part] = []
    fileprivate var texts: [UInt8] = []

    package func text(_ place: Range<Int>) -> ArraySlice<UInt8> { texts[place] }

    package func entry(at index: Int) -> RegisterEntry {
        let own = decided[index]
        var entry = RegisterEntry(
            paymentID: string(own.paymentID), state: own.state, origin: own.origin, currency: own.currency)
        for part in parts[(index == 0 ? 0 : decided[index - 1].endOfLines)..<own.endOfLines] {
            let line = Line(
                itemID: string(part.itemID), reason: part.reason, cash: part.cash, adjustment: part.adjustment)
            if part.isAlternative { entry.alternatives.append(line) } else { entry.lines.append(line) }
        }
        return entry
    }

    package func string(_ place: Range<Int>) -> String { String(decoding: texts[place], as: UTF8.self) }

    fileprivate mutating func add(_ row: Row) throws {
        let statement = row.statement
        let paymentID = statement.add(1, to: &texts)
        guard let state = StoredDecision.State(rawValue: row.text(2)) else {
            throw StoreFailure("STORE-DAMAGED", "the decision on \(string(paymentID)) has an unknown state")
        }
        decided.append(
            Decided(
                paymentID: paymentID, state: state,
                origin: RegisterEntry.Origin(rawValue: Int(row.int(11))) ?? .machine,
                rule: statement.add(3, to: &texts),
                sentence: statement.add(4, to: &texts), currency: try row.currency(5), endOfLines: parts.count))
    }

    /// A line of the decision that was added last.
    fileprivate mutating func add(lineOf row: Row) {
        guard let last = decided.indices.last, !row.isNull(6) else { return }
        parts.append(
            Part(
                itemID: row.statement.add(7, to: &texts), reason: Line.Reason(rawValue: row.text(8)) ?? .cash,
                cash: row.int(9), adjustment: row.int(10), isAlternative: row.int(6) != 0))
        decided[last].endOfLines = parts.count
    }
}

extension Session {
    /// Every decision in the order of its payment, some thousands at a time.
    package func register(company: String, _ body: (RegisterPiece) throws -> Void) throws {
        let order = try registerOrder(company: company)
        // The rows come as they are asked for, and of each its lines by their key.
        let statement = try compiled(
            """
            SELECT r.c0, d.payment_id, d.state, d.rule, d.explanation, d.currency,
                l.alternative, l.item_id, l.reason, l.cash, l.adjustment,
                CASE WHEN d.actor = 'reconcile' THEN 0 WHEN d.verdict = 'not_receivable' THEN 2 ELSE 1 END
            FROM tieout_rows(?1) r CROSS JOIN decision d ON d.no = r.c0 LEFT JOIN decision_line l ON l.decision = d.no
            """)
        let row = Row(statement: statement)
        let asked = RowBytes()
        for begun in stride(from: 0, to: order.count, by: Self.registerPieceSize) {
            try moveOn()
            asked.clear()
            for no in order[begun..<min(begun + Self.registerPieceSize, order.count)] {
                asked.add(0) { $0.place(no) }
            }
            var piece = RegisterPiece()
            var last: Int64?
            try statement.run(asked, target: 0) {
                if row.int(0) != last { try piece.add(row) }
                last = row.int(0)
                piece.add(lineOf: row)
            }
            try body(piece)
        }
    }

    private static let registerPieceSize = 4096

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

    /// Those of some ids that are no payments of a company.
    package func missingPayments(company: String, of ids: Set<String>) throws -> Set<String> {
        var missing = ids
        try each("SELECT id FROM payment_row WHERE company = ?", [company]) { missing.remove($0.text(0)) }
        return missing
    }

    /// Whose each invoice is.
    package func customerOfInvoice(company: String) throws -> [String: String] {
        var result: [String: String] = [:]
        try each("SELECT COALESCE(parent_id, id), customer FROM item WHERE company = ?", [company]) { row in
            result[row.text(0)] = row.text(1)
        }
        return result
    }

    /// What a person refused of a payment, or took back.
    package struct RefusedRow: Hashable, Sendable {
        package let payment: String
        /// An item that was proposed, the payment that went back, or an item of an alternative; nil where nothing was
        /// named at all.
        package let item: String?
        /// The person saw it and did not want it: it was proposed, or one of the alternatives where nothing was; nothing
        /// that was taken back.
        package let isLookedAt: Bool
        /// Who, and why, as far as it is known.
        package let actor: String
        package let reason: String?
        package let recordedAt: Timestamp

        package init(
            payment: String, item: String?, isLookedAt: Bool, actor: String, reason: String?, recordedAt: Timestamp
        ) {
            self.payment = payment
            self.item = item
            self.isLookedAt = isLookedAt
            self.actor = actor
            self.reason = reason
            self.recordedAt = recordedAt
        }
    }

    package func refusals(company: String) throws -> [RefusedRow] {
        try rows(
            """
            SELECT d.payment_id,
                COALESCE(l.item_id, CASE WHEN d.kind IN ('return', 'refund') THEN d.counterpart_id END),
                d.state = 'rejected', d.actor, d.reason, d.recorded_at
            FROM decision d LEFT JOIN decision_line l ON l.decision = d.no
                AND (l.alternative = 0 OR d.state = 'rejected' AND NOT EXISTS
                    (SELECT 1 FROM decision_line p WHERE p.decision = d.no AND p.alternative = 0))
            WHERE d.company = ? AND d.state IN ('rejected', 'undone') AND d.\(DecisionTables.notCommitted)
            ORDER BY d.payment_id, d.id, l.alternative, l.n
            """, [company], Self.refused)
    }

    /// The payments that a return or a refund was said not to take back, where it had taken back what they settled: without
    /// that they are the same money all the same.
    package func refusedReturns(company: String) throws -> [RefusedRow] {
        try rows(
            """
            SELECT d.payment_id, d.counterpart_id, d.state = 'rejected', d.actor, d.reason, d.recorded_at FROM decision d
            WHERE d.company = ? AND d.state IN ('rejected', 'undone') AND d.\(DecisionTables.notCommitted)
                AND d.kind IN ('return', 'refund') AND d.counterpart_id IS NOT NULL
                AND EXISTS (SELECT 1 FROM decision_line l WHERE l.decision = d.no AND l.alternative = 0)
            ORDER BY d.payment_id, d.id
            """, [company], Self.refused)
    }

    /// Credit notes that a person took off an item again, where no payment was decided with them: each as the decision that
    /// netted it, and the item.
    package func refusedNettings(company: String) throws -> [RefusedRow] {
        try rows(
            """
            SELECT 'credit:' || l.counter, l.item, 0, b.actor, l.reason, b.recorded_at
            FROM batch b CROSS JOIN log l ON l.seq BETWEEN b.first_seq AND b.last_seq
            WHERE b.company = ? AND b.kind = 'person' AND b.rule = 'UNDO' AND l.company = b.company
                AND l.kind = \(Entry.Kind.netted.rawValue) AND l.undoes IS NOT NULL AND l.counter IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.company = l.company AND d.id = l.decision)
            ORDER BY l.counter, l.item, l.seq
            """, [company], Self.refused)
    }

    private static func refused(_ row: Row) -> RefusedRow {
        RefusedRow(
            payment: row.text(0), item: row.optionalText(1), isLookedAt: row.bool(2), actor: row.text(3),
            reason: row.optionalText(4), recordedAt: row.time("recorded_at"))
    }

    /// The items that took an item's place, as far as they were replaced in turn; none for most.
    package func successors(company: String, of item: String) throws -> [String] {
        var found: [String] = []
        var next = [item]
        while let id = next.popLast() {
            let invoices = try rows(
                """
                SELECT DISTINCT COALESCE(i.parent_id, i.id) FROM log l CROSS JOIN item i
                    ON i.company = l.company AND i.id = l.counter
                WHERE l.company = ? AND l.item = ? AND l.item IS NOT NULL AND l.kind > 2
                    AND l.kind = \(Entry.Kind.replaced.rawValue)
                """, [company, id]
            ) { $0.text(0) }
            for invoice in invoices.sorted() {
                for successor in try items(company: company, invoice: invoice).map(\.id)
                where successor != item && !found.contains(successor) {
                    found.append(successor)
                    next.append(successor)
                }
            }
        }
        return found.sorted()
    }

    /// Money that went out and of which a person said that it is no customer's.
    package func goneElsewhere(company: String) throws -> Set<String> {
        Set(
            try rows(
                """
                SELECT d.payment_id FROM decision d CROSS JOIN payment p ON p.company = d.company AND p.id = d.payment_id
                WHERE d.company = ? AND d.actor <> 'reconcile' AND d.verdict = 'not_receivable'
                    AND d.state = 'committed' AND p.amount < 0 AND p.booked = 0
                """, [company]
            ) { $0.text(0) })
    }
}
