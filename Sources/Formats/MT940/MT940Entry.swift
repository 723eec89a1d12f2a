// SPDX-License-Identifier: Apache-2.0
import Documents

/// One `:61:` line, taken apart as SWIFT's grammar says and as banks really write it.
struct MT940Entry {
    enum Mark {
        case credit, debit
        /// RC: a credit is taken back, so money goes out.
        case reversedCredit
        /// RD: a debit is taken back, so money comes in.
        case reversedDebit

        var isCredit: Bool { self == .credit || self == .reversedDebit }
        var isReversal: Bool { self == .reversedCredit || self == .reversedDebit }
    }

    let line: Int
    let valuedOn: MT940Date.Found
    let bookedOn: MT940Date.Found?
    let mark: Mark
    /// EC, ED: announced, and not booked yet.
    let isExpected: Bool
    let amount: ScaledDecimal
    let hasNoComma: Bool
    /// `NTRF`, `S051`: how it was ordered and the bank's kind of transaction.
    let type: String
    /// The account owner's reference; nil for NONREF and the like.
    let reference: String?
    /// The other side's account and name, which Dutch banks put where the reference is.
    let otherAccount: String?
    let otherName: String?
    /// The bank's own reference, behind `//`.
    let bankReference: String?
    /// The supplementary line of 34 characters.
    let supplementary: String?
    /// The line ends before its mandatory reference.
    let isShort: Bool

    /// Why a line is no entry, in words.
    struct Complaint: Error {
        let words: String
    }

    init(_ lines: [String], line: Int) throws(Complaint) {
        self.line = line
        var rest = Substring(lines.first ?? "")
        guard let value = MT940Date.full(rest.prefix(6)) else {
            throw Complaint(words: "its value date \"\(rest.prefix(6))\" is no day")
        }
        valuedOn = value
        rest = rest.dropFirst(6)
        bookedOn = try Self.entryDay(&rest, near: value.day)
        isExpected = rest.first.map { "Ee".contains($0) } ?? false
        mark = try Self.mark(&rest)
        let digits = Substring(rest.utf8.prefix { Self.isDigit($0) || $0 == 0x2C || $0 == 0x2E })
        hasNoComma = !digits.isEmpty && digits.utf8.allSatisfy(Self.isDigit)
        guard let amount = hasNoComma ? ScaledDecimal(digits) : MT940Amount.read(digits) else {
            throw Complaint(words: "its amount \"\(rest.prefix(15))\" is no number")
        }
        self.amount = amount
        rest = rest.dropFirst(digits.count)
        type = rest.prefix(4).trimmed
        rest = rest.dropFirst(4)
        let parts = Self.cut(rest)
        isShort = parts.owner.trimmed.isEmpty && parts.bank.isEmpty
        let owner = parts.owner.trimmed
        let field = parts.owner.prefix(16).trimmed
        let more = lines.dropFirst().map { $0.trimmed }.filter { !$0.isEmpty }.joined(separator: " ")
        if Self.isIBAN(owner) {
            // ASN and SNS: the account instead of the reference, the name in the next line.
            (reference, otherAccount, otherName) = (nil, owner, more.nonEmpty)
        } else if parts.owner.count > 16, let name = parts.owner.dropFirst(16).trimmed.nonEmpty {
            // Rabobank before 2013: sixteen characters of account, then the name.
            let isAccount = Self.isAccount(field)
            (reference, otherAccount, otherName) = (isAccount ? nil : Self.real(field), isAccount ? field : nil, name)
        } else if type.hasPrefix("N"), Self.ownerTypes.contains(type.dropFirst()), Self.isAccount(field) {
            (reference, otherAccount, otherName) = (nil, field, more.nonEmpty)
        } else {
            (reference, otherAccount, otherName) = (Self.real(field), Self.isAccount(more) ? more : nil, nil)
        }
        bankReference = CamtReference.real(parts.bank.isEmpty ? nil : parts.bank)
        supplementary = more.nonEmpty
    }

    /// Types of ASN Bank and SNS Bank, whose reference is the other side's account.
    private static let ownerTypes: Set<Substring> = ["IOB", "OVB", "INC", "ACC", "BEA", "DIV", "EFF", "STO", "VST"]

    private static func real(_ text: String) -> String? {
        text.isEmpty || text == "EREF" || text == "PREF" || text == "MARF" || text == "KREF+"
            ? nil : CamtReference.real(text)
    }

    /// The shape of an IBAN, whether its check digits are right or not.
    private static func isIBAN(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return (15...34).contains(bytes.count) && bytes[0...1].allSatisfy { (0x41...0x5A).contains($0) }
            && bytes[2...3].allSatisfy { (0x30...0x39).contains($0) }
            && bytes[4...].allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
            && bytes.count { (0x30...0x39).contains($0) } >= 8
    }

    /// An IBAN, or a number of a Dutch account: seven digits or more, perhaps with the P of the former Postbank.
    private static func isAccount(_ text: String) -> Bool {
        if isIBAN(text) { return true }
        let digits = text.hasPrefix("P") ? text.dropFirst() : Substring(text)
        return (7...10).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Four digits; four blanks where a bank has none.
    private static func entryDay(
        _ rest: inout Substring, near value: Day
    ) throws(Complaint) -> MT940Date.Found? {
        if rest.hasPrefix("    ") {
            rest = rest.dropFirst(4)
            return nil
        }
        guard let first = rest.utf8.first, isDigit(first) else { return nil }
        let digits = rest.prefix(4)
        guard let day = MT940Date.short(digits, near: value) else {
            throw Complaint(words: "its entry date \"\(digits)\" is no day")
        }
        rest = rest.dropFirst(4)
        return day
    }

    private static let marks: [(String, Mark)] = [
        ("RC", .reversedCredit), ("RD", .reversedDebit), ("EC", .credit), ("ED", .debit), ("C", .credit), ("D", .debit),
    ]

    /// `C`, `D`, `RC`, `RD` (`EC` and `ED` of expected entries), then perhaps the third letter of the currency. A bank
    /// that writes them small means the same.
    private static func mark(_ rest: inout Substring) throws(Complaint) -> Mark {
        let capital = rest.prefix(2).uppercased()
        guard let (text, mark) = Self.marks.first(where: { capital.hasPrefix($0.0) }) else {
            throw Complaint(words: "it says \"\(rest.prefix(2))\" where C, D, RC or RD is expected")
        }
        rest = rest.dropFirst(text.count)
        if let letter = rest.first, letter.isASCII, letter.isLetter { rest = rest.dropFirst() }
        rest = rest.drop { $0 == " " }
        return mark
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func cut(_ rest: Substring) -> (owner: Substring, bank: String) {
        let bytes = rest.utf8
        var slash = bytes.firstIndex(of: 0x2F)
        while let at = slash {
            let next = bytes.index(after: at)
            guard next < bytes.endIndex else { break }
            if bytes[next] == 0x2F { return (rest[..<at], rest[bytes.index(after: next)...].trimmed) }
            slash = bytes[next...].firstIndex(of: 0x2F)
        }
        return (rest, "")
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String { self[...].trimmed }
}

extension Substring {
    /// Without blanks at both ends.
    var trimmed: String {
        var bytes = utf8[...]
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
        return String(Substring(bytes))
    }
}
