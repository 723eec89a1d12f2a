// SPDX-License-Identifier: Apache-2.0
import Documents
import FoundationEssentials
import Ledger
import Promises
import Reconciliation
import Store
import Trees

extension Workplace {
    /// Decides every payment that waits, books what is certain, and proves both identities.
    ///
    /// A payment that a person decided on is left alone; a proposal that a person refused is not made again.
    ///
    /// - Parameter timings: also say how long reading, matching and writing took.
    package func reconcile(dryRun: Bool, allocations: String?, timings: Bool = false) throws -> Answer {
        let started = ContinuousClock.now
        let store = try openStore()
        let register = try allocations.map { try PartialFile($0) }
        defer { register?.discard() }
        let run = try store.write(dryRun: dryRun) { session in
            var run = try ReconcileRun(workplace: self, session: session)
            try run.decide()
            try session.retireWaiting(company: self.company.id, at: self.environment.now())
            try self.judgePromises(session)
            try self.matchClaims(session)
            try self.settleMatters(session)
            let identities = try Proof.identities(session, company: self.company.id)
            try Proof.require(identities)
            if let register { try AllocationRegister.csv(session, company: self.company.id) { try register.add($0) } }
            return (
                counts: run.counts, identities: identities, netted: run.netted, tiers: run.tierChanges,
                stages: run.stages
            )
        }
        try register?.finish()
        var answer = Answer(
            json: .object(
                [
                    (
                        "payments",
                        .object([
                            ("auto", .integer(run.counts.auto)), ("review", .integer(run.counts.review)),
                            ("none", .integer(run.counts.none)),
                        ])
                    ),
                    ("cash", .list(run.identities.map(\.cashJSON))),
                    ("items", .list(run.identities.map(\.itemsJSON))),
                ] + (dryRun ? [("dry_run", .bool(true))] : [])
                    + (timings ? [("timings", run.stages.node(since: started))] : [])
                    + (run.tiers.isEmpty ? [] : [("tiers", .list(run.tiers.map { .text($0.sentence) }))])),
            text: ([run.counts.text(netted: run.netted, dryRun: dryRun)] + run.tiers.map(\.sentence)
                + run.identities.map(\.text)).joined(separator: "\n"))
        answer.needsReview = run.counts.review > 0
        return answer
    }

    static func writeFile(_ text: String, to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
            throw Failure("FILE-WRITE", "\(path) cannot be written.", hint: "Check the folder and its rights.")
        }
    }
}

/// One run over the payments that wait, inside one transaction; its entries are one batch.
struct ReconcileRun {
    struct Counts: Sendable {
        var auto = 0
        var review = 0
        var none = 0

        func text(netted: Int, dryRun: Bool) -> String {
            let credits = netted > 0 ? ", \(netted) credit notes netted" : ""
            return "\(dryRun ? "Would decide" : "Decided") \(auto + review + none) payments: \(auto) by themselves, "
                + "\(review) for a person, \(none) without evidence\(credits)."
        }
    }

    let workplace: Workplace
    let session: Session
    var counts = Counts()
    var netted = 0
    private(set) var tierChanges: [TierChange] = []
    private(set) var stages = Stages()
    private let ended: Set<String>
    private var entries: [Entry] = []
    private let now: Timestamp
    private let period: Period

    private var company: String { workplace.company.id }

    init(workplace: Workplace, session: Session) throws {
        self.workplace = workplace
        self.session = session
        now = workplace.environment.now()
        period = try session.period(company: workplace.company.id)
        ended = try session.endedDecisions(company: workplace.company.id)
    }

    /// Decides until nothing more can be settled.
    ///
    /// What was paid is settled first: a credit note that comes after the payment stays the customer's credit. What
    /// credit notes leave open may then be what a payment that waits is for.
    mutating func decide() throws {
        let refused = try refusedByPeople()
        let started = ContinuousClock.now
        let waiting = try session.waitingPayments(company: company).filter { refused[$0.payment.id] != [] }
        guard !waiting.isEmpty else {
            _ = try nameCredits()
            return
        }
        let tiers = try Tiers(company: company, session: session).current(workplace.books.matching, at: now)
        tierChanges = tiers.changes
        for change in tiers.changes { try raise(change) }
        var loaded = started
        let workspace = try Self.workspace(workplace, session, policy: tiers.policy, refused: refused) {
            loaded = ContinuousClock.now
        }
        var candidates: [String: Session.MatchCandidate] = [:]
        candidates.reserveCapacity(waiting.count)
        for candidate in waiting { candidates[candidate.payment.id] = candidate }
        let writer = try DecisionWriter(session, company: company)
        let ordered = Workspace.ordered(waiting.map(\.spendable))
        stages.load += loaded - started
        var writing = Duration.zero
        func write(_ place: Int, _ decision: Decision) throws {
            guard let candidate = candidates[ordered[place].id] else { return }
            let begun = ContinuousClock.now
            defer { writing += ContinuousClock.now - begun }
            try book(decision, candidate, writer)
        }
        var course = workspace.begin(ordered)
        while true {
            try workspace.settle(&course, write)
            let begun = ContinuousClock.now
            defer { writing += ContinuousClock.now - begun }
            try append()
            let nettings = try nameCredits()
            if nettings.isEmpty { break }
            for netting in nettings { workspace.net(netting.credit, netting.claim, netting.amount) }
        }
        try workspace.finish(course, write)
        stages.match += ContinuousClock.now - loaded - writing
        try append()
    }

