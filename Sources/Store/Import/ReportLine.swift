// SPDX-License-Identifier: Apache-2.0
import Documents

/// A bank's messages about one account, by what the later one may correct: a statement is the account's book.
enum ReportRank: Int {
    case report = 1
    case notification = 2
    case statement = 3

    init?(reader: String) {
        switch reader {
        case "camt.052": self = .report
        case "camt.053": self = .statement
        case "camt.054": self = .notification
        default: return nil
        }
    }

    /// The readers whose entries may be those of this one.
    var others: [String] { ["camt.052", "camt.053", "camt.054"].filter { ReportRank(reader: $0) != self } }
}

/// A payment as one message states it, with what tells whether another message states the same.
struct ReportLine {
    /// The staged row's number, or 0 for one that the books hold.
    let no: Int64
    let id: String
    let position: String
    let source: String
    let reader: String
    var account: String
    let currency: String
    let amount: Int64
    let status: String
    let bookedOn: Int64
    let valuedOn: Int64?
    let sourceID: String?
    let entryReference: String?
    let entryAmount: Int64?
    let endToEndID: String?
    let structured: String?
    /// Of a payment in the books: some of it is applied or used otherwise.
    let isUsed: Bool

    static let columns = """
        position, account, currency, amount, status, booked_on, valued_on, source_id, entry_reference, entry_amount,
            end_to_end_id, structured_reference
        """

    init(staged row: Row, source: String, reader: String) {
        self.init(row, source: source, reader: reader, isUsed: false)
    }

    init(known row: Row) {
        self.init(row, source: row.text("source"), reader: row.text("reader"), isUsed: row.bool("used"))
    }

    private init(_ row: Row, source: String, reader: String, isUsed: Bool) {
        no = row.int("no")
        id = row.text("id")
        position = row.optionalText("position") ?? "file"
        self.source = source
        self.reader = reader
        account = row.optionalText("account") ?? ""
        currency = row.text("currency")
        amount = row.int("amount")
        status = row.text("status")
        bookedOn = row.int("booked_on")
        valuedOn = row.optionalInt("valued_on")
        sourceID = row.optionalText("source_id")
        entryReference = row.optionalText("entry_reference")
        entryAmount = row.optionalInt("entry_amount")
        endToEndID = row.optionalText("end_to_end_id")
        structured = row.optionalText("structured_reference")
        self.isUsed = isUsed
    }

    var isBooked: Bool { status == Payment.Status.booked.rawValue }
    var book: String { "\(account)|\(currency)" }

    /// Both are whole entries, or parts of entries of one amount.
    func isLike(_ other: ReportLine) -> Bool { entryAmount == other.entryAmount }

    func contradicts(_ other: ReportLine) -> Bool {
        func differ(_ left: String?, _ right: String?) -> Bool { left != nil && right != nil && left != right }
        return differ(entryReference, other.entryReference) || differ(endToEndID, other.endToEndID)
            || differ(structured, other.structured)
    }

    func isOnDay(of other: ReportLine) -> Bool {
        bookedOn == other.bookedOn || valuedOn != nil && valuedOn == other.valuedOn
    }

    /// How two messages can be seen to state the same, the surest first. Within a kind of evidence lines pair up
    /// one to one, in order.
    enum Evidence: String, CaseIterable {
        case identifier = "REPORT-ID"
        case referenceAndName = "REPORT-REFERENCE-NAME"
        case reference = "REPORT-REFERENCE"
        case endToEnd = "REPORT-END-TO-END"
        case structured = "REPORT-STRUCTURED"
        case day = "REPORT-DAY"

        /// Lines with the same key may be the same; nil: this evidence says nothing of the line.
        func key(_ line: ReportLine) -> String? {
            let sum = "\(line.book)|\(line.amount)"
            switch self {
            case .identifier: return line.sourceID.map { "\(line.book)|\($0)" }
            case .referenceAndName:
                guard let reference = line.entryReference, let name = line.endToEndID ?? line.structured else {
                    return nil
                }
                return "\(sum)|\(reference)|\(name)"
            case .reference: return line.entryReference.map { "\(sum)|\($0)" }
            case .endToEnd: return line.endToEndID.map { "\(sum)|\($0)" }
            case .structured: return line.structured.map { "\(sum)|\($0)" }
            case .day: return sum
            }
        }

        func holds(_ left: ReportLine, _ right: ReportLine) -> Bool {
            switch self {
            // The parts of a batch are numbered where they have no references, and messages may order them differently.
            case .identifier:
                return left.entryAmount == nil && right.entryAmount == nil
                    || left.isLike(right) && left.amount == right.amount && !left.contradicts(right)
            case .referenceAndName, .reference:
                return left.isLike(right) && abs(left.bookedOn - right.bookedOn) <= 10
            case .endToEnd:
                return left.isLike(right)
                    && (left.contradicts(right) ? left.isOnDay(of: right) : abs(left.bookedOn - right.bookedOn) <= 5)
            case .structured, .day:
                return left.isLike(right) && left.isOnDay(of: right) && !left.contradicts(right)
            }
        }
    }

    /// Where the parts of one entry meet its total.
    var batchKey: String? { entryAmount.map { "\(book)|\($0)" } }
    var totalKey: String? { entryAmount == nil ? "\(book)|\(amount)" : nil }

    /// One is the total of an entry, and the other a part of it.
    /// - Parameter acrossForms: Two forms of a statement may name an entry differently; its day and amount are the same.
    func isBatch(of part: ReportLine, acrossForms: Bool) -> Bool {
        if let own = entryReference, let other = part.entryReference, own == other || !acrossForms {
            return own == other && abs(bookedOn - part.bookedOn) <= 10
        }
        return isOnDay(of: part)
    }
}
