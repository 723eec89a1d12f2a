// SPDX-License-Identifier: Apache-2.0
package import Documents

/// The whole log folded again: what `verify` compares the stored balances with, and what an as-of report reads.
package struct Books: Sendable {
    package private(set) var items: [String: ItemBalance] = [:]
    package private(set) var cash: [String: CashBalance] = [:]
    /// Minor units per account and currency; every currency sums to zero.
    package private(set) var accounts: [Currency: [Account: Int64]] = [:]
    package private(set) var cashIdentity: [Currency: CashIdentity] = [:]
    package private(set) var itemsIdentity: [Currency: ItemsIdentity] = [:]

    package init() {}

    package init(_ entries: some Sequence<Entry>) {
        for entry in entries { apply(entry) }
    }

    package mutating func apply(_ entry: Entry) {
        if let item = entry.item { items[item, default: ItemBalance()].apply(entry, item: item) }
        if entry.kind == .netted, let counter = entry.counter {
            items[counter, default: ItemBalance()].apply(entry, item: counter)
        }
        if let payment = entry.payment { cash[payment, default: CashBalance()].apply(entry, payment: payment) }
        if entry.kind == .consumed, let counter = entry.counter {
            cash[counter, default: CashBalance()].apply(entry, payment: counter)
        }
        for posting in Chart.postings(of: entry) {
            accounts[entry.currency, default: [:]][posting.account, default: 0] += posting.amount
        }
        cashIdentity[entry.currency, default: CashIdentity()].add(entry)
        itemsIdentity[entry.currency, default: ItemsIdentity()].add(entry)
    }

    /// Item ids in order, for callers that print.
    package var itemIDs: [String] { items.keys.sorted() }
    package var paymentIDs: [String] { cash.keys.sorted() }
    package var currencies: [Currency] { accounts.keys.sorted() }
}
