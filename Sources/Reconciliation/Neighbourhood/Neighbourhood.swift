// SPDX-License-Identifier: Apache-2.0

import Documents

/// Step two: the part of a ledger that some payments can have to do with.
///
/// Whoever fills it takes (1) the customers found under the payments' text keys, the customers whose names share the
/// rarest of a payer's words, and the customers of items found under the text keys; (2) every item of those
/// customers; (3) items of anybody that ask for one of the payments' amounts, with their customers' records; and says
/// how often words, amounts and shapes of numbers occur in the whole ledger. Deciding on it gives what deciding on
/// everything gives.
///
/// Of (2) most is never looked at. So a part may begin with the items that are named alone: it says of which customers
/// everything is there (`Frequencies.whole`) and of which amounts (`listed`), and `Workspace.wanted` says what of whom has
/// to be added before its decisions are those of the whole.
package struct Neighbourhood: Sendable {
    package var items: [MatchItem]
    package var customers: [MatchCustomer]
    /// Earlier payments of the same payers or amounts, and those that settled these items.
    package var history: [PastPayment] = []
    /// What stands behind the payouts among the payments.
    package var charges: [SettledCharge] = []
    /// What customers said they would pay or had paid.
    package var expectations: [AnnouncedMoney] = []
    package var frequencies: Frequencies

    package init(items: [MatchItem], customers: [MatchCustomer], frequencies: Frequencies) {
        self.items = items
        self.customers = customers
        self.frequencies = frequencies
    }
}

/// How often something occurs in the whole ledger: the same rule is safe at a thousand items and at a million only
/// because it asks.
package struct Frequencies: Sendable {
    /// A word that more customers have says nothing of whom it means.
    package static let customersOfWordMax = 256

    package var shapes: NumberShapes
    /// Customers whose name or parent's name has the word.
    package var words: [UInt64: Int]
    /// Items that ask for exactly this amount, in minor units of whatever currency.
    package var amounts: [Int64: Int]
    /// Amounts that so many items ask for that they were left out.
    package var unlisted: Set<Int64> = []
    /// Amounts of which every item is in the part that is settled by exactly that: all of it, what is open or proved of
    /// it, or all but a discount (of which one minor unit either way is there too).
    package var listed: Set<Int64> = []
    /// Customers of whom every credit note is in the part: what is open or total below zero.
    package var credited: Set<String> = []
    /// As `listed`, of one customer's items.
    package var listedOf: Set<CustomerAmount> = []
    /// Keys of words of which every customer is in the part who has it, or that more have than are ever looked at.
    package var readWords: Set<UInt64> = []
    /// Text keys of which every item is in the part, beside those of the payments' own words.
    package var searched: Set<UInt64> = []
    /// Customers of whom every item is in the part; nil where that is so of all customers that a rule may look at.
    package var whole: Set<String>?

    package init(shapes: NumberShapes, words: [UInt64: Int], amounts: [Int64: Int]) {
        self.shapes = shapes
        self.words = words
        self.amounts = amounts
    }
}

