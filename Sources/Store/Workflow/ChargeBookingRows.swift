// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Ledger
package import Reconciliation

/// What a provider says that it charged, gave back or had taken back, by a line of its report or by a pulled payment.
package struct ProviderCharge: Hashable, Sendable {
    /// The row of the report's line, or else of the payment.
    package var line: Int64?
    package var payment: Int64?
    /// The book that it came from.
    package var provider: String
    /// The provider's own id of it.
    package var id: String
    package var kind: SettledCharge.Kind
    /// Negative for what went back.
    package var amount: Money
    package var occurredOn: Day
    package var reference: String
    /// As the report names it.
    package var payoutID: String?

    /// Groups its entries, so that a person can take them back as one.
    package var decision: String { "\(kind.rawValue)/\(provider)/\(id)" }
}

/// A charge that was booked on an item, against its provider's clearing.
package struct ChargeBooking: Hashable, Sendable {
    package enum State: String, Sendable {
        case booked
        /// A person took it back: it is not booked again.
        case undone
    }

    package var decision: String
    package var provider: String
    package var kind: SettledCharge.Kind
    package var item: String
    package var amount: Money
    package var occurredOn: Day
    package var state: State
    /// As the provider's report names it; nil where no report was read yet.
    package var payoutID: String?
    /// The bank entry that brought it.
    package var paidBy: String?
    package var paidOn: Day?
}

/// One movement of a provider's clearing account: in minor units, what came onto it is positive.
package struct ClearingMovement: Hashable, Sendable {
    package enum Kind: String, Sendable { case charge, refund, chargeback, payout, fee }

    package var provider: String
    package var currency: Currency
    package var kind: Kind
    package var amount: Int64
    package var postedOn: Day
}

extension Session {
    private static let paidBy = """
        (SELECT c.payment FROM log c WHERE c.company = l.company AND c.counter = l.payout_id AND c.kind = 24
            AND c.payment IS NOT NULL AND COALESCE(c.business_day, c.posting_day) >= l.occurred_on
            AND c.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM log u
                WHERE u.company = c.company AND u.decision = c.decision AND u.undoes = c.seq) LIMIT 1)
        """

    /// Charges, refunds and chargebacks that are not in the books, in the order of their days. A payment that a line of a
    /// report is, by the provider's id, is told by the line.
    ///
    /// Few payments are mere information: left to itself, SQLite walks through all payments in the order of their amounts.
    /// - Parameter day: only of what was imported since then.
    package func unbookedCharges(company: String, importedSince day: Day) throws -> [ProviderCharge] {
        try rows(
            """
            SELECT l.no, NULL, l.source, COALESCE(l.source_id, l.identity) AS id, l.kind, l.currency, l.gross,
                l.occurred_on AS day, l.reference, l.payout_id
            FROM settlement_line l JOIN import_run r ON r.no = l.import_no
            WHERE l.company = ? AND r.imported_on >= ? AND l.kind IN ('charge', 'refund', 'chargeback')
                AND l.reference IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM charge_booking b WHERE b.line = l.no)
            UNION ALL
            SELECT NULL, p.no, p.source, p.source_id, 'charge', p.currency, p.amount, p.booked_on, t.remittance, NULL
            FROM payment_row p INDEXED BY payment_information JOIN payment_text t ON t.payment = p.no
                JOIN import_run r ON r.no = p.import_no
            WHERE p.company = ? AND r.imported_on >= ? AND p.status = 'information' AND p.customer IS NULL AND p.amount > 0
                AND p.source_id IS NOT NULL AND t.remittance IS NOT NULL AND r.format = 'pull'
                AND NOT EXISTS (SELECT 1 FROM charge_booking b WHERE b.payment = p.no)
                AND NOT EXISTS (SELECT 1 FROM stated_allocation a
                    WHERE a.company = p.company AND a.source = p.source AND a.payment_id = p.source_id)
                AND NOT EXISTS (SELECT 1 FROM settlement_line l
                    WHERE l.company = p.company AND l.source_id = p.source_id)
            ORDER BY day, id
            """, [company, day, company, day]
        ) { row in
            ProviderCharge(
                line: row.optionalInt(0), payment: row.optionalInt(1), provider: row.text(2), id: row.text(3),
                kind: SettledCharge.Kind(rawValue: row.text(4)) ?? .adjustment,
                amount: Money(minorUnits: row.int(6), currency: try row.currency(5)), occurredOn: row.day(7),
                reference: row.text(8), payoutID: row.optionalText(9))
        }
    }

    /// Whether any invoice has the number.
    package func hasNumber(_ number: String, company: String) throws -> Bool {
        let keys: [(any Bindable)?] = Invoice.Kind.allCases.map { Identity.key(kind: $0.rawValue, number: number) }
        return try Self.keyQueries.contains { try first($0, keys + [company], { _ in true }) != nil }
    }

