// SPDX-License-Identifier: Apache-2.0

/// The Swiss QR reference (QRR), once ESR: 26 digits and a recursive mod-10 check; only for a QR-IBAN.
package struct SwissReference: Hashable, Sendable {
    /// 27 digits.
    package let text: String

    /// Nil when it is not 27 digits with the right check, or all zeros; spaces are dropped.
    package init?(_ text: some StringProtocol) {
        guard let digits = CheckDigit.digits(text), digits.count == 27, digits.contains(where: { $0 != 0x30 }),
            CheckDigit.recursiveMod10(digits.dropLast()) == digits.last
        else { return nil }
        self.text = CheckDigit.text(digits)
    }

    /// The reference of a number of at most 26 digits; zeros are put in front.
    package static func make(_ number: some StringProtocol) -> SwissReference? {
        guard let digits = CheckDigit.digits(number), (1...26).contains(digits.count) else { return nil }
        let padded = [UInt8](repeating: 0x30, count: 26 - digits.count) + digits
        return SwissReference(CheckDigit.text(padded + [CheckDigit.recursiveMod10(padded)]))
    }

    /// `21 00000 00003 13947 14300 09017`
    package var printed: String { CheckDigit.groupedFromRight(text, by: 5) }
}
