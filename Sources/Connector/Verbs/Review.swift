// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Ledger
import Reconciliation
import Store
package import Trees

// What a person does with what the machine would not decide alone. Each act has an actor and a reason.
extension Workplace {
    /// Waiting decisions, the most money first.
    package func reviews() throws -> [Node] {
        try openStore(readOnly: true).read { session in
            try waitingDecisions(session).map { try ReviewJSON.node($0, session, company: company.id) }
        }
    }

    private func waitingDecisions(_ session: Session) throws -> [StoredDecision] {
        try session.decisions(company: company.id, state: .waiting).sorted {
            ($1.amount.magnitude.minorUnits, $0.decision.paymentID) < (
                $0.amount.magnitude.minorUnits, $1.decision.paymentID
            )
        }
    }

    /// The first of what waits as a person works it off: who paid what with which words, what is proposed, what else.
    package func reviews(first count: Int) throws -> Answer {
        try openStore(readOnly: true).read { session in
            let waiting = try waitingDecisions(session)
            let shown = waiting.prefix(max(0, count))
            let texts = try shown.map { try ReviewJSON.text($0, session, company: company.id) }
            let rest = waiting.count - shown.count
            let end = rest > 0 ? ["\(rest) more wait."] : waiting.isEmpty ? ["Nothing waits."] : []
            return Answer(
                json: .list(try shown.map { try ReviewJSON.node($0, session, company: company.id) }),
                text: (texts + end).joined(separator: "\n\n"))
        }
    }

    package func review(_ id: String) throws -> Answer {
        try openStore(readOnly: true).read { session in
            let stored = try self.decision(id, session)
            let node = try ReviewJSON.node(stored, session, company: company.id)
            return Answer(json: node, text: try ReviewJSON.text(stored, session, company: company.id))
        }
    }

    package func acceptReview(_ id: String, alternative: Int?, actor: String, reason: String) throws -> Answer {
        try Signing.require(actor, reason)
        return try act { session in
            let stored = try self.decision(id, session)
            guard stored.state == .waiting else { throw Self.notWaiting(id, stored.state) }
            var decision = try alternative.map { try Self.choosing($0, of: stored) } ?? stored.decision
            let left = try session.matchCandidate(company: self.company.id, id: decision.paymentID)?.unapplied
            guard Self.isWhole(decision, left) else {
                throw Failure(
                    "REVIEW-EMPTY", "\(id) proposes nothing to book.",
                    hint:
                        "Choose with --alternative, or book by hand: tieout review allocate \(stored.decision.paymentID) --to ITEM=AMOUNT."
                )
            }
            decision.evidence = DecisionText.payout(stored).map { [Evidence("PAYOUT", text: $0, bits: 20)] } ?? []
            if decision.customerID == nil, let counterpart = decision.counterpartID {
                decision.customerID = try session.payment(company: self.company.id, id: counterpart)?.customerID
            }
            decision.verdict = .auto
            return try self.commit(decision, session, actor: actor, reason: reason, word: "Booked")
        }
    }

    private static func choosing(_ alternative: Int, of stored: StoredDecision) throws -> Decision {
        var decision = stored.decision
        let returned = decision.kind == .return ? DecisionText.returnedPayments(stored) : []
        let count = max(decision.alternatives.count, returned.count)
        guard alternative >= 1, alternative <= count else {
            throw Failure(
                "REVIEW-ALTERNATIVE", "\(stored.id) has no alternative \(alternative).",
                hint: "It has \(count); see `tieout review show \(stored.id)`.")
        }
        let place = alternative - 1
        decision.lines = place < decision.alternatives.count ? decision.alternatives[place].lines : []
        guard decision.kind == .return else { return decision }
        decision.counterpartID = place < returned.count ? returned[place] : nil
        decision.customerID = nil
        return decision
    }

    /// Money that came in needs a place; what the bank took back needs the payment as which it came, or items: for all of
    /// it, or for all but the charge that came on top.
    private static func isWhole(_ decision: Decision, _ left: Int64?) -> Bool {
        switch decision.kind {
        case .payment: !decision.lines.isEmpty
        case .return:
            decision.counterpartID != nil || !decision.lines.isEmpty && decision.cash < 0 && decision.cash >= left ?? 0
        case .refund, .payout, .other: true
        }
    }

    package func rejectReview(
        _ id: String, notReceivable: Bool, actor: String, reason: String
    ) throws -> Answer {
        try Signing.require(actor, reason)
        return try act { session in
            let stored = try self.decision(id, session)
            if notReceivable {
                var decision = stored.decision
                decision.verdict = .notReceivable
                decision.lines = []
                decision.counterpartID = nil
                return try self.commit(
                    decision, session, actor: actor, reason: reason, word: "Set aside as no customer's money")
            }
            guard stored.state == .waiting || stored.state == .noted else { throw Self.notWaiting(id, stored.state) }
            try session.setState(.rejected, decision: stored.id, company: self.company.id, actor: actor, reason: reason)
            return Answer(
                json: .object([("decision", .text(stored.id)), ("state", .text("rejected"))]),
                text: "Refused; this match is not proposed again.")
        }
    }

