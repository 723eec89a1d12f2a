// SPDX-License-Identifier: Apache-2.0
package import Documents
import Ledger
package import Reconciliation

/// What reconcile reads: items with what their documents say, customers, and payments by whether they wait.
extension Session {
    /// Every item of a company, open or closed: a text may still name a closed one.
    package func matchItems(company: String) throws -> [MatchItem] {
        var items: [MatchItem] = []
        try eachMatchItem(company, .whole, order: " ORDER BY i.id") { item, _ in items.append(item) }
        return items
    }

    /// Where the books keep an item, and from when on it counts there.
    struct KeptItem {
        let row: Int64
        let postingDay: Day
        /// Whether the books hold more of it than its document.
        let isTouched: Bool
    }

    /// - Parameter order: of the rows; without one as they lie in the table, so that each page of it is read once.
    func eachMatchItem(
        _ company: String, _ extent: Extent, order: String = "", _ body: (MatchItem, KeptItem) -> Void
    ) throws {
        // Of a part, each item's is looked up with it; of everything, few entries are read once.
        let (isPart, successors) = (extent == .near, try extent == .near ? [:] : replacements(company: company))
        try each(
            """
            SELECT i.id, COALESCE(i.parent_id, i.id), i.number, i.kind, i.customer, i.currency, i.issued_on, i.due_on, i.amount,
                i.open, i.source, i.stated_as_of, v.structured_reference, v.purchase_order, v.discounts, v.net,
                v.prepaid, v.payable, i.no, i.posting_day,
                i.is_settled OR i.source <> 0 OR i.stated IS NOT NULL,
                CASE WHEN i.kind = 'credit_note' THEN v.corrects END\(isPart ? ", " + Self.successor : "")
            FROM \(extent.items) LEFT JOIN invoice_more v ON v.no = COALESCE(i.bearer, i.no)
            WHERE +i.company = ?\(order)
            """, [company]
        ) { row in
            var item = MatchItem(
                id: row.text(0), invoiceID: row.text(1), number: row.text(2), customerID: row.optionalText(4),
                kind: MatchItem.Kind(rawValue: row.text(3)) ?? .invoice, currency: try row.currency(5),
                issuedOn: row.day(6), dueOn: row.optionalDay(7), total: row.int(8), open: row.int(9))
            item.provable = row.int(10)
            item.statedAsOf = row.optionalDay(11)
            item.structuredReference = row.optionalText(12)
            item.purchaseOrder = row.optionalText(13)
            item.replacedBy = isPart ? row.optionalText(22) : successors[item.id]
            item.corrects = row.optionalText(21)
            // An advance that was linked is part of the item's amount.
            if let prepaid = row.optionalInt(16), item.total == row.optionalInt(17) { item.prepaid = prepaid }
            item.discounts = Self.matchDiscounts(row.optionalText(14), item.currency, net: row.optionalInt(15))
            body(item, KeptItem(row: row.int(18), postingDay: row.day(19), isTouched: row.bool(20)))
        }
    }

    /// - Parameter net: of the document, for terms that are taken of it.
    static func matchDiscounts(_ text: String?, _ currency: Currency, net: Int64?) -> [MatchItem.Discount] {
        TermsText.discounts(text, currency).map {
            MatchItem.Discount(
                percent: $0.percent, amount: $0.amount?.minorUnits, base: $0.base == .net ? net : nil, until: $0.until)
        }
    }

    /// Items whose place another one took, and that one.
    private func replacements(company: String) throws -> [String: String] {
        var result: [String: String] = [:]
        try each(
            "SELECT item, counter FROM log WHERE company = ? AND counter IS NOT NULL AND kind = ?",
            [company, Entry.Kind.replaced.rawValue]
        ) { result[$0.text(0)] = $0.text(1) }
        return result
    }

