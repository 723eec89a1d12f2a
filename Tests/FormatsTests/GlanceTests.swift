// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing
import Trees

/// `read` keeps nothing of a file, so it takes no digest and looks at the whole of it only where a format needs that.
@Suite("A glance at a file is enough to read it") struct GlanceTests {
    private static let folder = Place.path("samples/mappings")

    private static var samples: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { !$0.hasSuffix(".jsonl") }.sorted()
    }

    private func said(_ file: SourceFile) throws -> [String] {
        var context = ReadingContext(asOf: Place.today)
        context.defaultCurrency = .eur
        context.library = { try MappingFolder.load(folder: Place.path("mappings")).mappings }
        var said: [String] = []
        let reading = try Catalogue.read(file, context) { said.append($0.node.json) }
        return said + reading.faults.map { "\($0.code) \($0.at.text) \($0.message)" }
    }

    @Test("Every sample says the same after a glance as after a first pass") func samples() throws {
        #expect(Self.samples.count > 80)
        for name in Self.samples {
            let path = Self.folder + "/" + name
            let looked = try SourceFile(path: path)
            let glanced = try SourceFile.glance(path: path, name: name)
            #expect(glanced.sha256.isEmpty && glanced.size == looked.size, "\(name)")
            #expect(try said(glanced) == said(looked), "\(name)")
        }
    }

    @Test("Of a large text the encoding is known all the same, and of a large XML file nothing is missing")
    func large() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tieout-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // The only letter outside ASCII stands behind what a glance sees.
        var text = "number,currency,issued_on,total,customer_name\n"
        for row in 1...20_000 { text += "R-\(row),EUR,2026-01-02,10.00,Bakery\n" }
        var bytes = Array(text.utf8)
        bytes += Array("R-0,EUR,2026-01-02,10.00,M".utf8) + [0xFC] + Array("ller\n".utf8)
        let table = folder.appendingPathComponent("t.csv").path
        try Data(bytes).write(to: URL(fileURLWithPath: table))
        let lines = try said(SourceFile.glance(path: table, name: "t.csv"))
        #expect(lines.count == 20_002)
        #expect(lines[20_000].contains("Müller"))
        #expect(lines[20_001].hasPrefix("ENCODING-GUESSED"))

        let entry =
            "<Ntry><Amt Ccy=\"EUR\">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
            + "<BookgDt><Dt>2026-03-02</Dt></BookgDt></Ntry>"
        let statement =
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt><Id>S</Id><Acct><Id>"
            + "<IBAN>NL91ABNA0417164300</IBAN></Id></Acct>" + String(repeating: entry, count: 12_000)
            + "</Stmt></BkToCstmrStmt></Document>"
        let path = folder.appendingPathComponent("s.xml").path
        try Data(statement.utf8).write(to: URL(fileURLWithPath: path))
        #expect(try said(SourceFile.glance(path: path, name: "s.xml")).count == 12_001)
    }
}
