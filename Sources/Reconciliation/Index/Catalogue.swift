// SPDX-License-Identifier: Apache-2.0

import Documents

/// What does not change during a run: items and customers, and the keys a payment's text can reach them by.
struct Catalogue {
    let items: [MatchItem]
    /// What the rules ask of an item again and again, without its texts.
    private(set) var facts: [Facts] = []
    private(set) var customers: [MatchCustomer]
    /// The customer's place in `customers`, or -1.
    private(set) var customerOf: [Int32] = []
    /// All items in the order of issue, and each item's rank in it.
    private(set) var byIssue: [Int32] = []
    private(set) var issueRank: [Int32] = []
    /// Open or once open credit notes of each customer, oldest first.
    private(set) var credits: [[Int32]] = []
    private(set) var names: [PartyName?] = []
    private(set) var parentNames: [PartyName?] = []

    private(set) var numbers: ChainIndex
    private(set) var references: ChainIndex
    private(set) var orders: ChainIndex
    private(set) var cores: ChainIndex
    private(set) var numberLengths = Lengths()
    private(set) var referenceLengths = Lengths()
    private(set) var orderLengths = Lengths()
    private(set) var customerNumberLengths = Lengths()
    private(set) var hasDiscounts = false
    private var seriesPrefixes: Set<[UInt8]> = []
    private var digitsOnlyLengths = Lengths()

    private(set) var customerNumbers = ChainIndex()
    private(set) var accounts = ChainIndex()
    private(set) var parentAccounts = ChainIndex()
    private(set) var nameWords = ChainIndex()
    private var customerPlaces: [String: Int32] = [:]
    private var itemPlaces: [String: Int32] = [:]

    /// The plain numbers of an item: an array of these is read without touching its texts.
    struct Facts {
        var total: Int64
        var issuedOn: Day
        /// The day of issue where the document names none.
        var dueOn: Day
        var statedAsOf: Day?
        var currency: Currency
        var kind: MatchItem.Kind
    }

    /// Which lengths, up to 63, some key has: most lookups end here.
    struct Lengths {
        private var mask: UInt64 = 0
        init() {}
        init(_ mask: UInt64) { self.mask = mask }
        mutating func insert(_ length: Int) { if length < 64 { mask |= 1 << UInt64(length) } }
        func contains(_ length: Int) -> Bool { length < 64 && length > 0 && mask >> UInt64(length) & 1 == 1 }
        /// One character more or less counts too.
        func isNear(_ length: Int) -> Bool {
            contains(length) || contains(length - 1) || contains(length + 1)
        }
    }

    init(items unordered: [MatchItem], customers unorderedCustomers: [MatchCustomer], shapes: NumberShapes? = nil) {
        // The places that decide ties below must not depend on the order of the input.
        items = unordered.sorted { $0.id < $1.id }
        customers = unorderedCustomers.sorted { $0.id < $1.id }
        numbers = ChainIndex(capacity: items.count)
        references = ChainIndex(capacity: items.count)
        orders = ChainIndex(capacity: items.count / 2)
        cores = ChainIndex(capacity: items.count * 2)
        for (place, customer) in customers.enumerated() {
            customerPlaces[customer.id] = Int32(truncatingIfNeeded: place)
        }
        for item in items {
            if let id = item.customerID, customerPlaces[id] == nil {
                customerPlaces[id] = Int32(truncatingIfNeeded: customers.count)
                customers.append(MatchCustomer(id: id))
            }
        }
        facts = items.map {
            Facts(
                total: $0.total, issuedOn: $0.issuedOn, dueOn: $0.dueOn ?? $0.issuedOn, statedAsOf: $0.statedAsOf,
                currency: $0.currency, kind: $0.kind)
        }
        indexCustomers()
        indexItems()
        orderByIssue()
        if let shapes {
            numberLengths = Lengths(shapes.lengths)
            digitsOnlyLengths = Lengths(shapes.digitsOnlyLengths)
            seriesPrefixes = shapes.prefixes
        }
    }

    private mutating func orderByIssue() {
        let days = facts.map { Int64($0.issuedOn.number) }
        // One number each, so that a million items sort without touching them again.
        let keys = days.enumerated().map { $1 << 32 | Int64($0) }.sorted()
        byIssue = keys.map { Int32(truncatingIfNeeded: $0 & 0xFFFF_FFFF) }
        issueRank = Array(repeating: 0, count: items.count)
        for (rank, place) in byIssue.enumerated() { issueRank[Int(place)] = Int32(truncatingIfNeeded: rank) }
    }

    func customer(_ id: String) -> Int32? { customerPlaces[id] }
    func place(ofItem id: String) -> Int32? { itemPlaces[id] }
    func number(_ item: Int32) -> [UInt8] { Folding.canonical(items[Int(item)].number) }

