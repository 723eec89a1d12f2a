// SPDX-License-Identifier: Apache-2.0

/// An international bank account number (ISO 13616) whose length and check digits are right.
package struct IBAN: Hashable, Sendable {
    /// Upper case, without spaces.
    package let text: String

    /// Nil when the length is not the country's or mod 97 is not 1. Spaces, hyphens, a leading `IBAN` and lower
    /// case are accepted. A country outside the registry's table is judged by the check digits alone.
    package init?(_ text: some StringProtocol) {
        let normal = Self.normalised(text)
        let bytes = Array(normal.utf8)
        guard (15...34).contains(bytes.count),
            bytes[0...1].allSatisfy({ $0 >= 0x41 && $0 <= 0x5A }),
            bytes[2...3].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            Self.length(ofCountry: String(normal.prefix(2))).map({ $0 == bytes.count }) ?? true,
            CheckDigit.mod97(bytes[4...] + bytes[0..<4]) == 1
        else { return nil }
        self.text = normal
    }

    /// Upper case without blanks, hyphens and a leading `IBAN`, whether it is valid or not: the key to look accounts up by.
    package static func normalised(_ text: some StringProtocol) -> String {
        var result = ""
        for scalar in text.unicodeScalars where !scalar.properties.isWhitespace && scalar != "-" {
            result.unicodeScalars.append(scalar)
        }
        result = result.uppercased()
        if result.hasPrefix("IBAN") {
            result.removeFirst(4)
            if result.hasPrefix(":") { result.removeFirst() }
        }
        return result
    }

    /// ISO 3166-1 alpha-2.
    package var country: String { String(text.prefix(2)) }

    /// In groups of four, as it is printed.
    package var printed: String { CheckDigit.grouped(text, by: 4) }

    /// A payment order to it needs no BIC: the European Economic Area (EPC069-12, AT-23).
    package var isInEconomicArea: Bool { Self.economicArea.contains(country) }

    private static func length(ofCountry country: String) -> Int? { lengths[country] }

    private static let economicArea: Set<String> = [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI",
        "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    ]

    /// SWIFT IBAN registry, release 99.
    private static let lengths: [String: Int] = {
        let text = """
            AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28
            EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26
            IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28
            NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25
            SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
            """
        var table: [String: Int] = [:]
        for entry in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            table[String(entry.prefix(2))] = Int(entry.dropFirst(2))
        }
        return table
    }()
}
