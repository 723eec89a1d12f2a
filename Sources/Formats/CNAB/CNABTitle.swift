// SPDX-License-Identifier: Apache-2.0
import Documents

/// One title (boleto) as a return file reports it.
struct CNABTitle {
    let line: Int
    let occurrence: String
    let isPaid: Bool
    /// Not two digits: the columns are another bank's.
    var hasNoOccurrence: Bool { occurrence.count != 2 || !occurrence.allSatisfy { $0.isASCII && $0.isNumber } }
    /// A code that no bank we know has, beside money.
    var isUnclear: Bool {
        hasNoOccurrence || !CNABOccurrence.isKnown(occurrence) && (paid.map { $0.coefficient > 0 } ?? false)
    }
    /// Nosso número: the title's number at the bank.
    let ourNumber: String?
    /// Seu número: the company's own number of the document.
    let yourNumber: String?
    private let control: String?
    private let payer: String?
    private let occurredOn: Day?
    private let creditedOn: Day?
    private let face: ScaledDecimal?
    private let paid: ScaledDecimal?
    private let paidText: String
    private let net: ScaledDecimal?
    private let fee: ScaledDecimal?
    private let interest: ScaledDecimal?
    private let fine: ScaledDecimal?
    private let discount: ScaledDecimal?
    private let rebate: ScaledDecimal?

    /// Segments T and U of CNAB 240.
    init(_ title: FixedLine, _ amounts: FixedLine, _ segment: CNABSegmentT) {
        line = title.number
        occurrence = title.text(16...17)
        isPaid = segment.payments.contains(occurrence)
        ourNumber = Self.number(title.text(segment.ourNumber))
        yourNumber = Self.number(title.text(segment.yourNumber))
        control = Self.number(title.text(segment.control))
        payer = Self.name(title.text(segment.payerName))
        occurredOn = amounts.day(138...145)
        creditedOn = amounts.day(146...153)
        face = title.decimal(segment.face, scale: 2)
        fee = title.decimal(segment.fee, scale: 2)
        // One field for interest, fine and other charges together.
        interest = amounts.decimal(18...32, scale: 2)
        fine = nil
        discount = amounts.decimal(33...47, scale: 2)
        rebate = amounts.decimal(48...62, scale: 2)
        paid = amounts.decimal(78...92, scale: 2)
        paidText = amounts.raw(78...92)
        net = amounts.decimal(93...107, scale: 2)
    }

    /// A detail record of CNAB 400.
    init(_ title: FixedLine, _ layout: CNABLayout) {
        func money(_ columns: ClosedRange<Int>?) -> ScaledDecimal? { columns.flatMap { title.decimal($0, scale: 2) } }
        line = title.number
        occurrence = title.text(layout.occurrence)
        isPaid = layout.payments.contains(occurrence)
        ourNumber = Self.number(title.text(layout.ourNumber))
        yourNumber = Self.number(title.text(layout.yourNumber))
        control = layout.control.flatMap { Self.number(title.text($0)) }
        payer = layout.payerName.flatMap { Self.name(title.text($0)) }
        occurredOn = title.day(layout.occurredOn)
        creditedOn = layout.creditedOn.flatMap { columns in
            guard layout.isCreditDayLong else { return title.day(columns) }
            return title.integer(columns).map { Int($0) }.flatMap {
                Day(year: $0 / 10000, month: $0 / 100 % 100, day: $0 % 100)
            }
        }
        face = money(layout.face)
        fee = money(layout.fee)
        interest = money(layout.interest)
        fine = money(layout.fine)
        discount = money(layout.discount)
        rebate = money(layout.rebate)
        paid = money(layout.paid)
        paidText = title.raw(layout.paid)
        net = nil
    }

    /// Nil for blanks and zeros, which is how these files say "none".
    private static func number(_ text: String) -> String? {
        text.allSatisfy { $0 == "0" || $0 == " " } ? nil : MT940Details.collapsed(text)
    }

    private static func name(_ text: String) -> String? {
        text.contains { $0.isLetter } ? MT940Details.collapsed(text) : nil
    }

    /// What the payer paid, on the day the bank credits it; the day it was paid is the value day.
    func payment(
        _ origin: Provenance.Origin, account: String, createdOn: Day?, _ faults: inout FileFaults
    ) -> Payment? {
        func row(_ code: String, _ message: String) -> Payment? {
            faults.add(
                code, .row, at: .line(line), message,
                hint: "This title was left out; download the return file again from the bank.")
            return nil
        }
        guard let paid else { return row("CNAB-AMOUNT", "the amount paid is \"\(paidText)\", which are no digits") }
        guard let bookedOn = creditedOn ?? occurredOn ?? createdOn else {
            return row("CNAB-DATE", "the title was paid (\(occurrence)), but neither when nor when credited is stated")
        }
        guard
            let amount = StatedAmount.money(
                paid, .brl, what: "the amount paid", at: .line(line), severity: .row, &faults)
        else { return nil }
        var payment = Payment(amount: amount, bookedOn: bookedOn, provenance: Provenance(origin, at: .line(line)))
        fill(&payment)
        payment.account = account
        payment.status = amount.isZero ? .information : .booked
        return payment
    }

    private func fill(_ payment: inout Payment) {
        func positive(_ decimal: ScaledDecimal?) -> Money? {
            decimal?.money(.brl).flatMap { $0.isPositive ? $0 : nil }
        }
        payment.valuedOn = occurredOn
        payment.method = "boleto"
        payment.bankCode = occurrence
        payment.structuredReference = ourNumber
        payment.payerName = payer
        var words: [String] = []
        for text in [yourNumber, control] { if let text, !words.contains(text) { words.append(text) } }
        payment.remittance = words.joined(separator: " ").nonEmpty
        // More than was paid is no part of it.
        payment.interest = positive(interest).flatMap { $0.minorUnits <= payment.amount.minorUnits ? $0 : nil }
        payment.fine = positive(fine).flatMap { $0.minorUnits <= payment.amount.minorUnits ? $0 : nil }
        payment.discount = positive(sum(discount, rebate))
        payment.fee = positive(fee) ?? chargedFee(payment.amount)
        if let face = positive(face), face != payment.amount { payment.originalAmount = face }
    }

    private func sum(_ left: ScaledDecimal?, _ right: ScaledDecimal?) -> ScaledDecimal? {
        guard let left, let right else { return left ?? right }
        return left.adding(right)
    }

    /// What the bank kept of the payment, where it credits less than was paid.
    private func chargedFee(_ paid: Money) -> Money? {
        guard let net = net?.money(.brl), net.isPositive, let kept = paid.subtracting(net), kept.isPositive else {
            return nil
        }
        return kept
    }
}
