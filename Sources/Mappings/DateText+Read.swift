// SPDX-License-Identifier: Apache-2.0
import Documents

extension DateConvention {
    /// Reads the whole of `bytes[start..<end]`; nil when it is not a day by this convention.
    package func read(_ bytes: [UInt8], _ start: Int, _ end: Int) -> DateReading? {
        switch self {
        case .iso: Self.iso(bytes, start, end)
        case .pattern(let pattern): pattern.read(bytes, start, end)
        case .dayFirst: Self.numeric(bytes, start, end).flatMap { $0.reading(dayFirst: true) }
        case .monthFirst: Self.numeric(bytes, start, end).flatMap { $0.reading(dayFirst: false) }
        case .yearFirst: Self.yearFirst(bytes, start, end)
        case .monthInWords: DatePattern.inWords.lazy.compactMap { $0.read(bytes, start, end) }.first
        case .epochSeconds: Self.integer(bytes, start, end).flatMap { Self.instant($0, unit: 1000) }
        case .epochMilliseconds: Self.integer(bytes, start, end).flatMap { Self.instant($0, unit: 1) }
        case .msjson: Self.msjson(bytes, start, end)
        case .excel: Self.excel(bytes, start, end)
        case .oneOf(let conventions): conventions.lazy.compactMap { $0.read(bytes, start, end) }.first
        case .parts: nil
        }
    }

    /// `yyyy-MM-dd` in the ten bytes from `start`, the form most rows have.
    static func isoDay(_ bytes: [UInt8], _ start: Int) -> Day? {
        guard bytes[start + 4] == 0x2D, bytes[start + 7] == 0x2D else { return nil }
        var digits = 0
        for place in 0..<10 where place != 4 && place != 7 {
            let digit = bytes[start + place] &- 0x30
            guard digit <= 9 else { return nil }
            digits = digits * 10 + Int(digit)
        }
        return Day(year: digits / 10_000, month: digits / 100 % 100, day: digits % 100)
    }

    package func read(_ text: String) -> DateReading? {
        let bytes = Array(text.utf8)
        return read(bytes, 0, bytes.count)
    }

    private static func iso(_ bytes: [UInt8], _ start: Int, _ end: Int) -> DateReading? {
        var scan = DateScan(bytes: bytes, index: start, end: end)
        guard let year = scan.number(4, 4), scan.take(0x2D), let month = scan.number(2, 2), scan.take(0x2D),
            let dayOfMonth = scan.number(2, 2), let day = Day(year: year, month: month, day: dayOfMonth)
        else { return nil }
        if scan.index == end { return DateReading(day: day) }
        guard scan.take(0x54) || scan.take(0x20) || scan.take(0x74), let clock = scan.timeAndOffset() else {
            return nil
        }
        return DateReading(day: day, time: clock.time, offset: clock.offset)
    }

    private static func yearFirst(_ bytes: [UInt8], _ start: Int, _ end: Int) -> DateReading? {
        var scan = DateScan(bytes: bytes, index: start, end: end)
        guard let year = scan.number(4, 4) else { return nil }
        let mark = scan.index < end ? bytes[scan.index] : 0
        let marked = mark == 0x2D || mark == 0x2F || mark == 0x2E
        if marked { scan.index += 1 }
        guard let month = scan.number(marked ? 1 : 2, 2), !marked || scan.take(mark),
            let dayOfMonth = scan.number(marked ? 1 : 2, 2),
            let day = Day(year: year, month: month, day: dayOfMonth)
        else { return nil }
        if scan.index == end { return DateReading(day: day) }
        guard scan.take(0x54) || scan.take(0x20), let clock = scan.timeAndOffset() else { return nil }
        return DateReading(day: day, time: clock.time, offset: clock.offset)
    }

    /// Two small numbers and a four-digit year, whose order is another's decision.
    struct Numeric {
        var first: Int
        var second: Int
        var year: Int
        var time: Int64 = 0
        var offset: Int64?

        func reading(dayFirst: Bool) -> DateReading? {
            let (day, month) = dayFirst ? (first, second) : (second, first)
            guard let date = Day(year: year, month: month, day: day) else { return nil }
            return DateReading(day: date, time: time, offset: offset)
        }
    }

