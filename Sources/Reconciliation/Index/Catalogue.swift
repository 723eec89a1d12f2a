// SPDX-License-Identifier: Apache-2.0

import Documents

/// What does not change during a run: items and customers, and the keys a payment's text can reach them by.
final class Catalogue: Sendable {
    let shelf: ItemShelf
    /// What the rules ask of an item again and again, without its texts.
    let facts: [ItemShelf.Facts]
    let customers: [MatchCustomer]
    /// The customer's place in `customers`, or -1.
    let customerOf: [Int32]
    /// Each item's rank in the order of issue.
    let issueRank: [Int32]
    /// Each customer's items, ascending: those of customer `c` are from `ownedFrom[c]` on.
    private let owned: [Int32]
    private let ownedFrom: [Int32]
    /// Open or once open credit notes of each customer, oldest first.
    let credits: [[Int32]]
    let names: [PartyName?]
    let parentNames: [PartyName?]

    let numbers: ChainIndex
    let references: ChainIndex
    let customerReferences: CustomerReferences
    let orders: ChainIndex
    let cores: CoreIndex
    let numberLengths: Lengths
    let referenceLengths: Lengths
    let orderLengths: Lengths
    let customerNumberLengths: Lengths
    let hasDiscounts: Bool
    let seriesPrefixes: Set<[UInt8]>
    let patterns: NumberPatterns
    private let digitsOnlyLengths: Lengths

    /// Numbers and references as they are compared, by item.
    let numberTexts: TextArena
    let referenceTexts: TextArena
    private let numberParts: [NumberParts]

    let customerNumbers: ChainIndex
    let accounts: AccountIndex
    let parentAccounts: AccountIndex
    let nameWords: WordIndex
    let fullNames: ChainIndex
    private let customerPlaces: [String: Int32]
    /// The item that took an item's place.
    private let successors: [Int32: Int32]
    /// By customer, whether a larger ledger has more of theirs; empty where nothing is missing.
    let isPartial: [Bool]

    /// Which lengths, up to 63, some key has: most lookups end here.
    struct Lengths: Sendable {
        private var mask: UInt64 = 0
        init() {}
        init(_ mask: UInt64) { self.mask = mask }
        mutating func insert(_ length: Int) { if length < 64 { mask |= 1 << UInt64(length) } }
        func contains(_ length: Int) -> Bool { length < 64 && length > 0 && mask >> UInt64(length) & 1 == 1 }
        func hasAny(from length: Int) -> Bool { mask >> UInt64(length) != 0 }
        /// One character more or less counts too.
        func isNear(_ length: Int) -> Bool {
            contains(length) || contains(length - 1) || contains(length + 1)
        }
    }

    /// - Parameter larger: what is known of the whole ledger, where this is a part of it.
    init(_ ledger: MatchLedger, _ texts: ItemIndex, _ amounts: ItemAmounts, larger: Frequencies? = nil) {
        let shapes = larger?.shapes
        let (shelf, people) = (ledger.shelf, ledger.people)
        self.shelf = shelf.withoutBalances()
        facts = shelf.facts
        customerOf = ledger.customerOf
        customers = people.customers
        isPartial = larger?.whole.map { whole in people.customers.map { !whole.contains($0.id) } } ?? []
        customerPlaces = people.places
        (names, parentNames) = (people.names, people.parentNames)
        (customerNumbers, customerNumberLengths) = (people.numbers, people.numberLengths)
        (accounts, parentAccounts, nameWords) = (people.accounts, people.parentAccounts, people.nameWords)
        fullNames = people.fullNames
        (numbers, numberTexts, numberParts, cores) = (texts.numbers, texts.numberTexts, texts.numberParts, texts.cores)
        (references, referenceLengths) = (texts.references, texts.referenceLengths)
        customerReferences = texts.customerReferences
        (orders, orderLengths) = (texts.orders, texts.orderLengths)
        referenceTexts = shelf.references
        hasDiscounts = shelf.hasDiscounts
        numberLengths = shapes.map { Lengths($0.lengths) } ?? texts.numberLengths
        digitsOnlyLengths = shapes.map { Lengths($0.digitsOnlyLengths) } ?? texts.digitsOnlyLengths
        seriesPrefixes = shapes?.prefixes ?? texts.seriesPrefixes
        patterns = NumberPatterns(shapes?.patterns ?? texts.patterns)
        issueRank = amounts.issueRank
        (owned, ownedFrom) = Self.byOwner(customerOf, count: people.customers.count)
        credits = Self.credits(shelf, customerOf, count: people.customers.count)
        var successors: [Int32: Int32] = [:]
        // order-free: each item by itself
        for (place, id) in shelf.successors {
            if let next = Self.place(ofItem: id, shelf.ids, count: shelf.count) { successors[place] = next }
        }
        self.successors = successors
    }

