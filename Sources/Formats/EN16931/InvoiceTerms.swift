// SPDX-License-Identifier: Apache-2.0
import Documents

/// When a document is due: its due day, instalments and early-payment discounts.
struct InvoiceTerms<Name: InvoiceName> {
    private let nodes: InvoiceNodes<Name>
    private(set) var faults: [Fault] = []
    private var amounts: InvoiceAmounts<Name>
    private var told: Set<Fault> = []

    init(_ nodes: InvoiceNodes<Name>, amounts: InvoiceAmounts<Name>) {
        self.nodes = nodes
        self.amounts = amounts
        self.amounts.faults = []
    }

    private struct Share {
        var dueOn: Day
        var amount: Money?
        var percent: ScaledDecimal?
    }

    mutating func apply(to invoice: inout Invoice) {
        let own = nodes.dueDates.compactMap { day($0) }
        let shares = nodes.terms.compactMap { share($0) }
        invoice.dueOn = own.first ?? shares.first?.dueOn
        if shares.count > 1 { instalments(shares, &invoice) }
        let days = Set(own + shares.map(\.dueOn)).sorted()
        if invoice.instalments.isEmpty, days.count > 1, !faults.contains(where: { $0.code == "INVOICE-INSTALMENTS" }) {
            warn(
                "INVOICE-DUE-DATES",
                "several due dates are stated (\(days.prefix(10).map(\.text).joined(separator: ", "))) without amounts "
                    + "that add up to the amount due",
                at: nodes.root, hint: "\(invoice.dueOn?.text ?? "None") was taken for all of it; ask the sender.")
        }
        if invoice.kind != .creditNote { discounts(&invoice) }
        faults += amounts.faults
    }

    private mutating func day(_ node: XMLNode<Name>?) -> Day? {
        guard let node, let text = node.text else { return nil }
        if let day = Name.day(node) { return day }
        warn(
            "DATE-FORMAT", "\(node.name.rawValue) is \"\(text.prefix(40))\", which is no date", at: node,
            hint: "It was left out; ask the sender.")
        return nil
    }

    private mutating func share(_ terms: InvoiceNodes<Name>.Terms) -> Share? {
        guard let due = day(terms.dueDate) else { return nil }
        return Share(dueOn: due, amount: amounts.money(terms.amount), percent: terms.percent?.decimal)
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
                    "INVOICE-INSTALMENTS", "the stated instalments do not add up to the amount due",
                    at: nodes.totals?.payable ?? nodes.root,
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
        for terms in nodes.terms {
            for discount in terms.discounts { structured(discount, &invoice) }
            for line in Skonto.lines(terms.text?.text ?? "") {
                skonto(Skonto.normalized(line), terms.text ?? terms.node, &invoice)
            }
        }
    }

    private mutating func structured(_ discount: InvoiceNodes<Name>.Discount, _ invoice: inout Invoice) {
        let from = day(discount.from) ?? invoice.issuedOn
        guard let until = day(discount.until) ?? discount.days.map({ from + $0 }) else { return }
        // The amount is the more exact of the two, and the only one that a base of its own allows.
        if let amount = amounts.money(discount.amount), amount.isPositive {
            invoice.discounts.append(.init(amount: amount, until: until))
            return
        }
        guard let percent = discount.percent?.decimal, percent.coefficient > 0 else { return }
        if let base = discount.base?.decimal, let money = base.money(invoice.currency), money != invoice.payable {
            guard let amount = Skonto.share(percent, of: base, invoice.currency), amount.isPositive else { return }
            invoice.discounts.append(.init(amount: amount, until: until))
        } else {
            invoice.discounts.append(.init(percent: percent, until: until))
        }
    }

    private mutating func skonto(_ line: String, _ node: XMLNode<Name>, _ invoice: inout Invoice) {
        guard line.hasPrefix("#SKONTO#") else { return }
        let stated = Skonto(line)
        if let discount = stated?.discount(of: invoice) {
            invoice.discounts.append(discount)
        } else if stated == nil || stated?.isUnreal == true {
            warn(
                "BR-DE-18", "the discount term \"\(line.prefix(80))\" is not written as XRechnung asks", at: node,
                hint: "No discount was taken from it; the form is #SKONTO#TAGE=14#PROZENT=2.00#, one a line.")
        }
    }

    private mutating func warn(_ code: String, _ message: String, at node: XMLNode<Name>, hint: String) {
        let fault = Fault(code, .warning, at: node.position, message, hint: hint)
        // One date can be a due date of the document and of its terms.
        if told.insert(fault).inserted { faults.append(fault) }
    }
}
