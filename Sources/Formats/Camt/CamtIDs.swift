// SPDX-License-Identifier: Apache-2.0
import Documents

/// The ids that one statement's payments were given.
///
/// Only their hashes, side by side in one table: a file of a million ids needs 16 MB for them.
struct CamtIDs {
    /// A hash at its own place or at the next free one after it; 0 is free. At most half of it is filled.
    private var slots = [UInt64](repeating: 0, count: 64)
    private var count = 0
    /// The last suffix of an id that came again.
    private var suffixes: [UInt64: Int] = [:]

    /// The id as it is given to a payment: a repeated one gets a suffix, or a movement would be lost as a double.
    mutating func claim(_ id: String) -> String {
        let hash = Self.hash(id)
        guard !insert(hash) else { return id }
        // Counted on from the last one, as a million doubles must not cost their square.
        var times = suffixes[hash] ?? 1
        var free: String
        repeat {
            times += 1
            free = "\(id)~\(times)"
        } while !insert(Self.hash(free))
        suffixes[hash] = times
        return free
    }

    static func hash(_ id: String) -> UInt64 {
        var builder = Fingerprint.Builder()
        builder.add(id)
        return max(1, builder.finish().low)
    }

    /// - Returns: False when it was there.
    private mutating func insert(_ hash: UInt64) -> Bool {
        let place = place(of: hash)
        guard slots[place] == 0 else { return false }
        slots[place] = hash
        count += 1
        if count * 2 > slots.count { grow() }
        return true
    }

    private mutating func grow() {
        let before = slots
        slots = [UInt64](repeating: 0, count: before.count * 2)
        for hash in before where hash != 0 { slots[place(of: hash)] = hash }
    }

    private func place(of hash: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[place] != 0, slots[place] != hash { place = (place + 1) & (slots.count - 1) }
        return place
    }
}
