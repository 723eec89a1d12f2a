// SPDX-License-Identifier: Apache-2.0

/// One word, number, string or punctuation mark of Swift source.
struct Token: Equatable {
    enum Kind { case word, number, string, mark }

    var kind: Kind
    /// A word without backticks; a string's literal text without quotes and interpolations; one mark.
    var text: String
    var line: Int
    /// No white space stands between this token and the one before.
    var glued: Bool
}

/// Just enough of Swift's lexical structure to tell code from comments and strings.
///
/// Interpolated code becomes tokens after its string. Regex literals are not known: the sources have none.
struct Lexer {
    private(set) var tokens: [Token] = []
    /// Comment text by line, without its slashes.
    private(set) var comments: [(line: Int, text: String)] = []

    private let bytes: [UInt8]
    private var cursor = 0
    private var line = 1
    private var glued = false

    init(_ text: String) {
        bytes = Array(text.utf8)
        run(untilParenthesis: false)
    }

    private func byte(_ offset: Int = 0) -> UInt8 {
        cursor + offset < bytes.count ? bytes[cursor + offset] : 0
    }

    private func starts(_ text: StaticString) -> Bool {
        let wanted = Array("\(text)".utf8)
        return cursor + wanted.count <= bytes.count && bytes[cursor..<cursor + wanted.count].elementsEqual(wanted)
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private mutating func emit(_ kind: Token.Kind, _ text: String, line: Int) {
        tokens.append(Token(kind: kind, text: text, line: line, glued: glued))
        glued = true
    }

    /// Reads to the end, or to the parenthesis that closes an interpolation.
    private mutating func run(untilParenthesis: Bool) {
        var depth = 0
        while cursor < bytes.count {
            switch byte() {
            case UInt8(ascii: "\n"):
                line += 1
                cursor += 1
                glued = false
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                cursor += 1
                glued = false
            case UInt8(ascii: "/") where starts("//"): lineComment()
            case UInt8(ascii: "/") where starts("/*"): blockComment()
            case UInt8(ascii: "\""): string(hashes: 0)
            case UInt8(ascii: "#") where opensRawString: rawString()
            case UInt8(ascii: "`"): quotedWord()
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
            case let byte where Self.isWord(byte): word()
            case let byte:
                if untilParenthesis {
                    if byte == UInt8(ascii: "(") { depth += 1 }
                    if byte == UInt8(ascii: ")") {
                        if depth == 0 { return }
                        depth -= 1
                    }
                }
                cursor += 1
                emit(.mark, String(UnicodeScalar(byte)), line: line)
            }
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte >= 0x80 || (0x30...0x39).contains(byte)
            || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private mutating func word() {
        let start = cursor
        while Self.isWord(byte()) { cursor += 1 }
        emit(.word, text(start..<cursor), line: line)
    }

    private mutating func quotedWord() {
        cursor += 1
        let start = cursor
        while cursor < bytes.count, byte() != UInt8(ascii: "`") { cursor += 1 }
        emit(.word, text(start..<cursor), line: line)
        cursor += 1
    }

    private mutating func number() {
        let start = cursor
        // `pair.0.1` and `$0.1` are tuple elements, not fractions.
        let isElement = glued && (tokens.last?.text == "." || tokens.last?.text == "$")
        while Self.isWord(byte()) { cursor += 1 }
        if !isElement, byte() == UInt8(ascii: "."), (0x30...0x39).contains(byte(1)) {
            cursor += 1
            while Self.isWord(byte()) { cursor += 1 }
        }
        emit(.number, text(start..<cursor), line: line)
    }

    private mutating func lineComment() {
        let start = cursor
        while cursor < bytes.count, byte() != UInt8(ascii: "\n") { cursor += 1 }
        comments.append((line, text(start..<cursor)))
        glued = false
    }

    private mutating func blockComment() {
        var depth = 0
        var start = cursor
        while cursor < bytes.count {
            if starts("/*") {
                depth += 1
                cursor += 2
            } else if starts("*/") {
                depth -= 1
                cursor += 2
                if depth == 0 { break }
            } else {
                if byte() == UInt8(ascii: "\n") {
                    comments.append((line, text(start..<cursor)))
                    start = cursor + 1
                    line += 1
                }
                cursor += 1
            }
        }
        comments.append((line, text(min(start, cursor)..<cursor)))
        glued = false
    }

    private var opensRawString: Bool {
        var offset = 0
        while byte(offset) == UInt8(ascii: "#") { offset += 1 }
        return byte(offset) == UInt8(ascii: "\"")
    }

    private mutating func rawString() {
        var hashes = 0
        while byte() == UInt8(ascii: "#") {
            hashes += 1
            cursor += 1
        }
        string(hashes: hashes)
    }

    private func hashes(at offset: Int, count: Int) -> Bool {
        (0..<count).allSatisfy { byte(offset + $0) == UInt8(ascii: "#") }
    }

    private mutating func string(hashes count: Int) {
        let isBlock = starts("\"\"\"")
        let quotes = isBlock ? 3 : 1
        let index = tokens.count
        emit(.string, "", line: line)
        cursor += quotes
        var literal: [UInt8] = []
        while cursor < bytes.count {
            let current = byte()
            let closes =
                current == UInt8(ascii: "\"")
                && (!isBlock || starts("\"\"\"")) && hashes(at: quotes, count: count)
            if closes {
                cursor += quotes + count
                break
            }
            if current == UInt8(ascii: "\\"), hashes(at: 1, count: count) {
                if byte(1 + count) == UInt8(ascii: "(") {
                    cursor += 2 + count
                    glued = false
                    run(untilParenthesis: true)
                    cursor += 1
                } else {
                    if byte(1 + count) == UInt8(ascii: "\n") { line += 1 }
                    cursor += 2 + count
                }
                continue
            }
            if current == UInt8(ascii: "\n") { line += 1 }
            literal.append(current)
            cursor += 1
        }
        tokens[index].text = String(decoding: literal, as: UTF8.self)
        glued = true
    }
}
