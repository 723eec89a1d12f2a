// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

struct FingerprintTests {
    /// Key 00…0f, message 00 01 02 … of the given length: the vectors of the SipHash reference implementation,
    /// which print the low word first, each word little-endian.
    @Test(
        "It is SipHash-2-4-128",
        arguments: [
            (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
            (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
        ])
    func vectors(_ count: Int, _ expected: String) {
        let message = (0..<count).map { UInt8($0) }
        let hash = Fingerprint(of: message, key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
        #expect(Self.hex(hash.low) + Self.hex(hash.high) == expected)
    }

    @Test("The fixed key never changes, or every stored id would")
    func snapshot() {
        let empty = Fingerprint(of: [])
        #expect(Self.hex(empty.low) + Self.hex(empty.high) == "aa4d580769d4b9e3d74420da392f1944")
        let word = Fingerprint(of: Array("tieout".utf8))
        #expect(Self.hex(word.low) + Self.hex(word.high) == "a33492162a04f908ae373dcd1bd3e23d")
    }

    @Test("Fields are told apart by their lengths, and a missing one from an empty one")
    func builder() {
        func of(_ fields: [String?]) -> Fingerprint {
            var builder = Fingerprint.Builder()
            for field in fields { builder.add(field) }
            return builder.finish()
        }
        let long = String(repeating: "x", count: 300)
        let inputs: [[String?]] = [
            ["ab", "c"], ["a", "bc"], ["abc"], ["abc", nil], ["abc", ""], [nil, "abc"], [], [nil], [""], ["", ""],
            [long], [long, ""], [long + "x"], [String(repeating: "x", count: 127)],
            [String(repeating: "x", count: 126)],
        ]
        #expect(Set(inputs.map(of)).count == inputs.count)
        #expect(of(["ab", "c"]) == of(["ab", "c"]))
    }

    @Test("The text form is 26 characters that keep all 128 bits")
    func base32() {
        #expect(Fingerprint(high: 0, low: 0).base32 == String(repeating: "0", count: 26))
        #expect(Fingerprint(high: 0, low: 31).base32.hasSuffix("0z"))
        #expect(Fingerprint(high: .max, low: .max).base32 == "7" + String(repeating: "z", count: 25))
        #expect(Fingerprint(high: 1, low: 0).base32 == "0000000000000g" + String(repeating: "0", count: 12))
    }

    @Test("As a UUID it has the marks of version 8")
    func uuid() {
        #expect(Fingerprint(high: 0, low: 0).uuid == "00000000-0000-8000-8000-000000000000")
        #expect(Fingerprint(high: .max, low: .max).uuid == "ffffffff-ffff-8fff-bfff-ffffffffffff")
        #expect(
            Fingerprint(high: 0x0123_4567_89ab_cdef, low: 0x0123_4567_89ab_cdef).uuid
                == "01234567-89ab-8def-8123-456789abcdef")
    }

    private static func hex(_ word: UInt64) -> String {
        (0..<8).map { index in
            let byte = String(UInt8(truncatingIfNeeded: word >> UInt64(8 * index)), radix: 16)
            return byte.count == 1 ? "0" + byte : byte
        }.joined()
    }
}

struct FaultTests {
    @Test(
        "A position reads back from its text",
        arguments: [
            Position.file, .line(7), .line(7, column: 3), .path("/Invoice/cbc:ID[1]"), .path("/items/0"),
            .path("line of nonsense"),
        ])
    func positions(_ position: Position) {
        #expect(Position(text: position.text) == position)
    }
}
