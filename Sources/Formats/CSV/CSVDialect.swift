// SPDX-License-Identifier: Apache-2.0
import Mappings

/// How a character-separated text is cut, and why that is believed.
package struct CSVDialect: Hashable, Sendable {
    package var delimiter: UInt8
    package var quote: UInt8
    /// In words that `inspect` prints.
    package var reason: String

    /// Tried in this order; a tie goes to the earlier, because a comma is more often part of a number.
    private static let delimiters: [(byte: UInt8, name: String)] = [
        (0x3B, "semicolon"), (0x09, "tab"), (0x7C, "bar"), (0x2C, "comma"),
    ]
    /// Rare, so only where they cut more rows alike than those, or as many into more columns. A colon is in every time
    /// of day: it has to be declared.
    private static let rare: [(byte: UInt8, name: String)] = [(0x5E, "caret"), (0x7E, "tilde")]
    static let sampleRowsMax = 100

    /// The delimiter that cuts the most rows of the head into the same number of columns, at least two.
    /// - Parameter quote: what is declared; without it `"`, and `'` where the rows say so.
    static func sniff(_ head: [UInt8], isWhole: Bool, quote: UInt8? = nil) -> CSVDialect {
        let usual = sniff(head, isWhole: isWhole, quotedBy: quote ?? 0x22)
        guard quote == nil, hasOpeningApostrophe(head) else { return usual }
        return withApostrophes(head, isWhole: isWhole, besides: usual) ?? usual
    }

    /// The quote, where only the delimiter is declared.
    mutating func tellQuote(_ head: [UInt8], isWhole: Bool) {
        guard Self.hasOpeningApostrophe(head),
            let other = Self.withApostrophes(head, isWhole: isWhole, besides: self), other.delimiter == delimiter
        else { return }
        quote = other.quote
    }

    /// At the beginning of a row or behind what may delimit: nearly no file has one, and none else needs another look.
    private static func hasOpeningApostrophe(_ head: [UInt8]) -> Bool {
        let marks = [0x0A, 0x0D] + (delimiters + rare).map(\.byte)
        var before: UInt8 = 0x0A
        for byte in head {
            if byte == 0x27, marks.contains(before) {
                return true
            }
            before = byte
        }
        return false
    }

    /// Apostrophes are quotes where every row is cut alike by them, and every field that begins with one also ends with
    /// one, or no row would be cut alike without them: `'t Hooft` is a name.
    private static func withApostrophes(
        _ head: [UInt8], isWhole: Bool, besides usual: CSVDialect
    ) -> CSVDialect? {
        func cut(_ dialect: CSVDialect) -> (rows: [HeadRow], isEven: Bool) {
            let found = rows(head, isWhole: isWhole, delimiter: dialect.delimiter, quote: dialect.quote)
                .filter { $0.fields.contains { !$0.isEmpty } }
            return (found, found.count > 1 && usualCount(found).rows == found.count)
        }
        var other = sniff(head, isWhole: isWhole, quotedBy: 0x27)
        let quoted = cut(other)
        guard quoted.isEven, usualCount(quoted.rows).columns > 1,
            failure(head, isWhole: isWhole, delimiter: other.delimiter, quote: 0x27) == nil
        else { return nil }
        let plain = cut(usual)
        let opened = plain.rows.flatMap(\.fields).filter { $0.hasPrefix("'") }
        let areClosed = opened.allSatisfy { $0.utf8.count > 1 && $0.hasSuffix("'") }
        guard !opened.isEmpty, areClosed || !plain.isEven else { return nil }
        other.reason += ", quoted by apostrophes"
        return other
    }

    private static func sniff(_ head: [UInt8], isWhole: Bool, quotedBy quote: UInt8) -> CSVDialect {
        var best = CSVDialect(
            delimiter: 0x2C, quote: quote, reason: "no delimiter cuts the rows alike; comma is assumed")
        var bestScore = (rows: 0, columns: 1)
        for (byte, name) in delimiters + rare {
            if rare.contains(where: { $0.byte == byte }), !head.contains(byte) { continue }
            let sample = rows(head, isWhole: isWhole, delimiter: byte, quote: quote)
            let usual = usualCount(sample)
            let isFiner =
                usual.rows == bestScore.rows && usual.columns > bestScore.columns && rare.contains { $0.byte == byte }
            guard usual.columns > 1, usual.rows > bestScore.rows || isFiner else { continue }
            bestScore = usual
            best = CSVDialect(
                delimiter: byte, quote: quote,
                reason: "\(name): \(usual.rows) of the first \(sample.count) rows have \(usual.columns) columns")
        }
        return best
    }

    /// The column count most rows have, and how many have it; the larger count of two that are as frequent.
    static func usualCount(_ rows: [HeadRow]) -> (rows: Int, columns: Int) {
        var counts: [Int: Int] = [:]
        for row in rows { counts[row.fields.count, default: 0] += 1 }
        let best = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
        return (best?.value ?? 0, best?.key ?? 0)
    }

    /// The first rows of a text; a fault in its structure ends the list.
    static func rows(
        _ head: [UInt8], isWhole: Bool, delimiter: UInt8, quote: UInt8, most: Int = sampleRowsMax
    ) -> [HeadRow] {
        var scanner = CSVScanner(delimiter: delimiter, quote: quote)
        scanner.feed(head)
        if isWhole { scanner.finish() }
        var rows: [HeadRow] = []
        while rows.count < most, (try? scanner.next()) == true {
            rows.append(HeadRow(line: scanner.row.line, fields: scanner.row.texts.map(trimmed)))
        }
        return rows
    }

    /// The doubt that ends the head's rows early, if one does.
    static func failure(_ head: [UInt8], isWhole: Bool, delimiter: UInt8, quote: UInt8) -> CSVFailure? {
        var scanner = CSVScanner(delimiter: delimiter, quote: quote)
        scanner.feed(head)
        if isWhole { scanner.finish() }
        do throws(CSVFailure) {
            while try scanner.next() {}
            return nil
        } catch {
            return error
        }
    }

    static func trimmed(_ text: String) -> String {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value <= 0x20 || scalar.value == 0xA0 || scalar.value == 0xFEFF || scalar.value == 0x202F
        }
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            isBlank(first) || isBlank(last)
        else { return text.isEmpty ? "" : text }
        let scalars = text.unicodeScalars.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }
}
