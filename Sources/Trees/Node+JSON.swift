// SPDX-License-Identifier: Apache-2.0
package import Documents

extension Node {
    /// JSON text on one line, keys in the tree's order: same tree, same bytes.
    package var json: String {
        var writer = JSONWriter(indented: false)
        writer.write(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// JSON text with two spaces of indentation and no newline at the end.
    package var indentedJSON: String {
        var writer = JSONWriter(indented: true)
        writer.write(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Writes RFC 8259 text; control characters, U+2028 and U+2029 are escaped so that a line stays a line.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    private let indented: Bool

    package init(indented: Bool = false) { self.indented = indented }

    /// Forgets what was written, and keeps the memory.
    package mutating func clear() { bytes.removeAll(keepingCapacity: true) }

    /// Punctuation.
    package mutating func mark(_ byte: UInt8) { bytes.append(byte) }

    /// A value on one line.
    package mutating func write(_ node: Node) { write(node, depth: 0) }

    fileprivate mutating func write(_ node: Node, depth: Int) {
        switch node.value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let text): bytes.append(contentsOf: text.utf8)
        case .text(let text): write(text)
        case .list(let items):
            bytes.append(0x5B)
            for (index, item) in items.enumerated() {
                separate(first: index == 0, depth: depth + 1)
                write(item, depth: depth + 1)
            }
            if !items.isEmpty { newline(depth) }
            bytes.append(0x5D)
        case .map(let entries):
            bytes.append(0x7B)
            for (index, entry) in entries.enumerated() {
                separate(first: index == 0, depth: depth + 1)
                write(entry.key)
                bytes.append(0x3A)
                if indented { bytes.append(0x20) }
                write(entry.value, depth: depth + 1)
            }
            if !entries.isEmpty { newline(depth) }
            bytes.append(0x7D)
        }
    }

    private mutating func separate(first: Bool, depth: Int) {
        if !first { bytes.append(0x2C) }
        newline(depth)
    }

    private mutating func newline(_ depth: Int) {
        guard indented else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: 2 * depth))
    }

    package mutating func write(_ text: String) {
        bytes.append(0x22)
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        // Nearly all text is its own JSON.
        if Self.mayNeedEscape(bytes.span.extracting(start..<bytes.count)) {
            bytes.removeLast(bytes.count - start)
            escaped(text)
        }
        bytes.append(0x22)
    }

    /// The name of a member that is not its object's first one; nothing in it needs an escape.
    package mutating func member(_ name: String) {
        bytes.append(0x2C)
        bytes.append(0x22)
        bytes.append(contentsOf: name.utf8)
        bytes.append(0x22)
        bytes.append(0x3A)
    }

    /// Control characters, quote, backslash, and the first byte of U+2028 and U+2029.
    private static func mayNeedEscape(_ text: Span<UInt8>) -> Bool {
        // Without a branch for each byte: many are looked at together then.
        var found: UInt8 = 0
        for index in text.indices {
            let byte = text[index]
            found |= (byte < 0x20 ? 1 : 0) | (byte == 0x22 ? 1 : 0) | (byte == 0x5C ? 1 : 0)
            found |= (byte == 0x7F ? 1 : 0) | (byte == 0xE2 ? 1 : 0)
        }
        return found != 0
    }

    private mutating func escaped(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: bytes.append(contentsOf: #"\""#.utf8)
            case 0x5C: bytes.append(contentsOf: #"\\"#.utf8)
            case 0x08: bytes.append(contentsOf: #"\b"#.utf8)
            case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
            case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
            case 0x0C: bytes.append(contentsOf: #"\f"#.utf8)
            case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
            case 0..<0x20, 0x7F, 0x2028, 0x2029: escape(scalar.value)
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    /// A number of so many units of 10^-scale, as text: `"-1180.00"`.
    package mutating func decimal(_ units: Int64, scale: Int) {
        bytes.append(0x22)
        if units < 0 { bytes.append(0x2D) }
        let start = bytes.count
        var rest = units.magnitude
        var places = 0
        while rest > 0 || places <= scale {
            if places == scale, scale > 0 { bytes.append(0x2E) }
            bytes.append(0x30 &+ UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
            places += 1
        }
        bytes[start...].reverse()
        bytes.append(0x22)
    }

    /// `"2026-11-21"`
    package mutating func day(_ day: Day) {
        let (year, month, dayOfMonth) = day.civil
        guard (1000...9999).contains(year) else { return write(day.text) }
        bytes.append(0x22)
        two(year / 100)
        two(year % 100)
        bytes.append(0x2D)
        two(month)
        bytes.append(0x2D)
        two(dayOfMonth)
        bytes.append(0x22)
    }

    private mutating func two(_ number: Int) {
        bytes.append(0x30 &+ UInt8(truncatingIfNeeded: number / 10 % 10))
        bytes.append(0x30 &+ UInt8(truncatingIfNeeded: number % 10))
    }

    private mutating func escape(_ value: UInt32) {
        let hex = String(value, radix: 16)
        bytes.append(contentsOf: #"\u"#.utf8)
        bytes.append(contentsOf: repeatElement(0x30, count: 4 - hex.utf8.count))
        bytes.append(contentsOf: hex.utf8)
    }
}
