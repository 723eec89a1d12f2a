// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Ledger

/// What says how far the books are known.
extension Session {
    /// Frames of statements per account, in order of accounts.
    package func statementFrames(company: String) throws -> [(account: String, frame: Coverage.Frame)] {
        try rows(
            """
            SELECT account, from_day, to_day, sequence, opening, closing FROM statement WHERE company = ?
            ORDER BY account, to_day, from_day, no
            """, [company]
        ) { row in
            (
                account: row.text(0),
                frame: Coverage.Frame(
                    from: row.day(1), to: row.day(2), sequence: row.optionalInt(3).map { Int(clamping: $0) },
                    opening: row.optionalInt(4), closing: row.optionalInt(5))
            )
        }
    }

    /// The first and last booked day per account that payments name; nil for payments that name none.
    /// - Parameter isInformation: Of what is told without being cash, such as an accounting system's own payments.
    package func paymentDays(
        company: String, isInformation: Bool = false
    ) throws -> [(account: String?, from: Day, to: Day)] {
        // Accounts are few: a table of them here, where grouping in SQL would sort every payment; and in the order of the
        // rows, as no index has what is asked.
        var days: [String?: (from: Day, to: Day)] = [:]
        var last: (account: String?, from: Day, to: Day)?
        try each(
            """
            SELECT account, booked_on FROM payment
            WHERE +company = ? AND booked_on IS NOT NULL AND status <> 'failed' AND (status = 'information') = ?
            """, [company, isInformation]
        ) { row in
            let (account, day) = (row.optionalText(0), row.day(1))
            if let known = last, known.account == account, known.from <= day, day <= known.to { return }
            let known = days[account] ?? (day, day)
            days[account] = (min(known.from, day), max(known.to, day))
            last = (account, min(known.from, day), max(known.to, day))
        }
        return days.map { (account: $0.key, from: $0.value.from, to: $0.value.to) }
            .sorted { ($0.account != nil ? 1 : 0, $0.account ?? "") < ($1.account != nil ? 1 : 0, $1.account ?? "") }
    }

    /// The last business day through which every pulled system that told of payments was read to its end; nil for none.
    package func lastPaymentsRead(company: String) throws -> Day? {
        try first(
            """
            SELECT MIN(covered_on) FROM sync_stream WHERE company = ? AND source IN (
                SELECT source FROM payment WHERE company = ? AND status = 'information')
            """, [company, company]
        ) { $0.optionalDay(0) } ?? nil
    }

    /// The last business day on which something of a source was imported; for a source that is pulled, the last day
    /// on which each of its streams was read to its end, whether or not there was anything new.
    package func lastImport(company: String, source: String) throws -> Day? {
        let pulled =
            try first(
                "SELECT MIN(covered_on) FROM sync_stream WHERE company = ? AND source = ?", [company, source]
            ) { $0.optionalDay(0) } ?? nil
        if let pulled { return pulled }
        return try first(
            """
            SELECT MAX(imported_on) FROM import_run WHERE company = ? AND source = ? AND status <> 'refused'
            """, [company, source]
        ) { $0.optionalDay(0) } ?? nil
    }

    package func lastImport(company: String) throws -> Day? {
        try first(
            "SELECT MAX(imported_on) FROM import_run WHERE company = ? AND status <> 'refused'", [company]
        ) { $0.optionalDay(0) } ?? nil
    }

    /// The document of an invoice that can be sent again: the first of its attachments.
    package func invoiceDocument(company: String, invoice: String) throws -> Message.Attachment? {
        try first(
            "SELECT sha256, name FROM attachment WHERE company = ? AND invoice_id = ? ORDER BY no",
            [company, invoice]
        ) { Message.Attachment(sha256: $0.text(0), name: $0.text(1)) }
    }

    /// The number of an invoice, and each source that gave it an id with that id: the one that brought it first.
    package func documentOrigins(
        company: String, invoice: String
    ) throws -> [(number: String, source: String, id: String)] {
        try rows(
            """
            SELECT number, source, source_id FROM invoice WHERE company = ? AND id = ? AND source_id IS NOT NULL
            UNION ALL
            SELECT v.number, t.source, t.source_id FROM source_state t
                JOIN invoice v ON v.company = t.company AND v.id = t.invoice_id
            WHERE t.company = ? AND t.invoice_id = ?
            """, [company, invoice, company, invoice]
        ) { (number: $0.text(0), source: $0.text(1), id: $0.text(2)) }
    }

    /// Promises as files state them that are no promise yet, in order of the day they were made.
    /// - Parameter isRetry: without those that a person was asked about because the invoice that they name is in another
    ///   currency: it stays so. Invoices are looked up in the order of their ids, as their index has them.
    package func promiseRecordsWaiting(company: String, isRetry: Bool = false) throws -> [PromiseRecord] {
        let condition =
            isRetry
            ? """
             AND NOT (
                EXISTS (SELECT 1 FROM item i WHERE i.id = r.invoice_id AND i.company = r.company
                    AND i.currency <> r.currency AND r.is_currency_stated)
                AND EXISTS (SELECT 1 FROM exception e WHERE e.company = r.company AND e.subject = r.id
                    AND e.kind = 'PROMISE-WAITING'))
            """ : ""
        return try rows(
            """
            SELECT r.* FROM (
                SELECT r.no FROM promise_record r LEFT JOIN promise p ON p.company = r.company AND p.id = r.id
                WHERE r.company = ? AND p.id IS NULL ORDER BY r.invoice_id LIMIT -1) w
                CROSS JOIN promise_record r ON r.no = w.no
            WHERE TRUE\(condition) ORDER BY r.promised_on, r.promised_for, r.id
            """, [company]
        ) { row in try Self.promiseRecord(row, from: .init(sha256: "", name: "", format: "")) }
    }
}
