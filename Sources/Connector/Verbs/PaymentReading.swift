// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Reconciliation
import Synchronization

/// Reads the payments of a run with two threads: what they name in two halves at once, before any is decided, and each
/// block again while the one before it is decided.
final class PaymentReading: Sendable {
    private let payments: PaymentShelf
    private let queue = DispatchQueue(label: "tieout.reading")
    private let state = Mutex(State())

    private struct State {
        /// Read, and not asked for yet.
        var ahead: (index: Int, block: DocketBlock)?
        /// The blocks that were asked for last.
        var given: [DocketBlock] = []
    }

    /// - Parameter payments: in the order in which they are decided.
    init(_ payments: PaymentShelf) { self.payments = payments }

    func payment(_ place: Int) -> MatchPayment { payments[place] }

    /// Two pieces of work at once.
    static func together<One: Sendable, Other: Sendable>(
        _ one: @Sendable () -> One, _ other: @Sendable () -> Other
    ) -> (One, Other) {
        let made = Mutex<(one: One?, other: Other?)>((nil, nil))
        DispatchQueue.concurrentPerform(iterations: 2) { piece in
            if piece == 0 {
                let one = one()
                made.withLock { $0.one = one }
            } else {
                let other = other()
                made.withLock { $0.other = other }
            }
        }
        guard case (let one?, let other?) = made.withLock({ $0 }) else {
            preconditionFailure("each piece of work was done")
        }
        return (one, other)
    }

    /// What all payments name, for `Workspace.begin`.
    func notes(_ reading: FirstReading) -> [ReadingNotes] {
        let middle = payments.count / 2
        let halves = Mutex<[ReadingNotes?]>([nil, nil])
        DispatchQueue.concurrentPerform(iterations: 2) { half in
            let notes = reading.read(half == 0 ? 0..<middle : middle..<payments.count, payment)
            halves.withLock { $0[half] = notes }
        }
        return halves.withLock { $0.compactMap { $0 } }
    }

    /// The next block to decide; the one after it is read meanwhile, and the one that was decided two before is let go of
    /// there: that takes time as well.
    func block(_ index: Int, of dockets: DocketReading) -> DocketBlock {
        queue.sync {}
        let read = state.withLock { state in
            defer { state.ahead = nil }
            return state.ahead
        }
        let block = read?.index == index ? read?.block : nil
        let given = block ?? dockets.block(index, payment)
        state.withLock { $0.given.append(given) }
        queue.async { [self] in
            let done = state.withLock { state in
                let done = Array(state.given.dropLast(2))
                state.given.removeFirst(done.count)
                return done
            }
            withExtendedLifetime(done) {}
            guard index + 1 < dockets.blockCount else { return }
            let block = dockets.block(index + 1, payment)
            state.withLock { $0.ahead = (index + 1, block) }
        }
        return given
    }
}
