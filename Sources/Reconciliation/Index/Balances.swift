// SPDX-License-Identifier: Apache-2.0

import Documents

/// What is still to be paid: the part of the workspace that every applied decision changes.
final class Balances {
    private(set) var open: [Int64]
    private(set) var provable: [Int64]
    /// (customer, amount) and (any customer, amount) to items that have had this amount; reads compare again.
    private var byAmount: ChainIndex
    private var countOfAmount: KeyTable
    /// Something was settled by the source without its cash, now or when the run began.
    private var hasProvable: Bool
    /// Each customer's items with anything to settle, in the order of issue.
    private var openOf: [[Int32]]
    private let part: Part
    /// How many days after its last day a discount counts as within terms: for the payment on the table.
    var graceDays = 0

    /// How an amount relates to one item.
    enum Fit: Hashable {
        case exact
        /// Off by the item's discount, within its terms.
        case discount(Int64)
        /// Off by a discount whose last day has passed by so many days.
        case lateDiscount(Int64, days: Int)
    }

    /// - Parameter frequencies: how many items of a larger ledger ask for an amount.
    init(_ shelf: ItemShelf, _ amounts: ItemAmounts, frequencies: [Int64: Int] = [:], part: Part = Part()) {
        self.part = part
        open = shelf.open
        provable = shelf.provable
        hasProvable = provable.contains { $0 != 0 }
        (byAmount, countOfAmount, openOf) = (amounts.byAmount, amounts.counts, amounts.openOf)
        // order-free: each amount by itself
        for (amount, count) in frequencies { countOfAmount.set(Int32(clamping: count), for: Self.key(-1, amount)) }
    }

    /// What a payment booked on `day` may settle: the open amount, and what the source settled without its cash.
    func available(_ item: Int32, _ catalogue: Catalogue, on day: Day) -> Int64 {
        open[Int(item)] &+ proof(item, catalogue, on: day)
    }

    func proof(_ item: Int32, _ catalogue: Catalogue, on day: Day) -> Int64 {
        guard provable[Int(item)] != 0, let asOf = catalogue.facts[Int(item)].statedAsOf, day <= asOf else {
            return 0
        }
        return provable[Int(item)]
    }

    /// How `amount` pays this item on `day`; nil when it is neither all of it nor all but its discount.
    func fit(_ item: Int32, _ amount: Int64, _ catalogue: Catalogue, on day: Day) -> Fit? {
        let index = Int(item)
        let whole = available(item, catalogue, on: day)
        guard whole > 0 else { return nil }
        if amount == whole || (whole != open[index] && (amount == open[index] || amount == provable[index])) {
            return amount > 0 ? .exact : nil
        }
        guard amount < whole, whole == catalogue.facts[index].total else { return nil }
        var late: Fit?
        for discount in catalogue.discounts(item) {
            let value = whole - discount.amount
            // Payers round their own percentage: one minor unit either way is the same discount.
            guard discount.amount > 0, amount >= value - 1, amount <= value + 1 else { continue }
            if day <= discount.until + graceDays { return .discount(whole - amount) }
            if late == nil { late = .lateDiscount(whole - amount, days: day - discount.until) }
        }
        return late
    }

    /// The largest discount the item still allows on `day`, or 0.
    func discount(_ item: Int32, _ catalogue: Catalogue, on day: Day) -> Int64 {
        guard catalogue.hasDiscounts, available(item, catalogue, on: day) == catalogue.facts[Int(item)].total else {
            return 0
        }
        var best: Int64 = 0
        for discount in catalogue.discounts(item) where day <= discount.until + graceDays {
            best = max(best, discount.amount)
        }
        return best
    }

    /// Items of the customer that have this amount open, with or without discount: the first `limit`, ascending.
    ///
    /// The chain also holds what had this amount and has not any more: it must not crowd out what has.
    func items(of customer: Int32, amount: Int64, limit: Int, _ catalogue: Catalogue) -> [Int32] {
        part.asks(amount, of: customer)
        return kept(of: customer, amount: amount, limit: limit, catalogue)
    }

    /// Items of the customer that have one minor unit less or more open: payers round their own discount.
    func items(of customer: Int32, roundedTo amount: Int64, limit: Int, _ catalogue: Catalogue) -> [Int32] {
        part.asks(amount, of: customer)
        return kept(of: customer, amount: amount &- 1, limit: limit, catalogue)
            + kept(of: customer, amount: amount &+ 1, limit: limit, catalogue)
    }

    private func kept(of customer: Int32, amount: Int64, limit: Int, _ catalogue: Catalogue) -> [Int32] {
        let found = byAmount.kept(Self.key(customer, amount)) { asks($0, for: amount, catalogue) }
        return found.count <= limit ? found : Array(found.prefix(limit))
    }

    private func asks(_ item: Int32, for amount: Int64, _ catalogue: Catalogue) -> Bool {
        let index = Int(item)
        let whole = open[index] &+ provable[index]
        return whole == amount || provable[index] != 0 && (open[index] == amount || provable[index] == amount)
            || catalogue.hasDiscounts && catalogue.discounts(item).contains { whole - $0.amount == amount }
    }

