// SPDX-License-Identifier: Apache-2.0

/// A table from 64-bit keys that are hashes already to small numbers: open addressing, linear probing, no second hash.
struct KeyTable {
    /// Key and value side by side: a lookup reads one line of memory.
    private struct Slot {
        var key: UInt64
        var value: Int32
    }

    /// A key that stands for an empty slot; the one real key that equals it is moved beside it.
    private static let empty: UInt64 = 0
    private var slots: [Slot]
    private var used = 0
    private var mask: Int

    init(capacity: Int = 0) {
        var size = 16
        while size * 2 < capacity * 3 { size *= 2 }
        slots = Array(repeating: Slot(key: Self.empty, value: 0), count: size)
        mask = size - 1
    }

    /// How often each key is among these.
    init(counting keys: [UInt64]) {
        self.init(capacity: Self.different(keys))
        for key in Vicinity.ordered(keys, slots: slots.count, { $0 }) { change(key) { $0 += 1 } }
    }

    /// How many different keys these are, or a few less.
    static func different(_ keys: some Collection<UInt64>) -> Int {
        var size = 64
        while size < keys.count * 8 { size *= 2 }
        var seen: [UInt64] = Array(repeating: 0, count: size / 64)
        for key in keys {
            let bit = spread(key) & (size - 1)
            seen[bit >> 6] |= 1 << UInt64(bit & 63)
        }
        return seen.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    @inline(__always)
    private static func real(_ key: UInt64) -> UInt64 { key == empty ? 1 : key }

    /// FNV leaves its low bits weak for short keys: one multiplication spreads them.
    @inline(__always)
    static func spread(_ key: UInt64) -> Int { Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) }

    /// The slot that holds the key, or the empty one where it belongs.
    @inline(__always)
    private func slot(_ key: UInt64) -> Int {
        var slot = Self.spread(key) & mask
        while slots[slot].key != Self.empty, slots[slot].key != key { slot = (slot + 1) & mask }
        return slot
    }

    subscript(_ key: UInt64) -> Int32? {
        let found = slots[slot(Self.real(key))]
        return found.key == Self.empty ? nil : found.value
    }

    /// Where the key would be looked for first: see `Foresight`.
    @inline(__always)
    func foresee(_ key: UInt64) -> Int32 { slots[Self.spread(Self.real(key)) & mask].value }

    mutating func set(_ value: Int32, for key: UInt64) { change(key) { $0 = value } }

    /// Replaces what stands under the key, where something does.
    mutating func update(_ value: Int32, for key: UInt64) {
        let key = Self.real(key)
        let place = slot(key)
        if slots[place].key == key { slots[place].value = value }
    }

    /// Changes what stands under the key; 0 where nothing does yet.
    @inline(__always)
    mutating func change(_ key: UInt64, _ body: (inout Int32) -> Void) {
        let key = Self.real(key)
        var place = slot(key)
        if slots[place].key != key {
            if (used + 1) * 3 > slots.count * 2 {
                grow()
                place = slot(key)
            }
            used += 1
            slots[place].key = key
        }
        body(&slots[place].value)
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(key: Self.empty, value: 0), count: old.count * 2)
        mask = slots.count - 1
        for entry in old where entry.key != Self.empty { slots[slot(entry.key)] = entry }
    }
}

/// What is to be put into a table, ordered so that neighbours in the table follow each other. One after the other in any
/// order, each of a million would wait for its line of memory.
enum Vicinity {
    /// As many slots fit into a processor's nearest memory.
    private static let slotsMax = 4096

    /// The order of what falls into one part of the table stays.
    static func ordered<Element>(_ elements: [Element], slots: Int, _ key: (Element) -> UInt64) -> [Element] {
        guard slots > slotsMax, let first = elements.first else { return elements }
        @inline(__always)
        func part(_ element: Element) -> Int { (KeyTable.spread(key(element)) & (slots - 1)) / slotsMax }
        var next: [Int32] = Array(repeating: 0, count: slots / slotsMax + 1)
        for element in elements { next[part(element) + 1] += 1 }
        for part in next.indices.dropFirst() { next[part] += next[part - 1] }
        var ordered = Array(repeating: first, count: elements.count)
        for element in elements {
            let part = part(element)
            ordered[Int(next[part])] = element
            next[part] += 1
        }
        return ordered
    }
}

