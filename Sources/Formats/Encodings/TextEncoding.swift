// SPDX-License-Identifier: Apache-2.0
package import Documents

/// The encodings Tieout reads.
package enum TextEncoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    /// With a byte order mark only.
    case utf16le = "utf-16le"
    case utf16be = "utf-16be"
    case windows1252 = "windows-1252"
    case windows1250 = "windows-1250"
    case latin1 = "iso-8859-1"
    case latin9 = "iso-8859-15"
    case dos850 = "ibm850"
    case dos437 = "ibm437"

    /// By its name in a mapping, in any case, with the usual other names.
    package init?(name: String) {
        switch name.lowercased() {
        case "utf-8", "utf8", "utf-8-sig", "utf8-bom", "us-ascii", "ascii": self = .utf8
        case "utf-16", "utf16", "utf-16le": self = .utf16le
        case "utf-16be": self = .utf16be
        case "windows-1252", "cp1252", "win-1252", "ansi": self = .windows1252
        case "windows-1250", "cp1250", "win-1250": self = .windows1250
        case "iso-8859-1", "latin1", "latin-1": self = .latin1
        case "iso-8859-15", "latin9", "latin-9": self = .latin9
        case "ibm850", "cp850": self = .dos850
        case "ibm437", "cp437": self = .dos437
        default: return nil
        }
    }

    /// What `iconv` calls it.
    var codePage: String {
        switch self {
        case .windows1252: "CP1252"
        case .windows1250: "CP1250"
        case .dos850: "CP850"
        case .dos437: "CP437"
        default: rawValue.uppercased()
        }
    }

    /// The byte order mark a file begins with, and its length.
    static func mark(of head: [UInt8]) -> (encoding: TextEncoding, length: Int)? {
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        // With two zeros behind it, it is the mark of UTF-32, which nobody writes.
        if head.starts(with: [0xFF, 0xFE]), !head.starts(with: [0xFF, 0xFE, 0, 0]) { return (.utf16le, 2) }
        if head.starts(with: [0xFE, 0xFF]) { return (.utf16be, 2) }
        return nil
    }
}

/// How a file's text is encoded, and why that is believed.
package struct EncodingChoice: Hashable, Sendable {
    package var encoding: TextEncoding
    /// Bytes of the byte order mark, which are no text.
    package var markLength = 0
    /// NUL bytes fill the end of the file, as some banks' programs leave them; they are no text either.
    package var isPadded = false
    /// In words that `inspect` prints.
    package var reason: String
    /// Set when it is a guess, or not what the mapping says.
    package var warning: Fault?

    /// The encoding of a file: its mark, else UTF-8 when all of it is, else what the mapping declares, else the
    /// usual code page of Western exports.
    /// - Returns: The choice, or the refusal.
    static func choose(
        _ file: SourceFile, head: [UInt8], declared names: [String]
    ) -> Result<EncodingChoice, EncodingRefusal> {
        if let mark = TextEncoding.mark(of: head) {
            return .success(
                EncodingChoice(
                    encoding: mark.encoding, markLength: mark.length, reason: "the file begins with its mark"))
        }
        if let offset = file.census.firstNUL { return .failure(EncodingRefusal(fault: nul(offset))) }
        if file.census.isASCII { return .success(EncodingChoice(encoding: .utf8, reason: "every byte is ASCII")) }
        let declared = names.compactMap { TextEncoding(name: $0) }
        if file.census.isUTF8 {
            var choice = EncodingChoice(encoding: .utf8, reason: "every byte is well-formed UTF-8")
            if let first = declared.first, !declared.contains(.utf8) {
                choice.warning = Fault(
                    "ENCODING-DIFFERS", .warning, at: .file,
                    "the mapping says \(first.rawValue), but the file is well-formed UTF-8 and is read as that",
                    hint: "Add utf-8 to the mapping's `encoding:` list if the export has changed.")
            }
            return .success(choice)
        }
        let line = file.census.firstBadLine ?? 1
        if let encoding = declared.first(where: { $0 != .utf8 }) {
            return .success(EncodingChoice(encoding: encoding, reason: "the mapping says so, and it is not UTF-8"))
        }
        if !declared.isEmpty {
            return .failure(
                EncodingRefusal(
                    fault: Fault(
                        "ENCODING-WRONG", .refusal, at: .line(line),
                        "the mapping says utf-8, but line \(line) has bytes that are not UTF-8",
                        hint: "Export as UTF-8, or declare `encoding: windows-1252` if that is what the program writes."
                    )))
        }
        var choice = EncodingChoice(
            encoding: .windows1252, reason: "not UTF-8; windows-1252 is what most Western programs write")
        if isPolish(head) {
            choice = EncodingChoice(
                encoding: .windows1250, reason: "not UTF-8; it has letters where windows-1252 has signs: windows-1250")
        }
        choice.warning = Fault(
            "ENCODING-GUESSED", .warning, at: .line(line),
            "the file is not UTF-8 and no encoding is declared; it is read as \(choice.encoding.rawValue)",
            hint: "Check a name with an accent; if it is wrong, declare `encoding:` in the mapping.")
        return .success(choice)
    }

    /// `Op³ata`: what is a superscript or a question mark between two letters is ł, ą or ż.
    private static func isPolish(_ head: [UInt8]) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
        return head.indices.dropFirst().dropLast().contains { index in
            [0xB3, 0xB9, 0xBF].contains(head[index]) && isLetter(head[index - 1]) && isLetter(head[index + 1])
        }
    }

    private static func nul(_ offset: Int) -> Fault {
        Fault(
            "NUL-BYTE", .refusal, at: .file, "byte \(offset + 1) of the file is NUL, so it is no text",
            hint: "It may be UTF-16 without a byte order mark, or a damaged file: export it again as UTF-8.")
    }
}

struct EncodingRefusal: Error {
    var fault: Fault
}

/// Turns pieces of a file into pieces of UTF-8.
struct TextDecoder {
    private let choice: EncodingChoice
    private let handle: IconvHandle?
    private var skip: Int
    private var rest: [UInt8] = []
    /// Line of the first byte that has no meaning in the encoding.
    private(set) var badLine: Int?
    private var line = 1

    init(_ choice: EncodingChoice) {
        self.choice = choice
        skip = choice.markLength
        handle = choice.encoding == .utf8 ? nil : IconvHandle(from: choice.encoding.codePage)
    }

    /// The piece as UTF-8; a byte without meaning becomes U+FFFD and `badLine` is set.
    mutating func decode(_ chunk: [UInt8], isLast: Bool = false) -> [UInt8] {
        var input = chunk
        if skip > 0 {
            let count = min(skip, input.count)
            input.removeFirst(count)
            skip -= count
        }
        if choice.isPadded { input.removeAll { $0 == 0 } }
        guard let handle else { return input }
        if !rest.isEmpty {
            input.insert(contentsOf: rest, at: 0)
            rest = []
        }
        var output: [UInt8] = []
        var start = 0
        while start < input.count {
            let before = output.count
            let step = handle.convert(input, from: start, into: &output)
            line += output[before...].count { $0 == 0x0A }
            start += step.taken
            guard step.isInvalid || isLast, start < input.count else { break }
            if badLine == nil { badLine = line }
            output.append(contentsOf: [0xEF, 0xBF, 0xBD])
            start += choice.encoding == .utf16le || choice.encoding == .utf16be ? 2 : 1
        }
        rest = Array(input[min(start, input.count)...])
        return output
    }
}
