// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// Brings runs to their end when the process is to end: first no stream is begun any more, and later what still runs is
/// cut off between two requests.
package final class Brake: Sendable {
    private struct State {
        var isPulled = false
        var isCut = false
        var cuts: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let condition = NSCondition()

    package init() {}

    /// Nothing new is begun.
    package var isPulled: Bool { state.withLock { $0.isPulled } }

    /// What runs ends at once; nothing of its stream lands.
    package var isCut: Bool { state.withLock { $0.isCut } }

    package func pull() { state.withLock { $0.isPulled = true } }

    package func cut() {
        let cuts = state.withLock { state in
            (state.isPulled, state.isCut) = (true, true)
            defer { state.cuts = [] }
            return state.cuts
        }
        for body in cuts { body() }
        condition.lock()
        condition.broadcast()
        condition.unlock()
    }

    /// Runs when the brake cuts; at once where it has.
    func onCut(_ body: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            if !state.isCut { state.cuts.append(body) }
            return state.isCut
        }
        if isLate { body() }
    }

    /// Waits, but not beyond the cut.
    func sleep(milliseconds: Int64) {
        let end = Date(timeIntervalSinceNow: Double(milliseconds) / 1000)
        condition.lock()
        while !isCut, condition.wait(until: end) {}
        condition.unlock()
    }
}
