// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// The compiled inserts of a staging file, bound by hand: this is the import's hot path.
final class StagingStatements {
    /// For which insert a row of invoices is.
    private enum Target: Int { case invoice, leanInvoice, instalment }

    private var inserts: [RowInsert] = []
    private var prepared: [String: PreparedStatement] = [:]
    private let database: SQLiteHandle

    init(_ database: SQLiteHandle) throws {
        self.database = database
        let lean = ["no"] + (StagingSchema.entering + SchemaV1.invoiceHead + SchemaV1.invoiceCommon).map(\.name)
        for (table, columns) in [
            ("invoice", lean + SchemaV1.invoiceMore.map(\.name)), ("invoice", lean),
            ("instalment", ["no", "invoice", "n", "due_on", "amount", "stated", "clearing"]),
        ] {
            let sql = "INSERT INTO \(table)(\(columns.joined(separator: ", "))) VALUES (\(Self.marks(columns.count)))"
            inserts.append(RowInsert(statement: try database.prepare(sql), values: columns.count))
        }
    }

    /// Finalizes every statement, so that the file can be read by another connection.
    func close() {
        inserts.removeAll()
        prepared.removeAll()
    }

    /// The insert of a table that is less hot, compiled when it is first used.
    func writer(_ table: String, columns: Int, verb: String = "INSERT") throws -> ColumnWriter {
        if let statement = prepared[table] { return ColumnWriter(statement) }
        let statement = try database.prepare("\(verb) INTO \(table) VALUES (\(Self.marks(columns)))")
        prepared[table] = statement
        return ColumnWriter(statement)
    }

    private static func marks(_ count: Int) -> String {
        [String](repeating: "?", count: count).joined(separator: ", ")
    }

    func write(_ invoices: RowBytes) throws {
        var place = 0
        while let row = invoices.row(at: place) {
            try inserts[row.statement].write(invoices, row)
            place = row.end
        }
    }

    /// On the thread that reads: the rows that `write` will insert.
    static func pack(_ staged: StagedInvoice, of value: Invoice, asOf: Day, into rows: RowBytes) {
        rows.begin((staged.statesMore ? Target.invoice : .leanInvoice).rawValue)
        rows.place(staged.position)
        packEntering(staged, of: value, asOf: asOf, into: rows)
        rows.place(value.number)
        rows.place(value.kind.rawValue)
        rows.place(value.currency.code)
        rows.place(Int64(value.issuedOn.number))
        packCommon(staged, of: value, into: rows)
        if staged.statesMore { packMore(value, into: rows) }
        rows.end()
        let items = staged.receivable?.items ?? []
        guard items.count > 1 else { return }
        for (index, item) in items.enumerated() {
            rows.begin(Target.instalment.rawValue)
            rows.place(staged.position + Int64(index) + 1)
            rows.place(staged.position)
            rows.place(Int64(item.n))
            rows.place(Int64(item.dueOn.number))
            rows.place(item.amount)
            rows.place(item.stated)
            rows.place(item.clearing(asOf: asOf))
            rows.end()
        }
    }

    /// The columns of `StagingSchema.entering`, in their order.
    private static func packEntering(
        _ staged: StagedInvoice, of value: Invoice, asOf: Day, into rows: RowBytes
    ) {
        let receivable = staged.receivable
        rows.place(staged.id)
        rows.place(value.customerID)
        rows.place(staged.party)
        rows.place(receivable?.basis.rawValue)
        rows.place(receivable.map { Int64($0.kind.rawValue) })
        rows.place(receivable.map { Int64($0.postingDay.number) })
        rows.place(receivable.map { Int64($0.items.count) } ?? 0)
        let single = staged.whole
        rows.place(Int64((single?.dueOn ?? Receivable.dueDay(value)).number))
        rows.place(receivable?.amount)
        rows.place(single?.stated)
        rows.place(single.map { $0.clearing(asOf: asOf) })
        rows.place(staged.statesMore ? 1 : 0)
    }

    /// The columns of `SchemaV1.invoiceCommon`, in their order.
    static func packCommon(_ staged: StagedInvoice, of value: Invoice, into rows: RowBytes) {
        rows.place(staged.place)
        rows.place(value.id)
        rows.place(staged.key)
        rows.place(staged.year)
        rows.place(1)
        rows.place(staged.content)
        rows.place(value.reference)
        rows.place(value.total?.minorUnits)
        rows.place(value.open?.minorUnits)
        rows.place(value.dueOn.map { Int64($0.number) })
    }

