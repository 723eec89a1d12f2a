// SPDX-License-Identifier: Apache-2.0

import Documents

/// Everything matching knows, and the state that decided payments change as a run goes on.
///
/// A run reads every payment's own words first, so that an item that any of them names is claimed, and then decides
/// payment by payment in the order of (booking day, id). Nothing depends on the order of the input.
package final class Workspace {
    let policy: Policy
    let catalogue: Catalogue
    let balances: Balances
    let memory: Memory
    let part: Part
    /// By customer; empty where nobody announced anything.
    let expectations: [[AnnouncedMoney]]
    let payouts: Payouts
    let reader: Reader
    /// What changed when, and what the payment on the table was decided from.
    let topics: Topics
    var rates: ExchangeRates
    /// How many payments of the run name each item for certain, and are not decided yet.
    private(set) var claims: [Int32]
    /// Items that an undecided payment may be for.
    var contests: [Int32: Contest] = [:]
    /// Payments that a return or a refund of this run takes back.
    private(set) var takenBack = TakenBack()
    /// Payouts that a payment of this run is.
    private(set) var paidOut: Set<String> = []
    let wordCounts: [UInt64: Int]
    /// What is known of the whole ledger, where items and customers are a part of it.
    let frequencies: Frequencies?
    /// A decision asked for more than a neighbourhood holds: only the whole ledger can answer.
    package internal(set) var isBeyond = false
    /// As the books had them before the run.
    package var untouched: UntouchedItems { UntouchedItems(catalogue) }
    let forgotten: Forgotten
    /// Accounts of counterparties that a person said are never customers.
    private let strangers: Set<[UInt8]>
    /// A named item that is paid short without a known reason gets its cash; what is missing stays open.
    var appliesUnclear = false
    /// Items that a person refused for a payment, and what a return shall not take back.
    private let refused: [String: RefusedThings]
    var payerNames = PayerNames()
    /// See `Foresight`.
    private var foreseen = 0
    /// Charges of payouts that wait, by their place.
    var charges: [Int: DecidedCharge] = [:]

    /// - Parameters:
    ///   - texts: the ledger's, and so are the amounts.
    ///   - history: payments decided before; their effect must already be in the items' open amounts.
    ///   - charges: the providers' settlement lines behind payouts.
    ///   - rates: exchange rates with their sources.
    ///   - forgotten: lessons that a person deleted.
    ///   - strangers: accounts that a person said are nobody's who owes us.
    ///   - refused: per payment the items that a person said it is not for, and the payments that it does not take back.
    ///   - frequencies: of the whole ledger, where this one is a neighbourhood in it.
    package init(
        _ ledger: MatchLedger, _ texts: ItemIndex, _ amounts: ItemAmounts, history: [PastPayment] = [],
        expectations: [AnnouncedMoney] = [], charges: [SettledCharge] = [], rates: [QuotedRate] = [],
        policy: Policy = Policy(), forgotten: [ForgottenLesson] = [], strangers: [String] = [],
        refused: [String: RefusedThings] = [:], frequencies: Frequencies? = nil
    ) {
        self.policy = policy
        self.refused = refused
        self.forgotten = Forgotten(forgotten)
        self.strangers = Set(strangers.map(Folding.canonical).filter { $0.count >= 5 })
        wordCounts = frequencies?.words ?? [:]
        self.frequencies = frequencies
        payouts = Payouts(charges)
        self.rates = ExchangeRates(rates)
        catalogue = Catalogue(ledger, texts, amounts, larger: frequencies)
        part = Part(catalogue, frequencies)
        balances = Balances(ledger.shelf, amounts, frequencies: frequencies?.amounts ?? [:], part: part)
        reader = Reader(catalogue: catalogue)
        memory = Memory(catalogue, part: part)
        claims = Array(repeating: 0, count: ledger.shelf.count)
        var announced: [[AnnouncedMoney]] = Array(
            repeating: [], count: expectations.isEmpty ? 0 : catalogue.customers.count)
        for expectation in expectations {
            if let customer = catalogue.customer(expectation.customerID) {
                announced[Int(customer)].append(expectation)
            }
        }
        self.expectations = announced
        topics = Topics(customers: catalogue.customers.count)
        for past in history.sorted(by: { Self.precedes($0.payment, $1.payment) }) {
            let docket = Docket(past.payment, nil, past.payment.payerName.map { payerName($0) })
            self.rates.saw(past.payment)
            let lines = catalogue.placed(past.lines)
            let place = remember(
                docket, lines, rule: past.rule, isByPerson: past.isByPerson, rest: past.rest, isSettled: true,
                isReturned: past.isReturned)
            if past.isReturned { takenBack.insert(past.payment.id, docket.idKey) } else { teach(docket, place, lines) }
        }
    }

    package convenience init(
        items: [MatchItem], customers: [MatchCustomer], history: [PastPayment] = [],
        expectations: [AnnouncedMoney] = [], charges: [SettledCharge] = [], rates: [QuotedRate] = [],
        policy: Policy = Policy(), forgotten: [ForgottenLesson] = [], strangers: [String] = [],
        refused: [String: RefusedThings] = [:], frequencies: Frequencies? = nil
    ) {
        let ledger = MatchLedger(items: ItemShelf(items), customers: customers)
        self.init(
            ledger, ledger.texts(), ledger.amounts(), history: history, expectations: expectations, charges: charges,
            rates: rates, policy: policy, forgotten: forgotten, strangers: strangers, refused: refused,
            frequencies: frequencies)
    }

    static func precedes(_ left: MatchPayment, _ right: MatchPayment) -> Bool {
        left.bookedOn != right.bookedOn ? left.bookedOn < right.bookedOn : left.id < right.id
    }

    static func areOrdered(_ payments: [MatchPayment]) -> Bool {
        for index in payments.indices.dropFirst() where precedes(payments[index], payments[index - 1]) { return false }
        return true
    }

    /// In the order in which they are decided.
    package static func ordered(_ payments: [MatchPayment]) -> [MatchPayment] {
        areOrdered(payments) ? payments : payments.sorted(by: precedes)
    }

    /// A payment that is no bank entry of its own: a provider's charge.
    func docket(of charge: MatchPayment) -> (Docket, Reading) {
        let reading = reader.reading(of: charge)
        asks(for: reading)
        reads(mentions: reading.mentions)
        return (Docket(charge, reading, charge.payerName.map { payerName($0) }), reading)
    }

    /// A claim keeps weaker evidence away from an item; it is no decision.
    func claim(_ docket: Docket, _ step: Int32) {
        guard docket.payment.amount > 0, let reading = docket.reading else { return }
        for mention in reading.mentions where mention.isClaim { claim(mention.item, step) }
    }

    func claim(_ item: Int32, _ step: Int32) { claims[Int(item)] += step }

    /// Asks for what amounts are looked up under: see `Foresight`.
    func foresee(_ customers: ArraySlice<Int32>, _ amount: Int64) { foreseen &+= balances.foresee(customers, amount) }

    /// Asks for what the next payments need: see `Foresight`.
    func foresee(_ outlooks: ArraySlice<Outlook>) {
        var sights: [Foresight] = []
        sights.reserveCapacity(outlooks.count * 2)
        var seen = 0
        for outlook in outlooks {
            sights.append(Foresight(outlook: outlook, item: outlook.item, customer: outlook.customer))
            if outlook.next >= 0 { sights.append(Foresight(outlook: outlook, item: outlook.next, customer: -1)) }
        }
        for place in sights.indices where sights[place].item >= 0 {
            seen &+= Int(claims[Int(sights[place].item)])
            sights[place].customer = catalogue.customerOf[Int(sights[place].item)]
        }
        if !expectations.isEmpty {
            for sight in sights where sight.customer >= 0 { seen &+= expectations[Int(sight.customer)].count }
        }
        seen &+= catalogue.foresee(sights) &+ balances.foresee(sights)
        foreseen &+= seen &+ memory.foresee(sights) &+ topics.foresee(sights)
    }

    /// Payments by their ids: hardly any is among them, which their keys say at once.
    struct TakenBack {
        private(set) var ids: Set<String> = []
        private var keys = KeyTable()

        mutating func insert(_ id: String, _ key: UInt64) {
            ids.insert(id)
            keys.set(1, for: key)
        }

        /// False only where that is certain.
        func mayHold(_ key: UInt64) -> Bool { keys[key] != nil }

        func contains(_ docket: Docket) -> Bool { mayHold(docket.idKey) && ids.contains(docket.payment.id) }
    }

    /// A payment that waits, and may be for the item it stands under.
    struct Contest {
        var amount: Int64
        var bookedOn: Day
        /// All that it may be for.
        var items: [Int32]
    }

    /// Whether an earlier payment of the same amount waits for a person and may be for this item: then this one
    /// may be the same money twice.
    func isContested(_ item: Int32, _ matter: Matter) -> Bool {
        guard let contest = contests[item], contest.amount == matter.amount else { return false }
        if matter.day - contest.bookedOn <= policy.repeatDays { return true }
        // What has been paid since leaves it no other.
        return contest.items.allSatisfy {
            $0 == item || balances.available($0, catalogue, on: matter.day) != contest.amount
        }
    }

    func isStranger(_ docket: Docket) -> Bool { docket.account.map { strangers.contains($0) } ?? false }

    /// Whether payments of this day may still teach how a customer pays.
    func teachesHabit(_ customer: Int32, on day: Day) -> Bool {
        forgotten.isEmpty || forgotten.teachesHabit(catalogue.customers[Int(customer)].id, on: day)
    }

    func isClaimed(_ item: Int32) -> Bool { claims[Int(item)] > 0 }

    func decide(_ docket: Docket) -> Decision {
        let amount = docket.payment.amount
        // Input refuses larger amounts (`AMOUNT-RANGE`); below this, no sum here can leave 64 bits.
        guard amount != 0, amount.magnitude <= UInt64(Money.magnitudeMax), let reading = docket.reading
        else {
            return Decision(
                paymentID: docket.payment.id, verdict: .none, kind: .other, rule: .noEvidence,
                sentence: amount == 0 ? "The entry moves no money." : "The amount is out of range.")
        }
        asks(for: reading)
        reads(mentions: reading.mentions)
        if let key = docket.payerKey { topics.reads(Topics.payer(key)) }
        let matter = Matter(docket, reading, identify(docket, reading))
        balances.graceDays = matter.graceDays(atLeast: policy.discountGraceDays)
        if let sure = decideOwnTransfer(matter) ?? (amount < 0 ? decideOutgoing(matter) : nil) { return sure }
        if isPayout(matter) { return decidePayout(matter) }
        let ordered = docket.payment.originalAmount == nil ? nil : decideOrdered(matter).map { held($0, matter) }
        if let ordered, ordered.verdict == .auto { return ordered }
        let stated = docket.payment.stated == nil ? nil : decideStated(matter).map { held($0, matter) }
        if let stated, stated.verdict == .auto { return stated }
        let decision = tellSlip(
            held(decideAdvance(matter) ?? decideNamed(matter) ?? decideByPayer(matter), matter), matter)
        if decision.verdict != .auto, let better = ordered ?? stated { return better }
        return reading.replaced.isEmpty ? decision : tellReplacements(decision, reading)
    }

    /// The last word on a decision: what it may never do, whatever rule made it.
    func enforce(_ decision: inout Decision, _ docket: Docket) {
        if !refused.isEmpty, let refused = refused[docket.payment.id], let word = Self.refusal(of: decision, refused) {
            decision = Self.declined(decision, word)
            return
        }
        doubtReturned(&decision, docket.payment)
        guard decision.verdict == .auto else { return }
        var spent: [(item: Int32, total: Int64)] = []
        var isSound = policy.isAuto(decision.rule)
        for line in decision.lines {
            guard let item = catalogue.place(of: line) else {
                if frequencies != nil { isBeyond = true }
                isSound = false
                continue
            }
            var total = line.reason == .exchange ? line.adjustment : line.cash + line.adjustment
            if let known = spent.firstIndex(where: { $0.item == item }) {
                total += spent[known].total
                spent[known].total = total
            } else {
                spent.append((item, total))
            }
        }
        for (item, total) in spent where decision.kind != .return {
            let whole = balances.open[Int(item)] + balances.provable[Int(item)]
            if whole >= 0 ? (total > whole || total < 0) : (total < whole || total > 0) { isSound = false }
        }
        let (cash, amount) = (decision.cash, docket.payment.amount)
        if amount > 0, cash > amount || cash < 0 { isSound = false }
        if amount < 0, cash < amount || cash > 0 { isSound = false }
        if !isSound { decision.verdict = .review }
    }

    /// - Parameter keptAt: where memory keeps a payment that waited before.
    /// - Returns: Where memory keeps it now.
    @discardableResult
    func apply(_ decision: Decision, _ docket: Docket, keptAt: Int32? = nil) -> Int32 {
        guard decision.verdict == .auto else {
            let isReturned = takenBack.contains(docket)
            if let keptAt { memory.recall(keptAt, isReturned: isReturned) }
            let place = keptAt ?? remember(docket, [], rule: nil, isSettled: false, isReturned: isReturned)
            let (amount, day) = (docket.payment.amount, docket.payment.bookedOn)
            if Self.showsHabit(decision.verdict, decision.kind, decision.rule, amount) {
                learnHabit(waiting: decision.lines, on: day)
            }
            contest(decision.possiblePlaces.items + named(by: docket), amount, on: day)
            return place
        }
        let settledAt = remember(docket, decision.lines, rule: decision.rule, isSettled: true, isReturned: false)
        touch(settled: docket)
        if let payout = decision.payoutID { paidOut.insert(payout) }
        for line in decision.lines {
            guard let item = catalogue.place(of: line) else { continue }
            touch(item)
            balances.apply(
                item, cash: line.reason == .exchange ? 0 : line.cash, proves: line.proves, adjustment: line.adjustment,
                catalogue)
            touch(item)
        }
        if decision.kind == .return || decision.kind == .refund, let original = decision.counterpartID {
            takenBack.insert(original, KeyHash.of(original))
            for place in memory.named(original) where memory.id(place) == original {
                memory.markReturned(place)
                for item in memory.lines(place).compactMap({ catalogue.place(of: $0) }) {
                    touch(item)
                    let customer = catalogue.customerOf[Int(item)]
                    if customer >= 0 { memory.unlearn(customer) }
                }
            }
        }
        teach(docket, settledAt, decision.lines)
        return settledAt
    }

    /// A credit note was set off against an item, without a payment.
    package func net(_ credit: String, _ claim: String, _ amount: Int64, proves: Int64) {
        for (id, cash, proves) in [(credit, 0 - amount, 0), (claim, amount, proves)] {
            guard let item = catalogue.place(ofItem: id) else {
                // What is left of it may be what a payment of this run asks for.
                if frequencies != nil { isBeyond = true }
                continue
            }
            touch(item)
            balances.apply(item, cash: cash, proves: proves, adjustment: 0, catalogue)
            touch(item)
        }
    }

    /// What a text names for certain: whyever it waits, another payment of the same amount may be the same money.
    private func named(by docket: Docket) -> [Int32] {
        docket.reading?.mentions.filter(\.isClaim).map(\.item) ?? []
    }

    /// A payment that waits may be for the one item it fits; the same amount for that item again is a doubt.
    func contest(_ items: [Int32], _ amount: Int64, on day: Day) {
        guard amount > 0 else { return }
        for item in items { contests[item] = Contest(amount: amount, bookedOn: day, items: items) }
    }

    /// - Returns: Where memory keeps it.
    func remember(
        _ docket: Docket, _ lines: [Line], rule: Rule?, isByPerson: Bool = false, rest: Int64? = nil, isSettled: Bool,
        isReturned: Bool
    ) -> Int32 {
        var places: [Int32] = []
        for line in lines {
            if let place = catalogue.place(of: line), places.last != place { places.append(place) }
        }
        return memory.record(
            docket, lines: lines, items: places, rule: rule, isByPerson: isByPerson, rest: rest, isSettled: isSettled,
            isReturned: isReturned)
    }
}
