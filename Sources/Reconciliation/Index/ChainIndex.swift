// SPDX-License-Identifier: Apache-2.0

/// A table from 64-bit keys that are hashes already to small numbers: open addressing, linear probing, no second hash.
struct KeyTable {
    /// A key that stands for an empty slot; the one real key that equals it is moved beside it.
    private static let empty: UInt64 = 0
    private var keys: [UInt64]
    private var values: [Int32]
    private var used = 0
    private var mask: Int

    init(capacity: Int = 0) {
        var size = 16
        while size * 2 < capacity * 3 { size *= 2 }
        keys = Array(repeating: Self.empty, count: size)
        values = Array(repeating: 0, count: size)
        mask = size - 1
    }

    @inline(__always)
    private static func real(_ key: UInt64) -> UInt64 { key == empty ? 1 : key }

    /// The slot that holds the key, or the empty one where it belongs.
    @inline(__always)
    private func slot(_ key: UInt64) -> Int {
        // FNV leaves its low bits weak for short keys: one multiplication spreads them.
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while keys[slot] != Self.empty, keys[slot] != key { slot = (slot + 1) & mask }
        return slot
    }

    subscript(_ key: UInt64) -> Int32? {
        let slot = slot(Self.real(key))
        return keys[slot] == Self.empty ? nil : values[slot]
    }

    mutating func set(_ value: Int32, for key: UInt64) { _ = exchange(value, for: key) }

    /// - Returns: What stood under the key before; nil where nothing did.
    mutating func exchange(_ value: Int32, for key: UInt64) -> Int32? {
        let key = Self.real(key)
        var place = slot(key)
        if keys[place] == key {
            let before = values[place]
            values[place] = value
            return before
        }
        if (used + 1) * 3 > keys.count * 2 {
            grow()
            place = slot(key)
        }
        used += 1
        keys[place] = key
        values[place] = value
        return nil
    }

    private mutating func grow() {
        let (oldKeys, oldValues) = (keys, values)
        let size = oldKeys.count * 2
        keys = Array(repeating: Self.empty, count: size)
        values = Array(repeating: 0, count: size)
        mask = size - 1
        for (index, key) in oldKeys.enumerated() where key != Self.empty {
            let place = slot(key)
            keys[place] = key
            values[place] = oldValues[index]
        }
    }
}

/// Many values under one 64-bit key, in flat arrays: a million entries without a million small arrays.
///
/// Keys are hashes; whoever reads a value must compare the real thing.
struct ChainIndex {
    private var heads: KeyTable
    private var next: [Int32] = []
    private var values: [Int32] = []

    init(capacity: Int = 0) {
        heads = KeyTable(capacity: capacity)
        next.reserveCapacity(capacity)
        values.reserveCapacity(capacity)
    }

    mutating func insert(_ value: Int32, for key: UInt64) {
        let entry = Int32(truncatingIfNeeded: values.count)
        values.append(value)
        next.append(heads.exchange(entry, for: key) ?? -1)
    }

    /// Calls `body` with each value, newest first, until it returns false.
    @inline(__always)
    func forEach(_ key: UInt64, _ body: (Int32) -> Bool) {
        var entry = heads[key] ?? -1
        while entry >= 0 {
            guard body(values[Int(entry)]) else { return }
            entry = next[Int(entry)]
        }
    }

    /// Whether anything was ever put under the key.
    func contains(_ key: UInt64) -> Bool { heads[key] != nil }

    /// At most `limit` values in ascending order, without repetition.
    func values(_ key: UInt64, limit: Int) -> [Int32] {
        guard let head = heads[key] else { return [] }
        var found: [Int32] = []
        var entry = head
        while entry >= 0, found.count < limit {
            found.append(values[Int(entry)])
            entry = next[Int(entry)]
        }
        guard found.count > 1 else { return found }
        found.sort()
        var kept = 1
        for index in 1..<found.count where found[index] != found[kept - 1] {
            found[kept] = found[index]
            kept += 1
        }
        found.removeLast(found.count - kept)
        return found
    }
}