    /// Whether a bearer has any of the keys that a number has as one kind of invoice or another.
    private static let keyQueries = bearers.map {
        let keys = [String](repeating: "?", count: Invoice.Kind.allCases.count).joined(separator: ", ")
        return "SELECT 1 FROM \($0) WHERE key IN (\(keys)) AND company = ? LIMIT 1"
    }

    /// The items of invoices with a reference of ours, written without spaces and in capitals.
    package func items(company: String, issued reference: String) throws -> [OpenItem] {
        try Self.bearers.flatMap { bearer in
            try rows(
                """
                SELECT b.id FROM invoice_more m CROSS JOIN \(bearer) b ON b.no = m.no
                WHERE m.structured_reference IS NOT NULL AND b.company = ?
                    AND UPPER(REPLACE(m.structured_reference, ' ', '')) = ? ORDER BY b.id
                """, [company, reference]
            ) { $0.text(0) }
        }.flatMap { try items(company: company, invoice: $0) }
    }

    /// Says of lines of reports which booked payment they are: by the provider's id.
    package func tieChargesByID(company: String) throws {
        try execute(
            """
            UPDATE charge_booking SET (line, provider) = (SELECT l.no, l.source FROM payment p
                JOIN settlement_line l ON l.company = p.company AND l.source_id = p.source_id
                WHERE p.no = charge_booking.payment AND l.kind = 'charge' ORDER BY l.no LIMIT 1)
            WHERE company = ? AND line IS NULL AND payment IS NOT NULL AND EXISTS (SELECT 1 FROM payment p
                JOIN settlement_line l ON l.company = p.company AND l.source_id = p.source_id
                WHERE p.no = charge_booking.payment AND l.kind = 'charge'
                    AND NOT EXISTS (SELECT 1 FROM charge_booking b WHERE b.line = l.no))
            """, [company])
    }

    /// Ties a charge to the booking that another source's word of it made: the same amount on the item within a day.
    /// - Returns: Whether there was one.
    package func tie(_ charge: ProviderCharge, item: String, company: String) throws -> Bool {
        let (own, other) = charge.line == nil ? ("payment", "line") : ("line", "payment")
        let booked = try first(
            """
            SELECT no FROM charge_booking
            WHERE company = ? AND item = ? AND kind = 'charge' AND currency = ? AND amount = ? AND \(own) IS NULL
                AND \(other) IS NOT NULL AND ABS(occurred_on - ?) <= 1 ORDER BY no LIMIT 1
            """,
            [
                company, item, charge.amount.currency, charge.amount.minorUnits, charge.occurredOn,
            ]
        ) { $0.int(0) }
        guard let booked else { return false }
        try execute(
            "UPDATE charge_booking SET \(own) = ?, provider = CASE WHEN ? THEN ? ELSE provider END WHERE no = ?",
            [charge.line ?? charge.payment, charge.line != nil, charge.provider, booked])
        return true
    }

    package func save(_ charge: ProviderCharge, item: String, company: String) throws {
        try execute(
            """
            INSERT INTO charge_booking(company, decision, provider, kind, line, payment, item, currency, amount,
                occurred_on, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'booked')
            """,
            [
                company, charge.decision, charge.provider, charge.kind.rawValue, charge.line, charge.payment, item,
                charge.amount.currency, charge.amount.minorUnits, charge.occurredOn,
            ])
    }

    /// Booked payments without a line of a report that their provider takes back: they failed since.
    package func failedCharges(company: String) throws -> [String] {
        try rows(
            """
            SELECT b.decision FROM charge_booking b JOIN payment p ON p.no = b.payment
            WHERE b.company = ? AND b.state = 'booked' AND b.line IS NULL AND p.status = 'failed' ORDER BY b.decision
            """, [company]
        ) { $0.text(0) }
    }

    /// It may be booked again when its provider says so again.
    package func forgetCharge(company: String, decision: String) throws {
        try execute("DELETE FROM charge_booking WHERE company = ? AND decision = ?", [company, decision])
    }

    package func endCharge(company: String, decision: String) throws {
        try execute(
            "UPDATE charge_booking SET state = 'undone' WHERE company = ? AND decision = ?", [company, decision])
    }

