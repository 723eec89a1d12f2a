// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

extension RecordMapper {
    mutating func document(_ emission: Emission, _ record: Record) throws(RecordFault) -> Document {
        recordCurrency = nil
        switch emission.entity {
        case .invoice: return try invoice(emission, record)
        case .payment: return try payment(emission, record)
        case .statement: return try statement(emission, record)
        case .customer: return try customer(emission, record)
        case .promise: return try promise(emission, record)
        case .balance: return try balance(emission, record)
        case .allocation: return try allocation(emission, record)
        case .settlement: return try settlement(emission, record)
        case .rate: return try rate(emission, record)
        }
    }

    // MARK: What the documents share

    /// The record's currency: its own, else the company's home currency.
    mutating func recordCurrency(_ emission: Emission, _ record: Record) throws(RecordFault) -> Currency {
        guard let known = try statedCurrency(emission, record) ?? setting.defaultCurrency else {
            throw RecordFault(
                "CURRENCY-MISSING", "the record states no currency, and the company has none configured",
                hint: "Complete the row in the source, or add `home_currency: EUR` to the company in tieout.yaml.")
        }
        recordCurrency = known
        return known
    }

    private mutating func statedCurrency(_ emission: Emission, _ record: Record) throws(RecordFault) -> Currency? {
        guard let index = emission.currency else { return nil }
        return try currency(emission.fields[index].rule, record)
    }

    func money(_ rule: Rule, _ record: Record, _ currency: Currency) throws(RecordFault) -> Money? {
        guard let value = try decimal(rule, record, scale: currency.exponent) else { return nil }
        if let money = value.money(currency) { return money }
        let isInexact = value.exactly(scale: currency.exponent) == nil
        throw RecordFault(
            isInexact ? "AMOUNT-PRECISION" : "AMOUNT-RANGE", column: column(rule),
            isInexact
                ? "\(value.text) has more decimals than \(currency.code) has (\(currency.exponent))"
                : "\(value.text) \(currency.code) is larger than any amount may be",
            hint: isInexact
                ? "Export the amount as it stands on the document, rounded; it is not rounded here."
                : "Check the row in the source.")
    }

    func column(_ rule: Rule) -> Int? {
        if case .path(let path) = rule.source { return columns[path] }
        return nil
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ rule: Rule, _ record: Record
    ) throws(RecordFault) -> Choice? where Choice.RawValue == String {
        guard let text = try text(rule, record) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        throw RecordFault(
            "VALUE-UNKNOWN", column: column(rule),
            "\"\(text)\" is none of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))",
            hint: "Add `map: { \(text): … }` to the rule once you know what it means.")
    }

    func missing(_ target: Target, _ emission: Emission, _ what: String) -> RecordFault {
        let rule = emission.fields.first { $0.target == target }?.rule
        return RecordFault(
            "REQUIRED-MISSING", column: rule.flatMap { column($0) }, "\(what) without \(target.rawValue)",
            hint: "Complete the row in the source; if it is no record at all, add it to `skip:`.")
    }

    private func provenance(_ record: Record) -> Provenance { Provenance(setting.origin, at: record.position) }

    /// An account without blanks, in upper case when it has the form of an IBAN.
    static func account(_ text: String?) -> String? {
        guard let text else { return nil }
        let compact = text.filter { $0 != " " && $0 != "\u{A0}" }
        let bytes = Array(compact.utf8)
        func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
        guard bytes.count >= 15, bytes.count <= 34, isLetter(bytes[0]), isLetter(bytes[1]),
            bytes[2] &- 0x30 <= 9, bytes[3] &- 0x30 <= 9,
            bytes.allSatisfy({ isLetter($0) || $0 &- 0x30 <= 9 })
        else { return text }
        return compact.uppercased()
    }

    // MARK: One function per entity

