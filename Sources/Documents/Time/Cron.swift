// SPDX-License-Identifier: Apache-2.0

/// When something is due, in the five fields of crontab(5): minute, hour, day of the month, month, day of the week.
///
/// Lists, ranges, steps and English names are read (`*/15 6-20 * * MON-FRI`), and `@hourly`, `@daily`, `@weekly`,
/// `@monthly`. Where both kinds of day are given, either is enough, as in every cron.
package struct Cron: Hashable, Sendable {
    /// As it was written.
    package let text: String
    private var minutes: UInt64
    private var hours: UInt64
    private var daysOfMonth: UInt64
    private var months: UInt64
    /// Bit 0 is Sunday.
    private var weekdays: UInt64
    private var eitherDay: Bool

    private static let names = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
    ]
    private static let monthNames = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// Nil for anything that is not a schedule, and for one that never comes (30 February).
    package init?(_ text: String) {
        let fields = (Self.names[text.lowercased()] ?? text).split { $0 == " " || $0 == "\t" }
        guard fields.count == 5, let minutes = Self.bits(fields[0], in: 0...59, names: []),
            let hours = Self.bits(fields[1], in: 0...23, names: []),
            let days = Self.bits(fields[2], in: 1...31, names: []),
            let months = Self.bits(fields[3], in: 1...12, names: Self.monthNames),
            let weekdays = Self.bits(fields[4], in: 0...7, names: Self.dayNames)
        else { return nil }
        self.text = text
        self.minutes = minutes
        self.hours = hours
        daysOfMonth = days
        self.months = months
        // Sunday is 0 and 7.
        self.weekdays = (weekdays | weekdays >> 7) & 0x7F
        eitherDay = fields[2].first != "*" && fields[4].first != "*"
        guard let start = Day(year: 2000, month: 1, day: 1), next(after: LocalTime(start, minute: 0)) != nil else {
            return nil
        }
    }

    /// The first time after `time`; nil when there is none within eight years, the longest way from one 29 February to
    /// the next.
    package func next(after time: LocalTime) -> LocalTime? {
        if isDue(on: time.day), let minute = minute(after: time.minute) { return LocalTime(time.day, minute: minute) }
        for days in 1...(8 * 366) where isDue(on: time.day + days) {
            if let minute = minute(after: -1) { return LocalTime(time.day + days, minute: minute) }
        }
        return nil
    }

    private func isDue(on day: Day) -> Bool {
        guard months >> UInt64(day.month) & 1 == 1 else { return false }
        let isDayOfMonth = daysOfMonth >> UInt64(day.dayOfMonth) & 1 == 1
        let isWeekday = weekdays >> UInt64(day.weekday % 7) & 1 == 1
        return eitherDay ? isDayOfMonth || isWeekday : isDayOfMonth && isWeekday
    }

    private func minute(after minute: Int) -> Int? {
        for later in (minute + 1)..<1440 where hours >> UInt64(later / 60) & 1 == 1 {
            if minutes >> UInt64(later % 60) & 1 == 1 { return later }
        }
        return nil
    }

    private static func bits(_ field: Substring, in range: ClosedRange<Int>, names: [String]) -> UInt64? {
        var bits: UInt64 = 0
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            guard pieces.count <= 2, let whole = pieces.first else { return nil }
            var step = 1
            if pieces.count == 2 {
                guard let number = Int(pieces[1]), number >= 1, number <= range.upperBound else { return nil }
                step = number
            }
            guard let span = span(whole, in: range, names: names, hasStep: pieces.count == 2) else { return nil }
            for value in stride(from: span.lowerBound, through: span.upperBound, by: step) {
                bits |= 1 << UInt64(value)
            }
        }
        return bits
    }

    private static func span(
        _ text: Substring, in range: ClosedRange<Int>, names: [String], hasStep: Bool
    ) -> ClosedRange<Int>? {
        if text == "*" { return range }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = ends.first.flatMap({ value($0, in: range, names: names) }) else { return nil }
        switch ends.count {
        case 1: return first...(hasStep ? range.upperBound : first)
        case 2:
            guard let last = value(ends[1], in: range, names: names), first <= last else { return nil }
            return first...last
        default: return nil
        }
    }

    private static func value(_ text: Substring, in range: ClosedRange<Int>, names: [String]) -> Int? {
        if let place = names.firstIndex(of: text.lowercased()) { return place + (names.count == 12 ? 1 : 0) }
        guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(text), range.contains(number) else {
            return nil
        }
        return number
    }
}
