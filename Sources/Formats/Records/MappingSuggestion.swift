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
    struct Line {
        var target: String
        var rule: String
        var why: String
    }

    let table: TableInspection
    private(set) var entity = "payment"
    private(set) var lines: [Line] = []
    private(set) var used: Set<Int> = []
    /// What no name and no field tells.
    private(set) var open: [String] = []
    /// The mapping's own conventions; a column that differs says so itself.
    let decimal: String?
    let date: String?

    init(_ table: TableInspection) {
        self.table = table
        decimal = Self.usual(table.columns.filter { $0.kind == .amount }.compactMap(\.convention))
        date = Self.usual(table.columns.filter { $0.kind == .day }.compactMap(\.convention))
        entity = chooseEntity()
        for guess in MappingGuess.all(entity) { take(guess) }
        if entity == "invoice" { numberByForm() }
        if entity != "customer" { pairOfAmounts() }
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

    /// An invoice has a number or a day on which it is due; a payment has an amount and a day; a customer has neither.
    private func chooseEntity() -> String {
        let hasAmount = table.columns.contains { $0.kind == .amount }
        let hasDay = table.columns.contains { $0.kind == .day }
        func column(_ target: String) -> Int? {
            MappingGuess.invoice.first { $0.target == target }.flatMap { match($0, []) }
        }
        let isBank = table.columns.contains { MappingGuess.ofBank.contains(MappingGuess.plain($0.name)) }
        if hasDay, hasAmount || table.columns.contains(where: { $0.kind == .number }) {
            // Money that is due is no money that came, whatever the number is called.
            if column("due_on") != nil, column("issued_on") != nil || column("number") != nil { return "invoice" }
            // A bank's export can mention an invoice; one of invoices has a number in each row.
            if !isBank, let number = column("number"), table.columns[number].filled * 10 >= table.rows * 9 {
                let name = MappingGuess.plain(table.columns[number].name)
                if MappingGuess.ofInvoices.contains(where: { name.contains($0) }) { return "invoice" }
            }
        }
        if hasAmount || hasDay { return "payment" }
        let isContact = ["email", "phone"].contains { target in
            MappingGuess.customer.first { $0.target == target }.flatMap { match($0, []) } != nil
        }
        return isContact ? "customer" : "payment"
    }

    /// The column that fits a guess best: the name itself, else a part of it; earlier words count more.
    private func match(_ guess: MappingGuess, _ used: Set<Int>) -> Int? {
        let free = table.columns.indices.filter { index in
            !used.contains(index) && guess.kinds.contains(table.columns[index].kind)
                && (guess.target != "number" || Self.isIdentifier(table.columns[index]))
                && (guess.target != "customer_id"
                    || !isConstant(table.columns[index]) && Self.isCode(table.columns[index]))
                && (guess.target != "id" || table.columns[index].repeats == 0)
                && (guess.target != "status" || states(table.columns[index]) != nil)
                && !(guess.kinds.contains(.amount) && table.columns[index].name.contains("%"))
                && !guess.never.contains { MappingGuess.plain(table.columns[index].name).contains($0) }
        }
        for isWhole in [true, false] {
            for word in guess.words {
                let found = free.first { index in
                    let plain = MappingGuess.plain(table.columns[index].name)
                    return isWhole ? plain == word : !guess.isWhole && word.utf8.count > 3 && plain.contains(word)
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

    /// A column of accounts that is no account of ours, and no other column is the payers'.
    private func isPayers(_ column: TableInspection.Column) -> Bool {
        column.filled > 1 && column.repeats * 2 < column.filled && !lines.contains { $0.target == "payer_account" }
    }

    /// Digits and no sentence: what numbers of documents look like.
    private static func isIdentifier(_ column: TableInspection.Column) -> Bool {
        column.samples.allSatisfy { text in text.contains(where: \.isNumber) && text.count(where: { $0 == " " }) < 2 }
    }

    /// What stands for a customer in a program has no blanks in it.
    private static func isCode(_ column: TableInspection.Column) -> Bool {
        column.samples.allSatisfy { !$0.contains(" ") }
    }

    /// The column's words as states of an invoice; nil when one of them is none that we know.
    private func states(_ column: TableInspection.Column) -> [(word: String, status: String)]? {
        guard !column.distinct.isEmpty else { return nil }
        var out: [(String, String)] = []
        for word in column.distinct.sorted() {
            let plain = MappingGuess.plain(word)
            guard let state = MappingGuess.states.first(where: { $0.words.contains(plain) }) else { return nil }
            out.append((word, state.status))
        }
        return out
    }

    /// No name says which column is the number: the first whose fields all differ and look like one.
    private mutating func numberByForm() {
        guard !lines.contains(where: { $0.target == "number" }) else { return }
        let index = table.columns.indices.first { index in
            let column = table.columns[index]
            return !used.contains(index) && [.text, .number].contains(column.kind) && column.filled >= table.rows
                && column.repeats == 0 && Self.isIdentifier(column)
        }
        guard let index else { return }
        used.insert(index)
        lines.append(
            Line(
                target: "number", rule: rule(index),
                why: "no name says so; every field differs and has digits; \(Self.seen(table.columns[index]))"))
    }

    private mutating func take(_ guess: MappingGuess) {
        guard !lines.contains(where: { $0.target == guess.target }) else { return }
        if guess.target == "account", let index = match(guess, used), isPayers(table.columns[index]) {
            used.insert(index)
            let seen = Self.seen(table.columns[index])
            lines.append(
                Line(
                    target: "payer_account", rule: rule(index),
                    why: "it differs from row to row, as ours would not; \(seen)"))
        } else if let index = match(guess, used) {
            used.insert(index)
            let column = table.columns[index]
            var rule = rule(index)
            if guess.target == "status", let states = states(column) {
                let map = states.map { "\(Self.quoted($0.word)): \($0.status)" }.joined(separator: ", ")
                rule = "{ from: \(rule), map: { \(map) } }"
            }
            lines.append(Line(target: guess.target, rule: rule, why: "by its name; \(Self.seen(column))"))
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

    static func seen(_ column: TableInspection.Column) -> String {
        // A remark ends with its line, and YAML has no control characters.
        let samples = column.samples.map { "\"\(plain($0.prefix(24)))\"" }.joined(separator: ", ")
        return samples.isEmpty ? "no field is filled" : samples
    }

    /// Money that comes in and money that goes out in a column each; of a customer's account, debit is what is owed.
    private mutating func pairOfAmounts() {
        let target = entity == "invoice" ? "total" : "amount"
        let kinds: [TableInspection.Column.Kind] = [.amount, .number, .empty]
        let never = ["saldo", "balance", "date", "number", "card"]
        var into = match(MappingGuess("", kinds, MappingGuess.incoming, never: never), [])
        var out = match(MappingGuess("", kinds, MappingGuess.outgoing, never: never), [])
        var why = "money in and money out have a column each; money out is negative"
        if into == nil || out == nil || into == out, let pair = alternating(target) {
            into = pair.0
            out = pair.1
            why = "where one of the two is filled, the other is not"
            open.append(
                "which of \(name(pair.0)) and \(name(pair.1)) is money that came in; exchange them in `calc` if it is "
                    + "\(name(pair.1))")
        }
        guard let into, let out, into != out, isAlternating(into, out) else { return }
        // A column that is the amount already stays.
        if let amount = lines.first(where: { $0.target == target }), amount.rule != source(into),
            amount.rule != source(out)
        {
            return
        }
        let both = [source(into), source(out)]
        lines.removeAll { $0.target == target || both.contains($0.rule) }
        used.insert(into)
        used.insert(out)
        let sign = table.columns[out].negatives > 0 ? "+" : "-"
        var calc = "\"$(\(name(into))) \(sign) $(\(name(out)))\""
        if entity == "invoice" {
            calc = "\"$(\(name(out))) \(table.columns[into].negatives > 0 ? "+" : "-") $(\(name(into)))\""
            why = "debit and credit have a column each; a credit is negative"
            dropRunningBalance()
        }
        lines.append(Line(target: target, rule: "{ calc: \(calc) }", why: why))
    }

    /// Beside debit and credit a balance is that of the account after the row, and nothing that is open of it.
    private mutating func dropRunningBalance() {
        guard let line = lines.firstIndex(where: { $0.target == "open" }),
            let index = table.columns.indices.first(where: { rule($0) == lines[line].rule }),
            ["saldo", "solde", "balance"].contains(MappingGuess.plain(table.columns[index].name))
        else { return }
        lines.remove(at: line)
        used.remove(index)
    }

    private func isAlternating(_ one: Int, _ other: Int) -> Bool {
        let filled = table.columns[one].filled + table.columns[other].filled
        return filled > 0 && filled <= table.rows + 1
    }

    /// Two columns of amounts without telling names, one of which is filled in nearly every row.
    private func alternating(_ target: String) -> (Int, Int)? {
        guard entity == "payment", table.headerLine == 0,
            let amount = lines.first(where: { $0.target == target }).flatMap({ line in
                table.columns.indices.first { source($0) == line.rule }
            })
        else { return nil }
        let other = table.columns.indices.first { index in
            index != amount && !used.contains(index) && table.columns[index].kind == .amount
                && isAlternating(amount, index)
                && (table.columns[index].filled + table.columns[amount].filled) * 5 >= table.rows * 4
        }
        return other.map { (min(amount, $0), max(amount, $0)) }
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
                column.distinct.count <= 4
            else { continue }
            let isCredit = column.distinct.contains { MappingGuess.credits.contains($0.lowercased()) }
            if isCredit, column.distinct.count == 1, column.filled * 2 < table.rows, column.filled > 0 {
                used.insert(index)
                let word = column.distinct[0]
                lines[amount].rule =
                    "{ from: \(lines[amount].rule), negate_when: { \(Self.quoted(name(index))): [null] } }"
                lines[amount].why += "; only some rows have \"\(word)\" in \"\(name(index))\": the others went out"
                return
            }
            guard isCredit || column.distinct.count <= 2,
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
}
