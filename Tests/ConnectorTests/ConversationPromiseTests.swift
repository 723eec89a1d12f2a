// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Testing
import Trees

struct ConversationPromiseTests {
    private func sceneWithPromise() throws -> (ConversationScene, String) {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-07")
        scene.set("2026-08-10")
        var request = Workplace.PromiseRequest(customer: "10002", promisedFor: "2026-08-12", takenBy: "mara")
        request.invoices = ["2026-103"]
        let answer = try scene.workplace().recordPromise(request)
        return (scene, try #require(answer.json.at("id")))
    }

    private func promise(_ scene: ConversationScene, _ id: String) throws -> Node {
        try #require(try scene.list(.promises).first { $0["id"]?.scalar == id })
    }

    @Test func `A promise takes what is open and pauses chasing`() throws {
        let (scene, id) = try sceneWithPromise()
        let stored = try promise(scene, id)
        #expect(stored.at("amount") == "250.00")
        #expect(stored.at("status") == "active")
        #expect(stored.at("grace_until") == "2026-08-14")
        let plan = try scene.workplace().plan(dryRun: true).json
        #expect(plan.at("held.0.rule") == "PROMISE-ACTIVE")
    }

    @Test func `A promise is kept by cash of its window as soon as it is there`() throws {
        let (scene, id) = try sceneWithPromise()
        scene.set("2026-08-13")
        try scene.bank([("K-9", "2026-08-12", "250.00", "2026-103")], name: "bank-2.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let stored = try promise(scene, id)
        #expect(stored.at("state") == "kept")
        #expect(stored.at("paid") == "250.00")
    }

    @Test func `A promise is broken only once the bank is covered, and then it is followed up`() throws {
        let (scene, id) = try sceneWithPromise()
        scene.set("2026-08-17")
        try scene.bank([("K-8", "2026-08-13", "1.00", "kas")], name: "bank-2.csv")
        _ = try scene.workplace().evaluatePromises()
        #expect(try promise(scene, id).at("state") == "open")
        try scene.bank([("K-9", "2026-08-14", "1.00", "kas")], name: "bank-3.csv")
        _ = try scene.workplace().evaluatePromises()
        #expect(try promise(scene, id).at("state") == "broken")
        let plan = try scene.workplace().plan(dryRun: true).json
        let line = plan["messages"]?.items?.first { $0["customer_id"]?.scalar == "C-2" }
        #expect(line?["purpose"]?.scalar == "promise_follow_up")
    }

    @Test func `Cash valued in the window and imported later judges again`() throws {
        let (scene, id) = try sceneWithPromise()
        scene.set("2026-08-17")
        try scene.bank([("K-8", "2026-08-14", "1.00", "kas")], name: "bank-2.csv")
        _ = try scene.workplace().evaluatePromises()
        scene.set("2026-08-18")
        try scene.importing(
            "bank-4.csv",
            """
            id,amount,currency,booked_on,valued_on,account,remittance
            K-10,250.00,EUR,2026-08-17,2026-08-13,NL91ABNA0417164300,2026-103

            """)
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let stored = try promise(scene, id)
        #expect(stored.at("state") == "kept")
        #expect(stored.count("judgements") == 2)
    }

    @Test func `A withdrawn promise has no verdict`() throws {
        let (scene, id) = try sceneWithPromise()
        _ = try scene.workplace().withdrawPromise(id, actor: "mara", reason: "cannot keep it")
        let stored = try promise(scene, id)
        #expect(stored.at("status") == "closed")
        #expect(stored.at("state") == "open")
        #expect(stored.at("close_reason") == "withdrawn")
    }

    @Test func `A day before the promise is refused with its rule`() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-07")
        var request = Workplace.PromiseRequest(customer: "C-1", promisedFor: "2026-08-01", takenBy: "mara")
        request.invoices = ["2026-101"]
        let refusal = #expect(throws: Failure.self) { try scene.workplace().recordPromise(request) }
        #expect(refusal?.code == "PROMISE-DAY-PAST")
    }

    @Test func `More than is open is no promise, whoever took it`() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-07")
        var request = Workplace.PromiseRequest(customer: "C-2", promisedFor: "2026-08-20", takenBy: "mara")
        request.amount = "99999.00"
        let refusal = #expect(throws: Failure.self) { try scene.workplace().recordPromise(request) }
        #expect(refusal?.code == "PROMISE-OVER-OPEN")
        request.amount = "250.00"
        #expect(try scene.workplace().recordPromise(request).json.at("status") == "active")
    }

