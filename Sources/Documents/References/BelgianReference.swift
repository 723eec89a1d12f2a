// SPDX-License-Identifier: Apache-2.0

/// The Belgian structured communication (OGM, VCS): ten digits and their remainder by 97, where 0 is written 97.
package struct BelgianReference: Hashable, Sendable {
    /// Twelve digits.
    package let text: String

    /// Nil when it is not twelve digits with the right check; `+++ddd/dddd/ddddd+++` and `***…***` are accepted.
    package init?(_ text: some StringProtocol) {
        guard let digits = CheckDigit.digits(text, dropping: [0x2B, 0x2A, 0x2F, 0x2E]), digits.count == 12,
            Self.check(digits[0..<10]) == CheckDigit.text(digits[10...])
        else { return nil }
        self.text = CheckDigit.text(digits)
    }

    /// The reference of a number of at most ten digits; zeros are put in front.
    package static func make(_ number: some StringProtocol) -> BelgianReference? {
        guard let digits = CheckDigit.digits(number), (1...10).contains(digits.count) else { return nil }
        let padded = [UInt8](repeating: 0x30, count: 10 - digits.count) + digits
        return check(padded[0..<10]).flatMap { BelgianReference(CheckDigit.text(padded) + $0) }
    }

    /// `+++020/3430/57642+++`
    package var printed: String {
        let digits = Array(text)
        return "+++\(String(digits[0..<3]))/\(String(digits[3..<7]))/\(String(digits[7..<12]))+++"
    }

    private static func check(_ digits: ArraySlice<UInt8>) -> String? {
        CheckDigit.mod97(digits).map { $0 == 0 ? "97" : $0 < 10 ? "0\($0)" : "\($0)" }
    }
}
