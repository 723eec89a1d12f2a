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

    /// The payment code (IUV): what stands behind the aux digit, and under 0 behind two digits of the application too.
    package var paymentCode: String { String(text.dropFirst(text.hasPrefix("0") ? 3 : 1)) }

    /// The notices that a payment code may be of: a payment bears it without the aux digit.
    ///
    /// Under 0 the check of the code, which runs over the application's two digits, leaves one or two of these.
    package static func bearing(_ paymentCode: some StringProtocol) -> [ItalianNotice] {
        guard let code = CheckDigit.digits(paymentCode) else { return [] }
        switch code.count {
        case 17: return [0x33, 0x31, 0x32].compactMap { ItalianNotice(CheckDigit.text([$0] + code)) }
        case 15:
            let base = number(code[0..<13])
            return (0...99).filter { ($0 * 10_000_000_000_000 + base) % 93 == number(code[13...]) }.compactMap {
                ItalianNotice("0\($0 / 10)\($0 % 10)" + CheckDigit.text(code))
            }
        default: return []
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int {
        digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func check(_ digits: ArraySlice<UInt8>) -> String {
        let remainder = digits.reduce(0) { ($0 * 10 + Int($1 - 0x30)) % 93 }
        return remainder < 10 ? "0\(remainder)" : "\(remainder)"
    }
}
