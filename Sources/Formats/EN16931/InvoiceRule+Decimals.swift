// SPDX-License-Identifier: Apache-2.0
import Documents

// BR-DEC: no amount has more than two decimals. One function, as the rules differ in nothing but the amount.
//
// EN 16931 was written for currencies with two decimals and makes no exception; its rules would call every Kuwaiti,
// Bahraini or Tunisian invoice wrong six times over, for the third decimal that ISO 4217 gives its currency. A warning
// that nobody can mend hides the ones that matter, so an amount in such a currency may have as many decimals as the currency
// has. Every other currency, those with fewer decimals included, keeps the norm's two.
extension InvoiceRule {
    /// The rules BR-DEC-01 to BR-DEC-28 in their order; the gaps are the norm's own.
    static let decimals: [InvoiceRule] = [
        documentLevel("BR-DEC-01", "an allowance (BT-92)", isCharge: false, \.amount),
        documentLevel("BR-DEC-02", "the base of an allowance (BT-93)", isCharge: false, \.base),
        documentLevel("BR-DEC-05", "a charge (BT-99)", isCharge: true, \.amount),
        documentLevel("BR-DEC-06", "the base of a charge (BT-100)", isCharge: true, \.base),
        total("BR-DEC-09", "the sum of line net amounts (BT-106)", \.lines),
        total("BR-DEC-10", "the sum of allowances (BT-107)", \.allowances),
        total("BR-DEC-11", "the sum of charges (BT-108)", \.charges),
        total("BR-DEC-12", "the total without VAT (BT-109)", \.net),
        taxTotal("BR-DEC-13", "the total VAT (BT-110)", \.currency),
        total("BR-DEC-14", "the total with VAT (BT-112)", \.gross),
        taxTotal("BR-DEC-15", "the total VAT in accounting currency (BT-111)", \.taxCurrency),
        total("BR-DEC-16", "the paid amount (BT-113)", \.prepaid),
        total("BR-DEC-17", "the rounding amount (BT-114)", \.rounding),
        total("BR-DEC-18", "the amount due for payment (BT-115)", \.payable),
        breakdown("BR-DEC-19", "the taxable amount of a VAT category (BT-116)", \.net),
        breakdown("BR-DEC-20", "the tax amount of a VAT category (BT-117)", \.tax),
        line("BR-DEC-23", "the net amount of a line (BT-131)", .net),
        line("BR-DEC-24", "the allowance of a line (BT-136)", .allowance),
        line("BR-DEC-25", "the base of a line's allowance (BT-137)", .allowanceBase),
        line("BR-DEC-27", "the charge of a line (BT-141)", .charge),
        line("BR-DEC-28", "the base of a line's charge (BT-142)", .chargeBase),
    ]

    /// The norm's two, or more where ISO 4217 gives the currency more.
    private static func decimalsMax(_ currency: String?) -> UInt8 {
        max(2, currency.flatMap { Currency($0) }.map { UInt8(clamping: $0.exponent) } ?? 2)
    }

    private static func rule(
        _ id: String, _ check: @escaping @Sendable (StatedInvoice) -> Violation?
    ) -> InvoiceRule {
        InvoiceRule(id, .norm, hint: asWritten, check)
    }

    private static func tooFine(
        _ amount: StatedInvoice.Amount?, _ what: String, _ subject: Subject, _ invoice: StatedInvoice
    ) -> Violation? {
        // No currency has fewer than two here, and hardly an amount has more: its currency is not looked up then.
        guard let value = amount?.value, value.scale > 2 else { return nil }
        let most = decimalsMax(amount?.currency ?? invoice.currency)
        guard value.scale > most else { return nil }
        return Violation(subject, "\(what) is \(value.text), with more than \(most == 2 ? "two" : "\(most)") decimals")
    }

    private static func total(
        _ id: String, _ what: String,
        _ path: @escaping @Sendable (StatedInvoice.Totals) -> StatedInvoice.Amount?
    ) -> InvoiceRule {
        rule(id) { tooFine($0.totals.flatMap(path), what, .totals, $0) }
    }

    private static func documentLevel(
        _ id: String, _ what: String, isCharge: Bool,
        _ path: @escaping @Sendable (StatedInvoice.AllowanceCharge) -> StatedInvoice.Amount?
    ) -> InvoiceRule {
        rule(id) { invoice in
            for (index, item) in invoice.allowanceCharges.enumerated() where item.isCharge == isCharge {
                if let found = tooFine(path(item), what, .allowanceCharge(index), invoice) { return found }
            }
            return nil
        }
    }

    private static func taxTotal(
        _ id: String, _ what: String, _ currency: @escaping @Sendable (StatedInvoice) -> String?
    ) -> InvoiceRule {
        rule(id) { invoice in
            guard let code = currency(invoice) else { return nil }
            for (index, total) in invoice.taxTotals.enumerated() where total.amount?.currency == code {
                if let found = tooFine(total.amount, what, .taxTotal(index), invoice) { return found }
            }
            return nil
        }
    }

    private static func breakdown(
        _ id: String, _ what: String, _ path: @escaping @Sendable (StatedInvoice.TaxLine) -> StatedInvoice.Amount?
    ) -> InvoiceRule {
        rule(id) { invoice in
            for (index, total) in invoice.taxTotals.enumerated() {
                for line in total.breakdown {
                    if let found = tooFine(path(line), what, .taxTotal(index), invoice) { return found }
                }
            }
            return nil
        }
    }

    private static func line(_ id: String, _ what: String, _ kind: InvoiceLines.Amount) -> InvoiceRule {
        rule(id) { invoice in
            guard invoice.lines.finest[kind.rawValue] > 2 else { return nil }
            let most = decimalsMax(invoice.currency)
            guard invoice.lines.finest[kind.rawValue] > most else { return nil }
            return invoice.lines.overprecise[kind.rawValue].map {
                Violation(.at($0), "\(what) has more than \(most == 2 ? "two" : "\(most)") decimals")
            }
        }
    }
}
