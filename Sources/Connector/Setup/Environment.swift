// SPDX-License-Identifier: Apache-2.0
package import Documents
import Foundation
import Synchronization

/// Everything the pipeline may touch besides its arguments: clock, chance, shared data and the log on stderr.
package struct Environment: Sendable {
    /// The wall clock: when Tieout learned or did something.
    package var now: @Sendable () -> Timestamp
    package var random: @Sendable () -> UInt64
    /// The folder with `mappings/` and `policies/`.
    package var share: String
    /// Progress and remarks; never results.
    package var log: @Sendable (String) -> Void
    /// Set where one process runs many commands; nil opens the database for each.
    package var openStores: OpenStores?

    package init(
        now: @escaping @Sendable () -> Timestamp, random: @escaping @Sendable () -> UInt64, share: String,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.now = now
        self.random = random
        self.share = share
        self.log = log
    }

    /// The real world. `TIEOUT_NOW` (RFC 3339) stops the clock, for demonstrations and tests.
    package static func live() -> Environment {
        let variables = ProcessInfo.processInfo.environment
        let frozen = variables["TIEOUT_NOW"].flatMap { Timestamp($0) }
        return Environment(
            now: { frozen ?? Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) },
            random: {
                var generator = SystemRandomNumberGenerator()
                return generator.next()
            },
            share: findShare(variables["TIEOUT_SHARE"]),
            log: { FileHandle.standardError.write(Data(($0 + "\n").utf8)) })
    }

    /// `$TIEOUT_SHARE`, then `../share/tieout` beside the real executable, then the package root above it; never the
    /// working folder.
    private static func findShare(_ variable: String?) -> String {
        if let variable, !variable.isEmpty { return variable }
        let manager = FileManager.default
        var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let installed = folder.deletingLastPathComponent().appendingPathComponent("share/tieout")
        if manager.fileExists(atPath: installed.appendingPathComponent("mappings").path) { return installed.path }
        while folder.path != "/" {
            if manager.fileExists(atPath: folder.appendingPathComponent("Package.swift").path),
                manager.fileExists(atPath: folder.appendingPathComponent("mappings").path)
            {
                return folder.path
            }
            folder = folder.deletingLastPathComponent()
        }
        return installed.path
    }
}

/// A failure of the world or of the request: printed as it is, exit status 1.
package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    package var code: String
    package var message: String
    /// What to do next.
    package var hint: String

    package init(_ code: String, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String { "\(message.sentence) \(hint) [\(code)]" }
}

extension String {
    /// The text with a full stop, so that what follows is a sentence of its own.
    var sentence: String { last.map { ".!?”:".contains($0) } ?? true ? self : self + "." }
}

/// Civil time in a named zone; the only place that knows time zones (full Foundation: FoundationEssentials has none).
package struct ZonedTime: Hashable, Sendable {
    package let day: Day
    /// Minutes after local midnight.
    package let minute: Int

    /// Nil when the zone's name is unknown.
    package init?(_ time: Timestamp, zone name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        let date = Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)
        let local = time + Int64(zone.secondsFromGMT(for: date)) * 1000
        day = local.dayUTC
        minute = Int((local.milliseconds - Int64(local.dayUTC.number) * 86_400_000) / 60_000)
    }

    /// Milliseconds east of UTC of a zone at an instant; nil when the zone's name is unknown.
    package static func offset(zone name: String, milliseconds: Int64) -> Int64? {
        guard let zone = TimeZone(identifier: name) else { return nil }
        return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(milliseconds) / 1000))) * 1000
    }

    /// The instant of a local day and minute. In the hour that a change of clocks skips or repeats, the later one.
    package static func instant(day: Day, minute: Int, zone name: String) -> Timestamp? {
        guard let zone = TimeZone(identifier: name) else { return nil }
        let naive = Int64(day.number) * 86_400_000 + Int64(minute) * 60_000
        var guess = naive
        for _ in 0..<2 {
            let date = Date(timeIntervalSince1970: Double(guess) / 1000)
            guess = naive - Int64(zone.secondsFromGMT(for: date)) * 1000
        }
        return Timestamp(milliseconds: guess)
    }
}
