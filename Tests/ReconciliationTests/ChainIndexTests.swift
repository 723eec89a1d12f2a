// SPDX-License-Identifier: Apache-2.0

import Reconciliation
import Testing

/// An index that is made of all its keys at once ends every search, whatever their number.
struct ChainIndexTests {
    /// FNV-1a, as keys are made of texts.
    private static func key(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0100_0000_01B3 }
    }

    @Test(
        "Some slots stay empty for every number of keys, and each key is found",
        arguments: ["INV-", "RE-0", "R2026-", "F/2025/01/0", ""])
    func everySize(_ prefix: String) throws {
        for count in 1...300 {
            let keys = (0..<count).map { Self.key("\(prefix)\(9_900 + $0)") }
            let index = ChainIndex(keys.enumerated().map { (key: $1, value: Int32($0)) })
            try #require(index.fill.used * 4 <= index.fill.slots * 3, "\(count) keys")
            #expect(index.fill.used == count)
            for (place, key) in keys.enumerated() {
                #expect(index.values(key, limit: .max) == [Int32(place)], "\(count) keys")
            }
            #expect(!index.contains(Self.key("\(prefix)\(9_900 + count)")))
        }
    }

    @Test("Keys that repeat take one slot, and their values come back in order")
    func repeated() {
        for count in [15, 16, 17, 32, 64, 128] {
            let values = (0..<count * 3).map { (key: Self.key("INV-\($0 % count)"), value: Int32($0)) }
            let index = ChainIndex(values)
            #expect(index.fill.used == count)
            let kept = index.values(Self.key("INV-7"), limit: .max)
            #expect(kept == [7, Int32(7 + count), Int32(7 + 2 * count)])
        }
    }
}
