// SPDX-License-Identifier: Apache-2.0
package import Documents

/// What an adjustment takes of the net amount and of the tax that an invoice shows at one rate.
///
/// A discount that is taken and a claim that is given up lower the taxable amount of the supply (Directive 2006/112/EC,
/// articles 79 and 90); the invoice's breakdown by rate (EN 16931, BG-23) says in which shares.
package struct TaxShare: Hashable, Sendable {
    /// In per cent; nil where the invoice states its tax in one sum.
    package let rate: ScaledDecimal?
    package let net: Money
    package let tax: Money

    package init(rate: ScaledDecimal?, net: Money, tax: Money) {
        (self.rate, self.net, self.tax) = (rate, net, tax)
    }

    /// - Parameters:
    ///   - adjustment: with its sign, in the invoice's currency.
    ///   - taxes: the invoice's breakdown.
    ///   - net: the invoice's, where there is no breakdown.
    ///   - tax: the invoice's, where there is no breakdown.
    /// - Returns: One share per rate in the order of the breakdown; together they are the adjustment to the minor unit. Nil
    ///   where the invoice does not tell its tax.
    package static func split(_ adjustment: Money, by taxes: [Invoice.Tax], net: Money?, tax: Money?) -> [TaxShare]? {
        var parts: [(rate: ScaledDecimal?, net: Money, tax: Money)] = taxes.map { part in
            // `19.00` and `19` are one rate.
            let rate = (0..<part.rate.scale).lazy.compactMap { part.rate.exactly(scale: $0) }.first ?? part.rate
            return (rate, part.net, part.tax)
        }
        if parts.isEmpty, let net, let tax { parts = [(nil, net, tax)] }
        let currency = adjustment.currency
        let weights = parts.map { abs($0.net.minorUnits &+ $0.tax.minorUnits) }
        guard parts.allSatisfy({ $0.net.currency == currency && $0.tax.currency == currency }),
            weights.contains(where: { $0 > 0 })
        else { return nil }
        return zip(parts, adjustment.split(by: weights)).map { part, gross in
            let shares = gross.split(by: [abs(part.net.minorUnits), abs(part.tax.minorUnits)])
            return TaxShare(rate: part.rate, net: shares[0], tax: shares[1])
        }
    }
}

extension Entry.Kind {
    /// It settles a part of an item without money, or brings such a part back.
    package var isAdjustment: Bool {
        switch self {
        case .discount, .fee, .withholding, .writeOff, .rounding, .exchange, .recovered: true
        default: false
        }
    }

    /// It lowers what tax is owed on, or raises it again. A bank's fee, a withheld tax and a rounding do not.
    package var changesTax: Bool {
        switch self {
        case .discount, .writeOff, .recovered: true
        default: false
        }
    }
}
