// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
    /// Money that went out: a return of what came in, a refund, or nobody's business here.
    func decideOutgoing(_ matter: Matter) -> Decision {
        topics.reads(Topics.money(matter.amount))
        if Return.isStated(matter.payment) { return decideReturn(matter) }
        // A word alone is no proof: "devolução" is how a creditor calls a refund, too. The credit note that is named, or
        // cash of this payer and amount that waits and names the same document, is what goes back.
        if let refund = certainRefund(matter) { return refund }
        let saying = Return.saying(matter.payment, matter.reading.text)
        if saying != .bank, let refund = correctingRefund(matter) { return refund }
        switch saying {
        case nil: return decideRefund(matter)
        case .bank: return decideReturn(matter)
        case .anybody: return owes(matter) ? decideRefund(matter) : decideReturn(matter)
        }
    }

    /// Credit notes that the text names, of exactly this amount.
    private func namedCredits(_ matter: Matter) -> [Mention] {
        let payment = matter.payment
        return matter.reading.mentions.filter {
            !$0.isDoubtful && catalogue.facts[Int($0.item)].currency == payment.currency
                && balances.available($0.item, catalogue, on: payment.bookedOn) == payment.amount
        }
    }

    /// Whether a customer who may get the money has an open credit note of exactly this amount.
    private func owes(_ matter: Matter) -> Bool {
        recipients(matter).prefix(8).contains { customer in
            topics.reads(customer: customer)
            return credits(of: customer).contains {
                balances.available($0, catalogue, on: matter.day) == matter.amount
                    && catalogue.facts[Int($0)].currency == matter.currency
            }
        }
    }

    private func recipients(_ matter: Matter) -> [Int32] {
        matter.payer.certain.isEmpty ? matter.payer.named : matter.payer.certain
    }

    /// What says which it refunds: the open credit note that it names, of this amount, or cash that waits.
    private func certainRefund(_ matter: Matter) -> Decision? {
        let credit = namedCredits(matter).first {
            matter.payer.standing(catalogue.customerOf[Int($0.item)], catalogue) >= .named
        }
        let others = matter.reading.mentions.filter { $0.item != credit?.item }
        if let credit, others.isEmpty { return payOut(credit.item, credit, matter) }
        if let place = unappliedNamed(matter) { return payBack(place, matter) }
        guard let credit else { return nil }
        // The invoice that a credit note corrects is often named beside it; another credit note would be a second answer.
        let customer = catalogue.customerOf[Int(credit.item)]
        let isOnly = others.allSatisfy {
            catalogue.customerOf[Int($0.item)] == customer
                && balances.available($0.item, catalogue, on: matter.day) >= 0
        }
        return isOnly ? payOut(credit.item, credit, matter) : nil
    }

    /// The invoice that is named was corrected by one open credit note, and this is what that is worth.
    private func correctingRefund(_ matter: Matter) -> Decision? {
        let mentions = matter.reading.mentions
        guard let mention = mentions.first(where: { !$0.isDoubtful }) else { return nil }
        let customer = catalogue.customerOf[Int(mention.item)]
        let number = catalogue.items[Int(mention.item)].number
        guard customer >= 0, matter.payer.standing(customer, catalogue) >= .named,
            mentions.allSatisfy({ catalogue.items[Int($0.item)].number == number })
        else { return nil }
        topics.reads(customer: customer)
        let correcting = credits(of: customer).filter {
            catalogue.corrected($0) == number && catalogue.facts[Int($0)].currency == matter.currency
                && balances.available($0, catalogue, on: matter.day) == matter.amount
        }
        return correcting.count == 1 ? payOut(correcting[0], mention, matter) : nil
    }

    /// A refund pays out an open credit, or cash that waited unapplied; a person says which where nothing else does.
    private func decideRefund(_ matter: Matter) -> Decision {
        let payment = matter.payment
        let customers = recipients(matter)
        guard let customer = customers.first else {
            if let elsewhere = paidElsewhere(matter) { return elsewhere }
            return Decision(
                paymentID: payment.id, verdict: .notReceivable, kind: .other, rule: .unrelated,
                sentence: "\(matter.money) went out to somebody who is no customer.")
        }
        var decision = Decision(
            paymentID: payment.id, verdict: .review, kind: .refund, rule: .refund,
            sentence: "\(matter.money) went out to \(name(customer)) and does not say what it refunds.")
        decision.customerID = catalogue.customers[Int(customer)].id
        for customer in customers.prefix(8) {
            for credit in credits(of: customer)
            where balances.available(credit, catalogue, on: payment.bookedOn) <= payment.amount
                && catalogue.facts[Int(credit)].currency == payment.currency && decision.alternatives.count < 5
            {
                decision.alternatives.append(
                    Alternative(
                        lines: [
                            Line(
                                itemID: catalogue.items[Int(credit)].id, reason: .refund, cash: payment.amount)
                        ]))
            }
        }
        let idle = memory.sameAmount(0 - payment.amount, payment.currency, limit: 64) { _, seen in
            seen.isIdle && !seen.isReturned && seen.payerKey == matter.docket.payerKey
        }
        if decision.alternatives.isEmpty, let last = idle.last {
            decision.sentence =
                "\(matter.money) went out to \(name(customer)). It does not say what it refunds; it may pay back "
                + "\(unspent(last))\(idle.count > 1 ? ", or one of \(idle.count - 1) others of this amount" : "")."
        }
        for place in idle.reversed() where decision.alternatives.count < 5 {
            decision.counterpartID = decision.counterpartID ?? memory.id(place)
            decision.alternatives.append(Alternative(lines: []))
        }
        decision.lines = decision.alternatives.first?.lines ?? []
        return decision
    }

    /// The credit note that is named, of this amount, went to an account that is not known as its customer's: a spouse's, a
    /// new one, or a thief's.
    private func paidElsewhere(_ matter: Matter) -> Decision? {
        let named = namedCredits(matter)
        guard let credit = named.first, named.allSatisfy({ $0.item == credit.item }) else { return nil }
        var decision = payOut(credit.item, credit, matter)
        decision.verdict = .review
        let number = catalogue.items[Int(credit.item)].number
        decision.sentence =
            "\(matter.money) went out to \(matter.payment.payerName ?? "somebody"), who is not known as "
            + "\(name(catalogue.customerOf[Int(credit.item)])), and names credit note \(number) of this amount."
        return decision
    }

    /// The one payment of this amount and payer that waits unapplied and named the same item, or is itself named.
    private func unappliedNamed(_ matter: Matter) -> Int32? {
        let payment = matter.payment
        let named = matter.reading.mentions.filter { !$0.isDoubtful }.map(\.item)
        let found = memory.sameAmount(0 - payment.amount, payment.currency, limit: 64) { place, seen in
            guard seen.isIdle, !seen.isReturned, seen.bookedOn <= payment.bookedOn else { return false }
            let label = memory.label(place)
            let isPayer =
                seen.payerKey == matter.docket.payerKey || matter.docket.name.map { $0.isSame(as: label.name) } == true
            let isNamed =
                memory.named(place).contains { named.contains($0) } || payment.endToEndID == label.id
                || (label.endToEndID.map(Docket.isTelling) == true && label.endToEndID == payment.endToEndID)
            return isPayer && isNamed
        }
        return found.count == 1 ? found[0] : nil
    }

    /// `payment P1 of 2026-02-05, which settled nothing`, or what the rest of it was left by.
    private func unspent(_ place: Int32) -> String {
        let (id, seen) = (memory.id(place), memory.seen(place))
        return seen.isPart
            ? "what was left of payment \(id) of \(seen.bookedOn)"
            : "payment \(id) of \(seen.bookedOn), which settled nothing"
    }

    private func payBack(_ place: Int32, _ matter: Matter) -> Decision {
        var decision = Decision(
            paymentID: matter.payment.id, verdict: policy.isAuto(.refund) ? .auto : .review, kind: .refund,
            rule: .refund,
            sentence: "\(matter.money) went back to \(matter.payment.payerName ?? "the payer"): it pays back "
                + "\(unspent(place)).")
        decision.counterpartID = memory.id(place)
        decision.customerID = memory.named(place).first.flatMap { catalogue.items[Int($0)].customerID }
        decision.evidence = matter.reading.mentions.prefix(1).map { evidence($0, matter) }
        decision.evidence.append(Evidence("RETURNED-AMOUNT", text: matter.money, bits: 10))
        return decision
    }

    /// - Parameter mention: of the credit note, or of the invoice that it corrects.
    private func payOut(_ credit: Int32, _ mention: Mention, _ matter: Matter) -> Decision {
        let item = catalogue.items[Int(credit)]
        let corrected = mention.item == credit ? "" : ", which corrects \(catalogue.items[Int(mention.item)].number),"
        var decision = Decision(
            paymentID: matter.payment.id, verdict: policy.isAuto(.refund) ? .auto : .review, kind: .refund,
            rule: .refund,
            sentence: "\(matter.money) went out to \(name(catalogue.customerOf[Int(credit)])) and pays out "
                + "credit note \(item.number)\(corrected) in full.")
        decision.customerID = item.customerID
        decision.lines = [Line(itemID: item.id, reason: .refund, cash: matter.amount)]
        decision.evidence = [
            evidence(mention, matter), Evidence("AMOUNT-EXACT", text: matter.money, itemID: item.id, bits: 10),
        ]
        return decision
    }
}
