// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing
import Trees

/// A write of two steps against a system that is a list of replies.
struct PostStepTests {
    private static let mapping = """
        mapping: 1
        name: test
        tested: documentation
        source: { http: { base: https://api.example.com/v1, get: /invoices, page: none, errors: ERRORS } }
        records: items/*
        sync: { mode: full }
        emit: { invoice: { key: [id], fields: { id: id, number: id, issued_on: day, total: total } } }
        push:
          payment:
            - { get: "/books/$(invoice_id:/1)/$(invoice_id:/2)", records: lines/*, when: { side: debit }, open: left, keep: { ledger: account } }
            - { post: /entries, form: { ledger: $(ledger), note: $(idempotency_key) }, keep: { entry: id }, stands: entry $(entry), FIRST }
            - { post: /matches/$(entry), form: { by: $(idempotency_key) }, ok: { done: "true" }, SECOND }
          MORE
          reverse:
            - { delete: /entries/$(entry) }
        """
    private static let first =
        "find: { get: /entries, records: items/*, when: { note: $(idempotency_key) }, found: id, keep: { entry: id } }"
    private static let second = "find: { get: /matches/$(entry), when: { state: matched }, found: state }"

    private func text(first: String = first, second: String = second, more: String = "takes: whole") -> String {
        Self.mapping.replacing("FIRST", with: first).replacing("SECOND", with: second).replacing("MORE", with: more)
            .replacing("ERRORS", with: "[{ status: 500, match: { fault: \"*oken*\" }, do: refresh }]")
    }

    private func service() throws -> Service { try PostStage.service(text()) }

    private func end(
        _ work: Post.Work = .pay, after written: Int = 0, fields: [String: String] = [:], invoice: String = "SLS/7/1",
        answers replies: [PullStage.Reply]
    ) throws -> PostStage {
        let given = ["invoice_id": invoice, "idempotency_key": "K"].merging(fields) { $1 }
        return try PostStage.drive(try service(), work, after: written, fields: given, answers: replies)
    }

    private let lines =
        "{ lines: [{ side: credit, left: 1, account: X }, { side: debit, left: '10.00', account: '1300' }] }"

    @Test func `Each writing step is noted before the next is sent`() throws {
        let result = try end(answers: [
            PostStage.reply(lines), PostStage.reply("{ id: e1 }"), PostStage.reply("{ done: true }"),
        ])
        #expect(
            result.lines == ["GET /books/SLS/7 ", "POST /entries ledger=1300&note=K", "POST /matches/e1 by=K"])
        #expect(result.notes == [["ledger": "1300", "entry": "e1"], ["ledger": "1300", "entry": "e1"]])
        #expect(result.ending == .done(["ledger": "1300", "entry": "e1"]))
    }

    @Test func `It goes on behind what is done, with what was kept`() throws {
        let result = try end(after: 1, fields: ["entry": "e1"], answers: [PostStage.reply("{ done: true }")])
        #expect(result.lines == ["POST /matches/e1 by=K"])
    }

    @Test(
        arguments: [
            (0, "{ items: [{ note: J, id: e0 }, { note: K, id: e1 }] }", ["entry": "e1", "found": "e1"]),
            (0, "{ items: [{ note: J, id: e0 }] }", [:]), (1, "{ state: matched }", ["found": "matched"]),
            (1, "{ state: open }", [:]),
        ]
    ) func `What is looked for is the step that is missing`(
        _ written: Int, _ answer: String, _ kept: [String: String]
    ) throws {
        let result = try end(.find, after: written, fields: ["entry": "e1"], answers: [PostStage.reply(answer)])
        #expect(result.ending == .done(kept))
        #expect(result.lines == [written == 0 ? "GET /entries " : "GET /matches/e1 "])
    }

    @Test func `A second step that is refused is no refusal of the whole`() throws {
        let result = try end(answers: [
            PostStage.reply(lines), PostStage.reply("{ id: e1 }"), PostStage.reply("{ message: no }", status: 409),
        ])
        guard case .stuck(let fault) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
        #expect(fault.code == "POST-REFUSED" && fault.message.contains("no"))
        let first = try end(answers: [PostStage.reply(lines), PostStage.reply("{ message: no }", status: 409)])
        guard case .refused = first.ending else {
            Issue.record("\(first.ending)")
            return
        }
    }

    @Test func `A second step without an answer is in doubt`() throws {
        guard
            case .unknown = try end(answers: [PostStage.reply(lines), PostStage.reply("{ id: e1 }"), PostStage.lost])
                .ending
        else {
            Issue.record("it is not in doubt")
            return
        }
    }

    @Test func `An answer that names no record of ours says nothing is open`() throws {
        let result = try end(answers: [PostStage.reply("{ lines: [{ side: credit, left: '10.00' }] }")])
        guard case .refused(let fault) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
        #expect(fault.code == "POST-FORM" && result.sent.count == 1)
    }

    @Test(arguments: ["''", "{ '@field': x }"]) func `What is empty is not kept`(_ id: String) throws {
        // Without a name for what was made the next step cannot be written; the entry stands.
        let result = try end(answers: [PostStage.reply(lines), PostStage.reply("{ id: \(id) }")])
        #expect(result.notes == [["ledger": "1300"]])
        guard case .stuck(let fault) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
        #expect(fault.code == "POST-SETTING" && fault.message.contains("entry"))
    }

    @Test func `An id without that part is no request`() throws {
        guard case .refused(let fault) = try end(invoice: "7", answers: []).ending else {
            Issue.record("it was sent")
            return
        }
        #expect(fault.code == "POST-SETTING")
    }

    @Test func `What a person said to be there is taken back by a person`() throws {
        guard case .refused(let fault) = try end(.reverse, answers: []).ending else {
            Issue.record("it was sent")
            return
        }
        #expect(fault.code == "POST-SETTING" && fault.hint.contains("tieout post settle"))
    }

    @Test func `What stands there is said in the mapping's words`() throws {
        let push = try #require(try service().push)
        #expect(push.standing(after: 1, ["entry": "e1"]) == "entry e1")
        #expect(push.standing(after: 0, ["entry": "e1"]) == "")
        #expect(push.isStaged && push.writingCount == 2 && push.canReverse && push.canFind(after: 1))
    }

    @Test func `What cannot be meant is said`() {
        func codes(_ text: String) -> [String] { Service.compile(Yard.node(text)).1.map(\.code) }
        let other = "safe: false"
        #expect(codes(text(second: other)) == ["MAPPING-MISSING"])
        #expect(codes(text(more: "find: { get: /entries, found: id }")) == ["MAPPING-KEY"])
        #expect(codes(text(second: "needs: entry, " + Self.second)) == ["MAPPING-KEY"])
        #expect(codes(text(second: "stands: match $(other), " + Self.second)) == ["MAPPING-VALUE"])
        #expect(codes(text(first: other, second: other, more: "find: { get: /entries, found: id }")) == [])
    }
}
