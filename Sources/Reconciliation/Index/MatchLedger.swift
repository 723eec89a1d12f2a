// SPDX-License-Identifier: Apache-2.0

import Documents

/// A ledger's items and customers in their order. What matching asks of them is made in two parts that know nothing of each
/// other: where there are two threads, one for each.
package struct MatchLedger: Sendable {
    /// In the order of the ids.
    let shelf: ItemShelf
    let people: CustomerIndex
    /// The customer's place among all, by item, or -1.
    let customerOf: [Int32]

    /// - Parameter items: open items, and closed ones that a text may still name.
    package init(items: ItemShelf, customers: [MatchCustomer]) {
        let shelf = items.ordered()
        var people = CustomerIndex(customers.sorted { $0.id < $1.id })
        var placed: [Int32] = Array(repeating: -1, count: shelf.customerIDs.count)
        customerOf = shelf.customers.map { customer in
            guard customer >= 0 else { return -1 }
            if placed[Int(customer)] < 0 { placed[Int(customer)] = people.place(shelf.customerIDs[Int(customer)]) }
            return placed[Int(customer)]
        }
        people.index()
        (self.shelf, self.people) = (shelf, people)
    }

    /// By what a text may name them.
    package func texts() -> ItemIndex { ItemIndex(shelf, customerOf, customers: people.customers.count) }

    /// By what they ask for.
    package func amounts() -> ItemAmounts { ItemAmounts(shelf, customerOf, customers: people.customers.count) }
}

/// What items ask for before a run changes it.
package struct ItemAmounts: Sendable {
    /// All items in the order of issue, and each item's rank in it.
    let byIssue: [Int32]
    let issueRank: [Int32]
    let byAmount: ChainIndex
    let counts: KeyTable
    let openOf: [[Int32]]

    init(_ shelf: ItemShelf, _ customerOf: [Int32], customers: Int) {
        (byIssue, issueRank) = Self.orderedByIssue(shelf.facts)
        let (open, provable) = (shelf.open, shelf.provable)
        let waiting = open.indices.count { open[$0] != 0 || provable[$0] != 0 }
        var keys: [(key: UInt64, value: Int32)] = []
        var wholes: [UInt64] = []
        keys.reserveCapacity(waiting * 2 + (shelf.hasDiscounts ? waiting / 2 : 0))
        wholes.reserveCapacity(waiting)
        for index in open.indices {
            let item = Int32(truncatingIfNeeded: index)
            let whole = open[index] &+ provable[index]
            guard whole > 0 else { continue }
            let any = Balances.key(-1, whole)
            wholes.append(any)
            let customer = customerOf[index]
            guard customer >= 0 else { continue }
            keys.append((Balances.key(customer, whole), item))
            keys.append((any, item))
            if provable[index] != 0 {
                keys.append((Balances.key(customer, open[index]), item))
                keys.append((Balances.key(customer, provable[index]), item))
            }
            guard shelf.hasDiscounts, whole == shelf.facts[index].total else { continue }
            for discount in shelf.discounts(item) where discount.amount > 0 && discount.amount < whole {
                keys.append((Balances.key(customer, whole - discount.amount), item))
            }
        }
        byAmount = ChainIndex(keys)
        counts = KeyTable(counting: wholes)
        var openOf: [[Int32]] = Array(repeating: [], count: customers)
        for place in byIssue where open[Int(place)] != 0 || provable[Int(place)] != 0 {
            let customer = customerOf[Int(place)]
            if customer >= 0 { openOf[Int(customer)].append(place) }
        }
        self.openOf = openOf
    }

    private static func orderedByIssue(_ facts: [ItemShelf.Facts]) -> (places: [Int32], ranks: [Int32]) {
        // One number each, so that a million items sort without touching them again.
        let keys = facts.enumerated().map { Int64($1.issuedOn.number) << 32 | Int64($0) }.sorted()
        let places = keys.map { Int32(truncatingIfNeeded: $0 & 0xFFFF_FFFF) }
        var ranks: [Int32] = Array(repeating: 0, count: facts.count)
        for (rank, place) in places.enumerated() { ranks[Int(place)] = Int32(truncatingIfNeeded: rank) }
        return (places, ranks)
    }
}
