// SPDX-License-Identifier: Apache-2.0

/// A minute of a civil day where somebody lives. Time zones are an edge's business; the core only compares these.
package struct LocalTime: Hashable, Sendable, Comparable {
    package var day: Day
    /// Minutes since local midnight, 0...1439.
    package var minute: Int

    package init(_ day: Day, minute: Int) {
        self.day = day
        self.minute = min(max(0, minute), 1439)
    }

    package static func < (left: LocalTime, right: LocalTime) -> Bool {
        (left.day, left.minute) < (right.day, right.minute)
    }

    /// The local time `hours` later, by the clock on the wall: a change to summer time does not move it.
    package func adding(hours: Int) -> LocalTime {
        let total = minute + hours * 60
        let days = total >= 0 ? total / 1440 : (total - 1439) / 1440
        return LocalTime(day + days, minute: total - days * 1440)
    }

    /// `2026-11-21 09:30`
    package var text: String { "\(day.text) \(Self.clock(minute))" }

    /// `09:30`; `24:00` for the end of a day.
    package static func clock(_ minute: Int) -> String {
        let (hours, minutes) = (minute / 60, minute % 60)
        return "\(hours < 10 ? "0" : "")\(hours):\(minutes < 10 ? "0" : "")\(minutes)"
    }
}