    private static func byOwner(_ customerOf: [Int32], count: Int) -> (items: [Int32], from: [Int32]) {
        var from: [Int32] = Array(repeating: 0, count: count + 1)
        for customer in customerOf where customer >= 0 { from[Int(customer) + 1] += 1 }
        for customer in 0..<count { from[customer + 1] += from[customer] }
        var next = from
        var items: [Int32] = Array(repeating: 0, count: Int(from[count]))
        for (place, customer) in customerOf.enumerated() where customer >= 0 {
            items[Int(next[Int(customer)])] = Int32(truncatingIfNeeded: place)
            next[Int(customer)] += 1
        }
        return (items, from)
    }

    private static func credits(_ shelf: ItemShelf, _ customerOf: [Int32], count: Int) -> [[Int32]] {
        var credits: [[Int32]] = Array(repeating: [], count: count)
        for place in shelf.facts.indices where shelf.facts[place].total < 0 || shelf.open[place] < 0 {
            if customerOf[place] >= 0 { credits[Int(customerOf[place])].append(Int32(truncatingIfNeeded: place)) }
        }
        return credits
    }

    /// See `Foresight`.
    func foresee(_ sights: [Foresight]) -> Int {
        var seen = 0
        for sight in sights where sight.item >= 0 {
            seen &+= Int(truncatingIfNeeded: facts[Int(sight.item)].total)
            seen &+= shelf.ids.foresee(sight.item) &+ shelf.numbers.foresee(sight.item)
        }
        for sight in sights where sight.customer >= 0 {
            seen &+= customers[Int(sight.customer)].name == nil ? 0 : 1
        }
        return seen
    }

    /// Everything that the customer ever had, ascending.
    func items(of customer: Int32) -> ArraySlice<Int32> {
        customer < 0 ? [] : owned[Int(ownedFrom[Int(customer)])..<Int(ownedFrom[Int(customer) + 1])]
    }

    func customer(_ id: String) -> Int32? { customerPlaces[id] }
    func place(ofItem id: String) -> Int32? { Self.place(ofItem: id, shelf.ids, count: facts.count) }

