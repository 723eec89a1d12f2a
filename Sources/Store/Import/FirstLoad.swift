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
/// Unchecked: the caller's thread makes it, packs and finishes; only `write` runs on the staging queue, and touches
/// nothing but the inserts and the digest.
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
    /// For which insert a row is.
    private enum Target: Int, CaseIterable { case whole, part, bare, more, entry }
    private var inserts: [BulkInsert] = []
    /// The row numbers of what is loaded begin after this one.
    private let lastNo: Int64
    /// Invoices packed.
    private(set) var count = 0
    /// Over the entries written, from the bytes that they are bound from.
    private let digest = RowsDigest()
    private var lastSeq: Int64
    var written: DigestedRows { DigestedRows(digest: digest, through: lastSeq) }
    /// The currency of the row before and its code: making a text of it each time costs as much as packing it.
    private var currency: (value: Currency, code: String)?

    /// SQLITE_CONSTRAINT_UNIQUE.
    private static let uniquenessFailure = "SQLITE-2067"
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
        try session.dropItemIndexes()
        lastNo = try session.lastDocumentNo()
        inserts = try Target.allCases.map { try insert($0) }
    }

    private func insert(_ target: Target) throws -> BulkInsert {
        let document = ["basis"] + SchemaV1.invoiceCommon.map { SchemaV1.borne($0.name) }
        let item = [
            "no", "id", "number", "kind", "instalment", "customer", "currency", "issued_on", "due_on", "posting_day",
            "first_seq", "amount", "source", "stated", "stated_as_of",
        ]
        let (table, columns) =
            switch target {
            case .whole: ("item_row", item + document)
            case .part: ("item_row", item + ["parent_id", "bearer"])
            case .bare:
                ("invoice_row", ["no", "id", "customer", "number", "kind", "currency", "issued_on"] + document)
            case .more: ("invoice_more", ["no"] + SchemaV1.invoiceMore.map(\.name))
            // Those that follow in the digest are NULL.
            case .entry: ("log", Array(Session.digestedColumns.prefix(Self.entryColumns)))
            }
        var same: [(name: String, value: Value)] = []
        if target != .more, target != .entry { same.append(("company", .text(company))) }
        if target == .whole || target == .bare { same.append(("import_no", .integer(importNo))) }
        if target == .entry { same.append(("batch", .integer(batchNo))) }
        return try BulkInsert(session.database, target: target.rawValue, into: table, columns, same: same)
    }

    /// Whether nothing that the books hold could be stated again by the file.
    private static func isFirst(_ session: Session, company: String, source: String) throws -> Bool {
        func exists(_ sql: String, _ arguments: [(any Bindable)?]) throws -> Bool {
            try session.first(sql + " LIMIT 1", arguments) { _ in true } ?? false
        }
        let others = try session.first("SELECT COALESCE(MAX(no), 0) FROM item_row") { $0.int(0) } ?? 0
        return try others < othersMax
            && session.period(company: company).firstOpenDay == nil
            && session.isWithoutInvoices(company: company)
            && !exists("SELECT 1 FROM customer_alias WHERE company = ? AND source = ?", [company, source])
            && !exists(
                "SELECT 1 FROM customer WHERE company = ? AND (is_derived = 1 OR source <> ?)", [company, source])
    }

    /// On the thread that reads: the rows that `write` will insert.
    func pack(_ staged: StagedInvoice, of invoice: Invoice, asOf: Day, into rows: RowBytes) {
        count += 1
        if staged.statesMore {
            rows.add(Target.more.rawValue) { row in
                row.place(lastNo + staged.position)
                StagingStatements.packMore(invoice, into: &row)
            }
        }
        let code = code(of: invoice.currency)
        if let item = staged.whole, let receivable = staged.receivable {
            pack(
                item, id: staged.id, position: staged.position, of: staged, invoice, code, receivable, asOf: asOf,
                into: rows)
            return
        }
        packBare(staged, of: invoice, code, into: rows)
        guard let receivable = staged.receivable else { return }
        for (index, item) in receivable.items.enumerated() {
            pack(
                item, id: "\(staged.id)/\(item.n)", position: staged.position + Int64(index) + 1, of: staged, invoice,
                code, receivable, asOf: asOf, into: rows)
        }
    }

    private func code(of currency: Currency) -> String {
        if let known = self.currency, known.value == currency { return known.code }
        let code = currency.code
        self.currency = (currency, code)
        return code
    }

    private func packBare(_ staged: StagedInvoice, of invoice: Invoice, _ code: String, into rows: RowBytes) {
        rows.add(Target.bare.rawValue) { row in
            row.place(lastNo + staged.position)
            row.place(staged.id)
            row.place(invoice.customerID)
            row.place(invoice.number)
            row.place(invoice.kind.rawValue)
            row.place(code)
            row.place(Int64(invoice.issuedOn.number))
            row.place(staged.receivable?.basis.rawValue)
            StagingStatements.packCommon(staged, of: invoice, into: &row)
        }
    }

    private func pack(
        _ item: Receivable.Item, id: String, position: Int64, of staged: StagedInvoice, _ invoice: Invoice,
        _ code: String, _ receivable: Receivable, asOf: Day, into rows: RowBytes
    ) {
        let isWhole = position == staged.position
        let seq = firstSeq - 1 + position
        let clearing = item.clearing(asOf: asOf)
        rows.add((isWhole ? Target.whole : .part).rawValue) { row in
            row.place(lastNo + position)
            row.place(id)
            row.place(invoice.number)
            row.place(invoice.kind.rawValue)
            row.place(Int64(item.n))
            row.place(invoice.customerID)
            row.place(code)
            row.place(Int64(invoice.issuedOn.number))
            row.place(Int64(item.dueOn.number))
            row.place(Int64(receivable.postingDay.number))
            row.place(seq)
            row.place(item.amount)
            row.place(clearing)
            row.place(item.stated)
            row.place(item.stated.map { _ in Int64(asOf.number) })
            if isWhole {
                row.place(receivable.basis.rawValue)
                StagingStatements.packCommon(staged, of: invoice, into: &row)
            } else {
                row.place(staged.id)
                row.place(lastNo + staged.position)
            }
        }
        packEntry(seq: seq, id: id, item, of: invoice, code, receivable, into: rows)
    }

    /// The columns that an invoice's entry has, of `Session.digestedColumns`: as far as the posting day.
    private static let entryColumns = 10

    /// The entry's values in the order of `Session.digestedColumns`.
    private func packEntry(
        seq: Int64, id: String, _ item: Receivable.Item, of invoice: Invoice, _ code: String,
        _ receivable: Receivable, into rows: RowBytes
    ) {
        rows.add(Target.entry.rawValue) { row in
            row.place(seq)
            row.place(company)
            row.place(Int64(receivable.kind.rawValue))
            row.place(code)
            row.place(item.amount)
            row.place(id)
            row.placeNulls(2)
            row.place(invoice.customerID)
            row.place(Int64(receivable.postingDay.number))
            row.placeNulls(Session.digestedColumns.count - Self.entryColumns)
        }
        lastSeq = seq
    }

    /// On the queue that writes.
    func write(_ rows: RowBytes) throws {
        for insert in inserts { try insert.write(rows) }
        var place = 0
        while let row = rows.row(at: place) {
            if row.statement == Target.entry.rawValue { digest.add(rows, row) }
            place = row.end
        }
    }

    /// What the source states of the items, the clearing that follows from it, and the indexes.
    /// - Parameter span: how many positions the staged rows took; entries of one kind keep their order in the log.
    func finish(span: Int64, statesOpen: Bool, asOf: Day) throws {
        inserts.removeAll()
        if statesOpen { try enterStated(span: span, asOf: asOf) }
        do {
            try session.makeItemIndexes()
        } catch let failure as StoreFailure where failure.code == Self.uniquenessFailure {
            throw Unfit(reason: "two rows have one id")
        }
    }

    private func enterStated(span: Int64, asOf: Day) throws {
        try session.execute(
            """
            INSERT INTO log(seq, company, batch, kind, currency, amount, item, customer, posting_day)
            SELECT first_seq + ?, company, ?, ?, currency, stated, id, customer, ?
            FROM item_row WHERE company = ? AND stated IS NOT NULL ORDER BY first_seq
            """, [span, batchNo, Entry.Kind.stated.rawValue, asOf, company])
        try session.execute(
            """
            INSERT INTO log(seq, company, batch, kind, currency, amount, item, customer, rule, posting_day)
            SELECT first_seq + ?, company, ?, ?, currency, source, id, customer, 'SOURCE-CLEARING',
                CASE WHEN posting_day > ? THEN posting_day ELSE ? END
            FROM item_row WHERE company = ? AND source <> 0 ORDER BY first_seq
            """, [span * 2, batchNo, Entry.Kind.sourceClearing.rawValue, asOf, asOf, company])
    }
}

