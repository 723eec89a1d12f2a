// SPDX-License-Identifier: Apache-2.0

/// Which days a bank books: pure rules, no table of years.
package struct BankingCalendar: Hashable, Sendable {
    package enum Name: String, Sendable, CaseIterable {
        /// T2/TARGET: weekends, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December (ECB).
        case target
        /// Brazil, national banking holidays (Lei 662/1949, 6.802/1980, 14.759/2023; Carnival and Corpus Christi by FEBRABAN).
        case brazil
        /// Weekends only.
        case weekdays
    }

    package let name: Name

    package init(_ name: Name) { self.name = name }

    package func isBankingDay(_ day: Day) -> Bool {
        day.weekday <= 5 && !isHoliday(day)
    }

    /// The `count`-th banking day after `day`; `day` itself for 0 or less. Counts beyond ten years are cut to that.
    package func adding(_ count: Int, to day: Day) -> Day {
        var result = day
        var left = min(max(0, count), 2_600)
        while left > 0 {
            result = result + 1
            if isBankingDay(result) { left -= 1 }
        }
        return result
    }

    /// The last banking day on or before `day`.
    package func onOrBefore(_ day: Day) -> Day {
        var result = day
        while !isBankingDay(result) { result = result - 1 }
        return result
    }

    /// The first banking day after `day`.
    package func next(after day: Day) -> Day { adding(1, to: day) }

    package func isHoliday(_ day: Day) -> Bool {
        let date = (day.month, day.dayOfMonth)
        let easter = Self.easter(year: day.year)
        switch name {
        case .weekdays: return false
        case .target:
            let fixed = [(1, 1), (5, 1), (12, 25), (12, 26)]
            return fixed.contains { $0 == date } || day == easter - 2 || day == easter + 1
        case .brazil:
            var fixed = [(1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (12, 25)]
            if day.year >= 2024 { fixed.append((11, 20)) }
            return fixed.contains { $0 == date }
                || [easter - 48, easter - 47, easter - 2, easter + 60].contains(day)
        }
    }

    /// Easter Sunday, the anonymous Gregorian computus (Meeus/Jones/Butcher).
    package static func easter(year: Int) -> Day {
        let a = year % 19
        let b = year / 100
        let c = year % 100
        let d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30
        let e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7
        let f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114
        return Day(year: year, month: f / 31, day: f % 31 + 1) ?? Day(number: 0)
    }
}
