// SPDX-License-Identifier: Apache-2.0

import Documents

/// A payment's text with its letters folded: what stands where in it.
struct FoldedText {
    private(set) var bytes: [UInt8]
    /// How many blanks between letters that stand alone were left out.
    let closed: Int
    /// Where the text ends; what the reference field says may follow.
    let end: Int
    private let offsets: [Int32]?

    /// A text of a million characters is read as far as a bank would carry it.
    private static let lengthMax = 2000

    /// - Parameter field: the reference field, where it is no reference that was issued: payers write there what others
    ///   write in the text.
    init(_ text: String, field: String? = nil) {
        let written = Folding.fold(text)
        let folded = Folding.closed(written)
        closed = written.bytes.count - folded.bytes.count
        bytes = folded.bytes.count > Self.lengthMax ? Array(folded.bytes[..<Self.lengthMax]) : folded.bytes
        end = bytes.count
        offsets = folded.offsets
        guard let field, !field.isEmpty else { return }
        bytes += Self.apart + Folding.fold(field).bytes.prefix(Self.fieldMax)
    }

    /// Nothing that begins before it goes on behind it.
    private static let apart = Array(" ;; ".utf8)
    private static let fieldMax = 140

    /// The place of a range of folded bytes in the text as it was given; nil for what the reference field says.
    func span(_ from: Int32, _ to: Int32) -> Range<Int>? {
        guard Int(from) < end else { return nil }
        guard let offsets, Int(from) < offsets.count, from < to else { return Int(from)..<Int(max(from, to)) }
        let end = Int(to) < offsets.count ? Int(offsets[Int(to)]) : Int(offsets[offsets.count - 1]) + 1
        return Int(offsets[Int(from)])..<max(Int(offsets[Int(from)]), end)
    }

    func text(_ from: Int32, _ to: Int32) -> String {
        String(decoding: bytes[Int(from)..<Int(to)], as: UTF8.self)
    }
}

/// A payment's text, cut into runs of letters and digits, with dates and amounts recognised first.
struct Remittance {
    enum Class: UInt8 {
        case plain, date, amount
    }

    /// What stands between a run and the one before it.
    enum Gap: UInt8 {
        /// Nothing but `/ - . _` and the like: parts of one written number.
        case connector
        /// One blank, perhaps beside connectors: where a bank's line wrap may have cut a number.
        case blank
        case other
    }

    struct Run {
        var start: Int32
        var end: Int32
        var isDigits: Bool
        var hasDigit: Bool
        var gap: Gap
        var separator: UInt8
        var kind: Class = .plain
        /// Six or eight digits that read as a date: never evidence alone.
        var isDateLike = false
        var count: Int { Int(end - start) }
    }

    let folded: FoldedText
    let bookedOn: Day
    var bytes: [UInt8] { folded.bytes }
    private(set) var runs: [Run] = []
    /// A day that the text names.
    struct NamedDay {
        var day: Day
        /// Behind a word for an invoice, which is of that day: `Rechnung vom 05.03.2025`.
        var isInvoices: Bool
        /// Folded bytes of the text.
        var from: Int32
        var to: Int32
    }
    /// In the order they stand there.
    private(set) var named: [NamedDay] = []

    /// - Parameter bookedOn: digits are a date only where they come out near it: `100149` is no day of 2049.
    init(_ folded: FoldedText, amount: Int64, currency: Currency, bookedOn: Day) {
        (self.folded, self.bookedOn) = (folded, bookedOn)
        cut()
        classifyDates()
        classifyAmounts(amount.magnitude, exponent: Int(currency.exponent))
    }

    private mutating func cut() {
        var cursor = 0
        var previousEnd = 0
        runs.reserveCapacity(bytes.count / 5 + 1)
        while cursor < bytes.count {
            guard Folding.isAlphanumeric(bytes[cursor]) else {
                cursor += 1
                continue
            }
            let start = cursor
            var digits = 0
            while cursor < bytes.count, Folding.isAlphanumeric(bytes[cursor]) {
                if Folding.isDigit(bytes[cursor]) { digits += 1 }
                cursor += 1
            }
            let (gap, separator) = gap(previousEnd, start)
            runs.append(
                Run(
                    start: Int32(start), end: Int32(cursor), isDigits: digits == cursor - start,
                    hasDigit: digits > 0, gap: runs.isEmpty ? .other : gap, separator: separator))
            previousEnd = cursor
        }
    }

