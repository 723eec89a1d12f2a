// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings

extension MappingSuggestion {
    func name(_ index: Int) -> String {
        let name = table.columns[index].name
        // A name that stands twice is no name: the column's place is.
        return name.isEmpty || table.columns.count(where: { $0.name == name }) > 1 ? "$\(index + 1)" : name
    }

    func source(_ index: Int) -> String { Self.quoted(name(index)) }

    func rule(_ index: Int) -> String {
        let column = table.columns[index]
        let source = source(index)
        if column.kind == .day, let own = column.convention, own != date {
            return "{ from: \(source), date: \"\(own)\" }"
        }
        if column.kind == .amount, let own = column.convention, own != decimal {
            return "{ from: \(source), decimal: \"\(own)\" }"
        }
        if column.kind == .currency, column.distinct.contains(where: { $0 != $0.uppercased() }) {
            return "{ from: \(source), upper: true }"
        }
        return source
    }

    func text(name: String) -> String {
        var out = [
            "# Suggested by `tieout inspect`. Every line with a guess says why; read each, correct it, and take the",
            "# remark away. Then: tieout mapping check FILE, and tieout read --mapping FILE EXPORT.", "mapping: 1",
            "name: \(name)", "source:",
        ]
        out.append(
            "  file: { \(file.joined(separator: ", ")) }" + (table.encoding.map { "   # guess: \($0.reason)" } ?? ""))
        out += read
        out += asides
        out += [
            "emit:", "  \(entity):   # guess: \(reason)", "    key: [\(key.joined(separator: ", "))]", "    fields:",
        ]
        let order = MappingGuess.all(entity).map(\.target)
        let sorted = lines.sorted {
            (order.firstIndex(of: $0.target) ?? 99, $0.target) < (order.firstIndex(of: $1.target) ?? 99, $1.target)
        }
        out += sorted.map { "      \($0.target): \($0.rule)   # guess: \($0.why)" }
        let present = Set(lines.map(\.target))
        for guess in MappingGuess.all(entity) where guess.isNeeded && !present.contains(guess.target) {
            let isOpenList = guess.target == "total" && present.contains("open")
            out.append(
                "      # \(guess.target): …   # "
                    + (isOpenList
                        ? "no column looks like it: what is open is taken for the whole"
                        : "needed, and no column looks like it"))
        }
        if entity != "customer", !present.contains("currency") {
            let isDollar = table.columns.contains { column in
                column.kind == .amount && !column.samples.isEmpty && column.samples.allSatisfy { $0.contains("$") }
            }
            out.append(
                isDollar
                    ? "      # currency: { const: USD }   # the amounts have a $: write whose dollar it is"
                    : "      # currency: { const: EUR }   # no column states it; without it the company's own is meant")
        }
        for index in table.columns.indices where !used.contains(index) {
            let column = table.columns[index]
            out.append("      # not read: \(source(index)) (\(column.kind.rawValue); \(Self.seen(column)))")
        }
        out += doubts
        return out.joined(separator: "\n") + "\n"
    }

    private var file: [String] {
        var file = ["format: \(table.format)"]
        if let encoding = table.encoding { file.append("encoding: \(encoding.encoding.rawValue)") }
        if let delimiter = table.delimiter {
            file.append(delimiter == "\t" ? "delimiter: tab" : "delimiter: \"\(delimiter)\"")
        }
        if table.headerLine == 0 { file.append("header_row: 0") }
        if table.sheets.count > 1, let sheet = table.sheet { file.append("sheet: \(Self.quoted(sheet))") }
        return file
    }

    private var read: [String] {
        var parts: [String] = []
        var why: [String] = []
        if let decimal, let column = marked(decimal) {
            let group =
                switch column.grouping {
                case .space: "space"
                case .apostrophe: "apostrophe"
                default: decimal == "," ? "\".\"" : "\",\""
                }
            parts.append("decimal: \"\(decimal)\", group: \(group)")
            why.append("\(Self.plain(column.name)): \(Self.plain(column.why))")
        }
        if let date, let column = table.columns.first(where: { $0.kind == .day && $0.convention == date }) {
            parts.append("date: \(Self.quoted(date))")
            why.append("\(Self.plain(column.name)): \(Self.plain(column.why))")
        }
        guard !parts.isEmpty else { return [] }
        if let doubt = undecidedDay {
            why.append("DECIDE: add `date: \(doubt.0)` or `date: \(doubt.1)`; no field settles which it is")
        }
        return ["read: { \(parts.joined(separator: ", ")) }   # guess: \(why.joined(separator: "; "))"]
    }

    private var reason: String {
        switch entity {
        case "invoice": "a column looks like the number of an invoice, and another like its day"
        case "customer": "there are ways to reach people, and no amounts"
        default: "there are days and amounts, and no numbers of invoices"
        }
    }

