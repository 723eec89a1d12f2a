// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing
import Trees

@Suite("Inspecting CSV files") struct CSVInspectionTests {
    func inspect(_ name: String, mappings: Bool = true) throws -> TableInspection {
        var context = ReadingContext(asOf: Place.today)
        if mappings { context.mappings = try MappingFolder.load(folder: Place.path("mappings")).mappings }
        let file = try SourceFile(path: Place.path("samples/mappings/\(name).csv"))
        return try #require(try CSVFormat.inspect(file, context))
    }

    @Test("Types and conventions are told from the whole column") func types() throws {
        let inspection = try inspect("opos-de")
        #expect(inspection.mapping == "opos-de")
        #expect(inspection.headerLine == 3)
        #expect(inspection.encoding?.encoding == .windows1252)
        let kinds = Dictionary(uniqueKeysWithValues: inspection.columns.map { ($0.name, $0) })
        #expect(kinds["Belegdatum"]?.kind == .day)
        #expect(kinds["Belegdatum"]?.convention == "dd.MM.yyyy")
        #expect(kinds["Soll"]?.kind == .amount)
        #expect(kinds["Soll"]?.convention == ",")
        #expect(kinds["WKZ"]?.kind == .currency)
        #expect(kinds["Name"]?.kind == .text)
        #expect(kinds["Konto"]?.kind == .number)
        #expect(inspection.lines.contains { $0.contains("windows-1252") })
        #expect(Node.object(inspection.entries)["columns"]?.items?.count == 10)
    }

    @Test("A file no mapping fits is shown all the same, with the doubt") func unknown() throws {
        let inspection = try inspect("exact-receivables", mappings: false)
        #expect(inspection.mapping == nil)
        #expect(inspection.faults.map(\.code) == ["MAPPING-NONE"])
        #expect(inspection.columns.first { $0.name == "Vervaldatum" }?.why.hasPrefix("in doubt") == true)
        #expect(inspection.columns.first { $0.name == "Factuurbedrag" }?.convention == ",")
    }

    @Test(
        "The suggested mapping compiles, and says of each guess that it is one",
        arguments: ["exact-receivables", "opos-de", "bank-nl", "tieout-invoices", "tieout-payments"])
    func suggestion(_ name: String) throws {
        let text = try inspect(name, mappings: false).suggestedMapping(name: "suggested")
        let (mapping, faults) = MappingFolder.compile(text: text)
        #expect(faults == [])
        #expect(mapping?.entities == [name.contains("bank") || name.contains("payments") ? .payment : .invoice])
        #expect(text.contains("currency"))
        for line in text.split(separator: "\n") where line.hasPrefix("      ") && !line.contains("# not read") {
            #expect(line.contains("# guess: ") || line.drop { $0 == " " }.hasPrefix("#"))
        }
    }
}
