// SPDX-License-Identifier: Apache-2.0
import Documents

/// Finds the terms of EN 16931 in a parsed Cross Industry Invoice, by the syntax binding of EN 16931-3-3 and, for
/// ZUGFeRD 1, by its technical supplement.
struct CIIDocument {
    typealias Node = XMLNode<CIIName>

    let root: Node
    let lines: InvoiceLines

    func nodes() -> InvoiceNodes<CIIName> {
        var nodes = InvoiceNodes(root: root)
        let context = root[.context] ?? root[.context1]
        nodes.specification = context?[.guideline]?[.id]
        if Self.isTrue(context?[.testIndicator]) { nodes.testMark = context?[.testIndicator] }
        if let head = root[.document] ?? root[.document1] {
            nodes.number = head[.id]
            nodes.typeCode = head[.typeCode]
            nodes.issueDate = inner(head[.issueDateTime])
        }
        let transaction = root[.transaction] ?? root[.transaction1]
        if let agreement = transaction?[.agreement] ?? transaction?[.agreement1] {
            nodes.buyerReference = agreement[.buyerReference]
            nodes.purchaseOrder = reference(agreement[.buyerOrder]).flatMap { $0.text == "NA" ? nil : $0 }
            nodes.seller = party(agreement[.seller])
            nodes.buyer = party(agreement[.buyer])
        }
        if let settlement = transaction?[.settlement] ?? transaction?[.settlement1] {
            nodes.paymentReference = settlement[.paymentReference]?.line1
            nodes.paymentMeans = settlement.all(.paymentMeans).map { $0[.typeCode] }
            nodes.currency = settlement[.invoiceCurrency]
            nodes.taxCurrency = settlement[.taxCurrency]
            nodes.preceding = settlement.all(.invoiceReferenced).map { ($0, reference($0)) }
            nodes.terms = settlement.all(.paymentTerms).map(terms)
            nodes.allowanceCharges = allowanceCharges(settlement)
            let summation = settlement[.summation] ?? settlement[.summation1]
            nodes.totals = summation.map(totals)
            nodes.taxTotals = taxTotals(settlement, summation, nodes.currency?.text)
        }
        nodes.isWholeUnitAllowed = true
        nodes.isPayableOptional = root.name != .crossIndustryInvoice
        nodes.lines = lines
        return nodes
    }

    static func isCharge(_ item: Node) -> Bool {
        isTrue(item[.chargeIndicator])
    }

    private static func isTrue(_ node: Node?) -> Bool {
        let text = (node?[.indicator] ?? node)?.text
        return text == "true" || text == "1"
    }

    /// What holds the text of a date; its own element where it is written without one.
    private func inner(_ node: Node?) -> Node? {
        node?[.dateTimeString] ?? node?[.dateTime] ?? node?[.date] ?? node
    }

    private func reference(_ node: Node?) -> Node? { node?[.issuerAssignedID] ?? node?[.id] }

    // MARK: Parties

    private func party(_ node: Node?) -> InvoiceNodes<CIIName>.Party {
        var found = InvoiceNodes<CIIName>.Party()
        guard let node else { return found }
        let legal = node[.legalOrganization]
        found.name = node[.name]
        found.tradingName = legal?[.tradingName]
        found.personName = node[.contact]?[.personName]?.line1
        let registrations = node.all(.taxRegistration).compactMap { $0[.id] }.filter { $0.text != nil }
        found.taxID = registrations.first { $0[.schemeID]?.text == "VA" } ?? registrations.first
        found.legalID = legal?[.id]
        found.ids = [
            node[.id], node[.globalID], found.taxID, found.legalID, node[.uriCommunication]?[.uriID],
        ]
        return found
    }

    // MARK: Payment

