// SPDX-License-Identifier: Apache-2.0

/// A mapping, compiled: how the records of one kind of file become documents.
///
/// Made by `Mapping.compile` only, so that every value of this type has been checked as a whole.
package struct Mapping: Sendable {
    package enum FileFormat: String, Sendable, CaseIterable { case csv, xlsx, xml, json }

    /// What a header must be for the mapping to fit.
    package enum Columns: Hashable, Sendable {
        /// Every column the rules name, and no other.
        case exact
        /// Every column the rules name.
        case superset
        /// These; other columns the rules name may be absent and are null then.
        case these([String])
    }

    package struct Source: Sendable {
        /// Glob on the file's name; breaks a tie between mappings whose columns fit equally.
        package var match: String?
        package var format: FileFormat = .csv
        /// Tried in order; a byte order mark wins. Empty: told from the bytes.
        package var encodings: [String] = []
        package var delimiter: UInt8?
        package var quote: UInt8?
        /// The header's line, from 1; 0: the file has none, columns are `$1`, `$2` …; nil: the first line that fits.
        package var headerRow: Int?
        package var columns: Columns = .superset
        /// Columns that may be absent, and are null then.
        package var optional: [String] = []
        /// The sheet of a workbook; nil: the one sheet in sight that fits.
        package var sheet: String?
        /// By prefix.
        package var namespaces: [String: String] = [:]
    }

    /// A value that the user sets, used as `$(config.name)`.
    package struct Setting: Hashable, Sendable {
        package var name: String
        /// One of `Grammar.configTypes`.
        package var type: String
        package var fallback: String?
    }

    package enum Sync: String, Sendable {
        case full, incremental
        case openSnapshot = "open_snapshot"
    }

    package struct Example: Sendable {
        package var input: String
        package var output: String
    }

    /// A total row: how it is told, and what it must agree with.
    struct Totals: Sendable {
        var when: Condition
        var checks: [(target: Target, rule: Rule)]
    }

    /// Unique; state, log and provenance use it.
    package let name: String
    /// SHA-256 of the mapping's text; the loader sets it.
    package var digest: String?
    /// The mapping as it was written, kept by digest so that `explain` survives edits; the loader sets it.
    package var text: String?
    package let source: Source
    package let sync: Sync
    package let examples: [Example]
    /// Names that `$(config.…)` may use, with their defaults.
    package let config: [Setting]

    let amount: AmountConvention?
    let date: DateConvention?
    let zone: String?
    let nulls: [[UInt8]]
    let records: Path?
    let paths: [Path]
    /// Paths that amounts are read from and no convention is declared for.
    let unsettledAmounts: [Int]
    let unsettledDates: [Int]
    let patterns: [String]
    let skip: Condition?
    let totals: Totals?
    let emissions: [Emission]

    /// The format is a table: its records are rows, its paths are headers.
    package var readsTables: Bool { source.format == .csv || source.format == .xlsx }
    /// The path to the records of a tree, as the mapping writes it.
    package var recordsText: String { records?.text ?? "." }

    package var entities: [Entity] { emissions.map(\.entity) }

    package func names(_ target: Target, of entity: Entity) -> Bool {
        emissions.contains { $0.entity == entity && $0.fields.contains { $0.target == target } }
    }

    /// What is absent from the file is settled.
    package var isSnapshot: Bool { sync == .openSnapshot }

    /// Header texts the rules name, in the order of the mapping; `$3` is not among them.
    package var columnsNamed: [String] {
        paths.compactMap { path in
            switch path.column {
            case .header(let name), .nth(_, let name): name
            case .index: nil
            }
        }
    }

    /// How often columns must be there that the rules tell apart by number: `$2:Amount`.
    package var columnsRepeated: [(name: String, count: Int)] {
        paths.compactMap { path in
            guard case .nth(let place, let name) = path.column, !source.optional.contains(name) else { return nil }
            return (name, place)
        }
    }

    /// Header texts that must be there for the mapping to fit.
    package var columnsRequired: [String] {
        if case .these(let names) = source.columns { return names }
        return columnsNamed.filter { !source.optional.contains($0) }
    }

    /// The fewest columns a row must have for `$n` to mean something.
    package var columnsLeast: Int {
        paths.map { if case .index(let index) = $0.column { index + 1 } else { 1 } }.max() ?? 1
    }
}
