// SPDX-License-Identifier: Apache-2.0

import Documents

/// A decision that waits, and what it was decided from.
final class Held {
    let decision: Decision
    let read: Topics.Read
    let decidedAt: Int32

    init(_ decision: Decision, _ read: Topics.Read, at decidedAt: Int32) {
        self.decision = decision
        self.read = read
        self.decidedAt = decidedAt
    }
}

/// The payments of a run, and how far their decisions are.
package struct Course {
    /// What was read of each payment that is not settled.
    fileprivate var dockets: [Docket?]
    /// Places of those that wait, in the order in which they are decided.
    fileprivate var waiting: [Int]
    fileprivate var held: [Held?] = []
    /// Where in `held` each payment is.
    fileprivate var slots: [Int32]
    fileprivate var passes = 0

    fileprivate init(_ dockets: [Docket?]) {
        self.dockets = dockets
        waiting = Self.order(dockets)
        slots = Array(repeating: -1, count: dockets.count)
    }

    /// Of one day, what came in goes before what went out: it may be what goes back.
    private static func order(_ dockets: [Docket?]) -> [Int] {
        var order: [Int] = []
        order.reserveCapacity(dockets.count)
        var (out, day): ([Int], Day?) = ([], nil)
        for place in dockets.indices {
            let payment = dockets[place]?.payment
            if payment?.bookedOn != day {
                order += out
                (out, day) = ([], payment?.bookedOn)
            }
            if payment.map({ $0.amount < 0 }) == true { out.append(place) } else { order.append(place) }
        }
        return order + out
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

    fileprivate mutating func release(_ place: Int) {
        dockets[place] = nil
        if slots[place] >= 0 { held[Int(slots[place])] = nil }
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
    /// which the next run would start, and decides again what was decided from something that has changed since. Passes
    /// go on until nothing changes: then the next run has nothing to say.
    /// - Parameter proving: also ask everything that waits at the end, whatever it was read from.
    /// - Returns: How many decisions the proof found otherwise: 0, unless a decision reads what it does not tell.
    @discardableResult
    package func settle<Failure: Error>(
        _ course: inout Course, proving: Bool = false, _ deliver: (Int, Decision) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        var idle = 0
        while !course.waiting.isEmpty {
            if course.passes > 0 { beginPass() }
            course.passes += 1
            let count = course.waiting.count
            let changed = try pass(&course, isWhole: false, deliver)
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
            for place in course.waiting {
                guard let known = course.known(place),
                    known.decision.rule == .numberPart || known.decision.rule == .corePart
                else { continue }
                course.hold(Held(known.decision, known.read, at: -1), place)
            }
        }
        guard proving, !course.waiting.isEmpty else { return 0 }
        beginPass()
        return try pass(&course, isWhole: true, deliver)
    }

    private static let idlePassesMax = 8

    /// - Parameter isWhole: decide everything again, whether what it was decided from changed or not.
    /// - Returns: How many payments that were decided before are decided otherwise now.
    private func pass<Failure: Error>(
        _ course: inout Course, isWhole: Bool, _ deliver: (Int, Decision) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        var changed = 0
        var waiting: [Int] = []
        for place in course.waiting {
            if let docket = course.dockets[place], !isPaidBack(docket) { claim(docket, 1) }
        }
        for place in course.waiting {
            guard let docket = course.dockets[place] else { continue }
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
                changed += 1
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
            course.hold(Held(decision, read, at: decidedAt), place)
        }
        course.waiting = waiting
        return changed
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
