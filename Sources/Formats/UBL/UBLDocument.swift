// SPDX-License-Identifier: Apache-2.0
import Documents

/// Finds the terms of EN 16931 in a parsed UBL document, by the syntax binding of EN 16931-3-2.
struct UBLDocument {
    typealias Node = XMLNode<UBLName>

    let root: Node
    let kind: UBLRoot
    let lines: InvoiceLines

    func nodes() -> InvoiceNodes<UBLName> {
        var nodes = InvoiceNodes(root: root)
        nodes.isCreditRoot = kind.isCredit
        nodes.isDebitRoot = kind == .debitNote
        nodes.specification = root[.customizationID]
        nodes.number = root[.id]
        nodes.issueDate = root[.issueDate]
        nodes.typeCode = root[.invoiceTypeCode] ?? root[.creditNoteTypeCode]
        nodes.currency = root[.documentCurrencyCode]
        nodes.taxCurrency = root[.taxCurrencyCode]
        nodes.buyerReference = root[.buyerReference]
        // "NA" is what PEPPOL-EN16931-R003's users write when there is no order.
        nodes.purchaseOrder = root[.orderReference]?[.id].flatMap { $0.text == "NA" ? nil : $0 }
        nodes.seller = party(root[.supplier])
        nodes.buyer = party(root[.customer])
        nodes.preceding = root.all(.billingReference).map { reference in
            let document =
                reference[.invoiceDocumentReference] ?? reference[.selfBilledInvoiceDocumentReference]
                ?? reference[.creditNoteDocumentReference]
            return (reference, document?[.id])
        }
        payment(&nodes)
        nodes.allowanceCharges = root.all(.allowanceCharge).map { item in
            InvoiceNodes.AllowanceCharge(
                node: item, isCharge: Self.isCharge(item), amount: item[.amount], base: item[.baseAmount])
        }
        nodes.totals = (root[.legalMonetaryTotal] ?? root[.requestedMonetaryTotal]).map(totals)
        nodes.taxTotals = root.all(.taxTotal).map(taxTotal)
        nodes.lines = lines
        return nodes
    }

    static func isCharge(_ item: Node) -> Bool {
        let indicator = item[.chargeIndicator]?.text
        return indicator == "true" || indicator == "1"
    }

    // MARK: Parties

    private func party(_ role: Node?) -> InvoiceNodes<UBLName>.Party {
        var found = InvoiceNodes<UBLName>.Party()
        guard let role, let party = role[.party] else { return found }
        let legal = party[.partyLegalEntity]
        found.name = legal?[.registrationName]
        found.tradingName = party[.partyName]?[.name]
        let person = [party[.person]?[.firstName]?.line1, party[.person]?[.familyName]?.line1]
            .compactMap { $0 }.joined(separator: " ")
        found.personName = person.isEmpty ? nil : person
        found.taxID = taxID(party)
        found.legalID = legal?[.companyID]
        found.ids = [
            party[.partyIdentification]?[.id], role[.supplierAccountID], party[.partyTaxScheme]?[.companyID],
            legal?[.companyID], party[.endpointID],
        ]
        return found
    }

    /// The VAT number among a party's tax registrations (BT-31, BT-48), else the first.
    private func taxID(_ party: Node) -> Node? {
        let schemes = party.all(.partyTaxScheme)
        let vat = schemes.first { $0[.taxScheme]?[.id]?.text?.uppercased() == "VAT" }
        return (vat ?? schemes.first)?[.companyID]
    }

    // MARK: Payment

    private func payment(_ nodes: inout InvoiceNodes<UBLName>) {
        let means = root.all(.paymentMeans)
        for one in means where nodes.paymentReference == nil {
            let id = one[.paymentID]?.line1
            // OIOUBL: PaymentID is the kind of the Danish giro form, InstructionID its payment number.
            let giro = id.map { Self.giroKinds.contains($0) } ?? false
            nodes.paymentReference = giro ? one[.instructionID]?.line1 ?? id : id
        }
        nodes.paymentMeans = means.map { $0[.paymentMeansCode] }
        nodes.dueDates = [root[.dueDate]].compactMap { $0 } + means.compactMap { $0[.paymentDueDate] }
        nodes.terms = root.all(.paymentTerms).map { terms in
            var found = InvoiceNodes<UBLName>.Terms(node: terms)
            found.text = terms[.note]
            found.dueDate = terms[.paymentDueDate] ?? terms[.installmentDueDate]
            if found.dueDate == nil, let id = terms[.paymentMeansID]?.text {
                found.dueDate = means.first { $0[.id]?.text == id }?[.paymentDueDate]
            }
            found.amount = terms[.amount]
            found.percent = terms[.paymentPercent]
            if let until = terms[.settlementPeriod]?[.endDate] {
                found.discounts = [
                    InvoiceNodes.Discount(
                        node: terms, percent: terms[.settlementDiscountPercent],
                        amount: terms[.settlementDiscountAmount], until: until)
                ]
            }
            return found
        }
    }

    private static let giroKinds: Set<String> = ["01", "04", "15", "71", "73", "75"]

    // MARK: Amounts

    private func totals(_ node: Node) -> InvoiceNodes<UBLName>.Totals {
        InvoiceNodes.Totals(
            node: node, lines: node[.lineExtensionAmount], allowances: node[.allowanceTotalAmount],
            charges: node[.chargeTotalAmount], net: node[.taxExclusiveAmount], gross: node[.taxInclusiveAmount],
            prepaid: node[.prepaidAmount], rounding: node[.payableRoundingAmount], payable: node[.payableAmount])
    }

    private func taxTotal(_ node: Node) -> InvoiceNodes<UBLName>.TaxTotal {
        let subtotals = node.all(.taxSubtotal)
        return InvoiceNodes.TaxTotal(
            node: node, amount: node[.taxAmount], isMain: !subtotals.isEmpty,
            breakdown: subtotals.map { subtotal in
                let category = subtotal[.taxCategory]
                return InvoiceNodes.TaxLine(
                    isVAT: category?[.taxScheme]?[.id]?.text?.uppercased() == "VAT", category: category?[.id],
                    rate: category?[.percent] ?? subtotal[.percent], net: subtotal[.taxableAmount],
                    tax: subtotal[.taxAmount])
            })
    }
}

extension InvoiceLines {
    /// Adds a line of a UBL document as it closes.
    mutating func add(_ line: XMLNode<UBLName>) {
        add(line, net: line[.lineExtensionAmount])
        note(line[.price]?[.priceAmount], as: nil)
        for item in line.all(.allowanceCharge) {
            let isCharge = UBLDocument.isCharge(item)
            note(item[.amount], as: isCharge ? .charge : .allowance)
            note(item[.baseAmount], as: isCharge ? .chargeBase : .allowanceBase)
        }
    }
}
