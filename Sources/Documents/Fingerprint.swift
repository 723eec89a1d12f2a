// SPDX-License-Identifier: Apache-2.0

/// A 128-bit content hash with a fixed key (SipHash-2-4-128), for identity inside one database.
///
/// Not for security: file digests are SHA-256. The key is fixed so that ids are the same on every machine.
package struct Fingerprint: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    /// Hashes fields with their lengths, so that `("ab","c")` and `("a","bc")` differ; nil differs from empty.
    ///
    /// Word by word, without a buffer: an import hashes three texts per row.
    package struct Builder {
        private var v0: UInt64
        private var v1: UInt64
        private var v2: UInt64
        private var v3: UInt64
        /// Bytes that make no whole word yet, little end first.
        private var tail: UInt64 = 0
        /// All bytes so far.
        private var count: UInt64 = 0

        package init() { self.init(key: (Fingerprint.key0, Fingerprint.key1)) }

        fileprivate init(key: (UInt64, UInt64)) {
            v0 = 0x736f_6d65_7073_6575 ^ key.0
            v1 = 0x646f_7261_6e64_6f6d ^ key.1 ^ 0xee
            v2 = 0x6c79_6765_6e65_7261 ^ key.0
            v3 = 0x7465_6462_7974_6573 ^ key.1
        }

        package mutating func add(_ text: String?) {
            guard let text else { return take(0xFF, bytes: 1) }
            let bytes = text.utf8.span
            var count = bytes.count
            while count >= 0x7F {
                take(0x7F, bytes: 1)
                count -= 0x7F
            }
            take(UInt64(count), bytes: 1)
            add(bytes)
        }

        package mutating func add(_ number: Int64) { take(UInt64(bitPattern: number), bytes: 8) }

        /// As its code.
        package mutating func add(_ currency: Currency) {
            take(3, bytes: 1)
            take(UInt64(currency.packed.byteSwapped >> 8), bytes: 3)
        }

        fileprivate mutating func add(_ bytes: Span<UInt8>) {
            var index = 0
            while index + 8 <= bytes.count {
                var word: UInt64 = 0
                for place in 0..<8 { word |= UInt64(bytes[index + place]) &<< UInt64(8 * place) }
                take(word, bytes: 8)
                index += 8
            }
            guard index < bytes.count else { return }
            var word: UInt64 = 0
            for place in 0..<(bytes.count - index) { word |= UInt64(bytes[index + place]) &<< UInt64(8 * place) }
            take(word, bytes: UInt64(bytes.count - index))
        }

        /// One to eight bytes of a word; the rest of it is zero.
        @inline(__always)
        private mutating func take(_ word: UInt64, bytes: UInt64) {
            let shift = 8 * (count & 7)
            count &+= bytes
            tail |= word &<< shift
            guard shift + 8 * bytes >= 64 else { return }
            mix(tail)
            tail = shift == 0 ? 0 : word &>> (64 - shift)
        }

        private mutating func mix(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        @inline(__always)
        private mutating func round() {
            v0 = v0 &+ v1
            v1 = (v1 &<< 13 | v1 &>> 51) ^ v0
            v0 = v0 &<< 32 | v0 &>> 32
            v2 = v2 &+ v3
            v3 = (v3 &<< 16 | v3 &>> 48) ^ v2
            v0 = v0 &+ v3
            v3 = (v3 &<< 21 | v3 &>> 43) ^ v0
            v2 = v2 &+ v1
            v1 = (v1 &<< 17 | v1 &>> 47) ^ v2
            v2 = v2 &<< 32 | v2 &>> 32
        }

        package func finish() -> Fingerprint {
            var end = self
            end.mix((count & 0xFF) &<< 56 | tail)
            end.v2 ^= 0xee
            for _ in 0..<4 { end.round() }
            let low = end.v0 ^ end.v1 ^ end.v2 ^ end.v3
            end.v1 ^= 0xdd
            for _ in 0..<4 { end.round() }
            return Fingerprint(high: end.v0 ^ end.v1 ^ end.v2 ^ end.v3, low: low)
        }
    }

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(of bytes: [UInt8]) { self.init(of: bytes, key: (Self.key0, Self.key1)) }

    /// With a key of one's own, so that the reference implementation's vectors can be checked.
    package init(of bytes: [UInt8], key: (UInt64, UInt64)) {
        var builder = Builder(key: key)
        builder.add(bytes.span)
        self = builder.finish()
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

    /// As a UUID of version 8 (RFC 9562, 5.8): for systems that want one.
    package var uuid: String {
        let digits = Array("0123456789abcdef".utf8)
        let halves = [high & ~0xF000 | 0x8000, low & ~(0xC0 << 56) | 0x80 << 56]
        var bytes: [UInt8] = []
        for place in 0..<32 {
            if [8, 12, 16, 20].contains(place) { bytes.append(0x2D) }
            bytes.append(digits[Int(halves[place / 16] >> UInt64(60 - place % 16 * 4) & 15)])
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
