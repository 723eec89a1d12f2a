// SPDX-License-Identifier: Apache-2.0
import Documents
import Rendering
import Reports
import Testing

@Suite("Tables on paper, screen and in spreadsheets")
struct RenderingTests {
    static var report: Report {
        var table = Table(
            "t", "Title <b>", columns: [Table.Column("who", "Who"), Table.Column("amount", "Amount", .money)])
        table.add([.text("Köhler & Söhne, \"GmbH\""), .money(Money(minorUnits: 123_456_789, currency: .eur))])
        table.add([.text("=1+1"), .money(Money(minorUnits: -5, currency: .eur))], isTotal: true)
        return Report(
            name: "r", title: "A report", company: "c", asOf: Day(number: 20_000), tables: [table],
            checks: [Report.Check("tie", holds: false, "1 < 2")])
    }

    @Test("CSV quotes what needs it, keeps figures plain and disarms formulas")
    func csv() {
        #expect(
            CSVTable.render(Self.report)
                == "who,amount\r\n\"Köhler & Söhne, \"\"GmbH\"\"\",1234567.89\r\n'=1+1,-0.05\r\n")
    }

    @Test("Text groups thousands and aligns figures to the right")
    func text() {
        let lines = TextTable.render(Self.report).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.contains { $0.hasSuffix("1,234,567.89") })
        #expect(lines.contains { $0.hasSuffix("       -0.05") })
        #expect(lines.contains("✗ tie: 1 < 2"))
    }

    @Test(
        "Grouping",
        arguments: [("0.05", "0.05"), ("-999.00", "-999.00"), ("1000", "1,000"), ("-1234567.8", "-1,234,567.8")])
    func grouping(_ plain: String, _ grouped: String) { #expect(TextTable.grouped(plain) == grouped) }

    @Test("HTML escapes data and needs nothing from outside")
    func html() {
        let page = HTMLPage.render(Self.report)
        #expect(page.contains("Köhler &amp; Söhne, &quot;GmbH&quot;"))
        #expect(page.contains("<h2>Title &lt;b&gt;</h2>"))
        #expect(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"))
        #expect(page.contains("<tr class=\"total\">"))
    }
}
