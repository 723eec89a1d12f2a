// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
    /// A return of which the bank states what came back and what it charged for that: -419.50, ordered as -415.00.
    ///
    /// The charge is no customer's, and is set aside with the return.
    /// - Returns: Nil where the bank does not say so, or where not one payment of that amount is meant.
    func withStatedCharge(_ matter: Matter) -> Decision? {
        guard Return.isStated(matter.payment), let returned = statedReturn(matter.payment) else { return nil }
        let charge = 0 - matter.amount - returned
        let byID = originals(named: [matter.payment.reverses, matter.payment.endToEndID], of: returned, matter)
        let found = byID.isEmpty ? charged(matter).filter { memory.seen($0).amount == returned } : byID
        guard found.count == 1, let place = found.first, policy.isAuto(.returned) else { return nil }
        let (settled, rest) = standing(of: place)
        guard let last = settled.last, rest == 0 else { return nil }
        let (id, seen) = (memory.id(place), memory.seen(place))
        let isNamed = !byID.isEmpty || Docket.isStated(matter.payment.endToEndID, memory.label(place).endToEndID)
        if !isNamed, seen.route.contradicts(Route(certainlyReturned: matter.payment)) { return nil }
        var decision = Decision(
            paymentID: matter.payment.id, verdict: .auto, kind: .return, rule: .returned, sentence: "")
        decision.counterpartID = id
        decision.lines = settled.map { Self.reversed($0) }
        let items = decision.lines.compactMap { catalogue.place(of: $0) }
        var line = Line(itemID: last.itemID, reason: .returnCharge, cash: 0 - charge, adjustment: charge)
        line.place = last.place
        decision.lines.append(line)
        decision.customerID = customer(of: place, items, matter)
        decision.evidence = [
            Evidence(byID.isEmpty ? "RETURNED-ACCOUNT" : "RETURNED-ID", text: id, bits: 16),
            Evidence("RETURN-CHARGE-STATED", text: matter.text(charge), bits: 10),
        ]
        var distinct: [Int32] = []
        for item in items where !distinct.contains(item) { distinct.append(item) }
        decision.sentence =
            "The bank took back \(matter.money): \(matter.text(returned)), which payment \(id) brought on \(seen.bookedOn), "
            + "and its charge of \(matter.text(charge)), which is set aside. \(list(distinct)) "
            + "\(distinct.count == 1 ? "is" : "are") open again as before."
        return decision
    }

    /// What the bank says that went back, without its charge.
    private func statedReturn(_ payment: MatchPayment) -> Int64? {
        let ordered = payment.originalAmount.flatMap { $0.currency == payment.currency ? $0.minorUnits : nil }
        let fee = payment.stated?.fee ?? 0
        let returned = ordered.map { Int64(clamping: $0.magnitude) } ?? (0 - payment.amount - fee)
        let charge = 0 - payment.amount - returned
        guard charge > 0, charge <= policy.feeMax, fee == 0 || fee == charge else { return nil }
        return returned
    }

    /// A direct debit that comes back with the banks' charge on top, as everywhere in Germany: -52.00 for 49.00.
    ///
    /// What of it is the charge, nobody states: it is proposed, and the charge waits for a person.
    /// - Returns: Nil where no payment from this account, or of an item that is named, came with so little less.
    func withCharge(_ matter: Matter) -> Decision? {
        let originals = charged(matter).filter { !standing(of: $0).lines.isEmpty }
        guard let latest = originals.last else { return nil }
        let returned = 0 - matter.amount
        let charge = returned - memory.seen(latest).amount
        var decision = Decision(
            paymentID: matter.payment.id, verdict: .review, kind: .return, rule: .returned,
            sentence: "The bank took back \(matter.money), \(matter.text(charge)) more than payment "
                + "\(memory.id(latest)) brought on \(memory.seen(latest).bookedOn): that may be the charge for the return."
        )
        for place in originals.suffix(5).reversed() {
            let seen = memory.seen(place)
            decision.alternatives.append(Alternative(lines: standing(of: place).lines.map { Self.reversed($0) }))
            decision.evidence.append(
                Evidence("RETURN-CHARGE", text: "\(memory.id(place)), \(matter.text(returned - seen.amount))", bits: 0))
        }
        decision.lines = decision.alternatives[0].lines
        let items = decision.lines.compactMap { catalogue.place(of: $0) }
        // Whose the items are, the whole ledger knows.
        if items.count < decision.lines.count, frequencies != nil { isBeyond = true }
        decision.customerID = customer(of: latest, items, matter)
        return decision
    }

    /// Settled payments that came with up to a charge less than this takes back, in the order of the days: of an item that
    /// is named, else from this account.
    private func charged(_ matter: Matter) -> [Int32] {
        let returned = 0 - matter.amount
        let least = max(1, returned - policy.feeMax)
        func mayBe(_ place: Int32) -> Bool {
            let seen = memory.seen(place)
            return seen.isSettled && seen.amount >= least && seen.amount < returned
                && isOpenToReturn(seen, matter.payment)
        }
        var found: [Int32] = []
        for mention in matter.reading.mentions where !mention.isDoubtful {
            found += memory.settling(mention.item).filter { mayBe($0) && !found.contains($0) }
        }
        guard found.isEmpty, let account = matter.docket.accountKey else { return memory.inOrder(found) }
        for amount in least..<returned {
            found += memory.paid(amount, by: account, limit: 8).filter { mayBe($0) }
        }
        return memory.inOrder(found)
    }
}
