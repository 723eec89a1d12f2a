// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings

/// What one column's fields have in common, and the first that has not.
struct ColumnCensus {
    struct Sample: Hashable {
        var line: Int
        var text: String
    }

    /// Formats a day may be written in, as `read.date` would say them; the earlier of two that fit equally counts.
    private static let patterns: [(name: String, convention: DateConvention)] =
        named.compactMap { name in DateConvention(name).map { (name, $0) } }
        + DatePattern.inWords.map { ($0.text, .pattern($0)) }

    private static let named = [
        "iso", "dd.MM.yyyy", "dd/MM/yyyy", "dd-MM-yyyy", "MM/dd/yyyy", "MM-dd-yyyy", "d.M.yyyy", "d/M/yyyy",
        "d-M-yyyy", "M/d/yyyy", "yyyy/MM/dd", "yyyy.MM.dd", "dd.MM.yy", "dd/MM/yy", "dd-MM-yy", "MM/dd/yy",
        "d MMM yy", "d-MMM-yy", "d/MMM/yy", "dd/MM/yyyy HH:mm", "MM/dd/yyyy HH:mm", "dd.MM.yyyy HH:mm:ss",
        "dd/MM/yyyy HH:mm:ss", "yyyyMMdd",
    ]

    static let distinctMax = 8
    private static let numbersMax = 200_000

    private(set) var filled = 0
    private(set) var samples: [String] = []
    /// The different texts, up to `distinctMax` and one more.
    private(set) var distinct: [String] = []
    private(set) var repeats = 0
    private(set) var negatives = 0
    private(set) var symbol: Currency?
    /// The marks beside its amounts are of several currencies, or of one that is not known.
    private var isMixed = false
    private var seen: Set<UInt64> = []
    private var dayCounts = [Int](repeating: 0, count: patterns.count)
    private var dayMisses = [Sample?](repeating: nil, count: patterns.count)
    /// What is no day is not always the same word.
    private var dayMissesDiffer = [Bool](repeating: false, count: patterns.count)
    private var amounts = 0
    private var amountMiss: Sample?
    private var currencies = 0
    private var currencyMiss: Sample?
    private var accounts = 0
    private var typedDays = 0
    private var typedNumbers = 0
    private var errors = 0
    private var errorMiss: Sample?
    private var isMarked = false
    private var isZeroLed = false
    private var amountEvidence = AmountEvidence()

    mutating func add(_ row: borrowing Record, _ column: Int) {
        var (start, end) = (row.starts[column], row.ends[column])
        while start < end, row.bytes[start] <= 0x20 { start += 1 }
        while start < end, row.bytes[end - 1] <= 0x20 { end -= 1 }
        guard start < end else { return }
        filled += 1
        let text = String(decoding: row.bytes[start..<min(end, start + 60)], as: UTF8.self)
        let sample = Sample(line: row.line, text: text)
        if samples.count < 2, !samples.contains(text) { samples.append(text) }
        if distinct.count <= Self.distinctMax, !distinct.contains(text) { distinct.append(text) }
        if seen.count < Self.numbersMax, !seen.insert(Self.print(row.bytes[start..<end])).inserted { repeats += 1 }
        if row.isDay(column) {
            typedDays += 1
        } else if row.isNumber(column) {
            typedNumbers += 1
            if row.bytes[start] == 0x2D { negatives += 1 }
            isMarked = isMarked || row.bytes[start..<end].contains(0x2E)
        } else if !row.kinds.isEmpty, row.kinds[column] == .error {
            errors += 1
            if errorMiss == nil { errorMiss = sample }
        } else {
            look(row.bytes, start, end, sample)
        }
    }

    private mutating func look(_ bytes: [UInt8], _ start: Int, _ end: Int, _ sample: Sample) {
        let digits = bytes[start..<end].count { $0 &- 0x30 <= 9 }
        let mayBeDay = digits >= 3 && end - start >= 6 && end - start <= 32
        for index in Self.patterns.indices {
            if mayBeDay, Self.patterns[index].convention.read(bytes, start, end) != nil {
                dayCounts[index] += 1
            } else if let miss = dayMisses[index] {
                dayMissesDiffer[index] = dayMissesDiffer[index] || miss.text != sample.text
            } else {
                dayMisses[index] = sample
            }
        }
        if digits > 0, let amount = Self.amount(bytes, start, end) {
            amounts += 1
            if amount.isNegative { negatives += 1 }
            if let mark = amount.mark {
                isMixed = isMixed || symbol.map { !mark.means($0) } ?? (mark.currency == nil)
                symbol = symbol ?? mark.currency
            }
            isMarked = isMarked || bytes[start..<end].contains { $0 == 0x2C || $0 == 0x2E }
            let second = start + 1 < end ? bytes[start + 1] : 0
            isZeroLed = isZeroLed || bytes[start] == 0x30 && second &- 0x30 <= 9
            amountEvidence.add(bytes, start, end, line: sample.line)
        } else if amountMiss == nil {
            amountMiss = sample
        }
        if end - start == 3, Currency(sample.text.uppercased()) != nil {
            currencies += 1
        } else if currencyMiss == nil {
            currencyMiss = sample
        }
        if end - start >= 15, IBAN(sample.text) != nil { accounts += 1 }
    }

