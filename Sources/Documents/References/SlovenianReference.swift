// SPDX-License-Identifier: Apache-2.0

/// The Slovenian reference (sklic): `SI`, a two-digit model, then up to 20 digits in at most three parts.
///
/// The model says which parts carry a check by mod 11 (Združenje bank Slovenije). A model whose parts are not known
/// here is kept as text and proves nothing.
package struct SlovenianReference: Hashable, Sendable {
    /// The two digits behind `SI`.
    package let model: String
    /// What follows, hyphens kept.
    package let body: String
    /// The model's checks were computed and are right.
    package let isChecked: Bool

    /// `SI05 19-1235-84503`
    package var printed: String { "SI\(model) \(body)" }

    /// Nil when the shape is wrong, or a check of a known model is.
    package init?(_ text: some StringProtocol) {
        let bytes = text.utf8.filter { $0 != 0x20 }.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }
        guard bytes.count >= 4, bytes[0] == 0x53, bytes[1] == 0x49,
            bytes[2...3].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { return nil }
        let model = CheckDigit.text(bytes[2...3])
        let body = Array(bytes[4...])
        let parts = body.split(separator: 0x2D, omittingEmptySubsequences: false).map { Array($0) }
        guard body.count <= 22, parts.count <= 3, parts.joined().allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            parts.joined().count <= 20, model == "99" || !parts.contains(where: \.isEmpty)
        else { return nil }
        guard let areRight = Self.areRight(parts, model) else {
            isChecked = false
            (self.model, self.body) = (model, CheckDigit.text(body))
            return
        }
        guard areRight else { return nil }
        isChecked = true
        (self.model, self.body) = (model, CheckDigit.text(body))
    }

    /// Under model 12, one part whose last digit is its check: the reference of a number of at most 12 digits.
    package static func make(_ number: some StringProtocol) -> SlovenianReference? {
        guard let digits = CheckDigit.digits(number), (1...12).contains(digits.count) else { return nil }
        return SlovenianReference("SI12" + CheckDigit.text(digits + [check(digits)]))
    }

    /// Nil for a model without a check, or one that is not known here.
    private static func areRight(_ parts: [[UInt8]], _ model: String) -> Bool? {
        switch model {
        case "01": isRight(parts.flatMap { $0 })
        case "05": isRight(parts[0])
        case "06": parts.count > 1 ? isRight(parts[1...].flatMap { $0 }) : nil
        case "12": parts.count == 1 && parts[0].count <= 13 && isRight(parts[0])
        default: nil
        }
    }

    private static func isRight(_ digits: [UInt8]) -> Bool {
        digits.count >= 2 && check(Array(digits.dropLast())) == digits.last
    }

    /// Weights 2, 3, 4 … from the right; 11 less the remainder, where 10 and 11 are written 0.
    private static func check(_ digits: [UInt8]) -> UInt8 {
        let value = 11 - CheckDigit.weighted(digits, weights: Array(2...21)) % 11
        return value >= 10 ? 0x30 : 0x30 + UInt8(value)
    }
}

/// The Croatian reference (poziv na broj): `HR`, a two-digit model, then up to 22 characters in at most four parts.
///
/// Published implementations of its checks disagree, so it is compared as text and never refused by a check.
package struct CroatianReference: Hashable, Sendable {
    package let model: String
    package let body: String
    package var printed: String { "HR\(model) \(body)" }

    /// Nil when the shape is wrong; spaces are dropped.
    package init?(_ text: some StringProtocol) {
        let bytes = text.utf8.filter { $0 != 0x20 }.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }
        guard (4...26).contains(bytes.count), bytes[0] == 0x48, bytes[1] == 0x52,
            bytes[2...3].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            bytes[4...].allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D })
        else { return nil }
        model = CheckDigit.text(bytes[2...3])
        body = CheckDigit.text(bytes[4...])
    }
}
