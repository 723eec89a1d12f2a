// SPDX-License-Identifier: Apache-2.0

/// A key of the Brazilian directory DICT, in the form that stands in a BR Code.
package struct PixKey: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A person's tax number, 11 digits.
        case cpf
        /// A company's tax number, 14 digits or, from July 2026, 12 letters or digits and 2 digits.
        case cnpj
        case email
        /// E.164 with `+`.
        case phone
        /// A random UUID, lower case.
        case random
    }

    package let kind: Kind
    package let text: String

    /// Nil when the text is none of the five forms. Punctuation of CPF, CNPJ and phone numbers is dropped;
    /// eleven digits that pass the CPF check are a CPF, a phone number needs its `+`.
    package init?(_ text: String) {
        let given = text.trimmed
        if given.contains("@") {
            self.init(email: given)
        } else if given.hasPrefix("+") {
            self.init(phone: given)
        } else if let uuid = Self.uuid(given) {
            self.init(.random, uuid)
        } else {
            let bytes = Array(
                given.uppercased().utf8.filter { $0 != 0x2E && $0 != 0x2D && $0 != 0x2F && $0 != 0x20 })
            if Self.isCPF(bytes) {
                self.init(.cpf, String(decoding: bytes, as: UTF8.self))
            } else if Self.isCNPJ(bytes) {
                self.init(.cnpj, String(decoding: bytes, as: UTF8.self))
            } else {
                return nil
            }
        }
    }

    private init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    private init?(email: String) {
        let lower = email.lowercased()
        let parts = lower.split(separator: "@", omittingEmptySubsequences: false)
        guard lower.utf8.count <= 77, parts.count == 2, !parts[0].isEmpty, parts[1].contains("."),
            parts[1].first != ".", parts[1].last != ".", lower.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        self.init(.email, lower)
    }

    private init?(phone: String) {
        let digits = phone.utf8.dropFirst().filter { $0 != 0x20 && $0 != 0x2D && $0 != 0x28 && $0 != 0x29 }
        guard (8...15).contains(digits.count), digits.allSatisfy(\.isDigit), digits[0] != 0x30 else { return nil }
        self.init(.phone, "+" + String(decoding: digits, as: UTF8.self))
    }

    private static func uuid(_ text: String) -> String? {
        let lower = text.lowercased()
        let parts = lower.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12],
            parts.allSatisfy({ $0.utf8.allSatisfy { $0.isDigit || ($0 >= 0x61 && $0 <= 0x66) } })
        else { return nil }
        return lower
    }

    /// Two mod-11 digits; eleven equal digits pass the sums and are refused (Receita Federal).
    private static func isCPF(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 11, bytes.allSatisfy(\.isDigit), Set(bytes).count > 1 else { return false }
        return check(bytes[0..<9], weightMax: 11) == bytes[9] && check(bytes[0..<10], weightMax: 11) == bytes[10]
    }

    /// Letters count as their ASCII code less 48 (Nota Técnica Cocad 49/2024), which leaves digits as they are.
    private static func isCNPJ(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 14, bytes.allSatisfy(\.isLetterOrDigit), bytes[12...].allSatisfy(\.isDigit),
            Set(bytes).count > 1
        else { return false }
        return check(bytes[0..<12], weightMax: 9) == bytes[12] && check(bytes[0..<13], weightMax: 9) == bytes[13]
    }

    /// Weights from 2, from the right, starting again after `weightMax`.
    private static func check(_ bytes: ArraySlice<UInt8>, weightMax: Int) -> UInt8 {
        var sum = 0
        for (index, byte) in bytes.reversed().enumerated() {
            sum += Int(byte &- 0x30) * (2 + index % (weightMax - 1))
        }
        let rest = sum % 11
        return rest < 2 ? 0x30 : 0x30 + UInt8(11 - rest)
    }
}
