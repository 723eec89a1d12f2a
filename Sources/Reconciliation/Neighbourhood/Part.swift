// SPDX-License-Identifier: Apache-2.0

/// What decisions want to see of customers beside what a part of a ledger holds.
package struct Wanted: Hashable, Sendable {
    /// Customers of whom everything is wanted.
    package var customers: [String] = []
    /// Customers of whom the credit notes are wanted, and not all else.
    package var credits: [String] = []
    /// What a customer has that is settled by an amount, where not all of the customer is wanted.
    package var amounts: [CustomerAmount] = []
    /// Amounts of which it is wanted how many items of the whole ledger ask for them.
    package var counts: [Int64] = []
    /// Keys of words whose customers are wanted, all of them.
    package var words: [UInt64] = []
    /// Text keys under which items are wanted, whosever they are.
    package var texts: [UInt64] = []

    package var isEmpty: Bool {
        customers.isEmpty && credits.isEmpty && amounts.isEmpty && counts.isEmpty && words.isEmpty
            && texts.isEmpty
    }
}

/// An amount in minor units, of one customer's items.
package struct CustomerAmount: Hashable, Sendable {
    package let customer: String
    package let amount: Int64

    package init(_ customer: String, _ amount: Int64) {
        (self.customer, self.amount) = (customer, amount)
    }
}

/// Which customers have all of their items here, where a ledger is a part of a larger one; and of whom else a decision
/// wanted to see all, or what.
///
/// Most payments say what they are for, and need one item of a customer. So a part begins with the items that are named,
/// and whoever looks at all that a customer has, at their credit notes or at what an amount settles says so here: the
/// part is widened by that, and decided on anew.
final class Part {
    /// By customer; empty where nothing is missing.
    private let isPartial: [Bool]
    /// By customer: every credit note is here.
    private let hasCredits: [Bool]
    /// Amounts of which every item is here that is settled by exactly that, whosever it is.
    private let listed: Set<Int64>
    /// The same of one customer's items.
    private let listedOf: Set<Amount>
    /// Amounts of which the whole ledger's count is known; nil where all are that matter.
    private let counted: Set<Int64>?
    /// Text keys of which every item is here, beside what payments name; nil where all are that matter.
    private let searched: Set<UInt64>?
    private var askedTexts: Set<UInt64> = []
    private var askedCustomers: Set<Int32> = []
    private var askedCounts: Set<Int64> = []
    private var askedCredits: Set<Int32> = []
    private var askedAmounts: Set<Amount> = []
    /// Words of which every customer is here who has it, or that too many have; nil where all are that matter.
    private let readWords: Set<UInt64>?
    private var askedWords: Set<UInt64> = []

    private struct Amount: Hashable, Comparable {
        let customer: Int32
        let amount: Int64

        static func < (left: Amount, right: Amount) -> Bool {
            left.customer != right.customer ? left.customer < right.customer : left.amount < right.amount
        }
    }

    init() {
        (isPartial, hasCredits, listed, listedOf) = ([], [], [], [])
        (counted, readWords, searched) = (nil, nil, nil)
    }

    /// - Parameter larger: what is known of the whole ledger, where this is a part of it.
    init(_ catalogue: Catalogue, _ larger: Frequencies?) {
        isPartial = catalogue.isPartial
        counted = larger.map { Set($0.amounts.keys) }
        searched = larger.flatMap { $0.whole == nil ? nil : $0.searched }
        listed = larger?.listed ?? []
        readWords = larger?.readWords
        let credited = isPartial.isEmpty ? [] : larger?.credited ?? []
        hasCredits = credited.isEmpty ? [] : catalogue.customers.map { credited.contains($0.id) }
        var listedOf: Set<Amount> = []
        // order-free: each by itself
        for one in larger?.listedOf ?? [] {
            if let customer = catalogue.customer(one.customer) {
                listedOf.insert(Amount(customer: customer, amount: one.amount))
            }
        }
        self.listedOf = listedOf
    }

    private func isWhole(_ customer: Int32) -> Bool {
        isPartial.isEmpty || customer < 0 || !isPartial[Int(customer)]
    }

    /// A decision depends on everything that the customer has, or how they paid it.
    func asks(allOf customer: Int32) {
        if !isWhole(customer) { askedCustomers.insert(customer) }
    }

    /// A decision depends on the customer's credit notes.
    func asks(creditsOf customer: Int32) {
        guard !isWhole(customer), hasCredits.isEmpty || !hasCredits[Int(customer)] else { return }
        askedCredits.insert(customer)
    }

    /// A decision depends on every item of the customer that is settled by the amount.
    func asks(_ amount: Int64, of customer: Int32) {
        guard !isWhole(customer), !listed.contains(amount) else { return }
        let one = Amount(customer: customer, amount: amount)
        if !listedOf.contains(one) { askedAmounts.insert(one) }
    }

    /// A decision weighs how many items of the whole ledger ask for the amount.
    func asks(countOf amount: Int64) {
        if let counted, amount > 0, !counted.contains(amount) { askedCounts.insert(amount) }
    }

    /// A decision looks whom a word may name.
    func asks(customersWith word: UInt64) {
        if let readWords, !readWords.contains(word) { askedWords.insert(word) }
    }

    /// A decision looks for items of anybody's under this key.
    func asks(textsUnder key: UInt64) {
        if let searched, !searched.contains(key) { askedTexts.insert(key) }
    }

    /// Nothing is missing that a key finds.
    var hasAllTexts: Bool { searched == nil }

    func wanted(_ customers: [MatchCustomer]) -> Wanted {
        Wanted(
            customers: askedCustomers.sorted().map { customers[Int($0)].id },
            credits: askedCredits.subtracting(askedCustomers).sorted().map { customers[Int($0)].id },
            amounts: askedAmounts.filter { !askedCustomers.contains($0.customer) }.sorted()
                .map { CustomerAmount(customers[Int($0.customer)].id, $0.amount) },
            counts: askedCounts.sorted(), words: askedWords.sorted(), texts: askedTexts.sorted())
    }
}

extension Workspace {
    /// What decisions wanted to see of whom, more than a neighbourhood holds; nothing where all decisions are those of the
    /// whole ledger.
    package var wanted: Wanted { part.wanted(catalogue.customers) }

    /// Everything that the customer ever had, ascending.
    func items(of customer: Int32) -> ArraySlice<Int32> {
        part.asks(allOf: customer)
        return catalogue.items(of: customer)
    }

    /// Open or once open credit notes of the customer, oldest first.
    func credits(of customer: Int32) -> [Int32] {
        part.asks(creditsOf: customer)
        return catalogue.credits[Int(customer)]
    }

    /// What reading a text would have needed.
    func asks(for reading: Reading) {
        for customer in reading.asked { part.asks(allOf: customer) }
    }
}

extension Reader {
    /// What follows may be any other number of the same customer's.
    func asks(allOfOwner item: Int32, _ reading: Reading) {
        guard !catalogue.isPartial.isEmpty else { return }
        let customer = catalogue.customerOf[Int(item)]
        if customer >= 0, catalogue.isPartial[Int(customer)] { reading.asks(allOf: customer) }
    }
}
