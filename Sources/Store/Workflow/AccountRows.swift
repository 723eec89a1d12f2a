// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Ledger

/// An item with what its source says about chasing it.
package struct AccountItem: Hashable, Sendable {
    package var item: OpenItem
    package var disputed: Bool
    package var dunningBlocked: Bool
    package var collectionMethod: String?
    package var assignedTo: String?
    /// Minor units on their way for the whole invoice.
    package var inTransit: Int64?
    package var dunningLevel: Int?
    package var lastDunnedOn: Day?
    package var structuredReference: String?
}

/// The part of a waiting payment that settles one item, whichever of its readings is right.
package struct WaitingCash: Hashable, Sendable {
    package let paymentID: String
    /// Nil when nobody knows who paid.
    package let payer: String?
    package let unapplied: Money
    package let itemID: String
    /// Whose item it is.
    package let customerID: String
    package let cash: Money
    package let covers: Money
}

/// What Dunning's snapshot of one account is read from.
extension Session {
    private static let accountItemQuery = """
        SELECT \(itemColumns), v.disputed, v.dunning_blocked, v.collection_method, v.assigned_to, v.in_transit,
            v.dunning_level, v.last_dunned_on, v.structured_reference
        FROM item i LEFT JOIN invoice_more v ON v.no = COALESCE(i.bearer, i.no) WHERE i.company = ?
        """

    private static func accountItem(_ row: Row) throws -> AccountItem {
        AccountItem(
            item: try item(row), disputed: row.bool(24), dunningBlocked: row.bool(25),
            collectionMethod: row.optionalText(26), assignedTo: row.optionalText(27), inTransit: row.optionalInt(28),
            dunningLevel: row.optionalInt(29).map { Int(clamping: $0) }, lastDunnedOn: row.optionalDay(30),
            structuredReference: row.optionalText(31))
    }

    /// A customer's items that are not settled, oldest due first.
    package func accountItems(company: String, customer: String) throws -> [AccountItem] {
        try rows(
            Self.accountItemQuery + " AND i.customer = ? AND i.open <> 0 ORDER BY i.due_on, i.number, i.id",
            [company, customer], Self.accountItem)
    }

    /// Items by their own id, their invoice's id or number, whoever owes them, oldest due first.
    package func accountItems(company: String, named name: String) throws -> [AccountItem] {
        if let only = try accountItem(company: company, id: name) { return [only] }
        // By the invoice's id, then by its number: both are found by an index, so that files of many rows stay quick.
        var found = try items(company: company, invoice: name)
        if found.isEmpty { found = try items(company: company, number: name) }
        return try found.compactMap { try accountItem(company: company, id: $0.id) }.sorted {
            ($0.item.dueOn, $0.item.number, $0.item.id) < ($1.item.dueOn, $1.item.number, $1.item.id)
        }
    }

    package func accountItem(company: String, id: String) throws -> AccountItem? {
        try first(Self.accountItemQuery + " AND i.id = ?", [company, id], Self.accountItem)
    }

    /// Everybody a plan has to look at: with something open, in the outbox, claimed or asked for.
    package func accountsInPlay(company: String) throws -> [String] {
        try rows(
            """
            SELECT customer AS id FROM item WHERE company = ? AND open <> 0
            UNION SELECT m.customer_id FROM message m JOIN delivery d ON d.company = m.company AND d.message_id = m.id
                WHERE m.company = ? AND d.holds_lane = 1
            UNION SELECT customer_id FROM claimed_payment WHERE company = ?
            UNION SELECT customer_id FROM copy_request WHERE company = ?
            ORDER BY id
            """, [company, company, company, company]
        ) { $0.text(0) }
    }

    /// Customers with money received since a day: a confirmation may be due to them.
    package func customersWithCash(company: String, since day: Day) throws -> [String] {
        try rows(
            """
            SELECT DISTINCT customer FROM payment WHERE company = ? AND customer IS NOT NULL AND amount > 0
                AND applied > 0 AND booked_on >= ? ORDER BY customer
            """, [company, day]
        ) { $0.text(0) }
    }

    package func receivedSince(company: String, customer: String, since day: Day) throws -> [String] {
        try rows(
            """
            SELECT id FROM payment WHERE company = ? AND customer = ? AND amount > 0 AND applied > 0
                AND booked_on >= ? ORDER BY booked_on, id
            """, [company, customer, day]
        ) { $0.text(0) }
    }

