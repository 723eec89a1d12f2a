// SPDX-License-Identifier: Apache-2.0

import Documents

/// What was learned and seen: payers after strong matches and people's, payments after their decision.
///
/// What is settled stays; what waits is not found any more when a new pass begins, until that comes to it again. Places
/// from 0 on are of what is settled, those below of what waits.
final class Memory {
    private struct Teacher {
        var place: Int32 = -1
        var bookedOn = Day(number: 0)
    }

    /// A payer pays for at most this many customers; beyond, it identifies nobody (a factor, a lawyer).
    private static let ownersMax = 8
    private var learned = ChainIndex()
    /// Payers who paid for a customer once, and seem to be another's.
    private var suspected = ChainIndex()
    /// The accounts that were learned, and the names of payers without an account, as texts.
    private(set) var payers: [UInt64: [UInt8]] = [:]
    private var settled = Register()
    private var waiting = Register()
    /// What those that wait are found by.
    private var waitingKeys: [PaymentKeys] = []
    private var order: Int32 = 0
    private var habits: [Habits]
    private var waitingHabits: [Int32: Habits] = [:]
    /// By the bank's codes that were seen.
    private var routes: [String: Route] = [:]
    /// Most payments of a bank have the same code.
    private var lastRoute: (code: String, route: Route) = ("", .unknown)
    private var bySettled = PaymentFinder()
    private var byItem: ItemPayments
    private var byWaiting = PaymentFinder()
    /// Payers whom payments taught that were taken back since they were learned.
    private var unlearned: Set<UInt64> = []
    /// The last payment, by day and id, that taught each customer's habits.
    private var lastTeacher: [Teacher]
    /// Customers whose habits were not learned in the order of the days, or from payments that went back.
    private(set) var unordered: Set<Int32> = []

    private let catalogue: Catalogue
    private let part: Part

    init(_ catalogue: Catalogue, part: Part) {
        self.catalogue = catalogue
        self.part = part
        byItem = ItemPayments(items: catalogue.facts.count)
        habits = Array(repeating: Habits(), count: catalogue.customers.count)
        lastTeacher = Array(repeating: Teacher(), count: catalogue.customers.count)
    }

    /// Room for so many payments.
    func reserve(_ count: Int) {
        bySettled.reserve(count)
        byItem.reserve(count)
        settled.reserve(count)
    }

    /// Places of what is settled.
    var settledPlaces: Range<Int32> { 0..<Int32(truncatingIfNeeded: settled.seen.count) }

    func seen(_ place: Int32) -> Seen { place >= 0 ? settled.seen[Int(place)] : waiting.seen[Int(-1 - place)] }

    func label(_ place: Int32) -> Label { place >= 0 ? settled.labels[Int(place)] : waiting.labels[Int(-1 - place)] }

    func id(_ place: Int32) -> String {
        place >= 0 ? settled.labels[Int(place)].id : waiting.labels[Int(-1 - place)].id
    }

    /// What settled lines say; none of what waits.
    func lines(_ place: Int32) -> [Line] {
        place >= 0 ? settled.lines(Int(place), catalogue) : []
    }

    /// Whether what is settled paid one of these items.
    func paid(_ items: [Int32], _ place: Int32) -> Bool {
        place >= 0 && !items.isEmpty && settled.paid(items, Int(place), catalogue)
    }

    /// The payer's.
    func name(_ place: Int32) -> PayerName? {
        place >= 0 ? settled.labels[Int(place)].name : waiting.labels[Int(-1 - place)].name
    }

    func named(_ place: Int32) -> ArraySlice<Int32> {
        place >= 0 ? settled.named(Int(place)) : waiting.named(Int(-1 - place))
    }

    /// What waits is decided again.
    func beginPass() {
        byWaiting.removeAll()
        waitingHabits = [:]
    }

    /// Forgets for whom the payers pay whom payments taught that were taken back.
    /// - Returns: Places of the payments that teach them again.
    func forgetPayers() -> [Int32] {
        guard !unlearned.isEmpty else { return [] }
        // order-free: each payer alone
        for payer in unlearned {
            learned.forget(payer)
            suspected.forget(payer)
        }
        defer { unlearned = [] }
        return settledPlaces.filter { place in
            let seen = seen(place)
            return !seen.isReturned && seen.isTelling && seen.payerKey.map(unlearned.contains) == true
        }
    }

