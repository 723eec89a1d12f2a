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
            let invoices = register == nil ? nil : run.ahead?.invoices(company: self.company.id)
            try session.retireWaiting(company: self.company.id, at: self.environment.now())
            try self.judgePromises(session, run.ahead)
            try self.matchClaims(session)
            try self.settleMatters(session)
            let identities = try Proof.require(session, company: self.company.id, self.reach, run.ahead)
            if dryRun { try register?.add(session, company: self.company.id, invoices) }
            session.leavesLog = register != nil
            return (
                counts: run.counts, identities: identities, netted: run.netted, tiers: run.tierChanges,
                stages: run.stages, charged: run.charged, invoices: invoices
            )
        }
        do {
            if !dryRun, let register {
                try store.readCommitted { try register.add($0, company: company.id, run.invoices) }
            }
            try register?.finish()
        } catch let failure as Failure where !dryRun {
            throw Failure(
                failure.code, failure.message,
                hint: "What was decided is in the books. \(failure.hint) The next run writes the file whole.")
        }
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
                ] + (run.charged.isNothing ? [] : [("charges", run.charged.node)])
                    + (dryRun ? [("dry_run", .bool(true))] : [])
                    + (timings ? [("timings", run.stages.node(since: started))] : [])
                    + (run.tiers.isEmpty ? [] : [("tiers", .list(run.tiers.map { .text($0.sentence) }))])),
            text: ([run.counts.text(netted: run.netted, dryRun: dryRun)] + run.charged.sentences
                + run.tiers.map(\.sentence)
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

/// One run over the payments that wait, inside one transaction.
struct ReconcileRun {
    struct Counts: Sendable {
        var auto = 0
        var review = 0
        var none = 0

        func text(netted: Int, dryRun: Bool) -> String {
            let credits = netted > 0 ? ", \(Counted.of(netted, "credit note")) netted" : ""
            let all = Counted.of(auto + review + none, "payment")
            return "\(dryRun ? "Would decide" : "Decided") \(all): \(auto) by \(auto == 1 ? "itself" : "themselves"), "
                + "\(review) for a person, \(none) without evidence\(credits)."
        }
    }

    let workplace: Workplace
    let session: Session
    var counts = Counts()
    var netted = 0
    private(set) var charged = BookCharges.Counts()
    private(set) var tierChanges: [TierChange] = []
    private(set) var stages = Stages()
    /// What the steps behind a large run's decisions need.
    private(set) var ahead: ReadAhead?
    private let committed: CommittedState?
    private let rulings: Rulings
    private let refused: [String: RefusedThings]
    private let now: Timestamp
    private var isNear = false
    /// Items of which something was written off, once a decision asks.
    private var writtenOff: Set<String>?

    private var company: String { workplace.company.id }

    init(workplace: Workplace, session: Session) throws {
        self.workplace = workplace
        self.session = session
        committed = session.committed
        now = workplace.environment.now()
        let refusals = try Self.standingRefusals(session, company: workplace.company.id)
        refused = Self.refused(refusals)
        rulings = Rulings(
            company: workplace.company.id, period: try session.period(company: workplace.company.id),
            calendar: BankingCalendar(workplace.company.calendar), today: workplace.today, now: now,
            ended: try session.endedDecisions(company: workplace.company.id), lookedAt: Self.lookedAt(refusals))
    }

    /// Decides until nothing more can be settled.
    ///
    /// What was paid is settled first: a credit note that comes after the payment stays the customer's credit. What
    /// credit notes leave open may then be what a payment that waits is for.
    mutating func decide() throws {
        let started = ContinuousClock.now
        let isSmall = try workplace.reach.isSmall(session, company: company)
        if !isSmall { ProcessMemory.giveBackLarge() }
        let company = company
        let settled = try session.goneElsewhere(company: company)
        // Charges change nothing of a payment, and of items what `WholeLedger` brings up to date.
        let ledger = isSmall ? nil : session.beside { try WholeLedger($0, company: company) }
        let payments = isSmall ? nil : session.beside { try $0.waitingPayments(company: company, but: settled) }
        var charges = BookCharges(company: workplace.company, session: session, rulings: rulings)
        try charges.perform()
        charged = charges.counts
        var waiting =
            isSmall
            ? try session.fewWaitingPayments(company: company, but: settled)
            : try payments?.take() ?? session.waitingPayments(company: company, but: settled)
        guard !waiting.isEmpty else {
            // The next payments find the index ready.
            if isSmall { _ = try NearLedger(session, company: company) }
            _ = try nameCredits()
            return
        }
        let tiers = try Tiers(company: company, session: session).current(workplace.books.matching, at: now)
        tierChanges = tiers.changes
        for change in tiers.changes { try raise(change) }
        if isSmall, try decideNear(waiting, tiers.policy, refused, since: started) { return }
        try decide(&waiting, tiers.policy, refused, near: nil, ledger, since: started)
    }

    /// Decides on the part of the ledger that these payments can have to do with: first without a word in the books, to
    /// hear of whom decisions want to see more; and then on the wider part, which is widened again where need be.
    /// - Returns: False where no part could say, and nothing was decided.
    private mutating func decideNear(
        _ waiting: Session.WaitingPayments, _ policy: Policy, _ refused: [String: RefusedThings],
        since started: ContinuousClock.Instant
    ) throws -> Bool {
        let ledger = try NearLedger(session, company: company)
        let before = self
        let payments = Array(waiting.payments)
        do {
            var near = try workplace.near(payments, ledger, session)
            let (charges, expectations) = (near.charges, near.expectations)
            let trial = try Self.workspace(workplace, session, policy: policy, refused: refused, near: near)
            trial.decide(payments) { _, _ in }
            var wanted = trial.wanted
            for _ in 0..<Self.widerMax {
                if !wanted.isEmpty {
                    // The ledger goes on with its items.
                    near.items = []
                    near = try ledger.neighbourhood(widenedBy: wanted)
                    (near.charges, near.expectations) = (charges, expectations)
                }
                do {
                    var waiting = waiting
                    try session.savepoint { try decide(&waiting, policy, refused, near: near, since: started) }
                    return true
                } catch let wider as NotWide {
                    self = before
                    wanted = wider.wanted
                }
            }
        } catch is NotNear {}
        self = before
        return false
    }

    /// How often a part is widened before everything is read.
    private static let widerMax = 4

    /// Decisions want to see more of some customers.
    private struct NotWide: Error {
        let wanted: Wanted
    }

    /// - Parameter waiting: its payments are handed over to the workspace.
    private mutating func decide(
        _ waiting: inout Session.WaitingPayments, _ policy: Policy, _ refused: [String: RefusedThings],
        near: Neighbourhood?,
        _ ledger: Aside<WholeLedger>? = nil, since started: ContinuousClock.Instant
    ) throws {
        var loaded = started
        let workspace = try Self.workspace(
            workplace, session, policy: policy, refused: refused, near: near, whole: ledger
        ) { loaded = ContinuousClock.now }
        let cash = waiting.cash
        let writer = try RunWriter(
            session, batch: batch, on: workplace.today, expecting: cash.count,
            untouched: near == nil ? workspace.untouched : nil
        ) { [rulings] decision, cash in rulings.ruling(on: decision, cash) }
        defer { writer.abandon() }
        isNear = near != nil
        stages.load += loaded - started
        var writing = Duration.zero
        func write(_ place: Int, _ decision: Decision) throws {
            let begun = ContinuousClock.now
            defer { writing += ContinuousClock.now - begun }
            try hand(decision, cash[place], to: writer)
        }
        let reading = PaymentReading(waiting.takePayments())
        var course = reading.begin(workspace)
        while true {
            try workspace.settle(
                &course,
                reading: { block in
                    if reading.isLast(block) { writer.makeIndexesAside() }
                    return reading.block(block)
                }, write)
            let begun = ContinuousClock.now
            defer { writing += ContinuousClock.now - begun }
            try writer.finish()
            let nettings = try nameCredits()
            if nettings.isEmpty { break }
            for one in nettings { workspace.net(one.credit, one.claim, one.amount, proves: one.proves) }
        }
        try workspace.finish(course, write)
        let wanted = workspace.wanted
        guard wanted.isEmpty else { throw NotWide(wanted: wanted) }
        if workspace.isBeyond { throw NotNear() }
        stages.isNear = near != nil
        stages.match += ContinuousClock.now - loaded - writing
        FreedAside(consume workspace, consume course).begin()
        if !isNear { ahead = committed.map { ReadAhead($0, company: company) } }
        try writer.close()
        try session.touchAwaited(company: company, decidedAt: now)
    }

    private struct Netting {
        var credit: String
        var claim: String
        var amount: Int64
        /// As much of it was settled by the source already.
        var proves: Int64
    }

    /// A credit note that names the invoice it corrects is the creditor's own word: it nets without a payment.
    private mutating func nameCredits() throws -> [Netting] {
        var nettings: [Netting] = []
        var entries: [Entry] = []
        var rooms: [String: (open: Int64, provable: Int64)] = [:]
        for (id, number) in try session.openCorrections(company: company) {
            let claims = try session.items(company: company, number: number).filter { !$0.isCredit }
            for credit in try session.items(company: company, invoice: id)
            where credit.isCredit && credit.balance.open < 0 {
                var left = 0 - credit.balance.open
                let booking = rulings.booking(Refusal.netting + credit.id)
                let declined = refused[booking.decision] ?? [:]
                for claim in claims.sorted(by: { ($0.dueOn, $0.id) < ($1.dueOn, $1.id) })
                where claim.customerID == credit.customerID && claim.currency == credit.currency
                    && declined[claim.id] == nil
                {
                    // What the source settled without saying how may be this credit: that is proved first.
                    let day = max(claim.postingDay, credit.postingDay)
                    let isStated = claim.balance.statedAsOf.map { day <= $0 } ?? false
                    let room = rooms[claim.id] ?? (claim.balance.open, isStated ? max(0, claim.balance.source) : 0)
                    let amount = min(left, room.open + room.provable)
                    guard amount > 0 else { continue }
                    let proves = min(amount, room.provable)
                    left -= amount
                    rooms[claim.id] = (room.open - (amount - proves), room.provable - proves)
                    nettings.append(Netting(credit: credit.id, claim: claim.id, amount: amount, proves: proves))
                    entries.append(
                        booking.netting(
                            credit: credit.id, creditFacts: credit.facts, on: claim.id, facts: claim.facts,
                            amount: amount, rule: "CREDIT-NAMES-INVOICE"))
                }
                if left < 0 - credit.balance.open { netted += 1 }
            }
        }
        try session.append(entries, batch: batch)
        return nettings
    }

    /// Everything a company's books say that matching may use.
    ///
    /// - Parameter loaded: called when everything is read and matching begins.
    static func workspace(
        _ workplace: Workplace, _ session: Session, policy: Policy, refused: [String: RefusedThings] = [:],
        near: Neighbourhood? = nil, whole: Aside<WholeLedger>? = nil, loaded: () -> Void = {}
    ) throws -> Workspace {
        let company = workplace.company.id
        let forgotten = try session.forgottenLessons(company: company)
        let forgottenIDs = Set(forgotten.map(\.lesson))
        let strangers = try session.strangers(company: company).map(\.account).filter {
            !forgottenIDs.contains("stranger/" + $0)
        }
        let rates = try session.quotedRates(company: company)
        let lessons = forgotten.compactMap(\.forgottenLesson)
        if let near {
            loaded()
            return Workspace(
                near, expectations: near.expectations, charges: near.charges, rates: rates, policy: policy,
                forgotten: lessons, strangers: strangers, refused: refused)
        }
        let expectations = try workplace.expectations(session)
        let charges = try session.settledCharges(company: company)
        var ledger = try WholeLedger.taken(whole, session, company: company)
        loaded()
        let matched = MatchLedger(items: ledger.takeItems(), customers: ledger.customers)
        let (texts, amounts) = PaymentReading.together({ matched.texts() }, { matched.amounts() })
        return Workspace(
            matched, texts, amounts, history: ledger.history, expectations: expectations, charges: charges,
            rates: rates, policy: policy, forgotten: lessons, strangers: strangers, refused: refused)
    }

    private mutating func hand(
        _ decided: Decision, _ cash: Session.UndecidedCash, to writer: RunWriter
    ) throws {
        switch decided.verdict {
        case .auto: counts.auto += 1
        case .review where rulings.isNothingNew(decided): counts.none += 1
        case .review: counts.review += 1
        case .none, .notReceivable: counts.none += 1
        }
        guard Self.mayRecover(decided, cash), try mayBeWrittenOff(decided, writer) else {
            return try writer.add(decided, cash)
        }
        try writer.wait()
        try writer.add(Self.proposingRecovery(decided, cash, session, company: company), cash)
    }

    /// Whether one of the items that a decision tells of may have been written off; no run writes off anything.
    private mutating func mayBeWrittenOff(_ decision: Decision, _ writer: RunWriter) throws -> Bool {
        // A part of the ledger is not worth reading all items for.
        guard !isNear else { return true }
        if writtenOff == nil {
            try writer.wait()
            writtenOff = try session.writtenOff(company: company)
        }
        return decision.evidence.contains { $0.itemID.map { writtenOff?.contains($0) == true } ?? false }
    }

    private func raise(_ change: TierChange) throws {
        // What was said of the rule before is not so any more.
        try session.resolveExceptions(
            company: company, kind: "TIER-CHANGED", subject: change.rule.rawValue, resolution: change.sentence, at: now)
        try session.raise(
            ExceptionRecord(
                "TIER-CHANGED", company: company, customerID: nil, subject: change.rule.rawValue,
                message: change.sentence + " To put it back: tieout memory forget \(change.id) --actor … --reason …",
                context: [.init("rule", change.rule.rawValue)],
                dueOn: BankingCalendar(workplace.company.calendar).adding(5, to: workplace.today)),
            on: workplace.today, at: now)
    }

    private var batch: BatchInfo {
        BatchInfo(company: company, kind: "reconcile", recordedAt: now, actor: "reconcile", rule: "RECONCILE")
    }
}

extension OpenItem {
    var facts: Booking.ItemFacts {
        Booking.ItemFacts(customerID: customerID, postingDay: postingDay, currency: currency)
    }
}