    /// A credit note that names the invoice it corrects is the creditor's own word: it nets without a payment.
    private mutating func nameCredits() throws -> [(credit: String, claim: String, amount: Int64)] {
        var nettings: [(credit: String, claim: String, amount: Int64)] = []
        var open: [String: Int64] = [:]
        for (id, number) in try session.openCorrections(company: company) {
            let claims = try session.items(company: company, number: number).filter { !$0.isCredit }
            for credit in try session.items(company: company, invoice: id)
            where credit.isCredit && credit.balance.open < 0 {
                var left = 0 - credit.balance.open
                let booking = booking("credit:" + credit.id)
                for claim in claims.sorted(by: { ($0.dueOn, $0.id) < ($1.dueOn, $1.id) })
                where claim.customerID == credit.customerID && claim.currency == credit.currency {
                    let amount = min(left, open[claim.id] ?? claim.balance.open)
                    guard amount > 0 else { continue }
                    left -= amount
                    open[claim.id] = (open[claim.id] ?? claim.balance.open) - amount
                    nettings.append((credit.id, claim.id, amount))
                    entries.append(
                        booking.netting(
                            credit: credit.id, creditFacts: credit.facts, on: claim.id, facts: claim.facts,
                            amount: amount, rule: "CREDIT-NAMES-INVOICE"))
                }
                if left < 0 - credit.balance.open { netted += 1 }
            }
        }
        try append()
        return nettings
    }

    /// Per payment the items of proposals that a person refused; an empty set where the payment as a whole was.
    private func refusedByPeople() throws -> [String: Set<String>] {
        var refused: [String: Set<String>] = [:]
        var whole: Set<String> = []
        for refusal in try Self.standingRefusals(session, company: company) {
            if let item = refusal.item {
                refused[refusal.payment, default: []].insert(item)
            } else {
                whole.insert(refusal.payment)
            }
        }
        // order-free: each payment by itself
        for payment in whole { refused[payment] = [] }
        return refused
    }

    /// A pair that a person refused and nobody forgot since.
    struct Refusal {
        var payment: String
        var item: String?
        var id: String { "declined/" + payment + (item.map { "/" + $0 } ?? "") }
    }

    static func standingRefusals(_ session: Session, company: String) throws -> [Refusal] {
        var forgotten: [String: Timestamp] = [:]
        for row in try session.forgottenLessons(company: company) { forgotten[row.lesson] = row.recordedAt }
        return try session.refusals(company: company).compactMap { payment, item, recordedAt in
            let refusal = Refusal(payment: payment, item: item)
            if let since = forgotten[refusal.id], recordedAt <= since { return nil }
            return refusal
        }
    }

    /// Everything a company's books say that matching may use.
    ///
    /// - Parameter loaded: called when everything is read and matching begins.
    static func workspace(
        _ workplace: Workplace, _ session: Session, policy: Policy, refused: [String: Set<String>] = [:],
        loaded: () -> Void = {}
    ) throws -> Workspace {
        let company = workplace.company.id
        let lines = try session.appliedLines(company: company)
        let rules = try session.appliedRules(company: company)
        let takenBack = try session.takenBack(company: company)
        let history = try session.appliedPayments(company: company).map {
            PastPayment(
                payment: $0.payment, lines: lines[$0.payment.id] ?? [], isReturned: takenBack.contains($0.payment.id),
                rule: rules[$0.payment.id])
        }
        let forgotten = try session.forgottenLessons(company: company)
        let forgottenIDs = Set(forgotten.map(\.lesson))
        let strangers = try session.strangers(company: company).map(\.account).filter {
            !forgottenIDs.contains("stranger/" + $0)
        }
        let items = try session.matchItems(company: company)
        let customers = try session.matchCustomers(company: company)
        let expectations = try workplace.expectations(session)
        let charges = try session.settledCharges(company: company)
        let rates = try session.quotedRates(company: company)
        loaded()
        return Workspace(
            items: items, customers: customers, history: history, expectations: expectations, charges: charges,
            rates: rates, policy: policy, forgotten: forgotten.compactMap(\.forgottenLesson), strangers: strangers,
            refused: refused)
    }

    private func booking(_ decision: String) -> Booking {
        Booking(company: company, period: period, decision: decision, recordedAt: now, actor: "reconcile")
    }

