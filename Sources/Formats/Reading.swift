// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Mappings

/// Takes one document at a time, in the order of the file.
///
/// A refusal may be found after documents were emitted (an unterminated quote, a file cut short): the caller
/// stages what it gets and discards it when `Reading.refused`.
package typealias Emit = (Document) throws -> Void

/// What reading one file came to, beside the documents that were emitted.
package struct Reading: Sendable {
    /// The format's name in the catalogue: `csv`, `ubl`, `camt.053`.
    package var format: String
    /// The mapping's name, for mapped formats.
    package var mapping: String?
    /// SHA-256 of the mapping's text.
    package var mappingDigest: String?
    /// In the order of the file. Row faults beyond `faultsMax` are counted in one last fault.
    package var faults: [Fault] = []
    /// The mapping says that what is absent from this file is settled.
    package var snapshot = false
    /// Records seen, good and bad; header, preamble, skipped and total rows are not records.
    package var records = 0
    /// The sums of a total row that were checked and agree, for the control total: target name and amount text.
    package var totals: [Total] = []

    /// The rows that were left out, as a text to be corrected and imported again; nil for none, and for trees.
    package var rejects: TableRejects?

    package static let faultsMax = 1000

    package struct Total: Hashable, Sendable {
        package var target: String
        package var currency: Currency?
        package var amount: ScaledDecimal

        package init(target: String, currency: Currency?, amount: ScaledDecimal) {
            self.target = target
            self.currency = currency
            self.amount = amount
        }
    }

    package init(format: String) { self.format = format }

    /// Nothing of this file may land.
    package var refused: Bool { faults.contains { $0.severity == .refusal } }
}

/// What the reader of a file is told from outside.
package struct ReadingContext: Sendable {
    /// For files that state no currency: the company's home currency.
    package var defaultCurrency: Currency?
    /// "Today", for what a file leaves to it (a balance without a day, a promise without a day it was made on).
    package var asOf: Day
    /// `--as`: invoices, payments, customers, promises, balances; narrows detection to mappings that emit it.
    package var kindHint: String?
    /// The mapping that must be used; detection is off.
    package var mapping: Mapping?
    /// The mappings detection chooses from, in the order of their names; where there are none, those of `library`.
    package var mappings: [Mapping] = []
    /// The mappings on disk, looked at with the first file that needs one: statements and invoices need none.
    package var library: (@Sendable () throws -> [Mapping])?
    /// Values for `$(config.…)` of a mapping, by name.
    package var config: [String: String] = [:]
    /// Milliseconds east of UTC of a named time zone at an instant; nil where time zones are not known.
    package var zoneOffset: (@Sendable (_ zone: String, _ milliseconds: Int64) -> Int64?)?

    package init(asOf: Day) { self.asOf = asOf }

    /// - Throws: `ReadFailure` when they cannot be read.
    package func choices() throws -> [Mapping] { try mappings.isEmpty ? library?() ?? [] : mappings }

    /// The mapping that a reading says it used; nil where it used none.
    /// - Throws: `ReadFailure` when the mappings cannot be read.
    package func mapping(named name: String?) throws -> Mapping? {
        guard let name else { return nil }
        return try mapping ?? choices().first { $0.name == name }
    }
}

/// The world said no: a file that cannot be read. Bad data is a `Fault`, never this.
package struct ReadFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package var code: String
    package var message: String
    /// What to do next; empty where the message says it all.
    package var hint: String

    package init(_ code: String, _ message: String, hint: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String { hint.isEmpty ? "\(code): \(message)" : "\(message). \(hint) [\(code)]" }
}
