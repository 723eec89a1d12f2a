// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Reconciliation
import Synchronization

/// Reads the payments of a run with two threads: what they name in two halves at once, before any is decided, and each
/// block again while the one before it is decided.
final class PaymentReading: Sendable {
    private let payments: [MatchPayment]
    private let queue = DispatchQueue(label: "tieout.reading")
    private let ahead = Mutex<(index: Int, block: DocketBlock)?>(nil)

    /// - Parameter payments: in the order in which they are decided.
    init(_ payments: [MatchPayment]) { self.payments = payments }

    func payment(_ place: Int) -> MatchPayment { payments[place] }

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

    /// The next block to decide; the one after it is read meanwhile.
    func block(_ index: Int, of dockets: DocketReading) -> DocketBlock {
        queue.sync {}
        let read = ahead.withLock { ahead in
            defer { ahead = nil }
            return ahead
        }
        if index + 1 < dockets.blockCount {
            queue.async { [self] in
                let block = dockets.block(index + 1, payment)
                ahead.withLock { $0 = (index + 1, block) }
            }
        }
        guard let read, read.index == index else { return dockets.block(index, payment) }
        return read.block
    }
}
