// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

struct DayTests {
    @Test("Every day from 1900 to 2199 follows the one before, in text, parts and weekday")
    func roundTrips() throws {
        var day = try #require(Day("1900-01-01"))
        var weekday = 1  // A Monday.
        var count = 0
        for year in 1900...2199 {
            for month in 1...12 {
                for dayOfMonth in 1...Day.length(ofMonth: month, year: year) {
                    let made = Day(year: year, month: month, day: dayOfMonth)
                    guard made == day, Day(day.text) == day, day.year == year, day.month == month,
                        day.dayOfMonth == dayOfMonth, day.weekday == weekday
                    else {
                        Issue.record("\(year)-\(month)-\(dayOfMonth) is \(day)")
                        return
                    }
                    day = day + 1
                    weekday = weekday % 7 + 1
                    count += 1
                }
            }
        }
        #expect(count == 109_573)
        #expect(Day(year: 1970, month: 1, day: 1)?.number == 0)
        #expect(Day(year: 2026, month: 11, day: 21)?.weekday == 6)
    }

    @Test(
        "Dates that do not exist, and other forms, are nil",
        arguments: [
            "2026-02-29", "1900-02-29", "2100-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00",
            "1899-12-31", "2200-01-01", "2026-1-01", "26-01-01", "2026/01/01", "2026-01-01 ", "2026-01-011", "",
            "20260101", "2026-01-0１",
        ])
    func refuses(_ text: String) {
        #expect(Day(text) == nil)
    }

    @Test("Leap days exist", arguments: ["2024-02-29", "2000-02-29", "1904-02-29"])
    func leaps(_ text: String) {
        #expect(Day(text)?.text == text)
    }

    @Test("Adding days stops at the ends of the range in place of trapping")
    func saturates() throws {
        let day = try #require(Day("2026-11-21"))
        #expect((day + .max).number == .max)
        #expect((day + .min).number == .min)
        #expect((day - .min).number == .max)
        #expect((day - .max).number == .min)
        #expect(day + 40 - day == 40)
    }

    @Test(
        "Months know their ends and neighbours",
        arguments: [
            ("2026-11", "2026-11-01", "2026-11-30", "2026-10", "2026-12"),
            ("2024-02", "2024-02-01", "2024-02-29", "2024-01", "2024-03"),
            ("2026-01", "2026-01-01", "2026-01-31", "2025-12", "2026-02"),
            ("2025-12", "2025-12-01", "2025-12-31", "2025-11", "2026-01"),
            ("2199-12", "2199-12-01", "2199-12-31", "2199-11", "2200-01"),
        ])
    func months(_ text: String, _ first: String, _ last: String, _ previous: String, _ next: String) throws {
        let month = try #require(Month(text))
        #expect(month.text == text)
        #expect(month.firstDay.text == first)
        #expect(month.lastDay.text == last)
        #expect(month.previous.text == previous)
        #expect(month.next.text == next)
        #expect(month.next.previous == month)
        #expect(month.previous < month)
    }

    @Test("What is no month is nil", arguments: ["2026", "2026-13", "2026-1", "2026-01-01", ""])
    func refusesMonths(_ text: String) {
        #expect(Month(text) == nil)
    }
}

struct TimestampTests {
    @Test(
        "RFC 3339 parses to UTC",
        arguments: [
            ("2026-11-21T09:30:00Z", "2026-11-21T09:30:00.000Z"), ("2026-11-21t09:30:00z", "2026-11-21T09:30:00.000Z"),
            ("2026-11-21 09:30:00Z", "2026-11-21T09:30:00.000Z"),
            ("2026-11-21T09:30:00.5Z", "2026-11-21T09:30:00.500Z"),
            ("2026-11-21T09:30:00.1239Z", "2026-11-21T09:30:00.123Z"),
            ("2026-11-21T09:30:00+01:00", "2026-11-21T08:30:00.000Z"),
            ("2026-11-21T23:30:00-03:00", "2026-11-22T02:30:00.000Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
        ])
    func parses(_ text: String, _ expected: String) throws {
        let time = try #require(Timestamp(text))
        #expect(time.text == expected)
        #expect(Timestamp(time.text) == time)
    }

    @Test(
        "Without an offset, or out of range, it is nil",
        arguments: [
            "2026-11-21T09:30:00", "2026-11-21", "2026-11-21T24:00:00Z", "2026-11-21T09:60:00Z",
            "2026-02-30T09:30:00Z", "2026-11-21T09:30:00.Z", "2026-11-21T09:30:00.", "2026-11-21T09:30:00+1:00",
            "2026-11-21T09:30:00+24:00", "2026-11-21T09:30:00+01:60", "2026-11-21T09:30:00ZZ", "", "Z",
            "2026-11-21X09:30:00Z", "2026-11-21T09:30:61Z",
        ])
    func refuses(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("Days, in UTC, begin at midnight on both sides of 1970")
    func days() {
        #expect(Timestamp(milliseconds: 0).dayUTC.text == "1970-01-01")
        #expect(Timestamp(milliseconds: -1).dayUTC.text == "1969-12-31")
        #expect(Timestamp(milliseconds: -86_400_000).dayUTC.text == "1969-12-31")
        #expect(Timestamp(milliseconds: 86_399_999).dayUTC.text == "1970-01-01")
    }

    @Test("Adding stops at the ends of the range")
    func saturates() {
        #expect((Timestamp(milliseconds: 5) + .max).milliseconds == .max)
        #expect((Timestamp(milliseconds: -5) + .min).milliseconds == .min)
        #expect((Timestamp(milliseconds: 5) + 7).milliseconds == 12)
    }
}
