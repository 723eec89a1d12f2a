// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings

extension TableInspection {
    /// A row that is no record: it holds the sums of the others, or a balance of the account.
    package struct Aside: Hashable, Sendable {
        package var column: Int
        package var text: String
        package var line: Int
        package var isSum: Bool
    }
}

/// Recognises rows of sums and balances by their words.
enum TableAside {
    /// Whole cells, or the first word of one: a name after it is the customer the sum is of.
    private static let sums: Set<String> = [
        "total", "totals", "totaal", "totale", "totali", "totais", "totalt", "totalen", "summe", "summen", "gesamt",
        "gesamtsumme", "gesamtbetrag", "suma", "sumas", "somme", "summa", "razem", "ialt", "yhteensa", "grandtotal",
        "totalgeral", "totalgeneral", "totalgenerale", "totalgeneralcliente", "sum", "subtotal", "zwischensumme",
        "subtotaal", "soustotal",
    ]

    static func look(_ row: borrowing Record, _ columns: Int) -> TableInspection.Aside? {
        var filled = 0
        var found: TableInspection.Aside?
        for column in 0..<min(columns, row.count) {
            let (start, end) = (row.starts[column], row.ends[column])
            guard start < end else { continue }
            filled += 1
            guard found == nil, end - start <= 60, isWord(row.bytes[start]) else { continue }
            let text = CSVDialect.trimmed(row.text(column))
            let plain = MappingGuess.plain(text)
            if BalanceWords.are(text) {
                found = TableInspection.Aside(column: column, text: text, line: row.line, isSum: false)
            } else if sums.contains(plain) || text.contains(" ") && sums.contains(firstWord(text)) {
                found = TableInspection.Aside(column: column, text: text, line: row.line, isSum: true)
            }
        }
        // A customer may be called Total: a row of sums has no day, and blanks beside its words.
        guard let found, !found.isSum || filled < columns && !hasDay(row, columns) else { return nil }
        return found
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte & 0xDF) || byte >= 0x80 || byte <= 0x20
    }

    private static func firstWord(_ text: String) -> String {
        MappingGuess.plain(String(text.prefix { $0 != " " && $0 != ":" }))
    }

    private static func hasDay(_ row: borrowing Record, _ columns: Int) -> Bool {
        for column in 0..<min(columns, row.count) {
            let (start, end) = (row.starts[column], row.ends[column])
            if row.isDay(column) { return true }
            guard end - start >= 6, end - start <= 32 else { continue }
            if DateConvention.settled.contains(where: { $0.read(row.bytes, start, end) != nil }) { return true }
        }
        return false
    }
}
