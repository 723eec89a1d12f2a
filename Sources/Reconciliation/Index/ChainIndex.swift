// SPDX-License-Identifier: Apache-2.0

/// Many values under one 64-bit key, in flat arrays: a million entries without a million small arrays.
///
/// Keys are hashes; whoever reads a value must compare the real thing.
struct ChainIndex {
    private var heads: [UInt64: Int32] = [:]
    private var next: [Int32] = []
    private var values: [Int32] = []

    init(capacity: Int = 0) {
        heads.reserveCapacity(capacity)
        next.reserveCapacity(capacity)
        values.reserveCapacity(capacity)
    }

    mutating func insert(_ value: Int32, for key: UInt64) {
        let entry = Int32(truncatingIfNeeded: values.count)
        values.append(value)
        next.append(heads[key] ?? -1)
        heads[key] = entry
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

    /// At most `limit` values in ascending order, without repetition.
    func values(_ key: UInt64, limit: Int) -> [Int32] {
        var found: [Int32] = []
        forEach(key) { value in
            found.append(value)
            return found.count < limit
        }
        guard found.count > 1 else { return found }
        found.sort()
        var unique: [Int32] = []
        for value in found where unique.last != value { unique.append(value) }
        return unique
    }
}
