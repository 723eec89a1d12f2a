// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing
import Trees

@Suite("Files whose months are words") struct MonthsInWordsTests {
    static let columns: [([String], String)] = [
        (["02 Sep 2026", "14 Sep 2026"], "d MMM yyyy"), (["2 September 2026", "14 MAY 2026"], "d MMM yyyy"),
        (["12-Nov-2026", "03-DEC-2026"], "d-MMM-yyyy"), (["12/nov/2026", "01/dez/2026"], "d/MMM/yyyy"),
        (["12. Nov. 2026", "1. März 2026"], "d. MMM yyyy"), (["12.Nov.2026", "01.Mai.2026"], "d.MMM.yyyy"),
        (["Nov 12, 2026", "Sept. 03, 2026"], "MMM d, yyyy"), (["Feb 3 2026", "Mar 05 2026"], "MMM d yyyy"),
        (["5 de março de 2026", "12 de novembro de 2026"], "d 'de' MMM 'de' yyyy"),
        (["12-Nov-26", "03-Dec-26"], "d-MMM-yy"), (["12/nov/26", "01/dez/26"], "d/MMM/yy"),
        (["12 nov. 26", "1 mei 26"], "d MMM yy"),
    ]

    static func file(_ days: [String]) -> String {
        "d;a;n\n" + days.enumerated().map { "\"\($1)\";\($0 + 1).50;Shop \($0)\n" }.joined()
    }

    @Test("Inspecting tells the pattern, and what it suggests reads the file", arguments: columns)
    func census(_ days: [String], _ pattern: String) throws {
        let text = Self.file(days)
        let table = try InspectTests().table(text)
        #expect(table.columns[0].kind == .day)
        #expect(table.columns[0].convention == pattern)
        #expect(table.columns[0].why == "every field is a day written \(pattern)")
        let mapping = table.suggestedMapping(name: "suggested")
        let (reading, documents) = try Desk.read(text, mapping: mapping)
        #expect(reading.faults == [], "\(mapping)")
        let convention = try #require(DateConvention(pattern))
        #expect(documents.compactMap { $0.node["booked_on"]?.scalar } == days.map { convention.read($0)?.day.text })
    }

    @Test("A word that is no month contradicts the column, and is no day of a column without one") func otherWords()
        throws
    {
        let table = try InspectTests().table(
            Self.file(["02 Sep 2026", "03 Sep 2026", "04 Sep 2026", "05 Sep 2026", "06 Foo 2026"]))
        #expect(table.columns[0].kind == .day)
        #expect(table.columns[0].contradiction == "\"06 Foo 2026\" in line 6")
        let none = try InspectTests().table(Self.file(["06 Foo 2026", "07 Bar 2026"]))
        #expect(none.columns[0].kind == .text)
    }

    @Test(
        "Without `date:` the column is read as it stands; where no year or one way is told, the file is refused",
        arguments: [
            (["02 Sep 2026", "14 Sep 2026"], ["2026-09-02", "2026-09-14"], []),
            (["Nov 12, 2026"], ["2026-11-12"], []), (["12. Nov. 2026"], ["2026-11-12"], []),
            (["02 Sep 26"], [], ["DATE-UNKNOWN"]), (["02 Sep 2026", "02/09/2026"], [], ["DATE-MIXED"]),
            (["02 Sep 2026", "03 Foo 2026"], ["2026-09-02"], ["DATE-FORM"]),
        ])
    func settled(_ days: [String], _ expected: [String], _ codes: [String]) throws {
        let mapping = Desk.payments("read: { decimal: \".\" }")
        let (reading, documents) = try Desk.read(Self.file(days), mapping: mapping)
        #expect(reading.faults.map(\.code) == codes)
        #expect(documents.compactMap { $0.node["booked_on"]?.scalar } == expected)
    }

    @Test("A customer called Total is one where days are in words, and such rows are no header") func rows() throws {
        let text = """
            Invoice,Customer,Date,Due,Amount,PO
            7,Total Energies,"Feb 1, 2026","Mar 1, 2026",10.00,4711
            8,Total,"Feb 2, 2026","Mar 2, 2026",5.50,

            """
        let table = try InspectTests().table(text)
        #expect(table.asides.isEmpty)
        #expect(table.rows == 2)
        let headless = try InspectTests().table("18 Sep 2026;Shop A;33\n19 Sep 2026;Shop B;14\n")
        #expect(headless.headerLine == 0)
        #expect(headless.rows == 2)
    }

    @Test("Xero's receipts are read with days in words and in digits") func xero() throws {
        let mapping = try String(contentsOfFile: Place.path("mappings/xero-payments.yaml"), encoding: .utf8)
        let words = try String(contentsOfFile: Place.path("samples/mappings/xero-payments.csv"), encoding: .utf8)
        #expect(words.contains("14 Sep 2026"))
        let digits = words.replacing(" Sep ", with: "/09/")
        let (one, other) = (try Desk.read(words, mapping: mapping), try Desk.read(digits, mapping: mapping))
        #expect(one.reading.faults == [] && other.reading.faults == [])
        #expect(one.documents.count == 2)
        #expect(
            one.documents.map { $0.node["booked_on"]?.scalar } == other.documents.map { $0.node["booked_on"]?.scalar })
    }

    @Test(
        "Every name that Unicode CLDR has reads as its month, also without its accents",
        arguments: [
            "en", "en_GB", "en_US", "nl", "de", "de_AT", "fr", "es", "es_MX", "pt_BR", "pt_PT", "it", "da", "nb", "nn",
            "sv",
            "fi", "pl",
        ])
    func names(_ locale: String) throws {
        let convention = try #require(DateConvention("d MMM yyyy"))
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: locale)
        let lists: [[String]?] = [
            formatter.monthSymbols, formatter.standaloneMonthSymbols, formatter.shortMonthSymbols,
            formatter.shortStandaloneMonthSymbols,
        ]
        for names in lists.compactMap(\.self) {
            try #require(names.count == 12)
            for (index, name) in names.enumerated() {
                for text in [name, name.folding(options: .diacriticInsensitive, locale: nil)] {
                    let month = convention.read("5 \(text) 2026")?.day.month
                    #expect(month == index + 1, "\(locale): \(text)")
                }
            }
        }
    }
}
