// SPDX-License-Identifier: Apache-2.0

import Documents

/// What a customer takes off by their own account: a discount smaller than the terms grant, and what they paid too much
/// before.
extension Workspace {
    /// A named item, paid within its terms, less a discount that is smaller than they grant: `minus 2% korting`, taken off
    /// the net amount where the terms mean the gross one. A person grants it.
    func lessDiscount(_ item: Int32, _ match: Match, _ matter: Matter) -> Decision? {
        let granted = balances.discount(item, catalogue, on: matter.day)
        let missing = balances.available(item, catalogue, on: matter.day) - matter.amount
        guard match.shares.count == 1, missing > 0, missing < granted, matter.reading.text.saysDiscount,
            !matter.reading.text.saysInstalment, matter.payer.standing(match.customer, catalogue) >= .named
        else { return nil }
        var reduced = match
        reduced.shares = [Match.Share(item: item, cash: matter.amount, discount: missing)]
        reduced.shape = .discount
        var decision = review(
            matter, .numberPart, [reduced, match], "It takes off less than the discount that the terms grant")
        decision.evidence.append(
            Evidence("DISCOUNT-SMALLER", text: "\(matter.text(missing)) of \(matter.text(granted))", bits: 0))
        return decision
    }

    /// The one payment of the customer that was booked but for a rest, which is just what is missing here: what they paid
    /// too much before is often set off.
    func rest(of customer: Int32, makingUp missing: Int64, _ matter: Matter) -> Int32? {
        guard customer >= 0, missing > 0 else { return nil }
        topics.reads(Topics.money(missing))
        let found = memory.sameAmount(missing, matter.currency, limit: 64) { place, seen in
            guard seen.isPart, seen.isIdle, !seen.isReturned else { return false }
            return seen.payerKey == matter.docket.payerKey
                || memory.named(place).contains { catalogue.customerOf[Int($0)] == customer }
        }
        return found.count == 1 ? found[0] : nil
    }

    /// A part that a rest of the customer's makes up: it is no fee, no tax, and nothing that a cut text hides.
    func settleBesideRest(_ item: Int32, _ match: Match, _ matter: Matter) -> Decision? {
        let missing = balances.available(item, catalogue, on: matter.day) - matter.amount
        guard match.shares.count == 1, let place = rest(of: match.customer, makingUp: missing, matter) else {
            return nil
        }
        var decision = settle(matter, .numberPart, match)
        decision.sentence += " As much is left of payment \(memory.id(place)) of \(memory.seen(place).bookedOn)."
        decision.evidence.append(
            Evidence("REST-OF-EARLIER", text: "\(memory.id(place)), \(matter.text(missing))", bits: 8))
        return decision
    }

    /// What is left of a payment: items of the customer of which exactly that is open, those first that were paid short.
    func takingRest(_ customer: Int32, _ matter: Matter) -> [Match] {
        guard matter.payment.isPart, customer >= 0, matter.amount > 0 else { return [] }
        topics.reads(customer: customer)
        let items = balances.items(of: customer, amount: matter.amount, limit: 16, catalogue).filter { item in
            let facts = catalogue.facts[Int(item)]
            let whole = balances.available(item, catalogue, on: matter.day)
            return facts.currency == matter.currency && whole == matter.amount
                && (whole < facts.total || facts.issuedOn <= matter.day)
        }
        let short = items.filter { catalogue.facts[Int($0)].total > matter.amount }
        return (short + items.filter { !short.contains($0) }).map { item in
            let share = Match.Share(item: item, cash: matter.amount)
            return Match(customer: customer, shares: [share], shape: .exact, mentions: [])
        }
    }
}
