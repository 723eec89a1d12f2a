// SPDX-License-Identifier: Apache-2.0
package import Reports

/// RFC 4180 with a header per table; tables follow each other after an empty line.
package enum CSVTable {
    package static func render(_ report: Report) -> String {
        report.tables.map(render).joined(separator: "\r\n")
    }

    package static func render(_ table: Table) -> String {
        var text = table.columns.map { field($0.key) }.joined(separator: ",") + "\r\n"
        for row in table.rows {
            text +=
                row.cells.map { cell in
                    switch cell {
                    case .text(let value), .named(let value, _): field(guarded(value))
                    case .empty, .money, .count, .day, .tenths: field(cell.plain)
                    }
                }.joined(separator: ",") + "\r\n"
        }
        return text
    }

    /// A text that a spreadsheet would run as a formula gets an apostrophe in front; figures stay figures.
    private static func guarded(_ text: String) -> String {
        guard let first = text.utf8.first, [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D].contains(first) else { return text }
        return "'" + text
    }

    private static func field(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x2C, 0x22, 0x0A, 0x0D].contains($0) }) else { return text }
        var quoted = "\""
        for character in text.unicodeScalars {
            if character == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }
}
