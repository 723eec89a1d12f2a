// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// A company's first invoices on their way straight into the books, inside the transaction that brings them.
///
/// The books hold nothing that a row could repeat, so nothing is staged and compared: each invoice is written once,
/// with its items and their entries, and the indexes are made when the last one is there. The lock is held while the
/// file is read, which is shorter than merging the same rows from a staging file takes (docs/DECISIONS.md).
///
/// What does not fit throws `Unfit`; the transaction is rolled back, and the file goes through staging.
///
/// Unchecked: the caller's thread makes and finishes it; between the two only the staging queue touches it.
package final class FirstLoad: @unchecked Sendable {
    /// This file needs the comparisons that a first load leaves out.
    package struct Unfit: Error {
        package let reason: String
    }

    let session: Session
    let importNo: Int64
    let batchNo: Int64
    let firstSeq: Int64
    private let company: String
    private let source: String
    private let reader: String
    private var invoices: PreparedStatement?
    private var items: PreparedStatement?
    private var entries: PreparedStatement?
    /// Invoices written.
    private(set) var count = 0

    /// SQLITE_CONSTRAINT_UNIQUE.
    private static let uniquenessFailure = "SQLITE-2067"
    private static let indexes = ["item_id", "item_customer", "invoice_id", "invoice_key"]
    /// Rows of other companies; above this, making every index anew costs more than it saves.
    private static let othersMax: Int64 = 50_000

    /// Nil when the books know something that the file may state again.
    init?(_ session: Session, company: Company, source: String, reader: String) throws {
        guard try Self.isFirst(session, company: company.id, source: source) else { return nil }
        self.session = session
        self.company = company.id
        self.source = source
        self.reader = reader
        importNo = try session.first("SELECT COALESCE(MAX(no), 0) + 1 FROM import_run") { $0.int(0) } ?? 1
        batchNo = try session.first("SELECT COALESCE(MAX(no), 0) + 1 FROM batch") { $0.int(0) } ?? 1
        firstSeq = try session.nextSeq()
        for index in Self.indexes { try session.script("DROP INDEX \(index)") }
        let stated = SchemaV1.names(SchemaV1.invoiceStated)
        invoices = try session.prepare(
            """
            INSERT INTO invoice(company, source, reader, import_no, id, customer, basis, \(stated))
            VALUES (\(Self.marks(7 + SchemaV1.invoiceStated.count)))
            """)
        items = try session.prepare(
            """
            INSERT INTO item(company, id, invoice_id, number, kind, instalment, customer, currency, issued_on, due_on,
                posting_day, first_seq, amount, source, stated, stated_as_of, open) VALUES (\(Self.marks(17)))
            """)
        entries = try session.prepare(
            """
            INSERT INTO log(seq, company, batch, kind, currency, amount, item, customer, posting_day)
            VALUES (\(Self.marks(9)))
            """)
    }

    private static func isFirst(_ session: Session, company: String, source: String) throws -> Bool {
        func exists(_ sql: String, _ arguments: [(any Bindable)?]) throws -> Bool {
            try session.first(sql + " LIMIT 1", arguments) { _ in true } ?? false
        }
        let others = try session.first("SELECT COALESCE(MAX(no), 0) FROM item") { $0.int(0) } ?? 0
        return try others < othersMax
            && session.period(company: company).firstOpenDay == nil
            && !exists("SELECT 1 FROM invoice WHERE company = ?", [company])
            && !exists("SELECT 1 FROM customer_alias WHERE company = ? AND source = ?", [company, source])
            && !exists(
                "SELECT 1 FROM customer WHERE company = ? AND (is_derived = 1 OR source <> ?)", [company, source])
    }

    private static func marks(_ count: Int) -> String {
        [String](repeating: "?", count: count).joined(separator: ", ")
    }

    func append(_ staged: StagedInvoice, asOf: Day) throws {
        guard let invoices else { preconditionFailure("the load was finished") }
        let value = staged.invoice
        let customer = value.customerID ?? ""
        var row = ColumnWriter(invoices)
        row.place(company)
        row.place(source)
        row.place(reader)
        row.place(importNo)
        row.place(staged.id)
        row.place(customer)
        row.place(staged.receivable?.basis.rawValue)
        StagingStatements.writeStated(staged, &row)
        try row.insert()
        count += 1
        guard let receivable = staged.receivable else { return }
        let isOne = receivable.items.count == 1
        for (index, item) in receivable.items.enumerated() {
            let position = isOne ? staged.position : staged.position + Int64(index) + 1
            let id = isOne ? staged.id : "\(staged.id)/\(item.n)"
            try append(item, id: id, of: staged, receivable, seq: firstSeq - 1 + position, asOf: asOf)
        }
    }

    private func append(
        _ item: Receivable.Item, id: String, of staged: StagedInvoice, _ receivable: Receivable, seq: Int64, asOf: Day
    ) throws {
        guard let items, let entries else { return }
        let value = staged.invoice
        let clearing = item.clearing(asOf: asOf)
        var row = ColumnWriter(items)
        row.place(company)
        row.place(id)
        row.place(staged.id)
        row.place(value.number)
        row.place(value.kind.rawValue)
        row.place(Int64(item.n))
        row.place(value.customerID)
        row.place(value.currency.code)
        row.place(Int64(value.issuedOn.number))
        row.place(Int64(item.dueOn.number))
        row.place(Int64(receivable.postingDay.number))
        row.place(seq)
        row.place(item.amount)
        row.place(clearing)
        row.place(item.stated)
        row.place(item.stated.map { _ in Int64(asOf.number) })
        row.place(item.amount - clearing)
        try row.insert()
        var entry = ColumnWriter(entries)
        entry.place(seq)
        entry.place(company)
        entry.place(batchNo)
        entry.place(Int64(receivable.kind.rawValue))
        entry.place(value.currency.code)
        entry.place(item.amount)
        entry.place(id)
        entry.place(value.customerID)
        entry.place(Int64(receivable.postingDay.number))
        try entry.insert()
    }

    /// What the source states of the items, the clearing that follows from it, and the indexes.
    /// - Parameter span: how many positions the staged rows took; entries of one kind keep their order in the log.
    func finish(span: Int64, statesOpen: Bool, asOf: Day) throws {
        (invoices, items, entries) = (nil, nil, nil)
        if statesOpen { try enterStated(span: span, asOf: asOf) }
        do {
            try session.script(SchemaV1.itemIndexes + ";" + SchemaV1.invoiceIndexes)
        } catch let failure as StoreFailure where failure.code == Self.uniquenessFailure {
            throw Unfit(reason: "two rows have one id")
        }
    }

    private func enterStated(span: Int64, asOf: Day) throws {
        try session.execute(
            """
            INSERT INTO log(seq, company, batch, kind, currency, amount, item, customer, posting_day)
            SELECT first_seq + ?, company, ?, ?, currency, stated, id, customer, ?
            FROM item WHERE company = ? AND stated IS NOT NULL ORDER BY first_seq
            """, [span, batchNo, Entry.Kind.stated.rawValue, asOf, company])
        try session.execute(
            """
            INSERT INTO log(seq, company, batch, kind, currency, amount, item, customer, rule, posting_day)
            SELECT first_seq + ?, company, ?, ?, currency, source, id, customer, 'SOURCE-CLEARING',
                CASE WHEN posting_day > ? THEN posting_day ELSE ? END
            FROM item WHERE company = ? AND source <> 0 ORDER BY first_seq
            """, [span * 2, batchNo, Entry.Kind.sourceClearing.rawValue, asOf, asOf, company])
    }
}

extension Session {
    /// Whether a large file is worth a first load; whether it fits shows with its first document.
    package func isWithoutInvoices(company: String) throws -> Bool {
        try first("SELECT 1 FROM invoice WHERE company = ? LIMIT 1", [company]) { _ in true } == nil
    }
}
