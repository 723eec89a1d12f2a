// SPDX-License-Identifier: Apache-2.0

import Documents

/// What was learned and seen: accounts after strong matches, payments after their decision.
///
/// What is settled stays; what waits is forgotten when a new pass begins, because it is decided again there. Places
/// from 0 on are of what is settled, those below of what waits.
final class Memory {
    /// A payment as later ones ask for it, without its texts.
    struct Seen {
        var id: String
        var endToEndID: String?
        var amount: Int64
        var currency: Currency
        var bookedOn: Day
        var accountKey: UInt64?
        var payerKey: UInt64?
        var name: PayerName?
        var lines: [Line]
        /// The rule that settled it; nil while it waits, or when a person did it.
        var rule: Rule?
        var isSettled: Bool
        /// Taken back by a return, or paid back by a refund.
        var isReturned: Bool
        /// Its text names no item.
        var isWordless: Bool
        /// What is left of a payment whose other part was used before.
        var isPart: Bool
        var route: Route
        /// What of the amount waits.
        var rest: Int64
        /// When it was seen among all others.
        var order: Int32
        /// Items its text named, whatever came of it: where they are.
        fileprivate var named: Range<Int32>

        var teachesAccount: Bool {
            !isReturned && accountKey != nil && rule.map(Workspace.teaches) == true
        }

        func precedes(_ other: Seen) -> Bool {
            bookedOn != other.bookedOn ? bookedOn < other.bookedOn : id < other.id
        }
    }

    /// What payments are found by again.
    private struct Finder {
        var byAmount = ChainIndex()
        var byID = ChainIndex()
        var byItem = ChainIndex()
        /// By payer and amount together.
        var byRepeat = ChainIndex()

        mutating func reserve(_ count: Int) {
            byAmount.reserve(count)
            byID.reserve(count * 2)
            byItem.reserve(count)
            byRepeat.reserve(count)
        }

        mutating func removeAll() {
            byAmount.removeAll()
            byID.removeAll()
            byRepeat.removeAll()
        }
    }

    /// An account pays for at most this many customers; beyond, it identifies nobody (a factor, a lawyer).
    private static let ownersMax = 8
    private var learned = ChainIndex()
    /// The accounts that were learned, as texts.
    private(set) var accounts: [UInt64: [UInt8]] = [:]
    private(set) var settled: [Seen] = []
    private var waiting: [Seen] = []
    private var settledNames: [Int32] = []
    private var waitingNames: [Int32] = []
    private var order: Int32 = 0
    private var habits: [Habits]
    private var waitingHabits: [Int32: Habits] = [:]
    /// By the bank's codes that were seen.
    private var routes: [String: Route] = [:]
    /// Most payments of a bank have the same code.
    private var lastRoute: (code: String, route: Route) = ("", .unknown)
    private var bySettled = Finder()
    private var byWaiting = Finder()
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

    /// Room for so many payments.
    func reserve(_ count: Int) {
        bySettled.reserve(count)
        settled.reserveCapacity(settled.count + count)
        settledNames.reserveCapacity(settledNames.count + count)
    }

    func seen(_ place: Int32) -> Seen { place >= 0 ? settled[Int(place)] : waiting[Int(-1 - place)] }

    func named(_ place: Int32) -> ArraySlice<Int32> {
        let range = seen(place).named
        let names = place >= 0 ? settledNames : waitingNames
        return names[Int(range.lowerBound)..<Int(range.upperBound)]
    }

    /// What waits is decided again.
    func beginPass() {
        waiting.removeAll(keepingCapacity: true)
        waitingNames.removeAll(keepingCapacity: true)
        byWaiting.removeAll()
        waitingHabits = [:]
    }

    /// Accounts that payments taught which were taken back go; the caller teaches the others again.
    func forgetAccounts() {
        hasUnlearned = false
        learned = ChainIndex()
    }

    /// The caller teaches what these customers' payments show again, in the order of the days.
    func forgetHabits() {
        for customer in unordered.sorted() {
            habits[Int(customer)] = Habits()
            lastTeacher[Int(customer)] = -1
        }
        unordered = []
    }

    func unlearn(_ customer: Int32) { unordered.insert(customer) }

    func teaches(_ customer: Int32, by place: Int32) {
        let last = lastTeacher[Int(customer)]
        if last >= 0, precedes(place, last) {
            unordered.insert(customer)
        } else {
            lastTeacher[Int(customer)] = place
        }
    }

    private func precedes(_ left: Int32, _ right: Int32) -> Bool {
        let (one, other) = (settled[Int(left)].bookedOn, settled[Int(right)].bookedOn)
        return one != other ? one < other : settled[Int(left)].id < settled[Int(right)].id
    }

