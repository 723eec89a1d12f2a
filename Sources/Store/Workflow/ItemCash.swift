// SPDX-License-Identifier: Apache-2.0
package import Documents

/// Cash of a payment on an item as the log has it; negative when it was taken back.
package struct AppliedCash: Hashable, Sendable {
    package var itemID: String
    package var paymentID: String
    package var amount: Money
    package var bookedOn: Day
    package var valuedOn: Day?
    /// When it was put on the item.
    package var recordedAt: Timestamp
    /// The entry's place in the log.
    package var seq: Int64
    /// The place of the entry that this one takes back: a match that was wrong, not money that went back.
    package var undoes: Int64?
}

/// What the log has of an item for those who were promised money on it.
package struct ItemCash: Hashable, Sendable {
    /// Every entry of cash on it, as it was written; what was undone has both.
    package var cash: [AppliedCash] = []
    /// Its invoice was replaced by another.
    package var isReplaced = false

    package init() {}
}

extension Session {
    package static let itemCashes = """
        SELECT r.c1, l.kind, l.amount, l.currency, COALESCE(l.recorded_at, b.recorded_at), l.seq, l.undoes,
            l.decision, l.payment, p.booked_on, p.valued_on, l.counter, COALESCE(l.business_day, l.posting_day)
        FROM tieout_rows(?1) r CROSS JOIN log l ON l.item = r.c0 AND l.company = ?2 AND l.kind > 2
            CROSS JOIN batch b ON b.no = l.batch
            LEFT JOIN payment_row p ON l.kind IN (20, 35) AND p.company = l.company AND p.id = l.payment
        WHERE l.kind IN (4, 24) OR l.kind IN (20, 35) AND p.no IS NOT NULL
        """

    package static let itemAmounts = """
        SELECT r.c1, i.customer, i.currency, i.open FROM tieout_rows(?1) r
            CROSS JOIN item i ON i.id = r.c0 AND i.company = ?2
        """

    /// Of each of these items that has any.
    ///
    /// What a provider charged was paid on the day of the charge: that is its cash here, and not the payout's. Cash of another
    /// currency is what it settled of the item.
    /// - Parameter items: sorted, each once.
    package func itemCash(company: String, items: [String]) throws -> [String: ItemCash] {
        var found: [String: ItemCash] = [:]
        var entries: [CashEntry] = []
        var last = -1
        func close() {
            guard !entries.isEmpty else { return }
            found[items[last]] = ItemCash(entries)
            entries.removeAll(keepingCapacity: true)
        }
        try each(of: items, Self.itemCashes, [company]) { row in
            let place = Int(row.int(0))
            if place != last { close() }
            last = place
            entries.append(try CashEntry(row, item: items[place]))
        }
        close()
        return found
    }

    package func appliedCash(company: String, item: String) throws -> [AppliedCash] {
        try itemCash(company: company, items: [item])[item]?.cash ?? []
    }

    /// Whether the item's invoice was replaced by another.
    package func isReplaced(company: String, item: String) throws -> Bool {
        try itemCash(company: company, items: [item])[item]?.isReplaced ?? false
    }

    /// Whose each of these items is and what is open of it, where the books have it.
    /// - Parameter items: sorted, each once.
    package func openAmounts(company: String, items: [String]) throws -> [String: (customer: String, open: Money)] {
        var found: [String: (customer: String, open: Money)] = [:]
        try each(of: items, Self.itemAmounts, [company]) { row in
            found[items[Int(row.int(0))]] = (
                row.text(1), Money(minorUnits: row.int(3), currency: try row.currency(2))
            )
        }
        return found
    }
}

/// What an entry that brings an item cash, or puts another invoice in its place, is made of.
private struct CashEntry {
    let kind: Int64
    let decision: String?
    /// Nil for one that is a payout's.
    let cash: AppliedCash?
    let amount: Int64

    init(_ row: Row, item: String) throws {
        kind = row.int(1)
        amount = row.int(2)
        decision = row.optionalText(7)
        let isApplied = kind == 20 || kind == 35
        guard isApplied || kind == 24 && row.isNull(8) else {
            cash = nil
            return
        }
        cash = AppliedCash(
            itemID: item, paymentID: isApplied ? row.text(8) : row.optionalText(11) ?? row.text(7),
            amount: Money(minorUnits: row.int(2), currency: try row.currency(3)),
            bookedOn: row.day(isApplied ? 9 : 12), valuedOn: isApplied ? row.optionalDay(10) : nil,
            recordedAt: row.time(4), seq: row.int(5), undoes: row.optionalInt(6))
    }
}

extension ItemCash {
    fileprivate init(_ entries: [CashEntry]) {
        // A payout that brings the cash of a charge stands in the books as that charge, by its decision.
        let charges = entries.compactMap { $0.kind == 24 ? $0.decision : nil }
        cash = entries.compactMap { entry in
            entry.kind == 20 && entry.decision.map(charges.contains) ?? false ? nil : entry.cash
        }
        isReplaced = entries.reduce(0) { $1.kind == 4 ? $0 + $1.amount : $0 } != 0
    }
}
