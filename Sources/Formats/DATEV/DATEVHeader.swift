// SPDX-License-Identifier: Apache-2.0
import Documents

/// The first line of a DATEV export.
struct DATEVHeader {
    enum Category: String {
        case bookings = "21"
        case parties = "16"
    }

    /// The charts of accounts whose classes tell sales from money.
    enum Chart: String {
        case skr03 = "03"
        case skr04 = "04"
    }

    let category: Category
    let currency: Currency
    /// Digits of a ledger account; debtors and creditors have one more.
    let accountLength: Int
    let yearStart: Day?
    let from: Day?
    let to: Day?
    let chart: Chart?

    /// Of the fields of the first line; places are those of DATEV's description of the format.
    static func read(_ fields: [String]) -> Result<DATEVHeader, Fault.AsError> {
        func field(_ place: Int) -> String { place <= fields.count ? fields[place - 1].trimmedBlanks : "" }
        let named = field(4)
        guard let category = Category(rawValue: field(3)) else {
            return refuse(
                "DATEV-CATEGORY",
                "the export is \(named.isEmpty ? "of category \(field(3).prefix(10))" : "“\(named.prefix(60))”")"
                    + ", and batches of bookings (21) and debtors and creditors (16) are read",
                "Export the Buchungsstapel, or the open items as a table.")
        }
        var currency: Currency? = .eur
        if !field(22).isEmpty { currency = Currency(field(22)) }
        guard let currency else {
            return refuse(
                "DATEV-CURRENCY", "the header's currency is \(field(22).prefix(10)), which is none of ISO 4217",
                "Export the batch again.")
        }
        let length = Int(field(14)) ?? 4
        guard category == .parties || (4...8).contains(length) else {
            return refuse(
                "DATEV-ACCOUNT-LENGTH",
                "the header says that ledger accounts have \(field(14).prefix(10)) digits; 4 to 8 were expected",
                "Export the batch again.")
        }
        let from = DATEVDay.long(field(15))
        let to = DATEVDay.long(field(16))
        let start = DATEVDay.long(field(13))
        guard category == .parties || from != nil && to != nil || start != nil else {
            return refuse(
                "DATEV-PERIOD", "the header states no period, and the bookings' days have no year",
                "Export the batch again with its period.")
        }
        return .success(
            DATEVHeader(
                category: category, currency: currency, accountLength: length, yearStart: start, from: from, to: to,
                chart: Chart(rawValue: field(27))))
    }

    private static func refuse(
        _ code: String, _ message: String, _ hint: String
    ) -> Result<DATEVHeader, Fault.AsError> {
        .failure(Fault.AsError(Fault(code, .refusal, at: .line(1), message, hint: hint)))
    }

    // MARK: Accounts

    enum Side {
        case debtor, creditor, ledger
    }

    func side(_ account: String) -> Side? {
        guard !account.isEmpty, account.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let first = account.first else {
            return nil
        }
        guard account.utf8.count == accountLength + 1, first != "0" else {
            return account.utf8.count <= accountLength ? .ledger : nil
        }
        return first <= "6" ? .debtor : .creditor
    }

    /// The account's first four digits, which the charts are numbered by.
    func root(_ account: String) -> Int? {
        let padded = String(repeating: "0", count: max(0, accountLength - account.utf8.count)) + account
        return Int(padded.prefix(4))
    }

    // MARK: Days

    /// A booking's day, `2102` for the 21st of February, in the batch's period, else in its fiscal year.
    ///
    /// The format says that the year is that of field 13, where the fiscal year begins. Nil after the period's end: a batch
    /// books nothing that is yet to come, and in January a `3112` is last December's more likely than the next one's.
    func day(_ text: String) -> Day? {
        if text.utf8.count == 8 { return DATEVDay.short(text) }
        guard text.utf8.count == 3 || text.utf8.count == 4, let number = Int(text) else { return nil }
        let (day, month) = (number / 100, number % 100)
        let first = from ?? yearStart
        let last = to ?? first.map { $0 + 365 }
        guard let first, let last else { return nil }
        let years = (first.year - 1)...max(first.year, last.year + 1)
        let candidates = years.compactMap { Day(year: $0, month: month, day: day) }
        if let inside = candidates.first(where: { $0 >= first && $0 <= last }) { return inside }
        guard let yearStart else { return nil }
        return candidates.first { $0 >= yearStart && $0 < yearStart + 366 && $0 <= last }
    }
}

/// Days with a year, as DATEV writes them.
enum DATEVDay {
    /// `20180201`
    static func long(_ text: String) -> Day? {
        guard text.utf8.count == 8, let number = Int(text) else { return nil }
        return Day(year: number / 10000, month: number / 100 % 100, day: number % 100)
    }

    /// `01022018` or `010218`
    static func short(_ text: String) -> Day? {
        guard let number = Int(text), number > 0 else { return nil }
        switch text.utf8.count {
        case 8: return Day(year: number % 10000, month: number / 10000 % 100, day: number / 1_000_000)
        case 6: return Day(year: 2000 + number % 100, month: number / 100 % 100, day: number / 10000)
        default: return nil
        }
    }
}

extension String {
    /// Without blanks around it.
    var trimmedBlanks: String {
        let start = drop { $0 == " " }
        return String(start.dropLast(start.reversed().prefix { $0 == " " }.count))
    }
}
