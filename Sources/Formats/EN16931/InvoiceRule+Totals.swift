// SPDX-License-Identifier: Apache-2.0
import Documents

// How the stated amounts must add up. Each function is the rule of its name; what is stated stands all the same.
extension InvoiceRule {
    /// BT-106 = Σ BT-131.
    @Sendable static func brCO10(_ invoice: StatedInvoice) -> Violation? {
        guard invoice.lines.count > 0, let sum = invoice.lines.sum else { return nil }
        return compare(invoice, \.lines, "sum of line net amounts (BT-106)", sum, "the lines add up to")
    }

    /// BT-107 = Σ BT-92.
    @Sendable static func brCO11(_ invoice: StatedInvoice) -> Violation? {
        documentLevel(invoice, isCharge: false, \.allowances, "sum of allowances (BT-107)", "allowances")
    }

    /// BT-108 = Σ BT-99.
    @Sendable static func brCO12(_ invoice: StatedInvoice) -> Violation? {
        documentLevel(invoice, isCharge: true, \.charges, "sum of charges (BT-108)", "charges")
    }

    /// BT-109 = BT-106 − BT-107 + BT-108.
    @Sendable static func brCO13(_ invoice: StatedInvoice) -> Violation? {
        guard let lines = invoice.totals?.lines?.value else { return nil }
        let computed = lines.adding(-stated(invoice, \.allowances))?.adding(stated(invoice, \.charges))
        return compare(invoice, \.net, "total without VAT (BT-109)", computed, "BT-106 - BT-107 + BT-108 is")
    }

    /// BT-110 = Σ BT-117.
    @Sendable static func brCO14(_ invoice: StatedInvoice) -> Violation? {
        for (index, total) in invoice.taxTotals.enumerated() where !total.breakdown.isEmpty {
            guard let amount = total.amount?.value, let sum = sum(total.breakdown.map(\.tax)) else { continue }
            let message = difference(
                invoice, "total VAT (BT-110)", amount, sum, "the VAT breakdown adds up to")
            if let message { return Violation(.taxTotal(index), message) }
        }
        return nil
    }

    /// BT-112 = BT-109 + BT-110.
    @Sendable static func brCO15(_ invoice: StatedInvoice) -> Violation? {
        guard let net = invoice.totals?.net?.value, invoice.totals?.gross?.value != nil else { return nil }
        let own = invoice.taxTotalsInCurrency
        let gross = invoice.totals?.gross?.value
        // A document without VAT may leave the total VAT out where its syntax does not ask for it.
        if own.isEmpty, let gross, gross.adding(-net)?.coefficient == 0 { return nil }
        guard own.count == 1 else {
            return Violation(
                .totals, "\(own.count) total VAT amounts (BT-110) are in the document's currency, not one")
        }
        let computed = own.first?.amount?.value.flatMap { net.adding($0) }
        return compare(invoice, \.gross, "total with VAT (BT-112)", computed, "BT-109 + BT-110 is")
    }

    /// BT-115 = BT-112 − BT-113 + BT-114.
    @Sendable static func brCO16(_ invoice: StatedInvoice) -> Violation? {
        guard let gross = invoice.totals?.gross?.value, !invoice.hasOtherTerms else { return nil }
        let computed = gross.adding(-stated(invoice, \.prepaid))?.adding(stated(invoice, \.rounding))
        return compare(
            invoice, \.payable, "amount due for payment (BT-115)", computed, "BT-112 - BT-113 + BT-114 is")
    }

    /// BT-117 = BT-116 × BT-119 / 100, within one unit as the norm's own check allows.
    @Sendable static func brCO17(_ invoice: StatedInvoice) -> Violation? {
        for (index, total) in invoice.taxTotals.enumerated() {
            for line in total.breakdown {
                if let message = taxMismatch(line, invoice.isWholeUnitAllowed) {
                    return Violation(.taxTotal(index), message)
                }
            }
        }
        return nil
    }

    /// An invoice shall have a VAT breakdown (BG-23).
    @Sendable static func brCO18(_ invoice: StatedInvoice) -> Violation? {
        guard !invoice.taxTotals.contains(where: { !$0.breakdown.isEmpty }) else { return nil }
        return Violation(.document, "the document has no VAT breakdown (BG-23)")
    }

    // MARK: Parts

    private static let zero = ScaledDecimal(coefficient: 0, scale: 0)

