// SPDX-License-Identifier: Apache-2.0
import Documents

/// Maps a parsed UBL document to an `Invoice`, by the syntax binding of EN 16931-3-2.
struct UBLDocument {
    let root: XMLNode<UBLName>
    let kind: UBLRoot
    let lines: UBLLines
    let origin: Provenance.Origin
    var faults: [Fault] = []

    init(root: XMLNode<UBLName>, kind: UBLRoot, lines: UBLLines, origin: Provenance.Origin) {
        self.root = root
        self.kind = kind
        self.lines = lines
        self.origin = origin
    }

    /// The document claims to follow EN 16931, so that its rules are its own.
    private var isNorm: Bool {
        let profile = root[.customizationID]?.text?.lowercased() ?? ""
        return profile.contains("en16931") || profile.contains("peppol.eu")
    }

    /// Nil when a fault refuses the document; the faults are then in `faults`.
    mutating func invoice() -> Invoice? {
        let totals = root[.legalMonetaryTotal] ?? root[.requestedMonetaryTotal]
        let number = root[.id]?.line1
        if number == nil {
            refuse("BR-02", "the document has no number (ID, BT-1)", hint: "Ask the sender for a corrected document.")
        }
        let issuedOn = requiredDay(.issueDate, "BR-03", "issue date (IssueDate, BT-2)")
        let currency = currency(totals)
        guard let stated = totals?[.payableAmount] else {
            refuse(
                "BR-15", "the document has no amount due for payment (PayableAmount, BT-115)",
                hint: "Ask the sender for a corrected document.")
            return nil
        }
        guard let number, let issuedOn, let currency else { return nil }
        var amounts = UBLAmounts(currency: currency)
        guard let payable = amounts.required(stated) else {
            faults += amounts.faults
            return nil
        }
        let (role, sign) = role(payable)
        amounts.sign = sign
        var invoice = Invoice(
            number: number, kind: role, currency: currency, issuedOn: issuedOn,
            provenance: Provenance(origin, at: root.position))
        invoice.statedNegated = sign < 0
        invoice.payable = sign < 0 ? -payable : payable
        invoice.total = amounts.money(totals?[.taxInclusiveAmount])
        invoice.net = amounts.money(totals?[.taxExclusiveAmount])
        invoice.prepaid = amounts.money(totals?[.prepaidAmount])
        invoice.rounding = amounts.money(totals?[.payableRoundingAmount])
        taxes(&invoice, &amounts)
        faults += amounts.faults
        parties(&invoice)
        references(&invoice)
        var terms = UBLTerms(root: root, payable: stated, amounts: amounts)
        terms.apply(to: &invoice)
        faults += terms.faults
        var proof = UBLTotals(root: root, totals: totals, lines: lines, currency: currency, isNorm: isNorm)
        faults += proof.check()
        return invoice
    }

    private mutating func currency(_ totals: XMLNode<UBLName>?) -> Currency? {
        let stated = root[.documentCurrencyCode] ?? totals?[.payableAmount]?[.currencyID]
        guard let stated, let code = stated.text else {
            refuse(
                "BR-05", "the document states no currency (DocumentCurrencyCode, BT-5)",
                hint: "Ask the sender for a corrected document.")
            return nil
        }
        guard let currency = stated.currencyCode else {
            refuse(
                "BR-CL-04", "\(code) is no currency of ISO 4217", at: stated,
                hint: "Ask the sender for a corrected document.")
            return nil
        }
        if root[.documentCurrencyCode] == nil, isNorm {
            warn(
                "BR-05", "the document states no currency of its own; the amounts are in \(currency.code)", at: root,
                hint: "The currency of the amount due was taken; check it with the sender.")
        }
        return currency
    }

    private mutating func requiredDay(_ name: UBLName, _ rule: String, _ what: String) -> Day? {
        guard let node = root[name], let text = node.text else {
            refuse(rule, "the document has no \(what)", hint: "Ask the sender for a corrected document.")
            return nil
        }
        guard let day = node.day else {
            refuse(
                rule, "the \(what) is \"\(text.prefix(40))\", which is no date", at: node,
                hint: "Dates are written yyyy-MM-dd; ask the sender for a corrected document.")
            return nil
        }
        return day
    }

    // MARK: Kind and sign

    /// What the document is, and whether its amounts are to be negated so that positive is owed to us.
    private mutating func role(_ payable: Money) -> (Invoice.Kind, Int) {
        if kind.isCredit { return (.creditNote, -1) }
        let code = (root[.invoiceTypeCode] ?? root[.creditNoteTypeCode])?.text ?? ""
        if Self.creditCodes.contains(code) { return (.creditNote, payable.isNegative ? 1 : -1) }
        // A negative invoice is a credit in the sign it states.
        if payable.isNegative { return (.creditNote, 1) }
        if kind == .debitNote || Self.debitCodes.contains(code) { return (.debitNote, 1) }
        if code == "386" { return (.prepayment, 1) }
        if code == "325" {
            warn(
                "UBL-PROFORMA", "the document is a pro forma invoice (type 325): a request, not yet a claim",
                at: root, hint: "It is taken as a prepayment request; remove it if a real invoice follows.")
            return (.prepayment, 1)
        }
        return (.invoice, 1)
    }

    /// UNTDID 1001 codes that EN 16931 lists as credit notes, and `NC` as Portugal writes it.
    private static let creditCodes: Set<String> = [
        "81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532", "NC",
    ]
    private static let debitCodes: Set<String> = ["80", "84", "383", "ND"]

    // MARK: Parts

