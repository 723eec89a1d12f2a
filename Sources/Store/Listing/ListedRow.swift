// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Ledger

/// One row of a listing: named fields in the order they are printed, typed so that a caller can write them out.
package struct ListedRow: Hashable, Sendable {
    package enum Field: Hashable, Sendable {
        case none
        case text(String)
        case money(Money)
        case day(Day)
        case time(Timestamp)
        case count(Int64)
        case flag(Bool)
        /// Of an adjustment that lowers what is taxed; nil where the document does not tell its taxes.
        case taxes([TaxShare]?)
    }

    package let fields: [(key: String, field: Field)]

    package static func == (left: ListedRow, right: ListedRow) -> Bool {
        left.fields.elementsEqual(right.fields) { $0.key == $1.key && $0.field == $1.field }
    }

    package func hash(into hasher: inout Hasher) {
        for (key, field) in fields {
            hasher.combine(key)
            hasher.combine(field)
        }
    }

    package subscript(key: String) -> Field { fields.first { $0.key == key }?.field ?? .none }
}

/// How a listing's columns become fields: `m:` minor units of the row's `currency`, `d:` days, `t:` times, `n:` counts,
/// `b:` flags; anything else is text.
struct Listing {
    let columns: [(kind: Character, key: String, sql: String)]

    init(_ columns: [(String, String)]) {
        self.columns = columns.map { key, sql in
            guard key.count > 2, key[key.index(after: key.startIndex)] == ":", let kind = key.first else {
                return ("s", key, sql)
            }
            return (kind, String(key.dropFirst(2)), sql)
        }
    }

    var select: String { columns.map(\.sql).joined(separator: ", ") }

    func row(_ row: Row, currency index: Int?) throws -> ListedRow {
        let code = index.map { row.optionalText($0) } ?? nil
        let currency = code.flatMap { Currency($0) }
        var fields: [(key: String, field: ListedRow.Field)] = []
        for (position, column) in columns.enumerated() {
            fields.append((column.key, row.isNull(position) ? .none : field(row, position, column.kind, currency)))
        }
        return ListedRow(fields: fields)
    }

    private func field(_ row: Row, _ position: Int, _ kind: Character, _ currency: Currency?) -> ListedRow.Field {
        switch kind {
        case "m": currency.map { .money(Money(minorUnits: row.int(position), currency: $0)) } ?? .none
        case "d": .day(row.day(position))
        case "t": .time(row.time(position))
        case "n": .count(row.int(position))
        case "b": .flag(row.bool(position))
        default: .text(row.text(position))
        }
    }
}