extension Session {
    /// Whether a large file is worth a first load; whether it fits shows with its first document.
    package func isWithoutInvoices(company: String) throws -> Bool {
        for table in Self.bearers
        where try first("SELECT 1 FROM \(table) WHERE company = ? LIMIT 1", [company], { _ in true }) ?? false {
            return false
        }
        return true
    }

    /// Before many rows; `makeItemIndexes` makes them anew.
    func dropItemIndexes() throws {
        try script("DROP INDEX item_id; DROP INDEX item_customer; DROP INDEX item_key")
    }

    func makeItemIndexes() throws { try makeIndexes(BalanceTables.itemIndexes) }

    /// SQLite sorts as much at once as its cache may hold, in lists: runs that stay in the processor's own cache take
    /// two thirds of the time.
    ///
    /// Changed pages leave the cache before each statement. Those that left it meanwhile would be written to a journal
    /// too, to undo that statement alone.
    /// - Parameter definitions: one statement each.
    func makeIndexes(_ definitions: [String]) throws {
        try database.flush()
        try script("PRAGMA cache_size=-4096")
        let made = Result {
            for definition in definitions {
                try script(definition)
                try database.flush()
            }
        }
        try script("PRAGMA cache_size=\(StoreFile.cacheSize)")
        try made.get()
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
            "SELECT max((SELECT COALESCE(MAX(no), 0) FROM item_row), (SELECT COALESCE(MAX(no), 0) FROM invoice_row))"
        ) { $0.int(0) } ?? 0
    }
}