    private mutating func payment(_ emission: Emission, _ record: Record) throws(RecordFault) -> Document {
        let currency = try recordCurrency(emission, record)
        var payment = Payment(amount: .zero(currency), bookedOn: Day(number: 0), provenance: provenance(record))
        var (amount, bookedOn): (Money?, Day?) = (nil, nil)
        var original: (amount: ScaledDecimal?, currency: Currency?) = (nil, nil)
        for field in emission.fields {
            let rule = field.rule
            switch field.target {
            case .id: payment.id = try identifier(rule, record)
            case .amount: amount = try money(rule, record, currency)
            case .fee: payment.fee = try money(rule, record, currency)
            case .interest: payment.interest = try part(rule, record, currency)
            case .fine: payment.fine = try part(rule, record, currency)
            case .discount: payment.discount = try part(rule, record, currency)
            case .originalAmount: original.amount = try foreign(rule, record)
            case .originalCurrency: original.currency = try text(rule, record).flatMap { Currency($0) }
            case .bookedOn: bookedOn = try day(rule, record)
            case .valuedOn: payment.valuedOn = try day(rule, record)
            case .postedOn: payment.postedOn = try day(rule, record)
            case .payerName: payment.payerName = try text(rule, record)
            case .payerAccount: payment.payerAccount = Self.account(try identifier(rule, record))
            case .account: payment.account = Self.account(try identifier(rule, record))
            case .remittance: payment.remittance = try text(rule, record)
            case .structuredReference: payment.structuredReference = try identifier(rule, record)
            case .endToEndID: payment.endToEndID = try identifier(rule, record)
            case .bankCode: payment.bankCode = try text(rule, record)
            case .customerID: payment.customerID = try identifier(rule, record)
            case .method: payment.method = try text(rule, record)
            case .reverses: payment.reverses = try text(rule, record)
            case .reason: payment.returnReason = try text(rule, record)
            case .status: payment.status = try paymentStatus(rule, record)
            default: break
            }
        }
        guard let amount else { throw missing(.amount, emission, "a payment") }
        guard let bookedOn else { throw missing(.bookedOn, emission, "a payment") }
        payment.amount = amount
        payment.bookedOn = bookedOn
        if let value = original.amount, let currency = original.currency {
            payment.originalAmount = value.money(currency)
        }
        try checkParts(payment, emission)
        return .payment(payment)
    }

    private mutating func statement(_ emission: Emission, _ record: Record) throws(RecordFault) -> Document {
        let currency = try recordCurrency(emission, record)
        var statement = Statement(account: "", currency: currency, provenance: provenance(record))
        for field in emission.fields {
            let rule = field.rule
            switch field.target {
            case .id: statement.id = try identifier(rule, record)
            case .account: statement.account = Self.account(try identifier(rule, record)) ?? ""
            case .number: statement.number = try identifier(rule, record)
            case .sequence: statement.sequence = try integer(rule, record)
            case .from: statement.from = try day(rule, record)
            case .to: statement.to = try day(rule, record)
            case .openingBalance: statement.openingBalance = try money(rule, record, currency)
            case .closingBalance: statement.closingBalance = try money(rule, record, currency)
            default: break
            }
        }
        guard !statement.account.isEmpty else { throw missing(.account, emission, "a statement") }
        return .statement(statement)
    }

    private func customer(_ emission: Emission, _ record: Record) throws(RecordFault) -> Document {
        var customer = Customer(id: "", provenance: provenance(record))
        for field in emission.fields {
            let rule = field.rule
            switch field.target {
            case .id: customer.id = try identifier(rule, record) ?? ""
            case .number: customer.number = try identifier(rule, record)
            case .name: customer.name = try text(rule, record)
            case .legalName: customer.legalName = try text(rule, record)
            case .partyType: customer.partyType = try choice(rule, record)
            case .phone: customer.phone = Self.phone(try identifier(rule, record))
            case .email: customer.email = try text(rule, record)
            case .country: customer.country = try text(rule, record)
            case .language: customer.language = try text(rule, record)
            case .timeZone: customer.timeZone = try text(rule, record)
            case .account: customer.account = Self.account(try identifier(rule, record))
            case .taxID: customer.taxID = try identifier(rule, record)
            case .parentID: customer.parentID = try identifier(rule, record)
            case .parentName: customer.parentName = try text(rule, record)
            case .parentAccount: customer.parentAccount = Self.account(try identifier(rule, record))
            case .segment: customer.segment = try text(rule, record)
            case .tags:
                if let list = list(rule, record) {
                    customer.tags = list
                } else {
                    customer.tags = Self.tags(try text(rule, record))
                }
            case .optedIn: customer.optedIn = try bool(rule, record)
            case .optedOut: customer.optedOut = try bool(rule, record)
            case .doNotAutomate: customer.doNotAutomate = try bool(rule, record)
            default: break
            }
        }
        guard !customer.id.isEmpty else { throw missing(.id, emission, "a customer") }
        return .customer(customer)
    }