    private static func place(ofItem id: String, _ ids: TextArena, count: Int) -> Int32? {
        let bytes = Array(id.utf8)[...]
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if ids.precedes(Int32(truncatingIfNeeded: middle), bytes) { low = middle + 1 } else { high = middle }
        }
        let place = Int32(truncatingIfNeeded: low)
        return low < count && ids.holds(bytes, at: place) ? place : nil
    }

    /// The item of a line.
    func place(of line: Line) -> Int32? { line.place >= 0 ? line.place : place(ofItem: line.itemID) }

    /// Lines of an earlier run, with the items' places of this one.
    func placed(_ lines: [Line]) -> [Line] {
        lines.map { line in
            var placed = line
            placed.place = place(ofItem: line.itemID) ?? -1
            return placed
        }
    }

    /// Items by their place.
    var items: CatalogueItems { CatalogueItems(catalogue: self) }

    func id(_ item: Int32) -> String { shelf.ids.text(item) }
    /// The number the customer knows.
    func writtenNumber(_ item: Int32) -> String { shelf.numbers.text(item) }
    /// The order's number, letters and digits only; empty where there is none.
    func order(_ item: Int32) -> ArraySlice<UInt8> { shelf.orders[item] }
    var hasPrepaid: Bool { !shelf.prepaid.isEmpty }
    func prepaid(_ item: Int32) -> ItemShelf.Prepaid? { shelf.prepaid.isEmpty ? nil : shelf.prepaid[item] }
    func discounts(_ item: Int32) -> ArraySlice<ItemShelf.Discount> { shelf.discounts(item) }
    func invoiceID(_ item: Int32) -> String { shelf.invoices[item] ?? id(item) }
    func areOfOneInvoice(_ left: Int32, _ right: Int32) -> Bool {
        left == right || !shelf.invoices.isEmpty && invoiceID(left) == invoiceID(right)
    }
    /// The number of the invoice that a credit note corrects.
    func corrected(_ credit: Int32) -> String? { shelf.corrected[credit] }
    func successor(_ item: Int32) -> Int32? { successors.isEmpty ? nil : successors[item] }

    func number(_ item: Int32) -> ArraySlice<UInt8> { numberTexts[item] }

    /// Words meet by their first four letters, so that abbreviated ones still do, and by their first six.
    static func wordKeys(_ word: [UInt8]) -> [UInt64] {
        guard word.count >= 3 else { return [] }
        return word.count < 6 ? [KeyHash.of(word.prefix(4))] : [KeyHash.of(word.prefix(4)), KeyHash.of(word.prefix(6))]
    }

    /// A customer's word is found as it is written with its umlauts, and without them.
    static func wordKeys(of word: PartyName.Word) -> [UInt64] {
        wordKeys(word.bytes) + (word.plain.map { wordKeys($0) } ?? [])
    }

    /// The key that finds every word that this one equals or begins; nil for one that is too short to tell.
    static func wordKey(_ word: [UInt8]) -> UInt64? {
        word.count < 3 ? nil : KeyHash.of(word.prefix(word.count < 6 ? 4 : 6))
    }

    /// The customer's items, ascending, that may have this running part: the last `limit` of them that were found.
    func items(of customer: Int32, core: ArraySlice<UInt8>, limit: Int) -> [Int32] {
        cores.values(of: customer, core, limit: limit).filter { hasCore($0, core) }
    }

    /// The running part of a number as people shorten it: its last digits without leading zeros, and the same
    /// without the year of issue in front.
    func running(_ item: Int32) -> (whole: ArraySlice<UInt8>, short: ArraySlice<UInt8>?) {
        numberParts[Int(item)].running(of: numberTexts[item])
    }

    /// - Parameter digits: without leading zeros.
    func hasCore(_ item: Int32, _ digits: ArraySlice<UInt8>) -> Bool {
        guard !digits.isEmpty else { return false }
        let (whole, short) = running(item)
        return whole == digits || short == digits
    }

    /// The digits behind the year, with their zeros, where the last run of digits starts with the year of issue.
    func sequence(_ item: Int32) -> ArraySlice<UInt8> {
        numberParts[Int(item)].lastDigits(of: numberTexts[item]).dropFirst(Int(numberParts[Int(item)].year))
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

/// The items of a catalogue, as they were given.
struct CatalogueItems {
    let catalogue: Catalogue
    var count: Int { catalogue.facts.count }
    subscript(_ place: Int) -> CatalogueItem {
        CatalogueItem(catalogue: catalogue, place: Int32(truncatingIfNeeded: place))
    }
}

/// One item; its texts are made when they are asked for.
struct CatalogueItem {
    let catalogue: Catalogue
    let place: Int32

    private var facts: ItemShelf.Facts { catalogue.facts[Int(place)] }
    var id: String { catalogue.id(place) }
    var number: String { catalogue.writtenNumber(place) }
    var customerID: String? {
        let customer = catalogue.customerOf[Int(place)]
        return customer < 0 ? nil : catalogue.customers[Int(customer)].id
    }
    var kind: MatchItem.Kind { facts.kind }
    var currency: Currency { facts.currency }
    var issuedOn: Day { facts.issuedOn }
    var total: Int64 { facts.total }
}