    private static let successor = """
        (SELECT l.counter FROM log l WHERE l.item = i.id AND l.company = i.company AND \(Extent.laterEntries)
            AND l.kind = \(Entry.Kind.replaced.rawValue) ORDER BY l.seq DESC LIMIT 1)
        """

    package func matchCustomers(company: String, _ extent: Extent = .whole) throws -> [MatchCustomer] {
        try rows(
            """
            SELECT c.id, c.number, t.name, t.legal_name, t.account, t.parent_name, t.parent_account
            FROM \(extent.customers) LEFT JOIN customer_contact t ON t.customer = c.no
            WHERE c.company = ? ORDER BY c.id
            """, [company]
        ) { row in
            var customer = MatchCustomer(
                id: row.text(0), number: row.optionalText(1), name: row.optionalText(2) ?? row.optionalText(3))
            customer.accounts = row.optionalText(4).map { [$0] } ?? []
            customer.parentName = row.optionalText(5)
            customer.parentAccount = row.optionalText(6)
            return customer
        }
    }

    /// A payment as matching sees it, with what the ledger holds of it.
    package struct MatchCandidate: Sendable {
        package var payment: MatchPayment
        package var postingDay: Day
        /// Minor units still to be applied; an outgoing entry nobody identified has its whole amount.
        package var unapplied: Int64
        /// Whether the log says what it is: received, returned or refunded.
        package var isBooked: Bool
        /// Its row, where nothing of it is used and nobody knows or guesses whose it is.
        package var untouchedRow: Int64?

        /// The payment with what is left of it.
        package var spendable: MatchPayment {
            var copy = payment
            copy.amount = unapplied
            copy.isPart = unapplied != payment.amount
            return copy
        }

        package var undecided: UndecidedCash {
            UndecidedCash(
                amount: Money(minorUnits: payment.amount, currency: payment.currency), unapplied: unapplied,
                postingDay: postingDay, isBooked: isBooked, isNamed: payment.customerID != nil,
                untouchedRow: untouchedRow)
        }
    }

    /// What the books need of a payment that is decided on, beside its id.
    package struct UndecidedCash: Hashable, Sendable {
        /// All of the payment.
        package var amount: Money
        package var unapplied: Int64
        package var postingDay: Day
        package var isBooked: Bool
        /// Whether its source says whose it is.
        package var isNamed: Bool
        /// Its row, where nothing of it is used and nobody knows or guesses whose it is: the books' balance of it is what
        /// stands here.
        package var untouchedRow: Int64?
    }

    /// Payments with what is left of them, by booking day and id, and beside each what the books need of it.
    package struct WaitingPayments: Sendable {
        package private(set) var payments: PaymentShelf
        package private(set) var cash: CashShelf

        init(capacity: Int = 0) {
            // A few more may come than wait; what is not used of the room is never touched.
            let room = capacity + capacity / 16
            payments = PaymentShelf(capacity: room)
            cash = CashShelf(capacity: room)
        }

        package var isEmpty: Bool { cash.isEmpty }

        mutating func append(_ candidate: MatchCandidate) {
            payments.append(candidate.spendable)
            cash.append(candidate.undecided)
        }

        mutating func sort() {
            guard let order = payments.order() else { return }
            cash = cash.arranged(order)
            payments = payments.arranged(order)
        }

        /// Hands the payments over, so that nobody keeps them twice.
        package mutating func takePayments() -> PaymentShelf {
            defer { payments = PaymentShelf() }
            return payments
        }
    }

    /// Booked bank movements with something left to decide.
    /// - Parameter settled: payments that a person's word keeps out.
    package func waitingPayments(company: String, but settled: Set<String> = []) throws -> WaitingPayments {
        var waiting = WaitingPayments(capacity: Int(clamping: try waitingCount(company: company)))
        // As they lie in the table: an index would lead to each page of it many times.
        try eachCandidate(
            company, "AND p.first_seq IS NOT NULL AND (p.unapplied <> 0 OR (p.amount < 0 AND p.booked = 0))",
            isTableRead: true
        ) { if settled.isEmpty || !settled.contains($0.payment.id) { waiting.append($0) } }
        waiting.sort()
        return waiting
    }

