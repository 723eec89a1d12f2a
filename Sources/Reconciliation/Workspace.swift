// SPDX-License-Identifier: Apache-2.0

import Documents

/// Everything matching knows, and the state that decided payments change as a run goes on.
///
/// A run reads every payment's own words first, so that an item that any of them names is claimed, and then decides
/// payment by payment in the order of (booking day, id). Nothing depends on the order of the input.
package struct Workspace: Sendable {
    let policy: Policy
    let catalogue: Catalogue
    var balances: Balances
    var memory = Memory()
    let expectations: [String: [AnnouncedMoney]]
    let payouts: Payouts
    private let past: [PastPayment]
    /// Counts what was applied; when each customer and each payer last moved.
    private var clock = 0
    private var moved: [Int]
    private var movedPayers: [UInt64: Int] = [:]
    /// Customers that the payment on the table was compared with.
    private var lookedAt: [Int32] = []
    var rates: ExchangeRates
    /// How many payments of the run name each item for certain, and are not decided yet.
    var claims: [Int32: Int32] = [:]
    /// Items that an undecided payment may be for.
    private var contests: [Int32: Contest] = [:]
    private let wordCounts: [UInt64: Int]
    /// A named item that is paid short without a known reason gets its cash; what is missing stays open.
    var appliesUnclear = false
    private var nameCache: [String: (customers: [Int32], likeness: PartyName.Likeness)] = [:]

    /// - Parameters:
    ///   - items: open items, and closed ones that a text may still name.
    ///   - history: payments decided before; their effect must already be in the items' open amounts.
    ///   - charges: the providers' settlement lines behind payouts.
    ///   - rates: exchange rates with their sources.
    ///   - frequencies: of the whole ledger, where `items` and `customers` are a neighbourhood in it.
    package init(
        items: [MatchItem], customers: [MatchCustomer], history: [PastPayment] = [],
        expectations: [AnnouncedMoney] = [], charges: [SettledCharge] = [], rates: [QuotedRate] = [],
        policy: Policy = Policy(), frequencies: Frequencies? = nil
    ) {
        self.policy = policy
        wordCounts = frequencies?.words ?? [:]
        payouts = Payouts(charges)
        self.rates = ExchangeRates(rates)
        catalogue = Catalogue(items: items, customers: customers, shapes: frequencies?.shapes)
        balances = Balances(catalogue, amounts: frequencies?.amounts ?? [:])
        var byCustomer: [String: [AnnouncedMoney]] = [:]
        for expectation in expectations { byCustomer[expectation.customerID, default: []].append(expectation) }
        self.expectations = byCustomer
        past = history
        moved = Array(repeating: 0, count: catalogue.customers.count)
        replay(history)
    }

    private static func precedes(_ left: MatchPayment, _ right: MatchPayment) -> Bool {
        left.bookedOn != right.bookedOn ? left.bookedOn < right.bookedOn : left.id < right.id
    }

    /// Decides every payment; the decisions come in the order of (booking day, id).
    ///
    /// What one pass settles may leave a single answer for a payment that waited. Passes go on until none settles
    /// anything more, each from the state in which the next run would start: so a run after this one has nothing new
    /// to say.
    package mutating func run(_ payments: [MatchPayment]) -> [Decision] {
        let ordered = payments.sorted(by: Self.precedes)
        let reader = Reader(catalogue: catalogue)
        let readings = ordered.map { reader.read($0) }
        var decisions: [Decision?] = Array(repeating: nil, count: ordered.count)
        var waiting = Array(ordered.indices)
        // Who each payment may be from or for, and when it was last decided: it is decided again only where
        // something of theirs has moved since.
        var related: [[Int32]] = Array(repeating: [], count: ordered.count)
        var decidedAt: [Int] = Array(repeating: -1, count: ordered.count)
        appliesUnclear = false
        for pass in 0..<Self.passesMax {
            if pass > 0 { recall(ordered, decisions) }
            for place in waiting { claim(ordered[place], readings[place], 1) }
            for place in waiting {
                let payment = ordered[place]
                claim(payment, readings[place], -1)
                if let known = decisions[place], !hasMoved(related[place], payment, since: decidedAt[place]) {
                    learnHabit(known, payment)
                    apply(known, payment, named: readings[place].mentions.map(\.item))
                    continue
                }
                lookedAt = []
                let decision = enforced(decide(payment, readings[place]), payment)
                related[place] = lookedAt + readings[place].mentions.map { catalogue.customerOf[Int($0.item)] }
                decidedAt[place] = clock
                learnHabit(decision, payment)
                apply(decision, payment, named: readings[place].mentions.map(\.item))
                if let earlier = decisions[place], earlier != decision { release(earlier) }
                decisions[place] = decision
            }
            let left = waiting.filter { place in
                let verdict = decisions[place]?.verdict
                return verdict == .review || verdict == Decision.Verdict.none
            }
            if left.isEmpty { break }
            if left.count == waiting.count {
                if appliesUnclear { break }
                // Nothing more will explain what is short of a named item: the cash is the item's all the same.
                appliesUnclear = true
                for place in left where decisions[place]?.rule == .numberPart || decisions[place]?.rule == .corePart {
                    decidedAt[place] = -1
                }
            }
            waiting = left
        }
        return decisions.compactMap { $0 }
    }

    private static let passesMax = 6

    private func hasMoved(_ customers: [Int32], _ payment: MatchPayment, since: Int) -> Bool {
        if let key = Memory.payerKey(payment), movedPayers[key] ?? -1 > since { return true }
        return customers.contains { $0 >= 0 && moved[Int($0)] > since }
    }

    /// A payment that stops waiting, or waits for something else, frees what it might have been for.
    private mutating func release(_ decision: Decision) {
        clock += 1
        for id in decision.possibleItems {
            guard let item = catalogue.place(ofItem: id) else { continue }
            let customer = catalogue.customerOf[Int(item)]
            if customer >= 0 { moved[Int(customer)] = clock }
        }
    }

    private mutating func move(_ decision: Decision, _ payment: MatchPayment) {
        clock += 1
        if let key = Memory.payerKey(payment) { movedPayers[key] = clock }
        for line in decision.lines {
            guard let item = catalogue.place(ofItem: line.itemID) else { continue }
            let customer = catalogue.customerOf[Int(item)]
            if customer >= 0 { moved[Int(customer)] = clock }
        }
    }

    /// Forgets what waits and remembers what is settled, as a run that starts now would.
    private mutating func recall(_ payments: [MatchPayment], _ decisions: [Decision?]) {
        memory = Memory()
        contests = [:]
        claims = [:]
        var taken: Set<String> = []
        var settled = past
        for (payment, decision) in zip(payments, decisions) {
            guard let decision, decision.verdict == .auto else { continue }
            if decision.kind == .return || decision.kind == .refund, let original = decision.counterpartID {
                taken.insert(original)
            }
            settled.append(PastPayment(payment: payment, lines: decision.lines, rule: decision.rule))
        }
        for index in settled.indices where taken.contains(settled[index].payment.id) {
            settled[index].isReturned = true
        }
        replay(settled)
    }

    private mutating func replay(_ settled: [PastPayment]) {
        for past in settled.sorted(by: { Self.precedes($0.payment, $1.payment) }) {
            remember(past.payment, lines: past.lines, named: [], isReturned: past.isReturned)
            guard !past.isReturned else { continue }
            learnHabit(from: past.lines, isApplied: true)
            if let rule = past.rule { learnAccount(past.payment, rule, past.lines) }
        }
    }

    private mutating func learnAccount(_ payment: MatchPayment, _ rule: Rule, _ lines: [Line]) {
        switch rule {
        case .refFieldExact, .refTextExact, .numberExact, .numbersSum, .numberDiscount, .refDiscount:
            guard let item = lines.first.flatMap({ catalogue.place(ofItem: $0.itemID) }) else { return }
            memory.learn(payment.payerAccount, paysFor: catalogue.customerOf[Int(item)])
        default: break
        }
    }

    /// A claim keeps weaker evidence away from an item; it is no decision.
    private mutating func claim(_ payment: MatchPayment, _ reading: Reading, _ step: Int32) {
        guard payment.amount > 0 else { return }
        for mention in reading.mentions where mention.how != .order && !mention.isDoubtful {
            claims[mention.item, default: 0] += step
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

    func isClaimed(_ item: Int32) -> Bool { claims[item, default: 0] > 0 }

    mutating func decide(_ payment: MatchPayment, _ reading: Reading) -> Decision {
        // Input refuses larger amounts (`AMOUNT-RANGE`); below this, no sum here can leave 64 bits.
        guard payment.amount != 0, payment.amount.magnitude <= UInt64(Money.magnitudeMax) else {
            return Decision(
                paymentID: payment.id, verdict: .none, kind: .other, rule: .noEvidence,
                sentence: payment.amount == 0 ? "The entry moves no money." : "The amount is out of range.")
        }
        let payer = identify(payment, reading)
        let matter = Matter(payment: payment, reading: reading, payer: payer)
        if payment.amount < 0 { return decideOutgoing(matter) }
        if Provider.isOne(payment) { return decidePayout(matter) }
        let ordered = decideOrdered(matter)
        if let ordered, ordered.verdict == .auto { return ordered }
        let decision = decideNamed(matter) ?? decideByPayer(matter)
        if let ordered, decision.verdict != .auto { return ordered }
        return decision
    }

    /// The last word on a decision: what it may never do, whatever rule made it.
    private func enforced(_ decision: Decision, _ payment: MatchPayment) -> Decision {
        guard decision.verdict == .auto else { return decision }
        var spent: [Int32: Int64] = [:]
        var isSound = policy.isAuto(decision.rule)
        for line in decision.lines {
            guard let item = catalogue.place(ofItem: line.itemID) else {
                isSound = false
                continue
            }
            spent[item, default: 0] += line.reason == .exchange ? line.adjustment : line.cash + line.adjustment
            if decision.kind == .return { continue }
            let whole = balances.open[Int(item)] + balances.provable[Int(item)]
            let total = spent[item, default: 0]
            if whole >= 0 ? (total > whole || total < 0) : (total < whole || total > 0) { isSound = false }
        }
        if payment.amount > 0, decision.cash > payment.amount || decision.cash < 0 { isSound = false }
        if payment.amount < 0, decision.cash < payment.amount || decision.cash > 0 { isSound = false }
        if isSound { return decision }
        var demoted = decision
        demoted.verdict = .review
        return demoted
    }

    private mutating func apply(_ decision: Decision, _ payment: MatchPayment, named: [Int32]) {
        let isApplied = decision.verdict == .auto
        remember(payment, lines: isApplied ? decision.lines : [], named: named, isReturned: false)
        guard isApplied else {
            contest(decision, payment)
            return
        }
        move(decision, payment)
        for line in decision.lines {
            guard let item = catalogue.place(ofItem: line.itemID) else { continue }
            balances.apply(
                item, cash: line.reason == .exchange ? 0 : line.cash, proves: line.proves, adjustment: line.adjustment,
                catalogue)
        }
        if decision.kind == .return || decision.kind == .refund, let original = decision.counterpartID {
            for place in memory.named(original) where memory.seen[Int(place)].payment.id == original {
                memory.markReturned(place)
            }
        }
        learnAccount(payment, decision.rule, decision.lines)
    }

    /// A payment that waits may be for the one item it fits; the same amount for that item again is a doubt.
    private mutating func contest(_ decision: Decision, _ payment: MatchPayment) {
        guard payment.amount > 0 else { return }
        for id in decision.possibleItems {
            guard let item = catalogue.place(ofItem: id) else { continue }
            contests[item] = Contest(
                amount: payment.amount, bookedOn: payment.bookedOn, isOnly: decision.possibleItems.count == 1)
        }
    }

    private mutating func remember(
        _ payment: MatchPayment, lines: [Line], named: [Int32], isReturned: Bool
    ) {
        var places: [Int32] = []
        for line in lines {
            if let place = catalogue.place(ofItem: line.itemID), places.last != place { places.append(place) }
        }
        rates.saw(payment)
        memory.record(payment, lines: lines, settled: places, named: named, isReturned: isReturned)
    }

    mutating func identify(_ payment: MatchPayment, _ reading: Reading) -> Payer {
        var payer = Payer()
        payer.name = payment.payerName.map { PartyName($0) }
        if let customer = payment.customerID.flatMap({ catalogue.customer($0) }) {
            payer.add(customer, "CUSTOMER-STATED")
        }
        for named in reading.customers where named.isLabelled { payer.add(named.customer, "CUSTOMER-NUMBER") }
        if let account = payment.payerAccount, let key = Memory.accountKey(account) {
            let canonical = Folding.canonical(account)
            for customer in catalogue.accounts.values(key, limit: 16)
            where catalogue.customers[Int(customer)].accounts.contains(where: { Folding.canonical($0) == canonical }) {
                payer.add(customer, "PAYER-ACCOUNT")
                payer.isKnownAccount = true
            }
            for customer in catalogue.parentAccounts.values(key, limit: 64)
            where catalogue.customers[Int(customer)].parentAccount.map(Folding.canonical) == canonical {
                payer.add(customer, "PARENT-ACCOUNT")
                payer.isKnownAccount = true
            }
            for customer in memory.owners(account) { payer.add(customer, "LEARNED-ACCOUNT") }
        }
        if let name = payment.payerName {
            let found = customers(named: name, payer.name)
            payer.named = found.customers
            payer.likeness = found.likeness
        }
        lookedAt += payer.certain + payer.named.prefix(8)
        return payer
    }

    private mutating func customers(
        named text: String, _ name: PartyName?
    ) -> (customers: [Int32], likeness: PartyName.Likeness) {
        if let known = nameCache[text] { return known }
        var best: (customers: [Int32], likeness: PartyName.Likeness) = ([], .none)
        guard let name else { return best }
        // The word that fewest customers share finds them all: every word of the payer must be explained.
        var candidates: [Int32] = []
        var fewest = Int.max
        for word in name.words where word.bytes.count >= 3 {
            let key = Catalogue.wordKey(word.bytes)
            if let count = wordCounts[key], count >= fewest { continue }
            let found = catalogue.nameWords.values(key, limit: 4000)
            let count = wordCounts[key] ?? found.count
            if !found.isEmpty, count < fewest {
                fewest = count
                candidates = found
            }
        }
        for customer in candidates {
            var likeness = PartyName.Likeness.none
            if let other = catalogue.names[Int(customer)] { likeness = name.likeness(to: other) }
            if likeness < .full, let other = catalogue.parentNames[Int(customer)] {
                likeness = max(likeness, name.likeness(to: other))
            }
            if likeness > best.likeness { best = ([], likeness) }
            if likeness == best.likeness, likeness > .none { best.customers.append(customer) }
        }
        nameCache[text] = best
        return best
    }
}

/// One payment on the table: what it says and who seems to have sent it.
struct Matter {
    let payment: MatchPayment
    let reading: Reading
    let payer: Payer
    /// A provider's charge: somebody bought something, so it is never money on account.
    var isCharge = false

    var money: String { text(payment.amount) }
    func text(_ amount: Int64) -> String {
        Money(
            minorUnits: amount.magnitude > UInt64(Int64.max) ? .max : Int64(amount.magnitude),
            currency: payment.currency
        )
        .description
    }
}

/// Counterparties that pay out other people's money: their payouts belong to settlement lines.
enum Provider {
    private static let names: Set<[UInt8]> = Set(
        """
        STRIPE MOLLIE ADYEN PAYPAL KLARNA SUMUP GOCARDLESS WORLDPAY CHECKOUTCOM PAYONE NEXI NETS SHOPIFY BRAINTREE
        IZETTLE ZETTLE PAGSEGURO PAGBANK MERCADOPAGO ASAAS IUGU VINDI STONE CIELO GETNET UNZER NUVEI TRUSTLY
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })

    /// By the counterparty's first word: `STRIPE PAYMENTS EUROPE`, not a text that mentions one.
    static func isOne(_ payment: MatchPayment) -> Bool {
        guard let name = payment.payerName, let first = PartyName(name).words.first else { return false }
        return names.contains(first.bytes)
    }
}
