// SPDX-License-Identifier: Apache-2.0

extension Node {
    /// JSON text on one line, keys in the tree's order: same tree, same bytes.
    package var json: String {
        var writer = JSONWriter(indented: false)
        writer.write(self, depth: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// JSON text with two spaces of indentation and no newline at the end.
    package var indentedJSON: String {
        var writer = JSONWriter(indented: true)
        writer.write(self, depth: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Writes RFC 8259 text; control characters, U+2028 and U+2029 are escaped so that a line stays a line.
private struct JSONWriter {
    let indented: Bool
    var bytes: [UInt8] = []

    mutating func write(_ node: Node, depth: Int) {
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

    private mutating func write(_ text: String) {
        bytes.append(0x22)
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
        bytes.append(0x22)
    }

    private mutating func escape(_ value: UInt32) {
        let hex = String(value, radix: 16)
        bytes.append(contentsOf: #"\u"#.utf8)
        bytes.append(contentsOf: repeatElement(0x30, count: 4 - hex.utf8.count))
        bytes.append(contentsOf: hex.utf8)
    }
}
