// SPDX-License-Identifier: Apache-2.0
import Documents

/// Discounts, taxes and instalments as one text column each: fields by commas, elements by semicolons.
enum TermsText {
    static func encode(_ discounts: [Invoice.Discount]) -> String? {
        join(discounts) { discount in
            [
                discount.percent?.text ?? "", discount.amount.map { String($0.minorUnits) } ?? "",
                discount.base.rawValue, discount.until.text,
            ]
        }
    }

    static func encode(_ taxes: [Invoice.Tax]) -> String? {
        join(taxes) { [$0.rate.text, String($0.net.minorUnits), String($0.tax.minorUnits)] }
    }

    static func encode(_ instalments: [Invoice.Instalment]) -> String? {
        join(instalments) { part in
            [
                String(part.n), part.dueOn.text, String(part.amount.minorUnits),
                part.open.map { String($0.minorUnits) } ?? "", part.paidOn?.text ?? "",
            ]
        }
    }

    static func discounts(_ text: String?, _ currency: Currency) -> [Invoice.Discount] {
        split(text).compactMap { fields in
            guard fields.count == 4, let base = Invoice.Discount.Base(rawValue: String(fields[2])),
                let until = Day(fields[3])
            else { return nil }
            return Invoice.Discount(
                percent: ScaledDecimal(fields[0]), amount: money(fields[1], currency), base: base, until: until)
        }
    }

    static func taxes(_ text: String?, _ currency: Currency) -> [Invoice.Tax] {
        split(text).compactMap { fields in
            guard fields.count == 3, let rate = ScaledDecimal(fields[0]), let net = money(fields[1], currency),
                let tax = money(fields[2], currency)
            else { return nil }
            return Invoice.Tax(rate: rate, net: net, tax: tax)
        }
    }

    static func instalments(_ text: String?, _ currency: Currency) -> [Invoice.Instalment] {
        split(text).compactMap { fields in
            guard fields.count == 5, let n = Int(fields[0]), let due = Day(fields[1]),
                let amount = money(fields[2], currency)
            else { return nil }
            return Invoice.Instalment(
                n: n, dueOn: due, amount: amount, open: money(fields[3], currency), paidOn: Day(fields[4]))
        }
    }

    private static func join<Element>(_ elements: [Element], _ fields: (Element) -> [String]) -> String? {
        elements.isEmpty ? nil : elements.map { fields($0).joined(separator: ",") }.joined(separator: ";")
    }

    private static func split(_ text: String?) -> [[Substring]] {
        guard let text else { return [] }
        return text.utf8.split(separator: 0x3B).map {
            $0.split(separator: 0x2C, omittingEmptySubsequences: false).map { Substring($0) }
        }
    }

    private static func money(_ text: Substring, _ currency: Currency) -> Money? {
        Int64(text).map { Money(minorUnits: $0, currency: currency) }
    }
}
