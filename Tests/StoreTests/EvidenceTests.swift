// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Store
import Testing

/// Evidence is stored in few bytes, and shown as JSON.
@Suite struct EvidenceTests {
    private static func stored(_ evidence: [Evidence], in books: TestBooks) throws -> (shown: String, column: String) {
        var decision = Decision(paymentID: "P1", verdict: .review, rule: .duplicate, sentence: "twice")
        decision.evidence = evidence
        let stored = StoredDecision(
            id: "d", decision: decision, state: .waiting, amount: Make.eur(700), decidedOn: "2026-03-31",
            recordedAt: TestBooks.clock, actor: "reconcile")
        try books.store.write { try $0.save(stored, company: "acme") }
        return try books.store.read { session in
            let shown = try #require(try session.decision(company: "acme", idOrPayment: "d")).evidence
            #expect(shown == stored.evidence)
            return (shown, try #require(try session.first("SELECT detail FROM decision") { $0.text(0) }))
        }
    }

    @Test(
        "What is read back is the JSON of what was decided",
        arguments: [
            ([], "[]"),
            ([Evidence("NUMBER", text: "A-1", bits: 20)], #"[{"code":"NUMBER","text":"A-1","bits":20}]"#),
            (
                [
                    Evidence("NUMBER", text: "A-1", span: 4..<7, itemID: "I1", bits: 20),
                    Evidence("NAME", text: "", span: 0..<0, bits: -3),
                    Evidence("ALSO-FITS", text: "B", itemID: "I2", bits: 0),
                ],
                #"[{"code":"NUMBER","text":"A-1","item":"I1","span":[4,7],"bits":20},"#
                    + #"{"code":"NAME","text":"","span":[0,0],"bits":-3},{"code":"ALSO-FITS","text":"B","item":"I2","bits":0}]"#
            ),
            (
                [Evidence("NAME", text: #"“Zoë” \ "C""#, bits: 1)],
                #"[{"code":"NAME","text":"“Zoë” \\ \"C\"","bits":1}]"#
            ),
            (
                [Evidence("NAME", text: "a\u{1F}b\u{1E}c\nd", itemID: "I1", bits: 1)],
                #"[{"code":"NAME","text":"a\u001fb\u001ec\u000ad","item":"I1","bits":1}]"#
            ),
            (
                [Evidence("NAME", text: "x", itemID: "I\u{1E}1", bits: 1)],
                #"[{"code":"NAME","text":"x","item":"I\u001e1","bits":1}]"#
            ),
        ])
    func shown(_ evidence: [Evidence], _ json: String) throws {
        #expect(try Self.stored(evidence, in: TestBooks()).shown == json)
    }

    @Test("What was stored as JSON stays, and plain texts take half the bytes")
    func column() throws {
        let books = try TestBooks()
        let plain = try Self.stored([Evidence("NUMBER", text: "A-1", span: 4..<7, itemID: "I1", bits: 20)], in: books)
        #expect(plain.column == "NUMBER\u{1F}20\u{1F}A-1\u{1F}I1\u{1F}4\u{1F}7")
        _ = try books.store.write { try $0.execute("UPDATE decision SET detail = ?", [plain.shown]) }
        let old = try books.store.read { try $0.decision(company: "acme", idOrPayment: "d") }
        #expect(old?.evidence == plain.shown)
    }
}
