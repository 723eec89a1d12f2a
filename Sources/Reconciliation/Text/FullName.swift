// SPDX-License-Identifier: Apache-2.0

/// A customer's whole name as it may stand in a text: `Beitrag Peter Schmidt`, `Schmidt, Peter`.
///
/// One word may be anybody's or anything's; two and more, side by side, are a name.
enum FullName {
    /// Names are found by so many of their first words.
    private static let keyed = 4
    /// A longer text is no list of names.
    private static let textMax = 1000
    private static let lettersMin = 6

    /// The key that a customer's name is found by; nil for one that tells nothing.
    static func key(_ name: PartyName) -> UInt64? {
        name.words.count >= 2 ? key(name.words[...].prefix(keyed)) : nil
    }

    /// Two words are first name and surname, in either order.
    private static func key(_ words: ArraySlice<PartyName.Word>) -> UInt64? {
        guard words.reduce(0, { $0 + $1.bytes.count }) >= lettersMin else { return nil }
        var hash = KeyHash()
        let isTurned =
            words.count == 2 && words[words.endIndex - 1].bytes.lexicographicallyPrecedes(words[words.startIndex].bytes)
        for word in isTurned ? Array(words.reversed()) : Array(words) {
            for byte in word.bytes { hash.add(byte) }
            hash.add(UInt8(0x20))
        }
        return hash.value
    }

    /// Every place in a text where a name may begin, with the keys that it may have there, longest first.
    static func places(in text: String) -> [(words: ArraySlice<PartyName.Word>, keys: [UInt64])] {
        guard text.utf8.count <= textMax else { return [] }
        let words = PartyName(text).words
        var places: [(words: ArraySlice<PartyName.Word>, keys: [UInt64])] = []
        for start in words.indices.dropLast() {
            // Numbers and short words stand in every text, and seldom in a name.
            let end = words[start...].firstIndex { $0.bytes.contains(where: Folding.isDigit) } ?? words.endIndex
            guard end - start >= 2 else { continue }
            let keys = (2...min(keyed, end - start)).reversed().compactMap { key(words[start..<start + $0]) }
            if !keys.isEmpty { places.append((words[start...], keys)) }
        }
        return places
    }

    /// How many of these words, from the first on, are the name; 0 where they are not.
    static func length(of name: PartyName, at words: ArraySlice<PartyName.Word>) -> Int {
        let count = name.words.count
        guard count >= 2, words.count >= count else { return 0 }
        let written = words.prefix(count).map(\.bytes)
        let known = name.words.map(\.bytes)
        return written == known || count == 2 && written == known.reversed() ? count : 0
    }
}

extension Catalogue {
    /// Customers whose whole name stands in the text, ascending. A name within a longer one is not meant.
    func customers(namedIn text: String, besides payer: PartyName?) -> [Int32] {
        var found: [Int32] = []
        var rest = Int.max
        for (words, keys) in FullName.places(in: text) where words.count <= rest {
            var (longest, owners): (Int, [Int32]) = (0, [])
            for key in keys {
                for customer in fullNames.values(key, limit: 16) {
                    guard let name = names[Int(customer)] else { continue }
                    let length = FullName.length(of: name, at: words)
                    if length > longest { (longest, owners) = (length, []) }
                    if length == longest, length > 0 { owners.append(customer) }
                }
            }
            // What begins the payer's own name is that.
            if let payer { longest = max(longest, FullName.length(of: payer, at: words)) }
            guard longest > 0 else { continue }
            rest = words.count - longest
            found += owners.filter { names[Int($0)].map { $0.words.count } == longest }
        }
        return Array(Set(found)).sorted()
    }
}
