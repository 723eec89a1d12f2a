// SPDX-License-Identifier: Apache-2.0

import Documents

/// A decision that waits, and what it was decided from.
final class Held {
    let docket: Docket
    let decision: Decision
    let read: Topics.Read
    let decidedAt: Int32

    init(_ docket: Docket, _ decision: Decision, _ read: Topics.Read, at decidedAt: Int32) {
        self.docket = docket
        self.decision = decision
        self.read = read
        self.decidedAt = decidedAt
    }
}

/// The payments of a run, and how far their decisions are.
package struct Course {
    /// What the payments say, read again just before each is decided: nothing is kept of what is settled.
    package let dockets: DocketReading
    fileprivate let payment: (Int) -> MatchPayment
    /// Places of those that wait, in the order in which they are decided.
    fileprivate var waiting: [Int]
    /// What is known of those that were decided and wait.
    fileprivate var held: [Held?] = []
    /// Where in `held` each payment is.
    fileprivate var slots: [Int32]
    /// What those in `held` claim, side by side: every pass begins and ends with it.
    fileprivate var claims = HeldClaims()
    fileprivate var passes = 0

    init(_ dockets: DocketReading, _ payment: @escaping (Int) -> MatchPayment) {
        self.dockets = dockets
        self.payment = payment
        waiting = dockets.order
        slots = Array(repeating: -1, count: dockets.order.count)
    }

    /// One docket after the other, as the first pass asks for them.
    fileprivate struct Unread {
        let block: (Int) -> DocketBlock
        let foresee: (ArraySlice<Outlook>) -> Void
        private var current = DocketBlock(dockets: [])
        private var place = 0
        private var next = 0

        init(_ block: @escaping (Int) -> DocketBlock, foresee: @escaping (ArraySlice<Outlook>) -> Void) {
            (self.block, self.foresee) = (block, foresee)
        }

        mutating func docket() -> Docket {
            if place == current.dockets.count {
                current = block(next)
                (place, next) = (0, next + 1)
            }
            if place % Outlook.reach == 0 {
                foresee(current.outlooks[place..<min(place + Outlook.reach, current.outlooks.count)])
            }
            place += 1
            return current.dockets[place - 1]
        }
    }

    /// Of one day, what came in goes before what went out: it may be what goes back.
    ///
    /// - Parameters:
    ///   - days: of the payments, ascending.
    ///   - outgoing: places of what went out, ascending.
    static func order(_ days: [Day], _ outgoing: [Int]) -> [Int] {
        var order: [Int] = []
        order.reserveCapacity(days.count)
        var first = 0
        var next = 0
        while first < days.count {
            var end = first
            let from = next
            while end < days.count, days[end] == days[first] {
                if next < outgoing.count, outgoing[next] == end { next += 1 } else { order.append(end) }
                end += 1
            }
            order += outgoing[from..<next]
            first = end
        }
        return order
    }

    fileprivate func known(_ place: Int) -> Held? { slots[place] < 0 ? nil : held[Int(slots[place])] }

    fileprivate mutating func hold(_ now: Held, _ place: Int) {
        if slots[place] < 0 {
            slots[place] = Int32(truncatingIfNeeded: held.count)
            held.append(now)
            claims.append(now.docket)
        } else {
            held[Int(slots[place])] = now
        }
    }

    fileprivate mutating func release(_ place: Int) {
        if slots[place] >= 0 { held[Int(slots[place])] = nil }
    }
}

/// What payments that wait claim, one behind the other. It does not change while they wait.
private struct HeldClaims {
    private var items: [Int32] = []
    /// Where each one's items begin.
    private var starts: [Int32] = [0]
    private(set) var ids: [UInt64] = []

    mutating func append(_ docket: Docket) {
        if docket.payment.amount > 0, let reading = docket.reading {
            for mention in reading.mentions where mention.isClaim { items.append(mention.item) }
        }
        starts.append(Int32(truncatingIfNeeded: items.count))
        ids.append(docket.idKey)
    }

    subscript(_ slot: Int) -> ArraySlice<Int32> { items[Int(starts[slot])..<Int(starts[slot + 1])] }
}

extension Workspace {
    /// Decides every payment; the decisions come in the order of (booking day, id).
    package func run(_ payments: [MatchPayment]) -> [Decision] {
        let ordered = Self.ordered(payments)
        var decisions: [Decision?] = Array(repeating: nil, count: ordered.count)
        decide(ordered) { decisions[$0] = $1 }
        return decisions.compactMap { $0 }
    }

    /// Decides payments that are in the order of (booking day, id), and hands each decision over as soon as it stands.
    package func decide<Failure: Error>(
        _ ordered: [MatchPayment], _ deliver: (Int, Decision) throws(Failure) -> Void
    ) throws(Failure) {
        var course = begin(ordered)
        try settle(&course, deliver)
        try finish(course, deliver)
    }

    /// Hands over the decisions on what waits.
    package func finish<Failure: Error>(
        _ course: Course, _ deliver: (Int, Decision) throws(Failure) -> Void
    ) throws(Failure) {
        for place in course.waiting { if let known = course.known(place) { try deliver(place, known.decision) } }
    }

