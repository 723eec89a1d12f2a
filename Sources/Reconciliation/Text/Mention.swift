// SPDX-License-Identifier: Apache-2.0

/// One place in a payment that names an item.
struct Mention {
    /// How, strongest first.
    enum How: Int, Comparable {
        case referenceField, referenceText, number, wrapped, range, abbreviated, order
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
    /// A date, or the tail of a longer number: counts only where nothing else is named.
    var isDoubtful: Bool
    /// Names its item for certain.
    var isClaim: Bool { how != .order && !isDoubtful }
}

/// A word of digits that may be the running part of a number, or a mistyped one.
struct Token {
    var from: Int32
    var to: Int32
    var bytes: [UInt8]
    var isDigits: Bool
}

/// Everything a payment's own words say, before any balance is looked at.
final class Reading {
    let text: Remittance
    var mentions: [Mention] = []
    /// Customers named by their number, and whether a word like `KdNr` says that it is one.
    var customers: [(customer: Int32, isLabelled: Bool, from: Int32, to: Int32)] = []
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
    private let reader: Reader

    /// What no number explains; looked at only where the numbers alone do not settle the matter.
    private lazy var rest = reader.rest(of: self)
    /// Unexplained digits, for shortened numbers within the payer's own items.
    var cores: [Token] { rest.cores }
    /// Unexplained text in the shape of an invoice number: a typing mistake, or somebody else's document.
    var unknown: [Token] { rest.unknown }

    init(_ text: Remittance, reader: Reader) {
        self.text = text
        self.reader = reader
        used = Array(repeating: false, count: text.runs.count)
    }
}
