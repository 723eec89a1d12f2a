// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Testing

/// A file over a megabyte is parsed on a thread of its own; whoever reads it must not notice.
@Suite("A large XML file is read in two threads as in one")
struct XMLPipelineTests {
    private static let origin = Provenance.Origin(sha256: "", name: "statement.xml", format: "camt.053")
    private static let entries = 6_000

    private static func statement(entries count: Int, end: String = "</Stmt></BkToCstmrStmt></Document>") -> String {
        let head = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S1</Id>
            <Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id><Ccy>EUR</Ccy></Acct>

            """
        let entries = (0..<count).map { index in
            """
            <Ntry><Amt Ccy="EUR">\(index + 1).25</Amt><CdtDbtInd>\(index % 7 == 0 ? "DBIT" : "CRDT")</CdtDbtInd>
            <Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-31</Dt></BookgDt><AcctSvcrRef>B\(index % 5_000)</AcctSvcrRef>
            <NtryDtls><TxDtls><RmtInf><Ustrd>Müller &amp; Söhne, invoice \(index)</Ustrd></RmtInf></TxDtls></NtryDtls>
            </Ntry>

            """
        }
        return head + entries.joined() + end
    }

    /// The documents and faults of a text as a file, and of the same bytes in memory.
    private static func both(_ text: String) throws -> [(documents: [Document], faults: [Fault])] {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("tieout-\(UUID().uuidString).xml")
        try Data(text.utf8).write(to: place)
        defer { try? FileManager.default.removeItem(at: place) }
        let file = try SourceFile(path: place.path, name: origin.name)
        #expect(file.size > 1 << 20, "the file is too small for two threads")
        var asFile: [Document] = []
        let one = try Catalogue.read(file, ReadingContext(asOf: Day(number: 20_544))) { asFile.append($0) }
        var inMemory: [Document] = []
        let own = Provenance.Origin(sha256: file.sha256, name: origin.name, format: origin.format)
        let two = try CamtFormat.read(pieces: [Array(text.utf8)], own) { inMemory.append($0) }
        return [(asFile, one.faults), (inMemory, two.faults)]
    }

    @Test("The documents are the same, in the same order")
    func documents() throws {
        let read = try Self.both(Self.statement(entries: Self.entries))
        #expect(read[0].documents.count == Self.entries + 1)
        #expect(read[0].documents == read[1].documents)
        #expect(read[0].faults == read[1].faults)
        guard case .payment(let last) = read[0].documents[Self.entries - 1] else {
            Issue.record("the last but one is no payment")
            return
        }
        #expect(last.remittance == "Müller & Söhne, invoice \(Self.entries - 1)")
        #expect(last.id == "B\((Self.entries - 1) % 5_000)~2")
        #expect(last.provenance.at.text.hasSuffix("/Stmt[1]/Ntry[\(Self.entries)]/NtryDtls/TxDtls[1]"))
    }

    @Test(
        "A file that goes wrong near its end is refused with the same words",
        arguments: ["", "<Ntry></Stmt>", "<!-- ", "\u{0}</Stmt>", "<Ntry>" + String(repeating: "<a>", count: 200)])
    func refusals(_ end: String) throws {
        let read = try Self.both(Self.statement(entries: Self.entries, end: end))
        #expect(read[0].faults.last?.severity == .refusal)
        #expect(read[0].faults == read[1].faults)
    }

    @Test("A root that is of no use refuses the file once, whatever follows")
    func otherRoot() throws {
        let text = Self.statement(entries: Self.entries, end: "<broken")
            .replacing("camt.053.001.08", with: "camt.053.001.99")
        let read = try Self.both(text)
        #expect(read[0].documents.isEmpty)
        #expect(read[0].faults.map(\.code) == ["FORMAT-UNSUPPORTED"])
        #expect(read[0].faults == read[1].faults)
    }

    private struct Enough: Error {}

    @Test("What the caller throws ends the reading, and is what is thrown")
    func thrown() throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("tieout-\(UUID().uuidString).xml")
        try Data(Self.statement(entries: Self.entries).utf8).write(to: place)
        defer { try? FileManager.default.removeItem(at: place) }
        var taken = 0
        #expect(throws: Enough.self) {
            _ = try Catalogue.read(SourceFile(path: place.path), ReadingContext(asOf: Day(number: 20_544))) { _ in
                taken += 1
                if taken == 10 { throw Enough() }
            }
        }
        #expect(taken == 10)
    }

    @Test("A file that changes while it is read is no reading of either")
    func changed() throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("tieout-\(UUID().uuidString).xml")
        try Data(Self.statement(entries: Self.entries).utf8).write(to: place)
        defer { try? FileManager.default.removeItem(at: place) }
        let file = try SourceFile(path: place.path)
        try Data(Self.statement(entries: Self.entries - 1).utf8).write(to: place)
        let failure = #expect(throws: ReadFailure.self) {
            _ = try Catalogue.read(file, ReadingContext(asOf: Day(number: 20_544))) { _ in }
        }
        #expect(failure?.code == "FILE-CHANGED")
    }
}
