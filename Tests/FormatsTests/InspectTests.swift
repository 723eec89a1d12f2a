// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing
import Trees

@Suite("What inspecting a file says") struct InspectTests {
    func table(_ text: String, name: String = "export.csv", mappings: [String] = []) throws -> TableInspection {
        try #require(try inspect(Array(text.utf8), name: name, mappings: mappings).table)
    }

    func inspect(_ bytes: [UInt8], name: String, mappings: [String] = []) throws -> FileInspection {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tieout-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("input")
        try Data(bytes).write(to: path)
        var context = ReadingContext(asOf: Place.today)
        context.defaultCurrency = .eur
        context.mappings = try mappings.map(Desk.compiled)
        return try Catalogue.inspect(SourceFile(path: path.path, name: name), context)
    }

    static let bank = """
        Date,Details,Debit,Credit,Balance
        25/09/2026,Random Name,,428.03,1100.00
        26/09/2026,Random Bill,512.00,,588.03
        27/09/2026,A shop,20.00,,568.03
        """

    @Test("A value with a line end stays inside its remark in the suggested mapping") func brokenSample() throws {
        let text = "Name,Phone,Email,Address\nHarbor Inc,+31600000001,a@h.example,\"1 Main St\nSpringfield\u{7}\"\n"
        let mapping = try table(text).suggestedMapping(name: "customers")
        #expect(MappingFolder.compile(text: mapping).faults.isEmpty, "\(mapping)")
        #expect(mapping.contains("1 Main St Springfield"))
        let column = try table("number,\u{1}total\u{7F},currency,issued_on\n1,2.00,EUR,2026-01-05\n")
        let odd = column.suggestedMapping(name: "odd")
        #expect(!MappingFolder.compile(text: odd).faults.contains { $0.code == "YAML-FORM" }, "\(odd)")
    }

    @Test("A type is what four fields of five have; the rest contradicts it") func contradiction() throws {
        let rows = (1...9).map { "\($0),2026-02-0\($0),\($0).50" }
        let table = try table((["no,day,amount"] + rows + ["10,pending,-"]).joined(separator: "\n"))
        #expect(table.columns.map(\.kind) == [.number, .day, .amount])
        #expect(table.columns[1].contradiction == "\"pending\" in line 11")
        #expect(table.columns[2].contradiction == "\"-\" in line 11")
        #expect(table.columns[2].samples == ["1.50", "2.50"])
        #expect(table.columns[1].convention == "iso")
    }

    @Test("Days that two orders read alike are in doubt, and a later row settles them") func days() throws {
        let doubt = try table("d,a\n01/02/2026,1.5\n03/04/2026,2.5\n")
        #expect(doubt.columns[0].doubt != nil)
        let settled = try table("d,a\n01/02/2026,1.5\n23/04/2026,2.5\n")
        #expect(settled.columns[0].convention == "dd/MM/yyyy")
    }

    @Test("Money in and money out in a column each become one amount") func pair() throws {
        let table = try table(Self.bank)
        let text = table.suggestedMapping(name: "bank")
        #expect(text.contains("amount: { calc: \"$(Credit) - $(Debit)\" }"))
        let mapping = try Desk.compiled(text)
        var context = ReadingContext(asOf: Place.today)
        context.defaultCurrency = .eur
        context.mapping = mapping
        let (reading, documents) = try Desk.read(Self.bank, mapping: text)
        #expect(reading.faults == [])
        #expect(documents.compactMap { $0.node["amount"]?.scalar } == ["428.03", "-512.00", "-20.00"])
    }

    @Test("A column of two words that tells the direction makes the amount negative") func direction() throws {
        let text = "Datum;Omschrijving;Af Bij;Bedrag\n20260913;x;Af;10,50\n20260914;y;Bij;2,00\n"
        let mapping = try table(text).suggestedMapping(name: "bank")
        #expect(mapping.contains("negate_when: { Af Bij: Af }"))
        let (reading, documents) = try Desk.read(text, mapping: mapping)
        #expect(reading.faults == [])
        #expect(documents.compactMap { $0.node["amount"]?.scalar } == ["-10.50", "2.00"])
    }

    @Test("A table without a header is read by its columns' places") func headless() throws {
        let text = "18.09.2026;Shop A;-33,87;EUR\n19.09.2026;Shop B;14,00;EUR\n"
        let table = try table(text)
        #expect(table.headerLine == 0)
        let mapping = table.suggestedMapping(name: "headless")
        let (reading, documents) = try Desk.read(text, mapping: mapping)
        #expect(reading.faults == [])
        #expect(documents.count == 2)
    }

