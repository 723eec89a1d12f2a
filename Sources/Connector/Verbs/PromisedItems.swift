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
    }

    subscript(id: String) -> Item? { items[id] }
}
