// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing
import Trees

/// One write against a system that is a list of replies.
struct PostMachineTests {
    private static let mapping = """
        mapping: 1
        name: test
        tested: documentation
        source: { http: { base: https://api.example.com/v1, get: /invoices, page: none } }
        records: items/*
        sync: { mode: full }
        emit: { invoice: { key: [id], fields: { id: id, number: id, issued_on: day, total: total } } }
        push:
          MORE
          payment:
            - { get: /invoices/$(invoice_id), open: OPEN }
            - { post: /payments, headers: { Key: $(idempotency_key) }, form: { value: $(amount_minor), currency: "$(currency:lower)" }, ok: { status: 200, ./status: paid }, keep: { id: id } }
          find:
            get: /payments
            records: data/*
            when: { status: [paid, open], note/key: $(idempotency_key), cancelled: '' }
            found: id
        """

    private func service(_ more: String = "idempotent: true", open: String = "left") throws -> Service {
        try PostStage.service(Self.mapping.replacing("MORE", with: more).replacing("OPEN", with: open))
    }

    private func end(
        _ service: Service, _ work: Post.Work = .pay, amount: Int64 = 1000, answers replies: [PullStage.Reply]
    ) throws -> (Post.Ending, [PullRequest]) {
        let stage = try PostStage.drive(
            service, work, fields: ["invoice_id": "7", "idempotency_key": "K"], amount: amount, answers: replies)
        return (stage.ending, stage.sent)
    }

    private let open = "{ left: '10.00' }"

    @Test func `The amount goes out in whole minor units and the currency in small letters`() throws {
        let (ending, sent) = try end(
            try service(), answers: [PostStage.reply(open), PostStage.reply("{ status: paid, id: p1 }")])
        #expect(ending == .done(["id": "p1"]))
        #expect(sent.last?.text == "value=1000&currency=eur")
    }

    @Test(arguments: [409, 422]) func `A refusal of what was sent again does not say that the first one was refused`(
        _ status: Int
    ) throws {
        let answers = [PostStage.reply(open), PostStage.lost, PostStage.reply("{ message: busy }", status: status)]
        let (ending, sent) = try end(try service(), answers: answers)
        guard case .unknown(let fault) = ending else {
            Issue.record("\(ending)")
            return
        }
        #expect(fault.code == "POST-REFUSED")
        #expect(sent.count == 3)
    }

    @Test func `A refusal of what was sent once is one, and says what the answer has`() throws {
        guard
            case .refused = try end(
                try service(), answers: [PostStage.reply(open), PostStage.reply("{}", status: 409)]
            ).0
        else {
            Issue.record("it is not refused")
            return
        }
        let ending = try end(try service(), answers: [PostStage.reply(open), PostStage.reply("{ status: void }")]).0
        guard case .refused(let fault) = ending else {
            Issue.record("it is not refused")
            return
        }
        #expect(fault.message.contains("`status` is void"))
    }

    @Test func `Nobody was reached, so nothing is in doubt`() throws {
        let nobody = PullStage.Reply.loss(PullLoss("NET-CONNECT", isPassing: true, "no connection"))
        guard
            case .refused = try end(
                try service(), answers: [PostStage.reply(open), nobody, PostStage.reply("{}", status: 409)]
            ).0
        else {
            Issue.record("it is not refused")
            return
        }
    }

    @Test(
        arguments: [
            ("{ left: '9.99' }", "left", "", "POST-OPEN"),
            ("{ left: 999 }", "{ from: left, minor: true }", "", "POST-OPEN"),
            ("{ left: '10.01' }", "left", "takes: whole", "POST-OPEN"), ("{ other: 1 }", "left", "", "POST-FORM"),
            ("{ left: 10.5 }", "{ from: left, minor: true }", "", "POST-FORM"),
        ]
    ) func `A payment that does not fit into what is open is not sent`(
        _ answer: String, _ reading: String, _ more: String, _ code: String
    ) throws {
        let more = more.isEmpty ? "idempotent: true" : more
        let (ending, sent) = try end(try service(more, open: reading), answers: [PostStage.reply(answer)])
        guard case .refused(let fault) = ending else {
            Issue.record("\(ending)")
            return
        }
        #expect(fault.code == code && sent.count == 1)
    }

    @Test(arguments: ["left", "{ from: left, minor: true }"]) func `One that fits is sent`(_ reading: String) throws {
        let left = reading == "left" ? "{ left: 10 }" : "{ left: 1000 }"
        for more in ["idempotent: true", "takes: whole"] {
            let (ending, _) = try end(
                try service(more, open: reading),
                answers: [PostStage.reply(left), PostStage.reply("{ status: paid, id: p1 }")])
            #expect(ending == .done(["id": "p1"]))
        }
    }

    @Test(
        arguments: [
            ("{ id: p1, status: open, note: { key: K } }", "p1"),
            ("{ id: p1, status: canceled, note: { key: K } }", nil),
            ("{ id: p1, status: paid, note: { key: L } }", nil), ("{ id: p1, status: paid }", nil),
            ("{ id: p1, status: paid, note: { key: K }, cancelled: '2026-08-11' }", nil),
        ]
    ) func `Of a list only the payment with its key is found`(_ record: String, _ found: String?) throws {
        let other = "{ id: p0, status: paid, note: { key: J } }"
        let (ending, _) = try end(try service(), .find, answers: [PostStage.reply("{ data: [\(other), \(record)] }")])
        #expect(ending == .done(found.map { ["found": $0] } ?? [:]))
    }

    @Test(
        arguments: [
            ("takes: part", "MAPPING-VALUE"), ("idempotent: true", "MAPPING-KEY"),
        ]
    ) func `What cannot be meant is said`(_ more: String, _ code: String) {
        let open = more.hasPrefix("takes") ? "left" : "{ from: left, cents: true }"
        let text = Self.mapping.replacing("MORE", with: more).replacing("OPEN", with: open)
        #expect(Service.compile(Yard.node(text)).1.map(\.code) == [code])
    }
}
