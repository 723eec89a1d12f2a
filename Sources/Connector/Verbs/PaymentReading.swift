// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Reconciliation
import Synchronization

/// Reads the payments of a run with two threads: what they name in two halves at once, before any is decided, and each
/// block for its decision while those before it are decided.
final class PaymentReading: Sendable {
    private let payments: Mutex<PaymentShelf>
    private let dockets = Mutex<DocketReading?>(nil)
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

    private func payment(_ place: Int) -> MatchPayment { shelf[place] }

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

    /// What all payments name.
    private func notes(_ reading: FirstReading) -> [ReadingNotes] {
        let payments = shelf
        let middle = payments.count / 2
        let halves = Mutex<[ReadingNotes?]>([nil, nil])
        DispatchQueue.concurrentPerform(iterations: 2) { half in
            let notes = reading.read(half == 0 ? 0..<middle : middle..<payments.count) { payments[$0] }
            halves.withLock { $0[half] = notes }
        }
        return halves.withLock { $0.compactMap { $0 } }
    }

    /// Reads what all payments name. What was found is kept here alone, to be let go of.
    func begin(_ workspace: Workspace) -> Course {
        var course = workspace.begin(notes(workspace.firstReading), payment)
        let dockets = course.takeDockets()
        self.dockets.withLock { $0 = dockets }
        return course
    }

    func isLast(_ block: Int) -> Bool { dockets.withLock { $0.map { block + 1 == $0.blockCount } ?? false } }

    /// The next block to decide, from the first one on. Some more are read meanwhile, and the one that was decided two before
    /// is let go of there: that takes time as well.
    func block(_ index: Int) -> DocketBlock {
        if index == 0 { for next in 0..<Self.aheadMax { read(next) } }
        read(index + Self.aheadMax)
        ready.wait()
        return state.withLock { state in
            let block = state.ahead.removeFirst()
            state.given.append(block)
            return block
        }
    }

    private func read(_ index: Int) {
        queue.async { [self] in
            guard let dockets = dockets.withLock({ $0 }), index < dockets.blockCount else { return }
            let done = state.withLock { state in
                let done = Array(state.given.dropLast(2))
                state.given.removeFirst(done.count)
                return done
            }
            withExtendedLifetime(done) {}
            let payments = shelf
            let block = dockets.block(index) { payments[$0] }
            letGo(before: index + 1, of: dockets)
            state.withLock { $0.ahead.append(block) }
            ready.signal()
        }
    }

    /// What was read is not read again.
    private func letGo(before block: Int, of dockets: DocketReading) {
        self.dockets.withLock { $0?.letGo(before: block) }
        payments.withLock { payments in
            if block == dockets.blockCount {
                payments = PaymentShelf()
            } else {
                payments.letGo(before: dockets.firstNeeded(from: block))
            }
        }
    }
}
