// SPDX-License-Identifier: Apache-2.0
import Documents

/// What field `:86:` says of an entry, whatever its dialect.
struct MT940Details {
    var remittance: String?
    var name: String?
    /// The other side's account.
    var account: String?
    var structured: String?
    var endToEndID: String?
    var returnReason: String?
    var isReturn = false
    /// The bank's business transaction code (GVC), where the field begins with one.
    var code: String?
    /// The amount before charges or exchange (`OAMT+`).
    var original: ScaledDecimal?

    /// Characters of remittance text that are kept; six lines of 65 are the standard.
    static let textMax = 4000

    /// - Parameters:
    ///   - details: The lines of `:86:`; an empty one stands between two fields.
    ///   - notes: The lines of `:NS:`, which some German and Hungarian banks write instead.
    init(_ entry: MT940Entry, details: [String], notes: [String], isDebit: Bool) {
        if let fields = GermanFields(details) {
            fields.fill(&self)
        } else {
            if let fields = SlashFields(Self.joined(details, isCut: true)) {
                fields.fill(&self, isDebit: isDebit)
            } else {
                let text = Self.joined(details, isCut: false)
                if let fields = LabelFields(text) { fields.fill(&self) } else { remittance = text.nonEmpty }
            }
        }
        if !notes.isEmpty { read(notes: notes) }
        if details.isEmpty && notes.isEmpty { readEntryAlone(entry) }
        readOther(entry)
        if structured == nil { structured = remittance.flatMap { Self.reference(in: $0) } }
        if entry.mark.isReversal || entry.type.hasSuffix("RTI") { isReturn = true }
        if isReturn, returnReason == nil { returnReason = remittance.flatMap(ReturnReason.find) }
    }

    /// Puts what was found into a payment.
    func fill(_ payment: inout Payment, _ entry: MT940Entry) {
        payment.payerName = name.map { String($0.prefix(200)) }
        payment.payerAccount = account.map { IBAN($0)?.text ?? $0 }
        payment.remittance = remittance.map { String($0.prefix(Self.textMax)) }
        payment.structuredReference = structured
        payment.endToEndID = endToEndID ?? (code == nil ? entry.reference.flatMap(Self.telling) : nil)
        payment.bankCode = code.map { "\(entry.type)+\($0)" } ?? entry.type
        payment.entryReference = entry.bankReference.flatMap(Self.telling)
        if let original = original?.money(payment.amount.currency), original != payment.amount.magnitude {
            payment.originalAmount = payment.amount.isNegative ? -original : original
        }
        if payment.originalAmount == nil, let before = MT940Before.read("OCMT", in: entry.supplementary),
            before != payment.amount.magnitude
        {
            payment.originalAmount = payment.amount.isNegative ? -before : before
        }
        if let charges = MT940Before.read("CHGS", in: entry.supplementary), charges.currency == payment.amount.currency
        {
            payment.fee = charges
        }
        guard isReturn else { return }
        payment.returnReason = returnReason
        payment.reverses = endToEndID ?? returnReason ?? entry.reference ?? entry.bankReference ?? entry.type
    }

    // MARK: What all dialects share

    /// Lines as one text: where the bank cuts at 65 characters, a full line goes on in the next.
    static func joined(_ lines: [String], isCut: Bool) -> String {
        var text = ""
        var wasFull = true
        for line in lines {
            if !wasFull { text.append(" ") }
            text += line
            wasFull = isCut && line.unicodeScalars.count >= 63
        }
        return collapsed(text)
    }

    /// Runs of blanks as one, none at the ends.
    static func collapsed(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var isBlank = false
        for byte in text.utf8 {
            if byte == 0x20 || byte == 0x09 {
                isBlank = !bytes.isEmpty
                continue
            }
            if isBlank { bytes.append(0x20) }
            isBlank = false
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A reference that tells one movement from others: some digits, no words.
    static func telling(_ text: String) -> String? {
        digits(text) >= 4 && text.utf8.count >= 6 && !text.contains(" ") ? text : nil
    }

    private static func digits(_ text: String) -> Int { text.utf8.count { $0 >= 0x30 && $0 <= 0x39 } }

    /// The one structured reference in a text: a Belgian communication between its marks, or an `RF` reference alone.
    static func reference(in text: String) -> String? {
        if let whole = CreditorReference(text) { return whole.text }
        guard text.utf8.contains(where: { $0 == 0x2B || $0 == 0x2A }) else { return nil }
        for mark in ["+++", "***"] {
            guard let start = text.firstRange(of: mark) else { continue }
            let inner = text[start.upperBound...].prefix(14)
            if let found = BelgianReference(inner.replacing(" ", with: "")) { return found.text }
        }
        return nil
    }

    /// Without `:86:` the entry's own line has all the text there is.
    private mutating func readEntryAlone(_ entry: MT940Entry) {
        let parts = [entry.reference, entry.bankReference, entry.otherName == nil ? entry.supplementary : nil]
        let text = Self.collapsed(parts.compactMap { $0 }.joined(separator: " "))
        remittance = text.isEmpty ? nil : text
    }

    /// The other side as the entry's own line has it; the text often repeats it at its beginning.
    private mutating func readOther(_ entry: MT940Entry) {
        account = account ?? entry.otherAccount
        name = name ?? entry.otherName
        guard let account = entry.otherAccount, let text = remittance, text.hasPrefix(account) else { return }
        var rest = text.dropFirst(account.count).drop { $0 == " " }
        if let name = entry.otherName, rest.hasPrefix(name) { rest = rest.dropFirst(name.count).drop { $0 == " " } }
        remittance = rest.isEmpty ? nil : String(rest)
    }

    /// Two digits and a text a line: 01 to 14 the purpose, 15 and 16 the name, 33 and 34 bank and account.
    private mutating func read(notes: [String]) {
        var purpose: [String] = []
        var names: [String] = []
        for line in notes {
            guard let code = Int(line.prefix(2)) else { continue }
            let text = line.dropFirst(2).trimmed
            guard !text.isEmpty else { continue }
            switch code {
            case 1...14: purpose.append(text)
            case 15, 16: names.append(text)
            case 34: account = account ?? text
            default: break
            }
        }
        if remittance == nil, !purpose.isEmpty { remittance = Self.collapsed(purpose.joined(separator: " ")) }
        if name == nil, !names.isEmpty { name = names.joined(separator: " ") }
    }
}

/// Return reasons of ISO 20022 (external code set) that banks write into text.
enum ReturnReason {
    private static let codes: Set<String> = [
        "AC01", "AC02", "AC03", "AC04", "AC06", "AC13", "AG01", "AG02", "AM03", "AM04", "AM05", "BE01", "BE04", "BE05",
        "CNOR", "CURR", "CUST", "DNOR", "ED05", "FF01", "FF05", "FOCR", "MD01", "MD02", "MD06", "MD07", "MS02", "MS03",
        "RC01", "RR01", "RR02", "RR03", "RR04", "SL01", "SVNR", "TECH", "TM01",
    ]

    static func find(_ text: String) -> String? {
        text.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map(String.init).first { codes.contains($0) }
    }
}