    /// Settles what can be, pass by pass, and hands each settled payment over.
    ///
    /// What one pass settles may leave a single answer for a payment that waited. Each pass starts from the state in
    /// which the next run would start, and decides again what was decided from something that has changed since. Passes
    /// go on until nothing changes: then the next run has nothing to say.
    /// - Parameters:
    ///   - proving: also ask everything that waits at the end, whatever it was read from.
    ///   - reading: what gives the blocks of `course.dockets`, one after the other, if not this thread.
    /// - Returns: How many decisions the proof found otherwise: 0, unless a decision reads what it does not tell.
    @discardableResult
    package func settle<Failure: Error>(
        _ course: inout Course, proving: Bool = false, reading: ((Int) -> DocketBlock)? = nil,
        _ deliver: (Int, Decision) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        let (dockets, payment) = (course.dockets, course.payment)
        let blocks = reading ?? { dockets.block($0, payment) }
        var idle = 0
        while !course.waiting.isEmpty {
            if course.passes > 0 { beginPass() }
            course.passes += 1
            let count = course.waiting.count
            let changed = try pass(&course, isWhole: false, blocks, deliver)
            guard course.waiting.count == count else {
                idle = 0
                continue
            }
            // What waits may change what else waits; that comes to rest, or is left after a few rounds.
            guard changed == 0 || idle == Self.idlePassesMax else {
                idle += 1
                continue
            }
            if appliesUnclear || !policy.appliesUnexplained { break }
            // Nothing more will explain what is short of a named item: the cash is the item's all the same.
            appliesUnclear = true
            charges = [:]
            for place in course.waiting {
                guard let known = course.known(place),
                    known.decision.rule == .numberPart || known.decision.rule == .corePart
                else { continue }
                course.hold(Held(known.docket, known.decision, known.read, at: -1), place)
            }
        }
        guard proving, !course.waiting.isEmpty else { return 0 }
        charges = [:]
        beginPass()
        return try pass(&course, isWhole: true, blocks, deliver)
    }

    private static let idlePassesMax = 8

    /// - Parameter isWhole: decide everything again, whether what it was decided from changed or not.
    /// - Returns: How many payments that were decided before are decided otherwise now.
    private func pass<Failure: Error>(
        _ course: inout Course, isWhole: Bool, _ blocks: @escaping (Int) -> DocketBlock,
        _ deliver: (Int, Decision) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        var changed = 0
        var unread = Course.Unread(blocks) { self.foresee($0) }
        var waiting: [Int] = []
        for place in course.waiting where course.slots[place] >= 0 {
            let slot = Int(course.slots[place])
            if takenBack.mayHold(course.claims.ids[slot]), course.held[slot].map({ isPaidBack($0.docket) }) == true {
                continue
            }
            for item in course.claims[slot] { claim(item, 1) }
        }
        for place in course.waiting {
            let known = course.known(place)
            let docket = known?.docket ?? unread.docket()
            if let known, isPaidBack(docket) {
                // What went back to the payer waits for nothing any more.
                try deliver(place, known.decision)
                course.release(place)
                continue
            }
            claim(docket, -1)
            if !isWhole, let known, known.decidedAt >= 0, !topics.hasChanged(known.read, since: known.decidedAt) {
                apply(known.decision, docket)
                waiting.append(place)
                continue
            }
            topics.begin()
            var decision = decide(docket)
            enforce(&decision, docket)
            let decidedAt = topics.clock
            // For what waits only: it is asked again.
            let read = decision.verdict == .review || decision.verdict == .none ? topics.watch() : nil
            if let known, known.decision != decision {
                changed += 1
                touch(waiting: known.decision)
                if decision.verdict != .auto { touch(waiting: decision) }
            }
            apply(decision, docket)
            guard let read else {
                course.release(place)
                try deliver(place, decision)
                continue
            }
            waiting.append(place)
            docket.reading?.shrink()
            course.hold(Held(docket, decision, read, at: decidedAt), place)
        }
        course.waiting = waiting
        return changed
    }

    /// A refund of this run took the payment's money back before it settled anything.
    private func isPaidBack(_ docket: Docket) -> Bool {
        docket.payment.amount > 0 && takenBack.contains(docket)
    }

    /// Forgets what waits, and learns anew what was learned out of order or from payments that were taken back, as a
    /// run that starts now would.
    private func beginPass() {
        memory.beginPass()
        contests = [:]
        for place in memory.forgetAccounts() {
            let seen = memory.seen(place)
            guard let rule = seen.rule else { continue }
            let account = seen.accountKey.flatMap { memory.accounts[$0] }
            learnAccount(seen.accountKey, account, rule, memory.lines(place), on: seen.bookedOn)
        }
        guard !memory.unordered.isEmpty else { return }
        let customers = memory.unordered
        memory.forgetHabits()
        var places: Set<Int32> = []
        for customer in customers.sorted() {
            for item in catalogue.items(of: customer) {
                for place in memory.settling(item, limit: .max) where !memory.seen(place).isReturned {
                    places.insert(place)
                }
            }
        }
        for place in memory.inOrder(places.sorted()) { teachHabits(at: place, only: customers) }
    }
}
