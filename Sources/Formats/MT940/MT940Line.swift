// SPDX-License-Identifier: Apache-2.0

/// What a line of a message is.
enum MT940Line {
    /// Tags that statements and interim reports have; another word between colons is text.
    private static let known: Set<String> = [
        "20", "21", "25", "25P", "28", "28C", "60F", "60M", "61", "86", "62F", "62M", "64", "65", "34F", "13", "13D",
        "90C", "90D", "NS", "940", "942",
    ]

    /// A line without control characters (STX and ETX of transmission protocols) and without an envelope's blocks.
    static func content(_ bytes: [UInt8]) -> String {
        var line = bytes[...]
        while let first = line.first, first < 0x20, first != 0x09 { line.removeFirst() }
        while let last = line.last, last < 0x20 { line.removeLast() }
        if line.first == 0x7B {
            // {1:F01…}{2:O940…}{4: and perhaps the first field.
            guard let start = block4(line) else { return "" }
            line = line[start...]
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// Where the text behind `{4:` begins.
    private static func block4(_ line: ArraySlice<UInt8>) -> Int? {
        let mark = Array("{4:".utf8)
        guard line.count >= mark.count else { return nil }
        return (line.startIndex...(line.endIndex - mark.count)).first { line[$0...].starts(with: mark) }
            .map { $0 + mark.count }
    }

    /// `{2:O942…` or `{2:I942…`: the message type that an envelope states.
    static func messageType(_ bytes: [UInt8]) -> String? {
        let mark = Array("{2:".utf8)
        guard bytes.count >= 7, bytes.contains(0x7B),
            let start = (0...(bytes.count - 7)).first(where: { bytes[$0...].starts(with: mark) })
        else { return nil }
        return String(decoding: bytes[(start + 4)..<(start + 7)], as: UTF8.self)
    }

    /// A tag at the line's beginning, and what follows it.
    static func tag(_ line: String) -> (tag: String, rest: String)? {
        guard let (word, rest) = word(line), known.contains(word) else { return nil }
        return (word, rest)
    }

    /// `:12:` at the beginning of a line that is no tag of these messages.
    static func unknownTag(_ line: String) -> String? {
        guard let (word, _) = word(line), !known.contains(word) else { return nil }
        return word
    }

    private static func word(_ line: String) -> (String, String)? {
        guard line.utf8.first == 0x3A else { return nil }
        let bytes = Array(line.utf8.prefix(6))
        guard let end = bytes.dropFirst().firstIndex(of: 0x3A), (3...4).contains(end) else {
            return nil
        }
        let isTag = bytes[1..<end].allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
        guard isTag else { return nil }
        return (String(decoding: bytes[1..<end], as: UTF8.self), String(Substring(line.utf8.dropFirst(end + 1))))
    }

    /// `-`, `-}` with a trailer, `-XXX`: the end of a message.
    static func isEnd(_ line: String) -> Bool {
        guard line.utf8.first == 0x2D else { return false }
        let rest = line.dropFirst().filter { $0 != " " }
        return rest.isEmpty || rest.first == "}" || rest == "XXX" || rest.allSatisfy { $0 == "-" }
    }
}
