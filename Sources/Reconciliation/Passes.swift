// SPDX-License-Identifier: Apache-2.0

import Documents

/// A decision that waits, and what it was decided from.
struct Held {
    var decision: Decision
    var read: Topics.Read
    var decidedAt: Int32
}

/// The payments of a run, and how far their decisions are.
package struct Course {
    fileprivate let dockets: [Docket]
    /// Places of those that wait, in the order in which they are decided.
    fileprivate var waiting: [Int]
    fileprivate var held: [Held?] = []
    /// Where in `held` each payment is.
    fileprivate var slots: [Int32]
    fileprivate var passes = 0

    fileprivate init(_ dockets: [Docket]) {
        self.dockets = dockets
        waiting = Array(dockets.indices)
        slots = Array(repeating: -1, count: dockets.count)
    }

    fileprivate func known(_ place: Int) -> Held? { slots[place] < 0 ? nil : held[Int(slots[place])] }

    fileprivate mutating func hold(_ now: Held, _ place: Int) {
        if slots[place] < 0 {
            slots[place] = Int32(truncatingIfNeeded: held.count)
            held.append(now)
        } else {
            held[Int(slots[place])] = now
        }
    }

    fileprivate mutating func release(_ place: Int) { if slots[place] >= 0 { held[Int(slots[place])] = nil } }
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

    package func begin(_ ordered: [MatchPayment]) -> Course {
        precondition(Self.areOrdered(ordered), "payments are decided in the order of booking day and id")
        for payment in ordered { rates.saw(payment) }
        appliesUnclear = false
        return Course(ordered.map { docket($0) })
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
    /// which the next run would start, and passes go on until none settles anything: the next run has nothing to say.
    package func settle<Failure: Error>(
        _ course: inout Course, _ deliver: (Int, Decision) throws(Failure) -> Void
    ) throws(Failure) {
        var (isWhole, idle) = (false, 0)
        while !course.waiting.isEmpty {
            if course.passes > 0 { beginPass() }
            course.passes += 1
            let count = course.waiting.count
            let isChanged = try pass(&course, isWhole: isWhole, deliver)
            guard course.waiting.count == count else {
                (isWhole, idle) = (false, 0)
                continue
            }
            // Everything that waits is asked once more at the end, whatever it was read from, as the next run would
            // ask: that there is nothing more to say is proved here, not assumed. What waits may change what else
            // waits; that comes to rest, or is left after a few rounds.
            guard course.passes == 1 || isWhole && (!isChanged || idle == Self.idlePassesMax) else {
                idle += isWhole ? 1 : 0
                isWhole = true
                continue
            }
            if appliesUnclear || !policy.appliesUnexplained { return }
            // Nothing more will explain what is short of a named item: the cash is the item's all the same.
            appliesUnclear = true
            for place in course.waiting {
                guard var known = course.known(place),
                    known.decision.rule == .numberPart || known.decision.rule == .corePart
                else { continue }
                known.decidedAt = -1
                course.hold(known, place)
            }
        }
    }

    private static let idlePassesMax = 4

    /// - Returns: Whether a payment that still waits is decided otherwise than before.
    private func pass<Failure: Error>(
        _ course: inout Course, isWhole: Bool, _ deliver: (Int, Decision) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        var isChanged = false
        var waiting: [Int] = []
        for place in course.waiting where !isPaidBack(course.dockets[place]) { claim(course.dockets[place], 1) }
        for place in course.waiting {
            let docket = course.dockets[place]
            let known = course.known(place)
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
            let decision = enforced(decide(docket), docket.payment)
            let decidedAt = topics.clock
            if let known, known.decision != decision {
                isChanged = true
                touch(waiting: known.decision)
                if decision.verdict != .auto { touch(waiting: decision) }
            }
            // Copied for what waits only: it is asked again.
            let read = decision.verdict == .review || decision.verdict == .none ? topics.read : nil
            apply(decision, docket)
            guard let read else {
                course.release(place)
                try deliver(place, decision)
                continue
            }
            waiting.append(place)
            course.hold(Held(decision: decision, read: read, decidedAt: decidedAt), place)
        }
        course.waiting = waiting
        return isChanged
    }

    /// A refund of this run took the payment's money back before it settled anything.
    private func isPaidBack(_ docket: Docket) -> Bool {
        !takenBack.isEmpty && docket.payment.amount > 0 && takenBack.contains(docket.payment.id)
    }

    /// Forgets what waits, and learns anew what was learned out of order or from payments that were taken back, as a
    /// run that starts now would.
    private func beginPass() {
        memory.beginPass()
        contests = [:]
        if memory.hasUnlearned {
            memory.forgetAccounts()
            for seen in memory.settled where !seen.isReturned {
                guard let rule = seen.rule else { continue }
                let account = seen.accountKey.flatMap { memory.accounts[$0] }
                learnAccount(seen.accountKey, account, rule, seen.lines, on: seen.bookedOn)
            }
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
