// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing
import Trees

/// What a system accepts now and does later, and what its requests may say besides.
struct PostLaterTests {
    private static let mapping = """
        mapping: 1
        name: test
        tested: documentation
        config: { extra: { default: '' } }
        source: { http: { base: https://api.example.com/v1, get: /invoices, page: none } }
        records: items/*
        sync: { mode: full }
        emit: { invoice: { key: [id], fields: { id: id, number: id, issued_on: day, total: total } } }
        push:
          payment:
            - { post: /entries, base: https://api.example.com/v2, xml: "<e id='$(request_id)' at='$(now:ddHHmmss)'><n>$(config.extra)</n>$(config.extra:raw)</e>", keep: { entry: e/id }, stands: entry $(entry), find: { get: /entries, found: id } }
            - { post: /matches/$(entry), LATER, FIND }
        """
    private static let find =
        "find: [{ get: /entries/$(entry), keep: { by: match } }, { get: /invoices/$(invoice_id), needs: by, when: { match: $(by) }, found: match }]"

    private func text(later: String = "later: { after: 30s, reason: the log of $(entry) }", find: String = find)
        -> String
    {
        Self.mapping.replacing("LATER", with: later).replacing("FIND", with: find)
    }

    private func drive(
        _ work: Post.Work = .pay, after written: Int = 0, extra: String = "", answers replies: [PullStage.Reply]
    ) throws -> PostStage {
        var setting = PullSetting()
        setting.config = ["extra": extra]
        var fields = ["invoice_id": "7", "idempotency_key": "K"]
        if written > 0 { fields["entry"] = "e1" }
        return try PostStage.drive(
            try PostStage.service(text()), work, after: written, fields: fields, setting: setting, answers: replies)
    }

    @Test func `What is accepted is not noted as done`() throws {
        let stage = try drive(answers: [PostStage.reply("{ e: { id: e1 } }"), .answer(PullAnswer(status: 202))])
        #expect(stage.ending == .accepted(30_000))
        #expect(stage.notes == [["entry": "e1"]])
    }

    @Test(arguments: [(409, true), (503, false)]) func `A refusal of it is one, and an answer that is lost is in doubt`(
        _ status: Int, _ isRefused: Bool
    ) throws {
        switch try drive(after: 1, answers: [PostStage.reply("{ message: no }", status: status)]).ending {
        case .stuck(let fault): #expect(isRefused && fault.message.contains("no"))
        case .unknown(let fault): #expect(!isRefused && fault.message.contains("no"))
        case let other: Issue.record("\(other)")
        }
    }

    @Test(
        arguments: [
            (["{ match: m1 }", "{ match: m1 }"], ["by": "m1", "found": "m1"]),
            // Another one has it, or nobody.
            (["{ match: m1 }", "{ match: m2 }"], ["by": "m1"]), (["{ match: m1 }", "{ match: '' }"], ["by": "m1"]),
            (["{ match: '' }"], [:]), (["{}"], [:]),
        ]
    ) func `A search may take two questions, the second with the answer to the first`(
        _ answers: [String], _ kept: [String: String]
    ) throws {
        let stage = try drive(.find, after: 1, answers: answers.map { PostStage.reply($0) })
        #expect(stage.ending == .done(kept))
        #expect(stage.lines == ["GET /entries/e1 ", "GET /invoices/7 "].prefix(answers.count).map { $0 })
    }

    @Test func `An answer to a request in XML is read as XML, from the step's own address`() throws {
        let stage = try drive(answers: [PostStage.reply("{}", status: 400)])
        let request = try #require(stage.sent.first)
        #expect(request.url.text == "https://api.example.com/v2/entries" && request.format == .xml)
        let look = try drive(.find, after: 1, answers: [PostStage.reply("{}")])
        #expect(look.sent.first?.format == .json)
    }

    @Test func `A setting that is XML goes in as it is, and only where the mapping says so`() throws {
        let stage = try drive(extra: "<a>1</a>", answers: [PostStage.reply("{}", status: 400)])
        let body = stage.sent.first?.text ?? ""
        #expect(body.hasSuffix("<n>&lt;a&gt;1&lt;/a&gt;</n><a>1</a></e>"), "\(body)")
    }

    @Test func `Each request has an id of its own, which is a UUID, and knows its moment`() throws {
        func id(_ stage: PostStage) -> Substring { (stage.sent.first?.text ?? "").dropFirst(7).prefix(36) }
        let body = try drive(answers: [PostStage.reply("{}", status: 400)]).sent.first?.text ?? ""
        #expect(body.contains("at='21141320'"), "\(body)")
        let first = id(try drive(answers: [PostStage.reply("{}", status: 400)]))
        #expect(first.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12] && Array(first)[14] == "8", "\(first)")
        var other = PostStage()
        other = try PostStage.drive(
            try PostStage.service(text()), fields: ["invoice_id": "7", "idempotency_key": "L"],
            setting: { () -> PullSetting in
                var setting = PullSetting()
                setting.config = ["extra": ""]
                return setting
            }(), answers: [PostStage.reply("{}", status: 400)])
        #expect(id(other) != first)
    }

    @Test func `What it says to people, and how its steps are called`() throws {
        let push = try #require(try PostStage.service(text()).push)
        #expect(push.reason(after: 1, ["entry": "e1"]) == "the log of e1")
        #expect(push.reason(after: 0, ["entry": "e1"]) == nil)
        let api = "https://api.example.com"
        #expect(push.stepNames == "POST \(api)/v2/entries, POST \(api)/v1/matches/$(entry)")
    }

    @Test func `What cannot be meant is said`() {
        func codes(_ text: String) -> [String] { Service.compile(Yard.node(text)).1.map(\.code) }
        #expect(codes(text(later: "later: 30s")) == [])
        #expect(codes(text(later: "later: soon")) == ["MAPPING-VALUE"])
        #expect(codes(text(later: "later: { reason: x }")) == ["MAPPING-MISSING"])
        #expect(codes(text(later: "later: { after: 1s, till: 2s }")) == ["MAPPING-KEY"])
        // A step that only reads is done when it answers.
        #expect(codes(text(later: "later: 30s, safe: true", find: "keep: { x: y }")) == ["MAPPING-MISSING"])
        let writing = "find: [{ post: /entries/$(entry), keep: { by: match } }, { get: /x, found: match }]"
        #expect(codes(text(find: writing)) == ["MAPPING-VALUE"])
        #expect(codes(text().replacing("extra:raw", with: "extra:rough")) == ["MAPPING-DATE"])
        #expect(codes(text().replacing("$(request_id)", with: "$(invoice_id:raw)")) == ["MAPPING-DATE"])
    }
}
