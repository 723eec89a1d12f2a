// SPDX-License-Identifier: Apache-2.0
import Documents

/// One `STMTTRN`, as its elements say it.
struct OFXTransaction {
    let line: Int
    let isPending: Bool
    private var elements: [(name: String, text: String)] = []
    private var otherAccount: String?
    private var payee: String?
    /// The currency that the amount is in, where it is not the account's.
    private(set) var currency: String?

    init(line: Int, isPending: Bool) {
        self.line = line
        self.isPending = isPending
    }

    mutating func set(_ name: String, _ text: String, inside: String) {
        switch inside {
        case "BANKACCTTO", "CCACCTTO": if name == "ACCTID" { otherAccount = text }
        case "PAYEE": if name == "NAME" { payee = text }
        case "CURRENCY": if name == "CURSYM" { currency = text }
        case "ORIGCURRENCY": break
        default:
            if elements.count < OFXReader.elementsMax, self[name] == nil { elements.append((name, text)) }
        }
    }

    subscript(name: String) -> String? { elements.first { $0.name == name }?.text }

    /// Posted; where that is missing, when it was made or available (`DTTRAN` of one that is pending).
    var day: Day? {
        guard let posted = self["DTPOSTED"] else {
            return (self["DTUSER"] ?? self["DTAVAIL"] ?? self["DTTRAN"]).flatMap { OFXDay.read($0) }
        }
        return OFXDay.read(posted)
    }

    /// Every text it has calls it a balance: some banks list those among the transactions.
    var balanceWords: String? {
        let texts = ["NAME", "MEMO", "EXTDNAME"].compactMap { self[$0] } + [payee].compactMap { $0 }
        guard let first = texts.first, texts.allSatisfy(BalanceWords.are) else { return nil }
        return MT940Details.collapsed(first)
    }

    /// Its type says that money went out, and its amount that it came in.
    func contradicts(_ amount: Money) -> Bool { amount.isPositive && self["TRNTYPE"]?.uppercased() == "DEBIT" }

    func fill(_ payment: inout Payment) {
        let name = (self["NAME"] ?? payee).map(MT940Details.collapsed)
        let memo = (self["MEMO"] ?? self["EXTDNAME"]).map(MT940Details.collapsed)
        payment.payerName = name
        payment.payerAccount = otherAccount.map { IBAN($0)?.text ?? $0 }
        var words: [String] = []
        // The memo often repeats the name that it goes on.
        if let memo { words.append(memo) }
        if let name, memo?.contains(name) != true { words.insert(name, at: 0) }
        for key in ["REFNUM", "CHECKNUM"] {
            guard let number = CamtReference.real(self[key]), !words.contains(where: { $0.contains(number) }) else {
                continue
            }
            // A check number that is the transaction's own id tells nothing.
            if number != self["FITID"] { words.append(number) }
        }
        payment.remittance = String(words.joined(separator: " ").prefix(MT940Details.textMax)).nonEmpty
        payment.structuredReference = memo.flatMap { MT940Details.reference(in: $0) }
        payment.bankCode = self["TRNTYPE"]
        payment.valuedOn = self["DTAVAIL"].flatMap { OFXDay.read($0) }
        payment.entryReference = self["SRVRTID"].flatMap { MT940Details.telling($0) }
    }
}

/// `20130525225731.258[-5:EST]`: the civil day that the bank states, whatever its hour.
enum OFXDay {
    static func read(_ text: String) -> Day? {
        let digits = text.prefix(10).utf8.filter { $0 != 0x2D }
        guard digits.count >= 8, digits.prefix(8).allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let number = Int(String(decoding: digits.prefix(8), as: UTF8.self))
        else { return nil }
        return Day(year: number / 10000, month: number / 100 % 100, day: number % 100)
    }
}

/// Amounts with a point or a comma for decimals, as the standard allows, and with the thousands that banks add.
enum OFXAmount {
    static func read(_ text: String) -> ScaledDecimal? {
        let plain = text.filter { $0 != " " && $0 != "\u{A0}" && $0 != "'" }
        let commas = plain.count { $0 == "," }
        let points = plain.count { $0 == "." }
        guard plain.count <= 60 else { return nil }
        switch (commas, points) {
        case (0, 0...1): return ScaledDecimal(plain)
        case (1, 0): return ScaledDecimal(plain.replacing(",", with: "."))
        case (_, 0): return grouped(plain, by: ",", decimal: nil)
        case (0, _): return grouped(plain, by: ".", decimal: nil)
        default:
            let isPointLast =
                (plain.lastIndex(of: ".") ?? plain.startIndex) > (plain.lastIndex(of: ",") ?? plain.startIndex)
            return isPointLast ? grouped(plain, by: ",", decimal: ".") : grouped(plain, by: ".", decimal: ",")
        }
    }

    /// `1,234` can be a thousand and more, or a little over one; `0,125` cannot.
    static func isAmbiguous(_ text: String) -> Bool {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, !text.contains("."), parts[1].count == 3 else { return false }
        return (1...3).contains(parts[0].count { $0.isNumber }) && parts[0].first { $0.isNumber } != "0"
    }

    /// Groups of three digits before the decimals, or it is no amount.
    private static func grouped(_ text: String, by mark: Character, decimal: Character?) -> ScaledDecimal? {
        let parts = decimal.map { text.split(separator: $0, omittingEmptySubsequences: false) } ?? [Substring(text)]
        guard parts.count <= 2, let whole = parts.first else { return nil }
        let groups = whole.split(separator: mark, omittingEmptySubsequences: false)
        guard groups.dropFirst().allSatisfy({ $0.count == 3 }), let first = groups.first,
            (1...3).contains(first.count(where: { $0.isNumber }))
        else { return nil }
        return ScaledDecimal(groups.joined() + (parts.count == 2 ? "." + parts[1] : ""))
    }
}