    /// What stands between two runs, and its last sign that is no blank.
    private func gap(_ from: Int, _ to: Int) -> (gap: Gap, separator: UInt8) {
        var blanks = 0
        var separator: UInt8 = 0x20
        var isOther = false
        for index in from..<to {
            let byte = bytes[index]
            if byte != 0x20 { separator = byte }
            // `\r\n` is one line's end.
            if byte == 0x0D, index + 1 < to, bytes[index + 1] == 0x0A { continue }
            switch byte {
            case 0x20, 0x0A, 0x0D, 0x09: blanks += 1
            case 0x2D, 0x2E, 0x2F, 0x5F, 0x5C, 0x23, 0x3A, 0x2B: break
            default: isOther = true
            }
        }
        if isOther || to - from > 3 || blanks > 1 { return (.other, separator) }
        return (blanks == 0 ? .connector : .blank, separator)
    }

    func number(_ index: Int) -> Int? {
        let run = runs[index]
        guard run.isDigits, run.count <= 8 else { return nil }
        var value = 0
        for place in Int(run.start)..<Int(run.end) { value = value * 10 + Int(bytes[place] - 0x30) }
        return value
    }

    func separator(before index: Int) -> UInt8? {
        guard index > 0, index < runs.count, runs[index].start - runs[index - 1].end == 1 else { return nil }
        return bytes[Int(runs[index].start) - 1]
    }

    private mutating func classifyDates() {
        for index in runs.indices where runs[index].isDigits && runs[index].kind == .plain {
            if let day = dateOfThree(at: index) {
                for part in index...index + 2 { runs[part].kind = .date }
                let isInvoices = InvoiceWord.precedesDay(index, in: self)
                named.append(
                    NamedDay(day: day, isInvoices: isInvoices, from: runs[index].start, to: runs[index + 2].end))
            } else if let day = compactDate(at: index), (bookedOn - 800...bookedOn + 400).contains(day) {
                runs[index].isDateLike = true
                named.append(NamedDay(day: day, isInvoices: false, from: runs[index].start, to: runs[index].end))
            }
        }
    }

    /// `23.02.25`, `23.02.2025`, `2025-02-23`, `23/02/2025`; not the tail of a longer written number.
    private func dateOfThree(at index: Int) -> Day? {
        guard index + 2 < runs.count, let mark = separator(before: index + 1),
            separator(before: index + 2) == mark, mark == 0x2E || mark == 0x2D || mark == 0x2F,
            let first = number(index), let second = number(index + 1), let third = number(index + 2)
        else { return nil }
        // `01.03.2025-31.03.2025`: behind a day, another one.
        let isSecond = index > 0 && runs[index - 1].kind == .date && separator(before: index) == 0x2D && mark != 0x2D
        if !isSecond, let before = separator(before: index), before == mark || before == 0x2F || before == 0x2D {
            return nil
        }
        if let after = separator(before: index + 3), after == mark, mark != 0x2E { return nil }
        let counts = (runs[index].count, runs[index + 1].count, runs[index + 2].count)
        if counts.0 == 4, counts.1 == 2, counts.2 == 2 { return Day(year: first, month: second, day: third) }
        guard counts.0 <= 2, counts.1 <= 2, counts.2 == 4 || (counts.2 == 2 && mark == 0x2E) else { return nil }
        let year = counts.2 == 4 ? third : 2000 + third
        return Day(year: year, month: second, day: first) ?? Day(year: year, month: first, day: second)
    }

    /// `230225`, `23022025`, `20250223` alone between blanks.
    private func compactDate(at index: Int) -> Day? {
        guard let value = number(index), separatorsAreBlank(around: index) else { return nil }
        return Self.day(value, digits: runs[index].count)
    }

    /// Whether six or eight digits that a word is written onto are a day of about the payment's.
    func isDate(_ digits: ArraySlice<UInt8>) -> Bool {
        let value = digits.prefix(9).reduce(0) { $0 * 10 + Int($1 & 0x0F) }
        return Self.day(value, digits: digits.count).map { (bookedOn - 800...bookedOn + 400).contains($0) } ?? false
    }

    private static func day(_ value: Int, digits: Int) -> Day? {
        switch digits {
        case 6: Day(year: 2000 + value % 100, month: value / 100 % 100, day: value / 10_000)
        case 8:
            Day(year: value / 10_000, month: value / 100 % 100, day: value % 100)
                ?? Day(year: value % 10_000, month: value / 10_000 % 100, day: value / 1_000_000)
        default: nil
        }
    }

