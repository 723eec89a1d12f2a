// SPDX-License-Identifier: Apache-2.0

/// The Swedish OCR number of Bankgirot: 2 to 25 digits with a Luhn check, and a length digit before it where agreed.
package struct SwedishReference: Hashable, Sendable {
    package let text: String

    /// Nil when the length or the Luhn check is wrong, or when a length digit is asked for and is wrong.
    package init?(_ text: some StringProtocol, lengthDigit: Bool = false) {
        guard let digits = CheckDigit.digits(text), (lengthDigit ? 3...25 : 2...25).contains(digits.count),
            CheckDigit.luhn(digits.dropLast()) == digits.last,
            !lengthDigit || Int(digits[digits.count - 2] - 0x30) == digits.count % 10
        else { return nil }
        self.text = CheckDigit.text(digits)
    }

    /// The reference of a number; the length digit counts all digits, itself and the check digit included.
    package static func make(_ number: some StringProtocol, lengthDigit: Bool = false) -> SwedishReference? {
        guard var digits = CheckDigit.digits(number), (1...(lengthDigit ? 23 : 24)).contains(digits.count)
        else { return nil }
        if lengthDigit { digits.append(0x30 + UInt8((digits.count + 2) % 10)) }
        return SwedishReference(
            CheckDigit.text(digits + [CheckDigit.luhn(digits)]), lengthDigit: lengthDigit)
    }
}
