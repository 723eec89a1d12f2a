// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Formats
import Ledger
import Reconciliation
import Store
package import Trees

// What a person does with what the machine would not decide alone. Each act has an actor and a reason.
extension Workplace {
    /// Waiting decisions, the most money first, and of as much the more certain first; those of one rule only, where it is
    /// named.
    package func reviews(rule: String? = nil) throws -> [Node] {
        try openStore(readOnly: true).read { session in
            let people = try peoplesRules(session)
            return try waitingDecisions(session, rule).map {
                try ReviewJSON.node($0, session, company: company.id, people)
            }
        }
    }

    private func waitingDecisions(_ session: Session, _ rule: String?) throws -> [StoredDecision] {
        let only = try rule.map { name in
            guard let known = Rule(rawValue: name) else {
                throw Failure(
                    "REVIEW-RULE", "There is no rule “\(name)”.",
                    hint: "The rules of what waits are in `tieout review list`, as NUMBER-OVER.")
            }
            return known
        }
        return try ReviewOrder(session, company).sorted(
            try session.decisions(company: company.id, state: .waiting).filter {
                only == nil || $0.decision.rule == only
            })
    }

    /// The first of what waits as a person works it off: who paid what with which words, what is proposed, what else.
    package func reviews(first count: Int, rule: String? = nil) throws -> Answer {
        try openStore(readOnly: true).read { session in
            let waiting = try waitingDecisions(session, rule)
            let shown = waiting.prefix(max(0, count))
            let people = try peoplesRules(session)
            let texts = try shown.map { try ReviewJSON.text($0, session, company: company.id, people) }
            let rest = waiting.count - shown.count
            var end = rest > 0 ? ["\(rest) more wait."] : waiting.isEmpty ? ["Nothing waits."] : []
            end += try unexplained(through: today, session)
            return Answer(
                json: .list(try shown.map { try ReviewJSON.node($0, session, company: company.id, people) }),
                text: (texts + end).joined(separator: "\n\n"))
        }
    }

    package func review(_ id: String) throws -> Answer {
        try openStore(readOnly: true).read { session in
            let stored = try self.decision(id, session)
            let people = try peoplesRules(session)
            let node = try ReviewJSON.node(stored, session, company: company.id, people)
            return Answer(json: node, text: try ReviewJSON.text(stored, session, company: company.id, people))
        }
    }

    /// Books the proposal, or one of its alternatives.
    ///
    /// - Parameter secondPerson: who approves what lowers an invoice without money above the policy's limit.
    package func acceptReview(
        _ id: String, alternative: Int?, actor: String, reason: String, secondPerson: String? = nil
    ) throws -> Answer {
        try Signing.require(actor, reason)
        let policy = try PolicyFile.load(self).policy
        return try act { session in
            let stored = try self.decision(id, session)
            let left = try session.matchCandidate(company: self.company.id, id: stored.decision.paymentID)?.unapplied
            // What a person only looked at before may be taken all the same.
            let isOpen =
                stored.state == .waiting || stored.state == .noted && stored.decision.verdict == .review && left != 0
            guard isOpen else { throw Self.notWaiting(id, stored, left) }
            if alternative == nil, let other = DecisionText.asLikely(stored) {
                throw Failure(
                    "REVIEW-CHOICE", "\(other) is as likely as what stands first of \(stored.decision.paymentID).",
                    hint: "Choose with --alternative N; `tieout review show \(id)` numbers them.")
            }
            var decision = try Choice(stored: stored, alternative: alternative).decision(
                session, company: self.company.id)
            guard Self.isWhole(decision, left) else { throw Self.nothingToBook(id, stored) }
            if decision.customerID == nil, let counterpart = decision.counterpartID {
                decision.customerID = try session.payment(company: self.company.id, id: counterpart)?.customerID
            }
            decision.verdict = .auto
            let signature = Signature(actor: actor, reason: reason, secondPerson: secondPerson)
            return try self.commit(decision, session, signature, word: "Booked", gifts: policy)
        }
    }