    /// Cash of a customer that is on no item yet, matched or in review, per currency.
    package func unappliedCash(company: String, customer: String) throws -> [Money] {
        try rows(
            """
            SELECT p.currency AS currency, SUM(b.unapplied) FROM payment_balance b JOIN payment_row p ON p.no = b.no
            WHERE b.company = ? AND b.customer = ? AND b.unapplied > 0 AND b.unapplied <> 0
            GROUP BY p.currency ORDER BY p.currency
            """, [company, customer]
        ) { Money(minorUnits: $0.int(1), currency: try $0.currency("currency")) }
    }

    /// The same of every customer who has some. In the order of the rows: payments lie anywhere for the index.
    package func unappliedCash(company: String) throws -> [String: [Money]] {
        var cash: [String: [Money]] = [:]
        try each(
            """
            SELECT b.customer, p.currency, b.unapplied FROM payment_balance b CROSS JOIN payment_row p ON p.no = b.no
            WHERE +b.company = ? AND b.customer IS NOT NULL AND b.unapplied > 0
            """, [company]
        ) { row in
            let (customer, currency) = (row.text(0), try row.currency(1))
            if let place = cash[customer]?.firstIndex(where: { $0.currency == currency }) {
                cash[customer]?[place].minorUnits += row.int(2)
            } else {
                cash[customer, default: []].append(Money(minorUnits: row.int(2), currency: currency))
            }
        }
        return cash
    }

    /// A message to somebody whose item a payment came to wait for is decided again before it goes.
    /// - Parameter time: of the run that made the decisions.
    package func touchAwaited(company: String, decidedAt time: Timestamp) throws {
        // An item stands in many readings of many payments: each is looked up once, in the order of the ids.
        var items: Set<String> = []
        try each(
            """
            SELECT l.item_id FROM decision d CROSS JOIN decision_line l ON l.decision = d.no
            WHERE d.company = ? AND d.state = 'waiting' AND d.\(DecisionTables.notCommitted) AND d.recorded_at = ?
            """, [company, time]
        ) { items.insert($0.text(0)) }
        var customers: Set<String> = []
        try each(of: items.sorted(), Self.itemOwners, [company]) { customers.insert($0.text(0)) }
        for customer in customers.sorted() { try bumpAccountVersion(company: company, customer: customer) }
    }

    package static let itemOwners = """
        SELECT i.customer FROM tieout_rows(?1) r CROSS JOIN item_row i ON i.id = r.c0 AND i.company = ?2
        """

    /// What payments that wait for a person settle in every reading of theirs, whoever sent them, in order of payment.
    package func waitingCash(company: String) throws -> [WaitingCash] {
        try rows(
            """
            WITH part AS (
                SELECT d.no, d.payment_id, l.item_id, l.alternative, SUM(l.cash) AS cash, SUM(
                    CASE l.reason WHEN 'exchange' THEN l.adjustment ELSE l.cash - l.proves END) AS covers
                FROM decision d JOIN decision_line l ON l.decision = d.no
                WHERE d.company = ? AND d.state = 'waiting' AND d.\(DecisionTables.notCommitted)
                    AND l.cash > 0 AND NOT EXISTS (SELECT 1 FROM decision_line c
                        WHERE c.decision = l.decision AND c.alternative = l.alternative AND c.item_id = l.item_id
                            AND c.reason = 'cleared')
                GROUP BY d.no, l.item_id, l.alternative)
            SELECT part.payment_id, p.customer, p.currency AS currency, p.unapplied, part.item_id, i.customer AS owner,
                i.currency AS item_currency, MIN(part.cash), MIN(part.covers)
            FROM part JOIN payment p ON p.company = ? AND p.id = part.payment_id
                JOIN item i ON i.company = ? AND i.id = part.item_id
            WHERE p.unapplied > 0 AND i.open > 0
            GROUP BY part.no, part.item_id
            HAVING MIN(part.covers) > 0 AND COUNT(*) = (
                SELECT COUNT(DISTINCT x.alternative) FROM decision_line x WHERE x.decision = part.no)
            ORDER BY part.payment_id, part.item_id
            """, [company, company, company]
        ) { row in
            WaitingCash(
                paymentID: row.text(0), payer: row.optionalText(1),
                unapplied: Money(minorUnits: row.int(3), currency: try row.currency("currency")),
                itemID: row.text(4), customerID: row.text(5),
                cash: Money(minorUnits: row.int(7), currency: try row.currency("currency")),
                covers: Money(minorUnits: row.int(8), currency: try row.currency("item_currency")))
        }
    }

