// SPDX-License-Identifier: Apache-2.0

/// The legal form in a company's name: `GmbH & Co. KG`, `S.r.l.`, `Oy`.
struct LegalForm: Hashable {
    /// Of the words that say what kind of company it is, as they follow each other; 0 where there are none. A list of them
    /// for each name of a large ledger would take thirty megabytes.
    private var key: UInt64 = 0
    /// The countries whose law knows the form, as bits; 0 where that says nothing.
    private(set) var countries: UInt64 = 0

    var isEmpty: Bool { key == 0 }

    func isSame(as other: LegalForm) -> Bool { key == other.key }

    mutating func add(_ word: [UInt8]) {
        guard !Self.joining.contains(word) else { return }
        var hash = KeyHash()
        hash.add(Int64(bitPattern: key))
        for byte in Self.same[word] ?? word { hash.add(byte) }
        key = hash.value
        guard let known = Self.countriesOf[word] else { return }
        // `Oy Ab`: where both are known.
        let both = countries & known
        countries = countries == 0 ? known : both
    }

    /// No law knows both: two companies of the same name.
    func contradicts(_ other: LegalForm) -> Bool {
        countries != 0 && other.countries != 0 && countries & other.countries == 0
    }

    static func isOne(_ word: [UInt8]) -> Bool { all.contains(word) }

    /// One that a name may end with: no `und`, no `Co`.
    static func isEnd(_ word: [UInt8]) -> Bool { isOne(word) && !joining.contains(word) }

    /// Single letters that stand together: `S.p.A.`, `e.K.`
    static func longestBegin(_ letters: ArraySlice<UInt8>) -> Int {
        for count in stride(from: min(4, letters.count), to: 1, by: -1)
        where all.contains(Array(letters.prefix(count))) {
            return count
        }
        return 0
    }

    private static func words(_ text: String) -> [[UInt8]] {
        text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) }
    }

    /// Europe and the Americas.
    private static let all: Set<[UInt8]> = Set(
        words(
            """
            GMBH CO KG KGAA AG UG OHG GBR EK EV MBH SE BV NV VOF CV SA SAS SARL SASU EURL SCA SRL SPA SNC SAPA SL SLU SCP
            AB AS ASA APS IVS OY OYJ TMI KY LTD LIMITED LLC LLP LP PLC INC CORP CORPORATION COMPANY OU AB UAB SIA LDA LTDA
            EIRELI ME EPP DOO DD KFT ZRT SP ZOO AND UND ET THE
            """))

    /// What a name is written with or without.
    private static let joining = Set(words("AND UND ET THE CO COMPANY"))
    private static let same: [[UInt8]: [UInt8]] = [
        Array("LIMITED".utf8): Array("LTD".utf8), Array("CORPORATION".utf8): Array("CORP".utf8),
    ]

    /// Forms of few countries; those of many (`SA`) tell nothing.
    private static let countriesOf: [[UInt8]: UInt64] = {
        var bits: [String: UInt64] = [:]
        var table: [[UInt8]: UInt64] = [:]
        for (forms, countries) in [
            ("GMBH KG KGAA AG OHG GBR EK EV MBH", "DE AT CH LI LU"), ("UG", "DE"), ("BV", "NL BE"), ("NV", "NL BE"),
            ("VOF", "NL BE"), ("SAS SASU EURL", "FR"), ("SARL", "FR CH LU BE"), ("SNC", "FR IT CH BE LU"),
            ("SRL", "IT BE RO ES"), ("SPA", "IT"), ("SAPA", "IT"), ("SL SLU", "ES"), ("AB", "SE FI LT"),
            ("AS", "NO DK CZ EE LV TR"), ("ASA", "NO"), ("APS IVS", "DK"), ("OY OYJ TMI KY", "FI"),
            ("LTD LIMITED", "GB IE US CY MT"), ("PLC", "GB IE MT"), ("LLC CORP CORPORATION INC", "US"),
            ("LLP", "GB US"),
            ("OU", "EE"), ("UAB", "LT"), ("SIA", "LV"), ("LDA", "PT"), ("LTDA EIRELI ME EPP", "BR"),
            ("DOO", "SI HR RS BA ME MK"), ("KFT ZRT", "HU"), ("ZOO", "PL"),
        ] {
            var known: UInt64 = 0
            for country in countries.split(separator: " ").map(String.init) {
                let bit = bits[country] ?? 1 << UInt64(bits.count)
                bits[country] = bit
                known |= bit
            }
            for form in words(forms) { table[form] = known }
        }
        return table
    }()
}
