// SPDX-License-Identifier: Apache-2.0

/// Fields of an EMV QR code: two digits of id, two of length, then as many characters; ASCII only.
package struct EMVFields {
    struct Field {
        var id: String
        var text: String
    }

    private(set) var text = ""

    /// A value over 99 characters cannot be framed; payloads check their lengths before it shows.
    mutating func add(_ id: String, _ value: String) {
        let count = value.utf8.count
        text += "\(id)\(count < 10 ? "0" : "")\(count)\(value)"
    }

    /// Nil when an id or a length is not two digits, a length runs over the end, or an id stands twice.
    static func parse(_ bytes: ArraySlice<UInt8>) -> [Field]? {
        var fields: [Field] = []
        var rest = bytes
        while !rest.isEmpty {
            guard rest.count >= 4, rest.prefix(4).allSatisfy(\.isDigit) else { return nil }
            let id = String(decoding: rest.prefix(2), as: UTF8.self)
            let header = Array(rest.prefix(4))
            let count = Int(header[2] - 0x30) * 10 + Int(header[3] - 0x30)
            rest = rest.dropFirst(4)
            guard count <= rest.count, !fields.contains(where: { $0.id == id }) else { return nil }
            fields.append(Field(id: id, text: String(decoding: rest.prefix(count), as: UTF8.self)))
            rest = rest.dropFirst(count)
        }
        return fields
    }

    /// CRC-16/CCITT-FALSE (polynomial 1021, initial FFFF, not reflected), four capital hexadecimal digits.
    package static func checksum(_ bytes: some Sequence<UInt8>) -> String {
        var sum: UInt16 = 0xFFFF
        for byte in bytes {
            sum ^= UInt16(byte) << 8
            for _ in 0..<8 { sum = sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x1021 }
        }
        let digits = String(sum, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}
