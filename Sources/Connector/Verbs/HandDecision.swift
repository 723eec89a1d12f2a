// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reconciliation
import Store

extension Workplace {
    /// Keeps what a person booked of a payment by hand as a decision of theirs, to be told, measured and taken back like one
    /// that they agreed to.
    func keep(_ entries: [Entry], of request: ManualAllocation, as id: String, _ session: Session) throws {
        guard let source = request.source, let candidate = try session.matchCandidate(company: company.id, id: source)
        else { return }
        let payment = candidate.payment
        var decision = Decision(
            paymentID: payment.id, verdict: .auto, kind: Self.kind(entries, payment.amount), rule: .person,
            sentence: "\(request.actor): \(request.reason). Booked by hand.")
        decision.lines = Self.lines(entries)
        decision.counterpartID = entries.first { $0.kind == .consumed }?.payment
        let customers = Set(entries.compactMap(\.customer))
        if customers.count == 1, let customer = customers.first {
            decision.customerID = customer
            try session.setCustomer(customer, payment: payment.id, company: company.id)
        }
        try session.save(
            StoredDecision(
                id: id, decision: decision, state: .committed,
                amount: Money(minorUnits: payment.amount, currency: payment.currency), decidedOn: today,
                recordedAt: environment.now(), actor: request.actor,
                reason: Signature(
                    actor: request.actor, reason: request.reason, secondPerson: request.secondPerson
                ).kept), company: company.id)
        try keepWaiting(candidate, "It is left after what \(request.actor) booked.", session)
        try resolveDoubts(payment.id, "\(request.actor): \(request.reason)", session)
    }

    /// What was asked of a payment is answered by what a person books.
    func resolveDoubts(_ payment: String, _ resolution: String, _ session: Session) throws {
        for kind in ["DUPLICATE-PAYMENT", "PAYER-CONFLICT"] {
            try session.resolveExceptions(
                company: company.id, kind: kind, subject: payment, resolution: resolution, at: environment.now())
        }
    }

    /// Money that nothing uses waits for a person from now on, and not from the next run on: whoever closes the month sees it.
    ///
    /// - Parameter why: a sentence.
    func keepWaiting(_ candidate: Session.MatchCandidate, _ why: String, _ session: Session) throws {
        let payment = candidate.payment
        guard candidate.unapplied != 0, try !session.waits(company: company.id, payment: payment.id) else { return }
        let decision = Decision(
            paymentID: payment.id, verdict: .review, rule: .noEvidence,
            sentence: why + " The next `tieout reconcile` says what it may be for.")
        let now = environment.now()
        let id =
            DecisionID.make(company: company.id, payment: payment.id, lines: [], rule: .noEvidence) + "-"
            + String(now.milliseconds, radix: 36)
        try session.save(
            StoredDecision(
                id: id, decision: decision, state: .waiting,
                amount: Money(minorUnits: payment.amount, currency: payment.currency), decidedOn: today,
                recordedAt: now, actor: "reconcile"), company: company.id)
    }

    private static func kind(_ entries: [Entry], _ amount: Int64) -> Decision.Kind {
        if entries.contains(where: { $0.kind == .consumed }) { return .refund }
        return amount < 0 ? .return : .payment
    }

    /// Entries of one act as the lines of a decision. What was written off, or taken back from that, is an act beside it.
    private static func lines(_ entries: [Entry]) -> [Line] {
        entries.compactMap { entry in
            let amount = entry.money.minorUnits
            switch entry.kind {
            case .applied:
                return entry.item.map { Line(itemID: $0, reason: amount < 0 ? .reversal : .cash, cash: amount) }
            case .charged:
                return entry.item.map {
                    Line(itemID: $0, reason: .lateCharges, cash: amount, adjustment: 0 - amount)
                }
            case .exchange:
                let cash = ExchangeGifts.cash(of: entry, in: entries)?.money.minorUnits ?? 0
                return entry.item.map { Line(itemID: $0, reason: .exchange, cash: cash, adjustment: amount) }
            case .discount, .fee, .withholding, .rounding:
                let reasons: [Entry.Kind: Line.Reason] = [
                    .discount: .discount, .fee: .fee, .withholding: .withholding, .rounding: .rounding,
                ]
                guard let item = entry.item, let reason = reasons[entry.kind] else { return nil }
                return Line(itemID: item, reason: reason, cash: 0, adjustment: amount)
            default: return nil
            }
        }
    }
}
