// SPDX-License-Identifier: Apache-2.0

/// Which customers have all of their items here, where a ledger is a part of a larger one; and of whom else a decision
/// wanted to see all.
///
/// Most payments say what they are for, and need one item of a customer. So a part begins with the items that are named,
/// and whoever looks at all that a customer has says so here: the part is widened by them, and decided on anew.
final class Part {
    /// By customer; empty where nothing is missing.
    private let isPartial: [Bool]
    /// Amounts of which every item is here that is settled by exactly that, whosever it is.
    private let listed: Set<Int64>
    private(set) var asked: Set<Int32> = []

    init(isPartial: [Bool] = [], listed: Set<Int64> = []) {
        self.isPartial = isPartial
        self.listed = listed
    }

    /// A decision depends on everything that the customer has, or how they paid it.
    func asks(allOf customer: Int32) {
        guard !isPartial.isEmpty, customer >= 0, isPartial[Int(customer)] else { return }
        asked.insert(customer)
    }

    /// A decision depends on every item of the customer that is settled by the amount.
    func asks(_ amount: Int64, of customer: Int32) {
        guard !isPartial.isEmpty, !listed.contains(amount) else { return }
        asks(allOf: customer)
    }
}

extension Workspace {
    /// Customers of whom a decision wanted to see more than a neighbourhood holds, by their ids; none where all decisions
    /// are those of the whole ledger.
    package var asked: [String] { part.asked.sorted().map { catalogue.customers[Int($0)].id } }

    /// Everything that the customer ever had, ascending.
    func items(of customer: Int32) -> ArraySlice<Int32> {
        part.asks(allOf: customer)
        return catalogue.items(of: customer)
    }

    /// Open or once open credit notes of the customer, oldest first.
    func credits(of customer: Int32) -> [Int32] {
        part.asks(allOf: customer)
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