    @Test func `A promise file that comes before its invoice becomes a promise with it`() throws {
        let scene = try ConversationScene()
        try scene.importing(
            "promises.csv",
            """
            id,customer_id,invoice_id,amount,currency,promised_for,promised_on,taken_by,channel
            P-1,C-2,2026-103,250.00,EUR,2026-08-12,2026-08-05,mara,phone

            """)
        #expect(try scene.list(.promises).map { $0.at("status") } == ["waiting"])
        try scene.standardBooks(bankThrough: "2026-08-07")
        let stored = try promise(scene, "P-1")
        #expect(stored.at("status") == "active")
        #expect(stored.at("recorded_by") == "imported")
    }

    @Test func `A link over open invoices is an EPC payload, the same for the same items`() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-07")
        let link = try scene.workplace().createLink(["2026-101", "2026-102"]).json
        #expect(link.at("kind") == "epc")
        #expect(link.at("amount") == "1500.00")
        #expect(link.at("payload")?.hasPrefix("BCD") == true)
        let id = try #require(link.at("id"))
        #expect(try scene.workplace().createLink(["2026-101", "2026-102"]).json.at("id") == id)
        _ = try scene.workplace().cancelLink(id, actor: "mara", reason: "wrong")
        #expect(try scene.workplace().showLink(id).json.at("state") == "cancelled")
        #expect(try scene.workplace().createLink(["2026-101", "2026-102"]).json.at("revision") == "2")
    }

    @Test func `A link over more than is open does not stand, and what waits is said`() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-07")
        let id = try #require(try scene.workplace().createLink(["2026-103"]).json.at("id"))
        try scene.bank([("K-9", "2026-08-07", "100.00", "2026-103")], name: "bank-part.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let waiting = try scene.workplace().createLink(["2026-103"])
        #expect(waiting.json.at("notes.0.rule") == "NET-ZERO", "\(waiting.text)")
        #expect(waiting.text.contains("would ask for 150.00 EUR"), "\(waiting.text)")
        let review = try #require(try scene.workplace().reviews().first?["id"]?.scalar)
        _ = try scene.workplace().acceptReview(review, alternative: nil, actor: "mara", reason: "theirs")
        let shown = try scene.workplace().showLink(id)
        #expect(shown.json.at("state") == "superseded", "\(shown.text)")
        let rest = try scene.workplace().createLink(["2026-103"]).json
        #expect(rest.at("amount") == "150.00" && rest["notes"] == nil)
    }

    @Test func `An export that replaces an invoice takes its link in the same entry`() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-07")
        let id = try #require(try scene.workplace().createLink(["2026-103"]).json.at("id"))
        try scene.importing(
            "invoices-2.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,total,corrects,correction
            2026-104,invoice,C-2,Brug B.V.,EUR,2026-08-09,2026-08-30,240.00,2026-103,replacement

            """)
        let refusal = #expect(throws: Failure.self) {
            try scene.workplace().cancelLink(id, actor: "mara", reason: "stored as ended already")
        }
        #expect(refusal?.message == "Link \(id) is superseded already.")
    }

    @Test func `An invoice without a document is not resent and says what to do`() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-07")
        let refusal = #expect(throws: Failure.self) { try scene.workplace().resend(["2026-101"]) }
        #expect(refusal?.code == "DOCUMENT-NONE")
    }
}
