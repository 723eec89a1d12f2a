// SPDX-License-Identifier: Apache-2.0
import Documents

/// Makes an `Invoice` of what a document states, the same way for every syntax.
struct InvoiceReader<Name: InvoiceName> {
    private let nodes: InvoiceNodes<Name>
    private let origin: Provenance.Origin
    private let everyRule: Bool
    private let defaultCurrency: Currency?
    private(set) var faults: [Fault] = []

    /// - Parameters:
    ///   - everyRule: The rules of every specification are checked, whatever the document claims.
    ///   - defaultCurrency: The company's, for a document that states none anywhere.
    init(
        _ nodes: InvoiceNodes<Name>, origin: Provenance.Origin, everyRule: Bool, defaultCurrency: Currency?
    ) {
        self.nodes = nodes
        self.origin = origin
        self.everyRule = everyRule
        self.defaultCurrency = defaultCurrency
    }

    /// Nil when a fault refuses the document; the faults are then in `faults`, refusals first.
    mutating func invoice() -> Invoice? {
        let read = document()
        let stated = nodes.stated(everyRule: everyRule)
        // What was said while reading is not said again.
        let said = Set(faults.map(\.code))
        var broken: [Fault] = []
        for rule in InvoiceRule.all where rule.applies(to: stated) && !said.contains(rule.id) {
            guard let violation = rule.check(stated) else { continue }
            broken.append(
                Fault(
                    rule.id, rule.severity, at: nodes.position(of: violation.subject), violation.message,
                    hint: rule.hint))
        }
        let refusals = broken.filter { $0.severity == .refusal }
        // Of a document that is not taken, warnings about what was taken would say nothing.
        let isRefused = !refusals.isEmpty || faults.contains { $0.severity == .refusal }
        let warnings = isRefused && !everyRule ? [] : broken.filter { $0.severity != .refusal }
        faults = refusals + faults + warnings
        return read
    }

    private mutating func document() -> Invoice? {
        let issuedOn = issueDay()
        guard let currency = currency(), let number = nodes.number?.line1, let issuedOn,
            let payable = nodes.totals?.payable ?? (nodes.isPayableOptional ? nodes.totals?.gross : nil)
        else { return nil }
        var amounts = InvoiceAmounts<Name>(currency: currency)
        guard let due = amounts.required(payable) else {
            faults += amounts.faults
            return nil
        }
        let (kind, sign) = role(due)
        amounts.sign = sign
        var invoice = Invoice(
            number: number, kind: kind, currency: currency, issuedOn: issuedOn,
            provenance: Provenance(origin, at: nodes.root.position))
        invoice.statedNegated = sign < 0
        invoice.total = amounts.money(nodes.totals?.gross)
        invoice.net = amounts.money(nodes.totals?.net)
        invoice.prepaid = amounts.money(nodes.totals?.prepaid)
        invoice.rounding = amounts.money(nodes.totals?.rounding)
        if nodes.totals?.payable != nil {
            invoice.payable = sign < 0 ? -due : due
        } else if let prepaid = invoice.prepaid {
            invoice.payable = invoice.total?.subtracting(prepaid)
        }
        taxes(&invoice, &amounts)
        faults += amounts.faults
        parties(&invoice)
        invoice.reference = nodes.buyerReference?.line1
        invoice.purchaseOrder = nodes.purchaseOrder?.line1
        invoice.structuredReference = nodes.paymentReference
        // Collected by the seller: what is due then comes by itself, and is not to be chased.
        let means = nodes.paymentMeans.map { $0?.text ?? "" }
        if !means.isEmpty, means.allSatisfy(Self.directDebitCodes.contains) {
            invoice.collectionMethod = "direct_debit"
        }
        corrected(&invoice)
        if let mark = nodes.testMark {
            invoice.status = .draft
            warn(
                "INVOICE-TEST", "the document says of itself that it is a test (TestIndicator)", at: mark,
                hint: "It is a draft here and claims nothing. Where it is none, switch the mark off in what writes it.")
        }
        var terms = InvoiceTerms(nodes, amounts: amounts)
        terms.apply(to: &invoice)
        faults += terms.faults
        return invoice
    }

    private mutating func currency() -> Currency? {
        // Old documents state the currency at the amounts only.
        let stated = [nodes.currency, nodes.totals?.payable?[Name.currencyID]].compactMap { $0 }
        guard let node = stated.first(where: { $0.text != nil }) else {
            let hint = defaultCurrency.map { "The company's currency \($0.code) was taken; check it with the sender." }
            faults.append(
                Fault(
                    "BR-05", defaultCurrency == nil ? .refusal : .warning, at: nodes.root.position,
                    "the document states no currency (BT-5)", hint: hint ?? InvoiceRule.corrected))
            return defaultCurrency
        }
        if let currency = node.currencyCode { return currency }
        if nodes.currency?.text == nil {
            faults.append(
                Fault(
                    "BR-CL-04", .refusal, at: node.position,
                    "\(node.text?.prefix(20) ?? "") is no currency of ISO 4217", hint: InvoiceRule.corrected))
        }
        return nil
    }

