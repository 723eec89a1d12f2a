// SPDX-License-Identifier: Apache-2.0
import Documents
import Reports
import Trees

/// What whoever closes a month reads of its matching: the figures of the pack, in a few lines.
struct MatchedMonth {
    private let money: [MonthsMoney]
    private let matching: Table
    private let unapplied: Table
    private let clearing: ClearingBooks

    init(_ books: BooksPosition, month: Month, clearing: ClearingBooks) {
        money = MonthsMoney.make(books, month: month)
        matching = MatchingReport.table(money, month: month)
        unapplied = UnappliedReport.byReason(books)
        self.clearing = clearing
    }

    var fields: [(String, Node)] {
        [
            ("matching", ReportJSON.rows(matching)), ("unapplied", ReportJSON.rows(unapplied)),
            ("provider_clearing", clearing.tables.first.map(ReportJSON.rows) ?? .list([])),
        ]
    }

    var lines: [String] {
        var lines: [String] = []
        for one in money {
            for direction in MonthsMoney.Direction.allCases where one.total(direction).payments > 0 {
                let total = one.total(direction)
                let parts = one.shares.filter { $0.direction == direction && $0.payments > 0 }.map {
                    "\($0.way.words(direction).lowercased()) \(amount($0.amount, one)) (\($0.payments))"
                }
                let verb = direction == .received ? "came in" : "went out"
                lines.append(
                    "\(one.currency): \(amount(total.amount, one)) \(verb) (\(total.payments)): "
                        + parts.joined(separator: ", ") + ".")
            }
        }
        for total in unapplied.rows where total.isTotal {
            let currency = total.cells[0].plain
            lines.append("\(currency): \(Self.figures(total)) in all are not applied:")
            for row in unapplied.rows where !row.isTotal && row.cells[0].plain == currency {
                let words = row.cells[1...3].map(Self.spoken).filter { !$0.isEmpty }
                lines.append("  \(Self.figures(row)) \(words.joined(separator: "; "))")
            }
        }
        for row in clearing.tables.first?.rows ?? [] {
            let closing = row.cells.last?.plain ?? ""
            lines.append("\(row.cells[1].plain): the clearing account of \(row.cells[0].plain) closes with \(closing).")
        }
        return lines
    }

    private func amount(_ amount: Int64, _ one: MonthsMoney) -> String {
        Money(minorUnits: amount, currency: one.currency).amountText
    }

    /// The amount of a row, and of how many payments.
    private static func figures(_ row: Table.Row) -> String { "\(row.cells[5].plain) (\(row.cells[4].plain))" }

    private static func spoken(_ cell: Table.Cell) -> String {
        if case .named(_, let words) = cell { words } else { cell.plain }
    }
}
