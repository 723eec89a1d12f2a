// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing

@Suite("Days as files write them") struct DateTextTests {
    static let read: [(String, String, String)] = [
        ("iso", "2026-09-04", "2026-09-04"),
        ("iso", "2026-09-04T23:30:00+02:00", "2026-09-04"),
        ("iso", "2018-02-25 12:34:56 +0000", "2018-02-25"),
        ("dd.MM.yyyy", "04.09.2026", "2026-09-04"),
        ("d.M.yyyy", "4.9.2026", "2026-09-04"),
        ("MM/dd/yyyy", "09/04/2026", "2026-09-04"),
        ("yyyyMMdd", "20260904", "2026-09-04"),
        ("dd.MM.yy", "04.09.26", "2026-09-04"),
        ("dd.MM.yy", "04.09.85", "1985-09-04"),
        ("MMM d yyyy", "Jan 28 2021", "2021-01-28"),
        ("dd-MMM-yyyy", "12-DEC-2019", "2019-12-12"),
        ("dd.MM.yyyy 'um' HH:mm", "04.09.2026 um 13:15", "2026-09-04"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2026-09-04T10:11:12.345Z", "2026-09-04"),
        ("epoch_s", "1788480000", "2026-09-04"),
        ("epoch_ms", "1788480000000", "2026-09-04"),
        ("msjson", "/Date(1788480000000)/", "2026-09-04"),
        ("msjson", "/Date(1788480000000+0000)/", "2026-09-04"),
        ("excel", "46269", "2026-09-04"),
        ("excel", "46269.5", "2026-09-04"),
    ]

    @Test("Formats and what they give", arguments: read)
    func reads(_ format: String, _ text: String, _ day: String) throws {
        let convention = try #require(DateConvention(format))
        #expect(convention.read(text)?.day.text == day)
    }

    static let refused: [(String, String)] = [
        ("iso", "2026-02-30"), ("iso", "2026-9-4"), ("iso", "04.09.2026"), ("iso", "2026-09-04x"), ("iso", ""),
        ("dd.MM.yyyy", "4.9.2026"), ("dd.MM.yyyy", "31.04.2026"), ("dd.MM.yyyy", "04.09.2026 "),
        ("dd.MM.yyyy", "04.09.26"), ("MM/dd/yyyy", "13/01/2026"), ("yyyyMMdd", "2026-09-04"),
        ("epoch_s", "99999999999999"), ("msjson", "/Date(x)/"), ("msjson", "Date(1)"), ("excel", "12"),
        ("excel", "46269.x"), ("epoch_ms", "-"),
    ]

    @Test("The whole text must match", arguments: refused) func refuses(_ format: String, _ text: String) throws {
        let convention = try #require(DateConvention(format))
        #expect(convention.read(text) == nil)
    }

    @Test("Patterns that are none", arguments: ["dd.MM", "dd.MM.yyyyy", "dd.QQ.yyyy", "dd.MM.yyyy 'um", ""])
    func noPattern(_ text: String) { #expect(DateConvention(text) == nil) }

    func settle(_ values: [String]) -> Result<DateConvention, Refusal> {
        var evidence = DateEvidence()
        for (index, value) in values.enumerated() {
            let bytes = Array(value.utf8)
            evidence.add(bytes, 0, bytes.count, line: index + 2)
        }
        return evidence.settle(column: "Datum")
    }

    @Test(
        "One day over 12 settles the order of the column",
        arguments: [
            (["04.09.2024", "13.09.2024"], DateConvention.dayFirst), (["04/09/2024", "9/30/2024"], .monthFirst),
            (["2024-09-04"], .yearFirst), (["20240904"], .yearFirst), (["2 Sep 2024"], .monthInWords),
            (["04.04.2024"], .dayFirst), ([], .dayFirst),
        ])
    func settles(_ values: [String], _ convention: DateConvention) throws {
        #expect(try settle(values).get() == convention)
    }

    @Test("Another column of the file settles what a column leaves open, and nothing else") func others() throws {
        func evidence(_ values: [String]) -> DateEvidence {
            var evidence = DateEvidence()
            for (index, value) in values.enumerated() {
                let bytes = Array(value.utf8)
                evidence.add(bytes, 0, bytes.count, line: index + 2)
            }
            return evidence
        }
        let open = evidence(["04/09/2024"])
        let settled = evidence(["30/09/2024", "04/10/2024"])
        #expect(settled.order == .dayFirst)
        #expect(try open.settle(column: "Due", others: settled.order).get() == .dayFirst)
        #expect(try evidence(["9/30/2024"]).settle(column: "Due", others: .dayFirst).get() == .monthFirst)
        // A column of both orders, or with the year first, says nothing of another.
        #expect(evidence(["30/09/2024", "9/30/2024"]).order == nil)
        #expect(evidence(["2024-09-30"]).order == nil)
        #expect(evidence(["30 Sep 2024"]).order == nil)
        #expect(try evidence(["2 Sep 2024"]).settle(column: "Due", others: .dayFirst).get() == .monthInWords)
        #expect(throws: Refusal.self) { try open.settle(column: "Due").get() }
    }

    @Test("Nothing settles 04.09.2024: both readings and the lines are named", arguments: ["04.09.2024", "04/09/2024"])
    func ambiguous(_ text: String) {
        let refusal = #expect(throws: Refusal.self) { try settle([text, "01.02.2024"]).get() }
        #expect(refusal?.code == "DATE-AMBIGUOUS")
        #expect(refusal?.message.contains("2024-09-04 or 2024-04-09") == true)
        #expect(refusal?.message.contains("lines 2, 3") == true)
    }

    @Test(
        "Columns without one order are refused",
        arguments: [
            (["13.01.2024", "01/13/2024"], "DATE-MIXED"), (["2024-01-13", "01.02.2024"], "DATE-MIXED"),
            (["04.09.24"], "DATE-UNKNOWN"), (["gestern"], "DATE-UNKNOWN"), (["2 Foo 2024"], "DATE-UNKNOWN"),
            (["2 Sep 2024", "13/09/2024"], "DATE-MIXED"), (["2 Sep 2024", "02/09/2024"], "DATE-MIXED"),
            (["2 Sep 2024", "2024-09-02"], "DATE-MIXED"),
        ])
    func refusals(_ values: [String], _ code: String) {
        let refusal = #expect(throws: Refusal.self) { try settle(values).get() }
        #expect(refusal?.code == code)
    }
}