    private func separatorsAreBlank(around index: Int) -> Bool {
        let run = runs[index]
        let before = run.start == 0 || bytes[Int(run.start) - 1] == 0x20
        return before && (Int(run.end) == bytes.count || bytes[Int(run.end)] == 0x20)
    }

    /// `1308,92`, `1.308,92`, `1,308.92`: short, or equal to the payment, so that `100006,77` stays a list.
    private mutating func classifyAmounts(_ amount: UInt64, exponent: Int) {
        guard exponent > 0 else { return }
        var index = 1
        while index < runs.count {
            defer { index += 1 }
            guard runs[index].isDigits, runs[index].count == exponent, let mark = separator(before: index),
                mark == 0x2C || mark == 0x2E, runs[index].kind == .plain, runs[index - 1].isDigits,
                runs[index - 1].kind == .plain
            else { continue }
            if let after = separator(before: index + 1), after == mark, runs[index + 1].isDigits { continue }
            var first = index - 1
            while first > 0, runs[first].count == 3, runs[first - 1].isDigits, runs[first - 1].count <= 3,
                let group = separator(before: first), group != mark, group == 0x2E || group == 0x2C || group == 0x27
            { first -= 1 }
            var value: UInt64 = 0
            for part in first...index {
                for byte in bytes[Int(runs[part].start)..<Int(runs[part].end)] where value < 1 << 56 {
                    value = value * 10 + UInt64(byte - 0x30)
                }
            }
            guard value == amount || first < index - 1 || runs[first].count <= 4 else { continue }
            for part in first...index { runs[part].kind = .amount }
        }
    }

    /// `Steindamm 3 20099 Hamburg`: a house and a town stand beside it.
    func isPostcode(at index: Int) -> Bool {
        guard (4...5).contains(runs[index].count), index >= 2, index + 1 < runs.count else { return false }
        let (house, street, town) = (runs[index - 1], runs[index - 2], runs[index + 1])
        return house.count <= 4 && house.hasDigit && !street.hasDigit && street.count >= 4 && !town.hasDigit
            && town.count >= 3
    }

    /// Words of letters, three and more, each once.
    var words: [[UInt8]] {
        var words: [[UInt8]] = []
        for run in runs where !run.hasDigit && run.count >= 3 {
            let word = Array(bytes[Int(run.start)..<Int(run.end)])
            if !words.contains(word) { words.append(word) }
        }
        return words
    }

    /// `less WHT`, `al netto R.A.`: the payer says that a tax was kept back.
    var saysWithheld: Bool {
        func word(_ index: Int) -> ArraySlice<UInt8> { bytes[Int(runs[index].start)..<Int(runs[index].end)] }
        return runs.indices.contains { index in
            guard !runs[index].hasDigit else { return false }
            if Self.taxes.contains(where: { word(index).starts(with: $0) }) { return true }
            guard word(index).elementsEqual("NETTO".utf8), index + 1 < runs.count else { return false }
            return word(index + 1).elementsEqual("RA".utf8)
                || index + 2 < runs.count && word(index + 1).elementsEqual("R".utf8)
                    && word(index + 2).elementsEqual("A".utf8)
        }
    }

    /// `abzgl. 2% Skonto`, `less 5% retention`: what is missing was kept for a reason that is no tax and no bank's fee.
    var saysDeduction: Bool {
        var isDeduction = false
        for run in runs where !run.hasDigit && run.count >= 3 {
            let word = bytes[Int(run.start)..<Int(run.end)]
            if Self.taxes.contains(where: { word.starts(with: $0) }) { return false }
            isDeduction = isDeduction || Self.deductions.contains { Self.holds(word, $0) }
        }
        return isDeduction
    }

    private static func holds(_ word: ArraySlice<UInt8>, _ part: [UInt8]) -> Bool {
        word.count >= part.count && word.indices.contains { word[$0...].starts(with: part) }
    }

    /// `minus 2% korting`.
    var saysDiscount: Bool {
        runs.contains { run in
            let word = bytes[Int(run.start)..<Int(run.end)]
            return !run.hasDigit && Self.discounts.contains { Self.holds(word, $0) }
        }
    }

