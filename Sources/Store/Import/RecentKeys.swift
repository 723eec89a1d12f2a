// SPDX-License-Identifier: Apache-2.0

/// Which keys were met lately, in bounded memory: one that was met long ago may pass as new again.
///
/// The keys are hashes already, so a key's own bits are its place: a `Set` would hash a million of them again.
struct RecentKeys {
    private var slots: [Int64] = []
    private static let count = 1 << 17
    /// How far from its place a key may be.
    private static let reach = 8

    mutating func isNew(_ key: Int64) -> Bool {
        if slots.isEmpty { slots = [Int64](repeating: 0, count: Self.count) }
        let place = Int(truncatingIfNeeded: key) & (Self.count - Self.reach)
        for slot in place..<(place + Self.reach) {
            if slots[slot] == key, key != 0 { return false }
            if slots[slot] == 0 {
                slots[slot] = key
                return true
            }
        }
        slots[place] = key
        return true
    }
}
