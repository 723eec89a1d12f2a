// SPDX-License-Identifier: Apache-2.0
import Documents

/// When a document is due: its due day, instalments and early-payment discounts.
struct UBLTerms {
    let root: XMLNode<UBLName>
    /// Where the amount due is stated, for faults.
    let payable: XMLNode<UBLName>
    private(set) var faults: [Fault] = []
    private var amounts: UBLAmounts

    init(root: XMLNode<UBLName>, payable: XMLNode<UBLName>, amounts: UBLAmounts) {
        self.root = root
        self.payable = payable
        self.amounts = amounts
        self.amounts.faults = []
    }

    private struct Share {
        var dueOn: Day
        var amount: Money?
        var percent: ScaledDecimal?
    }

    mutating func apply(to invoice: inout Invoice) {
        let means = root.all(.paymentMeans)
        let meansDays = means.compactMap { day($0[.paymentDueDate]) }
        let shares = root.all(.paymentTerms).compactMap { share($0, means) }
        invoice.dueOn = day(root[.dueDate]) ?? meansDays.first ?? shares.first?.dueOn
        if shares.count > 1 { instalments(shares, &invoice) }
        let days = Set(meansDays + shares.map(\.dueOn))
        if invoice.instalments.isEmpty, days.count > 1, !faults.contains(where: { $0.code == "UBL-INSTALMENTS" }) {
            let listed = days.sorted().map(\.text).joined(separator: ", ")
            warn(
                "UBL-DUE-DATES",
                "several due dates are stated (\(listed)) without amounts that add up to the amount due",
                at: root, hint: "\(invoice.dueOn?.text ?? "None") was taken for all of it; ask the sender.")
        }
        if let payable = invoice.payable, payable.isPositive, invoice.dueOn == nil, invoice.instalments.isEmpty,
            !root.all(.paymentTerms).contains(where: { $0[.note]?.text != nil })
        {
            warn(
                "BR-CO-25", "an amount is due, but neither a due date (BT-9) nor payment terms (BT-20) are stated",
                at: root, hint: "Give the customer or the company default payment terms.")
        }
        if invoice.kind != .creditNote { discounts(&invoice) }
        faults += amounts.faults
    }

    private mutating func day(_ node: XMLNode<UBLName>?) -> Day? {
        guard let node, let text = node.text else { return nil }
        if let day = node.day { return day }
        warn(
            "DATE-FORMAT", "\(node.name.rawValue) is \"\(text.prefix(40))\", which is no date", at: node,
            hint: "It was left out; ask the sender.")
        return nil
    }

    private mutating func share(_ terms: XMLNode<UBLName>, _ means: [XMLNode<UBLName>]) -> Share? {
        var due = day(terms[.paymentDueDate] ?? terms[.installmentDueDate])
        if due == nil, let id = terms[.paymentMeansID]?.text {
            due = day(means.first { $0[.id]?.text == id }?[.paymentDueDate])
        }
        guard let due else { return nil }
        return Share(
            dueOn: due, amount: amounts.money(terms[.amount]),
            percent: terms[.paymentPercent]?.decimal)
    }

    private mutating func instalments(_ shares: [Share], _ invoice: inout Invoice) {
        guard let payable = invoice.payable else { return }
        let ordered = shares.sorted { $0.dueOn < $1.dueOn }
        var parts: [Money] = []
        if ordered.allSatisfy({ $0.amount != nil }) {
            parts = ordered.compactMap(\.amount)
        } else if ordered.allSatisfy({ $0.percent != nil }) {
            // Percentages of one whole, to six decimals; the shares sum exactly to the amount due.
            let weights = ordered.compactMap { $0.percent?.exactly(scale: 6).map { Int64(clamping: $0.coefficient) } }
            if weights.count == ordered.count, weights.reduce(Int128(0), { $0 + Int128($1) }) == 100_000_000 {
                parts = payable.split(by: weights)
            }
        }
        let sum = parts.reduce(Int128(0)) { $0 + Int128($1.minorUnits) }
        guard !parts.isEmpty, sum == Int128(payable.minorUnits) else {
            if ordered.contains(where: { $0.amount != nil || $0.percent != nil }) {
                warn(
                    "UBL-INSTALMENTS", "the instalments in PaymentTerms do not add up to the amount due",
                    at: self.payable,
                    hint: "It stays one item, due on the first stated day; ask the sender.")
            }
            return
        }
        for (index, share) in ordered.enumerated() {
            invoice.instalments.append(
                Invoice.Instalment(n: index + 1, dueOn: share.dueOn, amount: parts[index]))
        }
    }

