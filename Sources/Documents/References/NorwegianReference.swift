// SPDX-License-Identifier: Apache-2.0

/// The Norwegian KID: 2 to 25 digits, the last a check by mod 10 or mod 11, as agreed for the account.
package struct NorwegianReference: Hashable, Sendable {
    package enum Check: String, Sendable, CaseIterable {
        case mod10, mod11
    }

    /// Digits; the last may be `-` under mod 11, where the check is ten.
    package let text: String
    package let check: Check

    /// Nil when the length or the check of that kind is wrong; spaces are dropped.
    package init?(_ text: some StringProtocol, check: Check) {
        let bytes = Array(text.utf8.filter { $0 != 0x20 })
        guard (2...25).contains(bytes.count), let last = bytes.last,
            bytes.dropLast().allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            Self.digit(bytes.dropLast(), check) == last
        else { return nil }
        self.text = CheckDigit.text(bytes)
        self.check = check
    }

    /// The reference of a number of at most 24 digits.
    package static func make(_ number: some StringProtocol, check: Check) -> NorwegianReference? {
        guard let digits = CheckDigit.digits(number), (1...24).contains(digits.count) else { return nil }
        return NorwegianReference(CheckDigit.text(digits + [digit(digits[...], check)]), check: check)
    }

    private static func digit(_ digits: ArraySlice<UInt8>, _ check: Check) -> UInt8 {
        switch check {
        case .mod10: return CheckDigit.luhn(digits)
        case .mod11:
            let value = 11 - CheckDigit.weighted(digits, weights: [2, 3, 4, 5, 6, 7]) % 11
            return value == 11 ? 0x30 : value == 10 ? 0x2D : 0x30 + UInt8(value)
        }
    }
}
