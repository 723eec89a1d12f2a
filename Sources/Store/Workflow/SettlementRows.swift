// SPDX-License-Identifier: Apache-2.0
package import Documents

/// Which invoice each allocation of an accounting system's ledger was found to settle.
enum SettlementTables {
    static let sql: [String] = [
        """
        CREATE TABLE source_settlement(
            company TEXT NOT NULL, invoice_id TEXT NOT NULL, allocation INTEGER NOT NULL,
            PRIMARY KEY(company, invoice_id, allocation)) STRICT, WITHOUT ROWID
        """,
        "CREATE UNIQUE INDEX source_settlement_allocation ON source_settlement(allocation)",
        "CREATE INDEX payment_information ON payment(company, customer) WHERE status = 'information'",
    ]
}

/// What an accounting system's ledger says that a payment of its own settled of an invoice.
package struct StoredSettlement: Hashable, Sendable {
    /// The stated allocation's number.
    package var no: Int64
    /// The invoice's number, as the ledger writes it.
    package var number: String
    /// Of the payment; nil where the ledger names none.
    package var customerID: String?
    package var amount: Money
    package var postedOn: Day?
}

extension Session {
    private static let settlementColumns = """
        a.no, a.invoice_id, a.currency, a.amount, a.posted_on,
        (SELECT p.customer FROM payment p WHERE p.company = a.company AND p.id = a.payment_id AND p.source = a.source)
        """

    /// Allocations of ledgers in these formats for which no invoice was found yet, in the order of their arrival.
    package func waitingSettlements(company: String, formats: [String]) throws -> [StoredSettlement] {
        let marks = formats.map { _ in "?" }.joined(separator: ", ")
        return try rows(
            """
            SELECT \(Self.settlementColumns) FROM stated_allocation a
            WHERE a.company = ? AND a.import_no IN (SELECT no FROM import_run WHERE company = ? AND format IN (\(marks)))
                AND NOT EXISTS (SELECT 1 FROM source_settlement s WHERE s.allocation = a.no)
            ORDER BY a.no
            """, [company, company] + formats, Self.settlement)
    }

    /// Allocations of a source that is pulled, with the invoice that has the id which the source gives: those that were
    /// not found before.
    /// - Parameter readers: of the streams that bring the source's invoices.
    package func waitingSettlements(
        company: String, source: String, readers: [String]
    ) throws -> [(settlement: StoredSettlement, invoice: String)] {
        let marks = readers.map { _ in "?" }.joined(separator: ", ")
        return try rows(
            """
            SELECT \(Self.settlementColumns), COALESCE(
                (SELECT v.id FROM invoice v
                    WHERE v.company = a.company AND v.id = a.invoice_id AND v.source = a.source
                        AND v.currency = a.currency),
                (SELECT t.invoice_id FROM source_state t WHERE t.company = a.company AND t.source = a.source
                    AND t.reader IN (\(marks)) AND t.source_id = a.invoice_id)) AS found
            FROM stated_allocation a
            WHERE a.company = ? AND a.source = ? AND found IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM source_settlement s WHERE s.allocation = a.no)
            ORDER BY a.no
            """, readers + [company, source]
        ) { (settlement: try Self.settlement($0), invoice: $0.text(6)) }
    }

    /// What an invoice's source says was paid on it, but for payments that failed since.
    package func settlements(company: String, invoice: String) throws -> [StoredSettlement] {
        try rows(
            """
            SELECT \(Self.settlementColumns) FROM source_settlement s JOIN stated_allocation a ON a.no = s.allocation
            WHERE s.company = ? AND s.invoice_id = ? AND NOT EXISTS (SELECT 1 FROM payment p
                WHERE p.company = a.company AND p.id = a.payment_id AND p.source = a.source AND p.status = 'failed')
            ORDER BY a.no
            """, [company, invoice], Self.settlement)
    }

