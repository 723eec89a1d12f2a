// SPDX-License-Identifier: Apache-2.0
package import Documents

/// Which marks a text uses for decimals and for groups of three.
package struct AmountConvention: Hashable, Sendable {
    package enum Group: Hashable, Sendable {
        case none
        /// `.` or `,`
        case mark(UInt8)
        /// A space, a no-break space or a narrow no-break space.
        case space
        /// `'` or `’`
        case apostrophe
    }

    /// `.` or `,`
    package var decimal: UInt8
    package var group: Group

    package init(decimal: UInt8, group: Group) {
        self.decimal = decimal
        self.group = group
    }

    /// A decimal point and no grouping: what machines write.
    package static let plain = AmountConvention(decimal: 0x2E, group: .none)

    package var description: String {
        let grouping =
            switch group {
            case .none: "no grouping"
            case .mark(let byte): "grouping \"\(Character(Unicode.Scalar(byte)))\""
            case .space: "grouping by spaces"
            case .apostrophe: "grouping by apostrophes"
            }
        return "decimal mark \"\(Character(Unicode.Scalar(decimal)))\", \(grouping)"
    }
}

/// What an amount's text turned out to be.
package enum AmountReading: Hashable, Sendable {
    case empty
    /// `currency` is what stood beside the digits, if something did.
    case value(ScaledDecimal, currency: CurrencyMark?)
    case refused(AmountProblem)
}

/// Why a text is no amount; the raw value is the fault's code.
package enum AmountProblem: String, Hashable, Sendable {
    /// Letters, two decimal marks, nothing but marks.
    case form = "AMOUNT-FORM"
    /// A group mark after the decimal mark, or a group that has not three digits, or a mark nobody declared.
    case grouping = "AMOUNT-GROUPING"
    /// `1.23E+17`: digits are already lost.
    case spreadsheet = "SPREADSHEET-NUMBER"
    /// More than 30 digits, or over `Money.magnitudeMax`.
    case range = "AMOUNT-RANGE"
}