    private mutating func indexCustomers() {
        credits = Array(repeating: [], count: customers.count)
        for (index, customer) in customers.enumerated() {
            let place = Int32(truncatingIfNeeded: index)
            names.append(customer.name.map { PartyName($0) })
            parentNames.append(customer.parentName.map { PartyName($0) })
            if let number = customer.number {
                let canonical = Folding.canonical(number)
                customerNumbers.insert(place, for: KeyHash.of(canonical))
                customerNumberLengths.insert(canonical.count)
            }
            for account in customer.accounts {
                accounts.insert(place, for: KeyHash.of(Folding.canonical(account)))
            }
            if let account = customer.parentAccount {
                parentAccounts.insert(place, for: KeyHash.of(Folding.canonical(account)))
            }
            for name in [names[index], parentNames[index]] {
                for word in name?.words ?? [] where word.bytes.count >= 3 {
                    nameWords.insert(place, for: Self.wordKey(word.bytes))
                }
            }
        }
    }

    /// Words meet by their first four letters, so that abbreviated ones still do.
    static func wordKey(_ word: [UInt8]) -> UInt64 { KeyHash.of(word.prefix(4)) }

    private mutating func indexItems() {
        customerOf.reserveCapacity(items.count)
        itemPlaces.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            let place = Int32(truncatingIfNeeded: index)
            itemPlaces[item.id] = place
            if !item.discounts.isEmpty { hasDiscounts = true }
            let customer = item.customerID.flatMap { customerPlaces[$0] } ?? -1
            customerOf.append(customer)
            if item.total < 0 || item.open < 0, customer >= 0 { credits[Int(customer)].append(place) }
            let number = Folding.canonical(item.number)
            if !number.isEmpty {
                numbers.insert(place, for: KeyHash.of(number))
                numberLengths.insert(number.count)
                let prefix = number.prefix { !Folding.isDigit($0) }
                seriesPrefixes.insert(Array(prefix))
                if prefix.isEmpty, number.allSatisfy(Folding.isDigit) { digitsOnlyLengths.insert(number.count) }
            }
            for core in Self.cores(of: item) {
                cores.insert(place, for: Self.coreKey(customer: customer, core))
            }
            if let reference = item.structuredReference {
                let key = StructuredReference.canonical(reference)
                if key.utf8.count >= 4 {
                    references.insert(place, for: KeyHash.of(key))
                    referenceLengths.insert(key.utf8.count)
                }
            }
            if let order = item.purchaseOrder {
                let key = Folding.canonical(order)
                if key.count >= 5 {
                    orders.insert(place, for: KeyHash.of(key))
                    orderLengths.insert(key.count)
                }
            }
        }
    }

    static func coreKey(customer: Int32, _ core: ArraySlice<UInt8>) -> UInt64 {
        var hash = KeyHash()
        for byte in core { hash.add(byte) }
        hash.add(Int64(customer))
        return hash.value
    }

    /// The running part of a number as people shorten it: its last digits without leading zeros, and the same
    /// without the year of issue in front.
    static func cores(of item: MatchItem) -> [ArraySlice<UInt8>] {
        let digits = lastDigits(of: item.number)
        let whole = digits.drop { $0 == 0x30 }
        guard !whole.isEmpty else { return [] }
        var found = [whole]
        if let year = yearDigits(in: digits, of: item) {
            let rest = digits.dropFirst(year).drop { $0 == 0x30 }
            if !rest.isEmpty, rest.count < whole.count { found.append(rest) }
        }
        return found
    }

    /// The digits behind the year, with their zeros, where the last run of digits starts with the year of issue.
    static func sequence(of item: MatchItem) -> ArraySlice<UInt8> {
        let digits = lastDigits(of: item.number)
        return digits.dropFirst(yearDigits(in: digits, of: item) ?? 0)
    }

    private static func lastDigits(of number: String) -> ArraySlice<UInt8> {
        let bytes = Folding.fold(number).bytes
        let end = (bytes.lastIndex(where: Folding.isDigit) ?? -1) + 1
        var start = end
        while start > 0, Folding.isDigit(bytes[start - 1]) { start -= 1 }
        return bytes[start..<end]
    }

    private static func yearDigits(in digits: ArraySlice<UInt8>, of item: MatchItem) -> Int? {
        let year = item.issuedOn.year
        for length in [4, 2] where digits.count >= length + 3 {
            let value = digits.prefix(length).reduce(0) { $0 * 10 + Int($1 - 0x30) }
            if value == (length == 4 ? year : year % 100) { return length }
        }
        return nil
    }

    /// Whether text looks like one of this ledger's own invoice numbers although none was issued like it.
    func looksLikeNumber(_ bytes: [UInt8]) -> Bool {
        let prefix = Array(bytes.prefix { !Folding.isDigit($0) })
        guard bytes.count >= 5, bytes.count - prefix.count >= 3, numberLengths.isNear(bytes.count) else {
            return false
        }
        if prefix.isEmpty { return bytes.allSatisfy(Folding.isDigit) ? digitsOnlyLengths.isNear(bytes.count) : true }
        return seriesPrefixes.contains(prefix)
    }
}
