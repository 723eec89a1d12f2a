// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Testing
import Trees

/// What a person does with a file nobody has seen: `inspect`, a mapping, `read`, `import`, `verify`.
@Suite("A file without a mapping, from inspect to a clean import") struct FileVerbTests {
    static let export = """
        Region,CustomerCode,InvoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed
        North,C-104,40017,1/14/2026,2/13/2026,1180.00,No
        South,C-209,40018,1/22/2026,2/21/2026,310.50,Yes
        North,C-104,40019,2/3/2026,3/5/2026,75.25,No

        """

    func write(_ text: String, _ name: String, in scene: ConversationScene) throws -> String {
        let url = scene.folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    func lines(_ scene: ConversationScene, _ paths: [String], mapping: String? = nil) throws -> ([Node], Bool) {
        var bytes: [UInt8] = []
        let refused = try scene.workplace().read(paths, mapping: mapping, kind: nil) { bytes += $0 }
        let texts = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return (try texts.map { try #require(StoryFile.json(String($0))) }, refused)
    }

    @Test("Inspect says what a file is, and that nothing of it would land; the suggestion imports it cleanly")
    func fromInspectToVerify() throws {
        let scene = try ConversationScene()
        let path = try write(Self.export, "receivables.csv", in: scene)
        let inspected = try scene.workplace().inspect([path], mapping: nil, kind: nil)
        #expect(inspected.failed)
        #expect(inspected.json.at("files.0.format") == "csv")
        #expect(inspected.json.at("files.0.columns.3.type") == "day")
        #expect(inspected.json.at("files.0.columns.3.convention") == "M/d/yyyy")
        #expect(inspected.json.at("files.0.faults.0.code") == "MAPPING-NONE")
        #expect(inspected.text.contains("refused; nothing of it would land"))

        let out = scene.folder.appendingPathComponent("mine.yaml").path
        let suggested = try scene.workplace().suggestMapping(path, out: out)
        #expect(suggested.text.contains("tieout mapping check \(out)"))
        let checked = try scene.workplace().checkMappings([out])
        #expect(!checked.failed, "\(checked.text)")
        #expect(checked.json.at("mappings.0.mapping") == "mine")

        let again = try scene.workplace().inspect([path], mapping: out, kind: nil)
        #expect(!again.failed)
        #expect(again.json.at("files.0.documents.invoice") == "3")
        #expect(again.json.at("files.0.sums.0.plus") == "1565.75")
        let (documents, refused) = try lines(scene, [path], mapping: out)
        #expect(!refused)
        #expect(documents.map { $0["number"]?.scalar } == ["40017", "40018", "40019"])
        #expect(documents.first?["due_on"]?.scalar == "2026-02-13")
        #expect(documents.first?["at"]?.scalar == "line 2")

        var options = Workplace.ImportOptions()
        options.mapping = out
        let summary = try scene.workplace().importFiles([path], options)
        #expect(!summary.anyRefused, "\(summary.text)")
        #expect(try scene.list(.items).count == 3)
        #expect(try !scene.workplace().verify().failed)
    }

    @Test("A mapping that is wrong is told line by line; one that is not there has a name") func wrongMapping() throws {
        let scene = try ConversationScene()
        let path = try write(
            """
            mapping: 1
            name: mine
            source: { file: { format: csv } }
            emit: { invoice: { fields: { number: No, issued_on: Day, totl: Sum } } }

            """, "wrong.yaml", in: scene)
        let answer = try scene.workplace().checkMappings([path])
        #expect(answer.failed)
        #expect(answer.json.at("mappings.0.faults.0.code") == "MAPPING-TARGET")
        #expect(answer.json.at("mappings.0.faults.0.at") == "line 4, column 58")
        #expect(answer.text.contains("Did you mean `total:`?"))
        #expect(throws: (any Error).self) { try scene.workplace().checkMappings(["no-such-mapping"]) }
        #expect(try !scene.workplace().checkMappings(["n26"]).failed)
    }

    @Test("An example passes once it is recorded, and fails when the mapping gives something else")
    func examples() throws {
        let scene = try ConversationScene()
        _ = try write(Self.export, "samples/export.csv", in: scene)
        let mapping = """
            mapping: 1
            name: mine
            source: { file: { format: csv } }
            read: { decimal: ".", date: M/d/yyyy }
            emit:
              invoice:
                fields:
                  number: InvoiceNumber
                  customer_id: CustomerCode
                  issued_on: InvoiceDate
                  total: InvoiceAmount
                  currency: { const: EUR }
            tests:
              - { in: samples/export.csv, out: samples/export.expected.jsonl }

            """
        let path = try write(mapping, "mine.yaml", in: scene)
        let first = try scene.workplace().testMappings([path], record: false)
        #expect(first.failed)
        #expect(first.text.contains("--record"))
        #expect(try !scene.workplace().testMappings([path], record: true).failed)
        #expect(try !scene.workplace().testMappings([path], record: false).failed)
        _ = try write(mapping.replacing("issued_on: InvoiceDate", with: "issued_on: DueDate"), "mine.yaml", in: scene)
        let changed = try scene.workplace().testMappings([path], record: false)
        #expect(changed.failed)
        #expect(changed.json.at("mappings.0.tests.0.passed") == "false")
        #expect(changed.text.contains("FAILED"))
        #expect(changed.text.contains("2026-02-13"))
    }

    @Test("Read takes files and folders in one call; of a refused file it prints the refusal and no document")
    func readMany() throws {
        let scene = try ConversationScene()
        let header = "number,kind,customer_id,customer_name,currency,issued_on,total\n"
        let row = "invoice,C-1,Ahrend B.V.,EUR,2026-07-01,1000.00\n"
        _ = try write(header + "A1," + row, "in/a.csv", in: scene)
        _ = try write(header + "B1," + row + "B2,\"open", "in/b.csv", in: scene)
        let third = try write(header + "C1," + row + "C2," + row, "c.csv", in: scene)
        let (documents, refused) = try lines(scene, [scene.folder.appendingPathComponent("in").path, third])
        #expect(refused)
        #expect(documents.map { $0["number"]?.scalar ?? $0["type"]?.scalar } == ["A1", "refused", "C1", "C2"])
        #expect(documents[1].at("faults.0.code") == "QUOTE-OPEN")
    }

    @Test("More lines than memory holds come out whole, and in order") func readLong() throws {
        let scene = try ConversationScene()
        let header = "number,kind,customer_id,customer_name,currency,issued_on,total\n"
        let rows = (1...20_000).map { "N\($0),invoice,C-\($0 % 97),Köhler & Söhne GmbH,EUR,2026-07-01,\($0).00\n" }
        let path = try write(header + rows.joined(), "long.csv", in: scene)
        var pieces = 0
        var bytes: [UInt8] = []
        _ = try scene.workplace().read([path], mapping: nil, kind: nil) {
            pieces += 1
            bytes += $0
        }
        let numbers = try String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
            try #require(StoryFile.json(String($0)))["number"]?.scalar
        }
        #expect(pieces > 1)
        #expect(numbers == (1...20_000).map { "N\($0)" })
    }
}
