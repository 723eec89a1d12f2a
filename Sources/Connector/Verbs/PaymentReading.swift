// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Reconciliation
import Synchronization

/// Reads the payments of a run with two threads: what they name in two halves at once, before any is decided, and each
/// block for its decision while those before it are decided.
final class PaymentReading: Sendable {
    private let payments: Mutex<PaymentShelf>
    private let queue = DispatchQueue(label: "tieout.reading")
    private let ready = DispatchSemaphore(value: 0)
    private let state = Mutex(State())
    /// So many blocks are read ahead: with others on the same processors, this thread may have to wait for a moment.
    private static let aheadMax = 4

    private struct State {
        /// Read, and not asked for yet, in their order.
        var ahead: [DocketBlock] = []
        /// The blocks that were asked for last.
        var given: [DocketBlock] = []
    }

    /// - Parameter payments: in the order in which they are decided.
    init(_ payments: PaymentShelf) { self.payments = Mutex(payments) }

    private var shelf: PaymentShelf { payments.withLock { $0 } }

    func payment(_ place: Int) -> MatchPayment { shelf[place] }

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
        let payments = shelf
        let middle = payments.count / 2
        let halves = Mutex<[ReadingNotes?]>([nil, nil])
        DispatchQueue.concurrentPerform(iterations: 2) { half in
            let notes = reading.read(half == 0 ? 0..<middle : middle..<payments.count) { payments[$0] }
            halves.withLock { $0[half] = notes }
        }
        return halves.withLock { $0.compactMap { $0 } }
    }

    /// The next block to decide, from the first one on. Some more are read meanwhile, and the one that was decided two before
    /// is let go of there: that takes time as well.
    func block(_ index: Int, of dockets: DocketReading) -> DocketBlock {
        if index == 0 { for next in 0..<Self.aheadMax { read(next, of: dockets) } }
        read(index + Self.aheadMax, of: dockets)
        ready.wait()
        return state.withLock { state in
            let block = state.ahead.removeFirst()
            state.given.append(block)
            return block
        }
    }

    private func read(block index: Int, of dockets: DocketReading) -> DocketBlock {
        let payments = shelf
        return dockets.block(index) { payments[$0] }
    }

    private func read(_ index: Int, of dockets: DocketReading) {
        guard index < dockets.blockCount else { return }
        queue.async { [self] in
            let done = state.withLock { state in
                let done = Array(state.given.dropLast(2))
                state.given.removeFirst(done.count)
                return done
            }
            withExtendedLifetime(done) {}
            let block = read(block: index, of: dockets)
            payments.withLock { $0.letGo(before: dockets.firstNeeded(from: index + 1)) }
            state.withLock { $0.ahead.append(block) }
            ready.signal()
        }
    }
}
