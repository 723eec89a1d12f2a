// SPDX-License-Identifier: Apache-2.0

/// What payments are found by again.
struct PaymentFinder {
    var byAmount = FiledIndex()
    var byID = FiledIndex()
    var byItem = FiledIndex()
    /// By payer and amount together.
    var byRepeat = FiledIndex()

    static func key(_ item: Int32) -> UInt64 { UInt64(UInt32(bitPattern: item)) }

    mutating func reserve(_ count: Int) {
        byAmount.reserve(count)
        byID.reserve(count * 2)
        byItem.reserve(count)
        byRepeat.reserve(count)
    }

    mutating func removeAll() {
        byAmount.removeAll()
        byID.removeAll()
        byItem.removeAll()
        byRepeat.removeAll()
    }

    mutating func insert(_ place: Int32, _ docket: Docket) {
        byAmount.insert(place, for: docket.amountKey)
        if let key = docket.endToEndKey { byID.insert(place, for: key) }
        byID.insert(place, for: docket.idKey)
        if let key = docket.repeatKey { byRepeat.insert(place, for: key) }
    }
}

/// A chain index that is asked for far less often than it is filled: what is new is put down, and filed some dozens at a
/// time. One alone would wait for its line of memory; among others it does not.
struct FiledIndex {
    private var index = ChainIndex()
    private var unfiled: [(key: UInt64, value: Int32)] = []
    private static let unfiledMax = 64

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
        for (key, value) in unfiled { index.insert(value, for: key) }
        unfiled.removeAll(keepingCapacity: true)
    }

    /// With everything filed.
    mutating func filed() -> ChainIndex {
        if !unfiled.isEmpty { file() }
        return index
    }
}
