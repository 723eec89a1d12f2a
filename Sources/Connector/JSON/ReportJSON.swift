// SPDX-License-Identifier: Apache-2.0
import Documents
package import Reports
package import Trees

/// Reports as one JSON value: each table under its name, each row an object with the column keys.
package enum ReportJSON {
    package static func make(_ report: Report) -> Node {
        var pairs: [(String, Node)] = [
            ("report", .text(report.name)), ("company", .text(report.company)), ("as_of", .text(report.asOf.text)),
        ]
        for table in report.tables { pairs.append((table.name, rows(table))) }
        pairs.append(
            (
                "checks",
                .list(
                    report.checks.map {
                        .object([
                            ("name", .text($0.name)), ("holds", .bool($0.holds)), ("sentence", .text($0.sentence)),
                        ])
                    })
            ))
        return .object(pairs)
    }

    package static func rows(_ table: Table) -> Node {
        .list(
            table.rows.map { row in
                .object(
                    zip(table.columns, row.cells).map { ($0.key, cell($1)) }
                        + (row.isTotal ? [("total_row", .bool(true))] : []))
            })
    }

    private static func cell(_ cell: Table.Cell) -> Node {
        switch cell {
        case .empty: .null
        case .count(let count): .integer(count)
        case .text, .money, .day, .tenths, .named: .text(cell.plain)
        }
    }
}
