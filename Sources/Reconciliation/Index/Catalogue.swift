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

    /// Numbers and references as they are compared, by item.
    private(set) var numberTexts: TextArena
    private(set) var referenceTexts: TextArena
    private var numberParts: [NumberParts] = []

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
        items = Self.isOrdered(unordered) ? unordered : unordered.sorted { $0.id < $1.id }
        customers = unorderedCustomers.sorted { $0.id < $1.id }
        numberTexts = TextArena(capacity: items.count)
        referenceTexts = TextArena()
        numbers = ChainIndex(capacity: items.count)
        references = ChainIndex(capacity: items.count)
        orders = ChainIndex(capacity: items.count / 2)
        cores = ChainIndex(capacity: items.count * 2)
        for (place, customer) in customers.enumerated() {
            customerPlaces[customer.id] = Int32(truncatingIfNeeded: place)
        }
        customerOf.reserveCapacity(items.count)
        for item in items {
            guard let id = item.customerID else {
                customerOf.append(-1)
                continue
            }
            if let known = customerPlaces[id] {
                customerOf.append(known)
                continue
            }
            let place = Int32(truncatingIfNeeded: customers.count)
            customerPlaces[id] = place
            customers.append(MatchCustomer(id: id))
            customerOf.append(place)
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

    private static func isOrdered(_ items: [MatchItem]) -> Bool {
        for index in items.indices.dropFirst() where items[index].id < items[index - 1].id { return false }
        return true
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

    /// The item of a line: where it was when the line was made, if that is still it.
    func place(of line: Line) -> Int32? {
        let place = Int(line.place)
        if place >= 0, place < items.count, items[place].id == line.itemID { return line.place }
        return itemPlaces[line.itemID]
    }

    func number(_ item: Int32) -> ArraySlice<UInt8> { numberTexts[item] }

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
                for word in name?.words ?? [] {
                    for key in Self.wordKeys(word.bytes) { nameWords.insert(place, for: key) }
                }
            }
        }
    }

    /// Words meet by their first four letters, so that abbreviated ones still do, and by their first six.
    static func wordKeys(_ word: [UInt8]) -> [UInt64] {
        guard word.count >= 3 else { return [] }
        return word.count < 6 ? [KeyHash.of(word.prefix(4))] : [KeyHash.of(word.prefix(4)), KeyHash.of(word.prefix(6))]
    }

    /// The key that finds every word that this one equals or begins; nil for one that is too short to tell.
    static func wordKey(_ word: [UInt8]) -> UInt64? {
        word.count < 3 ? nil : KeyHash.of(word.prefix(word.count < 6 ? 4 : 6))
    }

    private mutating func indexItems() {
        itemPlaces.reserveCapacity(items.count)
        numberParts.reserveCapacity(items.count)
        var prefixes = KeyTable()
        for (index, item) in items.enumerated() {
            let place = Int32(truncatingIfNeeded: index)
            itemPlaces[item.id] = place
            if !item.discounts.isEmpty { hasDiscounts = true }
            let customer = customerOf[index]
            if item.total < 0 || item.open < 0, customer >= 0 { credits[Int(customer)].append(place) }
            indexNumber(item, place, customer, &prefixes)
            let reference = item.structuredReference.map { StructuredReference.canonical($0) } ?? ""
            referenceTexts.append(reference)
            if reference.utf8.count >= 4 {
                references.insert(place, for: KeyHash.of(reference))
                referenceLengths.insert(reference.utf8.count)
            }
            guard let order = item.purchaseOrder else { continue }
            let key = Folding.canonical(order)
            if key.count >= 5 {
                orders.insert(place, for: KeyHash.of(key))
                orderLengths.insert(key.count)
            }
        }
    }

    private mutating func indexNumber(
        _ item: MatchItem, _ place: Int32, _ customer: Int32, _ prefixes: inout KeyTable
    ) {
        let number = Folding.canonical(item.number)
        numberTexts.append(number)
        numberParts.append(NumberParts(item.number, issuedIn: item.issuedOn.year))
        guard !number.isEmpty else { return }
        numbers.insert(place, for: KeyHash.of(number))
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
        let (whole, short) = running(place)
        if !whole.isEmpty { cores.insert(place, for: Self.coreKey(customer: customer, whole)) }
        if let short { cores.insert(place, for: Self.coreKey(customer: customer, short)) }
    }

    static func coreKey(customer: Int32, _ core: ArraySlice<UInt8>) -> UInt64 {
        var hash = KeyHash()
        for byte in core { hash.add(byte) }
        hash.add(Int64(customer))
        return hash.value
    }

    private func lastDigits(_ item: Int32) -> ArraySlice<UInt8> {
        let number = numberTexts[item]
        let parts = numberParts[Int(item)]
        return number.dropLast(Int(parts.tail)).suffix(Int(parts.digits))
    }

    /// The running part of a number as people shorten it: its last digits without leading zeros, and the same
    /// without the year of issue in front.
    func running(_ item: Int32) -> (whole: ArraySlice<UInt8>, short: ArraySlice<UInt8>?) {
        let digits = lastDigits(item)
        let whole = digits.drop { $0 == 0x30 }
        let year = Int(numberParts[Int(item)].year)
        guard year > 0, !whole.isEmpty else { return (whole, nil) }
        let rest = digits.dropFirst(year).drop { $0 == 0x30 }
        return (whole, rest.isEmpty || rest.count >= whole.count ? nil : rest)
    }

    /// - Parameter digits: without leading zeros.
    func hasCore(_ item: Int32, _ digits: ArraySlice<UInt8>) -> Bool {
        guard !digits.isEmpty else { return false }
        let (whole, short) = running(item)
        return whole == digits || short == digits
    }

    /// The digits behind the year, with their zeros, where the last run of digits starts with the year of issue.
    func sequence(_ item: Int32) -> ArraySlice<UInt8> {
        lastDigits(item).dropFirst(Int(numberParts[Int(item)].year))
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
