// SPDX-License-Identifier: Apache-2.0
import Documents

/// The structured field 86 of German, Austrian and Polish banks: a business transaction code, then `?20`…`?29` and
/// `?60`…`?63` for the purpose, `?30`…`?34` for the other side (Deutsche Kreditwirtschaft, annex 3 of the DFÜ
/// agreement, chapter 8).
struct GermanFields {
    private let code: String
    private var parts: [(key: Int, text: String)] = []

    /// Nil when the lines do not begin with three digits, a separator and two digits.
    init?(_ lines: [String]) {
        var bytes: [UInt8] = []
        for line in lines { bytes += Self.cut(line) }
        bytes = Array(bytes.drop { $0 == 0x20 })
        guard bytes.count >= 6, bytes[0..<3].allSatisfy(Self.isDigit), Self.separators.contains(bytes[3]),
            Self.isDigit(bytes[4]), Self.isDigit(bytes[5])
        else { return nil }
        if bytes.count > Self.lengthMax {
            bytes = Array(
                String(String(decoding: bytes, as: UTF8.self).unicodeScalars.prefix(Self.lengthMax)).utf8)
        }
        code = String(decoding: bytes[0..<3], as: UTF8.self)
        let separator = bytes[3]
        var cursor = 3
        while cursor < bytes.count {
            // At a separator with its key.
            let key = Int(bytes[cursor + 1] - 0x30) * 10 + Int(bytes[cursor + 2] - 0x30)
            let start = cursor + 3
            cursor = start
            while cursor < bytes.count, !Self.isKey(bytes, cursor, separator) { cursor += 1 }
            parts.append((key, String(decoding: bytes[start..<cursor], as: UTF8.self)))
        }
    }

    private static let separators = Array("?>~^<|+@!".utf8)
    /// Characters; six lines of 65 are the standard.
    private static let lengthMax = 8000
    /// Characters of one part of the purpose, when it is full.
    private static let partWidth = 27

    /// Some programs put a blank behind each line of 65 characters; it is none of the text.
    private static func cut(_ line: String) -> Substring.UTF8View {
        var bytes = line.utf8[...]
        guard bytes.count > 65 else { return bytes }
        var width = line.unicodeScalars.count
        while width > 65, bytes.last == 0x20 {
            bytes = bytes.dropLast()
            width -= 1
        }
        return bytes
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func isKey(_ bytes: [UInt8], _ at: Int, _ separator: UInt8) -> Bool {
        bytes[at] == separator && at + 2 < bytes.count && isDigit(bytes[at + 1]) && isDigit(bytes[at + 2])
    }

    func fill(_ details: inout MT940Details) {
        details.code = code
        let bookingText = parts.first { $0.key == 0 }?.text.trimmed
        let names = parts.filter { $0.key == 32 || $0.key == 33 }.map(\.text)
        details.name = Self.joined(names).nonEmpty
        // Polish banks put the whole IBAN into 38, and its last digits into 31.
        let whole = parts.first { $0.key == 38 }?.text.filter { $0 != " " }
        let iban = whole.flatMap { IBAN($0) == nil ? nil : $0 }
        details.account = iban ?? parts.first { $0.key == 31 }?.text.filter { $0 != " " }.nonEmpty
        let purpose = Self.joined(parts.filter { (20...29).contains($0.key) || (60...63).contains($0.key) }.map(\.text))
        let words = Purpose(purpose)
        // An end-to-end id has at most 35 characters; what follows it without a word is another text.
        details.endToEndID = CamtReference.real(words["EREF"].map { String($0.prefix(35)).trimmed })
        details.original = words["OAMT"].flatMap { Self.amount($0) }
        details.remittance = (words["SVWZ"] ?? words.loose).nonEmpty ?? words["MTLG"]?.nonEmpty ?? bookingText?.nonEmpty
        if let ordered = words["ABWA"]?.nonEmpty, details.name == nil { details.name = ordered }
        if let iban = words["IBAN"]?.nonEmpty, details.account == nil { details.account = iban }
        details.isReturn = Self.returns.contains(code)
        if details.isReturn {
            let all = [purpose, parts.first { $0.key == 34 }?.text ?? ""].joined(separator: " ")
            details.returnReason = ReturnReason.find(all)
        }
    }

    /// Returned and recalled payments: direct debits (108, 109, formerly 009), credit transfers (159, formerly 059).
    private static let returns: Set<String> = ["009", "059", "108", "109", "159"]

    /// `EUR 12,50` or `12,50`
    private static func amount(_ text: String) -> ScaledDecimal? {
        MT940Amount.read(text.split(separator: " ").first { $0.first?.isNumber == true } ?? "")
    }

    /// A full part goes on in the next, a shorter one has lost the blank at its end.
    private static func joined(_ parts: [String]) -> String {
        var text = ""
        var wasFull = true
        for part in parts {
            if !wasFull { text.append(" ") }
            text += part
            wasFull = part.unicodeScalars.count >= partWidth
        }
        return MT940Details.collapsed(text)
    }

    /// `EREF+…KREF+…SVWZ+…` taken apart; the words may begin anywhere.
    private struct Purpose {
        private var found: [(key: String, text: String)] = []
        /// What stands before the first word.
        let loose: String

        init(_ text: String) {
            let bytes = Array(text.utf8)
            var starts: [Int] = []
            var cursor = 0
            while cursor + 5 <= bytes.count {
                let isWord =
                    (bytes[cursor + 4] == 0x2B || bytes[cursor + 4] == 0x3A && bytes[cursor] == 0x4D)
                    && Purpose.words.contains(
                        String(decoding: bytes[cursor..<(cursor + 4)], as: UTF8.self))
                if isWord { starts.append(cursor) }
                cursor += isWord ? 5 : 1
            }
            func part(_ from: Int, _ to: Int) -> String {
                MT940Details.collapsed(String(decoding: bytes[from..<to], as: UTF8.self))
            }
            loose = part(0, starts.first ?? bytes.count)
            for (index, start) in starts.enumerated() {
                let end = index + 1 < starts.count ? starts[index + 1] : bytes.count
                found.append((String(decoding: bytes[start..<(start + 4)], as: UTF8.self), part(start + 5, end)))
            }
        }

        private static let words: Set<String> = [
            "EREF", "KREF", "MREF", "CRED", "DEBT", "COAM", "OAMT", "SVWZ", "ABWA", "ABWE", "IBAN", "PURP", "RREF",
            "MTLG",
        ]

        subscript(key: String) -> String? { found.first { $0.key == key }?.text }
    }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }
}
