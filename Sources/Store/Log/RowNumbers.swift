// SPDX-License-Identifier: Apache-2.0

/// A set of row numbers, one bit each.
struct RowNumbers {
    private var words: [UInt64] = []

    mutating func insert(_ number: Int64) {
        let word = Int(number >> 6)
        if word >= words.count { words += [UInt64](repeating: 0, count: max(words.count, word + 1 - words.count)) }
        words[word] |= 1 << UInt64(number & 63)
    }

    func contains(_ number: Int64) -> Bool {
        let word = Int(number >> 6)
        return word < words.count && words[word] & 1 << UInt64(number & 63) != 0
    }
}
