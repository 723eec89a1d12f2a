// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

struct BankingCalendarTests {
    @Test(
        "Easter falls where the tables say",
        arguments: [
            "1900-04-15", "1913-03-23", "1943-04-25", "1954-04-18", "1961-04-02", "1981-04-19", "1999-04-04",
            "2000-04-23", "2008-03-23", "2011-04-24", "2016-03-27", "2019-04-21", "2020-04-12", "2023-04-09",
            "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2030-04-21", "2038-04-25", "2049-04-18",
            "2100-03-28", "2160-03-23", "2199-04-14",
        ])
    func easter(_ text: String) throws {
        let day = try #require(Day(text))
        #expect(BankingCalendar.easter(year: day.year) == day)
    }

    @Test("Easter is always a Sunday between 22 March and 25 April")
    func easterBounds() {
        for year in 1900...2199 {
            let easter = BankingCalendar.easter(year: year)
            #expect(easter.weekday == 7)
            #expect(easter.text.dropFirst(5) >= "03-22" && easter.text.dropFirst(5) <= "04-25")
        }
    }

    @Test("The closing days of T2 on weekdays are the ECB's")
    func target() throws {
        let expected: [Int: [String]] = [
            2024: ["01-01", "03-29", "04-01", "05-01", "12-25", "12-26"],
            2025: ["01-01", "04-18", "04-21", "05-01", "12-25", "12-26"],
            2026: ["01-01", "04-03", "04-06", "05-01", "12-25"],
        ]
        try expectClosed(.target, expected)
    }

    @Test("The Brazilian banking holidays on weekdays are FEBRABAN's")
    func brazil() throws {
        let expected: [Int: [String]] = [
            2023: [
                "02-20", "02-21", "04-07", "04-21", "05-01", "06-08", "09-07", "10-12", "11-02", "11-15", "12-25",
            ],
            2026: [
                "01-01", "02-16", "02-17", "04-03", "04-21", "05-01", "06-04", "09-07", "10-12", "11-02", "11-20",
                "12-25",
            ],
        ]
        try expectClosed(.brazil, expected)
    }

    private func expectClosed(_ name: BankingCalendar.Name, _ expected: [Int: [String]]) throws {
        let calendar = BankingCalendar(name)
        for year in expected.keys.sorted() {
            var day = try #require(Day(year: year, month: 1, day: 1))
            var closed: [String] = []
            while day.year == year {
                if day.weekday <= 5, !calendar.isBankingDay(day) { closed.append(String(day.text.dropFirst(5))) }
                day = day + 1
            }
            #expect(closed == expected[year])
        }
    }

    @Test(
        "Banking days are counted over weekends and holidays",
        arguments: [
            ("2026-04-01", 1, "2026-04-02"), ("2026-04-02", 1, "2026-04-07"), ("2026-04-02", 2, "2026-04-08"),
            ("2026-11-20", 1, "2026-11-23"), ("2026-11-21", 1, "2026-11-23"), ("2026-11-21", 0, "2026-11-21"),
            ("2026-12-24", 1, "2026-12-28"), ("2026-11-20", -3, "2026-11-20"),
        ])
    func adds(_ from: String, _ count: Int, _ expected: String) throws {
        let day = try #require(Day(from))
        #expect(BankingCalendar(.target).adding(count, to: day).text == expected)
    }

    @Test("A count from bad input ends")
    func ends() throws {
        let day = try #require(Day("2026-11-20"))
        #expect(BankingCalendar(.target).adding(.max, to: day) > day)
    }

    @Test("The last banking day on or before a day may be the day itself")
    func onOrBefore() throws {
        let calendar = BankingCalendar(.target)
        #expect(calendar.onOrBefore(try #require(Day("2026-04-06"))).text == "2026-04-02")
        #expect(calendar.onOrBefore(try #require(Day("2026-04-07"))).text == "2026-04-07")
        #expect(BankingCalendar(.weekdays).onOrBefore(try #require(Day("2026-04-06"))).text == "2026-04-06")
    }
}