/// The keys of a whole ledger in memory: what a store's key index holds, and the reference for its queries.
package struct KeyRegister: Sendable {
    private let items: [MatchItem]
    private let customers: [MatchCustomer]
    private var itemsByText: [UInt64: [Int]] = [:]
    private var itemsByAmount: [Int64: [Int]] = [:]
    private var itemsByCustomer: [String: [Int]] = [:]
    private var customersByText: [UInt64: [Int]] = [:]
    private var customersByWord: [UInt64: [Int]] = [:]
    private var customerPlaces: [String: Int] = [:]
    private let shapes: NumberShapes
    private let patterns: NumberPatterns

    package init(items: [MatchItem], customers: [MatchCustomer]) {
        self.items = items
        self.customers = customers
        shapes = NumberShapes(items)
        patterns = NumberPatterns(shapes.patterns)
        for (place, item) in items.enumerated() {
            let keys = MatchKeys(item)
            for key in keys.texts { itemsByText[key, default: []].append(place) }
            // order-free: each key by itself
            for amount in keys.amounts { itemsByAmount[amount, default: []].append(place) }
            if let customer = item.customerID { itemsByCustomer[customer, default: []].append(place) }
        }
        for (place, customer) in customers.enumerated() {
            let keys = MatchKeys(customer)
            for key in keys.texts { customersByText[key, default: []].append(place) }
            // order-free: each key by itself
            for key in keys.words { customersByWord[key, default: []].append(place) }
            customerPlaces[customer.id] = place
        }
    }

    /// The neighbourhood of some payments.
    package func neighbourhood(of payments: [MatchPayment]) -> Neighbourhood {
        var wholeCustomers: Set<Int> = []
        var chosen: Set<Int> = []
        var words: [UInt64: Int] = [:]
        var amounts: [Int64: Int] = [:]
        var readWords: Set<UInt64> = []
        for payment in payments {
            let keys = MatchKeys(payment, patterns)
            if let place = keys.customerID.flatMap({ customerPlaces[$0] }) { wholeCustomers.insert(place) }
            for key in keys.texts + MatchKeys.slips(of: payment) {
                wholeCustomers.formUnion(customersByText[key] ?? [])
                for place in itemsByText[key] ?? [] {
                    chosen.insert(place)
                    if let customer = items[place].customerID.flatMap({ customerPlaces[$0] }) {
                        wholeCustomers.insert(customer)
                    }
                }
            }
            // order-free: each key by itself
            for key in keys.words { words[key] = customersByWord[key]?.count ?? 0 }
            for key in MatchKeys.words(inTextOf: payment) {
                words[key] = customersByWord[key]?.count ?? 0
                readWords.insert(key)
                if words[key] ?? 0 <= Frequencies.customersOfWordMax {
                    wholeCustomers.formUnion(customersByWord[key] ?? [])
                }
            }
            for search in payment.payerName.map(NameSearch.searches) ?? [] {
                let known = search.keys.filter { words[$0] ?? 0 > 0 }
                // Every word that is as rare as the rarest: which of them leads must not depend on their order here.
                let fewest = known.map { words[$0] ?? 0 }.min() ?? 0
                for key in known where words[key] == fewest { wholeCustomers.formUnion(customersByWord[key] ?? []) }
            }
            // order-free: a union
            for amount in keys.amounts { chosen.formUnion(itemsByAmount[amount] ?? []) }
            // order-free: each amount by itself
            for amount in keys.amounts { amounts[amount] = itemsByAmount[amount]?.count ?? 0 }
        }
        for place in wholeCustomers.sorted() { chosen.formUnion(itemsByCustomer[customers[place].id] ?? []) }
        let places = chosen.sorted()
        var recorded = wholeCustomers
        for place in places {
            if let customer = items[place].customerID.flatMap({ customerPlaces[$0] }) { recorded.insert(customer) }
            let whole = items[place].open &+ items[place].provable
            if whole > 0 { amounts[whole] = itemsByAmount[whole]?.count ?? 0 }
        }
        var frequencies = Frequencies(shapes: shapes, words: words, amounts: amounts)
        frequencies.readWords = readWords
        return Neighbourhood(
            items: places.map { items[$0] }, customers: recorded.sorted().map { customers[$0] },
            frequencies: frequencies)
    }
}

extension Workspace {
    /// Rules that teach for whom a payer pays.
    package static let teachingRules = Rule.allCases.filter { teaches($0) }

    /// Step three works on a neighbourhood as on a whole ledger.
    package convenience init(
        _ neighbourhood: Neighbourhood, expectations: [AnnouncedMoney] = [], charges: [SettledCharge] = [],
        rates: [QuotedRate] = [], policy: Policy = Policy(), forgotten: [ForgottenLesson] = [],
        strangers: [String] = [], refused: [String: RefusedThings] = [:]
    ) {
        self.init(
            items: neighbourhood.items, customers: neighbourhood.customers, history: neighbourhood.history,
            expectations: expectations, charges: charges, rates: rates, policy: policy, forgotten: forgotten,
            strangers: strangers, refused: refused, frequencies: neighbourhood.frequencies)
    }
}
