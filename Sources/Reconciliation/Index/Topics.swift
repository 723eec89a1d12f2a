// SPDX-License-Identifier: Apache-2.0

/// What a decision is made from, and when that last changed: a payment that waits is decided again only then.
///
/// A topic is a customer (balances, claims, habits of theirs) or a key: an amount, a payer, an amount of payments, an
/// item of nobody's.
final class Topics {
    /// Counts every change.
    private(set) var clock: Int32 = 0
    private var customers: [Int32]
    /// Only those that a payment waits on; 0 for what has not changed since one does.
    private var keys = KeyTable()
    /// What the payment on the table was decided from.
    private var read = Read()

    struct Read {
        var customers: [Int32] = []
        var keys: [UInt64] = []
    }

    init(customers: Int) { self.customers = Array(repeating: 0, count: customers) }

    static func key(_ kind: UInt8, _ value: Int64) -> UInt64 {
        var hash = KeyHash()
        hash.add(kind)
        hash.add(value)
        return hash.value
    }

    /// Items of anybody that ask for this amount.
    static func amount(_ amount: Int64) -> UInt64 { key(1, amount) }
    /// Payments of this amount, whichever way they went.
    static func money(_ amount: Int64) -> UInt64 { key(2, Int64(clamping: amount.magnitude)) }
    static func payer(_ payer: UInt64) -> UInt64 { key(3, Int64(bitPattern: payer)) }
    static func item(_ item: Int32) -> UInt64 { key(4, Int64(item)) }

    func begin() {
        read.customers.removeAll(keepingCapacity: true)
        read.keys.removeAll(keepingCapacity: true)
    }

    func reads(customer: Int32) {
        if customer >= 0, read.customers.last != customer { read.customers.append(customer) }
    }

    func reads(_ key: UInt64) { if read.keys.last != key { read.keys.append(key) } }

    func reads(_ other: Read) {
        for customer in other.customers { reads(customer: customer) }
        // order-free: what was read has no order
        for key in other.keys { reads(key) }
    }

    /// What a part of the decision was made from, which is read for the whole as well.
    func apart<Value>(_ decide: () -> Value) -> (Value, Read) {
        let whole = read
        read = Read()
        let value = decide()
        let part = read
        read = whole
        reads(part)
        return (value, part)
    }

    func touch(customer: Int32) {
        clock += 1
        customers[Int(customer)] = clock
    }

    func touch(_ key: UInt64) {
        clock += 1
        keys.update(clock, for: key)
    }

    /// A payment waits on what was read: from now on it matters when that changes.
    func watch() -> Read {
        let topics = read.keys
        for key in topics { keys.change(key) { $0 = max($0, 0) } }
        // The room that the longest reading took is not kept with each.
        return Read(customers: read.customers.map { $0 }, keys: read.keys.map { $0 })
    }

    /// See `Foresight`.
    func foresee(_ sights: [Foresight]) -> Int {
        var seen = 0
        for sight in sights where sight.customer >= 0 { seen &+= Int(customers[Int(sight.customer)]) }
        for sight in sights {
            let (payer, amount) = (sight.outlook.payerKey, sight.outlook.amount)
            seen &+= Int(keys.foresee(Self.payer(payer)) &+ keys.foresee(Self.money(amount)))
            seen &+= Int(keys.foresee(Self.amount(amount)))
        }
        return seen
    }

    func hasChanged(_ read: Read, since time: Int32) -> Bool {
        read.customers.contains { customers[Int($0)] > time } || read.keys.contains { keys[$0] ?? -1 > time }
    }
}

extension Workspace {
    /// What an item asks for changed, or will.
    func touch(_ item: Int32) {
        touch(ownerOf: item)
        topics.touch(Topics.amount(balances.open[Int(item)] &+ balances.provable[Int(item)]))
    }

    private func touch(ownerOf item: Int32) {
        let customer = catalogue.customerOf[Int(item)]
        if customer >= 0 { topics.touch(customer: customer) } else { topics.touch(Topics.item(item)) }
    }

    /// A payment was settled: it claims nothing any more, and it teaches.
    func touch(settled docket: Docket) {
        if let key = docket.payerKey { topics.touch(Topics.payer(key)) }
        topics.touch(Topics.money(docket.payment.amount))
        for mention in docket.reading?.mentions ?? [] { touch(ownerOf: mention.item) }
    }

    /// What a payment that waits may be for is not free; that changes when it waits for something else.
    func touch(waiting decision: Decision) {
        for item in decision.possiblePlaces.items { touch(ownerOf: item) }
        for line in decision.lines { if let item = catalogue.place(of: line) { touch(ownerOf: item) } }
    }

    func reads(mentions: [Mention]) {
        for mention in mentions {
            let customer = catalogue.customerOf[Int(mention.item)]
            if customer >= 0 { topics.reads(customer: customer) } else { topics.reads(Topics.item(mention.item)) }
        }
    }

    /// How many open items of the whole ledger ask for exactly this amount.
    func count(ofAmount amount: Int64) -> Int {
        topics.reads(Topics.amount(amount))
        return balances.count(ofAmount: amount)
    }

    /// Items of anybody that ask for this amount; none where there are more than `limit`.
    func items(ofAmount amount: Int64, limit: Int) -> [Int32] {
        let count = count(ofAmount: amount)
        guard count <= limit else { return [] }
        if let frequencies, frequencies.unlisted.contains(amount) { isBeyond = true }
        return balances.items(amount: amount, limit: limit)
    }
}
