// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reconciliation
import Store

/// Cash for what was written off: so much of the write-off comes back to life as the cash needs, and is settled by it.
///
/// The write-off stays what it was, on its day; the recovery is a line of its own in the month of the money. Should the
/// payment come back, the item is open again: whether to write it off once more is a person's to say.
struct Recovery {
    let booking: Booking

    /// - Parameters:
    ///   - amount: what the cash settles, in minor units of a claim.
    ///   - rest: the cash's own entries; the recovery goes before them.
    func entries(
        of item: OpenItem, settling amount: Int64, with payment: String, on day: Day, before rest: [Entry] = []
    ) -> [Entry] {
        let written = item.balance.writeOff
        let missing = amount - item.balance.open
        guard item.balance.amount > 0, written > 0, missing > 0, missing <= written else { return rest }
        var entry = booking.adjustment(
            .recovered, on: item.id, facts: item.facts, amount: 0 - missing, day: day, rule: Rule.person.rawValue)
        entry.payment = payment
        return [entry] + rest
    }

    /// A decision's cash, item by item, as a person accepts it.
    func entries(_ decision: Decision, on day: Day, _ session: Session, before rest: [Entry]) throws -> [Entry] {
        var entries: [Entry] = []
        for line in decision.lines where line.cash > 0 {
            guard let item = try session.item(company: booking.company, id: line.itemID) else { continue }
            entries += self.entries(
                of: item, settling: line.cash + line.adjustment, with: decision.paymentID, on: day)
        }
        return entries + rest
    }
}

extension ReconcileRun {
    /// Whether the books must be asked what was written off.
    static func mayRecover(_ decision: Decision, _ cash: Session.UndecidedCash) -> Bool {
        guard decision.verdict == .review, cash.unapplied > 0 else { return false }
        // More than is open, where a part of the item was written off before: all of it was paid.
        return decision.rule == .closedItem && decision.lines.isEmpty
            || decision.rule == .numberOver && decision.lines.count == 1
    }

    /// A payment that names an item which was written off: the proposal is to take so much of it back and apply the
    /// cash; a person decides.
    static func proposingRecovery(
        _ decision: Decision, _ cash: Session.UndecidedCash, _ session: Session, company: String
    ) throws -> Decision {
        guard mayRecover(decision, cash) else { return decision }
        let named = decision.lines.isEmpty ? decision.evidence.compactMap(\.itemID) : decision.lines.map(\.itemID)
        for id in Set(named).sorted() {
            guard let item = try session.item(company: company, id: id), item.balance.amount > 0,
                item.balance.writeOff > 0, item.currency == cash.amount.currency
            else { continue }
            let amount = min(cash.unapplied, item.balance.open + item.balance.writeOff)
            let writings = try session.entryList(company: company, filter: EntryFilter(item: id))
                .filter { $0.entry.kind == .writeOff }
            let undone = Set(writings.compactMap(\.entry.undoes))
            guard let last = writings.last(where: { $0.entry.undoes == nil && !undone.contains($0.seq) })?.entry
            else { continue }
            var proposal = decision
            proposal.lines = [Line(itemID: id, reason: .cash, cash: amount)]
            proposal.customerID = decision.customerID ?? item.customerID
            if !decision.alternatives.isEmpty {
                proposal.alternatives = [Alternative(lines: proposal.lines)] + decision.alternatives.prefix(4)
            }
            let what = item.balance.open == 0 ? item.number : "A part of \(item.number)"
            proposal.sentence =
                "\(what) was written off on \(last.postingDay.text) by \(last.actor) "
                + "(\(Money(minorUnits: item.balance.writeOff, currency: item.currency))); taking "
                + "\(Money(minorUnits: amount - item.balance.open, currency: item.currency)) of it back and applying "
                + "the cash shows it as recovered"
            return proposal
        }
        return decision
    }
}
