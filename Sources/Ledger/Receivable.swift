// SPDX-License-Identifier: Apache-2.0
package import Documents

/// How one invoice enters the ledger: which amount, on which day, in how many open items.
///
/// Pure, so that a million new rows and one changed row are decided by the same code.
package struct Receivable: Hashable, Sendable {
    /// What the amount was taken from. The stored raw value decides what a later source may still change.
    package enum Basis: String, Sendable {
        /// The stated amount due (EN 16931 BT-115): outranks a total, in whatever order they come.
        case payable
        case total
        /// Only an open amount was stated.
        case open
        /// Open at cut-over, at the source's open amount.
        case opening
    }

    package struct Item: Hashable, Sendable {
        /// 1, 2, 3 … ; the only one of an invoice without instalments is 1.
        package var n: Int
        package var dueOn: Day
        /// Minor units with the claim's sign.
        package var amount: Int64
        /// What the source states as open; nil when it says nothing.
        package var stated: Int64?

        package init(n: Int, dueOn: Day, amount: Int64, stated: Int64? = nil) {
            self.n = n
            self.dueOn = dueOn
            self.amount = amount
            self.stated = stated
        }

        /// The source clearing of an item that nothing has settled yet.
        package func clearing(asOf day: Day) -> Int64 {
            guard let stated else { return 0 }
            return SourceClearing.target(item: "", amount: amount, entries: [], stated: stated, asOf: day)
        }
    }

    package var basis: Basis
    package var kind: Entry.Kind
    package var postingDay: Day
    package var items: [Item]
    /// The instalments do not sum to the amount, so one item stands for them.
    package var instalmentsDiffer = false

    package var amount: Int64 { items.reduce(0) { $0 &+ $1.amount } }

    /// Nil when there is nothing to enter: a draft, a void or deleted document, no amount, or nothing open at cut-over.
    package static func entering(_ invoice: Invoice, cutOver: Day?) -> Receivable? {
        guard !invoice.deleted, invoice.status != .draft, invoice.status != .void else { return nil }
        let stated = statedOpen(invoice)
        if let cutOver, invoice.issuedOn <= cutOver, let open = stated {
            guard open != 0 else { return nil }
            return Receivable(
                basis: .opening, kind: .opening, postingDay: cutOver,
                items: openingItems(invoice, open: open))
        }
        guard let (amount, basis) = amount(of: invoice) else { return nil }
        let isOpening = cutOver.map { invoice.issuedOn <= $0 } ?? false
        var result = Receivable(
            basis: basis, kind: isOpening ? .opening : .invoiced,
            postingDay: isOpening ? cutOver ?? invoice.postingDay : invoice.postingDay, items: [])
        result.split(invoice, amount: amount, stated: stated)
        return result
    }

    /// The amount and what it was taken from.
    package static func amount(of invoice: Invoice) -> (Int64, Basis)? {
        if let payable = invoice.payable { return (payable.minorUnits, .payable) }
        if let total = invoice.total { return (total.minorUnits, .total) }
        return invoice.open.map { ($0.minorUnits, .open) }
    }

    /// What the source says is still open, in minor units: stated as such, or by status, or as amount less paid.
    package static func statedOpen(_ invoice: Invoice) -> Int64? {
        if let open = invoice.open { return open.minorUnits }
        switch invoice.status {
        case .paid, .writtenOff: return 0
        case .draft, .open, .void, .disputed, nil: break
        }
        guard let paid = invoice.paid, let (amount, _) = amount(of: invoice) else { return nil }
        return amount &- paid.minorUnits
    }

    private mutating func split(_ invoice: Invoice, amount: Int64, stated: Int64?) {
        let parts = Self.ordered(invoice.instalments)
        let sum = parts.reduce(Int64(0)) { $0 &+ $1.amount.minorUnits }
        guard parts.count > 1, sum == amount else {
            instalmentsDiffer = !parts.isEmpty && sum != amount
            items = [Item(n: 1, dueOn: Self.dueDay(invoice), amount: amount, stated: stated)]
            return
        }
        items = parts.enumerated().map { index, part in
            Item(n: index + 1, dueOn: part.dueOn, amount: part.amount.minorUnits, stated: part.open?.minorUnits)
        }
        if let stated, items.contains(where: { $0.stated == nil }) {
            Self.spread(stated, over: &items)
        }
    }

    /// What was paid went to the earliest instalments first.
    package static func spread(_ stated: Int64, over items: inout [Item]) {
        var settled = items.reduce(0) { $0 &+ $1.amount } &- stated
        for index in items.indices {
            let amount = items[index].amount
            let share = amount >= 0 ? min(max(0, settled), amount) : max(min(0, settled), amount)
            items[index].stated = amount &- share
            settled &-= share
        }
        // Stated beyond the amounts (late charges): it stays visible on the last one.
        if settled != 0, let last = items.indices.last { items[last].stated = (items[last].stated ?? 0) &- settled }
    }

    private static func openingItems(_ invoice: Invoice, open: Int64) -> [Item] {
        let parts = ordered(invoice.instalments)
        let opens = parts.compactMap(\.open?.minorUnits)
        if parts.count > 1, opens.count == parts.count, opens.reduce(0, &+) == open {
            return zip(parts, opens).enumerated().map { index, pair in
                Item(n: index + 1, dueOn: pair.0.dueOn, amount: pair.1, stated: pair.1)
            }
        }
        return [Item(n: 1, dueOn: dueDay(invoice), amount: open, stated: open)]
    }

    private static func ordered(_ instalments: [Invoice.Instalment]) -> [Invoice.Instalment] {
        instalments.sorted { ($0.dueOn, $0.n) < ($1.dueOn, $1.n) }
    }

    /// The stated due day, else the only instalment's, else the issue day.
    package static func dueDay(_ invoice: Invoice) -> Day {
        invoice.dueOn ?? invoice.instalments.map(\.dueOn).max() ?? invoice.issuedOn
    }
}
