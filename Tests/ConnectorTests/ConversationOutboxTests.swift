// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Testing
import Trees

struct ConversationOutboxTests {
    private func sceneWithPlan() throws -> (ConversationScene, Node) {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-07")
        scene.set("2026-08-10")
        return (scene, try scene.workplace().plan(dryRun: false).json)
    }

    @Test func `A plan says one message a customer and planning again adds nothing`() throws {
        let (scene, plan) = try sceneWithPlan()
        #expect(plan.count("messages") == 2)
        #expect(plan.at("messages.0.customer_id") == "C-1")
        #expect(plan.at("messages.0.step_name") == "overdue_1")
        #expect(plan.at("messages.0.amount") == "1500.00")
        #expect(plan.at("messages.0.invoices.1") == "2026-102")
        #expect((plan["messages"]?[0]?["gates"]?.items ?? []).contains { $0["rule"]?.scalar == "COVERAGE-GAP" })
        let again = try scene.workplace().plan(dryRun: false).json
        #expect(again.at("messages.0.message_id") == plan.at("messages.0.message_id"))
        #expect(again.at("messages.0.revision") == "1")
        #expect(try scene.list(.messages).count == 2)
    }

    @Test func `A dry run leaves no trace`() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-07")
        #expect(try scene.workplace().plan(dryRun: true).json.count("messages") == 2)
        #expect(try scene.list(.messages).isEmpty)
    }

    @Test func `A message goes from claim to acknowledged and is said only once`() throws {
        let (scene, _) = try sceneWithPlan()
        let claimed = try scene.workplace().claim(limit: 10, leaseSeconds: 60, agent: "a")
        #expect(claimed.count == 2)
        let id = try #require(claimed[0]["message_id"]?.scalar)
        let token = try #require(claimed[0]["token"]?.scalar)
        #expect(claimed[0]["text"]?.scalar?.isEmpty == false)
        #expect(try scene.workplace().claim(limit: 10, leaseSeconds: 60, agent: "b").isEmpty)
        #expect(try scene.workplace().begin(id, token: "wrong").failed)
        #expect(try !scene.workplace().begin(id, token: token).failed)
        #expect(try scene.workplace().begin(id, token: token).failed)
        let ack = try scene.workplace().acknowledge(id, token: token, provider: "whatsapp", providerMessageID: "w1")
        #expect(!ack.failed)
        #expect(try scene.state(id) == "accepted")
        let plan = try scene.workplace().plan(dryRun: false).json
        #expect(plan.count("messages") == 1)
    }

    @Test func `A refusal says what to do with a code that stays, and a token nobody was given is refused`() throws {
        let (scene, _) = try sceneWithPlan()
        let first = try #require(try scene.workplace().claim(limit: 1, leaseSeconds: 60, agent: "a").first)
        let id = try #require(first["message_id"]?.scalar)
        let early = try #require(first["token"]?.scalar)
        let unbegun = try scene.workplace().acknowledge(id, token: early, provider: "w", providerMessageID: nil)
        #expect(unbegun.json.at("code") == "NOT-BEGUN" && unbegun.failed)
        scene.advance(seconds: 61)
        let again = try scene.workplace().claim(limit: 2, leaseSeconds: 60, agent: "b")
        let second = try #require(again.first { $0["message_id"]?.scalar == id }?["token"]?.scalar)
        let stale = try scene.workplace().begin(id, token: early)
        #expect(stale.json.at("code") == "STALE-TOKEN")
        #expect(stale.text.contains("claim again") && !stale.text.contains("staleToken"), "\(stale.text)")
        let wrong = try scene.workplace().acknowledge(id, token: "wrong", provider: "w", providerMessageID: nil)
        #expect(wrong.failed && wrong.json.at("code") == "STALE-TOKEN")
        let late = try scene.workplace().acknowledge(id, token: early, provider: "w", providerMessageID: nil)
        #expect(!late.failed && late.json.at("effect") == "recorded_late")
        _ = try scene.workplace().begin(id, token: second)
        #expect(try scene.workplace().begin(id, token: second).json.at("code") == "ALREADY-BEGUN")
        _ = try scene.workplace().acknowledge(id, token: second, provider: "w", providerMessageID: "1")
        let over = try scene.workplace().begin(id, token: second)
        #expect(over.json.at("detail") == "it is accepted and is not sent any more", "\(over.text)")
    }

    @Test func `A payment that waits covers the invoice it names, whoever sent it`() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-08-07")
        try scene.bank([("K-9", "2026-08-07", "1050.00", "2026-101")], name: "bank-more.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let review = try scene.list(.allocations)
        let plan = try scene.workplace().plan(dryRun: false).json
        let own = (plan["messages"]?.items ?? []).filter { $0["customer_id"]?.scalar == "C-1" }
        #expect(own.count == 1 && own[0].count("invoices") == 1, "\(plan.indentedJSON) \(review)")
        #expect(own.first?.at("invoices.0") == "2026-102")
        let held = (plan["held"]?.items ?? []).filter { $0["rule"]?.scalar == "NET-ZERO" }
        #expect(held.first?.at("invoices.0") == "2026-101" && held.first?.at("sentence")?.contains("K-9") == true)
        #expect(own.first?.at("amount") == "500.00" && own.first?.at("lines.0.asked") == "500.00")
    }

    @Test func `A payment between plan and hand-over cancels the message`() throws {
        let (scene, plan) = try sceneWithPlan()
        try scene.bank([("K-9", "2026-08-10", "250.00", "2026-103")], name: "bank-late.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let claimed = try scene.workplace().claim(limit: 10, leaseSeconds: 60, agent: "a")
        #expect(claimed.map { $0["customer_id"]?.scalar } == ["C-1"])
        let gone = try #require(plan.at("messages.1.message_id"))
        #expect(try scene.state(gone) == "cancelled")
        #expect(try scene.workplace().why(gone).text.contains("NOTHING-OWED"))
    }

    @Test func `A part payment makes a new revision under the same key`() throws {
        let (scene, plan) = try sceneWithPlan()
        try scene.bank([("K-9", "2026-08-10", "500.00", "2026-102")], name: "bank-late.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let claimed = try scene.workplace().claim(limit: 1, leaseSeconds: 60, agent: "a")
        #expect(claimed[0]["message_id"]?.scalar == plan.at("messages.0.message_id"))
        #expect(claimed[0]["revision"]?.scalar == "2")
        #expect(claimed[0].at("facts.totals.0.net") == "1000.00")
    }

    @Test func `A payment between claim and begin stops the call`() throws {
        let (scene, _) = try sceneWithPlan()
        let claimed = try scene.workplace().claim(limit: 10, leaseSeconds: 600, agent: "a")
        let second = try #require(claimed.first { $0["customer_id"]?.scalar == "C-2" })
        try scene.bank([("K-9", "2026-08-10", "250.00", "2026-103")], name: "bank-late.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let begun = try scene.workplace().begin(
            try #require(second["message_id"]?.scalar), token: try #require(second["token"]?.scalar))
        #expect(begun.failed)
        #expect(begun.json.at("state") == "cancelled")
    }

    @Test func `A payment that only waits stops the call, too`() throws {
        let (scene, _) = try sceneWithPlan()
        let claimed = try scene.workplace().claim(limit: 10, leaseSeconds: 600, agent: "a")
        let second = try #require(claimed.first { $0["customer_id"]?.scalar == "C-2" })
        try scene.bank([("K-9", "2026-08-10", "300.00", "2026-103")], name: "bank-late.csv")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let begun = try scene.workplace().begin(
            try #require(second["message_id"]?.scalar), token: try #require(second["token"]?.scalar))
        #expect(begun.failed)
        #expect(begun.json.at("state") == "cancelled", "\(begun.json.json)")
    }

    @Test func `A lease that ends after begin leaves unknown and a person settles it`() throws {
        let (scene, _) = try sceneWithPlan()
        let claimed = try scene.workplace().claim(limit: 1, leaseSeconds: 60, agent: "a")
        let id = try #require(claimed[0]["message_id"]?.scalar)
        _ = try scene.workplace().begin(id, token: try #require(claimed[0]["token"]?.scalar))
        scene.advance(seconds: 120)
        #expect(try scene.state(id) == "unknown")
        #expect(
            try scene.workplace().claim(limit: 10, leaseSeconds: 60, agent: "b").allSatisfy {
                $0["message_id"]?.scalar != id
            })
        #expect(try scene.list(.exceptions).contains { $0["kind"]?.scalar == "DELIVERY-UNKNOWN" })
        let settled = try scene.workplace().settle(
            id, outcome: .notSent, actor: "mara", reason: "not in the provider's log")
        #expect(!settled.failed)
        #expect(
            try scene.workplace().claim(limit: 10, leaseSeconds: 60, agent: "b").contains {
                $0["message_id"]?.scalar == id
            })
    }

    @Test func `A lease that ends before begin frees the message`() throws {
        let (scene, _) = try sceneWithPlan()
        let first = try scene.workplace().claim(limit: 1, leaseSeconds: 60, agent: "a")
        scene.advance(seconds: 61)
        let again = try scene.workplace().claim(limit: 2, leaseSeconds: 60, agent: "b")
        #expect(again.contains { $0["message_id"]?.scalar == first[0]["message_id"]?.scalar })
        let late = try scene.workplace().begin(
            try #require(first[0]["message_id"]?.scalar), token: try #require(first[0]["token"]?.scalar))
        #expect(late.failed)
    }

    @Test func `A final refusal is a dead letter for a person`() throws {
        let (scene, _) = try sceneWithPlan()
        let claimed = try scene.workplace().claim(limit: 1, leaseSeconds: 60, agent: "a")
        let id = try #require(claimed[0]["message_id"]?.scalar)
        let token = try #require(claimed[0]["token"]?.scalar)
        _ = try scene.workplace().begin(id, token: token)
        let failed = try scene.workplace().fail(id, token: token, final: true, code: "131026", retryAfterSeconds: nil)
        #expect(failed.json.at("state") == "dead")
        #expect(try scene.list(.exceptions).contains { $0["kind"]?.scalar == "DELIVERY-DEAD" })
    }

    @Test func `A retryable refusal waits and goes again`() throws {
        let (scene, _) = try sceneWithPlan()
        let claimed = try scene.workplace().claim(limit: 1, leaseSeconds: 60, agent: "a")
        let id = try #require(claimed[0]["message_id"]?.scalar)
        let token = try #require(claimed[0]["token"]?.scalar)
        _ = try scene.workplace().begin(id, token: token)
        let failed = try scene.workplace().fail(id, token: token, final: false, code: "131016", retryAfterSeconds: 30)
        #expect(failed.json.at("state") == "queued")
        #expect(!failed.failed)
        scene.advance(seconds: 3600)
        #expect(
            try scene.workplace().claim(limit: 10, leaseSeconds: 60, agent: "a").contains {
                $0["message_id"]?.scalar == id
            })
    }

    @Test func `A hole in the bank holds every reminder and names it`() throws {
        let scene = try ConversationScene()
        try scene.standardBooks(bankThrough: "2026-07-20")
        let plan = try scene.workplace().plan(dryRun: true).json
        #expect(plan.count("messages") == 0)
        #expect(plan.at("held.0.rule") == "COVERAGE-STALE")
    }
}
