// SPDX-License-Identifier: Apache-2.0

/// An ISO 11649 creditor reference: `RF`, two check digits, 1 to 21 letters or digits.
package struct CreditorReference: Hashable, Sendable {
    /// Upper case, without spaces: `RF18539007547034`.
    package let text: String

    /// Nil when the shape or the check (mod 97 = 1) is wrong; spaces and lower case are accepted.
    package init?(_ text: some StringProtocol) {
        guard let first = text.utf8.first(where: { $0 != 0x20 }), first | 0x20 == 0x72 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 where byte != 0x20 {
            bytes.append(byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte)
        }
        guard (5...25).contains(bytes.count), bytes[0] == 0x52, bytes[1] == 0x46,
            bytes[2...3].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            CheckDigit.mod97(bytes[4...] + bytes[0..<4]) == 1
        else { return nil }
        self.text = CheckDigit.text(bytes)
    }

    /// The reference that carries `body`; nil when the body is not 1 to 21 letters or digits. Spaces are dropped.
    package static func make(_ body: some StringProtocol) -> CreditorReference? {
        let bytes = body.utf8.filter { $0 != 0x20 }.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }
        guard (1...21).contains(bytes.count), let remainder = CheckDigit.mod97(bytes + Array("RF00".utf8))
        else { return nil }
        let check = 98 - remainder
        return CreditorReference("RF\(check < 10 ? "0" : "")\(check)" + CheckDigit.text(bytes))
    }

    /// What follows the check digits, leading zeros kept.
    package var body: String { String(text.dropFirst(4)) }

    /// In groups of four, as it is printed.
    package var printed: String { CheckDigit.grouped(text, by: 4) }
}