    private mutating func taxes(_ invoice: inout Invoice, _ amounts: inout UBLAmounts) {
        // One TaxTotal may be in the tax currency (BT-111): the currency decides, never the order.
        let all = root.all(.taxTotal)
        let own = all.filter { $0[.taxAmount]?[.currencyID]?.text ?? invoice.currency.code == invoice.currency.code }
        var sum: Money?
        for total in own {
            guard let tax = amounts.money(total[.taxAmount]) else { continue }
            sum = sum?.adding(tax) ?? tax
            for subtotal in total.all(.taxSubtotal) {
                let percent = subtotal[.taxCategory]?[.percent] ?? subtotal[.percent]
                guard let rate = percent?.decimal,
                    let net = amounts.money(subtotal[.taxableAmount]),
                    let tax = amounts.money(subtotal[.taxAmount])
                else { continue }
                invoice.taxes.append(Invoice.Tax(rate: rate, net: net, tax: tax))
            }
        }
        invoice.tax = sum
        if let first = all.first, own.isEmpty {
            warn(
                "BR-53", "no tax total is in the document's currency \(invoice.currency.code)", at: first,
                hint: "The tax is left open; ask the sender if you need it.")
        }
    }

    private func parties(_ invoice: inout Invoice) {
        if let party = root[.customer]?[.party] {
            let legal = party[.partyLegalEntity]
            let trading = party[.partyName]?[.name]?.line1
            let person = [party[.person]?[.firstName]?.line1, party[.person]?[.familyName]?.line1]
                .compactMap { $0 }.joined(separator: " ")
            invoice.customerName = legal?[.registrationName]?.line1 ?? trading
            if invoice.customerName == nil, !person.isEmpty { invoice.customerName = person }
            if let trading, trading != invoice.customerName { invoice.customerTradingName = trading }
            invoice.taxID = taxID(party)
            let ids: [XMLNode<UBLName>?] = [
                party[.partyIdentification]?[.id], root[.customer]?[.supplierAccountID],
                party[.partyTaxScheme]?[.companyID], legal?[.companyID], party[.endpointID],
            ]
            invoice.customerID = ids.lazy.compactMap { $0?.line1 }.first
        }
        if let party = root[.supplier]?[.party] {
            invoice.sellerName = party[.partyLegalEntity]?[.registrationName]?.line1 ?? party[.partyName]?[.name]?.line1
            invoice.sellerTaxID = taxID(party) ?? party[.partyLegalEntity]?[.companyID]?.line1
        }
    }

    /// The VAT number among a party's tax registrations (BT-31, BT-48), else the first.
    private func taxID(_ party: XMLNode<UBLName>) -> String? {
        let schemes = party.all(.partyTaxScheme)
        let vat = schemes.first { $0[.taxScheme]?[.id]?.text?.uppercased() == "VAT" }
        return (vat ?? schemes.first)?[.companyID]?.line1
    }

    private mutating func references(_ invoice: inout Invoice) {
        invoice.reference = root[.buyerReference]?.line1
        // "NA" is what PEPPOL-EN16931-R003's users write when there is no order.
        invoice.purchaseOrder = root[.orderReference]?[.id]?.line1.flatMap { $0 == "NA" ? nil : $0 }
        for means in root.all(.paymentMeans) where invoice.structuredReference == nil {
            let id = means[.paymentID]?.line1
            // OIOUBL: PaymentID is the kind of the Danish giro form, InstructionID its payment number.
            let giro = id.map { Self.giroKinds.contains($0) } ?? false
            invoice.structuredReference = giro ? means[.instructionID]?.line1 ?? id : id
        }
        corrected(&invoice)
    }

    private static let giroKinds: Set<String> = ["01", "04", "15", "71", "73", "75"]

    private mutating func corrected(_ invoice: inout Invoice) {
        var numbers: [String] = []
        for reference in root.all(.billingReference) {
            let document =
                reference[.invoiceDocumentReference] ?? reference[.selfBilledInvoiceDocumentReference]
                ?? reference[.creditNoteDocumentReference]
            if let number = document?[.id]?.line1, !numbers.contains(number) { numbers.append(number) }
        }
        let isCorrected = root[.invoiceTypeCode]?.text == "384"
        guard let number = numbers.first else {
            if isCorrected {
                warn(
                    "BR-DE-26", "the document is a corrected invoice (type 384) and names no preceding invoice (BT-25)",
                    at: root, hint: "Tell Tieout which invoice it takes the place of, or both stay open.")
            }
            return
        }
        guard numbers.count == 1 else {
            if invoice.kind == .creditNote || isCorrected {
                warn(
                    "UBL-CORRECTS-SEVERAL",
                    "the document refers to \(numbers.count) preceding invoices: "
                        + numbers.prefix(5).joined(separator: ", "),
                    at: root, hint: "It stays open; allocate it to them by hand.")
            }
            return
        }
        invoice.corrects = number
        // UNTDID 1001 384: revised information of the same invoice, so it takes its place; a credit is a difference.
        invoice.correction = isCorrected && invoice.kind != .creditNote ? .replacement : .difference
    }

    // MARK: Faults

    private mutating func refuse(
        _ code: String, _ message: String, at node: XMLNode<UBLName>? = nil, hint: String
    ) {
        faults.append(Fault(code, .refusal, at: (node ?? root).position, message, hint: hint))
    }

    private mutating func warn(_ code: String, _ message: String, at node: XMLNode<UBLName>, hint: String) {
        faults.append(Fault(code, .warning, at: node.position, message, hint: hint))
    }
}
