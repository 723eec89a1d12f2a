// SPDX-License-Identifier: Apache-2.0
import Documents
package import Reports

/// Plain text for a terminal: columns aligned, figures to the right, sums under a rule.
package enum TextTable {
    package static func render(_ report: Report) -> String {
        var lines = ["\(report.title) · \(report.company) · as of \(report.asOf)", ""]
        for table in report.tables {
            lines += render(table)
            lines.append("")
        }
        for check in report.checks { lines.append("\(check.holds ? "✓" : "✗") \(check.name): \(check.sentence)") }
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n") + "\n"
    }

    package static func render(_ table: Table) -> [String] {
        var lines = [table.title]
        let rows = table.spokenRows
        if rows.isEmpty {
            lines.append("  (none)")
        } else {
            var widths = table.columns.map(\.title.count)
            for row in rows {
                for (index, cell) in row.cells.enumerated() where index < widths.count {
                    widths[index] = max(widths[index], shown(cell).count)
                }
            }
            lines.append(line(table.columns.map(\.title), widths, table.columns))
            lines.append("  " + widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "))
            for row in rows {
                lines.append(line(row.cells.map(shown), widths, table.columns))
            }
        }
        if let note = table.note { lines.append("  \(note)") }
        return lines
    }

    private static func line(_ cells: [String], _ widths: [Int], _ columns: [Table.Column]) -> String {
        var parts: [String] = []
        for (index, column) in columns.enumerated() {
            let cell = index < cells.count ? cells[index] : ""
            let pad = String(repeating: " ", count: max(0, widths[index] - cell.count))
            parts.append(column.kind == .text || column.kind == .day ? cell + pad : pad + cell)
        }
        var text = "  " + parts.joined(separator: "  ")
        while text.last == " " { text.removeLast() }
        return text
    }

    /// What a person reads: thousands in groups, words in place of names.
    package static func shown(_ cell: Table.Cell) -> String {
        switch cell {
        case .money(let money): grouped(money.amountText)
        case .named(_, let words): words
        case .empty, .text, .count, .day, .tenths: cell.plain
        }
    }

    package static func grouped(_ amount: String) -> String {
        let negative = amount.hasPrefix("-")
        let parts = (negative ? String(amount.dropFirst()) : amount).split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        var digits = ""
        let whole = parts.first.map(Array.init) ?? []
        for (index, digit) in whole.enumerated() {
            if index > 0 && (whole.count - index) % 3 == 0 { digits.append(",") }
            digits.append(digit)
        }
        let fraction = parts.count > 1 ? ".\(parts[1])" : ""
        return (negative ? "-" : "") + digits + fraction
    }
}
