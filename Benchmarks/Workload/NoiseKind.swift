// SPDX-License-Identifier: Apache-2.0

/// Noise that ordinary business does not have, by the name under which it is asked for: each makes a ledger hard in its
/// own way, and any of them go together.
enum NoiseKind: String, CaseIterable {
    /// Few prices, and slips of the finger in a dense series: what is written is somebody else's number, now and then
    /// for the same amount.
    case slips
    /// The month of an invoice beside its number or in its place: `Miete 04/2025`, `Beitrag März`.
    case months
    /// Streets, flats, contracts, orders and files beside the number or in its place; some have an invoice's number.
    case files
    /// One structured reference for each customer, on all of its invoices.
    case references
    /// Persons of one surname who pay for each other, and advisers who pay for many; the text says for whom.
    case families
    /// The same amount every month.
    case subscriptions
    /// Customers get money back from us and send us some; instalments that call themselves so.
    case refunds
    /// Strangers' money of an amount that is owed, with numbers of their own.
    case strangers

    /// Names separated by commas, or `all`; nil when one is not known.
    static func kinds(_ names: String) -> Set<NoiseKind>? {
        if names == "all" { return Set(allCases) }
        let kinds = names.split(separator: ",").map { NoiseKind(rawValue: String($0)) }
        return kinds.contains(nil) ? nil : Set(kinds.compactMap { $0 })
    }
}