    private static let discounts: [[UInt8]] = [
        "SKONTO", "SCONTO", "ESCOMPTE", "KORTING", "DESCUENTO", "DESCONTO", "KASSARABAT", "RABATT", "RABAT", "DISCOUNT",
    ].map { Array($0.utf8) }
    /// Parts of words, as some languages join them: `Sicherheitseinbehalt`.
    private static let deductions: [[UInt8]] =
        discounts
        + [
            "EINBEHALT", "RETENTION", "GEWAEHR", "GARANTIE", "GARANTIA", "MAENGEL", "MANGEL", "REKLAM", "RECLAM",
            "BESCHAED",
            "KUERZUNG", "GEKUERZT", "BRUCH", "DEFECT", "DAMAGE", "KLACHT", "SCHADE",
        ].map { Array($0.utf8) }
    private static let taxes: [[UInt8]] = [
        "STEUER", "QUELLENST", "WITHH", "WHT", "TDS", "IRPF", "RITENUT", "RETENCI", "RETENCAO", "TAX", "BRONBELASTING",
        "KILDESKAT", "SOURCE",
    ].map { Array($0.utf8) }

    /// `Rate 1/3`, `Teilzahlung`: the payer says that more will come.
    var saysInstalment: Bool {
        runs.indices.contains { isInstalmentWord($0) }
    }

    /// Which instalment it is: `Rate 2`, `2e termijn`, `2/3`, or `/2` behind a number that ends at one of these places.
    func instalment(behind ends: [Int32]) -> Int? {
        for index in runs.indices {
            if ends.contains(runs[index].start - 1), bytes[Int(runs[index].start) - 1] == 0x2F,
                let count = ordinal(index)
            {
                return count
            }
            guard isInstalmentWord(index) else { continue }
            if index + 1 < runs.count, runs[index + 1].gap != .other, let count = ordinal(index + 1) { return count }
            if index > 0, runs[index].gap != .other, let count = ordinal(index - 1) { return count }
        }
        return nil
    }

    /// `2`, `2e`, `2nd`: a digit or two, and perhaps letters.
    private func ordinal(_ index: Int) -> Int? {
        let word = bytes[Int(runs[index].start)..<Int(runs[index].end)]
        let digits = word.prefix { Folding.isDigit($0) }
        guard (1...2).contains(digits.count), word.count - digits.count <= 3,
            !word.dropFirst(digits.count).contains(where: Folding.isDigit)
        else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return value > 0 ? value : nil
    }

    func isInstalmentWord(_ index: Int) -> Bool {
        let run = runs[index]
        return !run.hasDigit && Self.instalmentWords.contains(Array(bytes[Int(run.start)..<Int(run.end)]))
    }

    private static let instalmentWords: Set<[UInt8]> = Set(
        """
        RATE RATEN TEILZAHLUNG ABSCHLAG INSTALMENT INSTALLMENT PARTIAL PART TERMIJN DEELBETALING ACOMPTE ECHEANCE RATA
        ACCONTO PLAZO CUOTA PARCELA PARCIAL DELBETALNING AVBETALING RATENZAHLUNG RATENPLAN ABSCHLAGSZAHLUNG ANZAHLUNG
        MENSUALITE MENSUALITES ECHEANCIER RIENTRO BETALINGSREGELING AFBETALING AANBETALING AVDRAG
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })

    /// `INV RE-1161 less bank charges`: the last word says what was kept, and is whole.
    var endsWithReason: Bool {
        guard let last = runs.last(where: { Int($0.end) <= folded.end }), !last.hasDigit,
            bytes[Int(last.end)..<folded.end].allSatisfy({ $0 == 0x20 || $0 == 0x2E })
        else { return false }
        return Self.reasons.contains(Array(bytes[Int(last.start)..<Int(last.end)]))
    }

    private static let reasons: Set<[UInt8]> = Set(
        """
        CHARGE CHARGES FEE FEES BANKCHARGES BANKFEES COSTS GEBUEHR GEBUEHREN BANKGEBUEHR BANKGEBUEHREN SPESEN BANKSPESEN
        KOSTEN BANKKOSTEN FRAIS SPESE COMMISSIONI COMMISSION COMMISSIONS COMISION COMISIONES GASTOS TARIFA TAXAS DESPESAS
        GEBYR GEBYRER AVGIFT AVGIFTER KULUT PALKKIO SKONTO SCONTO ESCOMPTE KORTING DESCUENTO DESCONTO RABATT DISCOUNT
        EINBEHALT RETENTION
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })

    /// Whether a bank probably cut the text: it fills a field (18, 27, 35, 70, 80, 140 characters) or ends mid-list.
    var isTruncated: Bool {
        var end = folded.end
        while end > 0, bytes[end - 1] == 0x20 { end -= 1 }
        for width in [18, 27, 35, 70, 80, 140] where (width - 1...width).contains(end + folded.closed) { return true }
        guard end > 0 else { return false }
        return [0x2C, 0x2B, 0x2F, 0x2D, 0x3B, 0x26].contains(bytes[end - 1])
    }
}
