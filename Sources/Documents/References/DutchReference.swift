// SPDX-License-Identifier: Apache-2.0

/// The Dutch betalingskenmerk (Betaalvereniging Nederland): the check digit comes first.
///
/// 7 digits carry no check; 9 to 14 a check digit and a length digit; 16 a check digit only; 8 and 15 do not exist.
package struct DutchReference: Hashable, Sendable {
    package let text: String

    /// Nil when the length does not exist or a check is wrong; spaces and dots are dropped.
    package init?(_ text: some StringProtocol) {
        guard let digits = CheckDigit.digits(text, dropping: [0x2E]) else { return nil }
        switch digits.count {
        case 7: break
        case 9...14:
            guard digits[0] == Self.check(digits[1...]),
                Int(digits[1] - 0x30) == (digits.count - 2) % 10
            else { return nil }
        case 16: guard digits[0] == Self.check(digits[1...]) else { return nil }
        default: return nil
        }
        self.text = CheckDigit.text(digits)
    }

    /// The reference of a number: 7 to 12 digits get a length digit, 13 to 15 are filled to 15 with zeros in front.
    package static func make(_ number: some StringProtocol) -> DutchReference? {
        guard let digits = CheckDigit.digits(number) else { return nil }
        let rest: [UInt8]
        switch digits.count {
        case 7...12: rest = [0x30 + UInt8(digits.count % 10)] + digits
        case 13...15: rest = [UInt8](repeating: 0x30, count: 15 - digits.count) + digits
        default: return nil
        }
        return DutchReference(CheckDigit.text([check(rest[...])] + rest))
    }

    /// In groups of four from the right, as it is printed.
    package var printed: String { CheckDigit.groupedFromRight(text, by: 4) }

    private static func check(_ digits: ArraySlice<UInt8>) -> UInt8 {
        let weights = [2, 4, 8, 5, 10, 9, 7, 3, 6, 1]
        let value = 11 - CheckDigit.weighted(digits, weights: weights) % 11
        return value == 10 ? 0x31 : value == 11 ? 0x30 : 0x30 + UInt8(value)
    }
}