    private static func stated(
        _ invoice: StatedInvoice, _ path: KeyPath<StatedInvoice.Totals, StatedInvoice.Amount?>
    ) -> ScaledDecimal {
        invoice.totals?[keyPath: path]?.value ?? zero
    }

    private static func sum(_ amounts: [StatedInvoice.Amount?]) -> ScaledDecimal? {
        var sum: ScaledDecimal? = zero
        for amount in amounts {
            guard let value = amount?.value else { return nil }
            sum = sum?.adding(value)
        }
        return sum
    }

    private static func documentLevel(
        _ invoice: StatedInvoice, isCharge: Bool,
        _ path: KeyPath<StatedInvoice.Totals, StatedInvoice.Amount?>, _ what: String, _ parts: String
    ) -> Violation? {
        let items = invoice.allowanceCharges.filter { $0.isCharge == isCharge }
        guard let totals = invoice.totals else { return nil }
        guard let total = totals[keyPath: path] else {
            // Older syntaxes leave the sum out; the norm does not.
            guard !items.isEmpty, invoice.claims.contains(.norm) else { return nil }
            return Violation(.totals, "the document has \(parts), but no \(what)")
        }
        let computed = sum(items.map(\.amount))
        if !invoice.claims.contains(.norm) {
            // ZUGFeRD 1: its BASIC profile states the sum alone, and some state the parts with the other sign.
            if items.isEmpty { return nil }
            if let value = total.value, let computed, value.adding(computed)?.coefficient == 0 { return nil }
        }
        return compare(invoice, path, what, computed, "the \(parts) add up to")
    }

    private static func compare(
        _ invoice: StatedInvoice, _ path: KeyPath<StatedInvoice.Totals, StatedInvoice.Amount?>, _ what: String,
        _ computed: ScaledDecimal?, _ how: String
    ) -> Violation? {
        guard let stated = invoice.totals?[keyPath: path]?.value, let computed,
            let message = difference(invoice, what, stated, computed, how)
        else { return nil }
        return Violation(.totals, message)
    }

    /// Compared as decimals of the currency, as the norm's own checks round; no wider tolerance.
    private static func difference(
        _ invoice: StatedInvoice, _ what: String, _ stated: ScaledDecimal, _ computed: ScaledDecimal, _ how: String
    ) -> String? {
        if stated == computed { return nil }
        let scale = max(invoice.currency.flatMap { Currency($0) }?.exponent ?? 2, 2)
        guard let left = stated.rounded(scale: scale, .halfUp), let right = computed.rounded(scale: scale, .halfUp),
            left.coefficient != right.coefficient
        else { return nil }
        return "the \(what) is stated as \(left.text), but \(how) \(right.text)"
    }

    private static func taxMismatch(_ line: StatedInvoice.TaxLine, _ isWholeUnitAllowed: Bool) -> String? {
        guard let tax = line.tax?.value, let whole = tax.rounded(scale: 0, .halfUp) else { return nil }
        guard let rate = line.rate, let percent = rate.rounded(scale: 0, .halfUp), percent.coefficient != 0 else {
            return whole.coefficient == 0
                ? nil : "the VAT of a breakdown line without a rate is stated as \(tax.text), not as zero"
        }
        guard let net = line.net?.value, let computed = product(net, rate),
            let off = ScaledDecimal(coefficient: abs(tax.coefficient), scale: tax.scale).adding(-computed)
        else { return nil }
        let unit = ScaledDecimal.power(of: off.scale)
        guard isWholeUnitAllowed ? abs(off.coefficient) > unit : abs(off.coefficient) >= unit else { return nil }
        return "the VAT of a breakdown line is stated as \(tax.text), "
            + "but \(net.text) at \(rate.text) % is \(computed.text)"
    }

    /// |net| × rate / 100 in two decimals; nil beyond any real amount.
    private static func product(_ net: ScaledDecimal, _ rate: ScaledDecimal) -> ScaledDecimal? {
        let (value, overflow) = abs(net.coefficient).multipliedReportingOverflow(by: rate.coefficient)
        let scale = Int(net.scale) + Int(rate.scale) + 2
        guard !overflow, scale <= Int(ScaledDecimal.scaleMax) else { return nil }
        return ScaledDecimal(coefficient: value, scale: UInt8(scale)).rounded(scale: 2, .halfUp)
    }
}
