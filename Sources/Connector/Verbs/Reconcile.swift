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
            var run = ReconcileRun(workplace: self, session: session)
            try run.nameCredits()
            try run.payments()
            try self.judgePromises(session)
            try self.matchClaims(session)
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

/// One run over the payments that wait, inside one transaction.
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

    private var company: String { workplace.company.id }

    init(workplace: Workplace, session: Session) {
        self.workplace = workplace
        self.session = session
    }

    /// A credit note that names the invoice it corrects is the creditor's own word: it nets without a payment.
    mutating func nameCredits() throws {
        let items = try session.openItems(company: company, openOnly: true)
        let corrected = try session.correctedNumbers(company: company)
        let period = try session.period(company)
        for credit in items where credit.isCredit && credit.balance.open < 0 {
            guard let number = corrected[credit.invoiceID] else { continue }
            let claims = items.filter {
                !$0.isCredit && $0.number == number && $0.customerID == credit.customerID && $0.currency == credit.currency
            }.sorted { ($0.dueOn, $0.id) < ($1.dueOn, $1.id) }
            var left = 0 - credit.balance.open
            let booking = Booking(
                company: company, period: period, decision: "credit:" + credit.id,
                recordedAt: workplace.environment.now(), actor: "reconcile")
            var entries: [Entry] = []
            for claim in claims where left > 0 && claim.balance.open > 0 {
                let amount = min(left, claim.balance.open)
                left -= amount
                entries.append(
                    booking.netting(
                        credit: credit.id, creditFacts: credit.facts, on: claim.id, facts: claim.facts,
                        amount: amount, rule: "CREDIT-NAMES-INVOICE"))
            }
            guard !entries.isEmpty else { continue }
            try append(entries)
            netted += 1
        }
    }

    mutating func payments() throws {
        let waiting = try session.waitingPayments(company: company)
        guard !waiting.isEmpty else { return }
        let settled = try decidedByPeople()
        let declined = try session.declinedPairs(company: company)
        var declinedItems: [String: Set<String>] = [:]
        for pair in declined { declinedItems[pair.payment, default: []].insert(pair.item) }
        var workspace = try makeWorkspace()
        let decisions = workspace.run(waiting.filter { !settled.contains($0.payment.id) }.map(\.spendable))
        var candidates: [String: Session.MatchCandidate] = [:]
        for candidate in waiting { candidates[candidate.payment.id] = candidate }
        let period = try session.period(company)
        for var decision in decisions {
            guard let candidate = candidates[decision.paymentID] else { continue }
            if let refused = declinedItems[decision.paymentID], decision.lines.contains(where: { refused.contains($0.itemID) }) {
                decision.verdict = .review
                decision.lines = []
                decision.sentence = "A person refused this match before: \(decision.sentence)"
            }
            try book(decision, candidate, period)
        }
    }

    /// Payments whose decision a person made and that must not be decided again by the machine.
    private func decidedByPeople() throws -> Set<String> {
        let waitingForPerson = try session.decisions(company: company, state: .rejected)
        return Set(waitingForPerson.filter { $0.decision.lines.isEmpty }.map(\.decision.paymentID))
    }

    private func makeWorkspace() throws -> Workspace {
        var lines: [String: [Line]] = [:]
        for (payment, line) in try session.appliedLines(company: company) { lines[payment, default: []].append(line) }
        let history = try session.appliedPayments(company: company).map {
            PastPayment(payment: $0.payment, lines: lines[$0.payment.id] ?? [])
        }
        return Workspace(
            items: try session.matchItems(company: company), customers: try session.matchCustomers(company: company),
            history: history, expectations: try workplace.expectations(session))
    }

    private mutating func book(
        _ decision: Decision, _ candidate: Session.MatchCandidate, _ period: Period
    ) throws {
        let payment = candidate.payment
        let id = DecisionID.make(company: company, payment: payment.id, lines: decision.lines, rule: decision.rule)
        let amount = Money(minorUnits: payment.amount, currency: payment.currency)
        let isBooked = decision.verdict == .auto || decision.verdict == .notReceivable
        if isBooked {
            let booking = Booking(
                company: company, period: period, decision: id, recordedAt: workplace.environment.now(),
                actor: "reconcile")
            let entries = booking.entries(
                decision,
                cash: Booking.Cash(
                    id: payment.id, amount: amount, postingDay: candidate.postingDay, isBooked: candidate.isBooked),
                item: { try? session.item(company: company, $0)?.facts })
            try append(entries)
        }
        let state: StoredDecision.State =
            switch decision.verdict {
            case .auto: .committed
            case .review: .waiting
            case .none, .notReceivable: .noted
            }
        try session.save(
            StoredDecision(
                id: id, decision: decision, state: state, amount: amount, decidedOn: workplace.today,
                recordedAt: workplace.environment.now(), actor: "reconcile"), company: company)
        if let customer = decision.customerID {
            try session.setCustomer(customer, payment: payment.id, company: company)
        }
        switch decision.verdict {
        case .auto: counts.auto += 1
        case .review: counts.review += 1
        case .none, .notReceivable: counts.none += 1
        }
        try workplace.raiseExceptions(of: decision, amount: amount, session)
    }

    private func append(_ entries: [Entry]) throws {
        guard !entries.isEmpty else { return }
        _ = try session.append(
            entries,
            batch: BatchInfo(
                company: company, kind: "reconcile", recordedAt: workplace.environment.now(), actor: "reconcile",
                rule: "RECONCILE"))
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
