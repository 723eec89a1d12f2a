// SPDX-License-Identifier: Apache-2.0
import Documents

/// Documents that come by the hundred, not by the million.
extension StagingStatements {
    func append(_ document: Document) throws {
        switch document {
        case .customer(let customer): try append(customer)
        case .statement(let statement): try append(statement)
        case .promise(let promise): try append(promise)
        case .balance(let balance): try append(balance)
        case .allocation(let allocation): try append(allocation)
        case .settlement(let line): try append(line)
        case .rate(let rate): try append(rate)
        case .invoice, .payment: preconditionFailure("invoices and payments are staged with what was decided for them")
        }
    }

    private func append(_ value: Customer) throws {
        var row = try writer("customer", columns: 25)
        row.place(nil as Int64?)
        row.place(value.provenance.at.text)
        let texts: [String?] = [
            value.id, value.number, value.name, value.legalName, value.partyType?.rawValue, value.phone,
            value.email, value.country, value.language, value.timeZone, value.account, value.taxID,
            value.parentID, value.parentName, value.parentAccount, value.segment,
            value.tags.isEmpty ? nil : value.tags.joined(separator: "\n"),
        ]
        for text in texts { row.text(text) }
        let flags: [Bool?] = [value.optedIn, value.optedOut, value.doNotAutomate]
        for flag in flags { row.number(flag.map { $0 ? 1 : 0 }) }
        row.place(row.contentHash())
        row.place(Identity.hash(Identity.normalizedName(value.name)))
        row.place(Identity.hash(Identity.normalizedTaxID(value.taxID)))
        try row.insert()
    }

    private func append(_ value: Documents.Statement) throws {
        var row = try writer("statement", columns: 18)
        row.place(nil as Int64?)
        row.place(value.provenance.at.text)
        row.text(value.id)
        row.text(value.account)
        row.text(value.currency.code)
        row.text(value.number)
        row.number(value.sequence.map { Int64($0) })
        row.day(value.from ?? value.openingOn)
        row.day(value.to ?? value.closingOn)
        row.money(value.openingBalance)
        row.money(value.closingBalance)
        row.day(value.openingOn)
        row.day(value.closingOn)
        row.number(Int64(value.entryCount))
        row.money(value.credits)
        row.money(value.debits)
        row.money(value.bookedCredits)
        row.money(value.bookedDebits)
        try row.insert()
    }

    private func append(_ value: PromiseRecord) throws {
        var row = try writer("promise", columns: 15)
        row.place(nil as Int64?)
        row.place(value.provenance.at.text)
        row.text(value.id)
        row.text(value.customerID)
        row.text(value.invoiceID)
        row.text(value.amount.currency.code)
        row.money(value.amount)
        row.day(value.promisedFor)
        row.day(value.promisedOn)
        row.text(value.takenBy)
        row.text(value.channel)
        row.place(row.contentHash())
        row.place(value.isCurrencyStated ? 1 : 0)
        place(
            [
                value.customerID, value.invoiceID, value.amount.description, value.promisedFor.text,
                value.promisedOn.text, value.takenBy, value.channel,
            ], &row)
        try row.insert()
    }

    private func append(_ value: Balance) throws {
        var row = try writer("balance", columns: 7)
        row.place(nil as Int64?)
        row.place(value.provenance.at.text)
        row.text(value.account)
        row.text(value.customerID)
        row.day(value.asOf)
        row.text(value.amount.currency.code)
        row.money(value.amount)
        try row.insert()
    }

    private func append(_ value: StatedAllocation) throws {
        var row = try writer("allocation", columns: 10)
        row.place(nil as Int64?)
        row.place(value.provenance.at.text)
        row.text(value.paymentID)
        row.text(value.invoiceID)
        row.text(value.amount.currency.code)
        row.money(value.amount)
        row.text(value.reason)
        row.day(value.postedOn)
        place(
            [value.paymentID, value.invoiceID, value.amount.description, value.reason, value.postedOn?.text], &row)
        try row.insert()
    }

    private func append(_ value: SettlementLine) throws {
        var row = try writer("settlement", columns: 15)
        row.place(nil as Int64?)
        row.place(value.provenance.at.text)
        row.text(value.payoutID)
        row.text(value.id)
        row.text(value.kind)
        row.text(value.gross.currency.code)
        row.money(value.gross)
        row.money(value.fee)
        row.money(value.net)
        row.text(value.reference)
        row.text(value.customerName)
        row.day(value.occurredOn)
        row.text(value.status)
        place(
            [
                value.payoutID, value.kind, value.gross.description, value.fee.description, value.reference,
                value.customerName, value.occurredOn.text,
            ], &row)
        try row.insert()
    }

    private func append(_ value: Rate) throws {
        var row = try writer("rate", columns: 7)
        row.place(nil as Int64?)
        row.place(value.provenance.at.text)
        row.day(value.day)
        row.text(value.base.code)
        row.text(value.quote.code)
        row.text(value.value.text)
        row.text(value.origin)
        try row.insert()
    }

    private func place(_ fields: [String?], _ row: inout ColumnWriter) {
        let fingerprint = Identity.fingerprint(fields)
        row.place(Int64(bitPattern: fingerprint.high))
        row.place(Int64(bitPattern: fingerprint.low))
    }
}
