// SPDX-License-Identifier: Apache-2.0

/// A civil date of the Gregorian calendar, without a time zone.
package struct Day: Hashable, Sendable, Comparable {
    /// Days since 1970-01-01.
    package let number: Int32

    package init(number: Int32) { self.number = number }

    /// Nil when the date does not exist (30 February) or the year is outside 1900...2199.
    package init?(year: Int, month: Int, day: Int) {
        guard (1900...2199).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.length(ofMonth: month, year: year)
        else { return nil }
        self.number = Self.daysFromCivil(year: year, month: month, day: day)
    }

    /// ISO 8601 `yyyy-MM-dd`, nothing else.
    package init?(_ text: some StringProtocol) {
        var fields = (0, 0, 0)
        var count = 0
        for byte in text.utf8 {
            switch count {
            case 4, 7: guard byte == 0x2D else { return nil }
            default:
                guard byte >= 0x30, byte <= 0x39, count < 10 else { return nil }
                let digit = Int(byte - 0x30)
                if count < 4 {
                    fields.0 = fields.0 * 10 + digit
                } else if count < 7 {
                    fields.1 = fields.1 * 10 + digit
                } else {
                    fields.2 = fields.2 * 10 + digit
                }
            }
            count += 1
        }
        guard count == 10 else { return nil }
        self.init(year: fields.0, month: fields.1, day: fields.2)
    }

    package static func < (left: Day, right: Day) -> Bool { left.number < right.number }

    package static func + (day: Day, days: Int) -> Day {
        let (sum, overflow) = Int(day.number).addingReportingOverflow(days)
        return Day(number: overflow ? (days < 0 ? .min : .max) : Int32(clamping: sum))
    }
    package static func - (day: Day, days: Int) -> Day { day + (days == .min ? .max : 0 - days) }
    /// Days from `right` to `left`, negative when `left` is earlier.
    package static func - (left: Day, right: Day) -> Int { Int(left.number) - Int(right.number) }

    package var year: Int { civil.year }
    package var month: Int { civil.month }
    package var dayOfMonth: Int { civil.day }

    /// 1 is Monday, 7 is Sunday (ISO 8601).
    package var weekday: Int {
        let shifted = (Int(number) + 3) % 7
        return (shifted < 0 ? shifted + 7 : shifted) + 1
    }

    /// The ISO form, `2026-11-21`.
    package var text: String {
        let (year, month, day) = civil
        return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }

    /// All three at once: Howard Hinnant's civil_from_days.
    package var civil: (year: Int, month: Int, day: Int) {
        let shifted = Int(number) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }

    fileprivate static func daysFromCivil(year: Int, month: Int, day: Int) -> Int32 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let monthIndex = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthIndex + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int32(clamping: era * 146_097 + dayOfEra - 719_468)
    }

    package static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Day: CustomStringConvertible {
    package var description: String { text }
}

/// A calendar month, the unit that is closed.
package struct Month: Hashable, Sendable, Comparable {
    package let year: Int
    package let month: Int

    package init(of day: Day) {
        self.year = day.year
        self.month = day.month
    }

    /// `yyyy-MM`
    package init?(_ text: some StringProtocol) {
        guard let day = Day(String(text) + "-01") else { return nil }
        self.init(of: day)
    }

    package var firstDay: Day { lastDayOfPrevious + 1 }
    package var lastDay: Day {
        let length = Day.length(ofMonth: month, year: year)
        return Day(number: Day.daysFromCivil(year: year, month: month, day: length))
    }
    package var next: Month { Month(of: lastDay + 1) }
    package var previous: Month { Month(of: lastDayOfPrevious) }
    package var text: String { "\(year)-\(month < 10 ? "0" : "")\(month)" }

    private var lastDayOfPrevious: Day { lastDay - Day.length(ofMonth: month, year: year) }

    package static func < (left: Month, right: Month) -> Bool {
        (left.year, left.month) < (right.year, right.month)
    }
}

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Hashable, Sendable, Comparable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
    package static func + (time: Timestamp, milliseconds: Int64) -> Timestamp {
        let (sum, overflow) = time.milliseconds.addingReportingOverflow(milliseconds)
        return Timestamp(milliseconds: overflow ? (milliseconds < 0 ? .min : .max) : sum)
    }

    /// The civil date in UTC.
    package var dayUTC: Day {
        let day = milliseconds / 86_400_000
        return Day(number: Int32(clamping: milliseconds < 0 && milliseconds % 86_400_000 != 0 ? day - 1 : day))
    }

    /// RFC 3339 in UTC with milliseconds: `2026-11-21T09:30:00.000Z`.
    package var text: String {
        let day = dayUTC
        let within = milliseconds - Int64(day.number) * 86_400_000
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let fraction = within % 1000
        let padded = fraction < 10 ? "00\(fraction)" : fraction < 100 ? "0\(fraction)" : "\(fraction)"
        return "\(day.text)T\(two(within / 3_600_000)):\(two(within / 60_000 % 60)):"
            + "\(two(within / 1000 % 60)).\(padded)Z"
    }

    /// RFC 3339: `2026-11-21T09:30:00Z`, with an optional fraction and `Z` or `±hh:mm`. Nil without an offset.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, let day = Day(String(decoding: bytes[0..<10], as: UTF8.self)),
            bytes[10] == 0x54 || bytes[10] == 0x20 || bytes[10] == 0x74
        else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            var value: Int64 = 0
            for byte in bytes[range] {
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                value = value * 10 + Int64(byte - 0x30)
            }
            return value
        }
        guard let hour = number(11..<13), bytes[13] == 0x3A, let minute = number(14..<16),
            bytes[16] == 0x3A, let second = number(17..<19), hour < 24, minute < 60, second < 61
        else { return nil }
        var cursor = 19
        var fraction: Int64 = 0
        if bytes[cursor] == 0x2E {
            cursor += 1
            var scale: Int64 = 100
            guard cursor < bytes.count, bytes[cursor] >= 0x30, bytes[cursor] <= 0x39 else { return nil }
            while cursor < bytes.count, bytes[cursor] >= 0x30, bytes[cursor] <= 0x39 {
                fraction += Int64(bytes[cursor] - 0x30) * scale
                scale /= 10
                cursor += 1
            }
        }
        guard cursor < bytes.count else { return nil }
        var offset: Int64 = 0
        switch bytes[cursor] {
        case 0x5A, 0x7A: guard cursor + 1 == bytes.count else { return nil }
        case 0x2B, 0x2D:
            guard cursor + 6 == bytes.count, let hours = number(cursor + 1..<cursor + 3),
                bytes[cursor + 3] == 0x3A, let minutes = number(cursor + 4..<cursor + 6),
                hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * 60_000 * (bytes[cursor] == 0x2B ? 1 : -1)
        default: return nil
        }
        let time = ((hour * 60 + minute) * 60 + second) * 1000 + fraction
        self.init(milliseconds: Int64(day.number) * 86_400_000 + time - offset)
    }
}

extension Timestamp: CustomStringConvertible {
    package var description: String { text }
}
