// SPDX-License-Identifier: Apache-2.0

import Documents

/// Money of a known payer that came before its invoice and names none: what was issued soon after it and asks for just
/// that, or takes just that off, is proposed.
///
/// A person decides: the same amount may be for something else. Until then nothing else is kept from the invoice: a later
/// payment that names it is its payment.
extension Workspace {
    /// - Returns: Nil where no such invoice is known.
    func decidePaidAhead(_ customers: [Int32], _ matter: Matter) -> Decision? {
        guard matter.amount > 0, !matter.isCharge else { return nil }
        var (whole, advances): ([Match], [Int32]) = ([], [])
        for customer in customers.prefix(4) {
            whole += issuedLater(of: customer, matter)
            advances += takingOff(of: customer, matter)
        }
        guard let first = whole.first else { return advances.first.map { proposeAdvance($0, advances, matter) } }
        if doubtAboutText(first, matter) != nil { return nil }
        var decision = review(matter, .noEvidence, whole, "It came before the invoice of this amount was issued")
        let links = advances.map { Alternative(lines: [advanceLine($0, matter)]) }
        decision.alternatives = Array((decision.alternatives + links).prefix(5))
        return unclaimed(decision)
    }

    /// The customer's invoices of exactly this amount, issued within days after the money came.
    private func issuedLater(of customer: Int32, _ matter: Matter) -> [Match] {
        guard customer >= 0 else { return [] }
        topics.reads(customer: customer)
        return balances.items(of: customer, amount: matter.amount, limit: 16, catalogue).filter { item in
            let facts = catalogue.facts[Int(item)]
            return facts.currency == matter.currency && facts.issuedOn > matter.day
                && facts.issuedOn <= matter.day + policy.prepaymentDaysMax
                && balances.available(item, catalogue, on: matter.day) == matter.amount
        }.map { item in
            let share = Match.Share(item: item, cash: matter.amount)
            return Match(customer: customer, shares: [share], shape: .exact, mentions: [])
        }
    }

    /// The customer's invoices, issued on that day or within days after it, that take exactly this amount off as paid in
    /// advance, where no receipt is known as that.
    private func takingOff(of customer: Int32, _ matter: Matter) -> [Int32] {
        guard catalogue.hasPrepaid, customer >= 0 else { return [] }
        topics.reads(customer: customer)
        return items(of: customer).filter { item in
            let facts = catalogue.facts[Int(item)]
            return catalogue.prepaid(item)?.amount == matter.amount && facts.currency == matter.currency
                && facts.kind != .creditNote && facts.issuedOn >= matter.day
                && facts.issuedOn <= matter.day + policy.prepaymentDaysMax && !isAdvanceLinked(item)
        }
    }

    private func proposeAdvance(_ item: Int32, _ all: [Int32], _ matter: Matter) -> Decision {
        let said = linkSentence(catalogue.items[Int(item)], matter)
        var decision = review(matter, .noEvidence, [], "It names no invoice. \(said)")
        decision.rule = .prepaidAdvance
        decision.sentence = "It names no invoice. \(said)"
        decision.lines = [advanceLine(item, matter)]
        decision.alternatives = all.prefix(5).map { Alternative(lines: [advanceLine($0, matter)]) }
        decision.customerID = catalogue.items[Int(item)].customerID
        decision.evidence = [
            Evidence("ADVANCE", text: matter.money, itemID: catalogue.items[Int(item)].id, bits: 12)
        ]
        return unclaimed(decision)
    }

    /// What is proposed is kept from nobody who names it.
    func unclaimed(_ decision: Decision) -> Decision {
        var decision = decision
        decision.possibleItems = []
        decision.possiblePlaces = Decision.Places()
        return decision
    }
}
