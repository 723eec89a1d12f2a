// SPDX-License-Identifier: Apache-2.0

import Documents

/// The keys of items while a catalogue is made.
package struct ItemIndex: Sendable {
    private(set) var numbers = ChainIndex()
    private(set) var references = ChainIndex()
    private(set) var customerReferences = CustomerReferences()
    private(set) var orders = ChainIndex()
    private(set) var cores = CoreIndex()
    private(set) var numberTexts: TextArena
    private(set) var numberParts: [NumberParts] = []
    private(set) var numberLengths = Catalogue.Lengths()
    private(set) var referenceLengths = Catalogue.Lengths()
    private(set) var orderLengths = Catalogue.Lengths()
    private(set) var digitsOnlyLengths = Catalogue.Lengths()
    private(set) var seriesPrefixes: Set<[UInt8]> = []
    private(set) var patterns: Set<NumberPattern> = []

    private typealias Keys = [(key: UInt64, value: Int32)]

    init(_ shelf: ItemShelf, _ customerOf: [Int32], customers: Int) {
        numberTexts = TextArena(capacity: shelf.count)
        numberParts.reserveCapacity(shelf.count)
        var (numbers, references, orders): (Keys, Keys, Keys) = ([], [], [])
        var cores: [CoreIndex.Entry] = []
        numbers.reserveCapacity(shelf.count)
        cores.reserveCapacity(shelf.count * 2)
        var (prefixes, patterns) = (KeyTable(), KeyTable())
        for place in 0..<Int32(truncatingIfNeeded: shelf.count) {
            let folded = Folding.fold(shelf.numbers[place])
            let number = Folding.canonical(folded: folded)
            numberTexts.append(number)
            let parts = NumberParts(folded, issuedIn: shelf.facts[Int(place)].issuedOn.year)
            numberParts.append(parts)
            if !number.isEmpty {
                numbers.append((KeyHash.of(number), place))
                learn(number, &prefixes)
                learn(folded, patterns: &patterns)
                let customer = customerOf[Int(place)]
                let (whole, short) = parts.running(of: number[...])
                if customer >= 0, !whole.isEmpty { cores.append(CoreIndex.Entry(customer, whole, place)) }
                if customer >= 0, let short { cores.append(CoreIndex.Entry(customer, short, place)) }
            }
            let reference = shelf.references[place]
            if reference.count >= 4 {
                references.append((KeyHash.of(reference), place))
                referenceLengths.insert(reference.count)
            }
            let order = shelf.orders[place]
            if order.count >= 5 {
                orders.append((KeyHash.of(order), place))
                orderLengths.insert(order.count)
            }
        }
        self.numbers = ChainIndex(numbers)
        self.references = ChainIndex(references)
        customerReferences = CustomerReferences(self.references, shelf, customerOf)
        self.orders = ChainIndex(orders)
        self.cores = CoreIndex(cores, customers: customers)
    }

    private mutating func learn(_ folded: [UInt8], patterns seen: inout KeyTable) {
        guard patterns.count <= NumberPatterns.patternsMax else { return }
        let key = NumberPattern.hash(folded)
        guard seen[key] == nil else { return }
        seen.set(1, for: key)
        if let pattern = NumberPattern(folded) { patterns.insert(pattern) }
    }

    /// What numbers of this ledger look like.
    private mutating func learn(_ number: [UInt8], _ prefixes: inout KeyTable) {
        numberLengths.insert(number.count)
        var prefix = KeyHash()
        var count = 0
        while count < number.count, !Folding.isDigit(number[count]) {
            prefix.add(number[count])
            count += 1
        }
        if prefixes[prefix.value] == nil {
            prefixes.set(1, for: prefix.value)
            seriesPrefixes.insert(Array(number.prefix(count)))
        }
        if count == 0, number.allSatisfy(Folding.isDigit) { digitsOnlyLengths.insert(number.count) }
    }
}

/// Customers by their accounts.
struct AccountIndex: Sendable {
    private var places = ChainIndex()
    private var texts = TextArena()
    private var owners: [Int32] = []

    /// - Parameter account: letters and digits only.
    mutating func insert(_ account: [UInt8], of customer: Int32) {
        places.insert(Int32(truncatingIfNeeded: owners.count), for: KeyHash.of(account))
        texts.append(account)
        owners.append(customer)
    }

    /// The customers of an account, those that were added last where there are more than `limit`.
    func owners(of account: [UInt8], _ key: UInt64, limit: Int) -> [Int32] {
        places.values(key, limit: limit) { texts.holds(account[...], at: $0) }.map { owners[Int($0)] }
    }
}

/// The keys of customers while a catalogue is made.
struct CustomerIndex: Sendable {
    private(set) var customers: [MatchCustomer]
    private(set) var places: [String: Int32] = [:]
    private(set) var names: [PartyName?] = []
    private(set) var parentNames: [PartyName?] = []
    private(set) var numbers = ChainIndex()
    private(set) var numberLengths = Catalogue.Lengths()
    private(set) var accounts = AccountIndex()
    private(set) var parentAccounts = AccountIndex()
    private(set) var nameWords = WordIndex()
    /// By their whole names, as these may stand in a text.
    private(set) var fullNames = ChainIndex()

    /// - Parameter customers: in the order of their ids.
    init(_ customers: [MatchCustomer]) {
        self.customers = customers
        places.reserveCapacity(customers.count)
        for (place, customer) in customers.enumerated() { places[customer.id] = Int32(truncatingIfNeeded: place) }
    }

    /// Where the customer is; one that no record is of gets a place of its own.
    mutating func place(_ id: String) -> Int32 {
        if let known = places[id] { return known }
        let place = Int32(truncatingIfNeeded: customers.count)
        places[id] = place
        customers.append(MatchCustomer(id: id))
        return place
    }

    mutating func index() {
        for (index, customer) in customers.enumerated() {
            let place = Int32(truncatingIfNeeded: index)
            names.append(customer.name.map { PartyName($0) })
            parentNames.append(customer.parentName.map { PartyName($0) })
            if let number = customer.number {
                let canonical = Folding.canonical(number)
                numbers.insert(place, for: KeyHash.of(canonical))
                numberLengths.insert(canonical.count)
            }
            for account in customer.accounts { accounts.insert(Folding.canonical(account), of: place) }
            if let account = customer.parentAccount { parentAccounts.insert(Folding.canonical(account), of: place) }
            nameWords.append([names[index], parentNames[index]])
            if let key = names[index].flatMap({ FullName.key($0) }) { fullNames.insert(place, for: key) }
        }
        nameWords.finish()
    }
}
