// SPDX-License-Identifier: Apache-2.0

/// Customers by the words of their names, and the words of each, in flat arrays: a word that thousands of customers share is
/// counted at once and read in one go.
struct WordIndex: Sendable {
    /// The words of one payer that a customer must have, as this index numbers them.
    struct Asked: Sendable {
        fileprivate var words: [Int32] = []
        fileprivate var mask: UInt64 = 0
        /// No customer has one of the words.
        fileprivate(set) var isUnknown = false
    }

    /// Words are numbered from 1 on.
    private var numbers = KeyTable()
    private var count: Int32 = 0
    /// The words of customer `c` are from `wordsFrom[c]` on.
    private var words: [Int32] = []
    private var wordsFrom: [Int32] = [0]
    /// One bit for each word of a customer: most of them are told apart by it alone.
    private var masks: [UInt64] = []
    /// The customers of word `w`, ascending, are from `customersFrom[w]` on.
    private var customers: [Int32] = []
    private var customersFrom: [Int32] = []

    /// The next customer. A word that one has twice counts once: the rarest word is the one that fewest customers share.
    mutating func append(_ names: [PartyName?]) {
        let from = words.count
        var mask: UInt64 = 0
        for name in names {
            for word in name?.words ?? [] {
                for key in Catalogue.wordKeys(of: word) {
                    let number = number(key)
                    guard !words[from...].contains(number) else { continue }
                    words.append(number)
                    mask |= Self.bit(key)
                }
            }
        }
        wordsFrom.append(Int32(truncatingIfNeeded: words.count))
        masks.append(mask)
    }

    private mutating func number(_ key: UInt64) -> Int32 {
        if let known = numbers[key] { return known }
        count += 1
        numbers.set(count, for: key)
        return count
    }

    /// After the last customer.
    mutating func finish() {
        customersFrom = Array(repeating: 0, count: Int(count) + 2)
        for word in words { customersFrom[Int(word) + 1] += 1 }
        for word in customersFrom.indices.dropFirst() { customersFrom[word] += customersFrom[word - 1] }
        var next = customersFrom
        customers = Array(repeating: 0, count: words.count)
        for customer in masks.indices {
            for word in words[Int(wordsFrom[customer])..<Int(wordsFrom[customer + 1])] {
                customers[Int(next[Int(word)])] = Int32(truncatingIfNeeded: customer)
                next[Int(word)] += 1
            }
        }
    }

    private static func bit(_ key: UInt64) -> UInt64 {
        1 << (UInt64(truncatingIfNeeded: KeyTable.spread(key)) & 63)
    }

    /// Those of four letters and more: they explain only what begins like them.
    func asked(of payer: PartyName) -> Asked {
        var asked = Asked()
        for word in payer.words where word.bytes.count >= 4 {
            guard let key = Catalogue.wordKey(word.bytes) else { continue }
            asked.mask |= Self.bit(key)
            if let number = numbers[key] { asked.words.append(number) } else { asked.isUnknown = true }
        }
        return asked
    }

    /// How many customers have a word of this key.
    func count(_ key: UInt64) -> Int { customers(key).count }

    /// Customers that have a word of this key, ascending.
    func customers(_ key: UInt64) -> ArraySlice<Int32> {
        guard let word = numbers[key] else { return [] }
        return customers[Int(customersFrom[Int(word)])..<Int(customersFrom[Int(word) + 1])]
    }

    /// Whether comparing the names is worth it: the customer has every word that is asked.
    func mayExplain(_ asked: Asked, _ customer: Int32) -> Bool {
        let customer = Int(customer)
        guard asked.mask & ~masks[customer] == 0, !asked.isUnknown else { return false }
        let own = words[Int(wordsFrom[customer])..<Int(wordsFrom[customer + 1])]
        return asked.words.allSatisfy { own.contains($0) }
    }
}