/// The lexer for amounts that people and their programs write.
///
/// Accepts a sign before or after, parentheses as minus, a currency code or symbol on either side, and the
/// convention's grouping. Refuses everything it would have to guess at.
package struct AmountText {
    private let bytes: [UInt8]
    private var start: Int
    private var end: Int
    private var negative = false
    private var currency: CurrencyMark?

    /// Reads `bytes[start..<end]` by the convention.
    package static func read(
        _ bytes: [UInt8], _ start: Int, _ end: Int, _ convention: AmountConvention
    ) -> AmountReading {
        if let value = fast(bytes, start, end, convention.decimal) { return .value(value, currency: nil) }
        var text = AmountText(bytes: bytes, start: start, end: end)
        text.trim()
        guard text.start < text.end else { return .empty }
        guard text.strip() else { return .refused(.form) }
        return text.digits(convention)
    }

    package static func read(_ text: String, _ convention: AmountConvention) -> AmountReading {
        let bytes = Array(text.utf8)
        return read(bytes, 0, bytes.count, convention)
    }

    private init(bytes: [UInt8], start: Int, end: Int) {
        self.bytes = bytes
        self.start = start
        self.end = end
    }

    /// The form nearly every row has: a minus or none, at most 15 digits, at most one decimal mark inside.
    @inline(__always)
    static func fast(_ bytes: [UInt8], _ start: Int, _ end: Int, _ decimal: UInt8) -> ScaledDecimal? {
        var index = start
        guard end - start >= 1, end - start <= 16 else { return nil }
        let negative = bytes[index] == 0x2D
        if negative { index += 1 }
        var value: Int64 = 0
        var mark = -1
        let first = index
        while index < end {
            let digit = bytes[index] &- 0x30
            if digit <= 9 {
                value = value &* 10 &+ Int64(digit)
            } else {
                guard bytes[index] == decimal, mark < 0, index > first, index + 1 < end else { return nil }
                mark = index
            }
            index += 1
        }
        guard index > first else { return nil }
        let scale = mark < 0 ? 0 : end - mark - 1
        return ScaledDecimal(coefficient: Int128(negative ? -value : value), scale: UInt8(truncatingIfNeeded: scale))
    }

    /// The length in bytes of a blank at an index: space, tab, U+00A0, U+202F, U+2009; 0 when it is none.
    private func blank(at index: Int) -> Int {
        switch bytes[index] {
        case 0x20, 0x09: return 1
        case 0xC2: return index + 1 < end && bytes[index + 1] == 0xA0 ? 2 : 0
        case 0xE2:
            guard index + 2 < end, bytes[index + 1] == 0x80 else { return 0 }
            return bytes[index + 2] == 0xAF || bytes[index + 2] == 0x89 ? 3 : 0
        default: return 0
        }
    }

    private mutating func trim() {
        while start < end {
            let width = blank(at: start)
            if width == 0 { break }
            start += width
        }
        while start < end {
            if bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 {
                end -= 1
            } else if end - start >= 2, blank(at: end - 2) == 2 {
                end -= 2
            } else if end - start >= 3, blank(at: end - 3) == 3 {
                end -= 3
            } else {
                break
            }
        }
    }

    /// Takes off signs, parentheses and currency; false when one stands twice.
    private mutating func strip() -> Bool {
        var signs = 0
        var marks = 0
        while start < end {
            let before = (start, end)
            if bytes[start] == 0x28, bytes[end - 1] == 0x29, end - start > 2 {
                (start, end, negative, signs) = (start + 1, end - 1, true, signs + 1)
            } else if sign(at: start, width: 1) {
                (start, signs) = (start + 1, signs + 1)
            } else if end - start > 3, bytes[start] == 0xE2, bytes[start + 1] == 0x88, bytes[start + 2] == 0x92 {
                (start, negative, signs) = (start + 3, true, signs + 1)
            } else if sign(at: end - 1, width: 1) {
                (end, signs) = (end - 1, signs + 1)
            } else if let width = money(leading: true) {
                (start, marks) = (start + width, marks + 1)
            } else if let width = money(leading: false) {
                (end, marks) = (end - width, marks + 1)
            }
            guard before != (start, end) else { break }
            trim()
        }
        return signs <= 1 && marks <= 1 && start < end
    }

    private mutating func sign(at index: Int, width: Int) -> Bool {
        guard bytes[index] == 0x2D || bytes[index] == 0x2B else { return false }
        if bytes[index] == 0x2D { negative = true }
        return true
    }

    /// The width of a currency code or symbol at one end; it is kept.
    private mutating func money(leading: Bool) -> Int? {
        for (text, symbol) in CurrencyMark.symbols where end - start > text.count {
            let at = leading ? start : end - text.count
            guard bytes[at..<at + text.count].elementsEqual(text) else { continue }
            currency = .symbol(symbol)
            return text.count
        }
        guard end - start > 3 else { return nil }
        let at = leading ? start : end - 3
        let letters = bytes[at..<at + 3]
        guard letters.allSatisfy({ $0 >= 0x41 && $0 <= 0x5A }),
            let code = Currency(String(decoding: letters, as: UTF8.self))
        else { return nil }
        currency = .code(code)
        return 3
    }

    /// Digits with the convention's marks between them.
    private func digits(_ convention: AmountConvention) -> AmountReading {
        var value: Int128 = 0
        var count = 0
        var scale = 0
        var run = 0
        var groups = 0
        var decimals = false
        var index = start
        while index < end {
            let byte = bytes[index]
            if byte >= 0x30, byte <= 0x39 {
                count += 1
                run += 1
                guard count <= 30 else { return .refused(.range) }
                value = value * 10 + Int128(byte - 0x30)
                if decimals { scale += 1 }
                index += 1
            } else if byte == convention.decimal {
                guard !decimals else { return .refused(.form) }
                guard groups == 0 || run == 3 else { return .refused(.grouping) }
                decimals = true
                run = 0
                index += 1
            } else if let width = groupMark(at: index, convention.group) {
                guard !decimals, groups == 0 ? run >= 1 && run <= 3 : run == 3 else {
                    return .refused(.grouping)
                }
                groups += 1
                run = 0
                index += width
            } else {
                return .refused(problem(at: index, digitsSoFar: count))
            }
        }
        guard decimals ? run > 0 : count > 0 else { return .refused(.form) }
        guard decimals || groups == 0 || run == 3 else { return .refused(.grouping) }
        guard scale <= Int(ScaledDecimal.scaleMax) else { return .refused(.range) }
        return .value(
            ScaledDecimal(coefficient: negative ? -value : value, scale: UInt8(scale)), currency: currency)
    }

    private func groupMark(at index: Int, _ group: AmountConvention.Group) -> Int? {
        switch group {
        case .none: return nil
        case .mark(let byte): return bytes[index] == byte ? 1 : nil
        case .space:
            let width = blank(at: index)
            return width > 0 ? width : nil
        case .apostrophe:
            if bytes[index] == 0x27 { return 1 }
            let isQuote =
                index + 2 < end && bytes[index] == 0xE2 && bytes[index + 1] == 0x80 && bytes[index + 2] == 0x99
            return isQuote ? 3 : nil
        }
    }

    private func problem(at index: Int, digitsSoFar: Int) -> AmountProblem {
        switch bytes[index] {
        case 0x45 where digitsSoFar > 0, 0x65 where digitsSoFar > 0:
            let rest = bytes[(index + 1)..<end]
            let digits = rest.first == 0x2B || rest.first == 0x2D ? rest.dropFirst() : rest
            return !digits.isEmpty && digits.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? .spreadsheet : .form
        case 0x2C, 0x2E, 0x27: return .grouping
        default: return blank(at: index) > 0 ? .grouping : .form
        }
    }
}

extension AmountText {
    /// The two readings of `1,234` or `1.234` for messages: with the mark as decimal and as group mark.
    package static func readings(of text: String) -> (decimal: String, group: String)? {
        let marks = text.utf8.filter { $0 == 0x2C || $0 == 0x2E }
        guard marks.count == 1, let mark = marks.first else { return nil }
        let comma = AmountConvention(decimal: mark, group: .none)
        let other = AmountConvention(decimal: mark == 0x2C ? 0x2E : 0x2C, group: .mark(mark))
        guard case .value(let first, _) = read(text, comma), case .value(let second, _) = read(text, other)
        else { return nil }
        return (first.text, second.text)
    }
}
