// SPDX-License-Identifier: Apache-2.0

/// How a value that needs more decimals than it may have loses them.
package enum Rounding: Sendable {
    /// Half away from zero, the commercial rounding of invoices.
    case halfUp
    /// Half to the even neighbour.
    case halfEven
    /// Towards zero.
    case down
    /// Away from zero.
    case up
}

/// An exact decimal: `coefficient` × 10^−`scale`; for rates, prices and amounts before their currency is known.
package struct ScaledDecimal: Hashable, Sendable {
    package var coefficient: Int128
    /// Decimals after the point, 0 to 18.
    package var scale: UInt8

    package static let scaleMax: UInt8 = 18
    private static let coefficientMax: Int128 = 1_000_000_000_000_000_000_000_000_000_000

    package init(coefficient: Int128, scale: UInt8) {
        self.coefficient = coefficient
        self.scale = scale
    }

    /// Plain text as machines write it: an optional sign, digits, at most one point. No grouping, no exponent.
    ///
    /// This is the XML Schema `decimal` lexical form. Nil for anything else, and for more than 30 digits.
    package init?(_ text: some StringProtocol) {
        var coefficient: Int128 = 0
        var scale: UInt8 = 0
        var digits = 0
        var negative = false
        var point = false
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case 0x2D where index == 0: negative = true
            case 0x2B where index == 0: break
            case 0x2E where !point: point = true
            case 0x30...0x39:
                digits += 1
                guard coefficient < Self.coefficientMax / 10 else { return nil }
                if point {
                    guard scale < Self.scaleMax else {
                        // More decimals than any rate needs carry no information when they are zero.
                        guard byte == 0x30 else { return nil }
                        continue
                    }
                    scale += 1
                }
                coefficient = coefficient * 10 + Int128(byte - 0x30)
            default: return nil
            }
        }
        guard digits > 0 else { return nil }
        self.coefficient = negative ? -coefficient : coefficient
        self.scale = scale
    }

    /// Decimal text with exactly `scale` decimals.
    package var text: String {
        var digits = String(coefficient.magnitude)
        if scale > 0 {
            let places = Int(scale)
            if digits.utf8.count <= places {
                digits = String(repeating: "0", count: places + 1 - digits.utf8.count) + digits
            }
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -places))
        }
        return coefficient < 0 ? "-" + digits : digits
    }

    /// The same value with as many decimals as asked for; nil when that would lose a digit.
    package func exactly(scale target: UInt8) -> ScaledDecimal? {
        guard target < scale else { return widened(to: target) }
        let divisor = Self.power(of: scale - target)
        guard coefficient % divisor == 0 else { return nil }
        return ScaledDecimal(coefficient: coefficient / divisor, scale: target)
    }

    /// The value with `target` decimals, rounded by the mode that is given.
    package func rounded(scale target: UInt8, _ mode: Rounding) -> ScaledDecimal? {
        guard target < scale else { return widened(to: target) }
        let divisor = Self.power(of: scale - target)
        let (quotient, remainder) = coefficient.quotientAndRemainder(dividingBy: divisor)
        guard remainder != 0 else { return ScaledDecimal(coefficient: quotient, scale: target) }
        let step: Int128 = coefficient < 0 ? -1 : 1
        let twice = remainder.magnitude * 2
        let half = divisor.magnitude
        let bump: Bool =
            switch mode {
            case .halfUp: twice >= half
            case .halfEven: twice > half || (twice == half && quotient % 2 != 0)
            case .down: false
            case .up: true
            }
        return ScaledDecimal(coefficient: bump ? quotient + step : quotient, scale: target)
    }

    /// The amount in minor units; nil when a digit would be lost or the magnitude is over `Money.magnitudeMax`.
    package func money(_ currency: Currency) -> Money? {
        exactly(scale: currency.exponent).flatMap { $0.inRange(currency) }
    }

    /// The amount in minor units by the rounding mode; nil only when it is out of range.
    package func money(_ currency: Currency, rounding: Rounding) -> Money? {
        rounded(scale: currency.exponent, rounding).flatMap { $0.inRange(currency) }
    }

    private func inRange(_ currency: Currency) -> Money? {
        guard coefficient.magnitude <= UInt128(Money.magnitudeMax) else { return nil }
        return Money(minorUnits: Int64(coefficient), currency: currency)
    }

    private func widened(to target: UInt8) -> ScaledDecimal? {
        guard target <= Self.scaleMax else { return nil }
        let (product, overflow) = coefficient.multipliedReportingOverflow(
            by: Self.power(of: target - scale))
        return overflow ? nil : ScaledDecimal(coefficient: product, scale: target)
    }

    /// Nil on overflow.
    package func adding(_ other: ScaledDecimal) -> ScaledDecimal? {
        let common = max(scale, other.scale)
        guard let left = exactly(scale: common), let right = other.exactly(scale: common) else {
            return nil
        }
        let (sum, overflow) = left.coefficient.addingReportingOverflow(right.coefficient)
        return overflow ? nil : ScaledDecimal(coefficient: sum, scale: common)
    }

    package static prefix func - (value: ScaledDecimal) -> ScaledDecimal {
        ScaledDecimal(coefficient: -value.coefficient, scale: value.scale)
    }

    /// 10^exponent for 0...36.
    package static func power(of exponent: UInt8) -> Int128 {
        var result: Int128 = 1
        for _ in 0..<exponent { result *= 10 }
        return result
    }
}
