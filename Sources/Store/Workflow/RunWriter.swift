// SPDX-License-Identifier: Apache-2.0
import Dispatch
package import Documents
import Ledger
package import Reconciliation
import Synchronization

/// What one decision of a run puts into the books.
package final class Ruling: Sendable {
    package let stored: StoredDecision
    package let cash: Booking.Cash
    /// How its lines become entries, where they do.
    package let booking: Booking
    package let isBooked: Bool
    /// Whom the decision takes the money to be from, where the books do not say.
    package let customer: String?
    /// What a person must see.
    package let exception: ExceptionRecord?

    package init(
        _ stored: StoredDecision, cash: Booking.Cash, booking: Booking, isBooked: Bool, customer: String? = nil,
        exception: ExceptionRecord? = nil
    ) {
        self.stored = stored
        self.cash = cash
        self.booking = booking
        self.isBooked = isBooked
        self.customer = customer
        self.exception = exception
    }
}

/// Writes the decisions of one run while the next ones are made, some thousands at a time: one queue turns them into
/// rows, another one writes. Each balance that they touch is read and written once, and never are the entries of the
/// whole run in memory.
///
/// Nobody else may use the session between `add` and `finish`, `wait` or `abandon`.
///
/// Unchecked: the caller's thread fills `pending`; `rows` belongs to the queue that rules, all else to the one that
/// writes, while they have something to do.
package final class RunWriter: @unchecked Sendable {
    /// Makes a ruling of a decision and what the books hold of the payment it is about.
    package typealias Rule = @Sendable (consuming Decision, Session.UndecidedCash) -> Ruling

    /// Decisions that are ruled on and written together.
    ///
    /// Unchecked: it goes from the caller to the queue that rules, and from there to the one that writes.
    private final class Group: @unchecked Sendable {
        private var decisions: [Decision] = []
        private(set) var cash: [Session.UndecidedCash] = []
        private(set) var rulings: [Ruling] = []

        init(size: Int) {
            decisions.reserveCapacity(size)
            cash.reserveCapacity(size)
        }

        var count: Int { cash.count }

        func append(_ decision: consuming Decision, _ cash: Session.UndecidedCash) {
            decisions.append(decision)
            self.cash.append(cash)
        }

        /// Each decision goes over to its ruling: to copy one counts ten references.
        func rule(_ rule: Rule) {
            rulings.reserveCapacity(count)
            decisions.reverse()
            while let decision = decisions.popLast() { rulings.append(rule(decision, cash[rulings.count])) }
        }
    }

    private let session: Session
    private let info: BatchInfo
    private let day: Day
    private let rule: Rule
    private let decisions: DecisionWriter
    private let rows: DecisionRows
    private var posting: BatchPosting?
    private var indexes: RunIndexes?
    /// Payments whose balances this run may have changed: what stood beside the decision does not count any more.
    private var seenPayments = RowNumbers()
    /// Until others book in the run's transaction; and items whose balances it has changed itself.
    private var untouched: UntouchedItems?
    private var seenItems = RowNumbers()

    private var pending: Group
    /// Empty, with the room that the group before needed.
    private var touched: TouchedBalances?
    private let ruling = DispatchQueue(label: "tieout.rulings")
    private let writing = DispatchQueue(label: "tieout.decisions")
    private let room = DispatchSemaphore(value: 2)
    private let failure = Mutex<(any Error)?>(nil)
    private let groupSize: Int

    private struct Abandoned: Error {}

    /// - Parameters:
    ///   - info: the batch that the entries go to; one begins with the first entry, and `finish` seals it.
    ///   - day: on which exceptions are raised.
    ///   - count: how many decisions are expected.
    ///   - untouched: the items that decisions tell of, as they were read in this transaction.
    ///   - groupSize: how many of them are written at a time.
    package init(
        _ session: Session, batch info: BatchInfo, on day: Day, expecting count: Int = 0,
        untouched: UntouchedItems? = nil,
        groupSize: Int = 4096,
        rule: @escaping Rule
    ) throws {
        self.session = session
        self.info = info
        self.day = day
        self.groupSize = groupSize
        self.rule = rule
        self.untouched = untouched
        pending = Group(size: groupSize)
        decisions = try DecisionWriter(session, company: info.company)
        rows = try decisions.rows()
        indexes = decisions.mayReplace ? nil : try RunIndexes(session, expecting: count)
    }

    package func add(_ decision: consuming Decision, _ cash: Session.UndecidedCash) throws {
        pending.append(decision, cash)
        if pending.count >= groupSize { try handOver() }
    }

    /// Few more come: the indexes are made behind what was added so far, while the caller decides the rest.
    package func makeIndexesAside() {
        ruling.async { [self] in
            writing.async { [self] in
                guard failure.withLock({ $0 == nil }) else { return }
                do { try indexes?.makeAll() } catch { failure.withLock { $0 = error } }
            }
        }
    }

    /// Everything is written, and the session is the caller's again.
    package func wait() throws {
        try handOver()
        rest()
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    /// Writes what is left and seals the batch; what is added afterwards begins another one.
    package func finish() throws {
        try wait()
        untouched = nil
        try indexes?.makeLogIndexes()
        guard let posting else { return }
        try posting.finish()
        try session.closeBatch(posting.batch, written: posting.written)
        self.posting = nil
    }

    /// Writes what is left; nothing is added afterwards.
    package func close() throws {
        try finish()
        try indexes?.makeAll()
        indexes = nil
    }

    /// The run has failed: nothing more is written, and the session is the caller's again.
    package func abandon() {
        pending = Group(size: 0)
        failure.withLock { if $0 == nil { $0 = Abandoned() } }
        rest()
    }

    private func rest() {
        ruling.sync {}
        writing.sync {}
    }

    private func handOver() throws {
        if let failure = failure.withLock({ $0 }) { throw failure }
        guard pending.count > 0 else { return }
        let group = pending
        pending = Group(size: groupSize)
        room.wait()
        ruling.async { [self] in
            guard failure.withLock({ $0 == nil }) else {
                room.signal()
                return
            }
            group.rule(rule)
            let packed = RowBytes()
            for ruling in group.rulings { rows.pack(ruling.stored, into: packed) }
            writing.async { [self] in
                defer { room.signal() }
                guard failure.withLock({ $0 == nil }) else { return }
                do { try write(group, packed) } catch { failure.withLock { $0 = error } }
            }
        }
    }

    private func write(_ group: Group, _ packed: RowBytes) throws {
        let rulings = group.rulings
        var touched = self.touched ?? TouchedBalances(session, company: info.company)
        self.touched = nil
        try load(group, into: &touched)
        for ruling in rulings {
            if let customer = ruling.customer { touched.guess(customer, payment: ruling.cash.id) }
        }
        for ruling in rulings where ruling.isBooked {
            let entries = ruling.booking.entries(ruling.stored.decision, cash: ruling.cash) { touched.facts($0) }
            for entry in entries { try open().post(entry, &touched) }
        }
        if let posting { try posting.close(touched) } else { try touched.write() }
        for cash in touched.cash { seenPayments.insert(cash.no) }
        if untouched != nil { for item in touched.items { seenItems.insert(item.no) } }
        touched.forget()
        self.touched = touched
        try decisions.write(packed, of: rulings.lazy.map(\.stored.decision.paymentID))
        for ruling in rulings {
            guard let exception = ruling.exception else { continue }
            try session.raise(exception, on: day, at: info.recordedAt)
        }
    }

    private func load(_ group: Group, into touched: inout TouchedBalances) throws {
        var items: [String] = []
        var payments: [String] = []
        for (ruling, cash) in zip(group.rulings, group.cash) where ruling.isBooked || ruling.customer != nil {
            if ruling.isBooked {
                for line in ruling.stored.decision.lines {
                    if let item = untouched?[line], !seenItems.contains(item.row) {
                        touched.take(line.itemID, untouched: item)
                    } else {
                        items.append(line.itemID)
                    }
                }
                if let counterpart = ruling.stored.decision.counterpartID { payments.append(counterpart) }
            }
            if let row = cash.untouchedRow, !seenPayments.contains(row) {
                touched.take(ruling.cash.id, untouched: cash, row: row)
            } else {
                payments.append(ruling.cash.id)
            }
        }
        try touched.load(items: items, payments: payments)
    }

    private func open() throws -> BatchPosting {
        if let posting { return posting }
        let opened = try BatchPosting(session, try session.openBatch(info), isDigested: true)
        posting = opened
        return opened
    }
}
