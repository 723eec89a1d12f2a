// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Testing

struct ScheduleTests {
    private static let name = Scheduler.Name(company: "acme", source: "shop")

    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }

    private func scheduler(
        _ cron: String, last: String?, zone: String = "UTC", jitter: Int = 0
    ) throws -> Scheduler {
        var scheduler = Scheduler()
        scheduler.add(
            Self.name, try #require(Cron(cron)), zone: zone, jitterSeconds: jitter,
            lastStarted: try last.map { try time($0) })
        return scheduler
    }

    @Test func `What was missed is caught up once`() throws {
        var scheduler = try scheduler("*/10 * * * *", last: "2026-11-21T08:00:10Z")
        #expect(scheduler.start(at: try time("2026-11-21T08:09:59Z")) == [])
        // Five hours and thirty slots later.
        #expect(scheduler.start(at: try time("2026-11-21T13:03:00Z")) == [Self.name])
        scheduler.ended(Self.name)
        #expect(scheduler.start(at: try time("2026-11-21T13:09:59Z")) == [])
        #expect(scheduler.start(at: try time("2026-11-21T13:10:00Z")) == [Self.name])
    }

    @Test func `A source runs once at a time, and what was never read is due`() throws {
        var scheduler = try scheduler("* * * * *", last: nil)
        #expect(scheduler.start(at: try time("2026-11-21T08:00:00Z")) == [Self.name])
        #expect(scheduler.start(at: try time("2026-11-21T08:05:00Z")) == [])
        #expect(scheduler.running == [Self.name])
        scheduler.ended(Self.name)
        #expect(scheduler.start(at: try time("2026-11-21T08:05:01Z")) == [Self.name])
    }

    @Test func `Not more than so many run at once, the longest due first`() throws {
        var scheduler = Scheduler(runsMax: 2)
        for (source, last) in [
            ("a", "2026-11-21T07:30:00Z"), ("b", "2026-11-21T06:00:00Z"), ("c", "2026-11-21T05:00:00Z"),
        ] {
            scheduler.add(
                Scheduler.Name(company: "acme", source: source), try #require(Cron("0 * * * *")), zone: "UTC",
                jitterSeconds: 0, lastStarted: try time(last))
        }
        let now = try time("2026-11-21T09:00:00Z")
        #expect(scheduler.start(at: now).map(\.source) == ["c", "b"])
        scheduler.ended(Scheduler.Name(company: "acme", source: "b"))
        #expect(scheduler.start(at: now).map(\.source) == ["a"])
    }

    @Test func `Chance spreads runs within its seconds, the same for the same slot`() throws {
        let slot = try time("2026-11-21T09:00:00Z")
        var seen: Set<Int64> = []
        for source in 0..<40 {
            func due() throws -> Timestamp? {
                var scheduler = Scheduler()
                scheduler.add(
                    Scheduler.Name(company: "acme", source: "s\(source)"), try #require(Cron("0 * * * *")), zone: "UTC",
                    jitterSeconds: 120, lastStarted: try time("2026-11-21T08:00:00Z"))
                return scheduler.due.first?.at
            }
            let late = try #require(try due()).milliseconds - slot.milliseconds
            #expect((0...120_000).contains(late))
            #expect(try due()?.milliseconds == slot.milliseconds + late)
            seen.insert(late)
        }
        #expect(seen.count > 20)
    }

    @Test(arguments: [
        // Clocks go forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00 in Amsterdam.
        ("30 2 * * *", "2026-03-28T01:30:00Z", ["2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"]),
        ("30 2 * * *", "2026-10-24T00:30:00Z", ["2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"]),
        ("0 6 * * *", "2026-10-24T04:00:00Z", ["2026-10-25T05:00:00Z", "2026-10-26T05:00:00Z"]),
    ]) func `A change of the clocks skips no day and doubles none`(_ cron: String, _ last: String, _ wanted: [String])
        throws
    {
        var moment = last
        for next in wanted {
            let due = try #require(try scheduler(cron, last: moment, zone: "Europe/Amsterdam").due.first?.at)
            #expect(due == (try time(next)))
            moment = next
        }
    }
}