    /// The same, where few wait: found by what waits, not by reading every payment.
    package func fewWaitingPayments(company: String, but settled: Set<String> = []) throws -> WaitingPayments {
        var waiting = WaitingPayments()
        try eachCandidate(
            company, "AND p.first_seq IS NOT NULL", [company, company],
            from: """
                (SELECT no FROM payment_balance WHERE company = ? AND unapplied <> 0 UNION
                    SELECT no FROM payment_row INDEXED BY payment_outgoing
                    WHERE company = ? AND amount < 0 AND booked = 0) w CROSS JOIN payment p ON p.no = w.no
                """
        ) { if !settled.contains($0.payment.id) { waiting.append($0) } }
        waiting.sort()
        return waiting
    }

    /// Items of which something is written off.
    package func writtenOff(company: String) throws -> Set<String> {
        var ids: Set<String> = []
        try each(
            """
            SELECT i.id FROM item_settled s CROSS JOIN item_row i ON i.no = s.no
            WHERE s.write_off > 0 AND i.company = ?
            """, [company]
        ) { ids.insert($0.text(0)) }
        return ids
    }

    /// How many wait at least.
    package func waitingCount(company: String) throws -> Int64 {
        try first("SELECT COUNT(*) FROM payment_balance WHERE company = ? AND unapplied <> 0", [company]) {
            $0.int(0)
        } ?? 0
    }

    /// How many items there are at most.
    package func itemsMax() throws -> Int64 {
        try first("SELECT COALESCE(MAX(no), 0) FROM item_row") { $0.int(0) } ?? 0
    }

    /// Payments with cash on items, for memory and returns; in no order.
    package func appliedPayments(company: String, _ extent: Extent = .whole) throws -> [MatchCandidate] {
        var applied: [MatchCandidate] = []
        try eachCandidate(company, "AND p.applied <> 0", from: extent.payments, isTableRead: extent == .whole) {
            applied.append($0)
        }
        return applied
    }

    package func matchCandidate(company: String, id: String) throws -> MatchCandidate? {
        try candidates(company, "AND p.id = ?", [id]).first
    }

    private func candidates(
        _ company: String, _ condition: String, _ more: [(any Bindable)?] = [], from payments: String = "payment p"
    ) throws -> [MatchCandidate] {
        var result: [MatchCandidate] = []
        try eachCandidate(company, condition + " ORDER BY p.booked_on, p.id", more, from: payments) {
            result.append($0)
        }
        return result
    }