    @Test("Which mapping fits, how well, and the one column that was renamed") func fits() throws {
        let mapping = """
            mapping: 1
            name: books
            source: { file: { format: csv } }
            read: { decimal: ".", date: iso }
            emit: { invoice: { fields: { number: Invoice no, issued_on: Issued, total: Total, customer_name: Customer } } }
            """
        let rows = "7,2026-02-01,10.00,Miller\n"
        let exact = try inspect(
            Array(("Invoice no,Issued,Total,Customer\n" + rows).utf8), name: "x", mappings: [mapping])
        #expect(exact.mapping == "books")
        #expect(exact.documents.map(\.kind) == ["invoice"])
        #expect(exact.sums.first?.plus.amountText == "10.00")
        let other = try inspect(
            Array(("Invoice no,Issued,Total,Customer name\n" + rows).utf8), name: "x", mappings: [mapping])
        let fit = try #require(other.table?.fits.first)
        #expect(fit.missing == ["Customer"])
        #expect(fit.renamed == "Customer name")
        #expect(other.faults.first?.message.contains("except for one column") == true)
        #expect(other.text.contains("seems to be called \"Customer name\""))
    }

    @Test("Sheets are listed with their state; the suggestion names the one that was looked at") func sheets() throws {
        var sample = XLSXSample([
            XLSXSample.row("Invoice number", "Invoice date", "Amount"),
            XLSXSample.row("A-1") + XLSXSample.number("46054", style: 1) + XLSXSample.number("12.5"),
        ])
        sample.formats = ["yyyy-mm-dd"]
        sample.sheets.append(
            XLSXSample.Sheet(name: "Old", state: "hidden", xml: XLSXSample.data([XLSXSample.row("x")])))
        let inspection = try inspect(sample.bytes, name: "book.xlsx")
        let table = try #require(inspection.table)
        #expect(table.sheets.map(\.state) == ["visible", "hidden"])
        #expect(table.columns.map(\.kind) == [.text, .day, .amount])
        let mapping = table.suggestedMapping(name: "book")
        #expect(mapping.contains("sheet: Open"))
        let (reading, documents) = try Desk.read(sample.bytes, name: "book.xlsx", mapping: mapping)
        #expect(reading.faults.map(\.code) == ["SHEET-UNREAD"])
        #expect(documents.count == 1)
    }

    @Test("What is no table is shown with its format, the reason and what would land") func others() throws {
        let unknown = try inspect([0x89, 0x50, 0x4E, 0x47, 0, 1], name: "x.png")
        #expect(unknown.format == "unknown")
        #expect(unknown.refused)
        let json = try inspect(Array("[{\"a\":1}]".utf8), name: "x.json")
        #expect(json.format == "json")
        #expect(json.text.contains("MAPPING-NONE"))
    }
}

@Suite("Suggested mappings of exports nobody has seen") struct InspectCorpusTests {
    static var files: [String] {
        let found = CSVCorpusTests.files("csv-bank") + CSVCorpusTests.files("csv-invoices")
        if found.isEmpty { print("skipped: the tables of the corpus are not beside this checkout") }
        return found.map(\.path)
    }

    static let clean: Set<String> = [
        "WA_Fn-UseC_-Accounts-Receivable_with_missing.csv", "invoicely_invoices.csv", "stripe.csv",
        "export_KBC-Mastercard Business Essential_20200204_1604.csv", "20180226-1000594757-umsatz.CSV",
        "2019-03-02_11-50-46_bunq-statement.csv", "Umsaetze_KtoNr538917600_EUR_02-03-2018_1503.CSV", "viseca.csv",
    ]

    @Test("Each compiles, or says what no column looks like", arguments: files) func compile(_ path: String) throws {
        let file = try SourceFile(path: path)
        guard let table = try CSVFormat.inspect(file, ReadingContext(asOf: Place.today)) else { return }
        let (mapping, faults) = MappingFolder.compile(text: table.suggestedMapping(name: "suggested"))
        #expect(faults.allSatisfy { $0.code == "MAPPING-MISSING" || $0.code == "MAPPING-VALUE" }, "\(faults)")
        guard let mapping else { return }
        var context = ReadingContext(asOf: Place.today)
        context.defaultCurrency = .eur
        context.mapping = mapping
        let reading = try Catalogue.read(file, context) { _ in }
        // Untouched, the suggestion reads these without a single fault.
        if Self.clean.contains(file.name) {
            #expect(reading.faults == [])
            #expect(reading.records > 0)
        }
    }
}
