// SPDX-License-Identifier: Apache-2.0

/// How the numbers of a series are written: letters as they stand, and runs of digits by their length.
///
///     INV-2025-000018 ──► INV#4#6        100018 ──► #6        F/2025/01/00024 ──► F#4#2#5
///
/// What stands between them is none of it: numbers are compared without.
package struct NumberPattern: Hashable, Sendable {
    /// A letter, or below 32 so many digits.
    fileprivate let segments: [UInt8]

    fileprivate static let digitsMax: UInt8 = 18
    private static let segmentsMax = 40

    /// Nil for a number without digits, or one that is longer than people write.
    init?(_ folded: some Sequence<UInt8>) {
        var segments: [UInt8] = []
        var (digits, hasDigit): (UInt8, Bool) = (0, false)
        for byte in folded {
            if Folding.isDigit(byte) {
                digits += 1
                hasDigit = true
                guard digits <= Self.digitsMax else { return nil }
                continue
            }
            if digits > 0 { segments.append(digits) }
            digits = 0
            if Folding.isLetter(byte) { segments.append(byte) }
            guard segments.count <= Self.segmentsMax else { return nil }
        }
        if digits > 0 { segments.append(digits) }
        guard hasDigit else { return nil }
        self.segments = segments
    }

    /// A number that tells the pattern, as a hash of it: equal where the patterns are.
    static func hash(_ folded: [UInt8]) -> UInt64 {
        var hash = KeyHash()
        var digits: UInt8 = 0
        for byte in folded {
            if Folding.isDigit(byte) {
                // More are no pattern, and no letter either.
                if digits <= digitsMax { digits += 1 }
                continue
            }
            if digits > 0 { hash.add(digits) }
            digits = 0
            if Folding.isLetter(byte) { hash.add(byte) }
        }
        if digits > 0 { hash.add(digits) }
        return hash.value
    }

    /// As it is stored: `INV#4#6`.
    package init?(stored text: String) {
        var segments: [UInt8] = []
        for (index, part) in text.utf8.split(separator: 0x23, omittingEmptySubsequences: false).enumerated() {
            let width = part.prefix { Folding.isDigit($0) }
            if index > 0 {
                guard let digits = UInt8(String(Substring(width))), (1...Self.digitsMax).contains(digits) else {
                    return nil
                }
                segments.append(digits)
            }
            segments += part.dropFirst(index > 0 ? width.count : 0)
        }
        guard segments.contains(where: { $0 < 32 }), segments.allSatisfy({ $0 < 32 || Folding.isLetter($0) }) else {
            return nil
        }
        self.segments = segments
    }

    package var stored: String {
        var text = ""
        for segment in segments {
            text += segment < 32 ? "#\(segment)" : String(UnicodeScalar(segment))
        }
        return text
    }

    fileprivate var leadingLetters: ArraySlice<UInt8> { segments.prefix { $0 >= 32 } }
}

