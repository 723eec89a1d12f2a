// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Testing
import Trees

struct ConversationSignalTests {
    private func scene() throws -> ConversationScene {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-07")
        scene.set("2026-08-10")
        return scene
    }

    private func rule(_ scene: ConversationScene, _ customer: String, _ invoice: String) throws -> String? {
        let plan = try scene.workplace().plan(dryRun: true).json
        return plan["held"]?.items?.first { line in
            line["customer_id"]?.scalar == customer
                && (line["invoices"]?.items ?? []).contains { $0.scalar == invoice }
        }?["rule"]?.scalar
    }

    @Test(arguments: [
        (
            #"{"type":"signal","id":"S1","customer":"C-2","kind":"dispute","at":"2026-08-10T07:00:00Z","invoices":["2026-103"]}"#,
            "DISPUTE"
        ),
        (#"{"type":"signal","id":"S2","customer":"10002","kind":"opt_out","at":"2026-08-10T07:00:00Z"}"#, "OPT-OUT"),
        (
            #"{"type":"signal","id":"S3","customer":"C-2","kind":"claimed_payment","at":"2026-08-10T07:00:00Z","invoices":["2026-103"],"amount":"250.00","currency":"EUR"}"#,
            "CLAIMED-PAYMENT"
        ),
        (
            #"{"type":"signal","id":"S4","customer":"C-2","kind":"promise","at":"2026-08-10T07:00:00Z","invoices":["2026-103"],"amount":"250.00","currency":"EUR","promised_for":"2026-08-14","confirmed":true}"#,
            "PROMISE-ACTIVE"
        ),
        (
            #"{"type":"signal","id":"S5","customer":"C-2","kind":"promise","at":"2026-08-10T07:00:00Z","invoices":["2026-103"],"promised_for":"2026-08-14","confirmed":false}"#,
            "PROMISE-PROPOSED"
        ),
        (#"{"type":"signal","id":"S6","customer":"C-2","kind":"hardship","at":"2026-08-10T07:00:00Z"}"#, "HOLD"),
    ])
    func `What a customer says holds the reminder by its rule`(line: String, expected: String) throws {
        let scene = try scene()
        let answer = try scene.confirm(line, line)
        #expect(answer.json.at("signals.new") == "1")
        #expect(answer.json.at("signals.seen") == "1")
        #expect(!answer.failed)
        #expect(try rule(scene, "C-2", "2026-103") == expected)
    }

    @Test func `A bad line is a fault with its number and the others land`() throws {
        let scene = try scene()
        let answer = try scene.confirm(
            "{not json",
            #"{"type":"signal","id":"A","customer":"nobody","kind":"opt_out","at":"2026-08-10T07:00:00Z"}"#,
            #"{"type":"signal","id":"B","customer":"C-1","kind":"sing","at":"yesterday"}"#,
            #"{"type":"signal","id":"C","customer":"C-1","kind":"opt_out","at":"2026-08-10T07:00:00Z"}"#)
        #expect(answer.failed)
        #expect(answer.json.at("signals.new") == "1")
        let places = (answer.json["faults"]?.items ?? []).compactMap { $0["at"]?.scalar?.prefix(6) }
        #expect(places == ["line 1", "line 2", "line 3", "line 3"])
        #expect(answer.json.at("faults.1.code") == "CUSTOMER-UNKNOWN")
    }

    @Test func `Confirmations fold in any order, doubled or late`() throws {
        let scene = try scene()
        _ = try scene.workplace().plan(dryRun: false)
        let claimed = try scene.workplace().claim(limit: 1, leaseSeconds: 60, agent: "a")
        let id = try #require(claimed[0]["message_id"]?.scalar)
        _ = try scene.workplace().begin(id, token: try #require(claimed[0]["token"]?.scalar))
        scene.advance(seconds: 300)
        func line(_ status: String, _ minute: Int) -> String {
            #"{"type":"confirmation","message_id":"\#(id)","status":"\#(status)","provider":"whatsapp","provider_message_id":"w","at":"2026-08-10T08:0\#(minute):00Z"}"#
        }
        let answer = try scene.confirm(line("read", 3), line("delivered", 2), line("read", 3), line("accepted", 1))
        #expect(answer.json.at("confirmations.new") == "3")
        #expect(answer.json.at("confirmations.seen") == "1")
        #expect(try scene.state(id) == "read")
    }

    @Test func `An opt-out withdraws what waits`() throws {
        let scene = try scene()
        let plan = try scene.workplace().plan(dryRun: false).json
        _ = try scene.confirm(
            #"{"type":"signal","id":"S2","customer":"C-2","kind":"opt_out","at":"2026-08-10T07:00:00Z"}"#)
        #expect(try scene.state(try #require(plan.at("messages.1.message_id"))) == "cancelled")
        _ = try scene.confirm(
            #"{"type":"signal","id":"S7","customer":"C-2","kind":"opt_in","at":"2026-08-10T09:00:00Z"}"#)
        #expect(try rule(scene, "C-2", "2026-103") == nil)
    }

    @Test func `A claim is matched by the payment it announced`() throws {
        let scene = try scene()
        _ = try scene.confirm(
            #"{"type":"signal","id":"S0","customer":"C-2","kind":"identity_confirmed","at":"2026-08-10T06:59:00Z"}"#,
            #"{"type":"signal","id":"S3","customer":"C-2","kind":"claimed_payment","at":"2026-08-10T07:00:00Z","invoices":["2026-103"],"amount":"250.00","currency":"EUR"}"#
        )
        scene.set("2026-08-11")
        try scene.bank([("K-9", "2026-08-10", "250.00", "2026-103")], name: "bank-late.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let plan = try scene.workplace().plan(dryRun: true).json
        let confirmation = plan["messages"]?.items?.first { $0["purpose"]?.scalar == "payment_confirmation" }
        #expect(confirmation?["customer_id"]?.scalar == "C-2")
    }

    private static func said(_ kind: String, _ day: String) -> String {
        #"{"type":"signal","id":"\#(kind)","customer":"C-2","kind":"\#(kind)","at":"2026-08-\#(day)T07:00:00Z"}"#
    }

    @Test(arguments: [(["opt_out", "opt_in"], "OPT-OUT"), (["opt_in", "opt_out"], nil)], [false, true])
    func `What was said last stands, in whatever order it arrives`(
        said: (lastFirst: [String], rule: String?), isReversed: Bool
    ) throws {
        let scene = try scene()
        let lines = [Self.said(said.lastFirst[0], "10"), Self.said(said.lastFirst[1], "05")]
        for line in isReversed ? lines.reversed() : lines {
            #expect(try !scene.confirm(line).failed)
        }
        #expect(try rule(scene, "C-2", "2026-103") == said.rule)
    }

    @Test(
        arguments: [
            (["wrong_party", "identity_confirmed"], "first_contact"), (["identity_confirmed", "wrong_party"], "full"),
        ], [false, true])
    func `A number is proven by the last word about it`(
        said: (lastFirst: [String], disclosure: String), isReversed: Bool
    ) throws {
        let scene = try scene()
        let lines = [Self.said(said.lastFirst[0], "10"), Self.said(said.lastFirst[1], "05")]
        for line in isReversed ? lines.reversed() : lines { _ = try scene.confirm(line) }
        #expect(try rule(scene, "C-2", "2026-103") == "HOLD")
        _ = try scene.workplace().liftHold("C-2", actor: "mara", reason: "looked it up")
        #expect(try disclosure(scene) == said.disclosure)
    }

    private func disclosure(_ scene: ConversationScene) throws -> String? {
        let plan = try scene.workplace().plan(dryRun: true).json
        return plan["messages"]?.items?.first { $0["customer_id"]?.scalar == "C-2" }?["disclosure"]?.scalar
    }

    @Test func `A delivery to the old number is no proof of the new one`() throws {
        let scene = try scene()
        _ = try scene.workplace().plan(dryRun: false)
        let claimed = try scene.workplace().claim(limit: 10, leaseSeconds: 60, agent: "a")
        let message = try #require(claimed.first { $0["customer_id"]?.scalar == "C-2" })
        let (id, token) = (try #require(message.at("message_id")), try #require(message.at("token")))
        _ = try scene.workplace().begin(id, token: token)
        _ = try scene.confirm(
            #"{"type":"confirmation","message_id":"\#(id)","status":"delivered","at":"2026-08-10T08:05:00Z"}"#)
        scene.set("2026-08-24")
        try scene.bank(
            [("K-3", "2026-08-10", "1.00", "kas"), ("K-4", "2026-08-21", "1.00", "kas")], name: "bank-august.csv")
        #expect(try disclosure(scene) == "full")
        try scene.importing(
            "customers-2.csv",
            """
            id,number,name,party_type,phone,email,country,language,time_zone,account,opted_in,opted_out,do_not_automate
            C-2,10002,Brug B.V.,business,+31600000009,b@example.com,NL,en,Europe/Amsterdam,,true,false,false

            """)
        #expect(try disclosure(scene) == "first_contact")
        _ = try scene.confirm(
            #"{"type":"signal","customer":"C-2","kind":"identity_confirmed","at":"2026-08-24T08:01:00Z"}"#)
        #expect(try disclosure(scene) == "full")
    }

    @Test func `A receipt speaks of the customer's own invoices and of their part of the money`() throws {
        let scene = try scene()
        _ = try scene.confirm(
            #"{"type":"signal","customer":"C-2","kind":"identity_confirmed","at":"2026-08-10T06:59:00Z"}"#,
            #"{"type":"signal","customer":"C-2","kind":"claimed_payment","at":"2026-08-10T07:00:00Z","invoices":["2026-103"]}"#
        )
        scene.set("2026-08-11")
        // Nobody's money that names all it pays is of both.
        try scene.bank([("K-9", "2026-08-10", "750.00", "2026-102 2026-103")], name: "bank-late.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let plan = try scene.workplace().plan(dryRun: true).json
        let receipt = try #require(
            plan["messages"]?.items?.first { $0["purpose"]?.scalar == "payment_confirmation" },
            "\(plan.indentedJSON)")
        #expect(receipt.at("customer_id") == "C-2")
        let text = try #require(receipt.at("text"))
        #expect(text.contains("we received a payment of €250.00"), "\(text)")
        #expect(text.contains("Invoice 2026-103: paid in full") && !text.contains("2026-102"), "\(text)")
    }

    @Test func `A claim that nothing answers lapses to a person`() throws {
        let scene = try scene()
        _ = try scene.confirm(
            #"{"type":"signal","id":"S3","customer":"C-2","kind":"claimed_payment","at":"2026-08-10T07:00:00Z","invoices":["2026-103"]}"#
        )
        scene.set("2026-08-17")
        try scene.bank([("K-8", "2026-08-14", "1.00", "kas")], name: "bank-2.csv")
        let plan = try scene.workplace().plan(dryRun: false).json
        let lapsed = try scene.list(.exceptions).first { $0["kind"]?.scalar == "CLAIM-LAPSED" }
        #expect(lapsed != nil)
        #expect(!(plan["messages"]?.items ?? []).contains { $0["customer_id"]?.scalar == "C-2" })
        let id = try #require(lapsed?["id"]?.scalar)
        _ = try scene.workplace().resolveException(id, actor: "mara", reason: "no such payment")
        let after = try scene.workplace().plan(dryRun: true).json
        #expect((after["messages"]?.items ?? []).contains { $0["customer_id"]?.scalar == "C-2" })
    }

    @Test func `A person's dispute and hold stop the reminder until they are lifted`() throws {
        let scene = try scene()
        _ = try scene.workplace().openDispute("2026-103", kind: "price", actor: "mara", reason: "customer called")
        #expect(try rule(scene, "C-2", "2026-103") == "DISPUTE")
        _ = try scene.workplace().resolveDispute("2026-103", outcome: "valid", actor: "mara", reason: "checked")
        #expect(try rule(scene, "C-2", "2026-103") == nil)
        _ = try scene.workplace().setHold("C-2", until: nil, actor: "mara", reason: "talking to them")
        #expect(try rule(scene, "C-2", "2026-103") == "HOLD")
        _ = try scene.workplace().liftHold("C-2", actor: "mara", reason: "done")
        #expect(try rule(scene, "C-2", "2026-103") == nil)
    }
}