    /// Takes a committed decision back. Cash, items and promises stand as before it; in a closed month the undo posts
    /// as prior period.
    package func undo(_ id: String, actor: String, reason: String) throws -> Answer {
        try Signing.require(actor, reason)
        return try act { session in
            let stored = try? self.decision(id, session)
            let key = stored?.id ?? id
            let period = try session.period(company: self.company.id)
            let logged = try session.entryList(company: self.company.id, filter: EntryFilter(decision: key))
            let undone = Set(logged.compactMap(\.entry.undoes))
            let live = logged.filter {
                $0.entry.undoes == nil && !undone.contains($0.seq) && $0.entry.kind != .sourceClearing
            }
            if let charge = try session.chargeBooking(company: self.company.id, decision: key), let paid = charge.paidBy
            {
                throw Failure(
                    "UNDO-PAID-OUT", "The payout \(charge.payoutID ?? "") brought the money of \(id): payment \(paid).",
                    hint: "Take that back first: tieout review undo \(paid).")
            }
            guard !live.isEmpty else {
                throw Failure(
                    "UNDO-NOTHING", "\(id) has nothing in the books to take back.",
                    hint: "See `tieout review show \(id)` for where it stands.")
            }
            let now = self.environment.now()
            let entries = live.reversed().map {
                $0.entry.undone(
                    position: $0.seq, on: period.postingDay(for: $0.entry.postingDay), at: now, actor: actor,
                    reason: reason)
            }
            try self.append(entries, session, actor: actor, rule: "UNDO")
            try session.reviveWaiting(
                company: self.company.id, payments: Set(entries.flatMap { [$0.payment, $0.counter] }.compactMap { $0 }))
            try session.endCharge(company: self.company.id, decision: key)
            if let stored {
                try session.setState(
                    .undone, decision: stored.id, company: self.company.id, actor: actor, reason: reason)
            }
            return Answer(
                json: .object([
                    ("decision", .text(key)), ("state", .text("undone")), ("entries", .integer(entries.count)),
                ]),
                text: "Taken back: \(entries.count) entries reversed.")
        }
    }

