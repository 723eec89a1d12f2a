// SPDX-License-Identifier: Apache-2.0
import Documents

/// The structured field 86 of Dutch, Belgian and other banks: `/EREF/…/BENM//NAME/…/REMI/…`, with each bank's own
/// order and its own empty parts (Rabobank, ING, ABN AMRO, Knab, Triodos).
struct SlashFields {
    private var parts: [(code: String, text: String)] = []

    /// Nil when the text has none of the codes, or does not begin with one.
    init?(_ text: String) {
        let words = Self.words(text)
        // Text before the first slash is a booking text at most.
        guard words.count >= 3, words[0].count <= 40 else { return nil }
        var text: [String] = []
        var code: String?
        for word in words.dropFirst() {
            if (3...4).contains(word.utf8.count), Self.codes.contains(word) {
                if let code { parts.append((code, Self.text(text))) }
                code = word
                text = []
            } else {
                text.append(word)
            }
        }
        guard let code, parts.count + 1 >= 2 || words[0].isEmpty else { return nil }
        parts.append((code, Self.text(text)))
    }

    private static let codes: Set<String> = [
        "TRTP", "TRCD", "EREF", "PREF", "KREF", "RREF", "RTRN", "MARF", "CSID", "CNTP", "BENM", "ORDP", "ULTC", "ULTB",
        "ULTD", "ULDR", "NAME", "ADDR", "IBAN", "BIC", "REMI", "ISDT", "PURP", "SVCL", "OCMT", "EXCH", "CHGS", "BUSP",
        "ACCW", "RCMT", "IREF", "NRTX",
    ]

    /// What stands between slashes. By bytes: a statement has one of these for each of its entries.
    private static func words(_ text: String) -> [String] {
        text.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).map { String(Substring($0)) }
    }

    /// The words of one code; empty ones at both ends are its punctuation.
    private static func text(_ words: [String]) -> String {
        var words = words[...]
        while let first = words.first, first.trimmed.isEmpty { words.removeFirst() }
        while let last = words.last, last.trimmed.isEmpty { words.removeLast() }
        return MT940Details.collapsed(words.joined(separator: "/"))
    }

    private subscript(code: String) -> String? {
        parts.first { $0.code == code && !$0.text.isEmpty }?.text
    }

    func fill(_ details: inout MT940Details, isDebit: Bool) {
        details.endToEndID = CamtReference.real(self["EREF"])
        details.name = name(isDebit: isDebit)
        details.account = self["IBAN"] ?? self["ACCW"]
        if let other = self["CNTP"] {
            // ING: account, BIC, name, city.
            let words = Self.words(other).map(\.trimmed)
            details.account = details.account ?? words[0].nonEmpty
            details.name = details.name ?? (words.count > 2 ? words[2].nonEmpty : nil)
        }
        if let account = details.account { details.account = account.split(separator: "/").first.map { $0.trimmed } }
        remittance(self["REMI"], &details)
        if let reason = self["RTRN"] {
            details.isReturn = true
            details.returnReason = ReturnReason.find(reason) ?? reason
        }
        if details.remittance == nil { details.remittance = self["TRTP"] }
    }

    /// `ORDP` orders a credit, `BENM` benefits from a debit; the name is theirs, or stands by itself.
    private func name(isDebit: Bool) -> String? {
        let wanted = isDebit ? "BENM" : "ORDP"
        if let start = parts.firstIndex(where: { $0.code == wanted }) {
            if !parts[start].text.isEmpty, parts[start].code == wanted { return parts[start].text }
            if let own = parts[start...].dropFirst().first, own.code == "NAME" { return own.text.nonEmpty }
        }
        return self["NAME"]
    }

    /// `USTD//text`, `STRD/CUR/reference`, or the text itself.
    private func remittance(_ text: String?, _ details: inout MT940Details) {
        guard let text else { return }
        let words = Self.words(text).map(\.trimmed)
        switch words[0] {
        case "USTD": details.remittance = Self.text(Array(words.dropFirst())).nonEmpty
        case "STRD":
            details.structured = words.last.flatMap { $0 == "STRD" ? nil : $0.nonEmpty }
            details.remittance = details.structured
        default: details.remittance = text
        }
    }
}

/// Labels in running text: `IBAN: … BIC: … NAAM: … OMSCHRIJVING: … KENMERK: …` (ABN AMRO, Knab), `OD: … TYT.: …`
/// (mBank).
struct LabelFields {
    private var parts: [(label: Label, text: String)] = []
    private let loose: String

    private enum Label {
        case account, name, text, endToEnd, skip
    }

    private static let labels: [(String, Label)] = [
        ("IBAN:", .account), ("REK:", .account), ("Z RACH.:", .account), ("NAAM:", .name), ("OD:", .name),
        ("OMSCHRIJVING:", .text), ("TYT.:", .text), ("KENMERK:", .endToEnd), ("BIC:", .skip), ("TNR:", .skip),
        ("INCASSANT:", .skip), ("MACHTIGING:", .skip), ("DO:", .name),
        ("AUFTRAGGEBER:", .name), ("MITTEILUNGEN:", .text),
    ]

    /// Nil unless an account or a name is labelled.
    init?(_ text: String) {
        var found: [(range: Range<String.Index>, label: Label)] = []
        for (word, label) in Self.labels {
            for range in text.ranges(of: word) where Self.isStart(text, range.lowerBound) {
                found.append((range, label))
            }
        }
        guard found.contains(where: { $0.label == .account || $0.label == .name }) else { return nil }
        found.sort { $0.range.lowerBound < $1.range.lowerBound }
        loose = Self.clean(text[..<(found.first?.range.lowerBound ?? text.endIndex)])
        for (index, one) in found.enumerated() {
            let end = index + 1 < found.count ? found[index + 1].range.lowerBound : text.endIndex
            guard one.range.upperBound <= end else { continue }
            parts.append((one.label, Self.clean(text[one.range.upperBound..<end])))
        }
    }

    private static func isStart(_ text: String, _ at: String.Index) -> Bool {
        guard at > text.startIndex else { return true }
        let before = text[text.index(before: at)]
        return before == " " || before == "/" || before == ";"
    }

    /// Without the punctuation that ends a labelled part.
    private static func clean(_ text: Substring) -> String {
        let blanks: Set<Character> = [" ", "/", ";"]
        return String(text.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }.reversed())
    }

    func fill(_ details: inout MT940Details) {
        func first(_ label: Label) -> String? { parts.first { $0.label == label && !$0.text.isEmpty }?.text }
        details.account = first(.account).flatMap { text in
            let account = text.filter { $0 != " " }
            return account.allSatisfy { $0 == "0" } ? nil : account
        }
        details.name = first(.name)
        details.endToEndID = CamtReference.real(first(.endToEnd))
        let text = first(.text)
        details.remittance = text ?? loose.nonEmpty
    }
}
