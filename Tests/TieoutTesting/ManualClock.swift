// SPDX-License-Identifier: Apache-2.0

package import Documents
private import Synchronization

/// A clock that stands still until a test moves it; safe to read from several threads.
package final class ManualClock: Sendable {
    private let milliseconds: Mutex<Int64>

    package init(_ start: Timestamp) { milliseconds = Mutex(start.milliseconds) }

    /// Nine in the morning, UTC.
    package convenience init(_ day: Day) {
        self.init(Timestamp(milliseconds: (Int64(day.number) * 24 + 9) * 3_600_000))
    }

    package var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

    package func advance(seconds: Int64 = 0, days: Int64 = 0) {
        milliseconds.withLock { $0 += (days * 86_400 + seconds) * 1000 }
    }

    package func set(_ time: Timestamp) { milliseconds.withLock { $0 = time.milliseconds } }
}