    /// Runs one act of a person in a transaction, proves the books, and judges promises anew.
    func act(_ body: (Session) throws -> Answer) throws -> Answer {
        try openStore().write { session in
            let answer = try body(session)
            try session.retireWaiting(company: self.company.id, at: self.environment.now())
            try self.judgePromises(session)
            try self.settleMatters(session)
            try Proof.require(session, company: self.company.id, self.reach)
            return answer
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
    func commit(
        _ decision: Decision, _ session: Session, actor: String, reason: String, word: String
    ) throws -> Answer {
        guard let candidate = try session.matchCandidate(company: company.id, id: decision.paymentID) else {
            throw Failure("PAYMENT-UNKNOWN", "There is no payment \(decision.paymentID).", hint: "Check the id.")
        }
        var signed = decision
        signed.sentence = "\(actor): \(reason). \(decision.sentence)"
        let now = environment.now()
        let amount = Money(minorUnits: candidate.payment.amount, currency: candidate.payment.currency)
        let id =
            DecisionID.make(
                company: company.id, payment: decision.paymentID, lines: decision.lines, rule: decision.rule)
            + "-" + String(now.milliseconds, radix: 36)
        let booking = Booking(
            company: company.id, period: try session.period(company: company.id), decision: id, recordedAt: now,
            actor: actor, reason: reason)
        var facts: [String: Booking.ItemFacts] = [:]
        for line in signed.lines where facts[line.itemID] == nil {
            facts[line.itemID] = try session.itemFacts(company: company.id, item: line.itemID)
        }
        var entries = booking.entries(
            signed,
            cash: Booking.Cash(
                id: decision.paymentID, amount: amount, left: candidate.unapplied, postingDay: candidate.postingDay,
                isBooked: candidate.isBooked),
            item: { facts[$0] })
        entries = try Recovery(booking: booking).entries(decision, on: candidate.postingDay, session, before: entries)
        try requireStanding(signed, session)
        if !entries.isEmpty { try append(entries, session, actor: actor, rule: "PERSON") }
        try session.save(
            StoredDecision(
                id: id, decision: signed, state: .committed, amount: amount, decidedOn: today, recordedAt: now,
                actor: actor, reason: reason), company: company.id)
        if let customer = decision.customerID {
            try session.setCustomer(customer, payment: decision.paymentID, company: company.id)
        }
        for kind in ["DUPLICATE-PAYMENT", "PAYER-CONFLICT"] {
            try session.resolveExceptions(
                company: company.id, kind: kind, subject: decision.paymentID, resolution: "\(actor): \(reason)", at: now
            )
        }
        return Answer(
            json: .object([
                ("decision", .text(id)), ("payment", .text(decision.paymentID)), ("state", .text("committed")),
                ("entries", .integer(entries.count)),
            ]), text: "\(word): \(try ReviewJSON.booked(decision, amount, session, company: company.id))")
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

    static func notWaiting(_ id: String, _ state: StoredDecision.State) -> Failure {
        Failure(
            "REVIEW-STATE", "\(id) does not wait for a decision: it is \(state.rawValue).",
            hint: "A committed decision is taken back with `tieout review undo`.")
    }
}

/// A decision for people and scripts.
enum ReviewJSON {
    static func node(_ stored: StoredDecision, _ session: Session, company: String) throws -> Node {
        let decision = stored.decision
        let items = (decision.lines + decision.alternatives.flatMap(\.lines)).map(\.itemID)
        let invoices = try session.invoiceOfItem(company: company, items: items)
        let numbers = try session.numbers(company: company, items: items)
        func lines(_ lines: [Line]) -> Node {
            .list(
                lines.map { line in
                    .compact([
                        ("item_id", .text(line.itemID)), ("invoice_id", .text(invoices[line.itemID])),
                        ("number", .text(numbers[line.itemID])),
                        ("reason", .text(line.reason.rawValue)),
                        ("amount", .text(Money(minorUnits: line.cash, currency: stored.amount.currency).amountText)),
                        (
                            "adjustment",
                            line.adjustment == 0
                                ? .null
                                : .text(Money(minorUnits: line.adjustment, currency: stored.amount.currency).amountText)
                        ),
                    ])
                })
        }
        let candidate = try session.matchCandidate(company: company, id: decision.paymentID)
        return .compact([
            ("id", .text(stored.id)), ("payment_id", .text(decision.paymentID)),
            ("state", .text(stored.state.rawValue)), ("verdict", .text(decision.verdict.rawValue)),
            ("kind", .text(decision.kind.rawValue)), ("rule", .text(decision.rule.rawValue)),
            ("amount", .text(stored.amount.amountText)), ("currency", .text(stored.amount.currency.code)),
            (
                "left_to_allocate",
                .text(candidate.map { Money(minorUnits: $0.unapplied, currency: stored.amount.currency).amountText })
            ),
            ("booked_on", .text(candidate?.payment.bookedOn.text)), ("payer_name", .text(candidate?.payment.payerName)),
            ("remittance", .text(candidate?.payment.remittance)), ("customer_id", .text(decision.customerID)),
            ("counterpart_id", .text(decision.counterpartID)), ("explanation", .text(decision.sentence)),
            ("lines", lines(decision.lines)),
            ("alternatives", .list(decision.alternatives.map { lines($0.lines) })),
            ("evidence", JSONReader.read(Array(stored.evidence.utf8)).node ?? .null),
            ("decided_on", .text(stored.decidedOn.text)), ("actor", .text(stored.actor)),
            ("reason", .text(stored.reason)),
        ])
    }

    static func text(_ stored: StoredDecision, _ session: Session, company: String) throws -> String {
        let decision = stored.decision
        var lines = ["\(decision.paymentID)  \(stored.amount)  \(stored.state.rawValue)  [\(decision.rule.rawValue)]"]
        if let candidate = try session.matchCandidate(company: company, id: decision.paymentID) {
            let payment = candidate.payment
            let left = Money(minorUnits: candidate.unapplied, currency: payment.currency)
            lines.append(
                "  \(payment.bookedOn) from \(payment.payerName ?? "nobody named")"
                    + (payment.payerAccount.map { ", \($0)" } ?? "") + "; left to allocate: \(left)")
            if let text = payment.remittance { lines.append("  text: \(DecisionText.marked(text, stored))") }
        }
        lines.append("  \(decision.sentence)")
        if !decision.lines.isEmpty {
            lines.append("  proposes " + (try words(decision.lines, stored.amount.currency, session, company)))
        }
        for (index, alternative) in decision.alternatives.enumerated() where !alternative.lines.isEmpty {
            let parts = try words(alternative.lines, stored.amount.currency, session, company)
            lines.append("  alternative \(index + 1): \(parts)")
        }
        for (index, payment) in DecisionText.returnedPayments(stored).enumerated() {
            lines.append("  alternative \(index + 1) takes back payment \(payment)")
        }
        lines += try DecisionText.lines(stored, session, company: company)
        return lines.joined(separator: "\n")
    }

    /// What a person's yes came to: amounts on invoices; the sentence where nothing is booked on any.
    static func booked(
        _ decision: Decision, _ amount: Money, _ session: Session, company: String
    ) throws -> String {
        guard !decision.lines.isEmpty else { return "\(amount) of \(decision.paymentID)." }
        return try words(decision.lines, amount.currency, session, company) + ", from \(decision.paymentID)."
    }

    private static func words(
        _ lines: [Line], _ currency: Currency, _ session: Session, _ company: String
    ) throws -> String {
        let numbers = try session.numbers(company: company, items: lines.map(\.itemID))
        return lines.map { line in
            var parts = line.cash == 0 ? [] : ["\(Money(minorUnits: line.cash, currency: currency))"]
            if line.adjustment != 0 {
                let reason = line.reason.rawValue.replacing("_", with: " ")
                parts.append("\(Money(minorUnits: line.adjustment, currency: currency)) \(reason)")
            }
            return parts.joined(separator: " and ") + " on \(numbers[line.itemID] ?? line.itemID)"
        }.joined(separator: ", ")
    }
}
