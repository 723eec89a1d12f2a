// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
    /// Money that went out: a return of what came in, a refund, or nobody's business here.
    func decideOutgoing(_ matter: Matter) -> Decision {
        topics.reads(Topics.money(matter.amount))
        guard Return.isOne(matter.payment, matter.reading.text) else { return decideRefund(matter) }
        // A word alone is no proof: "devolução" is how a creditor calls a refund, too. Cash of this payer and amount
        // that waits and names the same document is what goes back.
        if !Return.isStated(matter.payment), let place = unappliedNamed(matter) { return payBack(place, matter) }
        return decideReturn(matter)
    }

    /// A refund pays out an open credit, or cash that waited unapplied; automatic only where it says which.
    private func decideRefund(_ matter: Matter) -> Decision {
        let payment = matter.payment
        let owed = matter.reading.mentions.filter { mention in
            catalogue.facts[Int(mention.item)].currency == payment.currency
                && balances.available(mention.item, catalogue, on: payment.bookedOn) < 0
        }
        let exact = owed.filter {
            balances.available($0.item, catalogue, on: payment.bookedOn) == payment.amount && !$0.isDoubtful
                && matter.payer.standing(catalogue.customerOf[Int($0.item)], catalogue) >= .named
        }
        let isOnlyNamed = Set(matter.reading.mentions.map(\.item)).count == 1
        if let mention = exact.first, isOnlyNamed { return payOut(mention, matter) }
        if let place = unappliedNamed(matter) { return payBack(place, matter) }
        let customers = matter.payer.certain.isEmpty ? matter.payer.named : matter.payer.certain
        guard let customer = customers.first else {
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
        let unspent = memory.sameAmount(0 - payment.amount, payment.currency, limit: 64) { _, seen in
            seen.isIdle && !seen.isReturned && seen.payerKey == matter.docket.payerKey
        }
        for place in unspent.reversed() where decision.alternatives.count < 5 {
            decision.counterpartID = decision.counterpartID ?? memory.id(place)
            decision.alternatives.append(Alternative(lines: []))
        }
        decision.lines = decision.alternatives.first?.lines ?? []
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

    private func payBack(_ place: Int32, _ matter: Matter) -> Decision {
        let id = memory.id(place)
        var decision = Decision(
            paymentID: matter.payment.id, verdict: policy.isAuto(.refund) ? .auto : .review, kind: .refund,
            rule: .refund,
            sentence: "\(matter.money) went back to \(matter.payment.payerName ?? "the payer"): it returns payment "
                + "\(id) of \(memory.seen(place).bookedOn), which settled nothing.")
        decision.counterpartID = id
        decision.customerID = memory.named(place).first.flatMap { catalogue.items[Int($0)].customerID }
        decision.evidence = matter.reading.mentions.prefix(1).map { evidence($0, matter) }
        decision.evidence.append(Evidence("RETURNED-AMOUNT", text: matter.money, bits: 10))
        return decision
    }

    private func payOut(_ mention: Mention, _ matter: Matter) -> Decision {
        let item = catalogue.items[Int(mention.item)]
        var decision = Decision(
            paymentID: matter.payment.id, verdict: policy.isAuto(.refund) ? .auto : .review, kind: .refund,
            rule: .refund,
            sentence: "\(matter.money) went out to \(name(catalogue.customerOf[Int(mention.item)])) and pays out "
                + "credit note \(item.number) in full.")
        decision.customerID = item.customerID
        decision.lines = [Line(itemID: item.id, reason: .refund, cash: matter.amount)]
        decision.evidence = [
            evidence(mention, matter), Evidence("AMOUNT-EXACT", text: matter.money, itemID: item.id, bits: 10),
        ]
        return decision
    }
}
