// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// A company's first invoices on their way straight into the books, inside the transaction that brings them.
///
/// The books hold nothing that a row could repeat, so nothing is staged and compared: each invoice is written once,
/// with its items and their entries, and the indexes are made when the last one is there. The lock is held while the
/// file is read, for about as long as the merge of a staged file takes (docs/DECISIONS.md).
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
    private var whole: PreparedStatement?
    private var bare: PreparedStatement?
    private var parts: PreparedStatement?
    private var more: PreparedStatement?
    private var entries: PreparedStatement?
    /// The row numbers of what is loaded begin after this one.
    private let lastNo: Int64
    /// Invoices written.
    private(set) var count = 0
    /// Over the entries written, told while they are at hand.
    private let digest = RowsDigest()
    private var lastSeq: Int64
    var written: DigestedRows { DigestedRows(digest: digest, through: lastSeq) }

    /// SQLITE_CONSTRAINT_UNIQUE.
    private static let uniquenessFailure = "SQLITE-2067"
    private static let indexes = ["item_id", "item_customer", "item_key"]
    /// Rows of other companies; above this, making every index anew costs more than it saves.
    private static let othersMax: Int64 = 50_000

    /// Nil when the books know something that the file may state again.
    init?(_ session: Session, company: Company, source: String) throws {
        guard try Self.isFirst(session, company: company.id, source: source) else { return nil }
        self.session = session
        self.company = company.id
        importNo = try session.first("SELECT COALESCE(MAX(no), 0) + 1 FROM import_run") { $0.int(0) } ?? 1
        batchNo = try session.first("SELECT COALESCE(MAX(no), 0) + 1 FROM batch") { $0.int(0) } ?? 1
        firstSeq = try session.nextSeq()
        lastSeq = firstSeq - 1
        for index in Self.indexes { try session.script("DROP INDEX \(index)") }
        lastNo = try session.lastDocumentNo()
        let document = ["import_no", "basis"] + SchemaV1.invoiceCommon.map { SchemaV1.borne($0.name) }
        let item = [
            "no", "company", "id", "number", "kind", "instalment", "customer", "currency", "issued_on", "due_on",
            "posting_day", "first_seq", "amount", "source", "stated", "stated_as_of", "open",
        ]
        whole = try session.insert(into: "item", item + document)
        parts = try session.insert(into: "item", item + ["parent_id", "bearer"])
        bare = try session.insert(
            into: "invoice_row",
            ["no", "company", "id", "customer", "number", "kind", "currency", "issued_on"] + document)
        more = try session.insert(into: "invoice_more", ["no"] + SchemaV1.invoiceMore.map(\.name))
        entries = try session.insert(
            into: "log",
            ["seq", "company", "batch", "kind", "currency", "amount", "item", "customer", "posting_day"])
    }

    /// Whether nothing that the books hold could be stated again by the file.
    private static func isFirst(_ session: Session, company: String, source: String) throws -> Bool {
        func exists(_ sql: String, _ arguments: [(any Bindable)?]) throws -> Bool {
            try session.first(sql + " LIMIT 1", arguments) { _ in true } ?? false
        }
        let others = try session.first("SELECT COALESCE(MAX(no), 0) FROM item") { $0.int(0) } ?? 0
        return try others < othersMax
            && session.period(company: company).firstOpenDay == nil
            && session.isWithoutInvoices(company: company)
            && !exists("SELECT 1 FROM customer_alias WHERE company = ? AND source = ?", [company, source])
            && !exists(
                "SELECT 1 FROM customer WHERE company = ? AND (is_derived = 1 OR source <> ?)", [company, source])
    }

    func append(_ staged: StagedInvoice, asOf: Day) throws {
        count += 1
        if staged.statesMore { try appendMore(staged) }
        if let item = staged.whole, let receivable = staged.receivable {
            return try append(item, id: staged.id, position: staged.position, of: staged, receivable, asOf: asOf)
        }
        try appendBare(staged)
        guard let receivable = staged.receivable else { return }
        for (index, item) in receivable.items.enumerated() {
            try append(
                item, id: "\(staged.id)/\(item.n)", position: staged.position + Int64(index) + 1, of: staged,
                receivable, asOf: asOf)
        }
    }

    private func appendBare(_ staged: StagedInvoice) throws {
        guard let bare else { return }
        let value = staged.invoice
        var row = ColumnWriter(bare)
        row.place(lastNo + staged.position)
        row.place(company)
        row.place(staged.id)
        row.place(value.customerID)
        row.place(value.number)
        row.place(value.kind.rawValue)
        row.place(value.currency.code)
        row.place(Int64(value.issuedOn.number))
        appendDocument(staged, &row)
        try row.insert()
    }

    private func appendDocument(_ staged: StagedInvoice, _ row: inout ColumnWriter) {
        row.place(importNo)
        row.place(staged.receivable?.basis.rawValue)
        StagingStatements.writeCommon(staged, &row)
    }

    private func appendMore(_ staged: StagedInvoice) throws {
        guard let more else { return }
        var row = ColumnWriter(more)
        row.place(lastNo + staged.position)
        StagingStatements.writeMore(staged.invoice, &row)
        try row.insert()
    }

    private func append(
        _ item: Receivable.Item, id: String, position: Int64, of staged: StagedInvoice, _ receivable: Receivable,
        asOf: Day
    ) throws {
        let isWhole = position == staged.position
        guard let statement = isWhole ? whole : parts, let entries else { return }
        let value = staged.invoice
        let seq = firstSeq - 1 + position
        let clearing = item.clearing(asOf: asOf)
        var row = ColumnWriter(statement)
        row.place(lastNo + position)
        row.place(company)
        row.place(id)
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
        if isWhole {
            appendDocument(staged, &row)
        } else {
            row.place(staged.id)
            row.place(lastNo + staged.position)
        }
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
        tell(seq: seq, id: id, item, of: value, receivable)
    }

    /// The entry's values in the order of `Session.digestedColumns`.
    private func tell(seq: Int64, id: String, _ item: Receivable.Item, of invoice: Invoice, _ receivable: Receivable) {
        let customer = invoice.customerID ?? ""
        digest.beginRow(
            columns: Session.digestedColumns.count, texts: company.utf8.count + 3 + id.utf8.count + customer.utf8.count)
        digest.number(seq)
        digest.text(company)
        digest.number(Int64(receivable.kind.rawValue))
        digest.text(invoice.currency.code)
        digest.number(item.amount)
        digest.text(id)
        digest.null()
        digest.null()
        digest.text(customer)
        digest.number(Int64(receivable.postingDay.number))
        for _ in 10..<Session.digestedColumns.count { digest.null() }
        lastSeq = seq
    }

    /// What the source states of the items, the clearing that follows from it, and the indexes.
    /// - Parameter span: how many positions the staged rows took; entries of one kind keep their order in the log.
    func finish(span: Int64, statesOpen: Bool, asOf: Day) throws {
        (whole, bare, parts, more, entries) = (nil, nil, nil, nil, nil)
        if statesOpen { try enterStated(span: span, asOf: asOf) }
        do {
            try session.script(SchemaV1.itemIndexes)
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
        for table in ["item", "invoice_row"]
        where try first("SELECT 1 FROM \(table) WHERE company = ? LIMIT 1", [company], { _ in true }) ?? false {
            return false
        }
        return true
    }

    func insert(into table: String, _ columns: [String]) throws -> PreparedStatement {
        try prepare(
            """
            INSERT INTO \(table)(\(columns.joined(separator: ", ")))
            VALUES (\([String](repeating: "?", count: columns.count).joined(separator: ", ")))
            """)
    }

    /// Row numbers of items and of documents without one are one series.
    func lastDocumentNo() throws -> Int64 {
        try first(
            "SELECT max((SELECT COALESCE(MAX(no), 0) FROM item), (SELECT COALESCE(MAX(no), 0) FROM invoice_row))"
        ) { $0.int(0) } ?? 0
    }
}