    /// Money that came in needs a place; what the bank took back needs the payment as which it came, or items: for all of
    /// it, or for all but the charge that came on top. What went out needs what it pays back.
    private static func isWhole(_ decision: Decision, _ left: Int64?) -> Bool {
        switch decision.kind {
        case .payment, .payout, .other: !decision.lines.isEmpty
        case .return:
            decision.counterpartID != nil || !decision.lines.isEmpty && decision.cash < 0 && decision.cash >= left ?? 0
        case .refund: decision.counterpartID != nil || !decision.lines.isEmpty
        }
    }

    /// A yes to nothing, with what can be done instead.
    private static func nothingToBook(_ id: String, _ stored: StoredDecision) -> Failure {
        let payment = stored.decision.paymentID
        let hasChoice = !stored.decision.alternatives.isEmpty || !DecisionText.returnedPayments(stored).isEmpty
        let choose = hasChoice ? "Choose with --alternative, or " : ""
        guard stored.amount.isNegative else {
            let byHand = "\(hasChoice ? "book" : "Book") by hand: tieout review allocate \(payment) --to ITEM=AMOUNT"
            let aside = hasChoice ? "" : "; or set it aside: tieout review reject \(payment) --not-receivable"
            return Failure("REVIEW-EMPTY", "\(id) proposes nothing to book.", hint: choose + byHand + aside + ".")
        }
        let amount = stored.amount.magnitude.amountText
        let target = stored.decision.kind == .return ? "--to ITEM=-\(amount)" : "--refunds PAYMENT=\(amount)"
        return Failure(
            "REVIEW-EMPTY", "\(id) does not say what went back.",
            hint: "\(choose)\(hasChoice ? "say" : "Say") it: tieout review allocate \(payment) \(target); "
                + "or set it aside: tieout review reject \(payment) --not-receivable.")
    }

    /// Refuses what is proposed; where nothing is, the payment was looked at, and is tried again when something fits.
    ///
    /// - Parameter notReceivable: set aside instead what is left of the payment, as no customer's money.
    package func rejectReview(
        _ id: String, notReceivable: Bool, actor: String, reason: String
    ) throws -> Answer {
        try Signing.require(actor, reason)
        return try act { session in
            let stored = try self.decision(id, session)
            if notReceivable { return try self.setAside(stored, session, Signature(actor: actor, reason: reason)) }
            let left = try session.matchCandidate(company: self.company.id, id: stored.decision.paymentID)?.unapplied
            guard stored.state == .waiting || stored.state == .noted && left != 0 else {
                throw Self.notWaiting(id, stored, left)
            }
            try session.setState(.rejected, decision: stored.id, company: self.company.id, actor: actor, reason: reason)
            let (decision, payment) = (stored.decision, stored.decision.paymentID)
            let isProposed = !decision.lines.isEmpty || decision.namesCounterpart
            let text =
                isProposed
                ? "Refused; this match is not proposed again. \(payment) stays unapplied, and is shown when something else "
                    + "fits it."
                : decision.alternatives.isEmpty
                    ? "Looked at: nothing is proposed for \(payment) that could be refused. It stays unapplied, and is "
                        + "proposed when something fits it."
                    : "Refused: none of the alternatives of \(payment) is proposed again. It stays unapplied, and is "
                        + "proposed when something else fits it."
            return Answer(
                json: .object([("decision", .text(stored.id)), ("state", .text("rejected"))]), text: text)
        }
    }

