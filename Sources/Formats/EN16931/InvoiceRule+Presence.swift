// SPDX-License-Identifier: Apache-2.0
import Documents

// What must be there: identifiers, codes and parties. Each function is the rule of its name.
extension InvoiceRule {
    /// An invoice shall have a specification identifier (BT-24).
    @Sendable static func br01(_ invoice: StatedInvoice) -> Violation? {
        present(invoice.specification, "specification identifier (BT-24)", .document)
    }

    /// An invoice shall have a number (BT-1).
    @Sendable static func br02(_ invoice: StatedInvoice) -> Violation? {
        present(invoice.number, "number (BT-1)", .document)
    }

    /// An invoice shall have an issue date (BT-2).
    @Sendable static func br03(_ invoice: StatedInvoice) -> Violation? {
        present(invoice.issueDate, "issue date (BT-2)", .document)
    }

    /// An invoice shall have a type code (BT-3).
    @Sendable static func br04(_ invoice: StatedInvoice) -> Violation? {
        present(invoice.typeCode, "type code (BT-3)", .document)
    }

    /// An invoice shall have a currency code (BT-5).
    @Sendable static func br05(_ invoice: StatedInvoice) -> Violation? {
        present(invoice.currency, "currency of its own (BT-5)", .document)
    }

    /// An invoice shall have the seller's name (BT-27).
    @Sendable static func br06(_ invoice: StatedInvoice) -> Violation? {
        present(invoice.sellerName, "registered name of the seller (BT-27)", .document)
    }

    /// An invoice shall have the buyer's name (BT-44).
    @Sendable static func br07(_ invoice: StatedInvoice) -> Violation? {
        present(invoice.buyerName, "registered name of the buyer (BT-44)", .document)
    }

    /// An invoice shall have the sum of line net amounts (BT-106).
    @Sendable static func br12(_ invoice: StatedInvoice) -> Violation? {
        total(invoice, \.lines, "sum of line net amounts (BT-106)")
    }

    /// An invoice shall have the total without VAT (BT-109).
    @Sendable static func br13(_ invoice: StatedInvoice) -> Violation? {
        total(invoice, \.net, "total without VAT (BT-109)")
    }

    /// An invoice shall have the total with VAT (BT-112).
    @Sendable static func br14(_ invoice: StatedInvoice) -> Violation? {
        total(invoice, \.gross, "total with VAT (BT-112)")
    }

    /// An invoice shall have the amount due for payment (BT-115).
    @Sendable static func br15(_ invoice: StatedInvoice) -> Violation? {
        if invoice.isPayableOptional, invoice.totals?.gross != nil { return nil }
        return total(invoice, \.payable, "amount due for payment (BT-115)")
    }

    /// An invoice shall have at least one line (BG-25).
    @Sendable static func br16(_ invoice: StatedInvoice) -> Violation? {
        invoice.lines.count > 0 ? nil : Violation(.document, "the document has no line (BG-25)")
    }

    /// Each line shall have a net amount (BT-131).
    @Sendable static func br24(_ invoice: StatedInvoice) -> Violation? {
        invoice.lines.missing.map { Violation(.at($0), "the line has no net amount (BT-131)") }
    }

    /// Each allowance on document level shall have an amount (BT-92).
    @Sendable static func br31(_ invoice: StatedInvoice) -> Violation? {
        let index = invoice.allowanceCharges.firstIndex { !$0.isCharge && $0.amount == nil }
        return index.map { Violation(.allowanceCharge($0), "the allowance has no amount (BT-92)") }
    }

    /// Each charge on document level shall have an amount (BT-99).
    @Sendable static func br36(_ invoice: StatedInvoice) -> Violation? {
        let index = invoice.allowanceCharges.firstIndex { $0.isCharge && $0.amount == nil }
        return index.map { Violation(.allowanceCharge($0), "the charge has no amount (BT-99)") }
    }

    /// Each line of the VAT breakdown shall have a taxable amount (BT-116).
    @Sendable static func br45(_ invoice: StatedInvoice) -> Violation? {
        taxLine(invoice, "the VAT breakdown has a line without taxable amount (BT-116)") { $0.net == nil }
    }

    /// Each line of the VAT breakdown shall have a tax amount (BT-117).
    @Sendable static func br46(_ invoice: StatedInvoice) -> Violation? {
        taxLine(invoice, "the VAT breakdown has a line without tax amount (BT-117)") { $0.tax == nil }
    }

    /// Each line of the VAT breakdown shall have a rate (BT-119), unless it is not subject to VAT.
    @Sendable static func br48(_ invoice: StatedInvoice) -> Violation? {
        taxLine(invoice, "the VAT breakdown has a line without rate (BT-119)") {
            !$0.isVAT || $0.rate == nil && $0.category != "O"
        }
    }

    /// With a VAT accounting currency (BT-6), the VAT shall be stated in it (BT-111).
    @Sendable static func br53(_ invoice: StatedInvoice) -> Violation? {
        guard let code = invoice.taxCurrency,
            !invoice.taxTotals.contains(where: { $0.amount?.currency == code })
        else { return nil }
        return Violation(
            .taxCurrency, "no total VAT amount is in the VAT accounting currency \(code.prefix(10)) (BT-111)")
    }

    /// Each preceding invoice reference (BG-3) shall name the invoice (BT-25).
    @Sendable static func br55(_ invoice: StatedInvoice) -> Violation? {
        let index = invoice.preceding.firstIndex { $0 == nil }
        return index.map { Violation(.preceding($0), "a reference to a preceding invoice has no number (BT-25)") }
    }

    /// A corrected invoice should name the one it corrects (XRechnung).
    @Sendable static func brDE26(_ invoice: StatedInvoice) -> Violation? {
        guard invoice.typeCode == "384", invoice.preceding.allSatisfy({ $0 == nil }) else { return nil }
        return Violation(
            .document, "the document is a corrected invoice (type 384) and names no preceding invoice (BT-25)")
    }

    /// An amount that is due shall have a due date (BT-9) or payment terms (BT-20).
    @Sendable static func brCO25(_ invoice: StatedInvoice) -> Violation? {
        guard let due = invoice.totals?.payable?.value, due.coefficient > 0, !invoice.isMinimum,
            !invoice.hasDueDate, invoice.terms.isEmpty, invoice.isCreditRoot != true,
            !creditNoteCodes.contains(invoice.typeCode ?? "")
        else { return nil }
        return Violation(
            .document, "an amount is due, but neither a due date (BT-9) nor payment terms (BT-20) are stated")
    }

    // MARK: Parts

    private static func present(_ text: String?, _ what: String, _ subject: Subject) -> Violation? {
        text == nil || text == "" ? Violation(subject, "the document has no \(what)") : nil
    }

    private static func total(
        _ invoice: StatedInvoice, _ path: KeyPath<StatedInvoice.Totals, StatedInvoice.Amount?>, _ what: String
    ) -> Violation? {
        guard invoice.totals?[keyPath: path] == nil else { return nil }
        return Violation(invoice.totals == nil ? .document : .totals, "the document has no \(what)")
    }

    private static func taxLine(
        _ invoice: StatedInvoice, _ message: String, where broken: (StatedInvoice.TaxLine) -> Bool
    ) -> Violation? {
        let index = invoice.taxTotals.firstIndex { $0.breakdown.contains(where: broken) }
        return index.map { Violation(.taxTotal($0), message) }
    }
}
