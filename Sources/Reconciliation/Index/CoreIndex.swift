// SPDX-License-Identifier: Apache-2.0

/// Each customer's items by the running parts of their numbers, as people shorten them: those of a customer lie side by side
/// and are few, so that a search among them needs no table.
struct CoreIndex: Sendable {
    struct Entry: Sendable {
        fileprivate let customer: Int32
        fileprivate let ordinal: UInt64

        /// - Parameter core: digits without leading zeros.
        init(_ customer: Int32, _ core: ArraySlice<UInt8>, _ item: Int32) {
            self.customer = customer
            ordinal = CoreIndex.first(core) | UInt64(item)
        }
    }

    /// Some bits of the core, and the item: those of customer `c` are from `from[c]` on, ascending.
    private var ordinals: [UInt64] = []
    private var from: [Int32] = [0]

    init() {}

    init(_ entries: [Entry], customers: Int) {
        from = Array(repeating: 0, count: customers + 1)
        for entry in entries { from[Int(entry.customer) + 1] += 1 }
        for customer in 0..<customers { from[customer + 1] += from[customer] }
        var next = from
        ordinals = Array(repeating: 0, count: entries.count)
        for entry in entries {
            ordinals[Int(next[Int(entry.customer)])] = entry.ordinal
            next[Int(entry.customer)] += 1
        }
        for customer in 0..<customers where from[customer + 1] - from[customer] > 1 {
            ordinals[Int(from[customer])..<Int(from[customer + 1])].sort()
        }
    }

    /// The least ordinal of a core.
    private static func first(_ core: ArraySlice<UInt8>) -> UInt64 {
        UInt64(truncatingIfNeeded: KeyTable.spread(KeyHash.of(core))) << 32
    }

    /// At most the last `limit` items under a core, ascending; whoever reads one must compare the real thing.
    func values(of customer: Int32, _ core: ArraySlice<UInt8>, limit: Int) -> [Int32] {
        guard customer >= 0, Int(customer) + 1 < from.count else { return [] }
        let least = Self.first(core)
        var low = Int(from[Int(customer)])
        let end = Int(from[Int(customer) + 1])
        var high = end
        while low < high {
            let middle = (low + high) / 2
            if ordinals[middle] < least { low = middle + 1 } else { high = middle }
        }
        var found: [Int32] = []
        while low < end, ordinals[low] >> 32 == least >> 32 {
            found.append(Int32(truncatingIfNeeded: ordinals[low]))
            low += 1
        }
        return found.count <= limit ? found : Array(found.suffix(limit))
    }
}
