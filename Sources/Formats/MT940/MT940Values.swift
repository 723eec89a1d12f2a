// SPDX-License-Identifier: Apache-2.0
import Documents

/// Dates of six or four digits; a day that the month does not have is a bank's, and is the month's last.
enum MT940Date {
    struct Found {
        var day: Day
        /// The German banking calendar gives every month 30 days: 30 February is its last day.
        var isShortened: Bool
    }

    /// `YYMMDD`
    static func full(_ text: some StringProtocol) -> Found? {
        guard let digits = number(text, count: 6) else { return nil }
        return day(year: Century.year(digits / 10000), month: digits / 100 % 100, day: digits % 100)
    }

    /// `MMDD`, in the year that puts it nearest to the value date.
    static func short(_ text: some StringProtocol, near value: Day) -> Found? {
        guard let digits = number(text, count: 4) else { return nil }
        let years = [value.year, value.year - 1, value.year + 1]
        let found = years.compactMap { day(year: $0, month: digits / 100, day: digits % 100) }
        return found.min { abs($0.day - value) < abs($1.day - value) }
    }

    private static func day(year: Int, month: Int, day: Int) -> Found? {
        if let exact = Day(year: year, month: month, day: day) { return Found(day: exact, isShortened: false) }
        guard (1...12).contains(month), (28...31).contains(day) else { return nil }
        let last = Day(year: year, month: month, day: Day.length(ofMonth: month, year: year))
        return last.map { Found(day: $0, isShortened: true) }
    }

    private static func number(_ text: some StringProtocol, count: Int) -> Int? {
        guard text.utf8.count == count, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int(text)
    }
}

/// Amounts: digits with one comma, `1234,`, `00,12`; a few banks write a point.
enum MT940Amount {
    static func read(_ text: some StringProtocol) -> ScaledDecimal? {
        var plain: [UInt8] = []
        var hasMark = false
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39: plain.append(byte)
            case 0x2C, 0x2E:
                guard !hasMark, !plain.isEmpty else { return nil }
                hasMark = true
                plain.append(0x2E)
            default: return nil
            }
        }
        return hasMark ? ScaledDecimal(String(decoding: plain, as: UTF8.self)) : nil
    }
}

/// `:60F:C181126EUR13564,13`: mark, day, currency, amount.
struct MT940Balance {
    var isDebit: Bool
    var day: MT940Date.Found?
    /// Nil where the bank left it out.
    var currency: Currency?
    var amount: ScaledDecimal

    init?(_ text: String) {
        var rest = text.drop { $0 == " " }
        guard let mark = rest.first, mark == "C" || mark == "D" else { return nil }
        isDebit = mark == "D"
        rest = rest.dropFirst()
        day = MT940Date.full(rest.prefix(6))
        rest = rest.dropFirst(6)
        if let currency = Currency(rest.prefix(3)) {
            self.currency = currency
            rest = rest.dropFirst(3)
        }
        let number = String(rest.prefix { $0 != " " })
        guard let amount = MT940Amount.read(number) else { return nil }
        self.amount = amount
    }
}

/// `:25:`: an IBAN, bank code and number, or a number, sometimes with the currency behind it.
struct MT940Account {
    let id: String
    let currency: Currency?

    init?(_ text: String) {
        var id = text.split(separator: " ").joined(separator: " ")
        var stated: Currency?
        let tail = String(id.suffix(3))
        if id.count > 5, tail == tail.uppercased(), let currency = Currency(tail) {
            let rest = id.dropLast(3)
            if let last = rest.last, last.isNumber || last == " " || last == "/" {
                id = String(rest.last == "/" || rest.last == " " ? rest.dropLast() : rest)
                stated = currency
            }
        }
        id = String(id.drop { $0 == "/" })
        guard !id.isEmpty else { return nil }
        self.id = IBAN(id)?.text ?? Self.afterBank(id) ?? id
        currency = stated
    }

    /// `ABNANL2A/NL91ABNA0417164300`: an IBAN says its bank itself.
    private static func afterBank(_ text: String) -> String? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 8 || parts[0].count == 11 else { return nil }
        return IBAN(String(parts[1]))?.text
    }
}

/// What the supplementary line of an entry says of its amount: `/OCMT/EUR50,00/CHGS/EUR3,50/`, before charges and exchange.
enum MT940Before {
    static func read(_ key: String, in text: String?) -> Money? {
        guard let text, let at = text.firstRange(of: "/\(key)/") else { return nil }
        let value = text[at.upperBound...].prefix { $0 != "/" }
        guard let currency = Currency(value.prefix(3)) else { return nil }
        return MT940Amount.read(value.dropFirst(3).trimmed)?.money(currency)
    }
}
