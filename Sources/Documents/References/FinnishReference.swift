// SPDX-License-Identifier: Apache-2.0

/// The Finnish viitenumero: 3 to 19 digits and a check digit by weights 7, 3, 1 (Finance Finland).
package struct FinnishReference: Hashable, Sendable {
    /// Digits without leading zeros.
    package let text: String

    /// Nil when it is not 4 to 20 digits with the right check; spaces and leading zeros are dropped, and the
    /// international form (`RF` with a national number inside) is accepted.
    package init?(_ text: some StringProtocol) {
        let national = CreditorReference(text)?.body ?? String(text)
        guard let all = CheckDigit.digits(national), all.count <= 25 else { return nil }
        let digits = all.drop { $0 == 0x30 }
        guard (4...20).contains(digits.count), let check = digits.last,
            check == Self.check(digits.dropLast())
        else { return nil }
        self.text = CheckDigit.text(digits)
    }

    /// The reference of a number of 3 to 19 digits.
    package static func make(_ number: some StringProtocol) -> FinnishReference? {
        guard let digits = CheckDigit.digits(number), (3...19).contains(digits.count) else { return nil }
        return FinnishReference(CheckDigit.text(digits + [check(digits[...])]))
    }

    /// In groups of five from the right.
    package var printed: String { CheckDigit.groupedFromRight(text, by: 5) }

    /// The same reference as ISO 11649, which banks may report in its place.
    package var international: CreditorReference? { CreditorReference.make(text) }

    /// Whether these are 4 to 20 digits, the last of which is the check of those before it.
    /// - Parameter row: what is no digit, and the zeros before, are passed over.
    package static func isRight(_ row: some BidirectionalCollection<UInt8>) -> Bool {
        var (place, count, sum) = (0, 0, 0)
        for byte in row.reversed() where byte >= 0x30 && byte <= 0x39 {
            let weight = place % 3 == 1 ? 7 : place % 3 == 2 ? 3 : 1
            sum += weight * Int(byte - 0x30)
            place += 1
            if byte != 0x30 { count = place }
        }
        return (4...20).contains(count) && sum.isMultiple(of: 10)
    }

    private static func check(_ digits: ArraySlice<UInt8>) -> UInt8 {
        0x30 + UInt8((10 - CheckDigit.weighted(digits, weights: [7, 3, 1]) % 10) % 10)
    }
}
