// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing

@Suite("Months in words") struct MonthNamesTests {
    static let words = MonthNames.table.flatMap { language, months in
        months.enumerated().flatMap { index, words in
            words.split(separator: " ").map { (word: String($0), month: index + 1, language: language) }
        }
    }

    @Test("Twelve languages have twelve months each") func complete() {
        #expect(
            MonthNames.table.map(\.key) == [
                "en", "nl", "de", "fr", "es", "pt", "it", "da", "no", "sv", "fi", "pl",
            ])
        #expect(MonthNames.table.allSatisfy { $0.value.count == 12 })
    }

    @Test("No word means two months, in whatever language") func unambiguous() {
        var months: [String: Set<Int>] = [:]
        for (word, month, _) in Self.words { months[word, default: []].insert(month) }
        #expect(months.count > 200)
        let twice = months.filter { $0.value.count > 1 }.keys.sorted()
        #expect(twice == [])
        // Finnish months cut to three letters would be such words: `mar` is March in six languages, November in Finnish.
        let finnish = Self.words.filter { $0.language == "fi" }.map(\.word)
        #expect(months["mar"] == [3])
        #expect(!finnish.contains("mar"))
    }

    @Test("Every word reads as its month, in capitals or not, with and without a dot") func readable() throws {
        let convention = try #require(DateConvention("d MMM yyyy"))
        for (word, month, language) in Self.words {
            #expect(word == word.lowercased())
            for text in [word, word.uppercased(), word.prefix(1).uppercased() + word.dropFirst(), word + "."] {
                let day = convention.read("5 \(text) 2026")?.day
                #expect(day == Day(year: 2026, month: month, day: 5), "\(language) \(text)")
            }
        }
    }

    static let read: [(String, String, String)] = [
        ("dd MMM yyyy", "02 Sep 2026", "2026-09-02"), ("dd-MMM-yyyy", "12-Nov-2026", "2026-11-12"),
        ("MMM dd, yyyy", "Nov 12, 2026", "2026-11-12"), ("MMM dd, yyyy", "Sept. 12, 2026", "2026-09-12"),
        ("dd. MMM yyyy", "12. Nov. 2026", "2026-11-12"), ("dd/MMM/yyyy", "12/nov/2026", "2026-11-12"),
        ("d 'de' MMM 'de' yyyy", "5 de março de 2026", "2026-03-05"), ("d.MMM.yyyy", "5.Mai.2026", "2026-05-05"),
        ("d.MMM.yyyy", "5.mai.2026", "2026-05-05"), ("dd. MMM. yyyy", "12. Nov. 2026", "2026-11-12"),
        ("ddMMMyy", "05DEC26", "2026-12-05"), ("yyyy, d MMM", "2026, 5 déc.", "2026-12-05"),
        // The accent as a mark of its own, as some systems store it.
        ("d MMM yyyy", "5 de\u{301}c. 2026", "2026-12-05"), ("dd MMM yyyy HH:mm", "02 Sep 2026 10:15", "2026-09-02"),
    ]

    @Test("Patterns with a month in words", arguments: read)
    func reads(_ format: String, _ text: String, _ day: String) throws {
        let convention = try #require(DateConvention(format))
        #expect(convention.read(text)?.day.text == day)
    }

    static let refused: [(String, String)] = [
        ("d MMM yyyy", "5 Foo 2026"), ("d MMM yyyy", "5 Septem 2026"), ("d MMM yyyy", "5 Decx 2026"),
        ("d MMM yyyy", "31 Sep 2026"), ("d MMM yyyy", "5  2026"), ("d MMM yyyy", "5 Nov.. 2026"),
        ("d MMM yyyy", "5 12 2026"),
        ("dd. MMM. yyyy", "12. Mai 2026"), ("d.MMM.yyyy", "5.Nov..2026"), ("d MMM yyyy", "5 Nov"),
        ("d MMM yyyy", "5 Nov 26"),
        ("d MMM yyyy", "5 jui 2026"), ("d MMMM yyyy", "5 November 2026"),
    ]

    @Test("A word that is no month is no day", arguments: refused) func refuses(_ format: String, _ text: String) {
        #expect(DateConvention(format)?.read(text) == nil)
    }

    @Test(
        "A column without `date:` takes what has the month in words",
        arguments: [
            "02 Sep 2026", "2-SEP-2026", "2/sep/2026", "2.Sep.2026", "2. Sept. 2026", "2 de setembro de 2026",
            "Sep 2, 2026",
            "Sep. 02 2026",
        ])
    func settled(_ text: String) throws {
        #expect(DateConvention.monthInWords.read(text)?.day.text == "2026-09-02")
        var evidence = DateEvidence()
        let bytes = Array(text.utf8)
        evidence.add(bytes, 0, bytes.count, line: 2)
        #expect(try evidence.settle(column: "Date").get() == .monthInWords)
    }

    @Test("No two ways to write a month in words read one text differently") func noClash() {
        for text in ["1 Nov 2026", "11-nov-2026", "Nov 11, 2026", "11. Nov. 2026", "11.Nov.2026", "11 de nov de 2026"] {
            let days = DatePattern.inWords.compactMap { DateConvention.pattern($0).read(text)?.day }
            #expect(Set(days).count == 1, "\(text)")
        }
        let list = DatePattern.inWords.map { "\"\($0.text)\"" }.joined(separator: ", ")
        let date = { (patterns: String) in "\(CompileTests.good)\nread: { date: [\(patterns)] }" }
        #expect(Yard.faults(date(list)) == [])
        // 12 Nov 11 is two days, with a dot, too.
        #expect(Yard.faults(date("dd MMM yy, yy MMM dd")).map(\.code) == ["MAPPING-DATE"])
        #expect(Yard.faults(date("dd MMM. yy, yy MMM dd")).map(\.code) == ["MAPPING-DATE"])
    }
}
