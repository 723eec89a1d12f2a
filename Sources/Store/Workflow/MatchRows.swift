// SPDX-License-Identifier: Apache-2.0
package import Documents
import Ledger
package import Reconciliation

/// What reconcile reads: items with what their documents say, customers, and payments by whether they wait.
extension Session {
    /// Every item of a company, open or closed: a text may still name a closed one.
    package func matchItems(company: String) throws -> [MatchItem] {
        let successors = try replacements(company: company)
        return try rows(
            """
            SELECT i.id, COALESCE(i.parent_id, i.id), i.number, i.kind, i.customer, i.currency, i.issued_on, i.due_on, i.amount,
                i.open, i.source, i.stated_as_of, v.structured_reference, v.purchase_order, v.discounts, v.net,
                v.prepaid, v.payable
            FROM item i LEFT JOIN invoice_more v ON v.no = COALESCE(i.bearer, i.no)
            WHERE i.company = ? ORDER BY i.first_seq, i.id
            """, [company]
        ) { row in
            var item = MatchItem(
                id: row.text(0), invoiceID: row.text(1), number: row.text(2), customerID: row.optionalText(4),
                kind: MatchItem.Kind(rawValue: row.text(3)) ?? .invoice, currency: try row.currency("currency"),
                issuedOn: row.day(6), dueOn: row.optionalDay(7), total: row.int(8), open: row.int(9))
            item.provable = row.int(10)
            item.statedAsOf = row.optionalDay(11)
            item.structuredReference = row.optionalText(12)
            item.purchaseOrder = row.optionalText(13)
            item.replacedBy = successors[item.id]
            // An advance that was linked is part of the item's amount.
            if let prepaid = row.optionalInt(16), item.total == row.optionalInt(17) { item.prepaid = prepaid }
            item.discounts = TermsText.discounts(row.optionalText(14), item.currency).map {
                MatchItem.Discount(
                    percent: $0.percent, amount: $0.amount?.minorUnits,
                    base: $0.base == .net ? row.optionalInt(15) : nil, until: $0.until)
            }
            return item
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

    package func matchCustomers(company: String) throws -> [MatchCustomer] {
        try rows(
            """
            SELECT c.id, c.number, t.name, t.legal_name, t.account, t.parent_name, t.parent_account
            FROM customer c LEFT JOIN customer_contact t ON t.customer = c.no WHERE c.company = ? ORDER BY c.id
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
    }

    /// Booked bank movements with something left to decide.
    package func waitingPayments(company: String) throws -> [MatchCandidate] {
        try candidates(
            company, "AND p.first_seq IS NOT NULL AND (p.unapplied <> 0 OR (p.amount < 0 AND p.booked = 0))")
    }

    /// Payments with cash on items, for memory and returns.
    package func appliedPayments(company: String) throws -> [MatchCandidate] {
        try candidates(company, "AND p.applied <> 0")
    }

    package func matchCandidate(company: String, id: String) throws -> MatchCandidate? {
        try candidates(company, "AND p.id = ?", [id]).first
    }

    private func candidates(
        _ company: String, _ condition: String, _ more: [(any Bindable)?] = []
    ) throws -> [MatchCandidate] {
        try rows(
            """
            SELECT p.id, p.amount, p.currency, p.booked_on, p.valued_on, p.posting_day, p.unapplied, p.booked,
                p.structured_reference, p.end_to_end_id, p.bank_code, p.reverses, p.return_reason,
                CASE WHEN g.payment IS NULL THEN p.customer END,
                p.original_amount, p.original_currency, t.payer_name, t.payer_account, t.remittance
            FROM payment p LEFT JOIN payment_text t ON t.payment = p.no
                LEFT JOIN guessed_customer g ON g.payment = p.no
            WHERE p.company = ? \(condition) ORDER BY p.booked_on, p.id
            """, [company] + more
        ) { row in
            var payment = MatchPayment(
                id: row.text(0), amount: row.int(1), currency: try row.currency("currency"), bookedOn: row.day(3))
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
            let booked = row.int(7)
            return MatchCandidate(
                payment: payment, postingDay: row.day(5), unapplied: booked == 0 ? row.int(1) : row.int(6),
                isBooked: booked != 0)
        }
    }

    /// Which customer a payment's money is from, once a decision knows.
    ///
    /// - Parameter isGuess: the machine's own: it must not come back in the next run as something the books state.
    package func setCustomer(
        _ customer: String, payment: String, company: String, isGuess: Bool = false
    ) throws {
        let changed = try execute(
            "UPDATE payment SET customer = ? WHERE company = ? AND id = ? AND customer IS NULL",
            [customer, company, payment])
        guard isGuess, changed > 0 else { return }
        try execute(
            "INSERT INTO guessed_customer(payment) SELECT no FROM payment WHERE company = ? AND id = ?",
            [company, payment])
    }
}

extension Session {
    /// Sums over the payments' balances per currency.
    package func unappliedTotals(company: String) throws -> [(Currency, Int64)] {
        try rows(
            "SELECT currency, SUM(unapplied) FROM payment WHERE company = ? AND booked <> 0 GROUP BY currency ORDER BY currency",
            [company]
        ) { (try $0.currency("currency"), $0.int(1)) }
    }

    /// Sums over the claims' balances per currency: amount − open − source clearing.
    package func settledTotals(company: String) throws -> [(Currency, Int64)] {
        try rows(
            """
            SELECT currency, SUM(amount - open - source - CASE WHEN amount < 0 THEN credit ELSE 0 END) FROM item
            WHERE company = ? GROUP BY currency ORDER BY currency
            """, [company]
        ) { (try $0.currency("currency"), $0.int(1)) }
    }

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
