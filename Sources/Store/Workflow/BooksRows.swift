// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Reconciliation

extension Session {
    package struct CashFacts: Sendable {
        package var id: String
        package var customerID: String?
        package var currency: Currency
        package var bookedOn: Day
        package var payer: String?
        /// The latest decision's sentence, of one that a person refused or took back who did so and why; its rule, and where
        /// it stands.
        package var reason: String?
        package var rule: Rule?
        package var state: StoredDecision.State?
    }

    /// Payments that ever had cash, in order of booking day.
    package func cashFacts(company: String) throws -> [CashFacts] {
        try rows(
            """
            SELECT p.id, p.customer, p.currency, p.booked_on, t.payer_name,
                CASE d.state
                    WHEN 'undone' THEN 'What was booked was taken back by ' || d.actor || COALESCE(': ' || d.reason, '')
                    WHEN 'rejected' THEN 'What was proposed was refused by ' || d.actor || COALESCE(': ' || d.reason, '')
                    ELSE d.explanation END, d.rule, d.state
            FROM payment p LEFT JOIN payment_text t ON t.payment = p.no
                LEFT JOIN decision d ON d.no = (SELECT l.no FROM decision l
                    WHERE l.company = p.company AND l.payment_id = p.id ORDER BY l.recorded_at DESC, l.id DESC LIMIT 1)
            WHERE p.company = ? AND p.first_seq IS NOT NULL ORDER BY p.booked_on, p.id
            """, [company]
        ) { row in
            CashFacts(
                id: row.text(0), customerID: row.optionalText(1), currency: try row.currency("currency"),
                bookedOn: row.day(3), payer: row.optionalText(4), reason: row.optionalText(5),
                rule: row.optionalText(6).flatMap { Rule(rawValue: $0) },
                state: row.optionalText(7).flatMap { StoredDecision.State(rawValue: $0) })
        }
    }

    package func customerNames(company: String) throws -> [String: String] {
        var names: [String: String] = [:]
        try each(
            """
            SELECT c.id, coalesce(t.name, t.legal_name) FROM customer c JOIN customer_contact t ON t.customer = c.no
            WHERE c.company = ?
            """, [company]
        ) { row in
            if let name = row.optionalText(1) { names[row.text(0)] = name }
        }
        return names
    }

    package struct ControlRow: Sendable {
        package var account: String?
        package var customerID: String?
        package var asOf: Day
        package var amount: Money
    }

    /// The days that an import stated balances for.
    package func controlDays(company: String, importNo: Int64) throws -> [Day] {
        try rows(
            "SELECT DISTINCT as_of FROM balance WHERE company = ? AND import_no = ? ORDER BY as_of",
            [company, importNo]
        ) { $0.day(0) }
    }

    /// Balances stated for a day; of several for the same account and customer the latest, the others are history.
    package func controlTotals(company: String, on day: Day) throws -> [ControlRow] {
        try rows(
            """
            SELECT account, customer, as_of, currency, amount FROM balance b WHERE company = ? AND as_of = ?
                AND NOT EXISTS (SELECT 1 FROM balance l WHERE l.company = b.company AND l.as_of = b.as_of
                    AND l.no > b.no AND l.currency = b.currency AND l.account IS b.account AND l.customer IS b.customer)
            ORDER BY currency, account, customer, no
            """, [company, day]
        ) { row in
            ControlRow(
                account: row.optionalText(0), customerID: row.optionalText(1), asOf: row.day(2),
                amount: Money(minorUnits: row.int(4), currency: try row.currency("currency")))
        }
    }
}
