// SPDX-License-Identifier: Apache-2.0
package import Documents

/// A projection that any renderer can print: typed cells, named columns, rows in their final order.
package struct Table: Hashable, Sendable {
    package enum Kind: String, Sendable { case text, money, count, day, percent }

    package struct Column: Hashable, Sendable {
        /// The JSON and CSV key, lower case with underscores.
        package let key: String
        package let title: String
        package let kind: Kind

        package init(_ key: String, _ title: String, _ kind: Kind = .text) {
            self.key = key
            self.title = title
            self.kind = kind
        }
    }

    package enum Cell: Hashable, Sendable {
        case empty
        case text(String)
        case money(Money)
        case count(Int)
        case day(Day)
        /// Tenths of a percent or of a day: 423 prints as 42.3.
        case tenths(Int64)
        /// A name that scripts rely on, and the words people read in its place.
        case named(String, String)

        /// Plain text as CSV and JSON hold it: no grouping, ISO days.
        package var plain: String {
            switch self {
            case .empty: ""
            case .text(let text): text
            case .money(let money): money.amountText
            case .count(let count): String(count)
            case .day(let day): day.text
            case .tenths(let value): ScaledDecimal(coefficient: Int128(value), scale: 1).text
            case .named(let name, _): name
            }
        }
    }

    package struct Row: Hashable, Sendable {
        package var cells: [Cell]
        /// A sum of the rows above it.
        package var isTotal: Bool
        /// Says nothing to a person (a line of zero): CSV and JSON have it, what people read leaves it out.
        package var isSilent: Bool

        package init(_ cells: [Cell], isTotal: Bool = false, isSilent: Bool = false) {
            self.cells = cells
            self.isTotal = isTotal
            self.isSilent = isSilent
        }
    }

    package let name: String
    package let title: String
    package let columns: [Column]
    package var rows: [Row]
    /// How to read it, or the formula with its inputs.
    package var note: String?

    package init(_ name: String, _ title: String, columns: [Column], rows: [Row] = [], note: String? = nil) {
        self.name = name
        self.title = title
        self.columns = columns
        self.rows = rows
        self.note = note
    }

    package mutating func add(_ cells: [Cell], isTotal: Bool = false, isSilent: Bool = false) {
        rows.append(Row(cells, isTotal: isTotal, isSilent: isSilent))
    }

    /// The rows that people read.
    package var spokenRows: [Row] { rows.filter { !$0.isSilent } }
}

/// A report: tables in reading order and the checks that were made on them.
package struct Report: Hashable, Sendable {
    /// Something that must hold, and whether it does.
    package struct Check: Hashable, Sendable {
        package let name: String
        package let holds: Bool
        package let sentence: String

        package init(_ name: String, holds: Bool, _ sentence: String) {
            self.name = name
            self.holds = holds
            self.sentence = sentence
        }
    }

    package let name: String
    package let title: String
    package let company: String
    /// The business day the figures are as of.
    package let asOf: Day
    package var tables: [Table]
    package var checks: [Check]

    package init(
        name: String, title: String, company: String, asOf: Day, tables: [Table] = [], checks: [Check] = []
    ) {
        self.name = name
        self.title = title
        self.company = company
        self.asOf = asOf
        self.tables = tables
        self.checks = checks
    }
}
