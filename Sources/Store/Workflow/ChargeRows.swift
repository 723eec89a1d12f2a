// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Reconciliation

/// One line of a provider's report, and the book it came from.
package struct SettlementRow: Sendable {
    package var source: String
    package var charge: SettledCharge
}

/// What stands behind a provider's payout, and what currencies were worth.
extension Session {
    /// The lines behind every payout; the row of the payout itself is no part of it.
    package func settledCharges(company: String) throws -> [SettledCharge] {
        try charges("l.company = ? AND l.kind <> 'payout'", [company], company)
    }

    /// The lines behind some payouts.
    package func settledCharges(company: String, payouts: [String]) throws -> [SettledCharge] {
        try payouts.flatMap {
            try charges("l.company = ? AND payout_id = ? AND l.kind <> 'payout'", [company, $0], company)
        }
    }

    /// The books that such lines are from: one search of the index for each.
    package func settlementSources(company: String) throws -> [String] {
        try rows(
            """
            WITH RECURSIVE book(name) AS (
                SELECT min(source) FROM settlement_line WHERE company = ?
                UNION ALL
                SELECT (SELECT min(source) FROM settlement_line WHERE company = ? AND source > name) FROM book
                    WHERE name IS NOT NULL)
            SELECT name FROM book WHERE name IS NOT NULL
            """, [company, company]
        ) { $0.text(0) }
    }

    private func charges(
        _ condition: String, _ values: [(any Bindable)?], _ company: String
    ) throws -> [SettledCharge] {
        try rows(
            """
            SELECT payout_id, l.currency, gross, fee, net, l.occurred_on, l.kind, reference, customer_name, b.decision,
                b.state, l.source
            FROM settlement_line l LEFT JOIN charge_booking b ON b.line = l.no
            WHERE \(condition) ORDER BY payout_id, l.no
            """, values
        ) { row in
            var charge = SettledCharge(
                payoutID: row.text(0), currency: try row.currency("currency"), gross: row.int(2), fee: row.int(3),
                net: row.int(4), occurredOn: row.day(5))
            charge.kind = SettledCharge.Kind(rawValue: row.text(6)) ?? .adjustment
            charge.reference = row.optionalText(7)
            charge.customerName = row.optionalText(8)
            charge.source = row.text(11)
            if let decision = row.optionalText(9) {
                charge.standing =
                    row.text(10) == ChargeBooking.State.booked.rawValue
                    ? try standing(of: charge, decision, company: company) : .elsewhere
            }
            return charge
        }
    }

    /// Every line behind the payouts up to a day, in the order of provider, currency and payout.
    package func eachSettlementLine(
        company: String, through day: Day, _ body: (SettlementRow) throws -> Void
    ) throws {
        try each(
            """
            SELECT source, payout_id, currency, gross, fee, net, occurred_on, kind FROM settlement_line
            WHERE company = ? AND kind <> 'payout' AND occurred_on <= ? ORDER BY source, currency, payout_id, no
            """, [company, day]
        ) { row in
            var charge = SettledCharge(
                payoutID: row.text(1), currency: try row.currency("currency"), gross: row.int(3), fee: row.int(4),
                net: row.int(5), occurredOn: row.day(6))
            charge.kind = SettledCharge.Kind(rawValue: row.text(7)) ?? .adjustment
            try body(SettlementRow(source: row.text(0), charge: charge))
        }
    }

    /// Bank entries that were taken for a provider's payout, booked or waiting for a person, with their evidence.
    package func payoutDecisions(
        company: String, onlyBooked: Bool
    ) throws -> [(paymentID: String, evidence: String, bookedOn: Day)] {
        try rows(
            """
            SELECT d.payment_id, d.detail, p.booked_on FROM decision d
                JOIN payment p ON p.company = d.company AND p.id = d.payment_id
            WHERE d.company = ? AND d.rule = 'PROVIDER-PAYOUT'
                AND d.state IN ('committed', \(onlyBooked ? "'committed'" : "'waiting'"))
            ORDER BY d.payment_id
            """, [company]
        ) { (paymentID: $0.text(0), evidence: EvidenceText.json(stored: $0.text(1)), bookedOn: $0.day(2)) }
    }

    /// What providers have charged since `day` and is not in the books, with the reference that the shop gave: by their
    /// reports, and by their word where they are pulled and say of no invoice and no customer whose it is.
    package func recentCharges(company: String, since day: Day) throws -> [(reference: String, amount: Money)] {
        try rows(
            """
            SELECT reference, l.currency, gross FROM settlement_line l
            WHERE company = ? AND kind = 'charge' AND occurred_on >= ? AND reference IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM charge_booking b WHERE b.line = l.no)
            UNION ALL
            SELECT t.remittance, p.currency, p.amount FROM payment_row p INDEXED BY payment_information
                JOIN payment_text t ON t.payment = p.no JOIN import_run r ON r.no = p.import_no
            WHERE p.company = ? AND p.status = 'information' AND p.customer IS NULL AND p.booked_on >= ?
                AND p.amount > 0 AND t.remittance IS NOT NULL AND r.format = 'pull'
                AND NOT EXISTS (SELECT 1 FROM charge_booking b WHERE b.payment = p.no)
                AND NOT EXISTS (SELECT 1 FROM stated_allocation a
                    WHERE a.company = p.company AND a.source = p.source AND a.payment_id = p.source_id)
                AND NOT EXISTS (SELECT 1 FROM settlement_line l
                    WHERE l.company = p.company AND l.source_id = p.source_id)
            """, [company, day, company, day]
        ) { (reference: $0.text(0), amount: Money(minorUnits: $0.int(2), currency: try $0.currency("currency"))) }
    }

    package func quotedRates(company: String) throws -> [QuotedRate] {
        try rows(
            "SELECT base, quote, day, value, origin FROM rate WHERE company = ? ORDER BY day, base, quote", [company]
        ) { row in
            guard let value = ScaledDecimal(row.text(3)) else { return nil }
            return QuotedRate(
                base: try row.currency("base"), quote: try row.currency("quote"), day: row.day(2), value: value,
                origin: row.optionalText(4) ?? "a stated rate")
        }.compactMap { $0 }
    }
}