    /// The columns of `SchemaV1.invoiceMore`, in their order.
    static func packMore(_ value: Invoice, into rows: RowBytes) {
        rows.place(value.status?.rawValue)
        rows.place(value.structuredReference)
        rows.place(value.purchaseOrder)
        rows.place(value.document)
        rows.place(value.corrects)
        rows.place(value.correction?.rawValue)
        rows.place(value.collectionMethod)
        rows.place(value.assignedTo)
        for amount in [
            value.net, value.tax, value.payable, value.prepaid, value.rounding, value.paid, value.inTransit,
            value.totalBase, value.openBase,
        ] { rows.place(amount?.minorUnits) }
        rows.place((value.totalBase ?? value.openBase)?.currency.code)
        rows.place(value.rate?.text)
        for day in [value.postedOn, value.paidOn, value.lastDunnedOn] { rows.place(day.map { Int64($0.number) }) }
        rows.place(value.dunningLevel.map { Int64($0) })
        rows.place(value.modifiedAt?.milliseconds)
        // False is stored as NULL: most rows have none of the flags.
        for flag in [value.deleted, value.disputed, value.dunningBlocked] { rows.place(flag ? 1 : nil as Int64?) }
        rows.place(TermsText.encode(value.discounts))
        rows.place(TermsText.encode(value.taxes))
        rows.place(TermsText.encode(value.instalments))
    }

    func append(_ attachment: Invoice.Attachment, invoice: Int64) throws {
        var row = try writer("attachment", columns: 5)
        row.place(nil as Int64?)
        row.place(invoice)
        row.place(attachment.name)
        row.place(attachment.mediaType)
        row.statement.bind(row.skip(), attachment.bytes)
        try row.insert()
    }

    func append(_ party: StagedParty) throws {
        var row = try writer("party", columns: 9, verb: "INSERT OR IGNORE")
        row.place(party.key)
        row.place(party.customerID)
        row.place(party.name)
        row.place(party.tradingName)
        row.place(party.taxID)
        row.place(Identity.hash(Identity.normalizedName(party.name)))
        row.place(Identity.hash(Identity.normalizedTaxID(party.taxID)))
        row.place(party.position.text)
        try row.insert()
    }

    func append(_ value: Payment, position: Int64) throws {
        var row = try writer("payment", columns: 1 + EntryColumns.paymentStated.count + 8)
        row.place(position)
        row.place(value.provenance.at.text)
        row.text(value.id)
        let content = row.skip()
        row.text(value.amount.currency.code)
        row.money(value.amount)
        row.money(value.originalAmount)
        row.text(value.originalAmount?.currency.code)
        row.money(value.fee)
        row.text(value.account)
        row.text(value.structuredReference)
        row.text(value.endToEndID)
        row.text(value.bankCode)
        row.text(value.method)
        row.text(value.reverses)
        row.text(value.returnReason)
        row.text(value.status.rawValue)
        row.day(value.bookedOn)
        row.day(value.valuedOn)
        row.day(value.postedOn)
        row.text(value.entryReference)
        row.money(value.entryAmount)
        row.mix(value.customerID)
        row.mix(value.payerName)
        row.mix(value.payerAccount)
        row.mix(value.remittance)
        row.statement.bind(content, row.contentHash())
        let identity = Self.fingerprint(value)
        row.place(value.id ?? Identity.record("p", identity, occurrence: 1))
        row.place(Int64(bitPattern: identity.high))
        row.place(Int64(bitPattern: identity.low))
        row.place(value.customerID)
        row.place(value.payerName)
        row.place(value.payerAccount)
        row.place(value.remittance)
        row.place(Int64(value.postingDay.number))
        try row.insert()
    }

    /// What makes a row without an id the same row in the next export. The status is not part of it: a pending
    /// entry that is booked later is one entry.
    private static func fingerprint(_ value: Payment) -> Fingerprint {
        var builder = Fingerprint.Builder()
        builder.add(value.amount.currency.code)
        builder.add(value.amount.minorUnits)
        builder.add(Int64(value.bookedOn.number))
        builder.add(Int64((value.valuedOn ?? value.bookedOn).number))
        let texts: [String?] = [
            value.account, value.payerName, value.payerAccount, value.remittance, value.structuredReference,
            value.endToEndID, value.bankCode, value.reverses,
        ]
        for text in texts { builder.add(text) }
        return builder.finish()
    }
}