    /// What is left of a payment is no customer's: a rest of cents, interest, the bank's charge on a return.
    private func setAside(_ stored: StoredDecision, _ session: Session, _ signature: Signature) throws -> Answer {
        let payment = stored.decision.paymentID
        let candidate = try session.matchCandidate(company: company.id, id: payment)
        guard let candidate, candidate.unapplied != 0 else {
            throw Failure(
                "SET-ASIDE-NOTHING", "Nothing is left of \(payment) to set aside.",
                hint: "What is booked of it is taken back first: tieout review undo \(payment).")
        }
        var decision = stored.decision
        decision.verdict = .notReceivable
        decision.lines = []
        decision.alternatives = []
        decision.counterpartID = nil
        // What was proposed is not what happens.
        decision.sentence =
            "\(Money(minorUnits: candidate.unapplied, currency: stored.amount.currency)) is no customer's money."
        var answer = try commit(decision, session, signature, word: "Set aside as no customer's money")
        let left = Money(minorUnits: candidate.unapplied, currency: stored.amount.currency)
        if !candidate.isBooked {
            answer.text =
                "Noted: \(left) of \(payment) is no customer's money. It went out and is on no customer's account, so "
                + "nothing had to be booked."
        } else if left != stored.amount {
            answer.text = "Set aside as no customer's money: \(left), what was left of \(payment)."
        }
        return answer
    }

    /// Runs one act of a person in a transaction, proves the books, and judges promises anew.
    func act(_ body: (Session) throws -> Answer) throws -> Answer {
        do {
            return try openStore().write { session in
                let answer = try body(session)
                try session.retireWaiting(company: self.company.id, at: self.environment.now())
                try self.judgePromises(session)
                try self.settleMatters(session)
                try Proof.require(session, company: self.company.id, self.reach)
                return answer
            }
        } catch let failure as StoreFailure where failure.code == "INVARIANT-CASH" && !failure.hint.isEmpty {
            throw Failure("CASH-SPENT", failure.message, hint: failure.hint)
        } catch let failure as StoreFailure where failure.code == "INVARIANT-OVERAPPLIED" && !failure.hint.isEmpty {
            throw Failure("ITEM-SETTLED", failure.message, hint: failure.hint)
        }
    }

    func decision(_ id: String, _ session: Session) throws -> StoredDecision {
        guard let stored = try session.decision(company: company.id, idOrPayment: id) else {
            throw Failure(
                "REVIEW-UNKNOWN", "There is no decision or payment “\(id)”.",
                hint: "List what waits with `tieout review list`.")
        }
        return stored
    }

    func append(_ entries: [Entry], _ session: Session, actor: String, rule: String) throws {
        try session.append(
            entries,
            batch: BatchInfo(
                company: company.id, kind: "person", recordedAt: environment.now(), actor: actor, rule: rule))
    }

    /// Books a decision in a person's name and keeps it as committed.
    /// - Parameter gifts: the policy by which what is given away needs a second person.
    func commit(
        _ decision: Decision, _ session: Session, _ signature: Signature, word: String,
        gifts policy: DunningPolicy? = nil
    ) throws -> Answer {
        guard let candidate = try session.matchCandidate(company: company.id, id: decision.paymentID) else {
            throw Failure("PAYMENT-UNKNOWN", "There is no payment \(decision.paymentID).", hint: "Check the id.")
        }
        var signed = decision
        signed.sentence = "\(signature.actor): \(signature.reason). \(decision.sentence)"
        let now = environment.now()
        let amount = Money(minorUnits: candidate.payment.amount, currency: candidate.payment.currency)
        let moment = "-" + String(now.milliseconds, radix: 36)
        var id =
            DecisionID.make(
                company: company.id, payment: decision.paymentID, lines: decision.lines, rule: decision.rule) + moment
        // Twice, where the same was booked and taken back within the same moment.
        while try session.decision(company: company.id, idOrPayment: id) != nil { id += moment }
        let entries = try personEntries(signed, id, candidate, session, signature, at: now)
        if let policy { try requireSecond(signature, entries, of: decision, policy, session) }
        try requireStanding(signed, session)
        if !entries.isEmpty { try append(entries, session, actor: signature.actor, rule: Rule.person.rawValue) }
        try session.save(
            StoredDecision(
                id: id, decision: signed, state: .committed, amount: amount, decidedOn: today, recordedAt: now,
                actor: signature.actor, reason: signature.kept), company: company.id)
        if let customer = decision.customerID {
            try session.setCustomer(customer, payment: decision.paymentID, company: company.id)
        }
        try resolveDoubts(decision.paymentID, "\(signature.actor): \(signature.reason)", session)
        if decision.verdict != .notReceivable,
            let rest = try session.matchCandidate(company: company.id, id: decision.paymentID)
        {
            try keepWaiting(rest, "It is left after what \(signature.actor) booked.", session)
        }
        let unapplied = try session.payment(company: company.id, id: decision.paymentID)?.balance.unapplied ?? 0
        let left = Money(minorUnits: unapplied, currency: amount.currency)
        let rest =
            unapplied == 0
            ? ""
            : "\n\(left) of \(decision.paymentID) is left unapplied: `tieout reconcile` shows what it may be for; "
                + "`tieout review reject \(decision.paymentID) --not-receivable` sets it aside."
        return Answer(
            json: .compact([
                ("decision", .text(id)), ("payment", .text(decision.paymentID)), ("state", .text("committed")),
                ("entries", .integer(entries.count)), ("second_person", .text(signature.secondPerson)),
                ("left_to_allocate", unapplied == 0 ? .null : .text(left.amountText)),
            ]), text: "\(word): \(try ReviewJSON.booked(decision, amount, session, company: company.id))\(rest)")
    }

