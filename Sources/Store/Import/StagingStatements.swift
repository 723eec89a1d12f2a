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
    static func writeStated(_ staged: StagedInvoice, _ row: inout ColumnWriter) {
        let value = staged.invoice
        row.text(value.number)
        row.text(value.kind.rawValue)
        row.text(value.currency.code)
        row.day(value.issuedOn)
        row.place(value.provenance.at.text)
        row.text(value.id)
        row.place(staged.key)
        row.place(staged.year)
        row.place(Int64(1))
        let content = row.skip()
        row.mix(value.customerID ?? value.customerName)
        row.text(value.status?.rawValue)
        writeTexts(value, &row)
        writeAmounts(value, &row)
        writeDays(value, &row)
        row.flag(value.deleted)
        row.flag(value.disputed)
        row.flag(value.dunningBlocked)
        row.text(TermsText.encode(value.discounts))
        row.text(TermsText.encode(value.taxes))
        row.text(TermsText.encode(value.instalments))
        row.statement.bind(content, row.contentHash())
    }

    private static func writeTexts(_ value: Invoice, _ row: inout ColumnWriter) {
        row.text(value.reference)
        row.text(value.structuredReference)
        row.text(value.purchaseOrder)
        row.text(value.document)
        row.text(value.corrects)
        row.text(value.correction?.rawValue)
        row.text(value.collectionMethod)
        row.text(value.assignedTo)
    }

    private static func writeAmounts(_ value: Invoice, _ row: inout ColumnWriter) {
        row.money(value.total)
        row.money(value.net)
        row.money(value.tax)
        row.money(value.payable)
        row.money(value.prepaid)
        row.money(value.rounding)
        row.money(value.open)
        row.money(value.paid)
        row.money(value.inTransit)
        row.money(value.totalBase)
        row.money(value.openBase)
        row.text((value.totalBase ?? value.openBase)?.currency.code)
        row.text(value.rate?.text)
    }

    private static func writeDays(_ value: Invoice, _ row: inout ColumnWriter) {
        row.day(value.postedOn)
        row.day(value.dueOn)
        row.day(value.paidOn)
        row.day(value.lastDunnedOn)
        row.number(value.dunningLevel.map { Int64($0) })
        // Touched without a change is no change.
        row.place(value.modifiedAt?.milliseconds)
    }

    private static func writeEntering(_ staged: StagedInvoice, asOf: Day, _ row: inout ColumnWriter) {
        let receivable = staged.receivable
        row.place(staged.invoice.customerID)
        row.place(staged.party)
        row.place(receivable?.basis.rawValue)
        row.place(receivable.map { Int64($0.kind.rawValue) })
        row.place(receivable.map { Int64($0.postingDay.number) })
        row.place(receivable.map { Int64($0.items.count) } ?? 0)
        let single = receivable.flatMap { $0.items.count == 1 ? $0.items.first : nil }
        row.place(Int64((single?.dueOn ?? Receivable.dueDay(staged.invoice)).number))
        row.place(receivable?.amount)
        row.place(single?.stated)
        row.place(single.map { $0.clearing(asOf: asOf) })
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