/// The patterns of a ledger's numbers, for texts that write one of them otherwise.
package struct NumberPatterns: Sendable {
    /// A ledger with more of them has no series; one more is kept to know it.
    static let patternsMax = 256
    private let patterns: [NumberPattern]
    private let letters: Set<[UInt8]>

    package init(_ patterns: Set<NumberPattern>) {
        let ordered = patterns.count > Self.patternsMax ? [] : Array(patterns)
        self.patterns = ordered.sorted { $0.segments.lexicographicallyPrecedes($1.segments) }
        letters = Set(ordered.map { Array($0.leadingLetters) })
    }

    /// Whether numbers of a series begin with these letters.
    func begins(with letters: ArraySlice<UInt8>) -> Bool { self.letters.contains(Array(letters)) }

    /// Letters or digits of a text, one behind the other.
    struct Segment {
        var isDigits: Bool
        var bytes: ArraySlice<UInt8>
    }

    /// The numbers that may be meant, as they are compared, and how many digits the text has of them where it has nothing
    /// else.
    ///
    /// - Parameters:
    ///   - year: of the payment; a number is of about it.
    ///   - isCalled: whether the text calls it an invoice's.
    func spelled(
        _ segments: [Segment], near year: Int, isCalled: @autoclosure () -> Bool
    ) -> [(number: [UInt8], digits: Int)] {
        let digits = segments.reduce(0) { $0 + ($1.isDigits ? $1.bytes.count : 0) }
        guard let first = segments.first,
            !first.isDigits || digits >= Self.bareDigitsMin || digits >= Self.calledDigitsMin && isCalled()
        else { return [] }
        return patterns.compactMap { Self.number(segments[...], $0, year) }
    }

    /// Digits of a number without its letters.
    private static let bareDigitsMin = 6
    private static let calledDigitsMin = 5
    /// Digits of its running part, where zeros are left out besides.
    private static let runningDigitsMin = 3

    private static func number(
        _ segments: ArraySlice<Segment>, _ pattern: NumberPattern, _ year: Int
    ) -> (number: [UInt8], digits: Int)? {
        guard let first = segments.first else { return nil }
        let letters = pattern.leadingLetters
        var rest = segments
        if !first.isDigits {
            guard first.bytes == letters else { return nil }
            rest = rest.dropFirst()
        }
        var number = Array(letters)
        let behind = pattern.segments.dropFirst(letters.count)
        guard rest.count <= behind.count else { return nil }
        if rest.count == 1, let only = rest.first, only.isDigits, behind.count > 1, behind.allSatisfy({ $0 < 32 }) {
            guard only.bytes.count == behind.reduce(0, { $0 + Int($1) }) else { return nil }
            number += only.bytes
        } else if !fill(behind, rest, year, &number) {
            return nil
        }
        let digits = rest.reduce(0) { $0 + ($1.isDigits ? $1.bytes.count : 0) }
        guard !letters.isEmpty, !first.isDigits else {
            // `2025-11` is a month, and `223010` no `RE000223010`.
            let hasZeros = number.count == letters.count + rest.reduce(0) { $0 + $1.bytes.count }
            let isTelling = hasZeros || rest.count > 1 && rest.last?.bytes.count ?? 0 >= runningDigitsMin
            return digits >= calledDigitsMin && isTelling ? (number, digits) : nil
        }
        // One run of digits behind letters is what anybody's number looks like: `RE 123`.
        if behind.count == 1 { return letters.count + digits < 5 || digits < 3 ? nil : (number, digits) }
        return digits < 4 ? nil : (number, 0)
    }

    /// Digits run by run, with the zeros that are left out; a year may be without its century.
    private static func fill(
        _ pattern: ArraySlice<UInt8>, _ segments: ArraySlice<Segment>, _ year: Int, _ number: inout [UInt8]
    ) -> Bool {
        func isYear(_ digits: ArraySlice<UInt8>) -> Bool {
            abs(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } - (digits.count == 2 ? year % 100 : year)) <= 2
        }
        // Of several short runs only one is the year.
        var isDated = pattern.count == 1 || segments.contains { $0.isDigits && $0.bytes.count == 4 && isYear($0.bytes) }
        var rest = segments
        var place = pattern.startIndex
        while place < pattern.endIndex {
            guard let next = rest.popFirst() else { return false }
            guard pattern[place] < 32 else {
                let letters = pattern[place...].prefix { $0 >= 32 }
                guard !next.isDigits, next.bytes == letters else { return false }
                number += letters
                place += letters.count
                continue
            }
            let missing = Int(pattern[place]) - next.bytes.count
            // Who leaves out zeros leaves out all of them: `INV-2025-0001` has lost some other digit.
            guard next.isDigits, missing >= 0, missing == 0 || next.bytes.first != 0x30 else { return false }
            let isShortYear = pattern[place] == 4 && missing == 2 && !isDated && isYear(next.bytes)
            if isShortYear { isDated = true }
            number += isShortYear ? [0x32, 0x30] : Array(repeating: 0x30, count: missing)
            number += next.bytes
            place += 1
        }
        return rest.isEmpty
    }
}