    private var key: [String] {
        let present = Set(lines.map(\.target))
        switch entity {
        case "invoice": return present.contains("id") ? ["id"] : ["number"]
        case "customer": return ["id"]
        default:
            if present.contains("id") { return ["id"] }
            return ["account", "booked_on", "amount", "payer_account", "remittance"].filter { present.contains($0) }
        }
    }

    /// The column that shows the grouping, where there is one.
    private func marked(_ decimal: String) -> TableInspection.Column? {
        let columns = table.columns.filter { $0.kind == .amount && $0.convention == decimal }
        return columns.first { $0.grouping == .space || $0.grouping == .apostrophe } ?? columns.first
    }

    private var undecidedDay: (String, String)? {
        let column = table.columns.indices.first { used.contains($0) && table.columns[$0].rivals != nil }
        return date == nil ? column.flatMap { table.columns[$0].rivals } : nil
    }

    /// Rows that are no records: sums are checked against the rows, balances are dropped.
    private var asides: [String] {
        guard !table.asides.isEmpty else { return [] }
        let places = Dictionary(grouping: table.asides) { $0.column }.sorted { $0.key < $1.key }
        if table.asides.count == 1, let sum = table.asides.first, sum.isSum, !checks.isEmpty {
            return [
                "totals: { where: { \(source(sum.column)): \(Self.quoted(sum.text)) }, check: { "
                    + "\(checks.joined(separator: ", ")) } }   # guess: line \(sum.line) holds sums, no record; they are "
                    + "compared with the rows"
            ]
        }
        let skips = places.map { column, rows in
            let texts = Set(rows.map(\.text)).sorted().prefix(20).map(Self.quoted)
            return "\(source(column)): [\(texts.joined(separator: ", "))]"
        }
        let lines = table.asides.prefix(3).map { String($0.line) }.joined(separator: ", ")
        return [
            "skip: { \(skips.joined(separator: ", ")) }   # guess: rows of sums or balances, no records (line \(lines)"
                + (table.asides.count > 3 ? " and \(table.asides.count - 3) more)" : ")")
        ]
    }

    /// Which sums can be compared: of the amounts that are read from one column as it stands.
    private var checks: [String] {
        let targets = entity == "invoice" ? ["net", "tax", "total", "paid", "open"] : ["amount"]
        return lines.filter { line in
            targets.contains(line.target) && table.columns.indices.contains { source($0) == line.rule }
        }.map { "\($0.target): \($0.rule)" }
    }

    /// What a person must decide before the file can be read.
    private var doubts: [String] {
        var out = open.map { "# decide: \($0)" }
        var skips: [String] = []
        for (index, column) in table.columns.enumerated() where used.contains(index) {
            if let doubt = column.doubt {
                out.append("# decide: \(name(index)): \(doubt)")
            }
            guard let contradiction = column.contradiction else { continue }
            out.append(
                "# look: \(name(index)) is no \(column.kind.rawValue) in \(contradiction); such rows are left out")
            let parts = contradiction.split(separator: "\"")
            if let text = parts.dropFirst(contradiction.hasPrefix("\"") ? 0 : 1).first {
                skips.append("\(source(index)): [\(Self.quoted(String(text)))]")
            }
        }
        if let skip = skips.first {
            let place = table.asides.isEmpty ? "skip: { \(skip) }" : "add to `skip:`: \(skip)"
            out.append("# \(place)   # if those are no records")
        }
        if entity == "invoice", let line = lines.first(where: { $0.target == "number" }),
            let index = table.columns.indices.first(where: { source($0) == line.rule }),
            table.columns[index].repeats > 0
        {
            out.append(
                "# look: numbers come again (\(table.columns[index].repeats) times): are these instalments, or a row per invoice "
                    + "line, whose amounts are not what is owed?")
        }
        return out
    }

    /// Quotes a text that YAML would read as something else.
    static func quoted(_ text: String) -> String {
        if text.unicodeScalars.contains(where: isUnprintable) { return escaped(text) }
        let special =
            text.contains(": ") || text.contains(" #") || text.hasSuffix(":") || text.contains("\"")
            || text.contains { ",[]{}".contains($0) }
        let opening = text.first.map { "*&!%@`'#|>?-".contains($0) } ?? true
        guard special || opening || text != CSVDialect.trimmed(text) else { return text }
        return "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    }

    /// What YAML allows in double quotes only, as an escape.
    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .unassigned, .surrogate: true
        default: scalar.value == 0xFEFF
        }
    }

    static func plain(_ text: some StringProtocol) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isUnprintable($0) ? " " : $0 }))
    }

    private static func escaped(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" {
                out += "\\\(scalar)"
            } else if isUnprintable(scalar) {
                let digits = String(scalar.value, radix: 16)
                out += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            } else {
                out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