/// Many values under one 64-bit key, in flat arrays: a million entries without a million small arrays.
///
/// Keys are hashes; whoever reads a value must compare the real thing.
package struct ChainIndex {
    private struct Entry {
        var key: UInt64
        var value: Int32
        /// The entry before it under the same key, or -1.
        var next: Int32
    }

    /// Where a key's newest entry is, with some bits of the key: another key's entry is hardly ever touched.
    private struct Slot {
        /// -1 in an empty slot.
        var head: Int32
        var tag: UInt32
    }

    private static let empty = Slot(head: -1, tag: 0)
    private static let largeMin = 1 << 18
    private var slots: [Slot]
    private var entries: [Entry] = []
    private var used = 0
    private var mask: Int

    /// - Parameter capacity: of entries; half as many keys are expected at least.
    init(capacity: Int = 0) {
        let size = Self.size(for: capacity)
        slots = Array(repeating: Self.empty, count: size)
        mask = size - 1
        entries.reserveCapacity(capacity)
    }

    /// Values under their keys, in the order in which they would be inserted one by one.
    package init(_ values: [(key: UInt64, value: Int32)]) {
        self.init()
        slots = Array(
            repeating: Self.empty, count: Self.size(for: KeyTable.different(values.lazy.map(\.key))))
        mask = slots.count - 1
        entries = Vicinity.ordered(
            values.map { Entry(key: $0.key, value: $0.value, next: -1) }, slots: slots.count
        ) { $0.key }
        for entry in entries.indices {
            let key = entries[entry].key
            let place = place(for: key)
            entries[entry].next = slots[place].head
            slots[place] = Slot(head: Int32(truncatingIfNeeded: entry), tag: Self.tag(key))
        }
    }

    /// At most three quarters of the slots are used: eight of them lie in one line of memory.
    private static func size(for count: Int) -> Int {
        var size = 16
        while size * 3 < count * 4 { size *= 2 }
        return size
    }

    @inline(__always)
    private static func tag(_ key: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: key ^ key >> 32) }

    /// The slot whose newest entry has the key, or the empty one where it belongs.
    @inline(__always)
    private func slot(_ key: UInt64) -> Int {
        let tag = Self.tag(key)
        var place = KeyTable.spread(key) & mask
        while true {
            let slot = slots[place]
            if slot.head < 0 || slot.tag == tag && entries[Int(slot.head)].key == key { return place }
            place = (place + 1) & mask
        }
    }

    /// The key's slot, to be filled. Some stay empty, whatever number of keys was expected: a search ends at an empty one.
    @inline(__always)
    private mutating func place(for key: UInt64) -> Int {
        let place = slot(key)
        guard slots[place].head < 0 else { return place }
        used += 1
        guard used * 4 > slots.count * 3 else { return place }
        grow(to: slots.count * 2)
        return slot(key)
    }

    /// How full the table is: at most three quarters of its slots are used.
    package var fill: (used: Int, slots: Int) { (slots.count { $0.head >= 0 }, slots.count) }

    mutating func insert(_ value: Int32, for key: UInt64) {
        let place = place(for: key)
        let entry = Int32(truncatingIfNeeded: entries.count)
        // A large index that was built whole grows a little: twice the room would never be used.
        if entries.count == entries.capacity, entries.count >= Self.largeMin {
            entries.reserveCapacity(entries.count + entries.count / 8)
        }
        entries.append(Entry(key: key, value: value, next: slots[place].head))
        slots[place] = Slot(head: entry, tag: Self.tag(key))
    }

    /// Room for so many more entries.
    mutating func reserve(_ count: Int) {
        entries.reserveCapacity(entries.count + count)
        let size = Self.size(for: used + count)
        if size > slots.count { grow(to: size) }
    }

    private mutating func grow(to size: Int) {
        let old = slots
        slots = Array(repeating: Self.empty, count: size)
        mask = size - 1
        for filled in old where filled.head >= 0 { slots[slot(entries[Int(filled.head)].key)] = filled }
    }

    /// Forgets everything, and keeps the room.
    mutating func removeAll() {
        guard !entries.isEmpty else { return }
        entries.removeAll(keepingCapacity: true)
        for place in slots.indices { slots[place] = Self.empty }
        used = 0
    }

    /// Forgets what stands under the key.
    mutating func forget(_ key: UInt64) {
        var place = slot(key)
        guard slots[place].head >= 0 else { return }
        used -= 1
        // What lies behind it and would not be found any more moves up.
        var next = (place + 1) & mask
        while slots[next].head >= 0 {
            let home = KeyTable.spread(entries[Int(slots[next].head)].key) & mask
            if (next - home) & mask >= (next - place) & mask {
                slots[place] = slots[next]
                place = next
            }
            next = (next + 1) & mask
        }
        slots[place] = Self.empty
    }

    /// The newest entry under the key, or -1; with `value` and `next` the chain is walked by hand.
    @inline(__always)
    func head(_ key: UInt64) -> Int32 { slots[slot(key)].head }
    @inline(__always)
    func value(at entry: Int32) -> Int32 { entries[Int(entry)].value }
    @inline(__always)
    func next(of entry: Int32) -> Int32 { entries[Int(entry)].next }

    /// Where the key would be looked for first, and what stands there: see `Foresight`.
    @inline(__always)
    func foresee(_ key: UInt64) -> Int32 {
        let head = slots[KeyTable.spread(key) & mask].head
        return head < 0 ? 0 : entries[Int(head)].value
    }

    /// Calls `body` with each value, newest first, until it returns false.
    @inline(__always)
    func forEach(_ key: UInt64, _ body: (Int32) -> Bool) {
        var entry = head(key)
        while entry >= 0 {
            let found = entries[Int(entry)]
            guard body(found.value) else { return }
            entry = found.next
        }
    }

    /// Calls `body` with each key that more than one value is under, once or more often.
    func forEachShared(_ body: (UInt64) -> Void) {
        for entry in entries where entry.next >= 0 { body(entry.key) }
    }

    /// Whether anything was ever put under the key.
    package func contains(_ key: UInt64) -> Bool { head(key) >= 0 }

    /// At most `limit` values in ascending order, without repetition.
    package func values(_ key: UInt64, limit: Int) -> [Int32] { values(key, limit: limit) { _ in true } }

    /// Those of at most `limit` values that hold, in ascending order, without repetition.
    @inline(__always)
    func values(_ key: UInt64, limit: Int, where holds: (Int32) -> Bool) -> [Int32] {
        var entry = head(key)
        guard entry >= 0, limit > 0 else { return [] }
        var found: [Int32] = []
        var left = limit
        while entry >= 0, left > 0 {
            let (value, next) = (entries[Int(entry)].value, entries[Int(entry)].next)
            if holds(value) { found.append(value) }
            entry = next
            left -= 1
        }
        return Self.distinct(found)
    }

    /// Every value that holds, in ascending order, without repetition. What does not hold is taken out of the chain: it is
    /// put there again when it does.
    @inline(__always)
    mutating func kept(_ key: UInt64, where holds: (Int32) -> Bool) -> [Int32] {
        var found: [Int32] = []
        let place = slot(key)
        var entry = slots[place].head
        var before: Int32 = -1
        while entry >= 0 {
            let (value, next) = (entries[Int(entry)].value, entries[Int(entry)].next)
            // The last entry stays: an empty slot would end the search for other keys.
            if holds(value) || before < 0 && next < 0 {
                if holds(value) { found.append(value) }
                before = entry
            } else if before < 0 {
                slots[place].head = next
            } else {
                entries[Int(before)].next = next
            }
            entry = next
        }
        return Self.distinct(found)
    }

    private static func distinct(_ values: [Int32]) -> [Int32] {
        guard values.count > 1 else { return values }
        // Most chains were filled in ascending order.
        if values.indices.dropFirst().allSatisfy({ values[$0 - 1] > values[$0] }) {
            return values.reversed()
        }
        var found = values.sorted()
        var kept = 1
        for index in 1..<found.count where found[index] != found[kept - 1] {
            found[kept] = found[index]
            kept += 1
        }
        found.removeLast(found.count - kept)
        return found
    }
}
