// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Promises
import Store

/// What the books hold of the items that promises name.
///
/// They are asked for in the order of their ids, as the indexes have them: at a million invoices that takes a third of
/// the time. In the order of the promises each reads pages again that the cache has let go of.
struct PromisedItems {
    struct Item {
        /// Every entry of cash on it.
        var cash: [AppliedCash]
        /// Nil where the books have no such item.
        var open: Money?
        var customerID: String?
        var isReplaced: Bool
    }

    private var items: [String: Item] = [:]
    /// By customer; nil where each is asked for by itself.
    private var unapplied: [String: [Money]]?

    /// For so many promises all customers' cash is read at once, and not by a question for each.
    private static let manyMin = 1000

    init(_ session: Session, company: String, of promises: [PromiseToPay]) throws {
        let ids = Set(promises.flatMap { $0.lines.map(\.itemID) }).sorted()
        items.reserveCapacity(ids.count)
        for id in ids {
            items[id] = Item(
                cash: try session.appliedCash(company: company, item: id),
                isReplaced: try session.isReplaced(company: company, item: id))
        }
        // Of other tables: each by itself.
        for id in ids {
            let item = try session.item(company: company, id: id)
            items[id]?.open = item?.open
            items[id]?.customerID = item?.customerID
        }
        if promises.count >= Self.manyMin { unapplied = try session.unappliedCash(company: company) }
    }

    subscript(id: String) -> Item? { items[id] }

    /// What waits of a customer's money, one amount for each currency.
    func unappliedCash(of customer: String, _ session: Session, company: String) throws -> [Money] {
        if let unapplied { return unapplied[customer] ?? [] }
        return try session.unappliedCash(company: company, customer: customer)
    }
}
