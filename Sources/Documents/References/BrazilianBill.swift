// SPDX-License-Identifier: Apache-2.0

/// The Brazilian bill of a utility or an authority (guia de arrecadação, FEBRABAN): a bar code of 44 digits that begins
/// with 8, typed as a line of 48.
package struct BrazilianBill: Hashable, Sendable {
    /// 44 digits: product (1), segment (1), kind of value (1), check (1), value (11), whose it is and what for (29).
    package let barcode: String

    private static let fieldLength = 11

    /// Nil when the digits are neither a line of 48 nor a bar code of 44, or a check is wrong. Dots, dashes and spaces
    /// are dropped.
    package init?(_ text: some StringProtocol) {
        guard let digits = CheckDigit.digits(text, dropping: [0x2E, 0x2D]), digits.first == 0x38 else { return nil }
        var code: [UInt8] = []
        switch digits.count {
        case 48:
            for start in stride(from: 0, to: 48, by: Self.fieldLength + 1) {
                let field = digits[start..<start + Self.fieldLength]
                guard Self.check(field, digits[2]) == digits[start + Self.fieldLength] else { return nil }
                code += field
            }
        case 44: code = digits
        default: return nil
        }
        guard Self.check(code[0..<3] + code[4...], code[2]) == code[3] else { return nil }
        barcode = CheckDigit.text(code)
    }

    /// `83620000000-5 66780048100-0 18097565731-3 00158963608-1`
    package var line: String {
        let digits = Array(barcode.utf8)
        return stride(from: 0, to: digits.count, by: Self.fieldLength).map { start -> String in
            let field = digits[start..<start + Self.fieldLength]
            return CheckDigit.text(field) + "-" + CheckDigit.text(Self.check(field, digits[2]).map { [$0] } ?? [])
        }.joined(separator: " ")
    }

    /// The kind of value says how it is checked: 6 and 7 by mod 10, 8 and 9 by mod 11, where 10 and 11 are written 0.
    private static func check(_ digits: ArraySlice<UInt8>, _ kind: UInt8) -> UInt8? {
        switch kind {
        case 0x36, 0x37: return CheckDigit.luhn(digits)
        case 0x38, 0x39:
            let value = 11 - CheckDigit.weighted(digits, weights: [2, 3, 4, 5, 6, 7, 8, 9]) % 11
            return value >= 10 ? 0x30 : 0x30 + UInt8(value)
        default: return nil
        }
    }
}
