// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
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
