// SPDX-License-Identifier: Apache-2.0

import Documents

/// The payments of a run, and how far their decisions are.
package struct Course {
    /// What the payments say, read again just before each is decided: nothing is kept of what is settled.
    package private(set) var dockets: DocketReading
    fileprivate let payment: (Int) -> MatchPayment
    /// Places of those that wait, in the order in which they are decided.
    fileprivate var waiting: [Int]
    /// What is known of those that were decided and wait.
    fileprivate let held = HeldShelf()
    /// Where in `held` each payment is, or -1.
    fileprivate var slots: [Int32]
    fileprivate var passes = 0

    init(_ dockets: DocketReading, _ payment: @escaping (Int) -> MatchPayment) {
        self.dockets = dockets
        self.payment = payment
        waiting = dockets.order
        slots = Array(repeating: -1, count: dockets.order.count)
    }

    /// Hands over what reads the payments, for whoever gives the blocks to `settle`: it can let go of them.
    package mutating func takeDockets() -> DocketReading {
        defer { dockets = DocketReading(reader: dockets.reader, parts: [], order: []) }
        return dockets
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
        for place in course.waiting where course.slots[place] >= 0 {
            if let known = known(course.held, Int(course.slots[place])) { try deliver(place, known) }
        }
    }

    /// Settles what can be, pass by pass, and hands each settled payment over.
    ///
    /// What one pass settles may leave a single answer for a payment that waited. Each pass starts from the state in
    /// which the next run would start, and decides again what was decided from something that has changed since. Passes
    /// go on until nothing changes: then the next run has nothing to say.
    /// - Parameters:
    ///   - proving: also ask everything that waits at the end, whatever it was read from.
    ///   - reading: what gives the blocks of the dockets, one after the other, if not this thread.
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
                let slot = Int(course.slots[place])
                guard slot >= 0, let rule = course.held.decision(slot)?.rule, rule == .numberPart || rule == .corePart
                else { continue }
                course.held.forgetWhenDecided(slot)
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
        var ahead = -1
        for place in course.waiting where course.slots[place] >= 0 {
            let slot = Int(course.slots[place])
            if !isPaidBack(course.held, slot) { for item in course.held.claims(slot) { claim(item, 1) } }
        }
        for place in course.waiting {
            let slot = Int(course.slots[place])
            guard slot >= 0 else {
                let docket = unread.docket()
                claim(docket, -1)
                let (decision, read, decidedAt) = decideNow(docket)
                let keptAt = apply(decision, docket)
                guard let read else {
                    try deliver(place, decision)
                    continue
                }
                waiting.append(place)
                course.slots[place] = course.held.append(docket, decision, read, at: keptAt, decidedAt: decidedAt)
                continue
            }
            if isPaidBack(course.held, slot) {
                // What went back to the payer waits for nothing any more.
                if let known = known(course.held, slot) { try deliver(place, known) }
                course.held.release(slot)
                continue
            }
            for item in course.held.claims(slot) { claim(item, -1) }
            if slot / Outlook.reach != ahead {
                ahead = slot / Outlook.reach
                foresee(course.held.outlooks(ahead))
            }
            guard isWhole || course.held.isOutdated(slot, topics) else {
                wait(course.held, slot)
                waiting.append(place)
                continue
            }
            let outcome = decideAgain(course.held, slot)
            if outcome.isChanged { changed += 1 }
            if let settled = outcome.settled {
                course.held.release(slot)
                try deliver(place, settled)
            } else {
                waiting.append(place)
            }
        }
        course.waiting = waiting
        return changed
    }

    /// - Returns: For what waits only, what it was decided from: it is asked again.
    private func decideNow(_ docket: Docket) -> (Decision, read: Topics.Read?, decidedAt: Int32) {
        topics.begin()
        var decision = decide(docket)
        enforce(&decision, docket)
        let decidedAt = topics.clock
        let waits = decision.verdict == .review || decision.verdict == .none
        return (decision, waits ? topics.watch() : nil, decidedAt)
    }

    /// Decides a payment that waited.
    /// - Returns: The decision where it waits no more, and whether it is another one than before.
    private func decideAgain(_ held: HeldShelf, _ slot: Int) -> (settled: Decision?, isChanged: Bool) {
        guard let keptAt = held.place(slot), let before = held.decision(slot) else { return (nil, false) }
        let docket = held.docket(slot, memory.name(keptAt), reader)
        let (decision, read, decidedAt) = decideNow(docket)
        let packed = PackedDecision(decision)
        let isChanged = packed != before
        if isChanged {
            touch(waiting: before.decision(on: docket.payment.id, catalogue))
            if decision.verdict != .auto { touch(waiting: decision) }
        }
        apply(decision, docket, keptAt: keptAt)
        guard let read else { return (decision, isChanged) }
        held.replace(slot, isChanged ? packed : before, read, decidedAt: decidedAt)
        return (nil, isChanged)
    }

    private func known(_ held: HeldShelf, _ slot: Int) -> Decision? {
        guard let keptAt = held.place(slot) else { return nil }
        return held.decision(slot)?.decision(on: memory.id(keptAt), catalogue)
    }

    /// A payment that waits as it did in the pass before.
    private func wait(_ held: HeldShelf, _ slot: Int) {
        guard let place = held.place(slot), let decision = held.decision(slot) else { return }
        let isReturned = takenBack.mayHold(held.idKey(slot)) && takenBack.ids.contains(memory.id(place))
        memory.recall(place, isReturned: isReturned)
        let seen = memory.seen(place)
        if Self.showsHabit(decision.verdict, decision.kind, decision.rule, seen.amount) {
            learnHabit(waiting: decision.lines(catalogue), on: seen.bookedOn)
        }
        contest(decision.possible + held.claims(slot), seen.amount, on: seen.bookedOn)
    }

    /// A refund of this run took the payment's money back before it settled anything.
    private func isPaidBack(_ held: HeldShelf, _ slot: Int) -> Bool {
        guard takenBack.mayHold(held.idKey(slot)), let place = held.place(slot) else { return false }
        return memory.seen(place).amount > 0 && takenBack.ids.contains(memory.id(place))
    }

    /// Forgets what waits, and learns anew what was learned out of order or from payments that were taken back, as a
    /// run that starts now would.
    private func beginPass() {
        memory.beginPass()
        contests = [:]
        for place in memory.forgetPayers() {
            learnPayer(at: place, memory.seen(place).payerKey.flatMap { memory.payers[$0] }, memory.lines(place))
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
        for place in memory.inOrder(places.sorted()) {
            teachHabits(at: place, memory.lines(place), only: customers)
        }
    }
}
