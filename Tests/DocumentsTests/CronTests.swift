// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

struct CronTests {
    private func times(_ text: String, after: String, minute: Int = 0, count: Int = 4) throws -> [String] {
        let cron = try #require(Cron(text))
        var time = LocalTime(try #require(Day(after)), minute: minute)
        return try (0..<count).map { _ in
            time = try #require(cron.next(after: time))
            return time.text
        }
    }

    @Test(arguments: [
        // Saturday, then Monday to Friday.
        (
            "*/30 6-7 * * MON-FRI", "2026-11-21",
            ["2026-11-23 06:00", "2026-11-23 06:30", "2026-11-23 07:00", "2026-11-23 07:30"]
        ),
        ("15 2 29 2 *", "2026-01-01", ["2028-02-29 02:15", "2032-02-29 02:15"]),
        ("0 0 31 * *", "2026-01-31", ["2026-03-31 00:00", "2026-05-31 00:00"]),
        // Either kind of day is enough: the 1st, or a Sunday.
        ("0 12 1 * 7", "2026-10-31", ["2026-11-01 12:00", "2026-11-08 12:00"]),
        ("0 12 1 dec sun", "2026-11-30", ["2026-12-01 12:00", "2026-12-06 12:00"]),
        // A step counts from the first value of its range.
        (
            "5/20 * * * *", "2026-11-21",
            ["2026-11-21 00:05", "2026-11-21 00:25", "2026-11-21 00:45", "2026-11-21 01:05"]
        ),
        ("@hourly", "2026-11-21", ["2026-11-21 01:00", "2026-11-21 02:00"]),
        ("1,3 0 * * *", "2026-12-31", ["2026-12-31 00:01", "2026-12-31 00:03", "2027-01-01 00:01"]),
    ]) func `The next times are those of cron`(_ text: String, _ after: String, _ wanted: [String]) throws {
        #expect(try times(text, after: after, count: wanted.count) == wanted)
    }

    @Test func `A minute that is now is not after now`() throws {
        #expect(try times("30 9 * * *", after: "2026-11-21", minute: 570, count: 1) == ["2026-11-22 09:30"])
        #expect(try times("30 9 * * *", after: "2026-11-21", minute: 569, count: 1) == ["2026-11-21 09:30"])
    }

    @Test(arguments: [
        "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "a * * * *",
        "*/0 * * * *", "5-1 * * * *", "1,,2 * * * *", "-1 * * * *", "* * 30 2 *", "*/2/3 * * * *", "@never",
        "+1 * * * *",
    ]) func `What is no schedule, or never comes, is refused`(_ text: String) {
        #expect(Cron(text) == nil)
    }
}
