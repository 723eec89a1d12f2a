// SPDX-License-Identifier: Apache-2.0

/// What a payment is found by.
struct PaymentKeys {
    let amount: UInt64
    let id: UInt64
    /// Of an end-to-end id that says something.
    let endToEnd: UInt64?
    /// Of the payer and the amount.
    let repeats: UInt64?
    /// Of the text and the amount, of what waits.
    let text: UInt64?

    init(_ docket: Docket, waits: Bool = false) {
        (amount, id, endToEnd, repeats) = (docket.amountKey, docket.idKey, docket.endToEndKey, docket.repeatKey)
        text = waits ? docket.textKey : nil
    }
}

/// What payments are found by again.
struct PaymentFinder {
    var byAmount = FiledIndex()
    var byID = FiledIndex()
    /// By payer and amount together.
    var byRepeat = FiledIndex()
    /// By text and amount together.
    var byText = FiledIndex()

    mutating func reserve(_ count: Int) {
        byAmount.reserve(count)
        byID.reserve(count * 2)
        byRepeat.reserve(count)
    }

    mutating func removeAll() {
        byAmount.removeAll()
        byID.removeAll()
        byRepeat.removeAll()
        byText.removeAll()
    }

    mutating func insert(_ place: Int32, _ keys: PaymentKeys) {
        byAmount.insert(place, for: keys.amount)
        if let key = keys.endToEnd { byID.insert(place, for: key) }
        byID.insert(place, for: keys.id)
        if let key = keys.repeats { byRepeat.insert(place, for: key) }
        if let key = keys.text { byText.insert(place, for: key) }
    }
}

/// A chain index that is asked for far less often than it is filled: what is new is put down, and filed some dozens at a
/// time. One alone would wait for its line of memory; among others it does not.
struct FiledIndex {
    private var index = ChainIndex()
    private var unfiled: [(key: UInt64, value: Int32)] = []
    private static let unfiledMax = 64
    /// See `Foresight`.
    private var foreseen = 0

    mutating func reserve(_ count: Int) { index.reserve(count) }

    mutating func removeAll() {
        index.removeAll()
        unfiled.removeAll(keepingCapacity: true)
    }

    mutating func insert(_ value: Int32, for key: UInt64) {
        unfiled.append((key, value))
        if unfiled.count == Self.unfiledMax { file() }
    }

    private mutating func file() {
        for (key, _) in unfiled { foreseen &+= Int(index.foresee(key)) }
        for (key, value) in unfiled { index.insert(value, for: key) }
        unfiled.removeAll(keepingCapacity: true)
    }

    /// With everything filed.
    mutating func filed() -> ChainIndex {
        if !unfiled.isEmpty { file() }
        return index
    }
}

/// By item the payments that settled it, newest first.
struct ItemPayments {
    private struct Entry {
        var payment: Int32
        /// The entry before it of the same item, or -1.
        var next: Int32
    }

    /// Each item's newest entry, or -1.
    private var heads: [Int32]
    private var entries: [Entry] = []

    init(items: Int) { heads = Array(repeating: -1, count: items) }

    mutating func reserve(_ count: Int) { entries.reserveCapacity(entries.count + count) }

    mutating func insert(_ payment: Int32, of item: Int32) {
        let entry = Int32(truncatingIfNeeded: entries.count)
        entries.append(Entry(payment: payment, next: heads[Int(item)]))
        heads[Int(item)] = entry
    }

    /// Calls `body` with each payment until it returns false.
    @inline(__always)
    func forEach(_ item: Int32, _ body: (Int32) -> Bool) {
        var entry = heads[Int(item)]
        while entry >= 0 {
            guard body(entries[Int(entry)].payment) else { return }
            entry = entries[Int(entry)].next
        }
    }

    /// See `Foresight`.
    @inline(__always)
    func foresee(_ item: Int32) -> Int32 { heads[Int(item)] }
}