    private func terms(_ node: Node) -> InvoiceNodes<CIIName>.Terms {
        var found = InvoiceNodes<CIIName>.Terms(node: node)
        found.text = node[.description]
        found.dueDate = inner(node[.dueDate])
        found.amount = node[.partialPayment]
        found.discounts = node.all(.discountTerms).map { discount in
            InvoiceNodes.Discount(
                node: discount, percent: discount[.calculationPercent], amount: discount[.discountAmount],
                base: discount[.basisAmount], from: inner(discount[.basisDate]), days: days(discount[.basisPeriod]))
        }
        return found
    }

    /// A period in days; months have no one length and are left to the text.
    private func days(_ node: Node?) -> Int? {
        guard let node, let value = node.decimal?.exactly(scale: 0), value.coefficient >= 0,
            value.coefficient < Self.daysMax
        else { return nil }
        switch node[.unitCode]?.text ?? "DAY" {
        case "DAY", "D": return Int(value.coefficient)
        case "WEE": return Int(value.coefficient) * 7
        default: return nil
        }
    }

    private static let daysMax: Int128 = 3_660

    // MARK: Amounts

    private func allowanceCharges(_ settlement: Node) -> [InvoiceNodes<CIIName>.AllowanceCharge] {
        settlement.all(.allowanceCharge).map {
            InvoiceNodes.AllowanceCharge(
                node: $0, isCharge: Self.isCharge($0), amount: $0[.actualAmount], base: $0[.basisAmount])
        }
            + settlement.all(.logisticsCharge).map {
                InvoiceNodes.AllowanceCharge(node: $0, isCharge: true, amount: $0[.appliedAmount], base: nil)
            }
    }

    private func totals(_ node: Node) -> InvoiceNodes<CIIName>.Totals {
        InvoiceNodes.Totals(
            node: node, lines: node[.lineTotal], allowances: node[.allowanceTotal], charges: node[.chargeTotal],
            net: node[.taxBasisTotal], gross: node[.grandTotal], prepaid: node[.prepaidTotal],
            rounding: node[.roundingAmount], payable: node[.duePayable])
    }

    /// The totals stand apart from the one breakdown, which belongs to the total in the document's currency.
    private func taxTotals(
        _ settlement: Node, _ summation: Node?, _ currency: String?
    ) -> [InvoiceNodes<CIIName>.TaxTotal] {
        let breakdown = settlement.all(.tradeTax).map { tax in
            InvoiceNodes<CIIName>.TaxLine(
                isVAT: tax[.typeCode]?.text?.uppercased() == "VAT", category: tax[.categoryCode],
                rate: tax[.rate] ?? tax[.rate1], net: tax[.basisAmount], tax: tax[.calculatedAmount])
        }
        var totals = (summation?.all(.taxTotal) ?? []).map { amount in
            InvoiceNodes<CIIName>.TaxTotal(
                node: amount, amount: amount, isMain: (amount[.currencyID]?.text ?? currency) == currency)
        }
        if let main = totals.firstIndex(where: \.isMain) {
            totals[main].breakdown = breakdown
        } else if let first = breakdown.isEmpty ? nil : settlement[.tradeTax] {
            totals.append(InvoiceNodes.TaxTotal(node: first, isMain: true, breakdown: breakdown))
        }
        return totals
    }
}

extension InvoiceLines {
    /// Adds a line of a Cross Industry Invoice as it closes.
    mutating func add(_ line: XMLNode<CIIName>) {
        let settlement = line[.lineSettlement] ?? line[.lineSettlement1]
        let summation = settlement?[.lineSummation] ?? settlement?[.summation1]
        // Factur-X EXTENDED: a GROUP line states its details' sum again, an INFORMATION line none that counts.
        let status = line[.lineDocument]?[.lineStatus]?.text
        add(line, net: summation?[.lineTotal], counts: status != "GROUP" && status != "INFORMATION")
        for item in settlement?.all(.allowanceCharge) ?? [] {
            let isCharge = CIIDocument.isCharge(item)
            note(item[.actualAmount], as: isCharge ? .charge : .allowance)
            note(item[.basisAmount], as: isCharge ? .chargeBase : .allowanceBase)
        }
    }
}
