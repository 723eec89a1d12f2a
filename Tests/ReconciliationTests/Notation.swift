// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// Books written down a line at a time, so that a case and its outcome can be read side by side.
///
///     customer C1 | Nordwind Logistik GmbH | no 10001 | account DE02
///     invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | discount 2% 2025-01-20
///     credit CN-7 | C1 | -50.00 | 2025-01-12
///     past P0 | 2025-01-11 | 100.00 | pays RE-0999 100.00
///     payment P1 | 2025-01-18 | 980.00 | from Nordwind Logistik GmbH | account DE02 | text RE-1001
///
/// The outcome is a line a payment: `P1 auto NUMBER-DISCOUNT RE-1001 980.00 RE-1001 discount 20.00`.
struct Notation {
    var items: [MatchItem] = []
    var customers: [MatchCustomer] = []
    var payments: [MatchPayment] = []
    var history: [PastPayment] = []
    var expectations: [AnnouncedMoney] = []
    var charges: [SettledCharge] = []
    var rates: [QuotedRate] = []
    var policy = Policy()

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "|").map { $0.trimmed }
            guard let head = fields.first?.split(separator: " "), head.count == 2 else { continue }
            let id = String(head[1])
            switch head[0] {
            case "customer": addCustomer(id, fields)
            case "invoice", "credit": addItem(id, fields)
            case "payment": payments.append(Self.payment(id, fields))
            case "past":
                let rest = Self.pairs(fields.dropFirst(3)).first { $0.key == "rest" }.map { Self.minor($0.value, .eur) }
                history.append(
                    PastPayment(payment: Self.payment(id, fields), lines: Self.paid(fields), rest: rest))
            case "promise": addPromise(id, fields)
            case "charge": addCharge(id, fields)
            case "rate": addRate(fields)
            default: fatalError("unknown line: \(line)")
            }
        }
    }

    private mutating func addCustomer(_ id: String, _ fields: [String]) {
        var customer = MatchCustomer(id: id, name: fields[1])
        for (key, value) in Self.pairs(fields.dropFirst(2)) {
            switch key {
            case "no": customer.number = value
            case "account": customer.accounts.append(value)
            case "parent": customer.parentName = value
            case "parent-account": customer.parentAccount = value
            default: fatalError("unknown field: \(key)")
            }
        }
        customers.append(customer)
    }

    private mutating func addItem(_ id: String, _ fields: [String]) {
        let values = Self.pairs(fields.dropFirst(4))
        let currency = values.first { $0.key == "currency" }.flatMap { Currency($0.value) } ?? .eur
        let amount = Self.minor(fields[2], currency)
        var item = MatchItem(
            id: id, invoiceID: String(id.split(separator: "#")[0]), number: String(id.split(separator: "#")[0]),
            customerID: fields[1], kind: amount < 0 ? .creditNote : .invoice, currency: currency,
            issuedOn: Self.day(fields[3]), total: amount, open: amount)
        for (key, value) in values {
            switch key {
            case "due": item.dueOn = Self.day(value)
            case "ref": item.structuredReference = value
            case "order": item.purchaseOrder = value
            case "open": item.open = Self.minor(value, currency)
            case "provable": item.provable = Self.minor(value, currency)
            case "stated": item.statedAsOf = Self.day(value)
            case "number": item.number = value
            case "prepaid": item.prepaid = Self.minor(value, currency)
            case "corrects": item.corrects = value
            case "discount":
                let words = value.split(separator: " ")
                item.discounts.append(
                    MatchItem.Discount(percent: ScaledDecimal(words[0].dropLast()), until: Self.day(String(words[1]))))
            case "currency": break
            default: fatalError("unknown field: \(key)")
            }
        }
        items.append(item)
    }

    /// `charge po_1 | 2025-01-09 | 119.00 | fee 2.00 | for RE-1001 | by Nordwind Logistik GmbH`
    private mutating func addCharge(_ payout: String, _ fields: [String]) {
        var charge = SettledCharge(
            payoutID: payout, currency: .eur, gross: Self.minor(fields[2], .eur), fee: 0, net: 0,
            occurredOn: Self.day(fields[1]))
        for (key, value) in Self.pairs(fields.dropFirst(3)) {
            switch key {
            case "fee": charge.fee = Self.minor(value, .eur)
            case "for": charge.reference = value
            case "by": charge.customerName = value
            case "book": charge.source = value
            case "kind": charge.kind = SettledCharge.Kind(rawValue: value) ?? .adjustment
            default: fatalError("unknown field: \(key)")
            }
        }
        charge.net = charge.gross - charge.fee
        charges.append(charge)
    }

    /// `rate USD | EUR | 2025-02-01 | 0.90`
    private mutating func addRate(_ fields: [String]) {
        guard let base = Currency(fields[0].split(separator: " ")[1]), let quote = Currency(fields[1]),
            let value = ScaledDecimal(fields[3])
        else { fatalError("no rate: \(fields)") }
        rates.append(QuotedRate(base: base, quote: quote, day: Self.day(fields[2]), value: value, origin: "ECB"))
    }

    private mutating func addPromise(_ id: String, _ fields: [String]) {
        expectations.append(
            AnnouncedMoney(
                kind: .promise, customerID: id, itemIDs: [fields[1]], currency: .eur,
                amount: Self.minor(fields[2], .eur), from: Self.day(fields[3]), through: Self.day(fields[4])))
    }

    private static func payment(_ id: String, _ fields: [String]) -> MatchPayment {
        let values = pairs(fields.dropFirst(3))
        let currency = values.first { $0.key == "currency" }.flatMap { Currency($0.value) } ?? .eur
        var payment = MatchPayment(
            id: id, amount: minor(fields[2], currency), currency: currency, bookedOn: day(fields[1]))
        for (key, value) in values {
            switch key {
            case "from": payment.payerName = value
            case "account": payment.payerAccount = value
            case "between": payment.isBetweenAccounts = true
            case "text": payment.remittance = value
            case "ref": payment.structuredReference = value
            case "end-to-end": payment.endToEndID = value
            case "code": payment.bankCode = value
            case "valued": payment.valuedOn = day(value)
            case "reverses": payment.reverses = value
            case "customer": payment.customerID = value
            case "ordered":
                let words = value.split(separator: " ")
                guard let ordered = Currency(words[1]) else { fatalError("no currency: \(value)") }
                payment.originalAmount = Money(
                    minorUnits: minor(String(words[0]), ordered), currency: ordered)
            case "stated":
                let words = value.split(separator: " ").map { minor(String($0), currency) }
                payment.stated = StatedParts(
                    interest: words[0], fine: words[1], discount: words[2], fee: words.count > 3 ? words[3] : 0)
            case "part": payment.isPart = true
            case "currency", "pays", "late_charges", "fee", "withholding", "rest": break
            default: fatalError("unknown field: \(key)")
            }
        }
        return payment
    }

    private static func paid(_ fields: [String]) -> [Line] {
        pairs(fields.dropFirst(3)).compactMap { pair in
            guard let reason = pair.key == "pays" ? .cash : Line.Reason(rawValue: pair.key) else { return nil }
            let words = pair.value.split(separator: " ")
            let amount = minor(String(words[1]), .eur)
            if reason == .lateCharges {
                return Line(itemID: String(words[0]), reason: reason, cash: amount, adjustment: 0 - amount)
            }
            return Line(
                itemID: String(words[0]), reason: reason, cash: reason == .cash ? amount : 0,
                adjustment: reason == .cash ? 0 : amount)
        }
    }

    private static func pairs(_ fields: ArraySlice<String>) -> [(key: String, value: String)] {
        fields.map { field in
            let parts = field.split(separator: " ", maxSplits: 1)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }

    static func day(_ text: String) -> Day {
        guard let day = Day(text) else { fatalError("no day: \(text)") }
        return day
    }

    static func minor(_ text: String, _ currency: Currency) -> Int64 {
        guard let money = ScaledDecimal(text)?.money(currency) else { fatalError("no amount: \(text)") }
        return money.minorUnits
    }

    var workspace: Workspace {
        Workspace(
            items: items, customers: customers, history: history, expectations: expectations, charges: charges,
            rates: rates, policy: policy)
    }

    func decide() -> [Decision] { workspace.run(payments) }

    /// One line a payment, as the class comment shows it.
    var outcome: String { decide().map { Self.text($0) }.joined(separator: "\n") }

    static func text(_ decision: Decision) -> String {
        var words = [decision.paymentID, decision.verdict.rawValue, decision.rule.rawValue]
        for line in decision.lines {
            words.append(line.itemID)
            if line.adjustment != 0 {
                words.append("\(line.reason.rawValue) \(amount(line.adjustment))")
            } else {
                words.append(amount(line.cash))
            }
            if line.proves != 0 { words.append("(proves \(amount(line.proves)))") }
        }
        return words.joined(separator: " ")
    }

    private static func amount(_ minor: Int64) -> String {
        Money(minorUnits: minor, currency: .eur).amountText
    }
}

/// A rule's case: what is known, what must come out, and why it is so.
struct Case: CustomTestStringConvertible {
    var name: String
    var books: String
    var outcome: String

    init(_ name: String, _ books: String, is outcome: String) {
        self.name = name
        self.books = books
        self.outcome = outcome
    }

    var testDescription: String { name }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
