// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing
import Trees

@Suite("Reading workbooks") struct XLSXReadingTests {
    /// Payments with columns d, a and n.
    static func pay(_ read: String = "", file: String = "format: xlsx") -> String {
        Desk.payments(read, file: file)
    }

    func read(
        _ sample: XLSXSample, mapping: String? = XLSXReadingTests.pay(), mappings: [String] = []
    ) throws -> (reading: Reading, documents: [Document]) {
        try Desk.read(sample.bytes, name: "book.xlsx", mapping: mapping, mappings: mappings)
    }

    func field(_ name: String, _ documents: [Document]) -> [String] {
        documents.map { $0.node[name]?.scalar ?? "" }
    }

    static let header = XLSXSample.row("d", "a", "n")

    @Test("Days, numbers and texts come out as they stand in the sheet") func types() throws {
        var sample = XLSXSample([
            Self.header,
            XLSXSample.number("46054", style: 1) + XLSXSample.number("1180.0999999999999")
                + "<c t=\"s\"><v>0</v></c>",
            XLSXSample.number("46054.75", style: 1) + XLSXSample.number("-3.5E-1") + "<c t=\"s\"><v>1</v></c>",
            "<c t=\"d\"><v>2026-02-03</v></c>" + XLSXSample.number("1e3")
                + "<c t=\"str\"><v>done</v><f>A1&amp;B1</f></c>",
        ])
        sample.formats = ["dd\\.mm\\.yyyy"]
        sample.texts = ["<t>Müller</t>", "<r><t>Rich </t></r><r><rPr><b/></rPr><t>text</t></r><rPh><t>kana</t></rPh>"]
        let (reading, documents) = try read(sample)
        #expect(reading.faults == [])
        #expect(reading.format == "xlsx")
        #expect(field("booked_on", documents) == ["2026-02-01", "2026-02-01", "2026-02-03"])
        #expect(field("amount", documents) == ["1180.10", "-0.35", "1000.00"])
        #expect(field("payer_name", documents) == ["Müller", "Rich text", "done"])
        #expect(documents.map(\.provenance.at.text) == ["line 2", "line 3", "line 4"])
    }

    @Test("A number of the sheet needs no convention, whatever the mapping says of texts") func conventions() throws {
        let sample = XLSXSample([
            Self.header, XLSXSample.row("01.02.2026") + XLSXSample.number("1234.5") + XLSXSample.row("x"),
            XLSXSample.row("02.02.2026", "1.234,50", "y"),
        ])
        let (reading, documents) = try read(
            sample, mapping: Self.pay("read: { decimal: \",\", group: \".\", date: dd.MM.yyyy }"))
        #expect(reading.faults == [])
        #expect(field("amount", documents) == ["1234.50", "1234.50"])
        #expect(field("booked_on", documents) == ["2026-02-01", "2026-02-02"])
    }

    @Test("Texts that nothing settles are refused as in any table") func ambiguous() throws {
        let sample = XLSXSample([Self.header, XLSXSample.row("2026-02-01", "1.234", "x")])
        #expect(try read(sample).reading.faults.map(\.code) == ["AMOUNT-AMBIGUOUS"])
    }

    @Test("Days are counted from 1904 where the workbook says so") func from1904() throws {
        var sample = XLSXSample([Self.header, XLSXSample.number("44592", style: 1) + XLSXSample.number("1")])
        sample.formats = ["yyyy-mm-dd"]
        sample.from1904 = true
        #expect(field("booked_on", try read(sample).documents) == ["2026-02-01"])
    }

    static let damaged: [(String, String)] = [
        ("123456789012345680", "SPREADSHEET-NUMBER"), ("1.2345678901234568E+17", "SPREADSHEET-NUMBER"),
    ]

    @Test("A number of which digits are lost is no identifier", arguments: damaged)
    func lost(_ value: String, _ code: String) throws {
        let sample = XLSXSample([
            XLSXSample.row("number", "issued_on", "total", "currency"),
            XLSXSample.number(value) + XLSXSample.row("2026-02-01", "10.00", "EUR"),
        ])
        let mapping = """
            mapping: 1
            name: inv
            source: { file: { format: xlsx } }
            read: { decimal: ".", date: iso }
            emit: { invoice: { fields: { number: number, issued_on: issued_on, total: total, currency: currency } } }
            """
        let (reading, documents) = try read(sample, mapping: mapping)
        #expect(reading.faults.map(\.code) == [code])
        #expect(documents.isEmpty)
    }

    @Test("A row of empty and blank cells is no row") func blankRows() throws {
        let sample = XLSXSample([
            Self.header, XLSXSample.row("2026-02-01", "1", "x"), XLSXSample.row(" ", "", "  "),
            XLSXSample.row("2026-02-03", "2", "y"),
        ])
        let (reading, documents) = try read(sample)
        #expect(reading.faults == [])
        #expect(reading.records == 2)
        #expect(documents.map(\.provenance.at.text) == ["line 2", "line 4"])
    }

    @Test("Text stays text, and a number shown with leading zeros keeps them") func identifiers() throws {
        var sample = XLSXSample([
            XLSXSample.row("number", "customer", "issued_on", "total"),
            XLSXSample.row("00017") + XLSXSample.number("42", style: 1) + XLSXSample.row("2026-02-01")
                + XLSXSample.number("5"),
        ])
        sample.formats = ["00000"]
        let mapping = """
            mapping: 1
            name: inv
            source: { file: { format: xlsx } }
            read: { decimal: ".", date: iso }
            emit: { invoice: { fields: { number: number, customer_id: customer, issued_on: issued_on, total: total } } }
            """
        let documents = try read(sample, mapping: mapping).documents
        #expect(field("number", documents) == ["00017"])
        #expect(field("customer_id", documents) == ["00042"])
    }