    /// Invoices that were settled by payments which an import states anew: one of them may have failed.
    package func invoicesSettledAnew(company: String, importNo: Int64) throws -> [String] {
        try rows(
            """
            SELECT DISTINCT s.invoice_id FROM source_settlement s
            CROSS JOIN stated_allocation a ON a.no = s.allocation
            CROSS JOIN payment p ON p.company = a.company AND p.id = a.payment_id AND p.source = a.source
            WHERE s.company = ? AND p.import_no = ? ORDER BY 1
            """, [company, importNo]
        ) { $0.text(0) }
    }

    package func save(_ settlement: StoredSettlement, invoice: String, company: String) throws {
        try execute(
            "INSERT INTO source_settlement(company, invoice_id, allocation) VALUES (?, ?, ?)",
            [company, invoice, settlement.no])
    }

    /// Invoices that an import states, new or otherwise than before, and that a ledger says was paid on.
    package func settledInvoices(company: String, importNo: Int64) throws -> [String] {
        try rows(
            """
            SELECT DISTINCT s.invoice_id FROM source_settlement s
            JOIN invoice v ON v.company = s.company AND v.id = s.invoice_id
            WHERE s.company = ? AND v.import_no = ? ORDER BY 1
            """, [company, importNo]
        ) { $0.text(0) }
    }

    /// The last day of which anything but a ledger showed money: one in these formats, or one that a mapping calls
    /// information. What failed is no sign of a bank. Nil for none, and where no ledger was read.
    package func lastBankDay(company: String, ledgers: [String]) throws -> Day? {
        let marks = ledgers.map { _ in "?" }.joined(separator: ", ")
        return try first(
            """
            SELECT MAX(booked_on) FROM payment WHERE company = ? AND reader NOT IN (\(marks)) AND status <> 'failed'
                AND NOT (status = 'information' AND EXISTS (
                    SELECT 1 FROM import_run r WHERE r.no = payment.import_no AND r.mapping IS NOT NULL))
                AND EXISTS (SELECT 1 FROM payment WHERE company = ? AND status = 'information')
            """, [company] + ledgers + [company]
        ) { $0.optionalDay(0) } ?? nil
    }

    /// What a customer paid on account by the word alone of ledgers in these formats and of systems that are pulled,
    /// per currency.
    /// - Parameter after: The last day that the bank is known through: up to then its own entries say it. Nil for none.
    package func statedOnAccount(company: String, customer: String, ledgers: [String], after: Day?) throws -> [Money] {
        let marks = ledgers.map { _ in "?" }.joined(separator: ", ")
        // What its source says it paid is not on account any more; in another currency it is taken for all of it.
        let paid = """
            COALESCE((SELECT SUM(CASE WHEN a.currency = p.currency THEN ABS(a.amount) ELSE ABS(p.amount) END)
                FROM stated_allocation a
                WHERE a.company = p.company AND a.source = p.source AND a.payment_id = p.id), 0)
            """
        let left = """
            CASE WHEN \(paid) >= ABS(p.amount) THEN 0 WHEN p.amount > 0 THEN p.amount - \(paid) ELSE p.amount + \(paid) END
            """
        return try rows(
            """
            SELECT p.currency, SUM(\(left)) FROM payment_row p
            WHERE p.company = ? AND p.customer = ? AND p.status = 'information' AND (p.reader IN (\(marks))
                OR EXISTS (SELECT 1 FROM import_run r WHERE r.no = p.import_no AND r.format = 'pull'))
                AND p.booked_on > ?
            GROUP BY p.currency HAVING SUM(\(left)) > 0 ORDER BY p.currency
            """, [company, customer] + ledgers + [after ?? Day(number: .min)]
        ) { Money(minorUnits: $0.int(1), currency: try $0.currency("currency")) }
    }

    private static func settlement(_ row: Row) throws -> StoredSettlement {
        StoredSettlement(
            no: row.int(0), number: row.text(1), customerID: row.optionalText(5),
            amount: Money(minorUnits: row.int(3), currency: try row.currency("currency")),
            postedOn: row.optionalDay(4))
    }
}