    // MARK: Discounts

    private mutating func discounts(_ invoice: inout Invoice) {
        for terms in root.all(.paymentTerms) {
            structured(terms, &invoice)
            for line in (terms[.note]?.text ?? "").split(whereSeparator: \.isNewline) {
                skonto(line.trimmed, terms, &invoice)
            }
        }
    }

    private mutating func structured(_ terms: XMLNode<UBLName>, _ invoice: inout Invoice) {
        guard let until = day(terms[.settlementPeriod]?[.endDate]) else { return }
        if let percent = terms[.settlementDiscountPercent]?.decimal {
            if percent.coefficient > 0 { invoice.discounts.append(.init(percent: percent, until: until)) }
        } else if let amount = amounts.money(terms[.settlementDiscountAmount]), amount.isPositive {
            invoice.discounts.append(.init(amount: amount, until: until))
        }
    }

    /// XRechnung BR-DE-18: `#SKONTO#TAGE=14#PROZENT=2.00#` or with `BASISBETRAG=252.94#`, one a line.
    private mutating func skonto(_ line: String, _ terms: XMLNode<UBLName>, _ invoice: inout Invoice) {
        guard line.hasPrefix("#SKONTO#") else { return }
        guard let discount = parse(line, invoice) else {
            warn(
                "BR-DE-18", "the discount term \"\(line.prefix(80))\" is not written as XRechnung asks", at: terms,
                hint: "No discount was taken from it; the form is #SKONTO#TAGE=14#PROZENT=2.00#, one a line.")
            return
        }
        if let percent = discount.percent, percent.coefficient == 0 { return }
        if let amount = discount.amount, amount.isZero { return }
        invoice.discounts.append(discount)
    }

    private func parse(_ line: String, _ invoice: Invoice) -> Invoice.Discount? {
        var fields = line.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
        // "#SKONTO#a#b#" splits into "", SKONTO, a, b, "".
        guard fields.count == 5 || fields.count == 6, fields.first == "", fields.last == "" else { return nil }
        fields = Array(fields[2..<(fields.count - 1)])
        guard fields[0].hasPrefix("TAGE="), let days = Int(fields[0].dropFirst(5)), days >= 0, days < 3660,
            fields[1].hasPrefix("PROZENT="), let percent = twoDecimals(fields[1].dropFirst(8)),
            percent.coefficient >= 0, percent.coefficient <= 10_000
        else { return nil }
        let until = invoice.issuedOn + days
        guard fields.count == 3 else { return Invoice.Discount(percent: percent, until: until) }
        guard fields[2].hasPrefix("BASISBETRAG="), let base = twoDecimals(fields[2].dropFirst(12)),
            base.coefficient.magnitude <= UInt128(Money.magnitudeMax)
        else { return nil }
        // A stated base is another amount than the total: the discount itself is then the figure.
        let product = ScaledDecimal(coefficient: base.coefficient * percent.coefficient, scale: 6)
        guard let amount = product.money(invoice.currency, rounding: .halfUp) else { return nil }
        return Invoice.Discount(amount: amount, until: until)
    }

    private func twoDecimals(_ text: Substring) -> ScaledDecimal? {
        guard let value = ScaledDecimal(text), value.scale == 2 else { return nil }
        return value
    }

    private mutating func warn(_ code: String, _ message: String, at node: XMLNode<UBLName>, hint: String) {
        faults.append(Fault(code, .warning, at: node.position, message, hint: hint))
    }
}

extension Substring {
    /// Without blanks and tabs around it.
    fileprivate var trimmed: String {
        let start = drop { $0 == " " || $0 == "\t" }
        let tail = start.reversed().prefix { $0 == " " || $0 == "\t" }.count
        return String(start.dropLast(tail))
    }
}
