// SPDX-License-Identifier: Apache-2.0

/// A company's keys as a store keeps them: one number each, of whatever kind and company, so that one index holds all.
package struct KeyScope: Sendable {
    private let company: Int64

    package init(company: String) { self.company = Int64(bitPattern: KeyHash.of(company)) }

    /// Of numbers, references, orders, customer numbers and accounts.
    package func text(_ key: UInt64) -> Int64 { mix(1, Int64(bitPattern: key)) }
    /// Of the words of customers' names.
    package func word(_ key: UInt64) -> Int64 { mix(2, Int64(bitPattern: key)) }
    /// Of those who paid: `MatchKeys.payer`.
    package func payer(_ key: UInt64) -> Int64 { mix(3, Int64(bitPattern: key)) }
    /// Of what items ask for, in minor units.
    package func amount(_ amount: Int64) -> Int64 { mix(4, amount) }
    /// Of what settles an item beside what it asks for: a part that is proved or open, or all but a discount.
    package func settling(_ amount: Int64) -> Int64 { mix(5, amount) }

    private func mix(_ kind: UInt8, _ value: Int64) -> Int64 {
        var hash = KeyHash()
        hash.add(company)
        hash.add(kind)
        hash.add(value)
        return Int64(bitPattern: hash.value)
    }
}

/// Whose a payer's name may be: step one of `Workspace.payerName`, for whoever fetches the customers.
package struct NameSearch {
    private let name: PartyName
    /// One per word that can tell, in the order of the words.
    package let keys: [UInt64]
    /// Of the words that whoever has the name has as well (`WordIndex.asked`).
    package let needed: [UInt64]
    package let isProvider: Bool

    package init(_ text: String) { self.init(PartyName(text)) }

    /// Whom the name may mean, and whom each of two that it names together, or what is left without an address.
    package static func searches(_ text: String) -> [NameSearch] {
        let name = PartyName(text)
        return [NameSearch(name)] + (name.people + name.bare).map { NameSearch($0) }
    }

    private init(_ name: PartyName) {
        self.name = name
        keys = name.words.compactMap { Catalogue.wordKey($0.bytes) }
        needed = name.words.filter { $0.bytes.count >= 4 }.compactMap { Catalogue.wordKey($0.bytes) }
        isProvider = Provider.isOne(name)
    }

    /// Whether it may be a provider's payout: of any, or of one of these books.
    package func mayPayOut(_ sources: [String]) -> Bool {
        isProvider || sources.contains { Provider.isNamed(name, by: $0) }
    }

    /// The word that fewest customers share; nil where nobody has any of them.
    package func leading(_ counts: [UInt64: Int]) -> UInt64? {
        var best: (key: UInt64, count: Int)?
        for key in keys {
            guard let count = counts[key], count > 0, count < best?.count ?? .max else { continue }
            best = (key, count)
        }
        return best?.key
    }

    /// The places of the candidates that are likest the name.
    package func likest(_ candidates: [CustomerName]) -> [Int] {
        var best = PartyName.Likeness.none
        var places: [Int] = []
        for (place, candidate) in candidates.enumerated() {
            var likeness = candidate.own.map { name.likeness(to: $0) } ?? .none
            if likeness < .full, let parent = candidate.parent { likeness = max(likeness, name.likeness(to: parent)) }
            if likeness > best { (best, places) = (likeness, []) }
            if likeness == best, likeness > .none { places.append(place) }
        }
        return places
    }

    /// The places of the candidates whose name, or whose parent's, is just that, with its legal form.
    package func exact(_ candidates: [CustomerName]) -> [Int] {
        candidates.indices.filter { place in
            [candidates[place].own, candidates[place].parent].contains { $0.map(name.isExactly) ?? false }
        }
    }
}

/// A customer's name and its parent's, as they are compared.
package struct CustomerName {
    fileprivate let own: PartyName?
    fileprivate let parent: PartyName?

    package init(name: String?, parent: String?) {
        own = name.map { PartyName($0) }
        self.parent = parent.map { PartyName($0) }
    }
}

extension Neighbourhood {
    /// The lines behind the payouts that some bank entries may be, each as a payment of its own.
    package static func charges(_ charges: [SettledCharge], behind payments: [MatchPayment]) -> [MatchPayment] {
        let payouts = Payouts(charges)
        var ids: Set<String> = []
        var found: [MatchPayment] = []
        for payment in payments {
            for id in payouts.candidates(for: payment) where ids.insert(id).inserted {
                found += payouts.places(of: id).map { payouts.payment($0) }
            }
        }
        return found
    }
}