    /// How many open items of the whole ledger ask for exactly this amount.
    func count(ofAmount amount: Int64) -> Int {
        part.asks(countOf: amount)
        return Int(countOfAmount[Self.key(-1, amount)] ?? 0)
    }

    func apply(_ item: Int32, cash: Int64, proves: Int64, adjustment: Int64, _ catalogue: Catalogue) {
        let index = Int(item)
        let wasOpen = isOpen(index)
        count(item, -1)
        provable[index] &-= proves
        open[index] &-= cash &- proves &+ adjustment
        if proves != 0 { hasProvable = true }
        insert(item, catalogue)
        if isOpen(index) != wasOpen { list(item, catalogue) }
    }

    private func isOpen(_ index: Int) -> Bool { open[index] != 0 || provable[index] != 0 }

    /// Whether more items than these may have exactly this amount open; false only where that is certain.
    func mayAsk(for amount: Int64, besides known: Int) -> Bool { hasProvable || count(ofAmount: amount) > known }

    private func insert(_ item: Int32, _ catalogue: Catalogue) {
        let index = Int(item)
        let customer = catalogue.customerOf[index]
        count(item, 1)
        let whole = open[index] &+ provable[index]
        guard customer >= 0, whole > 0 else { return }
        byAmount.insert(item, for: Self.key(customer, whole))
        byAmount.insert(item, for: Self.key(-1, whole))
        if provable[index] != 0 {
            byAmount.insert(item, for: Self.key(customer, open[index]))
            byAmount.insert(item, for: Self.key(customer, provable[index]))
        }
        guard catalogue.hasDiscounts, whole == catalogue.facts[index].total else { return }
        for discount in catalogue.discounts(item) where discount.amount > 0 && discount.amount < whole {
            byAmount.insert(item, for: Self.key(customer, whole - discount.amount))
        }
    }

    func openItems(of customer: Int32) -> [Int32] {
        part.asks(allOf: customer)
        return customer >= 0 ? openOf[Int(customer)] : []
    }

    private func list(_ item: Int32, _ catalogue: Catalogue) {
        let customer = Int(catalogue.customerOf[Int(item)])
        guard customer >= 0 else { return }
        Self.list(item, isOpen(Int(item)), in: &openOf[customer], catalogue.issueRank)
    }

    private static let shortList = 128

    private static func list(_ item: Int32, _ isOpen: Bool, in items: inout [Int32], _ issueRank: [Int32]) {
        // A short list is read through sooner than the ranks of a few of its items are looked up.
        if !isOpen, items.count <= Self.shortList {
            if let place = items.firstIndex(of: item) { items.remove(at: place) }
            return
        }
        let rank = issueRank[Int(item)]
        var low = 0
        var high = items.count
        while low < high {
            let middle = (low + high) / 2
            if issueRank[Int(items[middle])] < rank { low = middle + 1 } else { high = middle }
        }
        let isListed = low < items.count && items[low] == item
        if isListed, !isOpen { items.remove(at: low) }
        if !isListed, isOpen { items.insert(item, at: low) }
    }

    /// Items of anybody that have this amount open, ascending; none where there are more than `limit`: such an amount
    /// points at nobody.
    func items(amount: Int64, limit: Int) -> [Int32] {
        guard count(ofAmount: amount) <= limit else { return [] }
        return byAmount.kept(Self.key(-1, amount)) { open[Int($0)] &+ provable[Int($0)] == amount }
    }

    /// What is found of these customers under an amount, and one minor unit beside it: see `Foresight`.
    func foresee(_ customers: ArraySlice<Int32>, _ amount: Int64) -> Int {
        var seen = 0
        for customer in customers {
            for step in Int64(-1)...1 { seen &+= Int(byAmount.foresee(Self.key(customer, amount &+ step))) }
        }
        return seen
    }

    /// See `Foresight`.
    func foresee(_ sights: [Foresight]) -> Int {
        var seen = 0
        for sight in sights where sight.item >= 0 {
            seen &+= Int(truncatingIfNeeded: open[Int(sight.item)] &+ provable[Int(sight.item)])
        }
        for sight in sights where sight.customer >= 0 {
            seen &+= openOf[Int(sight.customer)].count
            seen &+= Int(countOfAmount.foresee(Self.key(-1, sight.outlook.amount)))
            if sight.item < 0 { seen &+= Int(byAmount.foresee(Self.key(sight.customer, sight.outlook.amount))) }
        }
        return seen
    }

    private func count(_ item: Int32, _ step: Int32) {
        let whole = open[Int(item)] &+ provable[Int(item)]
        guard whole > 0 else { return }
        countOfAmount.change(Self.key(-1, whole)) { $0 += step }
    }

    static func key(_ customer: Int32, _ amount: Int64) -> UInt64 {
        var hash = KeyHash()
        hash.add(amount)
        hash.add(Int64(customer))
        return hash.value
    }
}
