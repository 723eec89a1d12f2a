// SPDX-License-Identifier: Apache-2.0

import Documents

/// What was learned and seen: accounts after strong matches, payments after their decision.
///
/// What is settled stays; what waits is forgotten when a new pass begins, because it is decided again there.
struct Memory {
    struct Seen {
        var docket: Docket
        var lines: [Line]
        /// The rule that settled it; nil while it waits, or when a person did it.
        var rule: Rule?
        var isSettled: Bool
        /// The pass that saw it wait.
        var pass: Int32
        /// Taken back by a return, or paid back by a refund.
        var isReturned = false

        var payment: MatchPayment { docket.payment }
        /// Items its text named, whatever came of it.
        var named: [Int32] { docket.reading?.mentions.map(\.item) ?? [] }
        var isWordless: Bool { docket.reading?.mentions.isEmpty ?? true }
    }

    /// An account pays for at most this many customers; beyond, it identifies nobody (a factor, a lawyer).
    private static let ownersMax = 8
    private var learned = ChainIndex()
    private(set) var seen: [Seen] = []
    private var habits: [Habits]
    private var waitingHabits: [Int32: Habits] = [:]
    private var byAmount = ChainIndex()
    private var byID = ChainIndex()
    private var byItem = ChainIndex()
    /// By payer and amount together.
    private var byRepeat = ChainIndex()
    private var pass: Int32 = 0
    /// Something was taken back since the accounts were learned.
    private(set) var hasUnlearned = false
    /// The last payment, by day and id, that taught each customer's habits.
    private var lastTeacher: [Int32]
    /// Customers whose habits were not learned in the order of the days, or from payments that went back.
    private(set) var unordered: Set<Int32> = []

    init(customers: Int) {
        habits = Array(repeating: Habits(), count: customers)
        lastTeacher = Array(repeating: -1, count: customers)
    }

    /// What waits is decided again.
    mutating func beginPass() {
        pass += 1
        waitingHabits = [:]
    }

    /// Accounts that payments taught which were taken back go; the caller teaches the others again.
    mutating func forgetAccounts() {
        hasUnlearned = false
        learned = ChainIndex()
    }

    /// The caller teaches what these customers' payments show again, in the order of the days.
    mutating func forgetHabits() {
        for customer in unordered.sorted() {
            habits[Int(customer)] = Habits()
            lastTeacher[Int(customer)] = -1
        }
        unordered = []
    }

    mutating func unlearn(_ customer: Int32) { unordered.insert(customer) }

    mutating func teaches(_ customer: Int32, by place: Int) {
        let last = Int(lastTeacher[Int(customer)])
        if last >= 0, Workspace.precedes(seen[place].payment, seen[last].payment) {
            unordered.insert(customer)
        } else {
            lastTeacher[Int(customer)] = Int32(truncatingIfNeeded: place)
        }
    }

    mutating func learn(_ account: UInt64?, paysFor customer: Int32) {
        guard let account, customer >= 0 else { return }
        let owners = learned.values(account, limit: Self.ownersMax + 1)
        guard !owners.contains(customer), owners.count <= Self.ownersMax else { return }
        learned.insert(customer, for: account)
    }

    func owners(_ account: UInt64?) -> [Int32] {
        guard let account else { return [] }
        let owners = learned.values(account, limit: Self.ownersMax + 1)
        return owners.count <= Self.ownersMax ? owners : []
    }

    /// What a customer's payments taught, those that wait included.
    func habits(of customer: Int32) -> Habits {
        guard customer >= 0 else { return Habits() }
        guard let waiting = waitingHabits[customer] else { return habits[Int(customer)] }
        var all = habits[Int(customer)]
        for sighting in waiting.sightings { all.saw(sighting) }
        return all
    }

    mutating func saw(_ sighting: Habits.Sighting, of customer: Int32, isSettled: Bool) {
        if isSettled {
            habits[Int(customer)].saw(sighting)
            waitingHabits[customer]?.paid(sighting.item, isFull: false)
        } else {
            waitingHabits[customer, default: Habits()].saw(sighting)
        }
    }

    mutating func paid(_ item: Int32, of customer: Int32, isFull: Bool) {
        habits[Int(customer)].paid(item, isFull: isFull)
        if !waitingHabits.isEmpty { waitingHabits[customer]?.paid(item, isFull: false) }
    }

    /// - Parameter settled: the items of the lines.
    mutating func record(
        _ docket: Docket, lines: [Line], settled: [Int32], rule: Rule?, isSettled: Bool, isReturned: Bool
    ) {
        let place = Int32(truncatingIfNeeded: seen.count)
        seen.append(
            Seen(
                docket: docket, lines: lines, rule: rule, isSettled: isSettled, pass: pass, isReturned: isReturned))
        byAmount.insert(place, for: docket.amountKey)
        if let key = docket.endToEndKey { byID.insert(place, for: key) }
        byID.insert(place, for: docket.idKey)
        for item in settled { byItem.insert(place, for: UInt64(UInt32(bitPattern: item))) }
        if let key = docket.repeatKey { byRepeat.insert(place, for: key) }
    }

    mutating func markReturned(_ place: Int32) {
        seen[Int(place)].isReturned = true
        hasUnlearned = true
    }

    /// When this payer paid this very amount, within so many days.
    func lastSame(_ docket: Docket, within days: Int) -> Day? { last(docket, within: days) { _ in true } }

    /// When this payer sent this very amount without a word, within so many days, and it still waits.
    func lastWaiting(_ docket: Docket, within days: Int) -> Day? {
        last(docket, within: days) { !$0.isSettled && $0.isWordless && $0.payment.amount > 0 }
    }

    private func last(_ docket: Docket, within days: Int, _ counts: (Seen) -> Bool) -> Day? {
        guard let key = docket.repeatKey else { return nil }
        var last: Day?
        var steps = 0
        byRepeat.forEach(key) { place in
            let entry = seen[Int(place)]
            let day = entry.payment.bookedOn
            let isNear = abs(docket.payment.bookedOn - day) <= days && !entry.isReturned
            if isNear, entry.isSettled || entry.pass == pass, counts(entry), day > last ?? day - 1 { last = day }
            steps += 1
            return steps < 256
        }
        return last
    }

    func sameAmount(_ amount: Int64, _ currency: Currency, limit: Int) -> [Int32] {
        live(byAmount, Docket.amountKey(amount), limit: limit).filter {
            seen[Int($0)].payment.currency == currency
        }
    }
    func named(_ id: String) -> [Int32] { live(byID, KeyHash.of(id), limit: 8) }
    func settling(_ item: Int32) -> [Int32] { live(byItem, UInt64(UInt32(bitPattern: item)), limit: 32) }

    /// What is settled, and what waits in this pass.
    private func live(_ index: ChainIndex, _ key: UInt64, limit: Int) -> [Int32] {
        var found: [Int32] = []
        index.forEach(key) { place in
            let entry = seen[Int(place)]
            if entry.isSettled || entry.pass == pass, found.last != place { found.append(place) }
            return found.count < limit
        }
        // In the order of the days, whenever each was decided.
        return found.sorted { Workspace.precedes(seen[Int($0)].payment, seen[Int($1)].payment) }
    }
}
