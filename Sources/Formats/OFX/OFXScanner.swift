// SPDX-License-Identifier: Apache-2.0
import Documents

/// Cuts OFX into tags and text, as SGML and XML alike: closing tags may be missing, entities may be bare.
struct OFXScanner {
    enum Token: Hashable {
        /// Upper case. `isEmpty` for `<MEMO/>`.
        case open(String, line: Int, isEmpty: Bool)
        case close(String, line: Int)
        case text(String)
    }

    /// Bytes of one tag and of one text; the longest text of the standard has 20,000 characters.
    static let tagMax = 256
    static let textMax = 1 << 16

    /// Why the file is refused.
    private(set) var fault: Fault?
    private var line = 1
    private var buffer: [UInt8] = []
    private var cursor = 0
    /// Inside a comment, an instruction or CDATA: what ends it.
    private var section: Section?
    private var hasRoot = false

    private enum Section {
        case comment, instruction, declaration, data

        var end: [UInt8] {
            switch self {
            case .comment: Array("-->".utf8)
            case .instruction: Array("?>".utf8)
            case .declaration: Array(">".utf8)
            case .data: Array("]]>".utf8)
            }
        }
    }

    mutating func feed(_ bytes: [UInt8]) {
        if cursor > 0 { buffer.removeFirst(cursor) }
        cursor = 0
        buffer += bytes
    }

    /// The next token that the bytes so far hold whole.
    mutating func next() -> Token? {
        while fault == nil, cursor < buffer.count {
            if let section {
                guard let token = inside(section) else {
                    if self.section == nil { continue }
                    return nil
                }
                return token
            }
            guard buffer[cursor] == 0x3C else {
                guard let token = text() else { return nil }
                if case .text(let words) = token, words.isEmpty { continue }
                // The header is text before the root element.
                if hasRoot { return token }
                continue
            }
            switch markup() {
            case .token(let token): return token
            case .again: continue
            case .wait: return nil
            }
        }
        return nil
    }

    private enum Step {
        case token(Token), again, wait
    }

    private mutating func advance(_ count: Int) {
        for index in cursor..<(cursor + count) where buffer[index] == 0x0A { line += 1 }
        cursor += count
    }

    /// Text up to the next `<` that begins a tag.
    private mutating func text() -> Token? {
        var end = cursor
        while end < buffer.count {
            if buffer[end] == 0x3C {
                guard end + 1 < buffer.count else { return limited(end) }
                if Self.beginsTag(buffer[end + 1]) { break }
            }
            end += 1
        }
        guard end < buffer.count else { return limited(end) }
        let words = Self.decoded(buffer[cursor..<end])
        advance(end - cursor)
        return .text(words)
    }

    /// Waits for more, unless that would be without end.
    private mutating func limited(_ end: Int) -> Token? {
        if end - cursor > Self.textMax { limit("a text of more than \(Self.textMax) bytes") }
        return nil
    }

    private mutating func limit(_ what: String) {
        fault = Fault(
            "OFX-LIMIT", .refusal, at: .line(line), "line \(line) has \(what)",
            hint: "A bank's file has none: download it again.")
    }

    private static func beginsTag(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x2F, 0x21, 0x3F: true
        default: false
        }
    }

    /// At a `<`.
    private mutating func markup() -> Step {
        let rest = buffer.count - cursor
        let head = buffer[cursor..<min(buffer.count, cursor + 9)]
        guard rest >= 2 else { return .wait }
        guard Self.beginsTag(buffer[cursor + 1]) else {
            guard let token = text() else { return .wait }
            return hasRoot ? .token(token) : .again
        }
        switch buffer[cursor + 1] {
        case 0x3F:
            begin(.instruction, 2)
            return .again
        case 0x21:
            guard rest >= 9 else { return .wait }
            if head.starts(with: Array("<!--".utf8)) {
                begin(.comment, 4)
            } else if head.starts(with: Array("<![CDATA[".utf8)) {
                begin(.data, 9)
            } else {
                begin(.declaration, 2)
            }
            return .again
        default: break
        }
        guard let end = buffer[cursor...].prefix(Self.tagMax).firstIndex(of: 0x3E) else {
            if rest > Self.tagMax { limit("a tag of more than \(Self.tagMax) bytes") }
            return .wait
        }
        var inner = buffer[(cursor + 1)..<end]
        let isClose = inner.first == 0x2F
        if isClose { inner = inner.dropFirst() }
        let isEmpty = inner.last == 0x2F
        if isEmpty { inner = inner.dropLast() }
        let letters = inner.prefix { $0 > 0x20 }.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }
        let name = String(decoding: letters, as: UTF8.self)
        let at = line
        advance(end + 1 - cursor)
        if name == "OFX" { hasRoot = true }
        return .token(isClose ? .close(name, line: at) : .open(name, line: at, isEmpty: isEmpty))
    }

    private mutating func begin(_ section: Section, _ count: Int) {
        advance(count)
        self.section = section
    }

    /// Passes over a section, or gives the text of CDATA.
    private mutating func inside(_ section: Section) -> Token? {
        let end = section.end
        var at = cursor
        while at + end.count <= buffer.count, !buffer[at...].starts(with: end) { at += 1 }
        guard at + end.count <= buffer.count else {
            // Everything but a possible beginning of the end is done with, except of CDATA.
            if section == .data {
                if buffer.count - cursor > Self.textMax { limit("a text of more than \(Self.textMax) bytes") }
            } else {
                advance(max(0, at - cursor))
            }
            return nil
        }
        let words = String(decoding: buffer[cursor..<at], as: UTF8.self)
        advance(at + end.count - cursor)
        self.section = nil
        return section == .data && hasRoot ? .text(words.trimmed) : nil
    }

    /// White space at both ends off, the usual entities replaced; an `&` that begins none stands for itself.
    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes
        while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        guard bytes.contains(0x26) else { return String(decoding: bytes, as: UTF8.self) }
        var text = ""
        var rest = bytes
        while let start = rest.firstIndex(of: 0x26) {
            text += String(decoding: rest[..<start], as: UTF8.self)
            rest = rest[start...]
            if let end = rest.prefix(10).firstIndex(of: 0x3B),
                let scalar = entity(String(decoding: rest[(start + 1)..<end], as: UTF8.self))
            {
                text.unicodeScalars.append(scalar)
                rest = rest[(end + 1)...]
            } else {
                text += "&"
                rest = rest.dropFirst()
            }
        }
        return text + String(decoding: rest, as: UTF8.self)
    }

    private static func entity(_ name: String) -> Unicode.Scalar? {
        switch name.lowercased() {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        case "nbsp": return " "
        default: break
        }
        guard name.first == "#" else { return nil }
        let digits = name.dropFirst()
        let value = digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let value, value >= 0x20 else { return nil }
        return Unicode.Scalar(value)
    }
}
