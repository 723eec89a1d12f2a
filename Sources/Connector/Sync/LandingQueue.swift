// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Mappings
import Synchronization

/// Pages land on a queue of their own while the next one is asked for and read; two wait at most, so what is held stays a
/// few pages. What goes wrong there is thrown by a later `take` or by `finish`.
///
/// Unchecked: `landing` is used on `queue` only, until `finish`.
final class LandingQueue: @unchecked Sendable {
    private var landing: StreamPull.Landing
    private let queue = DispatchQueue(label: "tieout.landing")
    private let room = DispatchSemaphore(value: 2)
    private let failure = Mutex<(any Error)?>(nil)

    init(_ landing: StreamPull.Landing) { self.landing = landing }

    func take(_ page: PullPage, _ bodies: [[UInt8]]) throws {
        if let failure = failure.withLock({ $0 }) { throw failure }
        room.wait()
        queue.async { [self] in
            defer { room.signal() }
            guard failure.withLock({ $0 == nil }) else { return }
            do { try landing.take(page, bodies) } catch { failure.withLock { $0 = error } }
        }
    }

    func finish() throws -> StreamPull.Landing {
        queue.sync {}
        if let failure = failure.withLock({ $0 }) { throw failure }
        return landing
    }
}
