// SPDX-License-Identifier: Apache-2.0

import Documents

/// Everything matching knows, and the state that decided payments change as a run goes on.
///
/// A run reads every payment's own words first, so that an item that any of them names is claimed, and then decides
/// payment by payment in the order of (booking day, id). Nothing depends on the order of the input.
package final class Workspace {
    let policy: Policy
    let catalogue: Catalogue
    var balances: Balances
    var memory: Memory
    let expectations: [String: [AnnouncedMoney]]
    let payouts: Payouts
    private let reader: Reader
    /// Counts what was applied; when each customer and each payer last moved.
    private var clock: Int32 = 0
    private var moved: [Int32]
    private var movedPayers = KeyTable()
    /// Customers that the payment on the table was compared with.
    var lookedAt: [Int32] = []
    var rates: ExchangeRates
    /// How many payments of the run name each item for certain, and are not decided yet.
    private var claims: [Int32]
    /// Items that an undecided payment may be for.
    private var contests: [Int32: Contest] = [:]
    /// Payments that a return or a refund of this run takes back.
    private var takenBack: Set<String> = []
    let wordCounts: [UInt64: Int]
    private let forgotten: Forgotten
    /// Accounts of counterparties that a person said are never customers.
    private let strangers: Set<[UInt8]>
    /// A named item that is paid short without a known reason gets its cash; what is missing stays open.
    private(set) var appliesUnclear = false
    var payerNames: [String: PayerName] = [:]

    /// - Parameters:
    ///   - items: open items, and closed ones that a text may still name.
    ///   - history: payments decided before; their effect must already be in the items' open amounts.
    ///   - charges: the providers' settlement lines behind payouts.
    ///   - rates: exchange rates with their sources.
    ///   - forgotten: lessons that a person deleted.
    ///   - strangers: accounts that a person said are nobody's who owes us.
    ///   - frequencies: of the whole ledger, where `items` and `customers` are a neighbourhood in it.
    package init(
        items: [MatchItem], customers: [MatchCustomer], history: [PastPayment] = [],
        expectations: [AnnouncedMoney] = [], charges: [SettledCharge] = [], rates: [QuotedRate] = [],
        policy: Policy = Policy(), forgotten: [ForgottenLesson] = [], strangers: [String] = [],
        frequencies: Frequencies? = nil
    ) {
        self.policy = policy
        self.forgotten = Forgotten(forgotten)
        self.strangers = Set(strangers.map(Folding.canonical).filter { $0.count >= 5 })
        wordCounts = frequencies?.words ?? [:]
        payouts = Payouts(charges)
        self.rates = ExchangeRates(rates)
        catalogue = Catalogue(items: items, customers: customers, shapes: frequencies?.shapes)
        balances = Balances(catalogue, amounts: frequencies?.amounts ?? [:])
        reader = Reader(catalogue: catalogue)
        memory = Memory(customers: catalogue.customers.count)
        claims = Array(repeating: 0, count: catalogue.items.count)
        var byCustomer: [String: [AnnouncedMoney]] = [:]
        for expectation in expectations { byCustomer[expectation.customerID, default: []].append(expectation) }
        self.expectations = byCustomer
        moved = Array(repeating: 0, count: catalogue.customers.count)
        for past in history.sorted(by: { Self.precedes($0.payment, $1.payment) }) {
            let docket = Docket(past.payment, nil, past.payment.payerName.map { payerName($0) })
            remember(docket, past.lines, rule: past.rule, isSettled: true, isReturned: past.isReturned)
            if !past.isReturned { teach(docket, past.lines, past.rule) }
        }
    }

    private static func precedes(_ left: MatchPayment, _ right: MatchPayment) -> Bool {
        left.bookedOn != right.bookedOn ? left.bookedOn < right.bookedOn : left.id < right.id
    }

    private static func areOrdered(_ payments: [MatchPayment]) -> Bool {
        for index in payments.indices.dropFirst() where precedes(payments[index], payments[index - 1]) { return false }
        return true
    }

    /// In the order in which they are decided.
    package static func ordered(_ payments: [MatchPayment]) -> [MatchPayment] {
        areOrdered(payments) ? payments : payments.sorted(by: precedes)
    }

    /// Decides every payment; the decisions come in the order of (booking day, id).
    package func run(_ payments: [MatchPayment]) -> [Decision] {
        let ordered = Self.ordered(payments)
        var decisions: [Decision?] = Array(repeating: nil, count: ordered.count)
        decide(ordered) { decisions[$0] = $1 }
        return decisions.compactMap { $0 }
    }

    /// A decision that waits, and what it was decided from.
    private struct Held {
        var decision: Decision
        /// Who the payment may be from or for: it is decided again only where something of theirs has moved since.
        var related: [Int32]
        var decidedAt: Int32
    }

    /// Decides payments that are in the order of (booking day, id), and hands each decision over as soon as it stands.
    ///
    /// What one pass settles may leave a single answer for a payment that waited. Passes go on until none settles
    /// anything more, each from the state in which the next run would start: so a run after this one has nothing new
    /// to say.
    package func decide<Failure: Error>(
        _ ordered: [MatchPayment], _ deliver: (Int, Decision) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(Self.areOrdered(ordered), "payments are decided in the order of booking day and id")
        let dockets = ordered.map { docket($0) }
        var waiting = Array(dockets.indices)
        var held: [Held?] = []
        // Where in `held` each payment is.
        var slots: [Int32] = Array(repeating: -1, count: dockets.count)
        appliesUnclear = false
        for pass in 0..<Self.passesMax {
            if pass > 0 { beginPass() }
            for place in waiting { claim(dockets[place], 1) }
            var left: [Int] = []
            for place in waiting {
                let docket = dockets[place]
                claim(docket, -1)
                let slot = Int(slots[place])
                if slot >= 0, let known = held[slot], isStanding(known, docket) {
                    learnHabit(known.decision, docket.payment)
                    apply(known.decision, docket)
                    left.append(place)
                    continue
                }
                lookedAt.removeAll(keepingCapacity: true)
                let decision = enforced(decide(docket), docket.payment)
                let decidedAt = clock
                learnHabit(decision, docket.payment)
                apply(decision, docket)
                if slot >= 0, let earlier = held[slot]?.decision, earlier != decision { release(earlier) }
                guard decision.verdict == .review || decision.verdict == .none else {
                    if slot >= 0 { held[slot] = nil }
                    try deliver(place, decision)
                    continue
                }
                left.append(place)
                let mentioned = docket.reading?.mentions.map { catalogue.customerOf[Int($0.item)] } ?? []
                let now = Held(decision: decision, related: lookedAt + mentioned, decidedAt: decidedAt)
                if slot >= 0 {
                    held[slot] = now
                } else {
                    slots[place] = Int32(truncatingIfNeeded: held.count)
                    held.append(now)
                }
            }
            if left.count == waiting.count, !left.isEmpty {
                if appliesUnclear || !policy.appliesUnexplained { break }
                // Nothing more will explain what is short of a named item: the cash is the item's all the same.
                appliesUnclear = true
                for place in left {
                    let rule = held[Int(slots[place])]?.decision.rule
                    if rule == .numberPart || rule == .corePart { held[Int(slots[place])]?.decidedAt = -1 }
                }
            }
            waiting = left
            if left.isEmpty { break }
        }
        for place in waiting { if let known = held[Int(slots[place])] { try deliver(place, known.decision) } }
    }

    private static let passesMax = 6

    /// Nothing has moved that the decision was made from, or the money went back meanwhile.
    private func isStanding(_ held: Held, _ docket: Docket) -> Bool {
        if takenBack.contains(docket.payment.id) { return true }
        if held.decidedAt < 0 { return false }
        if let key = docket.payerKey, movedPayers[key] ?? -1 > held.decidedAt { return false }
        return !held.related.contains { $0 >= 0 && moved[Int($0)] > held.decidedAt }
    }

    private func docket(_ payment: MatchPayment) -> Docket {
        Docket(payment, reader.read(payment), payment.payerName.map { payerName($0) })
    }

    /// A payment that is no bank entry of its own: a provider's charge.
    func docket(of charge: MatchPayment) -> (Docket, Reading) {
        let reading = reader.read(charge)
        return (Docket(charge, reading, charge.payerName.map { payerName($0) }), reading)
    }

    /// A payment that stops waiting, or waits for something else, frees what it might have been for.
    private func release(_ decision: Decision) {
        clock += 1
        for id in decision.possibleItems {
            guard let item = catalogue.place(ofItem: id) else { continue }
            let customer = catalogue.customerOf[Int(item)]
            if customer >= 0 { moved[Int(customer)] = clock }
        }
    }

    private func move(_ decision: Decision, _ docket: Docket) {
        clock += 1
        if let key = docket.payerKey { movedPayers.set(clock, for: key) }
        for line in decision.lines {
            guard let item = catalogue.place(of: line) else { continue }
            let customer = catalogue.customerOf[Int(item)]
            if customer >= 0 { moved[Int(customer)] = clock }
        }
    }

    /// Forgets what waits, and what was learned from payments that were taken back, as a run that starts now would.
    private func beginPass() {
        memory.beginPass()
        contests = [:]
        guard memory.hasUnlearned else { return }
        memory.forgetLessons()
        for place in memory.seen.indices where memory.seen[place].isSettled && !memory.seen[place].isReturned {
            let seen = memory.seen[place]
            teach(seen.docket, seen.lines, seen.rule)
        }
    }

    private func teach(_ docket: Docket, _ lines: [Line], _ rule: Rule?) {
        learnHabit(from: lines, on: docket.payment.bookedOn, isApplied: true)
        if let rule { learnAccount(docket, rule, lines) }
    }

    private func learnAccount(_ docket: Docket, _ rule: Rule, _ lines: [Line]) {
        guard Self.teaches(rule), let item = lines.first.flatMap({ catalogue.place(of: $0) }) else { return }
        let customer = catalogue.customerOf[Int(item)]
        guard customer >= 0,
            forgotten.isEmpty
                || forgotten.teachesAccount(
                    docket.account, catalogue.customers[Int(customer)].id, on: docket.payment.bookedOn)
        else { return }
        memory.learn(docket.accountKey, paysFor: customer)
    }

    /// A claim keeps weaker evidence away from an item; it is no decision.
    private func claim(_ docket: Docket, _ step: Int32) {
        guard docket.payment.amount > 0, let reading = docket.reading else { return }
        for mention in reading.mentions where mention.how != .order && !mention.isDoubtful {
            claims[Int(mention.item)] += step
        }
    }

    /// A payment that waits, and may be for the item it stands under.
    private struct Contest {
        var amount: Int64
        var bookedOn: Day
        /// It fits no other item.
        var isOnly: Bool
    }

    /// Whether an earlier payment of the same amount waits for a person and may be for this item: then this one
    /// may be the same money twice.
    func isContested(_ item: Int32, _ matter: Matter) -> Bool {
        guard let contest = contests[item], contest.amount == matter.payment.amount else { return false }
        return contest.isOnly || matter.payment.bookedOn - contest.bookedOn <= policy.repeatDays
    }

    func isStranger(_ docket: Docket) -> Bool { docket.account.map { strangers.contains($0) } ?? false }

    /// Whether payments of this day may still teach how a customer pays.
    func teachesHabit(_ customer: Int32, on day: Day) -> Bool {
        forgotten.isEmpty || forgotten.teachesHabit(catalogue.customers[Int(customer)].id, on: day)
    }

    func isClaimed(_ item: Int32) -> Bool { claims[Int(item)] > 0 }

    func decide(_ docket: Docket) -> Decision {
        let payment = docket.payment
        // Input refuses larger amounts (`AMOUNT-RANGE`); below this, no sum here can leave 64 bits.
        guard payment.amount != 0, payment.amount.magnitude <= UInt64(Money.magnitudeMax), let reading = docket.reading
        else {
            return Decision(
                paymentID: payment.id, verdict: .none, kind: .other, rule: .noEvidence,
                sentence: payment.amount == 0 ? "The entry moves no money." : "The amount is out of range.")
        }
        let matter = Matter(docket, reading, identify(docket, reading))
        if payment.amount < 0 { return decideOutgoing(matter) }
        if docket.name?.isProvider == true { return decidePayout(matter) }
        let ordered = payment.originalAmount == nil ? nil : decideOrdered(matter)
        if let ordered, ordered.verdict == .auto { return ordered }
        let decision = decideNamed(matter) ?? decideByPayer(matter)
        if let ordered, decision.verdict != .auto { return ordered }
        return decision
    }

    /// The last word on a decision: what it may never do, whatever rule made it.
    private func enforced(_ decision: Decision, _ payment: MatchPayment) -> Decision {
        guard decision.verdict == .auto else { return decision }
        var spent: [(item: Int32, total: Int64)] = []
        var isSound = policy.isAuto(decision.rule)
        for line in decision.lines {
            guard let item = catalogue.place(of: line) else {
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
            if decision.kind == .return { continue }
            let whole = balances.open[Int(item)] + balances.provable[Int(item)]
            if whole >= 0 ? (total > whole || total < 0) : (total < whole || total > 0) { isSound = false }
        }
        if payment.amount > 0, decision.cash > payment.amount || decision.cash < 0 { isSound = false }
        if payment.amount < 0, decision.cash < payment.amount || decision.cash > 0 { isSound = false }
        if isSound { return decision }
        var demoted = decision
        demoted.verdict = .review
        return demoted
    }

    private func apply(_ decision: Decision, _ docket: Docket) {
        let isApplied = decision.verdict == .auto
        remember(
            docket, isApplied ? decision.lines : [], rule: isApplied ? decision.rule : nil, isSettled: isApplied,
            isReturned: !isApplied && !takenBack.isEmpty && takenBack.contains(docket.payment.id))
        guard isApplied else {
            contest(decision, docket.payment)
            return
        }
        move(decision, docket)
        for line in decision.lines {
            guard let item = catalogue.place(of: line) else { continue }
            balances.apply(
                item, cash: line.reason == .exchange ? 0 : line.cash, proves: line.proves, adjustment: line.adjustment,
                catalogue)
        }
        if decision.kind == .return || decision.kind == .refund, let original = decision.counterpartID {
            takenBack.insert(original)
            for place in memory.named(original) where memory.seen[Int(place)].payment.id == original {
                memory.markReturned(place)
            }
        }
        learnAccount(docket, decision.rule, decision.lines)
    }

    /// A payment that waits may be for the one item it fits; the same amount for that item again is a doubt.
    private func contest(_ decision: Decision, _ payment: MatchPayment) {
        guard payment.amount > 0 else { return }
        for id in decision.possibleItems {
            guard let item = catalogue.place(ofItem: id) else { continue }
            contests[item] = Contest(
                amount: payment.amount, bookedOn: payment.bookedOn, isOnly: decision.possibleItems.count == 1)
        }
    }

    private func remember(
        _ docket: Docket, _ lines: [Line], rule: Rule?, isSettled: Bool, isReturned: Bool
    ) {
        var places: [Int32] = []
        for line in lines {
            if let place = catalogue.place(of: line), places.last != place { places.append(place) }
        }
        if docket.payment.originalAmount != nil { rates.saw(docket.payment) }
        memory.record(
            docket, lines: lines, settled: places, rule: rule, isSettled: isSettled, isReturned: isReturned)
    }
}
