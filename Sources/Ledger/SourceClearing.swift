// SPDX-License-Identifier: Apache-2.0
package import Documents

/// How an open amount that the accounting system states is held beside what we know.
///
/// The stated amount is a balance as of a day, never a movement. What we settled with business days up to that day
/// may already be inside it; what came later cannot be. So source clearing is a function of the two, whatever the
/// order in which they arrived:
///
///     clearing = max(0, amount − settled up to the as-of day − stated), never more than is left to settle
///
/// With it the bank entry that proves a settled amount replaces the clearing instead of lowering the item twice,
/// and cash the source has not booked yet lowers what may be chased at once.
package enum SourceClearing {
    /// The clearing that should stand, in minor units of a claim (0 for credits that are fully explained).
    ///
    /// - Parameters:
    ///   - amount: the item's amount.
    ///   - entries: the item's entries; only those that settle count.
    ///   - stated: what the source states as open.
    ///   - asOf: the day of that statement.
    package static func target(
        item: String, amount: Int64, entries: some Sequence<Entry>, stated: Int64, asOf: Day
    ) -> Int64 {
        var inside = ItemBalance()
        var settled = ItemBalance()
        for entry in entries {
            switch entry.kind {
            case .applied, .netted, .discount, .fee, .withholding, .writeOff, .rounding, .exchange, .recovered,
                .providerClearing:
                if entry.businessDay <= asOf { inside.apply(entry, item: item) }
                settled.apply(entry, item: item)
            default: break
            }
        }
        // What we settled after that day can only be the source's own settlement, once nothing else is left to settle.
        let left = amount - settled.settled
        let clearing = amount - inside.settled - stated
        return clamp(amount >= 0 ? min(clearing, left) : max(clearing, left), towards: amount)
    }

    /// Whether the same statement on a later day may say something new: only one of a part can. Nothing open leaves
    /// nothing to clear but what we have not settled; all of it open clears nothing.
    package static func isDayRelevant(stated: Int64, amount: Int64) -> Bool { stated != 0 && stated != amount }

    /// Settled by us and not yet by the source, in minor units: lowers what may be chased, linked when the source
    /// states it. Zero when the source states nothing.
    package static func pending(_ balance: ItemBalance) -> Int64 {
        guard let stated = balance.stated else { return 0 }
        return clamp(stated - balance.open, towards: balance.amount)
    }

    /// Between nothing and the whole, with the claim's own sign.
    private static func clamp(_ value: Int64, towards amount: Int64) -> Int64 {
        amount >= 0 ? min(max(0, value), amount) : max(min(0, value), amount)
    }
}
