// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// The compiled inserts of a staging file, bound by hand: this is the import's hot path.
final class StagingStatements {
    /// For which insert a row of invoices is.
    private enum Target: Int { case invoice, leanInvoice, instalment }

    private var inserts: [BulkInsert] = []
    private var prepared: [String: PreparedStatement] = [:]
    private let database: SQLiteHandle

    init(_ database: SQLiteHandle) throws {
        self.database = database
        let lean = ["no"] + (StagingSchema.entering + SchemaV1.invoiceHead + SchemaV1.invoiceCommon).map(\.name)
        for (target, table, columns) in [
            (Target.invoice, "invoice", lean + SchemaV1.invoiceMore.map(\.name)), (.leanInvoice, "invoice", lean),
            (.instalment, "instalment", ["no", "invoice", "n", "due_on", "amount", "stated", "clearing"]),
        ] {
            inserts.append(try BulkInsert(database, target: target.rawValue, into: table, columns))
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

    func write(_ rows: RowBytes) throws {
        for insert in inserts { try insert.write(rows) }
    }

    /// On the thread that reads: the rows that `write` will insert.
    static func pack(_ staged: StagedInvoice, of value: Invoice, asOf: Day, into rows: RowBytes) {
        rows.add((staged.statesMore ? Target.invoice : .leanInvoice).rawValue) { row in
            row.place(staged.position)
            packEntering(staged, of: value, asOf: asOf, into: &row)
            row.place(value.number)
            row.place(value.kind.rawValue)
            row.place(value.currency.code)
            row.place(Int64(value.issuedOn.number))
            packCommon(staged, of: value, into: &row)
            if staged.statesMore { packMore(value, into: &row) }
        }
        let items = staged.receivable?.items ?? []
        guard items.count > 1 else { return }
        for (index, item) in items.enumerated() {
            rows.add(Target.instalment.rawValue) { row in
                row.place(staged.position + Int64(index) + 1)
                row.place(staged.position)
                row.place(Int64(item.n))
                row.place(Int64(item.dueOn.number))
                row.place(item.amount)
                row.place(item.stated)
                row.place(item.clearing(asOf: asOf))
            }
        }
    }

    /// The columns of `StagingSchema.entering`, in their order.
    private static func packEntering(
        _ staged: StagedInvoice, of value: Invoice, asOf: Day, into row: inout RowValues
    ) {
        let receivable = staged.receivable
        row.place(staged.id)
        row.place(value.customerID)
        row.place(staged.party)
        row.place(receivable?.basis.rawValue)
        row.place(receivable.map { Int64($0.kind.rawValue) })
        row.place(receivable.map { Int64($0.postingDay.number) })
        row.place(receivable.map { Int64($0.items.count) } ?? 0)
        let single = staged.whole
        row.place(Int64((single?.dueOn ?? Receivable.dueDay(value)).number))
        row.place(receivable?.amount)
        row.place(single?.stated)
        row.place(single.map { $0.clearing(asOf: asOf) })
        row.place(staged.statesMore ? 1 : 0)
    }

    /// The columns of `SchemaV1.invoiceCommon`, in their order.
    static func packCommon(_ staged: StagedInvoice, of value: Invoice, into row: inout RowValues) {
        row.place(staged.place)
        row.place(value.id)
        row.place(staged.key)
        row.place(staged.year)
        row.place(1)
        row.place(staged.content)
        row.place(value.reference)
        row.place(value.total?.minorUnits)
        row.place(value.open?.minorUnits)
        row.place(value.dueOn.map { Int64($0.number) })
    }

    /// The columns of `SchemaV1.invoiceMore`, in their order.
    static func packMore(_ value: Invoice, into row: inout RowValues) {
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
        for flag in [value.deleted, value.disputed, value.dunningBlocked] { row.place(flag ? 1 : nil as Int64?) }
        row.place(TermsText.encode(value.discounts))
        row.place(TermsText.encode(value.taxes))
        row.place(TermsText.encode(value.instalments))
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

    func withdraw(after position: Int64) throws {
        try database.run("DELETE FROM payment WHERE no > \(position)")
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
        for part in [value.interest, value.fine, value.discount] {
            row.place(part?.minorUnits)
            // What most payments do not state is no part of their content, so that theirs stays what it was.
            if let part { row.mix("\(part)") }
        }
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
