// SPDX-License-Identifier: Apache-2.0
import Documents

/// A booked entry of an account as one form of its statement states it (camt, MT940, a table), with what tells whether
/// another form states the same.
struct FormEntry {
    let line: ReportLine
    private let references: [String]
    private let endToEnd: String?
    private let structured: String?
    private let payerAccount: String?
    private let payerName: String?
    /// Where it stands in the books: its file's name, and what read it.
    let origin: String
    /// The file that is merged stated it already, or states it in a row that was told by its id.
    let isTaken: Bool

    init(staged row: Row, source: String, reader: String) {
        self.init(ReportLine(staged: row, source: source, reader: reader), row, origin: "", isTaken: false)
    }

    /// - Parameter account: as the file that is merged writes it.
    init(known row: Row, account: String, isTaken: Bool) {
        var line = ReportLine(known: row)
        line.account = account
        self.init(line, row, origin: "\(row.text("file")) (\(line.reader))", isTaken: isTaken)
    }

    private init(_ line: ReportLine, _ row: Row, origin: String, isTaken: Bool) {
        self.line = line
        self.origin = origin
        self.isTaken = isTaken
        references = Set([line.entryReference, line.sourceID].compactMap { Self.plain($0) }).sorted()
        let endToEnd = Self.plain(line.endToEndID)
        self.endToEnd = ["NOTPROVIDED", "NONREF"].contains(endToEnd) ? nil : endToEnd
        structured = Self.plain(line.structured)
        payerAccount = Self.plain(row.optionalText("payer_account"))
        payerName = Identity.normalizedName(row.optionalText("payer_name"))
    }

    private static func plain(_ text: String?) -> String? { Identity.normalizedTaxID(text) }

    var day: Day { Day(number: Int32(clamping: line.bookedOn)) }
    private var days: [Int64] { Set([line.bookedOn, line.valuedOn ?? line.bookedOn]).sorted() }

    /// Both name what only one entry has, and it is not the same. Names are cut and spelled otherwise by each form.
    private func contradicts(_ other: FormEntry) -> Bool {
        func differ(_ left: String?, _ right: String?) -> Bool {
            guard let left, let right else { return false }
            return !left.hasPrefix(right) && !right.hasPrefix(left) && !left.hasSuffix(right) && !right.hasSuffix(left)
        }
        return differ(endToEnd, other.endToEnd) || differ(structured, other.structured)
            || differ(payerAccount, other.payerAccount)
    }

    /// How two forms are seen to state the same entry, the surest first. Entries pair up one to one, in order.
    enum Evidence: String, CaseIterable {
        case reference = "FORM-REFERENCE"
        case endToEnd = "FORM-END-TO-END"
        case structured = "FORM-STRUCTURED"
        case account = "FORM-ACCOUNT"
        case name = "FORM-NAME"
        case day = "FORM-DAY"
        /// One form's booking day is the other's value day.
        case nearDay = "FORM-NEAR-DAY"

        /// More than amount and day agree.
        var isTelling: Bool { self != .day && self != .nearDay }

        /// Entries that share a key may be the same.
        func keys(_ entry: FormEntry) -> [String] {
            let amount = entry.line.amount
            func onDay(_ text: String?) -> [String] { text.map { ["\(amount)|\(entry.line.bookedOn)|\($0)"] } ?? [] }
            func onDays(_ texts: [String]) -> [String] {
                texts.flatMap { text in entry.days.map { "\(amount)|\($0)|\(text)" } }
            }
            return switch self {
            case .reference: onDays(entry.references)
            case .endToEnd: onDays([entry.endToEnd].compactMap { $0 })
            case .structured: onDay(entry.structured)
            // However much of it each form shows.
            case .account: onDay(entry.payerAccount.map { String($0.suffix(8)) })
            case .name: onDay(entry.payerName.map { String($0.prefix(12)) })
            case .day: onDay("")
            case .nearDay: onDays([""])
            }
        }

        func holds(_ left: FormEntry, _ right: FormEntry) -> Bool {
            self == .reference || !left.contradicts(right)
        }
    }
}

/// Days of an account that one form states.
struct FormFrame {
    let from: Day
    let to: Day
    /// Nil for the rows of a table, which prove no balance.
    let opening: Int64?
    let closing: Int64?
    let movement: Int64

    init(from: Day, to: Day) {
        (self.from, self.to, opening, closing, movement) = (from, to, nil, nil, 0)
    }

    /// Columns of a statement; nil where it names no day.
    init?(_ row: Row) {
        guard let from = row.optionalDay("from_day") ?? row.optionalDay("to_day") else { return nil }
        self.from = from
        to = row.optionalDay("to_day") ?? from
        opening = row.optionalInt("opening")
        closing = row.optionalInt("closing")
        movement = (row.optionalInt("booked_credits") ?? 0) &- (row.optionalInt("booked_debits") ?? 0)
    }

    /// Its entries are all of its days: they connect its balances.
    var isProven: Bool {
        guard let opening, let closing else { return false }
        return opening &+ movement == closing
    }

    /// A balance to begin with is often dated on the day before its first entry.
    func covers(_ day: Day) -> Bool {
        from < day && day <= to || day == from && (from == to || opening == nil)
    }
}
