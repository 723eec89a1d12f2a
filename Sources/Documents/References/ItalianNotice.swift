// SPDX-License-Identifier: Apache-2.0

/// The Italian payment notice number of pagoPA: 18 digits, of which the first says how the rest is built.
///
/// Under aux digit 3 the last two digits are the remainder of the sixteen before them by 93 (pagoPA, Specifiche
/// attuative dei codici identificativi di versamento).
package struct ItalianNotice: Hashable, Sendable {
    /// 18 digits.
    package let text: String

    /// Nil when it is not 18 digits under aux digit 0, 1, 2 or 3, or its check is wrong; spaces are dropped.
    package init?(_ text: some StringProtocol) {
        guard let digits = CheckDigit.digits(text), digits.count == 18 else { return nil }
        switch digits[0] {
        // The check of 0, 1 and 2 is the creditor's own or runs over its application code as well.
        case 0x30, 0x31, 0x32: break
        case 0x33: guard Self.check(digits[0..<16]) == CheckDigit.text(digits[16...]) else { return nil }
        default: return nil
        }
        self.text = CheckDigit.text(digits)
    }

    /// The notice of a segregation code (two digits) and a number of at most 13 digits, under aux digit 3.
    package static func make(segregation: some StringProtocol, _ number: some StringProtocol) -> ItalianNotice? {
        guard let code = CheckDigit.digits(segregation), code.count == 2, let digits = CheckDigit.digits(number),
            (1...13).contains(digits.count)
        else { return nil }
        let body = [0x33] + code + [UInt8](repeating: 0x30, count: 13 - digits.count) + digits
        return ItalianNotice(CheckDigit.text(body) + check(body[...]))
    }

    /// The payment code behind the aux digit (IUV).
    package var paymentCode: String { String(text.dropFirst()) }

    private static func check(_ digits: ArraySlice<UInt8>) -> String {
        let remainder = digits.reduce(0) { ($0 * 10 + Int($1 - 0x30)) % 93 }
        return remainder < 10 ? "0\(remainder)" : "\(remainder)"
    }
}
