// SPDX-License-Identifier: Apache-2.0

import Documents

/// One place in a payment that names an item.
struct Mention {
    /// How, strongest first.
    enum How: Int, Comparable {
        case referenceField, referenceText, number, wrapped
        /// Written otherwise than it was issued: see `Spelling`.
        case spelled
        case range, abbreviated, order
        static func < (left: How, right: How) -> Bool { left.rawValue < right.rawValue }
        var isReference: Bool { self == .referenceField || self == .referenceText }
    }

    var item: Int32
    var how: How
    /// Folded bytes of the text; empty for the reference field.
    var from: Int32
    var to: Int32
    /// Mentions of one place share it: they are readings of the same characters.
    var place: Int32
    /// The characters are digits only: how many.
    var digits: Int32
    /// How many of the digits tell anything: everybody's files are numbered by the year.
    var telling: Int32 { digits - yearDigits }
    var yearDigits: Int32 = 0
    /// A date, or the tail of a longer number: counts only where nothing else is named.
    var isDoubtful: Bool
    /// Stands in a field of its own, and not in the text.
    var isOfField: Bool { place < 0 }
    /// Names its item for certain.
    var isClaim: Bool { how != .order && !isDoubtful }
}

/// A customer whose number stands in a text.
struct NamedCustomer {
    var customer: Int32
    var isLabelled: Bool
    var from: Int32
    var to: Int32
}

/// A word of digits that may be the running part of a number, or a mistyped one.
struct Token {
    var from: Int32
    var to: Int32
    var bytes: [UInt8]
    var isDigits: Bool
    /// What the word before it says that it is.
    var label = Label.none

    enum Label {
        case none
        /// An invoice's: `Rechnung 43`.
        case invoice
        /// Something else's: a street's, a flat's, a contract's.
        case other
    }
}

/// Everything a payment's own words say, before any balance is looked at.
final class Reading {
    let folded: FoldedText
    private let source: Source
    var mentions: [Mention] = []
    /// Customers named by their number, and whether a word like `KdNr` says that it is one.
    var customers: [NamedCustomer] = []
    /// References of customers, which name no item.
    var references: [BorneReference] = []
    var namesNothing: Bool { mentions.isEmpty && references.isEmpty }
    /// Items that the text names and whose place another one took: that one is among the mentions.
    var replaced: [(old: Int32, new: Int32)] = []
    /// Where order numbers stand; their items are among the mentions.
    var orderSpans: [(from: Int32, to: Int32)] = []
    /// Runs that begin an order's number.
    var orderRuns: [Int] = []
    /// Runs that a number, a reference or a labelled customer number explains.
    var used: [Bool]
    /// How many digit strings were tried as numbers: each could hit by accident.
    var tries = 0
    /// Customers of whom a neighbourhood may lack items that the text names in short.
    private(set) var asked: [Int32] = []
    private let reader: Reader
    private var cut: Remittance?
    /// Which runs are used is known, and so is what orders explain.
    private let isWhole: Bool

    /// What reading needs of a payment beside its text.
    private struct Source {
        var amount: Int64
        var currency: Currency
        var bookedOn: Day
    }

    /// The text in its runs; of one that was read before, cut again where somebody asks.
    var text: Remittance {
        if let cut { return cut }
        let text = Remittance(folded, amount: source.amount, currency: source.currency, bookedOn: source.bookedOn)
        cut = text
        return text
    }

    /// What no number explains; looked at only where the numbers alone do not settle the matter.
    private var rest: Reader.Rest {
        if let left { return left }
        let rest = reader.rest(of: isWhole ? self : reader.read(again: self))
        left = rest
        return rest
    }
    private var left: Reader.Rest?

    func asks(allOf customer: Int32) { asked.append(customer) }

    /// Unexplained digits, for shortened numbers within the payer's own items.
    var cores: [Token] { rest.cores }
    /// Unexplained text in the shape of an invoice number: a typing mistake, or somebody else's document.
    var unknown: [Token] { rest.unknown }
    /// Unexplained digits of any length behind a word for an invoice: `Rechnung 43`.
    var announced: [Token] { rest.announced }
    /// Months that the text names.
    var months: [NamedMonth] { rest.months }
    /// Other times that it names.
    var periods: [NamedPeriod] { rest.periods }

    init(_ payment: MatchPayment, reader: Reader) {
        let named = reader.readField(payment.structuredReference)
        (mentions, references) = (named.mentions, named.references)
        folded = FoldedText(
            payment.remittance ?? "", field: named.isNothing ? payment.structuredReference : nil)
        source = Source(amount: payment.amount, currency: payment.currency, bookedOn: payment.bookedOn)
        self.reader = reader
        isWhole = true
        let text = Remittance(folded, amount: source.amount, currency: source.currency, bookedOn: source.bookedOn)
        cut = text
        used = Array(repeating: false, count: text.runs.count)
    }

    /// The same text, to be read again but for the reference field.
    init(again other: Reading) {
        let text = other.text
        (folded, source, reader, cut) = (other.folded, other.source, other.reader, text)
        isWhole = true
        used = Array(repeating: false, count: text.runs.count)
    }

    /// What was found before in the text of a payment, as far as a `ReadingShelf` keeps it.
    init(
        known payment: MatchPayment, _ mentions: ArraySlice<Mention>, _ customers: ArraySlice<NamedCustomer>,
        tries: Int, reader: Reader
    ) {
        let isIssued = mentions.contains { $0.how == .referenceField }
        folded = FoldedText(payment.remittance ?? "", field: isIssued ? nil : payment.structuredReference)
        source = Source(amount: payment.amount, currency: payment.currency, bookedOn: payment.bookedOn)
        self.reader = reader
        self.mentions = Array(mentions)
        self.customers = Array(customers)
        self.tries = tries
        isWhole = false
        used = []
    }
}
