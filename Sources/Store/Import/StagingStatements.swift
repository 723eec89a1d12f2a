// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// The compiled inserts of a staging file, bound by hand: this is the import's hot path.
final class StagingStatements {
    private var invoice: PreparedStatement?
    private var prepared: [String: PreparedStatement] = [:]
    private let database: SQLiteHandle

    init(_ database: SQLiteHandle) throws {
        self.database = database
        let count = 1 + SchemaV1.invoiceStated.count + StagingSchema.entering.count
        invoice = try database.prepare("INSERT INTO invoice VALUES (\(Self.marks(count)))")
    }

    /// Finalizes every statement, so that the file can be read by another connection.
    func close() {
        invoice = nil
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

    func append(_ staged: StagedInvoice, asOf: Day) throws {
        guard let invoice else { preconditionFailure("the staging file was finished") }
        var row = ColumnWriter(invoice)
        row.place(staged.position)
        row.place(staged.id)
        Self.writeEntering(staged, asOf: asOf, &row)
        Self.writeStated(staged, &row)
        try row.insert()
        let items = staged.receivable?.items ?? []
        guard items.count > 1 else { return }
        for (index, item) in items.enumerated() {
            try append(item, position: staged.position + Int64(index) + 1, invoice: staged.position, asOf: asOf)
        }
    }

    /// The columns of `SchemaV1.invoiceStated`, in their order.
    private static func writeStated(_ staged: StagedInvoice, _ row: inout ColumnWriter) {
        let value = staged.invoice
        row.place(value.number)
        row.place(value.kind.rawValue)
        row.place(value.currency.code)
        row.place(Int64(value.issuedOn.number))
        writeCommon(staged, &row)
        writeMore(value, &row)
    }

    /// The columns of `SchemaV1.invoiceCommon`, in their order.
    static func writeCommon(_ staged: StagedInvoice, _ row: inout ColumnWriter) {
        let value = staged.invoice
        row.place(staged.place)
        row.place(value.id)
        row.place(staged.key)
        row.place(staged.year)
        row.place(Int64(1))
        row.place(staged.content)
        row.place(value.reference)
        row.place(value.total?.minorUnits)
        row.place(value.open?.minorUnits)
        row.place(value.dueOn.map { Int64($0.number) })
    }

    /// The columns of `SchemaV1.invoiceMore`, in their order.
    static func writeMore(_ value: Invoice, _ row: inout ColumnWriter) {
        row.place(value.status?.rawValue)
        row.place(value.structuredReference)
        row.place(value.purchaseOrder)
        row.place(value.document)
        row.place(value.corrects)
        row.place(value.correction?.rawValue)
        row.place(value.collectionMethod)
        row.place(value.assignedTo)
        for amount in [
            value.net, value.tax, value.payable, value.prepaid, value.rounding, value.paid, value.inTransit,
            value.totalBase, value.openBase,
        ] { row.place(amount?.minorUnits) }
        row.place((value.totalBase ?? value.openBase)?.currency.code)
        row.place(value.rate?.text)
        for day in [value.postedOn, value.paidOn, value.lastDunnedOn] { row.place(day.map { Int64($0.number) }) }
        row.place(value.dunningLevel.map { Int64($0) })
        row.place(value.modifiedAt?.milliseconds)
        // False is stored as NULL: most rows have none of the flags.
        for flag in [value.deleted, value.disputed, value.dunningBlocked] { row.place(flag ? 1 : nil) }
        row.place(TermsText.encode(value.discounts))
        row.place(TermsText.encode(value.taxes))
        row.place(TermsText.encode(value.instalments))
    }

    private static func writeEntering(_ staged: StagedInvoice, asOf: Day, _ row: inout ColumnWriter) {
        let receivable = staged.receivable
        row.place(staged.invoice.customerID)
        row.place(staged.party)
        row.place(receivable?.basis.rawValue)
        row.place(receivable.map { Int64($0.kind.rawValue) })
        row.place(receivable.map { Int64($0.postingDay.number) })
        row.place(receivable.map { Int64($0.items.count) } ?? 0)
        let single = staged.whole
        row.place(Int64((single?.dueOn ?? Receivable.dueDay(staged.invoice)).number))
        row.place(receivable?.amount)
        row.place(single?.stated)
        row.place(single.map { $0.clearing(asOf: asOf) })
        row.place(staged.statesMore ? 1 : 0)
    }

    private func append(_ item: Receivable.Item, position: Int64, invoice: Int64, asOf: Day) throws {
        var row = try writer("instalment", columns: 7)
        row.place(position)
        row.place(invoice)
        row.place(Int64(item.n))
        row.day(item.dueOn)
        row.place(item.amount)
        row.place(item.stated)
        row.place(item.clearing(asOf: asOf))
        try row.insert()
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
