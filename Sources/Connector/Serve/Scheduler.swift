// SPDX-License-Identifier: Apache-2.0
package import Documents

/// Which sources are due: a value that is told the time and what ended.
///
/// One run of a source at a time. Runs that were missed, because the process was down or a run took long, are caught up
/// by one. A source that was never read is due at once.
package struct Scheduler: Sendable {
    package struct Name: Hashable, Sendable, Comparable {
        package let company: String
        package let source: String

        package init(company: String, source: String) {
            self.company = company
            self.source = source
        }

        package static func < (left: Name, right: Name) -> Bool {
            (left.company, left.source) < (right.company, right.source)
        }
    }

    struct Line: Sendable {
        let name: Name
        let cron: Cron
        let zone: String
        let jitterSeconds: Int
        var lastStarted: Timestamp?
        var isRunning = false
    }

    private(set) var lines: [Line] = []
    /// Runs at the same time, of different sources.
    let runsMax: Int

    package init(runsMax: Int = 4) { self.runsMax = runsMax }

    /// - Parameter lastStarted: of the last run, whoever started it; nil when there was none.
    package mutating func add(
        _ name: Name, _ cron: Cron, zone: String, jitterSeconds: Int, lastStarted: Timestamp?
    ) {
        lines.append(
            Line(name: name, cron: cron, zone: zone, jitterSeconds: jitterSeconds, lastStarted: lastStarted))
    }

    package var running: [Name] { lines.filter(\.isRunning).map(\.name) }

    /// When each is due next; the past for one that is due now.
    package var due: [(name: Name, at: Timestamp)] {
        lines.compactMap { line in
            Self.due(
                line.cron, zone: line.zone, jitterSeconds: line.jitterSeconds, after: line.lastStarted, name: line.name
            ).map { (line.name, $0) }
        }
    }

    /// Those that are to be started now; they count as running until `ended`.
    package mutating func start(at now: Timestamp) -> [Name] {
        let ready = due.filter { $0.at <= now }.sorted { ($0.at, $0.name) < ($1.at, $1.name) }
        var started: [Name] = []
        for (name, _) in ready {
            guard lines.count(where: \.isRunning) < runsMax else { break }
            guard let index = lines.firstIndex(where: { $0.name == name }), !lines[index].isRunning else { continue }
            lines[index].isRunning = true
            lines[index].lastStarted = now
            started.append(name)
        }
        return started
    }

    package mutating func ended(_ name: Name) {
        for index in lines.indices where lines[index].name == name { lines[index].isRunning = false }
    }

    /// The next moment of a schedule after a run.
    static func due(
        _ cron: Cron, zone: String, jitterSeconds: Int, after last: Timestamp?, name: Name
    ) -> Timestamp? {
        guard let last else { return Timestamp(milliseconds: 0) }
        guard let local = ZonedTime(last, zone: zone) else { return nil }
        var slot = LocalTime(local.day, minute: local.minute)
        // Where clocks go back a slot may lie before the run that it follows.
        for _ in 0..<200 {
            guard let next = cron.next(after: slot),
                let instant = ZonedTime.instant(day: next.day, minute: next.minute, zone: zone)
            else { return nil }
            if instant > last {
                return instant + Int64(jitter(name, slot: instant, seconds: jitterSeconds)) * 1000
            }
            slot = next
        }
        return nil
    }

    /// FNV-1a: the same for the same source and slot, in every process.
    private static func jitter(_ name: Name, slot: Timestamp, seconds: Int) -> Int {
        guard seconds > 0 else { return 0 }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in "\(name.company)/\(name.source)/\(slot.milliseconds)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return Int(hash % UInt64(seconds + 1))
    }
}
