// SPDX-License-Identifier: Apache-2.0

/// An amount in whole minor units of one currency; the only type money has in Tieout.
///
/// Amounts come from text and go back to text: there is no initialiser from a floating-point number.
package struct Money: Hashable, Sendable {
    /// Minor units: cents for EUR, yen for JPY, fils for KWD.
    package var minorUnits: Int64
    package var currency: Currency

    /// The largest magnitude that input may state, in minor units. What is larger is refused as `AMOUNT-RANGE`,
    /// so that sums of any realistic number of rows stay inside `Int64`.
    package static let magnitudeMax: Int64 = 1_000_000_000_000_000

    package init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    package static func zero(_ currency: Currency) -> Money {
        Money(minorUnits: 0, currency: currency)
    }

    package var isZero: Bool { minorUnits == 0 }
    package var isNegative: Bool { minorUnits < 0 }
    package var isPositive: Bool { minorUnits > 0 }
    package var magnitude: Money {
        Money(minorUnits: minorUnits < 0 ? 0 &- minorUnits : minorUnits, currency: currency)
    }

    /// Nil when the currencies differ or the sum leaves `Int64`.
    package func adding(_ other: Money) -> Money? {
        guard currency == other.currency else { return nil }
        let (sum, overflow) = minorUnits.addingReportingOverflow(other.minorUnits)
        return overflow ? nil : Money(minorUnits: sum, currency: currency)
    }

    /// Nil when the currencies differ or the difference leaves `Int64`.
    package func subtracting(_ other: Money) -> Money? {
        guard currency == other.currency else { return nil }
        let (difference, overflow) = minorUnits.subtractingReportingOverflow(other.minorUnits)
        return overflow ? nil : Money(minorUnits: difference, currency: currency)
    }

    package static prefix func - (value: Money) -> Money {
        Money(minorUnits: 0 &- value.minorUnits, currency: value.currency)
    }

    /// The amount as decimal text without grouping: `-1180.00`, `500` for yen.
    package var amountText: String {
        ScaledDecimal(coefficient: Int128(minorUnits), scale: currency.exponent).text
    }

    /// `amountText` without its sign, behind what is there: a run writes millions of amounts.
    package func putDigits(_ bytes: inout [UInt8]) {
        let exponent = Int(currency.exponent)
        let amount = minorUnits.magnitude
        var place = 0
        var unit: UInt64 = 1
        while place < exponent || amount / unit >= 10 {
            unit *= 10
            place += 1
        }
        while true {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: amount / unit % 10))
            if place == exponent, exponent > 0 { bytes.append(0x2E) }
            if place == 0 { break }
            unit /= 10
            place -= 1
        }
    }

    /// Splits into shares proportional to `weights` that sum exactly to the whole.
    ///
    /// The largest-remainder method: each share is rounded toward zero, then the units that are left go to the
    /// shares with the largest remainders, ties to the earlier one. No weight may be negative.
    /// - Returns: One share per weight; all of it in the first share when every weight is zero.
    package func split(by weights: [Int64]) -> [Money] {
        guard !weights.isEmpty else { return [] }
        let total = weights.reduce(Int128(0)) { $0 + Int128(max(0, $1)) }
        guard total > 0 else {
            return weights.indices.map { $0 == 0 ? self : .zero(currency) }
        }
        let sign: Int128 = minorUnits < 0 ? -1 : 1
        let whole = Int128(minorUnits) * sign
        var shares: [Int128] = []
        var remainders: [(index: Int, remainder: Int128)] = []
        for (index, weight) in weights.enumerated() {
            let product = Self.multiply(whole, Int128(max(0, weight)), dividedBy: total)
            shares.append(product.quotient)
            remainders.append((index, product.remainder))
        }
        var left = whole - shares.reduce(0, +)
        remainders.sort { $0.remainder != $1.remainder ? $0.remainder > $1.remainder : $0.index < $1.index }
        for (index, _) in remainders where left > 0 {
            shares[index] += 1
            left -= 1
        }
        return shares.map { Money(minorUnits: Int64(clamping: $0 * sign), currency: currency) }
    }

    private static func multiply(
        _ value: Int128, _ weight: Int128, dividedBy total: Int128
    ) -> (quotient: Int128, remainder: Int128) {
        // |value| and |weight| each fit 63 bits, so the product fits Int128.
        let product = value * weight
        return (product / total, product % total)
    }
}

extension Money: CustomStringConvertible {
    /// `1180.00 EUR`
    package var description: String { "\(amountText) \(currency.code)" }
}