    func learn(_ account: UInt64?, _ text: [UInt8]?, paysFor customer: Int32) {
        guard let account, customer >= 0 else { return }
        let owners = learned.values(account, limit: Self.ownersMax + 1)
        guard !owners.contains(customer), owners.count <= Self.ownersMax else { return }
        learned.insert(customer, for: account)
        if let text { accounts[account] = text }
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

    func saw(_ sighting: Habits.Sighting, of customer: Int32, isSettled: Bool) {
        if isSettled {
            habits[Int(customer)].saw(sighting)
            if !waitingHabits.isEmpty { waitingHabits[customer]?.paid(sighting.item, isFull: false) }
        } else {
            waitingHabits[customer, default: Habits()].saw(sighting)
        }
    }

    func paid(_ item: Int32, of customer: Int32, isFull: Bool) {
        habits[Int(customer)].paid(item, isFull: isFull)
        if !waitingHabits.isEmpty { waitingHabits[customer]?.paid(item, isFull: false) }
    }

    private func route(_ payment: MatchPayment) -> Route {
        guard let code = payment.bankCode, payment.amount > 0 else { return .unknown }
        if lastRoute.code == code { return lastRoute.route }
        let route = routes[code] ?? Route(received: code)
        routes[code] = route
        lastRoute = (code, route)
        return route
    }

    /// - Parameters:
    ///   - items: those of the lines.
    ///   - rest: what of it waits; nil for what the lines leave.
    /// - Returns: Where it is kept.
    @discardableResult
    func record(
        _ docket: Docket, lines: [Line], items: [Int32], rule: Rule?, rest: Int64?, isSettled: Bool, isReturned: Bool
    ) -> Int32 {
        let payment = docket.payment
        let mentions = docket.reading?.mentions ?? []
        let from = Int32(truncatingIfNeeded: isSettled ? settledNames.count : waitingNames.count)
        let seen = Seen(
            id: payment.id, endToEndID: payment.endToEndID, amount: payment.amount, currency: payment.currency,
            bookedOn: payment.bookedOn, accountKey: docket.accountKey, payerKey: docket.payerKey, name: docket.name,
            lines: lines, rule: rule, isSettled: isSettled, isReturned: isReturned, isWordless: mentions.isEmpty,
            isPart: payment.isPart, route: route(payment),
            rest: rest ?? lines.reduce(payment.amount) { $0 &- $1.cash }, order: order,
            named: from..<from + Int32(truncatingIfNeeded: mentions.count))
        order += 1
        guard isSettled else {
            waiting.append(seen)
            for mention in mentions { waitingNames.append(mention.item) }
            let place = Int32(truncatingIfNeeded: 0 - waiting.count)
            file(place, docket, &byWaiting)
            return place
        }
        let place = Int32(truncatingIfNeeded: settled.count)
        settled.append(seen)
        for mention in mentions { settledNames.append(mention.item) }
        file(place, docket, &bySettled)
        for item in items { bySettled.byItem.insert(place, for: UInt64(UInt32(bitPattern: item))) }
        return place
    }

    private func file(_ place: Int32, _ docket: Docket, _ finder: inout Finder) {
        finder.byAmount.insert(place, for: docket.amountKey)
        if let key = docket.endToEndKey { finder.byID.insert(place, for: key) }
        finder.byID.insert(place, for: docket.idKey)
        if let key = docket.repeatKey { finder.byRepeat.insert(place, for: key) }
    }

    func markReturned(_ place: Int32) {
        if place >= 0 { settled[Int(place)].isReturned = true } else { waiting[Int(-1 - place)].isReturned = true }
        hasUnlearned = true
    }

    /// When this payer paid this very amount, within so many days.
    func lastSame(_ docket: Docket, within days: Int) -> Day? { last(docket, within: days) { _ in true } }

    /// When this payer sent this very amount without a word, within so many days, and it still waits.
    func lastWaiting(_ docket: Docket, within days: Int) -> Day? {
        last(docket, within: days) { !$0.isSettled && $0.isWordless && $0.amount > 0 }
    }

    private func last(_ docket: Docket, within days: Int, _ counts: (Seen) -> Bool) -> Day? {
        guard let key = docket.repeatKey else { return nil }
        var last: Day?
        var steps = 0
        Self.forEach(bySettled.byRepeat, byWaiting.byRepeat, key, self) { place in
            let entry = seen(place)
            let day = entry.bookedOn
            if abs(docket.payment.bookedOn - day) <= days, !entry.isReturned, counts(entry), day > last ?? day - 1 {
                last = day
            }
            steps += 1
            return steps < 256
        }
        return last
    }

    /// Calls `body` with what is settled and what waits under a key, newest first, until it returns false.
    @inline(__always)
    private static func forEach(
        _ settled: ChainIndex, _ waiting: ChainIndex, _ key: UInt64, _ memory: Memory, _ body: (Int32) -> Bool
    ) {
        var (one, other) = (settled.head(key), waiting.head(key))
        while one >= 0 || other >= 0 {
            let isSettled =
                other < 0
                || one >= 0
                    && memory.settled[Int(settled.value(at: one))].order
                        > memory.waiting[Int(-1 - waiting.value(at: other))].order
            let place = isSettled ? settled.value(at: one) : waiting.value(at: other)
            guard body(place) else { return }
            if isSettled { one = settled.next(of: one) } else { other = waiting.next(of: other) }
        }
    }

    /// The newest `limit` payments of an amount that hold, in the order of the days.
    @inline(__always)
    func sameAmount(
        _ amount: Int64, _ currency: Currency, limit: Int, where holds: (Int32, Seen) -> Bool
    ) -> [Int32] {
        var found: [Int32] = []
        var count = 0
        Self.forEach(bySettled.byAmount, byWaiting.byAmount, Docket.amountKey(amount), self) { place in
            let entry = seen(place)
            if entry.currency == currency, holds(place, entry) { found.append(place) }
            count += 1
            return count < limit
        }
        return inOrder(found)
    }

    func named(_ id: String) -> [Int32] {
        var found: [Int32] = []
        Self.forEach(bySettled.byID, byWaiting.byID, KeyHash.of(id), self) { place in
            if found.last != place { found.append(place) }
            return found.count < 8
        }
        return inOrder(found)
    }

    /// What settled an item, in the order of the days.
    func settling(_ item: Int32, limit: Int = 32) -> [Int32] {
        var found: [Int32] = []
        bySettled.byItem.forEach(UInt64(UInt32(bitPattern: item))) { place in
            if found.last != place { found.append(place) }
            return found.count < limit
        }
        return inOrder(found)
    }

    /// In the order of the days, whenever each was decided.
    func inOrder(_ places: [Int32]) -> [Int32] {
        places.count < 2 ? places : places.sorted { seen($0).precedes(seen($1)) }
    }
}
