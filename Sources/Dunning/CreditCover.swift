// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// What a customer's money covers before any step counts: nobody is reminded of a bill they have paid.
///
///     1. a payment that waits for a person and settles an item in every reading of it ──► that item
///     2. what is left of the cash, and open credit notes ──► what may be asked for, per currency, the oldest due first
///
/// The first goes by the customer's own word, so it covers a disputed or promised item too. The second leaves out every
/// item that a gate holds: such an item is silent as it is, and the money lowers what would be asked for.
struct CreditCover: Sendable {
    private struct Share: Sendable {
        /// What would be asked for without any money.
        var asked: Int64
        /// Covered by payments that name the item.
        var named: Int64 = 0
        /// Covered by what names none.
        var unnamed: Int64 = 0
        var payments: [String] = []
        let currency: Currency

        var left: Int64 { asked - named - unnamed }
    }

    private var shares: [String: Share] = [:]

    init() {}

    /// - Parameters:
    ///   - standings: in order of their due days, then numbers.
    init(_ context: GateContext, _ standings: [Standing]) {
        let snapshot = context.snapshot
        for standing in standings {
            shares[standing.id] = Share(
                asked: context.policy.asked(standing, context), currency: standing.item.item.currency)
        }
        var pools: [Currency: Int128] = [:]
        for currency in Set((snapshot.openCredits + snapshot.unapplied).map(\.currency)).sorted() {
            pools[currency] = snapshot.credits(currency)
        }
        for part in snapshot.waiting.sorted(by: { ($0.paymentID, $0.itemID) < ($1.paymentID, $1.itemID) }) {
            guard var share = shares[part.itemID], share.currency == part.covers.currency else { continue }
            let used = min(share.left, part.covers.minorUnits)
            guard used > 0 else { continue }
            share.named += used
            share.payments.append(part.paymentID)
            shares[part.itemID] = share
            guard part.isOwn else { continue }
            let spent = part.cash.currency == part.covers.currency ? used : part.cash.minorUnits
            pools[part.cash.currency, default: 0] -= Int128(spent)
        }
        for standing in standings {
            guard var share = shares[standing.id], let pool = pools[share.currency], pool > 0, share.left > 0,
                Gates.holding.allSatisfy({ $0.decide(context, standing) == nil })
            else { continue }
            share.unnamed = Int64(min(Int128(share.left), pool))
            pools[share.currency] = pool - Int128(share.unnamed)
            shares[standing.id] = share
        }
    }

    /// What is here of an item, positive; nil when nothing is.
    func credited(_ id: String) -> Money? {
        guard let share = shares[id], share.named + share.unnamed > 0 else { return nil }
        return Money(minorUnits: share.named + share.unnamed, currency: share.currency)
    }

    /// Nothing is left to ask for.
    func isCovered(_ id: String) -> Bool { shares[id].map { $0.left <= 0 } ?? false }

    /// Why an item is covered, after its number.
    func words(_ id: String) -> String {
        guard let share = shares[id], share.named + share.unnamed > 0 else {
            return "asks for nothing: what is open is promised or on its way"
        }
        let named = Money(minorUnits: share.named, currency: share.currency)
        let unnamed = Money(minorUnits: share.unnamed, currency: share.currency)
        var sources: [String] = []
        if share.named > 0 {
            sources.append("\(named) of what waits for a person (\(share.payments.joined(separator: ", ")))")
        }
        if share.unnamed > 0 { sources.append("\(unnamed) of credits and unapplied cash") }
        return "is covered by " + sources.joined(separator: " and ")
    }
}