    static func numeric(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Numeric? {
        var scan = DateScan(bytes: bytes, index: start, end: end)
        guard let first = scan.number(1, 2), scan.index < end else { return nil }
        let mark = bytes[scan.index]
        guard mark == 0x2E || mark == 0x2D || mark == 0x2F, scan.take(mark), let second = scan.number(1, 2),
            scan.take(mark), let year = scan.number(4, 4)
        else { return nil }
        var result = Numeric(first: first, second: second, year: year)
        if scan.index == end { return result }
        guard scan.take(0x20), let clock = scan.timeAndOffset() else { return nil }
        result.time = clock.time
        result.offset = clock.offset
        return result
    }

    private static func integer(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int64? {
        guard start < end, end - start <= 16 else { return nil }
        var index = start
        let negative = bytes[index] == 0x2D
        if negative { index += 1 }
        guard index < end else { return nil }
        var value: Int64 = 0
        while index < end {
            guard bytes[index] &- 0x30 <= 9 else { return nil }
            value = value * 10 + Int64(bytes[index] - 0x30)
            index += 1
        }
        return negative ? -value : value
    }

    /// Nil outside the years a `Day` may have.
    private static func instant(_ value: Int64, unit: Int64) -> DateReading? {
        let (milliseconds, overflow) = value.multipliedReportingOverflow(by: unit)
        guard !overflow, milliseconds > -2_208_988_800_000, milliseconds < 7_258_118_400_000 else { return nil }
        let day = Timestamp(milliseconds: milliseconds).dayUTC
        return DateReading(day: day, time: milliseconds - Int64(day.number) * 86_400_000, offset: 0)
    }

    private static func msjson(_ bytes: [UInt8], _ start: Int, _ end: Int) -> DateReading? {
        let prefix = Array("/Date(".utf8)
        guard end - start > prefix.count + 2, bytes[start..<start + prefix.count].elementsEqual(prefix),
            bytes[end - 1] == 0x2F, bytes[end - 2] == 0x29
        else { return nil }
        let from = start + prefix.count
        var stop = from
        while stop < end - 2, bytes[stop] &- 0x30 <= 9 || (stop == from && bytes[stop] == 0x2D) { stop += 1 }
        guard let value = integer(bytes, from, stop) else { return nil }
        if stop < end - 2 {
            var scan = DateScan(bytes: bytes, index: stop, end: end - 2)
            guard scan.offset() != nil, scan.index == end - 2 else { return nil }
        }
        return instant(value, unit: 1)
    }

    /// Whole days, a fraction is the time of day; the serial of 1900-03-01 is 61, earlier ones are wrong in the sheet.
    private static func excel(_ bytes: [UInt8], _ start: Int, _ end: Int) -> DateReading? {
        let mark = bytes[start..<end].firstIndex(of: 0x2E) ?? end
        guard let serial = integer(bytes, start, mark), serial >= 61, serial < 109_575 else { return nil }
        guard bytes[min(mark + 1, end)..<end].allSatisfy({ $0 &- 0x30 <= 9 }) else { return nil }
        return DateReading(day: Day(number: Int32(serial) - 25_569))
    }
}

/// What the values of one column say about the order of day, month and year.
package struct DateEvidence: Sendable {
    private var iso: AmountEvidence.Sample?
    private var dayFirst: AmountEvidence.Sample?
    private var monthFirst: AmountEvidence.Sample?
    private var inWords: AmountEvidence.Sample?
    private var unclear: [AmountEvidence.Sample] = []
    private var unclearCount = 0
    private var unread: AmountEvidence.Sample?

    package init() {}

    package mutating func add(_ bytes: [UInt8], _ start: Int, _ end: Int, line: Int) {
        func sample() -> AmountEvidence.Sample {
            AmountEvidence.Sample(line: line, text: String(decoding: bytes[start..<end], as: UTF8.self))
        }
        if DateConvention.yearFirst.read(bytes, start, end) != nil {
            if iso == nil { iso = sample() }
            return
        }
        guard let numeric = DateConvention.numeric(bytes, start, end) else {
            if DateConvention.monthInWords.read(bytes, start, end) != nil {
                if inWords == nil { inWords = sample() }
            } else if unread == nil {
                unread = sample()
            }
            return
        }
        let asDayFirst = numeric.reading(dayFirst: true) != nil
        let asMonthFirst = numeric.reading(dayFirst: false) != nil
        switch (asDayFirst, asMonthFirst) {
        case (true, true):
            // The same day either way says nothing and needs nothing settled.
            if numeric.first == numeric.second { return }
            unclearCount += 1
            if unclear.count < AmountEvidence.samplesMax { unclear.append(sample()) }
        case (true, false): if dayFirst == nil { dayFirst = sample() }
        case (false, true): if monthFirst == nil { monthFirst = sample() }
        case (false, false): if unread == nil { unread = sample() }
        }
    }

    /// Its values are in one order or the other, and none of them says in which.
    package var isUnclear: Bool { [iso, dayFirst, monthFirst, inWords].allSatisfy { $0 == nil } && !unclear.isEmpty }

    /// The order that a value settles: day first, or month first.
    package var order: DateConvention? {
        guard iso == nil, inWords == nil, (dayFirst == nil) != (monthFirst == nil) else { return nil }
        return dayFirst != nil ? .dayFirst : .monthFirst
    }

    /// The column's convention, or the refusal that says why there is none.
    /// - Parameter others: The order of the file's other columns, where they have one and the same.
    package func settle(column: String, others: DateConvention? = nil) -> Result<DateConvention, Refusal> {
        if isUnclear, let others { return .success(others) }
        let clear = [iso, dayFirst, monthFirst, inWords].compactMap(\.self)
        if clear.count > 1 || (iso ?? inWords) != nil && !unclear.isEmpty {
            let shown = (clear + unclear.prefix(1)).sorted { $0.line < $1.line }
            let places = shown.map { "\"\($0.text)\" in line \($0.line)" }.joined(separator: ", ")
            return .failure(
                Refusal(
                    "DATE-MIXED", line: shown.last?.line ?? 0,
                    "column \"\(column)\" writes its days in more than one way: \(places)",
                    hint:
                        "Correct the export, or list the patterns in `read: { date: [ … ] }` if no text fits two of them."
                )
            )
        }
        if dayFirst != nil { return .success(.dayFirst) }
        if monthFirst != nil { return .success(.monthFirst) }
        if iso != nil { return .success(.yearFirst) }
        if inWords != nil { return .success(.monthInWords) }
        if let first = unclear.first { return .failure(ambiguous(first, column)) }
        if let unread {
            return .failure(
                Refusal(
                    "DATE-UNKNOWN", line: unread.line,
                    "column \"\(column)\": \"\(unread.text)\" in line \(unread.line) is in no order of year, month "
                        + "and day that can be told without being told",
                    hint: "State `read: { date: … }` in the mapping, for example `date: dd.MM.yy`."))
        }
        // Nothing but empty fields, or days like 04.04.2024, which are the same in either order.
        return .success(.dayFirst)
    }

    private func ambiguous(_ first: AmountEvidence.Sample, _ column: String) -> Refusal {
        let bytes = Array(first.text.utf8)
        let numeric = DateConvention.numeric(bytes, 0, bytes.count)
        let one = numeric?.reading(dayFirst: true)?.day.text ?? first.text
        let other = numeric?.reading(dayFirst: false)?.day.text ?? first.text
        let mark = first.text.first { "./-".contains($0) } ?? "."
        return Refusal(
            "DATE-AMBIGUOUS", line: first.line,
            "column \"\(column)\": \"\(first.text)\" is \(one) or \(other), and no other value of the column "
                + "settles which (\(Refusal.lines(unclear.map(\.line), of: unclearCount)))",
            hint: "State `read: { date: dd\(mark)MM\(mark)yyyy }` or `read: { date: MM\(mark)dd\(mark)yyyy }` in the "
                + "mapping, as the file means it.")
    }
}