    private mutating func book(
        _ decided: Decision, _ candidate: Session.MatchCandidate, _ writer: DecisionWriter
    ) throws {
        let decision = try Self.proposingRecovery(decided, candidate, session, company: company)
        let payment = candidate.payment
        var id = DecisionID.make(company: company, payment: payment.id, lines: decision.lines, rule: decision.rule)
        if ended.contains(id) { id += "-" + String(now.milliseconds, radix: 36) }
        let amount = Money(minorUnits: payment.amount, currency: payment.currency)
        if decision.verdict == .auto || decision.verdict == .notReceivable {
            var facts: [String: Booking.ItemFacts] = [:]
            for line in decision.lines where facts[line.itemID] == nil {
                facts[line.itemID] = try session.itemFacts(company: company, item: line.itemID)
            }
            entries += booking(id).entries(
                decision,
                cash: Booking.Cash(
                    id: payment.id, amount: amount, postingDay: candidate.postingDay, isBooked: candidate.isBooked),
                item: { facts[$0] })
        }
        let state: StoredDecision.State
        switch decision.verdict {
        case .auto:
            counts.auto += 1
            state = .committed
        case .review:
            counts.review += 1
            state = .waiting
        case .none, .notReceivable:
            counts.none += 1
            state = .noted
        }
        try writer.write(
            StoredDecision(
                id: id, decision: decision, state: state, amount: amount, decidedOn: workplace.today,
                recordedAt: now, actor: "reconcile"))
        if let customer = decision.customerID, payment.customerID == nil {
            try session.setCustomer(customer, payment: payment.id, company: company, isGuess: true)
        }
        try workplace.raiseExceptions(of: decision, amount: amount, session)
    }

    private func raise(_ change: TierChange) throws {
        try session.raise(
            ExceptionRecord(
                "TIER-CHANGED", company: company, customerID: nil, subject: change.rule.rawValue,
                message: change.sentence, context: [.init("rule", change.rule.rawValue)],
                dueOn: BankingCalendar(workplace.company.calendar).adding(5, to: workplace.today)),
            on: workplace.today, at: now)
    }

    private mutating func append() throws {
        guard !entries.isEmpty else { return }
        try session.append(
            entries,
            batch: BatchInfo(
                company: company, kind: "reconcile", recordedAt: now, actor: "reconcile", rule: "RECONCILE"))
        entries = []
    }
}

/// How long the parts of a run took.
struct Stages: Sendable {
    var load = Duration.zero
    /// Indexes included, writing what was decided not.
    var match = Duration.zero

    /// Everything that is neither reading nor matching is writing.
    func node(since started: ContinuousClock.Instant) -> Node {
        let whole = ContinuousClock.now - started
        return .object(
            [("load", load), ("match", match), ("write", whole - load - match)].map { name, duration in
                let milliseconds = duration / .milliseconds(1)
                let tail = String(Int(milliseconds) % 1000)
                return (
                    name,
                    .text("\(Int(milliseconds) / 1000)." + String(repeating: "0", count: 3 - tail.utf8.count) + tail)
                )
            })
    }
}

extension Session.MatchCandidate {
    /// The payment with what is left of it.
    var spendable: MatchPayment {
        var copy = payment
        copy.amount = unapplied
        return copy
    }
}

extension OpenItem {
    var facts: Booking.ItemFacts {
        Booking.ItemFacts(customerID: customerID, postingDay: postingDay, currency: currency)
    }
}

extension Workplace {
    /// What a decision means for a person: a duplicate to refund, a return that reopened an invoice.
    func raiseExceptions(of decision: Decision, amount: Money, _ session: Session) throws {
        let kind: String
        switch (decision.rule, decision.verdict) {
        case (.duplicate, _): kind = "DUPLICATE-PAYMENT"
        case (.returned, .auto): kind = "PAYMENT-RETURNED"
        case (.payerConflict, _): kind = "PAYER-CONFLICT"
        default: return
        }
        try session.raise(
            ExceptionRecord(
                kind, company: company.id, customerID: decision.customerID, subject: decision.paymentID,
                message: decision.sentence,
                context: [.init("amount", "\(amount)"), .init("rule", decision.rule.rawValue)],
                dueOn: BankingCalendar(company.calendar).adding(2, to: today)),
            on: today, at: environment.now())
    }
}

/// The same decision on the same payment has the same id.
enum DecisionID {
    static func make(company: String, payment: String, lines: [Line], rule: Rule) -> String {
        var builder = Fingerprint.Builder()
        builder.add("decision")
        builder.add(company)
        builder.add(payment)
        builder.add(rule.rawValue)
        for line in lines {
            builder.add(line.itemID)
            builder.add(line.reason.rawValue)
            builder.add(line.cash)
            builder.add(line.adjustment)
        }
        return builder.finish().base32
    }
}
