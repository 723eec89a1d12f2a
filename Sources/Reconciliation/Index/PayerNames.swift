// SPDX-License-Identifier: Apache-2.0

import Documents

/// The names that payers bear, each worked out once. Names that differ in their capitals only, or in what stands between
/// their words, are the same: whom those fit is asked once for all of them.
struct PayerNames: Sendable {
    private struct Words: Hashable, Sendable {
        var words: [PartyName.Word]
        var initials: [UInt8]
        var form: LegalForm
        var people: [PartyName]
        var bare: [PartyName]
        var isCut: Bool

        init(_ party: PartyName) {
            (words, initials, form, isCut) = (party.words, party.initials, party.form, party.isCut)
            (people, bare) = (party.people, party.bare)
        }
    }

    private var places: [String: Int32] = [:]
    private(set) var all: [PayerName] = []
    private var fits: [Words: PayerName.Fit] = [:]

    /// - Parameter counts: how many customers of a larger ledger share a word.
    mutating func place(_ text: String, _ catalogue: Catalogue, counts: [UInt64: Int]) -> Int32 {
        if let known = places[text] { return known }
        let party = PartyName(text)
        let words = Words(party)
        let fit = fits[words] ?? PayerName.fit(party, catalogue, counts: counts)
        fits[words] = fit
        return add(PayerName(text, fit), text)
    }

    private mutating func add(_ name: PayerName, _ text: String) -> Int32 {
        let place = Int32(truncatingIfNeeded: all.count)
        places[text] = place
        all.append(name)
        return place
    }

    /// Takes over what is new in the others, and gives them what is known here: nobody keeps a name twice.
    mutating func share(_ others: inout PayerNames) {
        // order-free: each name by itself
        for (text, place) in others.places {
            if let known = places[text] {
                others.all[Int(place)] = all[Int(known)]
            } else {
                _ = add(others.all[Int(place)], text)
            }
        }
    }

    /// Whom names fit is known with each name: all but those of a provider's report have come.
    mutating func forgetFits() { fits = [:] }
}
