// SPDX-License-Identifier: Apache-2.0

/// What the books hold of items that nothing but their documents has touched: a run that books on them need not read them.
///
/// A class: it is asked for each line, and its columns would be counted each time.
package final class UntouchedItems: Sendable {
    package struct Item: Sendable {
        package let row: Int64
        package let facts: Booking.ItemFacts
        package let amount: Int64
    }

    private let shelf: ItemShelf
    private let customerOf: [Int32]
    private let customers: [MatchCustomer]

    init(_ catalogue: Catalogue) {
        shelf = catalogue.shelf
        customerOf = catalogue.customerOf
        customers = catalogue.customers
    }

    /// Of a line's item, as it was before the run; nil where the books must be asked.
    package subscript(line: Line) -> Item? {
        guard line.place >= 0 else { return nil }
        let place = Int(line.place)
        guard shelf.rows[place] > 0, customerOf[place] >= 0 else { return nil }
        let facts = shelf.facts[place]
        return Item(
            row: shelf.rows[place],
            facts: Booking.ItemFacts(
                customerID: customers[Int(customerOf[place])].id, postingDay: shelf.postingDays[place],
                currency: facts.currency), amount: facts.total)
    }
}