    /// FNV-1a: equal texts have equal prints.
    private static func print(_ text: ArraySlice<UInt8>) -> UInt64 {
        text.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// Blanks between the digits come last: most programs write marks.
    private static let conventions: [AmountConvention] = [
        AmountConvention(decimal: 0x2C, group: .mark(0x2E)), AmountConvention(decimal: 0x2E, group: .mark(0x2C)),
        AmountConvention(decimal: 0x2C, group: .space), AmountConvention(decimal: 0x2E, group: .space),
        AmountConvention(decimal: 0x2E, group: .apostrophe),
    ]

    private static func amount(
        _ bytes: [UInt8], _ start: Int, _ end: Int
    ) -> (isNegative: Bool, mark: CurrencyMark?)? {
        for convention in conventions {
            guard case .value(let value, let mark) = AmountText.read(bytes, start, end, convention) else { continue }
            return (value.coefficient < 0, mark)
        }
        return nil
    }

    // MARK: What it comes to

    /// Four fields of five decide the type; the others contradict it.
    func column(_ name: String) -> TableInspection.Column {
        var column = TableInspection.Column(name: name, kind: .text, why: "text as it stands", filled: filled)
        column.samples = samples
        column.distinct = distinct.count <= Self.distinctMax ? distinct : []
        column.repeats = repeats
        column.negatives = negatives
        column.currency = isMixed ? nil : symbol
        guard filled > 0 else {
            (column.kind, column.why) = (.empty, "every field is blank")
            return column
        }
        func isMost(_ count: Int) -> Bool { count * 5 >= filled * 4 }
        // One word in the place of the day, such as "Pending", is no other type.
        func isHalf(_ index: Int) -> Bool { !dayMissesDiffer[index] && (dayCounts[index] + typedDays) * 2 >= filled }
        if let index = bestDay(name), isMost(dayCounts[index] + typedDays) || isHalf(index) {
            day(index, name, &column)
        } else if isMost(typedDays) {
            (column.kind, column.why) = (.day, "the sheet says that they are days")
            column.contradicts(filled - typedDays, amountMiss ?? errorMiss)
        } else if isMost(currencies) {
            (column.kind, column.why) = (.currency, "\(count(currencies)) an ISO 4217 code")
            column.contradicts(filled - currencies, currencyMiss)
        } else if isMost(accounts) {
            (column.kind, column.why) = (.account, "\(count(accounts)) an IBAN with the right check digits")
        } else if isMost(typedNumbers) {
            column.kind = isMarked ? .amount : .number
            column.why =
                isMarked ? "the sheet says that they are numbers" : "whole numbers: amounts, counts or identifiers"
            column.contradicts(filled - typedNumbers, amountMiss ?? errorMiss)
        } else if isMost(amounts + typedNumbers), !isZeroLed {
            amount(name, &column)
        }
        if column.contradiction == nil, let errorMiss { column.contradicts(errors, errorMiss) }
        return column
    }

    private func count(_ number: Int) -> String {
        number == filled ? "every field is" : "\(number) of \(filled) fields are"
    }

    private func bestDay(_ name: String) -> Int? {
        let most = dayCounts.max() ?? 0
        guard most > 0, let index = dayCounts.firstIndex(of: most) else { return nil }
        // Eight digits are a day only where the name says so, too.
        if Self.patterns[index].name == "yyyyMMdd" {
            let words = ["dat", "day", "tag", "fecha", "due", "fällig"]
            guard words.contains(where: { name.lowercased().contains($0) }) else { return nil }
        }
        return index
    }

    private func day(_ index: Int, _ name: String, _ column: inout TableInspection.Column) {
        let pattern = Self.patterns[index].name
        column.kind = .day
        column.contradicts(filled - dayCounts[index] - typedDays, dayMisses[index])
        let rivals = Self.patterns.indices.filter { rival in
            rival != index && dayCounts[rival] == dayCounts[index]
                && Self.isOtherOrder(pattern, Self.patterns[rival].name)
        }
        guard rivals.isEmpty || dayCounts[index] == 0 else {
            column.rivals = (pattern, Self.patterns[rivals[0]].name)
            column.doubt = "\(pattern) or \(Self.patterns[rivals[0]].name): no field settles which"
            column.why = "in doubt: " + (column.doubt ?? "")
            column.convention = nil
            return
        }
        column.convention = pattern
        column.why = "\(count(dayCounts[index] + typedDays)) a day written \(pattern)"
    }

    /// Whether two patterns read the same text as different days.
    private static func isOtherOrder(_ one: String, _ other: String) -> Bool {
        func order(_ pattern: String) -> String { String(pattern.filter { "dMy".contains($0) }.first ?? " ") }
        return order(one) != order(other)
    }

    private func amount(_ name: String, _ column: inout TableInspection.Column) {
        let good = amounts + typedNumbers
        column.kind = isMarked ? .amount : .number
        column.contradicts(filled - good, amountMiss)
        guard isMarked else {
            column.why = "\(count(good)) a whole number: an amount, a count or an identifier"
            return
        }
        switch amountEvidence.settle(column: name) {
        case .success(let convention):
            column.convention = convention.decimal == 0x2C ? "," : "."
            column.grouping = convention.group
            let proof = convention.decimal == 0x2C ? amountEvidence.comma : amountEvidence.point
            column.why = convention.description + (proof.map { "; \"\($0.text)\" in line \($0.line) settles it" } ?? "")
        case .failure(let refusal):
            column.doubt = refusal.message
            column.why = "in doubt: " + refusal.message
        }
    }
}
