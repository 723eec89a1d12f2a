// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// Entries that would break an invariant, in the words of who booked them: what is open, what is left, what to look at.
struct Slip {
    /// Items and payments as they stood before.
    let items: [String: OpenItem]
    let payments: [String: StoredCash]

    func refusal(of item: OpenItem) -> StoreFailure {
        let was = items[item.id] ?? item
        let number = item.number
        let amount = money(item.balance.amount, item)
        let change = item.balance.settled - was.balance.settled
        let isRaise = item.balance.amount >= 0 ? change < 0 : change > 0
        if change == 0 {
            return StoreFailure(
                "INVARIANT-OVERAPPLIED",
                "\(number) cannot become \(amount): \(money(was.balance.settled, item)) of it are settled",
                hint: "See `tieout explain \(number)`; take a decision back with `tieout review undo DECISION`.")
        }
        if isRaise {
            return StoreFailure(
                "INVARIANT-OVERAPPLIED",
                "\(number) is \(amount), of which \(settled(was)): that cannot be lowered by \(money(change, item))",
                hint: "See `tieout explain \(number)`; undo the latest decision first: `tieout review undo DECISION`.")
        }
        let left = payments.sorted { $0.key < $1.key }.map { "; the payment \($0.key) has \(self.left($0.value))" }
        return StoreFailure(
            "INVARIANT-OVERAPPLIED",
            "\(number) has \(open(was)) open\(reasons(was)), and \(money(change, item)) were to be settled"
                + left.joined(),
            hint: "See `tieout explain \(number)`; book no more than is open, or first `tieout review undo DECISION`.")
    }

    func refusal(of cash: StoredCash, _ id: String) -> StoreFailure {
        let was = payments[id] ?? cash
        let open = items.values.sorted { ($0.number, $0.id) < ($1.number, $1.id) }
            .map { "\($0.number) has \(self.open($0)) open; " }
        return StoreFailure(
            "INVARIANT-CASH", "\(open.joined())the payment \(id) has \(left(was))",
            hint: "See where it went with `tieout review show \(id)`; take that back with `tieout review undo \(id)`.")
    }

    private func settled(_ item: OpenItem) -> String {
        item.balance.writeOff == 0
            ? "\(money(item.balance.settled, item)) are settled"
            : "\(money(item.balance.settled, item)) are settled, \(money(item.balance.writeOff, item)) written off"
    }

    /// Why so little is open, where a person may not know it.
    private func reasons(_ item: OpenItem) -> String {
        var words: [String] = []
        if item.balance.writeOff != 0 { words.append("\(money(item.balance.writeOff, item)) were written off") }
        if item.balance.source != 0 {
            words.append("\(money(item.balance.source, item)) are settled in the accounting system")
        }
        return words.isEmpty ? "" : " (\(words.joined(separator: ", ")))"
    }

    private func open(_ item: OpenItem) -> String { item.balance.open == 0 ? "nothing" : "\(item.open)" }

    private func left(_ cash: StoredCash) -> String {
        guard cash.balance.unapplied != 0 else { return "nothing left" }
        return "\(Money(minorUnits: cash.balance.unapplied, currency: cash.currency)) left"
    }

    private func money(_ amount: Int64, _ item: OpenItem) -> Money {
        Money(minorUnits: amount, currency: item.currency).magnitude
    }
}
