// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings

extension TableInspection {
    /// A mapping to start from: what the columns' names and fields suggest, each guess with its reason beside it.
    package func suggestedMapping(name: String) -> String {
        MappingSuggestion(self).text(name: name)
    }
}

/// Guesses which column is which target; nothing of it is used until a person has read it.
struct MappingSuggestion {
    private struct Line {
        var target: String
        var rule: String
        var why: String
    }

    private let table: TableInspection
    private var entity = "payment"
    private var lines: [Line] = []
    private var used: Set<Int> = []
    /// The mapping's own conventions; a column that differs says so itself.
    private var decimal: String?
    private var date: String?

    init(_ table: TableInspection) {
        self.table = table
        decimal = Self.usual(table.columns.filter { $0.kind == .amount }.compactMap(\.convention))
        date = Self.usual(table.columns.filter { $0.kind == .day }.compactMap(\.convention))
        entity = chooseEntity()
        for guess in MappingGuess.all(entity) { take(guess) }
        if entity == "payment" { pairOfAmounts() }
        if entity == "payment" { direction() }
        if entity == "payment" { freeText() }
        currency()
    }

    private static func usual(_ texts: [String]) -> String? {
        var counts: [String: Int] = [:]
        for text in texts { counts[text, default: 0] += 1 }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    // MARK: Guessing

    /// An invoice has a number; a payment has an amount and a day; a customer has neither.
    private func chooseEntity() -> String {
        let hasAmount = table.columns.contains { $0.kind == .amount }
        let hasDay = table.columns.contains { $0.kind == .day }
        let number = MappingGuess.all("invoice").first { $0.target == "number" }.flatMap { match($0, []) }
        let isBank = table.columns.contains { MappingGuess.ofBank.contains(MappingGuess.plain($0.name)) }
        let dueDay = MappingGuess.all("invoice").first { $0.target == "due_on" }.flatMap { match($0, []) }
        if let number, !isBank || dueDay != nil, hasAmount || table.columns.contains(where: { $0.kind == .number }),
            hasDay
        {
            // A bank's export can mention an invoice; one of invoices names a due day or has a number in each row.
            if table.columns[number].filled * 10 >= table.rows * 9 { return "invoice" }
        }
        if hasAmount || hasDay { return "payment" }
        let isContact = ["email", "phone"].contains { target in
            MappingGuess.all("customer").first { $0.target == target }.flatMap { match($0, []) } != nil
        }
        return isContact ? "customer" : "payment"
    }

    /// The column that fits a guess best: the name itself, else a part of it; earlier words count more.
    private func match(_ guess: MappingGuess, _ used: Set<Int>) -> Int? {
        let free = table.columns.indices.filter { index in
            !used.contains(index) && guess.kinds.contains(table.columns[index].kind)
                && (guess.target != "number" || Self.isIdentifier(table.columns[index]))
                && (guess.target != "customer_id" || !isConstant(table.columns[index]))
                && !guess.never.contains { MappingGuess.plain(table.columns[index].name).contains($0) }
        }
        for isWhole in [true, false] {
            for word in guess.words {
                let found = free.first { index in
                    let plain = MappingGuess.plain(table.columns[index].name)
                    return isWhole ? plain == word : word.utf8.count > 3 && plain.contains(word)
                }
                if let found { return found }
            }
        }
        return nil
    }

    /// One and the same in many rows: our own number, and no customer's.
    private func isConstant(_ column: TableInspection.Column) -> Bool {
        column.filled > 3 && column.distinct.count == 1
    }

    /// Digits and no sentence: what numbers of documents look like.
    private static func isIdentifier(_ column: TableInspection.Column) -> Bool {
        column.samples.allSatisfy { text in text.contains(where: \.isNumber) && text.count(where: { $0 == " " }) < 2 }
    }

    private mutating func take(_ guess: MappingGuess) {
        if let index = match(guess, used) {
            used.insert(index)
            let column = table.columns[index]
            lines.append(
                Line(target: guess.target, rule: rule(index), why: "by its name; \(Self.seen(column))"))
        } else if guess.isNeeded, let index = only(guess.kinds.filter { $0 != .text && $0 != .number }) {
            used.insert(index)
            lines.append(
                Line(
                    target: guess.target, rule: rule(index),
                    why: "the first column of that type; \(Self.seen(table.columns[index]))"))
        } else if guess.target == "valued_on", table.headerLine == 0, let index = only([.day]) {
            used.insert(index)
            lines.append(
                Line(
                    target: guess.target, rule: rule(index),
                    why: "the second column of days; \(Self.seen(table.columns[index]))"))
        }
    }

    /// The first free column of a type, for what must be there.
    private func only(_ kinds: [TableInspection.Column.Kind]) -> Int? {
        table.columns.indices.first { !used.contains($0) && kinds.contains(table.columns[$0].kind) }
    }

    private static func seen(_ column: TableInspection.Column) -> String {
        // A remark ends with its line, and YAML has no control characters.
        let samples = column.samples.map { "\"\(plain($0.prefix(24)))\"" }.joined(separator: ", ")
        return samples.isEmpty ? "no field is filled" : samples
    }

    /// Money that comes in and money that goes out in a column each.
    private mutating func pairOfAmounts() {
        let kinds: [TableInspection.Column.Kind] = [.amount, .number, .empty]
        let into = match(MappingGuess("", kinds, MappingGuess.incoming), [])
        let out = match(MappingGuess("", kinds, MappingGuess.outgoing), [])
        guard let into, let out, into != out, table.columns[into].filled + table.columns[out].filled <= table.rows + 1,
            table.columns[into].filled + table.columns[out].filled > 0
        else { return }
        // A column that is the amount already stays.
        if let amount = lines.first(where: { $0.target == "amount" }), amount.rule != source(into),
            amount.rule != source(out)
        {
            return
        }
        lines.removeAll { $0.target == "amount" }
        used.insert(into)
        used.insert(out)
        let sign = table.columns[out].negatives > 0 ? "+" : "-"
        let calc = "\"$(\(name(into))) \(sign) $(\(name(out)))\""
        lines.append(
            Line(
                target: "amount", rule: "{ calc: \(calc) }",
                why: "money in and money out have a column each; money out is negative"))
    }

    /// A column of two words that says which way an amount went.
    private mutating func direction() {
        guard let amount = lines.firstIndex(where: { $0.target == "amount" }), !lines[amount].rule.contains("calc")
        else {
            return
        }
        guard let source = table.columns.indices.first(where: { source($0) == lines[amount].rule }),
            table.columns[source].negatives == 0
        else { return }
        for index in table.columns.indices where !used.contains(index) {
            let column = table.columns[index]
            guard column.kind == .text || column.kind == .currency, !column.distinct.isEmpty,
                column.distinct.count <= 2,
                let word = column.distinct.first(where: { MappingGuess.debits.contains($0.lowercased()) })
            else { continue }
            used.insert(index)
            lines[amount].rule =
                "{ from: \(lines[amount].rule), negate_when: { \(Self.quoted(name(index))): \(Self.quoted(word)) } }"
            lines[amount].why += "; \"\(word)\" in \"\(name(index))\" says that it went out"
            return
        }
        lines[amount].why += "; NO field is negative: check that nothing here went out"
    }

    /// Where no name says so, the text that differs from row to row is what the payer wrote.
    private mutating func freeText() {
        guard !lines.contains(where: { $0.target == "remittance" }) else { return }
        let texts = table.columns.indices.filter { index in
            let column = table.columns[index]
            return !used.contains(index) && column.kind == .text && column.repeats * 2 < column.filled
        }
        func length(_ index: Int) -> Int { table.columns[index].samples.map(\.count).max() ?? 0 }
        guard let index = texts.max(by: { length($0) < length($1) }), length(index) >= 8 else { return }
        used.insert(index)
        lines.append(
            Line(
                target: "remittance", rule: rule(index),
                why: "the longest text that differs from row to row; \(Self.seen(table.columns[index]))"))
    }

    private mutating func currency() {
        guard entity != "customer", !lines.contains(where: { $0.target == "currency" }) else { return }
        if let index = table.columns.indices.first(where: { table.columns[$0].kind == .currency && !used.contains($0) })
        {
            used.insert(index)
            lines.append(Line(target: "currency", rule: rule(index), why: table.columns[index].why))
            return
        }
        let named = table.columns.compactMap { column in
            column.currency?.code ?? MappingGuess.currency(in: column.name).map { "\($0)" }
        }
        if let code = named.first {
            lines.append(Line(target: "currency", rule: "{ const: \(code) }", why: "it stands beside an amount"))
        }
    }

    // MARK: Writing

    private func name(_ index: Int) -> String {
        let name = table.columns[index].name
        // A name that stands twice is no name: the column's place is.
        return name.isEmpty || table.columns.count(where: { $0.name == name }) > 1 ? "$\(index + 1)" : name
    }

    private func source(_ index: Int) -> String { Self.quoted(name(index)) }

    private func rule(_ index: Int) -> String {
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
            out.append("      # \(guess.target): …   # needed, and no column looks like it")
        }
        if entity != "customer", !present.contains("currency") {
            out.append(
                "      # currency: { const: EUR }   # no column states it; without it the company's own is meant")
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
        if let decimal, let column = table.columns.first(where: { $0.kind == .amount && $0.convention == decimal }) {
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

    /// What a person must decide before the file can be read.
    private var doubts: [String] {
        var out: [String] = []
        for (index, column) in table.columns.enumerated() where used.contains(index) {
            if let doubt = column.doubt { out.append("# decide: \(name(index)): \(doubt)") }
            if let contradiction = column.contradiction {
                out.append(
                    "# look: \(name(index)) is no \(column.kind.rawValue) in \(contradiction); such rows are left out")
                if let text = contradiction.split(separator: "\"").dropFirst(contradiction.hasPrefix("\"") ? 0 : 1)
                    .first
                {
                    out.append(
                        "# skip: { \(Self.quoted(name(index))): [\(Self.quoted(String(text)))] }   # if those are no records"
                    )
                }
            }
        }
        if entity == "invoice", let line = lines.first(where: { $0.target == "number" }),
            let index = table.columns.indices.first(where: { source($0) == line.rule }),
            table.columns[index].repeats > 0
        {
            out.append(
                "# look: \(table.columns[index].repeats) rows repeat a number; if the file has a row per invoice line, its "
                    + "amounts are not what is owed")
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

    private static func plain(_ text: some StringProtocol) -> String {
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