    /// The caller teaches what these customers' payments show again, in the order of the days.
    func forgetHabits() {
        for customer in unordered.sorted() {
            habits[Int(customer)] = Habits()
            lastTeacher[Int(customer)] = Teacher()
        }
        unordered = []
    }

    func unlearn(_ customer: Int32) { unordered.insert(customer) }

    func teaches(_ customer: Int32, by place: Int32) {
        let last = lastTeacher[Int(customer)]
        let day = seen(place).bookedOn
        if last.place >= 0, day != last.bookedOn ? day < last.bookedOn : id(place) < id(last.place) {
            unordered.insert(customer)
        } else {
            lastTeacher[Int(customer)] = Teacher(place: place, bookedOn: day)
        }
    }

    private func precedes(_ left: Int32, _ right: Int32) -> Bool {
        let (one, other) = (seen(left).bookedOn, seen(right).bookedOn)
        return one != other ? one < other : id(left) < id(right)
    }

    /// - Parameter isOthers: whether the payer seems to be somebody else: then it takes a second payment.
    func learn(_ payer: UInt64?, _ text: [UInt8]?, paysFor customer: Int32, isOthers: () -> Bool) {
        guard let payer, customer >= 0 else { return }
        var (count, isKnown) = (0, false)
        learned.forEach(payer) { owner in
            count += 1
            isKnown = isKnown || owner == customer
            return count <= Self.ownersMax
        }
        guard !isKnown, count <= Self.ownersMax else { return }
        if isOthers(), !suspected.values(payer, limit: Self.ownersMax).contains(customer) {
            suspected.insert(customer, for: payer)
            return
        }
        learned.insert(customer, for: payer)
        if let text { payers[payer] = text }
    }

    /// For whom a payer was seen to pay.
    func owners(_ payer: UInt64?) -> [Int32] {
        guard let payer else { return [] }
        let owners = learned.values(payer, limit: Self.ownersMax + 1)
        return owners.count <= Self.ownersMax ? owners : []
    }

    /// See `Foresight`.
    func foresee(_ sights: [Foresight]) -> Int {
        var seen = 0
        for sight in sights {
            seen &+= Int(learned.foresee(sight.outlook.payerKey))
            if sight.item >= 0 { seen &+= Int(byItem.foresee(sight.item)) }
            guard sight.customer >= 0 else { continue }
            seen &+= habits[Int(sight.customer)].sightings.count &+ Int(lastTeacher[Int(sight.customer)].place)
        }
        return seen
    }

    /// What a customer's payments taught, those that wait included.
    func habits(of customer: Int32) -> Habits {
        guard customer >= 0 else { return Habits() }
        part.asks(allOf: customer)
        guard let waiting = waitingHabits[customer] else { return habits[Int(customer)] }
        var all = habits[Int(customer)]
        for sighting in waiting.sightings { all.saw(sighting) }
        return all
    }

    func saw(_ sighting: Habits.Sighting, of customer: Int32, isSettled: Bool) {
        if isSettled {
            habits[Int(customer)].saw(sighting)
            if waitingHabits[customer] != nil { waitingHabits[customer]?.paid(sighting.item, isFull: false) }
        } else {
            waitingHabits[customer, default: Habits()].saw(sighting)
        }
    }

    func paid(_ item: Int32, of customer: Int32, isFull: Bool) {
        habits[Int(customer)].paid(item, isFull: isFull)
        // Asked first: to change what is under a key costs memory, even where nothing is.
        if waitingHabits[customer] != nil { waitingHabits[customer]?.paid(item, isFull: false) }
    }

    private func route(_ docket: Docket) -> Route {
        guard let code = docket.payment.bankCode, docket.payment.amount > 0 else { return .unknown }
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
        _ docket: Docket, lines: [Line], items: [Int32], rule: Rule?, isByPerson: Bool, rest: Int64?, isSettled: Bool,
        isReturned: Bool
    ) -> Int32 {
        let mentions = docket.reading?.mentions ?? []
        let spent = lines.reduce(Int64(0)) { $0 &+ $1.cash }
        let seen = Seen(
            amount: docket.payment.amount, account: docket.accountKey ?? 0, payer: docket.payerKey ?? 0,
            rest: rest ?? docket.payment.amount &- spent, currency: docket.payment.currency,
            bookedOn: docket.payment.bookedOn, order: order,
            lines: 0..<0, named: 0..<0, rule: rule, isByPerson: isByPerson, route: route(docket), isSettled: isSettled,
            isReturned: isReturned, isPart: docket.payment.isPart)
        order += 1
        let label = Label(id: docket.payment.id, endToEndID: docket.payment.endToEndID, name: docket.name)
        guard isSettled else {
            waiting.append(seen, label, lines, mentions)
            let place = Int32(truncatingIfNeeded: 0 - waiting.seen.count)
            let keys = PaymentKeys(docket, waits: true)
            waitingKeys.append(keys)
            byWaiting.insert(place, keys)
            return place
        }
        let place = Int32(truncatingIfNeeded: settled.seen.count)
        settled.append(seen, label, lines, mentions)
        bySettled.insert(place, PaymentKeys(docket))
        for item in items { byItem.insert(place, of: item) }
        return place
    }

