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
    package func reconcile(dryRun: Bool, allocations: String?) throws -> Answer {
        let store = try openStore()
        let run = try store.write(dryRun: dryRun) { session in
            var run = try ReconcileRun(workplace: self, session: session)
            // What was paid is settled first: a credit note that comes after the payment stays the customer's credit.
            try run.payments()
            try run.nameCredits()
            try session.retireWaiting(company: self.company.id, at: self.environment.now())
            try self.judgePromises(session)
            try self.matchClaims(session)
            try self.settleMatters(session)
            let identities = try Proof.identities(session, company: self.company.id)
            try Proof.require(identities)
            let register = try allocations.map { _ in try AllocationRegister.csv(session, company: self.company.id) }
            return (counts: run.counts, identities: identities, register: register, netted: run.netted)
        }
        if let path = allocations, let csv = run.register {
            try Self.writeFile(csv, to: path)
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
                ] + (dryRun ? [("dry_run", .bool(true))] : [])),
            text: run.counts.text(netted: run.netted, dryRun: dryRun) + "\n"
                + run.identities.map(\.text).joined(separator: "\n"))
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
    private var entries: [Entry] = []
    private let now: Timestamp
    private let period: Period

    private var company: String { workplace.company.id }

    init(workplace: Workplace, session: Session) throws {
        self.workplace = workplace
        self.session = session
        now = workplace.environment.now()
        period = try session.period(company: workplace.company.id)
    }

    /// A credit note that names the invoice it corrects is the creditor's own word: it nets without a payment.
    mutating func nameCredits() throws {
        let items = try session.openItems(company: company, onlyOpen: true)
        let corrected = try session.correctedNumbers(company: company)
        guard !corrected.isEmpty else { return }
        var open: [String: Int64] = [:]
        for item in items { open[item.id] = item.balance.open }
        for credit in items where credit.isCredit && credit.balance.open < 0 {
            guard let number = corrected[credit.invoiceID] else { continue }
            let claims = items.filter {
                !$0.isCredit && $0.number == number && $0.customerID == credit.customerID
                    && $0.currency == credit.currency
            }.sorted { ($0.dueOn, $0.id) < ($1.dueOn, $1.id) }
            var left = 0 - credit.balance.open
            let booking = booking("credit:" + credit.id)
            for claim in claims {
                let amount = min(left, open[claim.id] ?? 0)
                guard amount > 0 else { continue }
                left -= amount
                open[claim.id] = (open[claim.id] ?? 0) - amount
                entries.append(
                    booking.netting(
                        credit: credit.id, creditFacts: credit.facts, on: claim.id, facts: claim.facts,
                        amount: amount, rule: "CREDIT-NAMES-INVOICE"))
            }
            if left < 0 - credit.balance.open { netted += 1 }
        }
        try append()
    }

    mutating func payments() throws {
        let refused = try refusedByPeople()
        let waiting = try session.waitingPayments(company: company).filter { refused[$0.payment.id] != [] }
        guard !waiting.isEmpty else { return }
        let items = try session.matchItems(company: company)
        var workspace = try makeWorkspace(items)
        let decisions = workspace.run(waiting.map(\.spendable))
        var candidates: [String: Session.MatchCandidate] = [:]
        for candidate in waiting { candidates[candidate.payment.id] = candidate }
        let facts = try session.itemFacts(company: company)
        for var decision in decisions {
            guard let candidate = candidates[decision.paymentID] else { continue }
            if let items = refused[decision.paymentID], decision.lines.contains(where: { items.contains($0.itemID) }) {
                decision.verdict = .review
                decision.lines = []
                decision.sentence = "A person refused this match before: \(decision.sentence)"
            }
            try book(decision, candidate, facts)
        }
        try append()
    }

    /// Per payment the items of proposals that a person refused; an empty set where the payment as a whole was.
    private func refusedByPeople() throws -> [String: Set<String>] {
        var refused: [String: Set<String>] = [:]
        for stored in try session.decisions(company: company)
        where stored.state == .rejected || stored.state == .undone {
            let id = stored.decision.paymentID
            let items = Set(stored.decision.lines.map(\.itemID))
            refused[id] = items.isEmpty || refused[id] == [] ? [] : items.union(refused[id] ?? [])
        }
        return refused
    }

    private func makeWorkspace(_ items: [MatchItem]) throws -> Workspace {
        var lines: [String: [Line]] = [:]
        for (payment, line) in try session.appliedLines(company: company) { lines[payment, default: []].append(line) }
        let rules = try session.appliedRules(company: company)
        let history = try session.appliedPayments(company: company).map {
            PastPayment(payment: $0.payment, lines: lines[$0.payment.id] ?? [], rule: rules[$0.payment.id])
        }
        return Workspace(
            items: items, customers: try session.matchCustomers(company: company), history: history,
            expectations: try workplace.expectations(session))
    }

    private func booking(_ decision: String) -> Booking {
        Booking(company: company, period: period, decision: decision, recordedAt: now, actor: "reconcile")
    }

    private mutating func book(
        _ decision: Decision, _ candidate: Session.MatchCandidate, _ facts: [String: Booking.ItemFacts]
    ) throws {
        let payment = candidate.payment
        let id = DecisionID.make(company: company, payment: payment.id, lines: decision.lines, rule: decision.rule)
        let amount = Money(minorUnits: payment.amount, currency: payment.currency)
        if decision.verdict == .auto || decision.verdict == .notReceivable {
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
        try session.save(
            StoredDecision(
                id: id, decision: decision, state: state, amount: amount, decidedOn: workplace.today,
                recordedAt: now, actor: "reconcile"), company: company)
        if let customer = decision.customerID {
            try session.setCustomer(customer, payment: payment.id, company: company)
        }
        try workplace.raiseExceptions(of: decision, amount: amount, session)
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
