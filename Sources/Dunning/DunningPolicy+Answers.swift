// SPDX-License-Identifier: Apache-2.0
import Documents

// Messages that answer the customer instead of asking for money.
extension DunningPolicy {
    /// Confirmations of booked, matched cash, each said once.
    func confirmations(_ context: GateContext) -> [PlanLine] {
        let snapshot = context.snapshot
        // Nobody is introduced to a number by a thank-you.
        guard confirmPayments != .never, disclosure(.paymentConfirmation, snapshot) == .full else { return [] }
        let receipts = snapshot.receipts.sorted { ($0.bookedOn, $0.paymentID) < ($1.bookedOn, $1.paymentID) }
        return receipts.compactMap { receipt in
            guard confirmPayments == .always || receipt.answersClaim, !receipt.isReturned,
                context.day >= receipt.bookedOn, context.day - receipt.bookedOn <= confirmPaymentsWithinDays
            else { return nil }
            var facts = Message.Facts(asOf: snapshot.booksAsOf(context.day))
            facts.lines = receipt.lines
            facts.amount = receipt.amount
            facts.occurredOn = receipt.bookedOn
            return answer(.paymentConfirmation, period: receipt.paymentID, facts: facts, context)
        }
    }

    /// Copies of invoices that were asked for, with the original bytes.
    func copies(_ context: GateContext) -> [PlanLine] {
        context.snapshot.copyRequests.sorted { $0.id < $1.id }.compactMap { request in
            var facts = Message.Facts(asOf: context.snapshot.booksAsOf(context.day))
            facts.lines = [request.line]
            return answer(
                .invoiceResend, period: request.id, facts: facts, attachments: [request.document], context)
        }
    }

    private func answer(
        _ purpose: Message.Purpose, period: String, facts: Message.Facts,
        attachments: [Message.Attachment] = [], _ context: GateContext
    ) -> PlanLine? {
        let snapshot = context.snapshot
        let key = Message.Key(
            company: snapshot.company.id, customerID: snapshot.customer.id, purpose: purpose, step: 0, period: period)
        guard !snapshot.said.contains(where: { $0.key == key }) else { return nil }
        let timing = self.timing(purpose, context)
        let gates = Gates.account.filter { !$0.remindersOnly }.map { $0.decide(context, []) } + timing.decisions
        if let no = gates.first(where: { !$0.allows }) {
            return PlanLine(
                customerID: snapshot.customer.id, purpose: purpose, step: 0, verdict: .held, rule: no.rule,
                lines: facts.lines, gates: gates, until: no.until)
        }
        var message = compose(key, facts: facts, attachments: attachments, context: context) { _ in [] }
        message.decidedBy = gates
        message.notBeforeLocal = timing.opens
        message.notAfterLocal = timing.closes
        message.revision = revision(of: message, context)
        return PlanLine(
            customerID: snapshot.customer.id, purpose: purpose, step: 0, verdict: .say, lines: facts.lines,
            gates: gates, message: message)
    }
}
