// SPDX-License-Identifier: Apache-2.0

import Documents

/// Money paid before the invoice that takes it off (EN 16931 BT-113): it is no payment of what is still due (BT-115).
///
///     invoice  total 1000.00  prepaid 200.00  due 800.00
///     receipt  200.00  "advance CA-26-050", booked up to the invoice's day ──► the claim is 1000.00, 200.00 of it paid
///     receipt  800.00  "CA-26-050"                                         ──► the rest
extension Workspace {
    /// The decision on a receipt that is the advance of the one invoice it names; nil when it is none.
    ///
    /// Certain when it was booked up to the invoice's day, or a few days later while nothing of what is due was paid.
    func decideAdvance(_ matter: Matter) -> Decision? {
        guard let mention = namedAdvance(matter) else { return nil }
        let payment = matter.payment
        let item = catalogue.items[Int(mention.item)]
        let customer = catalogue.customerOf[Int(mention.item)]
        let due = balances.available(mention.item, catalogue, on: payment.bookedOn)
        // From the invoice's day on, the amount that is due is what is paid.
        if payment.bookedOn >= item.issuedOn, due == payment.amount { return nil }
        let own = ownInvoices(of: customer, besides: mention.item, matter)
        // The advance has an invoice of its own, and that was paid: this is money for the rest.
        if own.contains(where: { $0.isAdvance && $0.open == 0 }) { return nil }
        if let invoice = own.first(where: { $0.isAdvance && $0.open == payment.amount }) {
            let match = Match(
                customer: customer, shares: [Match.Share(item: invoice.item, cash: payment.amount)], shape: .exact,
                mentions: [mention])
            return settle(matter, .prepaidAdvance, match)
        }
        let isEarly = payment.bookedOn <= item.issuedOn
        let isSoon =
            payment.bookedOn <= item.issuedOn + policy.advanceDaysMax && due == catalogue.prepaid(mention.item)?.open
            && due == item.total
        let standing = matter.payer.standing(customer, catalogue)
        if standing == .contradicted {
            return reviewAdvance(mention, due, own, matter, "The paying account belongs to another customer")
        }
        guard isEarly || isSoon else {
            return reviewAdvance(
                mention, due, own, matter, "It is exactly the advance that \(item.number) takes off, but late")
        }
        guard own.isEmpty else {
            return reviewAdvance(
                mention, due, own, matter,
                "It is exactly the advance that \(item.number) takes off, and another invoice")
        }
        return link(mention, matter, verdict: policy.isAuto(.prepaidAdvance) ? .auto : .review)
    }

    /// The one item that the text names, if the money is exactly the advance it takes off and none was linked yet.
    private func namedAdvance(_ matter: Matter) -> Mention? {
        let payment = matter.payment
        guard catalogue.hasPrepaid, payment.amount > 0, !matter.isCharge else { return nil }
        let credible = matter.reading.mentions.filter { isCredible($0, matter) }
        guard let first = credible.first, credible.allSatisfy({ $0.item == first.item }) else { return nil }
        let item = catalogue.items[Int(first.item)]
        guard catalogue.prepaid(first.item)?.amount == payment.amount, item.currency == payment.currency,
            item.kind != .creditNote
        else {
            return nil
        }
        return isAdvanceLinked(first.item) ? nil : first
    }

    /// Whether a receipt was booked as the advance of the item.
    func isAdvanceLinked(_ item: Int32) -> Bool {
        let id = catalogue.items[Int(item)].id
        return memory.settling(item).contains { place in
            let seen = memory.seen(place)
            return seen.isSettled && !seen.isReturned
                && memory.lines(place).contains { $0.reason == .prepaid && $0.itemID == id }
        }
    }

    private struct OwnInvoice {
        var item: Int32
        var isAdvance: Bool
        var open: Int64
    }

    /// The customer's other claims of exactly this amount that may be the advance's own invoice.
    private func ownInvoices(of customer: Int32, besides item: Int32, _ matter: Matter) -> [OwnInvoice] {
        guard customer >= 0 else { return [] }
        let payment = matter.payment
        topics.reads(customer: customer)
        var found: [OwnInvoice] = []
        for place in items(of: customer) where place != item {
            let other = catalogue.facts[Int(place)]
            guard other.total == payment.amount, other.currency == payment.currency, other.kind != .creditNote else {
                continue
            }
            let open = balances.available(place, catalogue, on: payment.bookedOn)
            let isAdvance = other.kind == .prepayment
            // An ordinary invoice that was paid long since says nothing of this money.
            guard isAdvance || open != 0, other.issuedOn <= catalogue.facts[Int(item)].issuedOn else { continue }
            found.append(OwnInvoice(item: place, isAdvance: isAdvance, open: open))
        }
        return found
    }

    /// The claim grows by the advance, and the advance pays it: what is due stays as it is.
    private func link(_ mention: Mention, _ matter: Matter, verdict: Decision.Verdict) -> Decision {
        let item = catalogue.items[Int(mention.item)]
        var decision = Decision(
            paymentID: matter.payment.id, verdict: verdict, rule: .prepaidAdvance, sentence: linkSentence(item, matter))
        decision.lines = [advanceLine(mention.item, matter)]
        decision.customerID = item.customerID
        decision.evidence = [
            evidence(mention, matter), Evidence("ADVANCE", text: matter.money, itemID: item.id, bits: 12),
        ]
        return decision
    }

    func linkSentence(_ item: CatalogueItem, _ matter: Matter) -> String {
        let prepaid = catalogue.prepaid(item.place)?.amount ?? 0
        let whole = Money(minorUnits: item.total &+ prepaid, currency: item.currency)
        let due = Money(minorUnits: item.total, currency: item.currency)
        return
            "\(matter.money) is the advance that \(item.number) takes off its \(whole); \(due) stays due."
    }

    func advanceLine(_ item: Int32, _ matter: Matter) -> Line {
        var line = Line(
            itemID: catalogue.items[Int(item)].id, reason: .prepaid, cash: matter.amount,
            adjustment: 0 - matter.amount)
        line.place = item
        return line
    }

    /// Both readings, for a person: the advance, or money for what is due or for another invoice.
    private func reviewAdvance(
        _ mention: Mention, _ due: Int64, _ own: [OwnInvoice], _ matter: Matter, _ why: String
    ) -> Decision {
        let payment = matter.payment
        let customer = catalogue.customerOf[Int(mention.item)]
        var matches: [Match] = []
        func pays(_ item: Int32, _ open: Int64) {
            guard open > 0 else { return }
            matches.append(
                Match(
                    customer: customer, shares: [Match.Share(item: item, cash: min(open, payment.amount))],
                    shape: open == payment.amount ? .exact : open > payment.amount ? .part : .over, mentions: [mention])
            )
        }
        for invoice in own { pays(invoice.item, invoice.open) }
        pays(mention.item, due)
        var decision = review(matter, .prepaidAdvance, matches, why)
        let linked = link(mention, matter, verdict: .review)
        decision.sentence = "\(why). \(linked.sentence)"
        decision.lines = linked.lines
        decision.proposed = []
        decision.evidence = linked.evidence
        decision.customerID = linked.customerID
        decision.alternatives = Array(
            ([Alternative(lines: linked.lines)] + decision.alternatives).prefix(5))
        return decision
    }
}