    private func bookings(_ condition: String, _ values: [(any Bindable)?]) throws -> [ChargeBooking] {
        try rows(
            """
            SELECT b.decision, b.provider, b.kind, b.item, b.currency, b.amount, b.occurred_on, b.state, l.payout_id,
                \(Self.paidBy), (SELECT p.posting_day FROM payment p WHERE p.company = b.company AND p.id = \(Self.paidBy))
            FROM charge_booking b LEFT JOIN settlement_line l ON l.no = b.line
            WHERE b.company = ? AND \(condition) ORDER BY b.occurred_on, b.no
            """, values
        ) { row in
            ChargeBooking(
                decision: row.text(0), provider: row.text(1),
                kind: SettledCharge.Kind(rawValue: row.text(2)) ?? .adjustment, item: row.text(3),
                amount: Money(minorUnits: row.int(5), currency: try row.currency(4)), occurredOn: row.day(6),
                state: ChargeBooking.State(rawValue: row.text(7)) ?? .undone, payoutID: row.optionalText(8),
                paidBy: row.optionalText(9), paidOn: row.optionalDay(10))
        }
    }

    /// What moved the providers' clearing accounts through a posting day, in the order of the log. What a payout takes the
    /// place of is its cash and, as movements of their own, the fees.
    package func eachClearingMovement(
        company: String, through day: Day, _ body: (ClearingMovement) -> Void
    ) throws {
        let provider =
            "(SELECT s.source FROM settlement_line s WHERE s.company = l.company AND s.payout_id = l.counter LIMIT 1)"
        func read(_ row: Row) throws -> ClearingMovement {
            let parts = row.text(4).split(separator: "/", maxSplits: 2).map { String($0) }
            let kind = row.bool(2) ? .payout : ClearingMovement.Kind(rawValue: parts.first ?? "") ?? .charge
            return ClearingMovement(
                provider: row.optionalText(0) ?? (parts.count > 1 ? parts[1] : ""), currency: try row.currency(1),
                kind: kind, amount: row.int(3), postedOn: row.day(5))
        }
        try each(
            """
            SELECT CASE WHEN l.payment IS NULL THEN b.provider ELSE \(provider) END, l.currency, l.payment IS NOT NULL,
                l.amount, l.decision, l.posting_day
            FROM log l LEFT JOIN charge_booking b ON b.company = l.company AND b.decision = l.decision
            WHERE l.company = ? AND l.kind = 24 AND l.posting_day <= ? ORDER BY l.seq
            """, [company, day]
        ) { body(try read($0)) }
        // The fee is a part of what the payout takes the place of.
        try each(
            """
            SELECT (SELECT \(provider) FROM log l WHERE l.company = f.company AND l.decision = f.decision
                    AND l.item = f.item AND l.kind = 24 AND l.payment IS NOT NULL LIMIT 1), f.currency, 0, f.amount,
                'fee', f.posting_day
            FROM log f WHERE f.company = ? AND f.kind = 31 AND f.posting_day <= ? AND EXISTS (SELECT 1 FROM log l
                WHERE l.company = f.company AND l.decision = f.decision AND l.item = f.item AND l.kind = 24
                    AND l.payment IS NOT NULL)
            ORDER BY f.seq
            """, [company, day]
        ) { body(try read($0)) }
    }

    package func chargeBooking(company: String, decision: String) throws -> ChargeBooking? {
        try bookings("b.decision = ?", [company, decision]).first
    }

    /// Everything that was booked on an item, in the order of its days.
    package func chargeBookings(company: String, item: String) throws -> [ChargeBooking] {
        try bookings("b.item = ?", [company, item])
    }

    /// What stands in the books and no bank entry has brought, in the order of its days.
    /// - Parameter last: a payout that came later is not known yet.
    package func standingCharges(
        company: String, through day: Day, paidThrough last: Day? = nil
    ) throws -> [ChargeBooking] {
        try bookings("b.state = 'booked' AND b.occurred_on <= ?", [company, day]).filter { booking in
            booking.paidBy == nil || last.map { end in booking.paidOn.map { $0 > end } ?? false } ?? false
        }
    }

    /// Where the books have a charge now: a replacement may have moved it.
    func standing(of charge: SettledCharge, _ decision: String, company: String) throws -> SettledCharge.Standing {
        let paid = try first(
            "SELECT \(Self.paidBy) FROM (SELECT ? AS company, ? AS payout_id, ? AS occurred_on) l",
            [company, charge.payoutID, charge.occurredOn]
        ) { $0.optionalText(0) }
        guard (paid ?? nil) == nil else { return .elsewhere }
        let places = try rows(
            """
            SELECT item, SUM(amount) FROM log WHERE company = ? AND decision = ? AND kind = 24
            GROUP BY item HAVING SUM(amount) <> 0 ORDER BY item
            """, [company, decision]
        ) { (item: $0.text(0), amount: $0.int(1)) }
        guard places.count == 1, places[0].amount == charge.gross else { return .elsewhere }
        return .booked(itemID: places[0].item)
    }
}
