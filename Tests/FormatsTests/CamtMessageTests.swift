// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// The three messages of a bank side by side.
@Suite("camt.052 and camt.054 have the payments of camt.053")
struct CamtMessageTests {
    private static let parts = [
        "camt.052": ("BkToCstmrAcctRpt", "Rpt"), "camt.053": ("BkToCstmrStmt", "Stmt"),
        "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    ]

    private func text(_ message: String, _ version: Int, _ sample: CamtSample, isFirst: Bool = false) throws -> String {
        let (container, item) = try #require(Self.parts[message])
        let number = version < 10 ? "0\(version)" : "\(version)"
        let mark = isFirst ? "V01" : ""
        return sample.text.replacing("camt.053.001.08", with: "\(message).001.\(number)")
            .replacing("<BkToCstmrStmt>", with: "<\(container)\(mark)>")
            .replacing("</BkToCstmrStmt>", with: "</\(container)\(mark)>")
            .replacing("<Stmt>", with: "<\(item)>").replacing("</Stmt>", with: "</\(item)>")
    }

    private static let batch = CamtSample.entry(
        "100.00", head: "<AcctSvcrRef>B7</AcctSvcrRef>",
        details: ["60.00", "40.00"].map { "<Amt Ccy=\"EUR\">\($0)</Amt><CdtDbtInd>CRDT</CdtDbtInd>" })

    @Test("Each version of each message is read", arguments: ["camt.052", "camt.053", "camt.054"], 1...13)
    func versions(_ message: String, _ version: Int) throws {
        var sample = CamtSample()
        sample.entries = [CamtSample.entry("1.00", head: "<AcctSvcrRef>R1</AcctSvcrRef>"), Self.batch]
        sample.closing = "1101.00"
        let (payments, statements, reading) = try CamtSample.read(
            text(message, version, sample, isFirst: version == 1))
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(reading.format == message)
        #expect(payments.map(\.id) == ["R1", "B7/1", "B7/2"])
        #expect(payments.map(\.entryReference) == ["R1", "B7", "B7"])
        #expect(payments.map(\.entryAmount?.minorUnits) == [nil, 10000, 10000])
        #expect(payments.map(\.status) == [.booked, .booked, .booked])
        #expect(statements.map(\.entryCount) == [2])
        #expect(
            statements.map(\.kind.rawValue) == [
                ["camt.052": "report", "camt.054": "notification"][message] ?? "statement"
            ])
    }

    @Test("A report proves its days only between two booked balances; a statement always")
    func proof() throws {
        var sample = CamtSample()
        sample.entries = [CamtSample.entry("1.00")]
        sample.closing = "1001.00"
        for message in ["camt.052", "camt.053", "camt.054"] {
            let whole = try text(message, 8, sample)
            #expect(try CamtSample.read(whole).statements.map(\.provesDays) == [true])
            let open = whole.replacing("<Cd>CLBD</Cd>", with: "<Cd>ITBD</Cd>")
            #expect(try CamtSample.read(open).statements.map(\.provesDays) == [message == "camt.053"])
        }
    }

    @Test("A file is recognised by its namespace, and without one by what is in it")
    func detection() throws {
        let formats = [CamtFormat.report, CamtFormat.format, CamtFormat.notification]
        for message in ["camt.052", "camt.053", "camt.054"] {
            let whole = try text(message, 4, CamtSample())
            let bare = whole.replacing(" xmlns=\"urn:iso:std:iso:20022:tech:xsd:\(message).001.04\"", with: "")
            for head in [whole, bare] {
                let best = formats.max {
                    $0.detect(Array(head.utf8), "x").confidence < $1.detect(Array(head.utf8), "x").confidence
                }
                #expect(best?.name == message)
            }
            #expect(try CamtSample.read(bare).reading.format == message)
        }
    }

    @Test("A message without an account's element is refused by its own name")
    func empty() throws {
        let text =
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><BkToCstmrDbtCdtNtfctn/></Document>"
        let fault = try #require(try CamtSample.read(text).reading.faults.first)
        #expect(fault.code == "CAMT-NO-STATEMENT")
        #expect(fault.message.contains("Ntfctn"))
    }
}
