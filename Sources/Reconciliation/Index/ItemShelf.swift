// SPDX-License-Identifier: Apache-2.0

package import Documents

/// Items side by side in columns, their texts in arenas: a million of them in some hundred megabytes.
///
/// Whoever reads items from a store appends one after the other and keeps none of them.
package struct ItemShelf: Sendable {
    /// What the rules ask of an item again and again, without its texts.
    struct Facts: Sendable {
        var total: Int64
        var issuedOn: Day
        /// The day of issue where the document names none.
        var dueOn: Day
        var statedAsOf: Day?
        var currency: Currency
        var kind: MatchItem.Kind
    }

    /// Money paid in advance, and what was open when the run began.
    struct Prepaid: Sendable {
        var amount: Int64
        var open: Int64
    }

    struct Discount: Sendable {
        var amount: Int64
        var until: Day
    }

    private(set) var facts: [Facts] = []
    private(set) var open: [Int64] = []
    private(set) var provable: [Int64] = []
    private(set) var ids = TextArena()
    /// As they stand on the documents.
    private(set) var numbers = TextArena()
    /// Letters and digits only; empty where there is none.
    private(set) var references = TextArena()
    private(set) var orders = TextArena()
    /// Where each item's customer is in `customerIDs`, or -1.
    private(set) var customers: [Int32] = []
    private(set) var customerIDs: [String] = []
    private var customerPlaces: [String: Int32] = [:]
    /// Of the few that have them, by the item's place.
    private(set) var prepaid: [Int32: Prepaid] = [:]
    private(set) var successors: [Int32: String] = [:]
    /// Numbers of the invoices that credit notes correct.
    private(set) var corrected: [Int32: String] = [:]
    private var discounts: [Discount] = []
    private var discountsFrom: [Int32] = [0]
    /// The invoice of an item that is one of its instalments.
    private(set) var invoices: [Int32: String] = [:]
    /// Of items of which the books hold nothing but their documents the row there, else 0; and from when on they count.
    private(set) var rows: [Int64] = []
    private(set) var postingDays: [Day] = []

    package init(capacity: Int = 0) {
        facts.reserveCapacity(capacity)
        open.reserveCapacity(capacity)
        provable.reserveCapacity(capacity)
        customers.reserveCapacity(capacity)
        ids = TextArena(capacity: capacity)
        numbers = TextArena(capacity: capacity)
        references = TextArena(capacity: capacity / 2)
        orders = TextArena(capacity: capacity / 4)
        rows.reserveCapacity(capacity)
        postingDays.reserveCapacity(capacity)
    }

    package init(_ items: [MatchItem]) {
        self.init(capacity: items.count)
        for item in items { append(item) }
    }

    package var count: Int { facts.count }

    /// - Parameter row: in the books, where they hold nothing of the item but its document; 0 else.
    package mutating func append(_ item: MatchItem, row: Int64 = 0, postingDay: Day? = nil) {
        let place = Int32(truncatingIfNeeded: count)
        facts.append(
            Facts(
                total: item.total, issuedOn: item.issuedOn, dueOn: item.dueOn ?? item.issuedOn,
                statedAsOf: item.statedAsOf, currency: item.currency, kind: item.kind))
        rows.append(row)
        postingDays.append(postingDay ?? item.issuedOn)
        open.append(item.open)
        provable.append(item.provable)
        ids.append(item.id)
        numbers.append(item.number)
        references.append(item.structuredReference.map { StructuredReference.canonical($0) } ?? "")
        orders.append(item.purchaseOrder.map { Folding.canonical($0) } ?? [])
        if let id = item.customerID { customers.append(customer(id)) } else { customers.append(-1) }
        if item.prepaid != 0 { prepaid[place] = Prepaid(amount: item.prepaid, open: item.open) }
        if let successor = item.replacedBy { successors[place] = successor }
        if let number = item.corrects { corrected[place] = number }
        if item.invoiceID != item.id { invoices[place] = item.invoiceID }
        for discount in item.discounts {
            discounts.append(Discount(amount: Self.amount(of: discount, total: item.total), until: discount.until))
        }
        discountsFrom.append(Int32(truncatingIfNeeded: discounts.count))
    }

    /// What is open of an item, and what its source calls settled without saying how.
    package struct Standing: Hashable, Sendable {
        package var open: Int64
        package var provable: Int64

        package init(open: Int64, provable: Int64) {
            self.open = open
            self.provable = provable
        }
    }

    /// Changed by what was booked on an item after it was put here, before matching begins.
    package subscript(standing place: Int) -> Standing {
        get { Standing(open: open[place], provable: provable[place]) }
        set {
            open[place] = newValue.open
            provable[place] = newValue.provable
            prepaid[Int32(truncatingIfNeeded: place)]?.open = newValue.open
            rows[place] = 0
        }
    }

    /// What a catalogue keeps of it: what is open is for `Balances` alone, and whose the items are it knows better.
    func withoutBalances() -> ItemShelf {
        var kept = self
        (kept.open, kept.provable) = ([], [])
        (kept.customers, kept.customerIDs, kept.customerPlaces) = ([], [], [:])
        return kept
    }

    var hasDiscounts: Bool { !discounts.isEmpty }

    func discounts(_ item: Int32) -> ArraySlice<Discount> {
        discounts[Int(discountsFrom[Int(item)])..<Int(discountsFrom[Int(item) + 1])]
    }

    private mutating func customer(_ id: String) -> Int32 {
        if let known = customerPlaces[id] { return known }
        let place = Int32(truncatingIfNeeded: customerIDs.count)
        customerIDs.append(id)
        customerPlaces[id] = place
        return place
    }

    /// Minor units, rounded half up, as commercial terms are.
    static func amount(of discount: MatchItem.Discount, total: Int64) -> Int64 {
        if let amount = discount.amount { return amount }
        guard let percent = discount.percent, percent.scale <= 18 else { return 0 }
        let base = ScaledDecimal(
            coefficient: Int128(discount.base ?? total).multipliedReportingOverflow(by: percent.coefficient)
                .partialValue, scale: percent.scale)
        let hundredth = ScaledDecimal(coefficient: base.coefficient, scale: min(18, base.scale + 2))
        guard base.scale <= 16, let result = hundredth.rounded(scale: 0, .halfUp) else { return 0 }
        return Int64(clamping: result.coefficient)
    }

    /// In the order of the ids: the places that decide ties must not depend on the order of the input.
    func ordered() -> ItemShelf {
        var isOrdered = true
        for place in facts.indices.dropFirst() where isOrdered {
            isOrdered = !ids.isAscending(Int32(truncatingIfNeeded: place), Int32(truncatingIfNeeded: place - 1))
        }
        if isOrdered { return self }
        let order = facts.indices.map { Int32(truncatingIfNeeded: $0) }.sorted { ids.isAscending($0, $1) }
        var now = self
        now.facts = order.map { facts[Int($0)] }
        now.open = order.map { open[Int($0)] }
        now.provable = order.map { provable[Int($0)] }
        now.customers = order.map { customers[Int($0)] }
        now.rows = order.map { rows[Int($0)] }
        now.postingDays = order.map { postingDays[Int($0)] }
        now.discounts = []
        now.discountsFrom = [0]
        for place in order {
            now.discounts += discounts(place)
            now.discountsFrom.append(Int32(truncatingIfNeeded: now.discounts.count))
        }
        now.ids = ids.arranged(order)
        now.numbers = numbers.arranged(order)
        now.references = references.arranged(order)
        now.orders = orders.arranged(order)
        var places: [Int32] = Array(repeating: 0, count: order.count)
        for (place, before) in order.enumerated() { places[Int(before)] = Int32(truncatingIfNeeded: place) }
        now.prepaid = Self.moved(prepaid, places)
        now.successors = Self.moved(successors, places)
        now.corrected = Self.moved(corrected, places)
        now.invoices = Self.moved(invoices, places)
        return now
    }

    private static func moved<Value>(_ values: [Int32: Value], _ places: [Int32]) -> [Int32: Value] {
        var moved: [Int32: Value] = [:]
        moved.reserveCapacity(values.count)
        // order-free: each place by itself
        for (place, value) in values { moved[places[Int(place)]] = value }
        return moved
    }
}