    private func eachCandidate(
        _ company: String, _ condition: String, _ more: [(any Bindable)?] = [], from payments: String = "payment p",
        isTableRead: Bool = false, _ body: (MatchCandidate) -> Void
    ) throws {
        try each(
            """
            SELECT p.id, p.amount, p.currency, p.booked_on, p.valued_on, p.posting_day, p.unapplied, p.booked,
                p.structured_reference, p.end_to_end_id, p.bank_code, p.reverses, p.return_reason,
                p.named_customer, p.original_amount, p.original_currency, t.payer_name, t.payer_account, t.remittance, p.interest, p.fine,
                p.discount, p.fee, substr(t.payer_account, -length(p.account)) <> p.account
                    AND substr(p.account, -length(t.payer_account)) <> t.payer_account,
                CASE WHEN p.customer IS NULL AND p.applied = 0 AND p.set_aside = 0 AND p.consumed = 0 THEN p.no END
            FROM \(payments) LEFT JOIN payment_text t ON t.payment = p.no
            WHERE \(isTableRead ? "+" : "")p.company = ? \(condition)
            """, [company] + more
        ) { row in
            var payment = MatchPayment(
                id: row.text(0), amount: row.int(1), currency: try row.currency(2), bookedOn: row.day(3))
            payment.valuedOn = row.optionalDay(4)
            payment.structuredReference = row.optionalText(8)
            payment.endToEndID = row.optionalText(9)
            payment.bankCode = row.optionalText(10)
            payment.reverses = row.optionalText(11)
            payment.returnReason = row.optionalText(12)
            payment.customerID = row.optionalText(13)
            if let amount = row.optionalInt(14), let currency = row.optionalText(15).flatMap({ Currency($0) }) {
                payment.originalAmount = Money(minorUnits: amount, currency: currency)
            }
            payment.payerName = row.optionalText(16)
            payment.payerAccount = row.optionalText(17)
            payment.remittance = row.optionalText(18)
            payment.stated = StatedParts(
                interest: row.optionalInt(19) ?? 0, fine: row.optionalInt(20) ?? 0, discount: row.optionalInt(21) ?? 0,
                fee: row.optionalInt(22) ?? 0)
            payment.isBetweenAccounts = row.bool(23)
            let booked = row.int(7)
            body(
                MatchCandidate(
                    payment: payment, postingDay: row.day(5), unapplied: booked == 0 ? row.int(1) : row.int(6),
                    isBooked: booked != 0, untouchedRow: row.optionalInt(24)))
        }
    }

    /// Which customer a payment's money is from, once a person's decision knows.
    package func setCustomer(_ customer: String, payment: String, company: String) throws {
        let unknown = """
            no = (SELECT no FROM payment WHERE company = ? AND id = ? AND customer IS NULL)
            """
        for table in ["payment_row", "payment_balance"] {
            try execute("UPDATE \(table) SET customer = ? WHERE \(unknown)", [customer, company, payment])
        }
    }
}

extension Session {
    /// Credit notes with something open that correct an invoice by a difference, and its number; by their id.
    package func openCorrections(company: String) throws -> [(credit: String, number: String)] {
        var result: [(credit: String, number: String)] = []
        for bearer in Self.bearers {
            try each(
                """
                SELECT b.id, m.corrects FROM invoice_more m CROSS JOIN \(bearer) b
                WHERE m.corrects IS NOT NULL AND b.no = m.no AND b.company = ? AND b.kind = 'credit_note'
                    AND EXISTS (SELECT 1 FROM item i WHERE i.company = b.company AND i.id >= b.id AND i.id < b.id || '0'
                        AND COALESCE(i.parent_id, i.id) = b.id AND i.open <> 0)
                """, [company]
            ) { result.append(($0.text(0), $0.text(1))) }
        }
        return result.sorted { $0 < $1 }
    }

    /// The invoices of items that are a part of theirs; any other item has its invoice's id.
    package func invoiceOfPart(company: String) throws -> [String: String] {
        var result: [String: String] = [:]
        try each("SELECT id, parent_id FROM item WHERE company = ? AND parent_id IS NOT NULL", [company]) {
            result[$0.text(0)] = $0.text(1)
        }
        return result
    }

    package func invoiceOfItem(company: String) throws -> [String: String] {
        var result: [String: String] = [:]
        try each("SELECT id, COALESCE(parent_id, id) FROM item WHERE company = ?", [company]) {
            result[$0.text(0)] = $0.text(1)
        }
        return result
    }
}

extension Session {
    /// The numbers people know items by, by item id.
    package func numbers(company: String, items: [String]) throws -> [String: String] {
        var result: [String: String] = [:]
        for item in items where result[item] == nil { result[item] = try number(company: company, named: item) }
        return result
    }

    /// The invoices of a few items.
    package func invoiceOfItem(company: String, items: [String]) throws -> [String: String] {
        var result: [String: String] = [:]
        for item in items where result[item] == nil {
            result[item] = try first(
                "SELECT COALESCE(parent_id, id) FROM item WHERE company = ? AND id = ?", [company, item]
            ) { $0.text(0) }
        }
        return result
    }
}
