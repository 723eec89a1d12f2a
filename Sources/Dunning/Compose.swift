// SPDX-License-Identifier: Apache-2.0
import Documents

extension DunningPolicy {
    /// Puts a decided message into words. The ways to pay are made for exactly these facts.
    func compose(
        _ key: Message.Key, facts: Message.Facts, attachments: [Message.Attachment] = [], context: GateContext,
        howToPay: PaymentOffer
    ) -> Message {
        let snapshot = context.snapshot
        let wording = self.wording(for: snapshot.customer.language)
        let disclosure = self.disclosure(key.purpose, snapshot)
        let offers = disclosure == .full && key.purpose.isReminder ? howToPay(facts) : []
        let words = wording.words(
            for: key, disclosure: disclosure, facts: facts, company: snapshot.company.legalName ?? snapshot.company.id,
            customer: snapshot.customer.name ?? snapshot.customer.legalName, howToPay: offers)
        return Message(
            key: key, disclosure: disclosure, language: wording.code, templateName: words.template,
            parameters: words.parameters, facts: facts, allowedNextSteps: nextSteps(key.purpose, disclosure),
            howToPay: offers, attachments: disclosure == .full ? attachments : [], text: words.text,
            freshUntil: context.day)
    }

    /// The customer's language, one that shares its first subtag (`pt` for `pt-BR`), else the policy's first.
    func wording(for language: String?) -> Wording {
        let offered = languages.compactMap { Wording.of($0) }
        let wanted = (language ?? "").lowercased()
        let family = Wording.family(wanted)
        return offered.first { $0.code.lowercased() == wanted }
            ?? offered.first { Wording.family($0.code) == family }
            ?? offered.first ?? Wording.english
    }

    func disclosure(_ purpose: Message.Purpose, _ snapshot: AccountSnapshot) -> Message.Disclosure {
        // Who asks for a copy by invoice knows of the invoice.
        if snapshot.numberProven || purpose == .invoiceResend { return .full }
        switch disclosure {
        case .never: return .full
        case .untilProven: return .firstContact
        case .firstMessage:
            return snapshot.said.contains { $0.outcome == .delivered && $0.isToNumber } ? .full : .firstContact
        }
    }

    private func nextSteps(_ purpose: Message.Purpose, _ disclosure: Message.Disclosure) -> [Message.NextStep] {
        guard disclosure == .full else { return [.confirmIdentity, .wrongParty, .stop, .person] }
        switch purpose {
        case .beforeDue, .due, .overdue, .promiseFollowUp, .returned:
            return [.pay, .promise, .alreadyPaid, .dispute, .invoiceCopy, .stop, .person]
        case .paymentConfirmation: return [.dispute, .invoiceCopy, .stop, .person]
        case .invoiceResend: return [.pay, .alreadyPaid, .dispute, .stop, .person]
        }
    }
}