    /// The customer's master data; the name lies in a table of its own.
    package func accountCustomer(company: String, id: String) throws -> Customer? {
        try first(
            """
            SELECT c.*, t.name, t.legal_name, t.phone, t.email, t.account, t.tax_id, t.parent_name
            FROM customer c LEFT JOIN customer_contact t ON t.customer = c.no WHERE c.company = ? AND c.id = ?
            """, [company, id]
        ) { row in
            var customer = Customer.bare(row.text("id"))
            customer.number = row.optionalText("number")
            customer.name = row.optionalText("name")
            customer.legalName = row.optionalText("legal_name")
            customer.partyType = row.optionalText("party_type").flatMap(Customer.PartyType.init(rawValue:))
            customer.phone = row.optionalText("phone")
            customer.email = row.optionalText("email")
            customer.account = row.optionalText("account")
            customer.taxID = row.optionalText("tax_id")
            customer.parentName = row.optionalText("parent_name")
            customer.country = row.optionalText("country")
            customer.language = row.optionalText("language")
            customer.timeZone = row.optionalText("time_zone")
            customer.segment = row.optionalText("segment")
            customer.optedIn = row.optionalInt("opted_in").map { $0 != 0 }
            customer.optedOut = row.optionalInt("opted_out").map { $0 != 0 }
            customer.doNotAutomate = row.optionalInt("do_not_automate").map { $0 != 0 }
            return customer
        }
    }

    /// The id behind a customer's id or number, or a source's own id of them; several when a number is not unique.
    package func customerIDs(company: String, named name: String) throws -> [String] {
        let exact = try rows("SELECT id FROM customer WHERE company = ? AND id = ?", [company, name]) { $0.text(0) }
        guard exact.isEmpty else { return exact }
        return try rows(
            """
            SELECT id FROM customer WHERE company = ? AND number = ?
            UNION SELECT customer FROM customer_alias WHERE company = ? AND source_id = ? ORDER BY id
            """, [company, name, company, name]
        ) { $0.text(0) }
    }

    /// What one payment has on items now, netted, in the items' currency.
    package func appliedItems(company: String, payment: String) throws -> [(item: String, amount: Money)] {
        try rows(
            """
            SELECT item, SUM(amount), currency FROM log
            WHERE company = ? AND payment = ? AND kind IN (20, 35) AND kind NOT IN (10, 11) AND item IS NOT NULL
            GROUP BY item HAVING SUM(amount) <> 0 ORDER BY item
            """, [company, payment]
        ) { (item: $0.text(0), amount: Money(minorUnits: $0.int(1), currency: try $0.currency(2))) }
    }

    /// The last day on which a returned payment, or a provider's refund or chargeback, reopened the item, and by how much
    /// in all that day.
    package func lastReturn(company: String, item: String) throws -> (day: Day, amount: Money)? {
        try first(
            """
            SELECT COALESCE(l.business_day, l.posting_day) AS day, -SUM(l.amount), l.currency FROM log l
            WHERE l.company = ? AND l.item = ? AND l.kind IN (20, 24, 35) AND l.kind > 2 AND l.amount < 0
                AND l.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM log u
                    WHERE u.company = l.company AND u.item = l.item AND u.kind > 2 AND u.undoes = l.seq)
                AND CASE l.kind WHEN 24 THEN l.payment IS NULL ELSE EXISTS (SELECT 1 FROM log r
                    WHERE r.company = l.company AND r.payment = l.payment AND r.kind = 12
                        AND r.kind NOT IN (10, 11)) END
            GROUP BY COALESCE(l.business_day, l.posting_day), l.currency ORDER BY day DESC LIMIT 1
            """, [company, item]
        ) { (day: $0.day(0), amount: Money(minorUnits: $0.int(1), currency: try $0.currency("currency"))) }
    }
}

extension Customer {
    /// A customer without a document of their own.
    package static func bare(_ id: String) -> Customer {
        Customer(id: id, provenance: Provenance(.init(sha256: "", name: "", format: ""), at: .file))
    }
}