    @Test("A formula that failed is a fault where a rule reads it, and nothing elsewhere") func errors() throws {
        let sample = XLSXSample([
            XLSXSample.row("d", "a", "n", "note"),
            XLSXSample.row("2026-02-01") + "<c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>" + XLSXSample.row("x"),
            XLSXSample.row("2026-02-02", "2.00", "y") + "<c t=\"e\"><v>#N/A</v></c>",
        ])
        let (reading, documents) = try read(sample)
        #expect(reading.faults.map(\.code) == ["CELL-ERROR"])
        #expect(reading.faults.first?.at.text == "line 2, column 2")
        #expect(field("payer_name", documents) == ["y"])
    }

    @Test("A header cell that is merged downwards counts in the last of its rows") func merged() throws {
        let sample = XLSXSample(
            [
                XLSXSample.row("Open items of February"),
                XLSXSample.row("d", "", "Money"),
                "<c r=\"B3\" t=\"inlineStr\"><is><t>n</t></is></c><c r=\"C3\" t=\"inlineStr\"><is><t>a</t></is></c>",
                XLSXSample.row("2026-02-01", "x", "2.50"),
            ], after: "<mergeCells count=\"2\"><mergeCell ref=\"A2:A3\"/><mergeCell ref=\"C2:D2\"/></mergeCells>")
        let (reading, documents) = try read(sample)
        #expect(reading.faults == [])
        #expect(field("amount", documents) == ["2.50"])
    }

    @Test("Hidden sheets are named and never read by themselves") func hidden() throws {
        let rows = XLSXSample.data([Self.header, XLSXSample.row("2026-02-01", "1.50", "x")])
        var sample = XLSXSample([Self.header, XLSXSample.row("2026-02-01", "2.50", "y")])
        sample.sheets.append(XLSXSample.Sheet(name: "Last year", state: "hidden", xml: rows))
        let (reading, documents) = try read(sample)
        #expect(field("amount", documents) == ["2.50"])
        #expect(reading.faults.map(\.code) == ["SHEET-UNREAD"])
        #expect(reading.faults.first?.message.contains("\"Last year\"") == true)
        let named = try read(sample, mapping: Self.pay(file: "format: xlsx, sheet: Last year"))
        #expect(field("amount", named.documents) == ["1.50"])
    }

    @Test("Two sheets that fit are no choice of ours") func twoSheets() throws {
        let rows = XLSXSample.data([Self.header, XLSXSample.row("2026-02-01", "1.50", "x")])
        var sample = XLSXSample([Self.header, XLSXSample.row("2026-02-01", "2.50", "y")])
        sample.sheets.append(XLSXSample.Sheet(name: "March", xml: rows))
        let (reading, documents) = try read(sample)
        #expect(reading.faults.map(\.code) == ["SHEET-AMBIGUOUS"])
        #expect(documents.isEmpty)
    }

    @Test("Prefixes, absolute paths and the strict namespace change nothing") func dialects() throws {
        var sample = XLSXSample([Self.header, XLSXSample.row("2026-02-01", "2.50", "y_x000D_\nz")])
        sample.prefix = "x:"
        sample.absolute = true
        sample.namespace = "http://purl.oclc.org/ooxml/spreadsheetml/main"
        let (reading, documents) = try read(sample)
        #expect(reading.faults == [])
        #expect(field("payer_name", documents) == ["y\r\nz"])
    }

    @Test("A mapping for CSV reads the same table in a workbook; one for XLSX comes first") func choice() throws {
        let sample = XLSXSample([Self.header, XLSXSample.row("2026-02-01", "2.50", "y")])
        let csv = Desk.payments(name: "as-csv")
        let xlsx = Desk.payments(file: "format: xlsx", name: "as-xlsx")
        #expect(try read(sample, mapping: nil, mappings: [csv]).reading.mapping == "as-csv")
        #expect(try read(sample, mapping: nil, mappings: [csv, xlsx]).reading.mapping == "as-xlsx")
    }

    @Test("A renamed column is named, with what it was") func renamed() throws {
        let sample = XLSXSample([
            XLSXSample.row("day of booking", "amount", "payer"), XLSXSample.row("2026-02-01", "1", "x"),
        ])
        let mapping = """
            mapping: 1
            name: bank
            source: { file: { format: csv } }
            emit: { payment: { fields: { booked_on: booking day, amount: amount, payer_name: payer } } }
            """
        let fault = try #require(try read(sample, mapping: nil, mappings: [mapping]).reading.faults.first)
        #expect(fault.code == "MAPPING-NONE")
        #expect(fault.message.contains("except for one column: it reads \"booking day\""))
        #expect(fault.message.contains("\"day of booking\" instead"))
    }

    @Test("Rows that are left out are kept as a text that can be corrected and imported again") func rejects() throws {
        var sample = XLSXSample([
            Self.header, XLSXSample.number("46054", style: 1) + XLSXSample.number("7.25") + XLSXSample.row("good"),
            XLSXSample.number("46055", style: 1) + XLSXSample.row("12a", "bad; one"),
        ])
        sample.formats = ["yyyy-mm-dd"]
        let (reading, documents) = try read(sample)
        #expect(documents.count == 1)
        let rejects = try #require(reading.rejects)
        #expect(rejects.count == 1)
        #expect(String(decoding: rejects.bytes, as: UTF8.self) == "d,a,n\n2026-02-02,12a,bad; one\n")
        let fixed = String(decoding: rejects.bytes, as: UTF8.self).replacing("12a", with: "12.00")
        let again = try Desk.read(fixed, mapping: Self.pay())
        #expect(again.reading.faults == [])
        #expect(field("amount", again.documents) == ["12.00"])
    }
}
