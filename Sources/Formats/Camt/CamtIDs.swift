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
    /// Banks number their entries upwards. As long as each id comes after the one before, none can have been there, and
    /// their hashes only wait here: looking each up in a table of megabytes is what takes time.
    private var waiting: [UInt64] = []
    private var last: String? = ""

    /// The id as it is given to a payment: a repeated one gets a suffix, or a movement would be lost as a double.
    mutating func claim(_ id: String) -> String {
        let hash = Self.hash(id)
        if let last {
            if Self.comes(id, after: last) {
                waiting.append(hash)
                self.last = id
                return id
            }
            self.last = nil
            for hash in waiting { _ = insert(hash) }
            waiting = []
        }
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

    /// The longer one is after the shorter one, as 10 is after 9.
    private static func comes(_ id: String, after last: String) -> Bool {
        let (new, old) = (id.utf8.count, last.utf8.count)
        return new > old || new == old && last.utf8.lexicographicallyPrecedes(id.utf8)
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
