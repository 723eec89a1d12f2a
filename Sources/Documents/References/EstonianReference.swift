// SPDX-License-Identifier: Apache-2.0

/// The Estonian viitenumber: 1 to 19 digits and a check digit by weights 7, 3, 1 (Estonian Banking Association).
package struct EstonianReference: Hashable, Sendable {
    /// Digits, leading zeros kept.
    package let text: String

    /// Nil when it is not 2 to 20 digits with the right check; spaces are dropped.
    package init?(_ text: some StringProtocol) {
        guard let digits = CheckDigit.digits(text), (2...20).contains(digits.count),
            digits.contains(where: { $0 != 0x30 }), digits.last == Self.check(digits.dropLast())
        else { return nil }
        self.text = CheckDigit.text(digits)
    }

    /// The reference of a number of 1 to 19 digits.
    package static func make(_ number: some StringProtocol) -> EstonianReference? {
        guard let digits = CheckDigit.digits(number), (1...19).contains(digits.count) else { return nil }
        return EstonianReference(CheckDigit.text(digits + [check(digits[...])]))
    }

    private static func check(_ digits: ArraySlice<UInt8>) -> UInt8 {
        0x30 + UInt8((10 - CheckDigit.weighted(digits, weights: [7, 3, 1]) % 10) % 10)
    }
}