    private func personEntries(
        _ decision: Decision, _ id: String, _ candidate: Session.MatchCandidate, _ session: Session,
        _ signature: Signature, at now: Timestamp
    ) throws -> [Entry] {
        let booking = Booking(
            company: company.id, period: try session.period(company: company.id), decision: id,
            recordedAt: now, actor: signature.actor, reason: signature.kept)
        let cash = Booking.Cash(
            id: decision.paymentID,
            amount: Money(minorUnits: candidate.payment.amount, currency: candidate.payment.currency),
            left: candidate.unapplied, postingDay: candidate.postingDay, isBooked: candidate.isBooked)
        if decision.verdict == .notReceivable { return booking.settingAside(cash, rule: decision.rule.rawValue) }
        var facts: [String: Booking.ItemFacts] = [:]
        for line in decision.lines where facts[line.itemID] == nil {
            facts[line.itemID] = try session.itemFacts(company: company.id, item: line.itemID)
        }
        let entries = booking.entries(decision, cash: cash, item: { facts[$0] })
        return try Recovery(booking: booking).entries(decision, on: candidate.postingDay, session, before: entries)
    }

    /// What a payout takes the place of may have been taken back since it was proposed.
    private func requireStanding(_ decision: Decision, _ session: Session) throws {
        var sums: [String: Int64] = [:]
        for line in decision.lines where line.reason == .cleared { sums[line.itemID, default: 0] -= line.adjustment }
        for (id, sum) in sums.sorted(by: { $0.key < $1.key }) {
            let stands = try session.item(company: company.id, id: id)?.balance.provider ?? 0
            guard sum >= 0 ? stands >= sum : stands <= sum else {
                throw Failure(
                    "REVIEW-STALE", "What was charged for \(id) does not stand in the books any more.",
                    hint: "Run tieout reconcile, and look at the payout again.")
            }
        }
    }

    /// What does not wait, with what helps from where it stands.
    static func notWaiting(_ id: String, _ stored: StoredDecision, _ left: Int64?) -> Failure {
        let payment = stored.decision.paymentID
        let hint =
            switch stored.state {
            case .committed: "What is booked is taken back with `tieout review undo \(id)`."
            case .undone:
                "`tieout reconcile` shows it again, the refused match as an alternative to accept; or book by hand: "
                    + "tieout review allocate \(payment) --to ITEM=AMOUNT."
            case .rejected:
                "After `tieout reconcile` the refused match can be taken all the same, as an alternative; or book by hand: "
                    + "tieout review allocate \(payment) --to ITEM=AMOUNT."
            case .noted where left == 0: "What was done with it is taken back with `tieout review undo \(id)`."
            case .noted, .waiting: "Book by hand: tieout review allocate \(payment) --to ITEM=AMOUNT."
            }
        return Failure(
            "REVIEW-STATE", "\(id) does not wait for a decision: it is \(stored.state.rawValue).", hint: hint)
    }
}