    /// A payment that waited in the pass before waits in this one.
    /// - Parameter place: where it was kept: there it is kept again.
    func recall(_ place: Int32, isReturned: Bool) {
        let index = Int(-1 - place)
        waiting.seen[index].order = order
        waiting.seen[index].isReturned = isReturned
        order += 1
        byWaiting.insert(place, waitingKeys[index])
    }

    func markReturned(_ place: Int32) {
        if place >= 0 {
            settled.seen[Int(place)].isReturned = true
        } else {
            waiting.seen[Int(-1 - place)].isReturned = true
        }
        let seen = seen(place)
        if let payer = seen.payerKey, seen.isTelling { unlearned.insert(payer) }
    }

    /// When this payer paid this very amount, within so many days.
    func lastSame(_ docket: Docket, within days: Int) -> Day? { last(docket, within: days) { _ in true } }

    /// When this payer sent this very amount without a word, within so many days, and it still waits.
    func lastWaiting(_ docket: Docket, within days: Int) -> Day? {
        last(docket, within: days) { !$0.isSettled && $0.isWordless && $0.amount > 0 }
    }

    /// Whether a payment waits that came before with the same text and amount, from whichever account.
    func hasWaitingCopy(of docket: Docket, within days: Int) -> Bool {
        guard let key = docket.textKey else { return false }
        var found = false
        byWaiting.byText.filed().forEach(key) { place in
            let entry = seen(place)
            found =
                entry.amount == docket.payment.amount && entry.currency == docket.payment.currency && !entry.isReturned
                && abs(docket.payment.bookedOn - entry.bookedOn) <= days
            return !found
        }
        return found
    }

    private func last(_ docket: Docket, within days: Int, _ counts: (Seen) -> Bool) -> Day? {
        guard let key = docket.repeatKey else { return nil }
        var last: Day?
        var steps = 0
        Self.forEach(bySettled.byRepeat.filed(), byWaiting.byRepeat.filed(), key, self) { place in
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
                    && memory.settled.seen[Int(settled.value(at: one))].order
                        > memory.waiting.seen[Int(-1 - waiting.value(at: other))].order
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
        let (settled, waiting) = (bySettled.byAmount.filed(), byWaiting.byAmount.filed())
        Self.forEach(settled, waiting, Docket.amountKey(amount), self) { place in
            let entry = seen(place)
            if entry.currency == currency, holds(place, entry) { found.append(place) }
            count += 1
            return count < limit
        }
        return inOrder(found)
    }

    /// The newest `limit` payments of an amount from this account, or by this name where there was none.
    func paid(_ amount: Int64, by payer: UInt64, limit: Int) -> [Int32] {
        var found: [Int32] = []
        let key = Docket.repeatKey(payer, amount)
        Self.forEach(bySettled.byRepeat.filed(), byWaiting.byRepeat.filed(), key, self) { place in
            if seen(place).amount == amount, seen(place).payer == payer { found.append(place) }
            return found.count < limit
        }
        return found
    }

    func named(_ id: String) -> [Int32] {
        var found: [Int32] = []
        Self.forEach(bySettled.byID.filed(), byWaiting.byID.filed(), KeyHash.of(id), self) { place in
            if found.last != place { found.append(place) }
            return found.count < 8
        }
        return inOrder(found)
    }

    /// What settled an item, in the order of the days.
    func settling(_ item: Int32, limit: Int = 32) -> [Int32] {
        var found: [Int32] = []
        byItem.forEach(item) { place in
            if found.last != place { found.append(place) }
            return found.count < limit
        }
        return inOrder(found)
    }

    /// In the order of the days, whenever each was decided.
    func inOrder(_ places: [Int32]) -> [Int32] {
        places.count < 2 ? places : places.sorted { precedes($0, $1) }
    }
}
