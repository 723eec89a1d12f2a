// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reconciliation
import Store

/// What a person has to know of an alternative to choose: whose items it pays, when they are due, what is open on them, and
/// what it leaves.
struct AlternativeText {
    let session: Session
    let company: String
    /// What of the payment is still to be used.
    let left: Money?

    /// One sentence for each alternative that is shown.
    func sentences(_ stored: StoredDecision) throws -> [String] {
        let returned = DecisionText.returnedPayments(stored)
        let alternatives = stored.decision.alternatives
        return try (0..<max(alternatives.count, returned.count)).map { place in
            let items = try place < alternatives.count ? sentence(alternatives[place].lines) : nil
            let payment = try place < returned.count ? sentence(returned: returned[place]) : nil
            return [payment, items].compactMap { $0 }.joined(separator: " ")
        }
    }

    /// Nil where there is nothing to pay.
    private func sentence(_ lines: [Line]) throws -> String? {
        var items: [OpenItem] = []
        var lowered: Int64 = 0
        for line in lines {
            lowered += line.reason == .exchange ? line.adjustment : line.cash + line.adjustment
            guard !items.contains(where: { $0.id == line.itemID }),
                let item = try session.item(company: company, id: line.itemID)
            else { continue }
            items.append(item)
        }
        guard let first = items.first else { return nil }
        let due = items.map(\.dueOn)
        var text = try subject(items)
        text += ", due \(span(due))"
        guard items.allSatisfy({ $0.currency == first.currency }) else { return text + "." }
        let open = items.reduce(Int64(0)) { $0 + $1.balance.open }
        let after = Money(minorUnits: open - lowered, currency: first.currency)
        text +=
            items.count == 1
            ? ", has \(first.open) open" : ", have \(Money(minorUnits: open, currency: first.currency)) open"
        if lowered.signum() * open.signum() < 0 || open == 0 { return text + ", and \(after) after this." }
        if after.minorUnits == 0 {
            text += items.count == 1 ? " and is settled" : " and are settled"
        } else {
            text += ", of which \(after.magnitude) stays open"
        }
        return text + rest(lines)
    }

    /// `R-1 of Alpha GmbH`, `3 items of Alpha GmbH`
    private func subject(_ items: [OpenItem]) throws -> String {
        var names: [String] = []
        for id in items.map(\.customerID) {
            let customer = try session.customer(company: company, id: id)?.customer
            let name = customer?.name ?? customer?.legalName ?? id
            if !names.contains(name) { names.append(name) }
        }
        let what = try items.count == 1 ? number(items[0]) : "\(items.count) items"
        return "\(what) of \(names.joined(separator: " and "))"
    }

    private func number(_ item: OpenItem) throws -> String {
        try session.number(company: company, named: item.id) ?? item.number
    }

    private func span(_ days: [Day]) -> String {
        guard let first = days.min(), let last = days.max() else { return "on no day" }
        return first == last ? "\(first)" : "\(first) to \(last)"
    }

    private func rest(_ lines: [Line]) -> String {
        let spent = lines.reduce(Int64(0)) { $0 + $1.cash }
        guard let left, left.isPositive, spent < left.minorUnits else { return "." }
        return "; \(Money(minorUnits: left.minorUnits - spent, currency: left.currency)) of the payment is left."
    }

    private func sentence(returned id: String) throws -> String? {
        guard let payment = try session.matchCandidate(company: company, id: id)?.payment else { return nil }
        let amount = Money(minorUnits: payment.amount, currency: payment.currency)
        return "\(id) was \(amount) of \(payment.bookedOn) from \(payment.payerName ?? "nobody named")."
    }
}
