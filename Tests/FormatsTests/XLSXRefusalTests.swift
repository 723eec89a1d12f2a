// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing

@Suite("Workbooks that are refused, each with its reason") struct XLSXRefusalTests {
    func codes(_ bytes: [UInt8], mapping: String? = XLSXReadingTests.pay()) throws -> [String] {
        let (reading, documents) = try Desk.read(bytes, name: "book.xlsx", mapping: mapping)
        #expect(documents.isEmpty)
        #expect(reading.faults.allSatisfy { !$0.hint.isEmpty })
        return reading.faults.map(\.code)
    }

    static let rows = [XLSXSample.row("d", "a", "n"), XLSXSample.row("2026-02-01", "2.50", "y")]

    @Test("Macros") func macros() throws {
        var sample = XLSXSample(Self.rows)
        sample.others = [("xl/vbaProject.bin", "x")]
        #expect(try codes(sample.bytes) == ["XLSX-MACRO"])
    }

    @Test("A password: a compound file with an encrypted package; without one it is a workbook of before 2007")
    func password() throws {
        let mark: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
        let name: [UInt8] = "EncryptedPackage".utf8.flatMap { letter -> [UInt8] in [letter, 0] }
        #expect(try codes(mark + [UInt8](repeating: 0, count: 600) + name) == ["XLSX-PASSWORD"])
        #expect(try codes(mark + [UInt8](repeating: 0, count: 600)) == ["FORMAT-UNSUPPORTED"])
    }

    @Test("Archives that are something else") func others() throws {
        #expect(try codes(XLSXSample.zip([("a.csv", "x"), ("b.csv", "y")])) == ["FORMAT-UNSUPPORTED"])
        let mime = "application/vnd.oasis.opendocument.spreadsheet"
        #expect(try codes(XLSXSample.zip([("mimetype", mime), ("content.xml", "<x/>")])) == ["FORMAT-UNSUPPORTED"])
        #expect(
            try codes(XLSXSample.zip([("_rels/.rels", "<x/>"), ("word/document.xml", "<x/>")])) == [
                "FORMAT-UNSUPPORTED"
            ])
    }

    @Test("Damage: cut off, bytes changed, a part missing") func damage() throws {
        let bytes = XLSXSample(Self.rows).bytes
        #expect(try codes(Array(bytes.prefix(bytes.count / 2))) == ["ZIP-DAMAGED"])
        var changed = bytes
        let text = Array("inlineStr".utf8)
        let at = try #require(bytes.indices.first { bytes[$0...].starts(with: text) })
        changed[at] = 0x49
        #expect(try codes(changed) == ["ZIP-DAMAGED"])
    }

    @Test("An entry that says it inflates to more than the limit") func limit() throws {
        let entries = [("xl/workbook.xml", "<workbook/>"), ("_rels/.rels", "<Relationships/>")]
        #expect(try codes(XLSXSample.zip(entries, declaring: 3 << 30)) == ["ZIP-LIMIT"])
    }

    @Test("An archive bomb stops at its ratio") func bomb() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Place.path("Tests/Fixtures/xlsx/bomb.xlsx"))))
        #expect(bytes.count < 200_000)
        #expect(try codes(bytes) == ["ZIP-LIMIT"])
    }

    @Test("Columns beyond the limit, a value beside the table, a sheet that is not there") func shape() throws {
        let wide = XLSXSample([Self.rows[0], "<c r=\"AMM2\"><v>1</v></c>"])
        #expect(try codes(wide.bytes) == ["COLUMNS-TOO-MANY"])
        let beside = XLSXSample([Self.rows[0], XLSXSample.row("2026-02-01", "1.00", "x", "note")])
        #expect(try codes(beside.bytes) == ["ROW-RAGGED"])
        let missing = try codes(
            XLSXSample(Self.rows).bytes, mapping: XLSXReadingTests.pay(file: "format: xlsx, sheet: No"))
        #expect(missing == ["SHEET-MISSING"])
        #expect(try codes(XLSXSample([]).bytes) == ["FILE-EMPTY"])
    }

    @Test("A document type in a part is refused like in any XML") func doctype() throws {
        var sample = XLSXSample(Self.rows)
        sample.sheets[0].xml = "<!DOCTYPE x [<!ENTITY a \"b\">]>"
        let codes = try codes(sample.bytes)
        #expect(codes == ["XML-DOCTYPE"] || codes == ["XML-MALFORMED"])
    }
}

@Suite("The workbooks of the corpus") struct XLSXCorpusTests {
    static let folder = Place.root.deletingLastPathComponent().appendingPathComponent(
        "shared/corpus/xlsx/tafia__calamine/tests"
    ).path

    static var files: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        if names.isEmpty { print("skipped: the workbooks of the corpus are not beside this checkout") }
        return names.filter { $0.hasSuffix(".xlsx") }.sorted()
    }

    @Test("Each is opened and shown", arguments: files) func open(_ name: String) throws {
        let file = try SourceFile(path: Self.folder + "/" + name)
        #expect(try Catalogue.detect(file).format?.name == "xlsx")
        let reading = try Catalogue.read(file, ReadingContext(asOf: Place.today)) { _ in }
        #expect(reading.faults.allSatisfy { ["MAPPING-NONE", "FILE-EMPTY"].contains($0.code) })
        _ = try XLSXFormat.inspect(file, ReadingContext(asOf: Place.today))
    }
}
