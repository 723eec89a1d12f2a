// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Trees

/// RFC 8259 text to a tree with exact number text, line and column; strict, in one pass.
///
/// Duplicate keys, anything after the value, and nesting over `depthMax` are refused.
package struct JSONReader {
    package static let depthMax = 128

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var lineStart = 0
    private var valuesLeft = Int.max

    /// - Returns: The tree when there is no fault; the text is refused at its first fault.
    /// - Parameters:
    ///   - line: The line of the file the text begins on.
    ///   - valuesMax: A text with more values than this is refused: the smallest takes two bytes and a hundred here.
    package static func read(
        _ bytes: [UInt8], line: Int = 1, valuesMax: Int = .max
    ) -> (node: Node?, faults: [Fault]) {
        var reader = JSONReader(bytes: bytes)
        reader.line = line
        reader.valuesLeft = valuesMax
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.index = 3 }
        do throws(JSONRefusal) {
            let node = try reader.value(depth: 0)
            reader.blanks()
            guard reader.index == bytes.count else { throw reader.refuse("there is more after the value") }
            return (node, [])
        } catch {
            return (
                nil, [Fault("JSON-FORM", .refusal, at: error.at, "this is no JSON: \(error.message)", hint: error.hint)]
            )
        }
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var byte: UInt8 { index < bytes.count ? bytes[index] : 0 }
    private var column: Int { index - lineStart + 1 }

    private func refuse(_ message: String) -> JSONRefusal {
        let atEnd = index >= bytes.count
        return JSONRefusal(
            at: .line(line, column: column), message: atEnd ? "it ends too early" : message,
            hint: atEnd ? "The file was cut short; fetch or export it again." : "Correct the text at this place.")
    }

    private mutating func blanks() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0D: index += 1
            case 0x0A:
                index += 1
                line += 1
                lineStart = index
            default: return
            }
        }
    }

    private mutating func value(depth: Int) throws(JSONRefusal) -> Node {
        blanks()
        guard depth <= Self.depthMax else { throw refuse("it is nested deeper than \(Self.depthMax)") }
        guard valuesLeft > 0 else { throw refuse("it has more values than are taken at once") }
        valuesLeft -= 1
        let (startLine, startColumn) = (line, column)
        let value: Node.Value
        switch byte {
        case 0x7B: value = .map(try object(depth: depth))
        case 0x5B: value = .list(try array(depth: depth))
        case 0x22: return Node(.text(try string()), style: .quoted, line: startLine, column: startColumn)
        case 0x74: value = try word("true", .bool(true))
        case 0x66: value = try word("false", .bool(false))
        case 0x6E: value = try word("null", .null)
        default: value = .number(try number())
        }
        return Node(value, line: startLine, column: startColumn)
    }

    private mutating func word(_ word: String, _ value: Node.Value) throws(JSONRefusal) -> Node.Value {
        guard bytes[index...].starts(with: word.utf8) else { throw refuse("`\(word)` is misspelt") }
        index += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(JSONRefusal) -> [Node.Entry] {
        index += 1
        var entries: [Node.Entry] = []
        var keys = Keys()
        blanks()
        if byte == 0x7D {
            index += 1
            return entries
        }
        while true {
            blanks()
            guard byte == 0x22 else { throw refuse("a key in quotes is expected") }
            let (keyLine, keyColumn) = (line, column)
            let key = try string()
            guard keys.isNew(key, among: entries) else { throw refuse("the key \"\(key)\" stands twice") }
            blanks()
            guard byte == 0x3A else { throw refuse("`:` is expected") }
            index += 1
            entries.append(
                Node.Entry(key: key, value: try value(depth: depth + 1), line: keyLine, column: keyColumn))
            blanks()
            if byte == 0x7D { break }
            guard byte == 0x2C else { throw refuse("`,` or `}` is expected") }
            index += 1
        }
        index += 1
        return entries
    }

    private mutating func array(depth: Int) throws(JSONRefusal) -> [Node] {
        index += 1
        var items: [Node] = []
        blanks()
        if byte == 0x5D {
            index += 1
            return items
        }
        while true {
            items.append(try value(depth: depth + 1))
            blanks()
            if byte == 0x5D { break }
            guard byte == 0x2C else { throw refuse("`,` or `]` is expected") }
            index += 1
        }
        index += 1
        return items
    }

    private mutating func number() throws(JSONRefusal) -> String {
        let start = index
        if byte == 0x2D { index += 1 }
        let first = byte
        guard digits() > 0, first != 0x30 || index == start + 1 + (bytes[start] == 0x2D ? 1 : 0) else {
            throw refuse("a value is expected")
        }
        if byte == 0x2E {
            index += 1
            guard digits() > 0 else { throw refuse("digits are expected after the point") }
        }
        if byte == 0x65 || byte == 0x45 {
            index += 1
            if byte == 0x2B || byte == 0x2D { index += 1 }
            guard digits() > 0 else { throw refuse("digits are expected in the exponent") }
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = index
        while index < bytes.count, bytes[index] &- 0x30 <= 9 { index += 1 }
        return index - start
    }

    private mutating func string() throws(JSONRefusal) -> String {
        index += 1
        let start = index
        while index < bytes.count, bytes[index] >= 0x20, bytes[index] != 0x22, bytes[index] != 0x5C { index += 1 }
        if index < bytes.count, bytes[index] == 0x22 {
            defer { index += 1 }
            guard let plain = String(validating: bytes[start..<index], as: UTF8.self) else {
                throw refuse("a text is not UTF-8")
            }
            return plain
        }
        var text = Array(bytes[start..<index])
        while index < bytes.count, bytes[index] != 0x22 {
            let byte = bytes[index]
            guard byte >= 0x20 else { throw refuse("a control character stands in a text") }
            index += 1
            if byte == 0x5C { try escape(into: &text) } else { text.append(byte) }
        }
        guard index < bytes.count else { throw refuse("a text is not closed") }
        index += 1
        guard let result = String(validating: text, as: UTF8.self) else { throw refuse("a text is not UTF-8") }
        return result
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONRefusal) {
        let letter = byte
        index += 1
        switch letter {
        case 0x22, 0x5C, 0x2F: text.append(letter)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0C)
        case 0x6E: text.append(0x0A)
        case 0x72: text.append(0x0D)
        case 0x74: text.append(0x09)
        case 0x75:
            var code = try hex()
            if (0xD800..<0xDC00).contains(code) {
                guard byte == 0x5C, index + 1 < bytes.count, bytes[index + 1] == 0x75 else {
                    throw refuse("half of a character stands alone")
                }
                index += 2
                let low = try hex()
                guard (0xDC00..<0xE000).contains(low) else { throw refuse("half of a character stands alone") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw refuse("half of a character stands alone") }
            text.append(contentsOf: String(Character(scalar)).utf8)
        default: throw refuse("an escape is unknown")
        }
    }

    private mutating func hex() throws(JSONRefusal) -> UInt32 {
        guard index + 4 <= bytes.count else { throw refuse("an escape is too short") }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
            default: throw refuse("an escape has a letter that is no hexadecimal digit")
            }
        }
        index += 4
        return value
    }
}

/// The keys of one object: a few are compared, many are hashed.
private struct Keys {
    private var many: Set<String> = []
    private static let fewMax = 24

    mutating func isNew(_ key: String, among entries: [Node.Entry]) -> Bool {
        if entries.count < Self.fewMax { return !entries.contains { $0.key == key } }
        if many.isEmpty { many = Set(entries.map(\.key)) }
        return many.insert(key).inserted
    }
}

private struct JSONRefusal: Error {
    var at: Position
    var message: String
    var hint: String
}