    private mutating func issueDay() -> Day? {
        guard let node = nodes.issueDate, let text = node.text else { return nil }
        if let day = Name.day(node) { return day }
        faults.append(
            Fault(
                "DATE-FORMAT", .refusal, at: node.position,
                "the issue date (BT-2) is \"\(text.prefix(40))\", which is no date",
                hint: "Ask the sender for a document with a date that exists, in the form of its format."))
        return nil
    }

    /// UNTDID 4461: direct debit, SEPA direct debit.
    private static var directDebitCodes: [String] { ["49", "59"] }

    // MARK: Kind and sign

    /// What the document is, and whether its amounts are to be negated so that positive is owed to us.
    private mutating func role(_ payable: Money) -> (Invoice.Kind, Int) {
        if nodes.isCreditRoot == true { return (.creditNote, -1) }
        let code = nodes.typeCode?.text ?? ""
        // Nothing due on it: the total has the sign then.
        let gross = nodes.totals?.gross?.decimal?.coefficient ?? 0
        let isNegative = payable.isNegative || payable.isZero && gross < 0
        if InvoiceRule.creditNoteCodes.contains(code) || code == "NC" {
            return (.creditNote, isNegative ? 1 : -1)
        }
        // A negative invoice is a credit in the sign it states.
        if isNegative { return (.creditNote, 1) }
        if nodes.isDebitRoot || Self.debitCodes.contains(code) { return (.debitNote, 1) }
        if code == "386" { return (.prepayment, 1) }
        if code == "325" {
            warn(
                "INVOICE-PROFORMA", "the document is a pro forma invoice (type 325): a request, not yet a claim",
                at: nodes.root,
                hint: "It is taken as a prepayment request; remove it if a real invoice follows.")
            return (.prepayment, 1)
        }
        return (.invoice, 1)
    }

    /// UNTDID 1001, and `ND` as Portugal writes it (as `NC` for credit notes).
    private static var debitCodes: [String] { ["80", "84", "383", "ND"] }

    // MARK: Parts

    private mutating func taxes(_ invoice: inout Invoice, _ amounts: inout InvoiceAmounts<Name>) {
        // One total may be in the VAT accounting currency (BT-111): the currency decides, never the order.
        let own = nodes.taxTotals.filter {
            ($0.amount?[Name.currencyID]?.text ?? invoice.currency.code) == invoice.currency.code
        }
        var sum: Money?
        for total in own {
            // The breakdown is read even where the total is left out; it is no total of its own.
            if let tax = amounts.money(total.amount) { sum = sum?.adding(tax) ?? tax }
            for line in total.breakdown {
                guard let rate = line.rate?.decimal, let net = amounts.money(line.net),
                    let tax = amounts.money(line.tax)
                else { continue }
                invoice.taxes.append(Invoice.Tax(rate: rate, net: net, tax: tax))
            }
        }
        invoice.tax = sum
        if let first = nodes.taxTotals.first, own.isEmpty {
            warn(
                "INVOICE-TAX-CURRENCY", "no tax total is in the document's currency \(invoice.currency.code)",
                at: first.node, hint: "The tax is left open; ask the sender if you need it.")
        }
    }

    private func parties(_ invoice: inout Invoice) {
        let buyer = nodes.buyer
        let trading = buyer.tradingName?.line1
        invoice.customerName = buyer.name?.line1 ?? trading ?? buyer.personName
        if let trading, trading != invoice.customerName { invoice.customerTradingName = trading }
        invoice.taxID = buyer.taxID?.line1
        invoice.customerID = buyer.ids.lazy.compactMap { $0?.line1 }.first
        invoice.sellerName = nodes.seller.name?.line1 ?? nodes.seller.tradingName?.line1
        invoice.sellerTaxID = nodes.seller.taxID?.line1 ?? nodes.seller.legalID?.line1
    }

    private mutating func corrected(_ invoice: inout Invoice) {
        var numbers: [String] = []
        var seen: Set<String> = []
        for case let number? in nodes.preceding.map({ $0.number?.line1 }) where seen.insert(number).inserted {
            numbers.append(number)
        }
        guard let number = numbers.first else { return }
        let isCorrected = nodes.typeCode?.text == "384"
        guard numbers.count == 1 else {
            if invoice.kind == .creditNote || isCorrected {
                warn(
                    "INVOICE-CORRECTS-SEVERAL",
                    "the document refers to \(numbers.count) preceding invoices: "
                        + numbers.prefix(5).joined(separator: ", "),
                    at: nodes.root, hint: "It stays open; allocate it to them by hand.")
            }
            return
        }
        invoice.corrects = number
        // UNTDID 1001 384: revised information of the same invoice, so it takes its place; a credit is a difference.
        invoice.correction = isCorrected && invoice.kind != .creditNote ? .replacement : .difference
    }

    private mutating func warn(_ code: String, _ message: String, at node: XMLNode<Name>, hint: String) {
        faults.append(Fault(code, .warning, at: node.position, message, hint: hint))
    }
}