    /// The texts of a list in a tree; nil for anything else.
    private func list(_ rule: Rule, _ record: Record) -> [String]? {
        guard !record.tree.isEmpty, rule.plainPath >= 0 else { return nil }
        let hits = mapping.paths[rule.plainPath].hits(in: record.tree)
        guard hits.count > 1 || hits.first?.items != nil else { return nil }
        return hits.flatMap { $0.items ?? [$0] }.compactMap(\.ownText)
    }

    /// E.164 where the text has a `+` or `00` and digits with the usual separators, else the text as given.
    static func phone(_ text: String?) -> String? {
        guard let text else { return nil }
        let kept = text.filter { !" -./()\u{A0}".contains($0) }
        let international = kept.hasPrefix("+") ? kept.dropFirst() : kept.hasPrefix("00") ? kept.dropFirst(2) : ""
        guard international.utf8.count >= 7, international.utf8.count <= 15,
            international.utf8.allSatisfy({ $0 &- 0x30 <= 9 })
        else { return text }
        return "+" + international
    }

    /// Split at `;`, `,` and `|`, blanks around taken off.
    static func tags(_ text: String?) -> [String] {
        (text ?? "").split { $0 == ";" || $0 == "," || $0 == "|" }.map { tag in
            String(tag.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }

    private mutating func promise(_ emission: Emission, _ record: Record) throws(RecordFault) -> Document {
        let currency = try recordCurrency(emission, record)
        var promise = PromiseRecord(
            amount: .zero(currency), promisedFor: setting.asOf, promisedOn: setting.asOf,
            provenance: provenance(record))
        var (amount, promisedFor): (Money?, Day?) = (nil, nil)
        for field in emission.fields {
            let rule = field.rule
            switch field.target {
            case .id: promise.id = try identifier(rule, record)
            case .customerID: promise.customerID = try identifier(rule, record)
            case .invoiceID: promise.invoiceID = try identifier(rule, record)
            case .amount: amount = try money(rule, record, currency)
            case .promisedFor: promisedFor = try day(rule, record)
            case .promisedOn: promise.promisedOn = try day(rule, record) ?? setting.asOf
            case .takenBy: promise.takenBy = try text(rule, record)
            case .channel: promise.channel = try text(rule, record)
            default: break
            }
        }
        guard let amount else { throw missing(.amount, emission, "a promise") }
        guard let promisedFor else { throw missing(.promisedFor, emission, "a promise") }
        guard promise.customerID != nil || promise.invoiceID != nil else {
            throw RecordFault(
                "REQUIRED-MISSING", "a promise names neither its customer nor its invoice",
                hint: "Complete the row in the source.")
        }
        promise.amount = amount
        promise.isCurrencyStated = try statedCurrency(emission, record) != nil
        promise.promisedFor = promisedFor
        return .promise(promise)
    }

    private mutating func balance(_ emission: Emission, _ record: Record) throws(RecordFault) -> Document {
        let currency = try recordCurrency(emission, record)
        var balance = Balance(asOf: setting.asOf, amount: .zero(currency), provenance: provenance(record))
        var amount: Money?
        for field in emission.fields {
            switch field.target {
            case .account: balance.account = Self.account(try identifier(field.rule, record))
            case .customerID: balance.customerID = try identifier(field.rule, record)
            case .asOf: balance.asOf = try day(field.rule, record) ?? setting.asOf
            case .amount: amount = try money(field.rule, record, currency)
            default: break
            }
        }
        guard let amount else { throw missing(.amount, emission, "a balance") }
        balance.amount = amount
        return .balance(balance)
    }

    private mutating func allocation(_ emission: Emission, _ record: Record) throws(RecordFault) -> Document {
        let currency = try recordCurrency(emission, record)
        var allocation = StatedAllocation(
            paymentID: "", invoiceID: "", amount: .zero(currency), provenance: provenance(record))
        var amount: Money?
        for field in emission.fields {
            switch field.target {
            case .paymentID: allocation.paymentID = try identifier(field.rule, record) ?? ""
            case .invoiceID: allocation.invoiceID = try identifier(field.rule, record) ?? ""
            case .amount: amount = try money(field.rule, record, currency)
            case .reason: allocation.reason = try text(field.rule, record)
            case .postedOn: allocation.postedOn = try day(field.rule, record)
            default: break
            }
        }
        guard let amount else { throw missing(.amount, emission, "an allocation") }
        guard !allocation.paymentID.isEmpty else { throw missing(.paymentID, emission, "an allocation") }
        guard !allocation.invoiceID.isEmpty else { throw missing(.invoiceID, emission, "an allocation") }
        allocation.amount = amount
        return .allocation(allocation)
    }

    private mutating func settlement(_ emission: Emission, _ record: Record) throws(RecordFault) -> Document {
        let currency = try recordCurrency(emission, record)
        var (payout, kind, occurredOn): (String?, String?, Day?) = (nil, nil, nil)
        var (gross, fee, net): (Money?, Money?, Money?) = (nil, nil, nil)
        var (id, reference, name, status): (String?, String?, String?, String?) = (nil, nil, nil, nil)
        for field in emission.fields {
            let rule = field.rule
            switch field.target {
            case .payoutID: payout = try identifier(rule, record)
            case .id: id = try identifier(rule, record)
            case .kind: kind = try text(rule, record)
            case .gross: gross = try money(rule, record, currency)
            case .fee: fee = try money(rule, record, currency)
            case .net: net = try money(rule, record, currency)
            case .reference: reference = try text(rule, record)
            case .customerName: name = try text(rule, record)
            case .occurredOn: occurredOn = try day(rule, record)
            case .status: status = try text(rule, record)
            default: break
            }
        }
        guard let payout else { throw missing(.payoutID, emission, "a settlement line") }
        guard let kind else { throw missing(.kind, emission, "a settlement line") }
        guard let net else { throw missing(.net, emission, "a settlement line") }
        guard let occurredOn else { throw missing(.occurredOn, emission, "a settlement line") }
        let charged = fee ?? .zero(currency)
        guard let before = gross ?? net.adding(charged) else { throw missing(.gross, emission, "a settlement line") }
        var line = SettlementLine(
            payoutID: payout, kind: kind, gross: before, fee: charged, net: net, occurredOn: occurredOn,
            provenance: provenance(record))
        (line.id, line.reference, line.customerName, line.status) = (id, reference, name, status)
        return .settlement(line)
    }

    private mutating func rate(_ emission: Emission, _ record: Record) throws(RecordFault) -> Document {
        var (on, value): (Day?, ScaledDecimal?) = (nil, nil)
        var (base, quote): (Currency?, Currency?) = (nil, nil)
        var origin: String?
        for field in emission.fields {
            switch field.target {
            case .day: on = try day(field.rule, record)
            case .base: base = try currency(field.rule, record)
            case .quote: quote = try currency(field.rule, record)
            case .value: value = try decimal(field.rule, record)
            case .origin: origin = try text(field.rule, record)
            default: break
            }
        }
        guard let on else { throw missing(.day, emission, "a rate") }
        guard let base else { throw missing(.base, emission, "a rate") }
        guard let quote else { throw missing(.quote, emission, "a rate") }
        guard let value, value.coefficient > 0 else { throw missing(.value, emission, "a rate") }
        var rate = Rate(day: on, base: base, quote: quote, value: value, provenance: provenance(record))
        rate.origin = origin
        return .rate(rate)
    }
}
