// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// What the caller's thread hands to the queue that writes it; small, so that handing it on is. Invoices go as bytes.
indirect enum StagedRow: Sendable {
    case party(StagedParty)
    case attachment(Invoice.Attachment, invoice: Int64)
    case payment(Payment, position: Int64)
    /// Payments that a statement has which is a repetition.
    case withdrawal(after: Int64)
    case other(Document)
}

/// Rows that are handed over together.
struct StagedBatch: Sendable {
    let invoices: RowBytes
    let rows: [StagedRow]
}

/// What the core decided for an invoice, should it be new; the invoice itself goes with it.
struct StagedInvoice {
    let receivable: Receivable?
    let position: Int64
    let party: Int64
    /// Kind and number (`Identity.key`).
    let key: Int64
    let year: Int64
    /// Its own id, or one made of kind, number and fiscal year.
    let id: String
    /// Where the file states it.
    let place: Position
    let content: Int64
    /// It states something of `SchemaV1.invoiceMore`.
    let statesMore: Bool

    init(_ invoice: Invoice, position: Int64, party: Int64, receivable: Receivable?) {
        self.receivable = receivable
        self.position = position
        self.party = party
        key = Identity.key(kind: invoice.kind.rawValue, number: invoice.number)
        year = Int64(invoice.issuedOn.year)
        id = invoice.id ?? Identity.invoice(key: key, year: year, occurrence: 1)
        place = invoice.provenance.at
        var content = InvoiceContent()
        content.add(invoice)
        self.content = content.hash
        statesMore = content.statesMore
    }

    /// The only item, where one stands for the whole invoice.
    var whole: Receivable.Item? { receivable.flatMap { $0.items.count == 1 ? $0.items.first : nil } }

    /// The invoice's own position, then one for each of several instalments.
    var lastPosition: Int64 {
        let items = receivable?.items.count ?? 0
        return position + (items > 1 ? Int64(items) : 0)
    }
}

/// An insert of all those rows of a `RowBytes` that are for one of a writer's statements.
struct BulkInsert {
    private let statement: PreparedStatement
    private let target: Int

    /// - Parameters:
    ///   - columns: what the rows have values for, in their order.
    ///   - same: columns that have one value in all rows.
    init(
        _ database: SQLiteHandle, target: Int, into table: String, _ columns: [String],
        same: [(name: String, value: Value)] = []
    ) throws {
        let values = columns.indices.map { "c\($0)" } + same.indices.map { "?\($0 + 2)" }
        // Whoever inserts many rows undoes the whole transaction when one fails. Without OR FAIL SQLite would be ready
        // to undo the statement alone: each page that leaves the cache meanwhile would be written to a journal too.
        statement = try database.prepare(
            """
            INSERT OR FAIL INTO \(table)(\((columns + same.map(\.name)).joined(separator: ", ")))
            SELECT \(values.joined(separator: ", ")) FROM tieout_rows(?1)
            """)
        self.target = target
        for (index, column) in same.enumerated() { statement.bind(index + 1, column.value) }
    }

    func write(_ rows: RowBytes) throws {
        if rows.holds(target) { try statement.run(rows, target: target) }
    }
}

/// A payer as an invoice names it.
struct StagedParty: Sendable {
    let key: Int64
    let customerID: String?
    let name: String?
    let tradingName: String?
    let taxID: String?
    let position: Position

    init(key: Int64, of invoice: Invoice) {
        self.key = key
        customerID = invoice.customerID
        name = invoice.customerName
        tradingName = invoice.customerTradingName
        taxID = invoice.taxID
        position = invoice.provenance.at
    }
}
