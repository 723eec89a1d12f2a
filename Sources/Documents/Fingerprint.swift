// SPDX-License-Identifier: Apache-2.0

/// A 128-bit content hash with a fixed key (SipHash-2-4-128), for identity inside one database.
///
/// Not for security: file digests are SHA-256. The key is fixed so that ids are the same on every machine.
package struct Fingerprint: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    /// Hashes fields with their lengths, so that `("ab","c")` and `("a","bc")` differ; nil differs from empty.
    package struct Builder {
        private var bytes: [UInt8] = []

        package init() { bytes.reserveCapacity(256) }

        package mutating func add(_ text: String?) {
            guard let text else {
                bytes.append(0xFF)
                return
            }
            var count = text.utf8.count
            while count >= 0x7F {
                bytes.append(0x7F)
                count -= 0x7F
            }
            bytes.append(UInt8(count))
            bytes.append(contentsOf: text.utf8)
        }

        package mutating func add(_ number: Int64) {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: UInt64(bitPattern: number) >> shift))
            }
        }

        package func finish() -> Fingerprint { Fingerprint(of: bytes) }
    }

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(of bytes: [UInt8]) { self.init(of: bytes, key: (Self.key0, Self.key1)) }

    /// With a key of one's own, so that the reference implementation's vectors can be checked.
    package init(of bytes: [UInt8], key: (UInt64, UInt64)) {
        var v0: UInt64 = 0x736f_6d65_7073_6575 ^ key.0
        var v1: UInt64 = 0x646f_7261_6e64_6f6d ^ key.1 ^ 0xee
        var v2: UInt64 = 0x6c79_6765_6e65_7261 ^ key.0
        var v3: UInt64 = 0x7465_6462_7974_6573 ^ key.1
        func round() {
            v0 = v0 &+ v1
            v1 = (v1 << 13 | v1 >> 51) ^ v0
            v0 = v0 << 32 | v0 >> 32
            v2 = v2 &+ v3
            v3 = (v3 << 16 | v3 >> 48) ^ v2
            v0 = v0 &+ v3
            v3 = (v3 << 21 | v3 >> 43) ^ v0
            v2 = v2 &+ v1
            v1 = (v1 << 17 | v1 >> 47) ^ v2
            v2 = v2 << 32 | v2 >> 32
        }
        var cursor = 0
        while cursor + 8 <= bytes.count {
            var word: UInt64 = 0
            for index in 0..<8 { word |= UInt64(bytes[cursor + index]) << UInt64(8 * index) }
            v3 ^= word
            round()
            round()
            v0 ^= word
            cursor += 8
        }
        var last = UInt64(bytes.count & 0xFF) << 56
        for index in cursor..<bytes.count { last |= UInt64(bytes[index]) << UInt64(8 * (index - cursor)) }
        v3 ^= last
        round()
        round()
        v0 ^= last
        v2 ^= 0xee
        for _ in 0..<4 { round() }
        low = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xdd
        for _ in 0..<4 { round() }
        high = v0 ^ v1 ^ v2 ^ v3
    }

    private static let key0: UInt64 = 0x5469_656f_7574_2066
    private static let key1: UInt64 = 0x696e_6765_7270_7269

    /// 26 letters and digits of Crockford's base32, lower case: no vowels that make words, no `l`, no `o`.
    package var base32: String {
        var value = UInt128(high) << 64 | UInt128(low)
        var letters = [UInt8](repeating: 0x30, count: 26)
        for index in letters.indices.reversed() {
            letters[index] = Self.alphabet[Int(value & 31)]
            value >>= 5
        }
        return String(decoding: letters, as: UTF8.self)
    }

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
}
