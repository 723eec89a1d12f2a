// SPDX-License-Identifier: Apache-2.0
import Trees

/// Text of a request with places for values: `$(name)` and `$(name:format)`; `lower`, `base64` and `/2` are formats of any
/// text, `raw` is one of a setting whose text is XML itself.
package struct RequestText: Hashable, Sendable {
    enum Piece: Hashable, Sendable {
        case literal(String)
        case value(name: String, format: String?)
    }

    /// What a value must not be able to break out of.
    enum Escaping {
        case none, query, path, xml
    }

    let pieces: [Piece]

    /// Nil for a `$(` that is not closed or has no name.
    init?(_ text: String) {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstRange(of: "$(") {
            if open.lowerBound > rest.startIndex { pieces.append(.literal(String(rest[..<open.lowerBound]))) }
            guard let close = rest[open.upperBound...].firstIndex(of: ")") else { return nil }
            let inside = rest[open.upperBound..<close]
            let colon = inside.firstIndex(of: ":")
            let name = String(inside[..<(colon ?? inside.endIndex)])
            guard !name.isEmpty else { return nil }
            pieces.append(.value(name: name, format: colon.map { String(inside[inside.index(after: $0)...]) }))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.literal(String(rest))) }
        self.pieces = pieces
    }

    /// `/1` to `/9`: a part of what was joined by slashes.
    static func isPart(_ format: String) -> Bool {
        let bytes = Array(format.utf8)
        return bytes.count == 2 && bytes[0] == 0x2F && (0x31...0x39).contains(bytes[1])
    }

    /// As it was written.
    var source: String {
        pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .value(let name, let format): "$(\(name)\(format.map { ":" + $0 } ?? ""))"
            }
        }.joined()
    }

    init(literal: String) { pieces = literal.isEmpty ? [] : [.literal(literal)] }

    var names: [String] {
        pieces.compactMap { if case .value(let name, _) = $0 { name } else { nil } }
    }

    /// The text with its values; nil when one of them is not known now, such as `since` before anything was pulled.
    func filled(_ values: RequestValues, escaping: Escaping = .none) -> String? {
        var text = ""
        for piece in pieces {
            switch piece {
            case .literal(let literal): text += literal
            case .value(let name, let format):
                guard let value = values.text(name, format: format) else { return nil }
                text += format == "raw" ? value : Self.escaped(value, escaping)
            }
        }
        return text
    }

    private static func escaped(_ value: String, _ escaping: Escaping) -> String {
        switch escaping {
        case .none: value
        case .query, .path: percentEncoded(value)
        case .xml: xmlEscaped(value)
        }
    }

    /// RFC 3986: everything but unreserved characters.
    static func percentEncoded(_ text: String, keeping: String = "") -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default:
                if keeping.utf8.contains(byte) {
                    bytes.append(byte)
                } else {
                    let digits = Array("0123456789ABCDEF".utf8)
                    bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func xmlEscaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&apos;"
            default: result.append(character)
            }
        }
        return result
    }
}

/// What the names in a request stand for, at this moment.
struct RequestValues {
    var config: [String: String] = [:]
    var secrets: [String: String] = [:]
    /// What a login answered, by the names of `keep:`.
    var session: [String: String] = [:]
    /// `page`, `offset`, `size`, `id`, and a write's fields.
    var plain: [String: String] = [:]
    /// `ids`: a list in a JSON body, joined by commas elsewhere.
    var lists: [String: [String]] = [:]
    /// Parts of earlier answers, put into a JSON body as they are.
    var nodes: [String: Node] = [:]
    /// Where the increment begins; nil while everything is asked for.
    var since: PullCursor?
    var sinceFormat = TimeFormat.iso
    /// `from`, `to` of a window, `until` and `now`.
    var times: [String: Int64] = [:]

    func text(_ name: String, format: String?) -> String? {
        if name == "since" {
            guard let since else { return nil }
            switch since {
            case .number(let number): return String(number)
            case .time(let milliseconds): return written(milliseconds, format)
            }
        }
        if let time = times[name] { return written(time, format) }
        let value: String? =
            switch name {
            case _ where name.hasPrefix("config."): config[String(name.dropFirst(7))]
            case _ where name.hasPrefix("secret."): secrets[String(name.dropFirst(7))]
            case _ where name.hasPrefix("session."): session[String(name.dropFirst(8))]
            default: plain[name] ?? lists[name]?.joined(separator: ",")
            }
        switch format {
        case "base64": return value.map(Base64Text.encoded)
        case "lower": return value?.lowercased()
        case let format? where RequestText.isPart(format):
            // The second part of `BNK/202600012/2` is `/2`; nil where there is none.
            let parts = value?.split(separator: "/", omittingEmptySubsequences: false) ?? []
            let place = (Int(format.dropFirst()) ?? 0) - 1
            return parts.indices.contains(place) ? String(parts[place]) : nil
        default: return value
        }
    }

    private func written(_ milliseconds: Int64, _ format: String?) -> String? {
        guard let format else { return sinceFormat.text(milliseconds) }
        return TimeFormat(format)?.text(milliseconds)
    }
}

/// RFC 4648 base64 with padding, for credentials in headers.
enum Base64Text {
    static func encoded(_ text: String) -> String { encoded(Array(text.utf8)) }

    /// RFC 4648, 5: for addresses and tokens, without padding.
    static func urlSafe(_ bytes: [UInt8]) -> String {
        String(encoded(bytes).map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }.filter { $0 != "=" })
    }

    static func encoded(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for byte in part { word = word << 8 | UInt32(byte) }
            word <<= UInt32(8 * (3 - part.count))
            for place in 0..<4 {
                let letter = letters[Int(word >> UInt32(18 - 6 * place)) & 63]
                result.append(place <= part.count ? letter : 0x3D)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
