// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Ledger

extension Session {
    /// Items in the order of their ids.
    package func openItems(company: String, customer: String? = nil, onlyOpen: Bool = true) throws -> [OpenItem] {
        var sql = "SELECT \(Self.itemColumns) FROM item i WHERE i.company = ?"
        var arguments: [(any Bindable)?] = [company]
        if let customer {
            sql += " AND i.customer = ?"
            arguments.append(customer)
        }
        if onlyOpen { sql += " AND i.open <> 0" }
        return try rows(sql + " ORDER BY i.id", arguments) { try Self.item($0) }
    }

    /// The items of one invoice, in order of instalment.
    package func items(company: String, invoice: String) throws -> [OpenItem] {
        try rows(
            """
            SELECT \(Self.itemColumns) FROM item i
            WHERE i.company = ? AND i.id >= ? AND i.id < ? AND COALESCE(i.parent_id, i.id) = ? ORDER BY i.instalment, i.id
            """, [company, invoice, invoice + "0", invoice]
        ) { try Self.item($0) }
    }

    /// SQL over `i` (item) and `v` (invoice): the id of an item is its invoice's, or begins with it and `/`, which
    /// is all that the primary key needs to find it.
    static let itemsOfInvoice = """
        i.company = v.company AND i.id >= v.id AND i.id < v.id || '0' AND COALESCE(i.parent_id, i.id) = v.id
        """

    /// The items of every invoice with this number, whatever its kind and year.
    package func items(company: String, number: String) throws -> [OpenItem] {
        try invoices(company: company, number: number).flatMap { try items(company: company, invoice: $0.id) }
    }

    /// What customers owe in total, folded from the log through a posting day, in minor units.
    package func controlBalance(company: String, currency: Currency, through day: Day) throws -> Int64 {
        var sum: Int64 = 0
        try entries(company: company, filter: EntryFilter(postingThrough: day)) { logged in
            if logged.entry.currency == currency { sum += Chart.controlEffect(of: logged.entry) }
        }
        return sum
    }

    /// The receiving accounts that statements or rows were seen of.
    package func statementAccounts(company: String) throws -> [String] {
        try rows("SELECT DISTINCT account FROM statement WHERE company = ? ORDER BY account", [company]) { $0.text(0) }
    }

    /// What is known of one account's days, for `Coverage.chain`.
    package func frames(company: String, account: String) throws -> [Coverage.Frame] {
        try rows(
            """
            SELECT from_day, to_day, sequence, opening, closing FROM statement
            WHERE company = ? AND account = ? ORDER BY to_day, from_day, no
            """, [company, account]
        ) { row in
            Coverage.Frame(
                from: row.day(0), to: row.day(1), sequence: row.optionalInt(2).map { Int($0) },
                opening: row.optionalInt(3), closing: row.optionalInt(4))
        }
    }

    /// The promise as a file stated it.
    package func promiseRecord(company: String, id: String) throws -> PromiseRecord? {
        try first(
            """
            SELECT t.*, r.sha256 AS o_sha256, r.name AS o_name, r.format AS o_format, r.mapping AS o_mapping,
                r.mapping_digest AS o_mapping_digest
            FROM promise_record t JOIN import_run r ON r.no = t.import_no WHERE t.company = ? AND t.id = ?
            """, [company, id]
        ) { row in try Self.promiseRecord(row, from: Self.origin(row)) }
    }

    static func promiseRecord(_ row: Row, from origin: Provenance.Origin) throws -> PromiseRecord {
        var record = PromiseRecord(
            amount: Money(minorUnits: row.int("amount"), currency: try row.currency("currency")),
            promisedFor: row.day("promised_for"), promisedOn: row.day("promised_on"),
            provenance: Provenance(origin, at: Position(text: row.text("position"))))
        record.id = row.text("id")
        record.isCurrencyStated = row.int("is_currency_stated") != 0
        record.customerID = row.optionalText("customer")
        record.invoiceID = row.optionalText("invoice_id")
        record.takenBy = row.optionalText("taken_by")
        record.channel = row.optionalText("channel")
        return record
    }
}
