// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Remote
import Synchronization
import Testing
import TieoutTesting
import Trees

struct PostTests {
    /// Two bills of the shop, and the bank's money for one of them, matched.
    private func scene(account: String = ", post: { account: 1200 }") throws -> SyncScene {
        let scene = try SyncScene.posting(account)
        let bank = try scene.folder.write(
            """
            id,amount,currency,booked_on,account,remittance
            K-1,20.00,EUR,2026-08-10,NL91ABNA0417164300,bill 2026-2

            """, to: "bank.csv")
        let summary = try scene.workplace().importFiles([bank], Workplace.ImportOptions())
        #expect(!summary.anyRefused, "\(summary.text)")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        return scene
    }

    private func states(_ answer: Answer) -> [String] {
        (answer.json["orders"]?.items ?? []).compactMap { $0["state"]?.scalar }
    }

    private func approved(_ scene: SyncScene) throws {
        let proposed = try scene.workplace().proposePosts("shop", actor: "anna")
        #expect(states(proposed) == ["proposed"], "\(proposed.text)")
        let batch = Int64(proposed.json["orders"]?[0]?["batch"]?.scalar ?? "") ?? 0
        _ = try scene.workplace().approvePosts(batch, actor: "bert", reason: "seen at the bank")
    }

    private func exceptions(_ scene: SyncScene) throws -> [String] {
        var kinds: [String] = []
        try scene.workplace().list(.exceptions, openOnly: true, customer: nil) {
            kinds.append($0["kind"]?.scalar ?? "")
        }
        return kinds.filter { $0.hasPrefix("POST") }
    }

    private func receipts(_ scene: SyncScene) -> [SyncScene.Receipt] { scene.state.withLock { $0.receipts } }

    @Test func `Writing is off until a source says where to`() throws {
        let scene = try scene(account: "")
        #expect(throws: Failure.self) { try scene.workplace().proposePosts("shop", actor: "anna") }
        #expect(throws: Failure.self) { try scene.workplace().runPosts("shop", scene.surroundings()) }
        #expect(receipts(scene) == [])
    }

    @Test func `What was settled here is written there once, after a person approved it`() throws {
        let scene = try scene()
        let idle = try scene.workplace().proposePosts("shop", actor: "anna")
        #expect(states(idle) == ["proposed"])
        // Proposed is not approved.
        _ = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(receipts(scene) == [])
        _ = try scene.workplace().approvePosts(1, actor: "bert", reason: "seen")
        let run = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(states(run) == ["done"], "\(run.text)")
        #expect(receipts(scene).map(\.cents) == [2000])
        #expect(receipts(scene).first?.key.hasPrefix("tieout-") == true)
        // Again, and proposing again: nothing is left to do.
        #expect(states(try scene.workplace().runPosts("shop", scene.surroundings())) == [])
        #expect(states(try scene.workplace().proposePosts("shop", actor: "anna")) == [])
        // What the system then states agrees with the books.
        scene.now = scene.now + 3_600_000
        try scene.sync()
        #expect(try scene.openAmounts() == ["2026-1": 1000])
        #expect(try scene.workplace().verify().text.contains("holds"))
    }

    @Test(arguments: [true, false]) func `An answer that never came is looked for before anything is sent again`(
        _ hasArrived: Bool
    ) throws {
        let scene = try scene()
        try approved(scene)
        let number = scene.state.withLock { $0.requests.count }
        scene.state.withLock { state in
            state.trouble[number] = {
                // The system took it, or never saw it; from here it looks the same.
                throw HTTPFailure("NET-TIMEOUT", isPassing: true, "no answer in time")
            }
        }
        let first = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(states(first) == ["unknown"], "\(first.text)")
        #expect(first.needsReview)
        #expect(try exceptions(scene) == ["POST-UNKNOWN"])
        if hasArrived {
            let key = try #require(first.json["orders"]?[0]?["key"]?.scalar)
            scene.change { state in
                state.receipts.append(SyncScene.Receipt(id: 1, key: key, bill: 2, cents: 2000))
                SyncScene.pay(1, 2000, &state)
            }
        }
        let second = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(states(second) == ["done"], "\(second.text)")
        #expect(receipts(scene).count == 1)
        #expect(try exceptions(scene) == [])
    }

    @Test func `A process that dies between request and answer leaves one payment, not two`() throws {
        let scene = try scene()
        try approved(scene)
        struct Killed: Error {}
        let surroundings = SyncSurroundings(
            exchange: { _ in
                { request in
                    let answer = try scene.answer(request)
                    if request.method == "POST", request.url.hasSuffix("/payments") { throw Killed() }
                    return answer
                }
            }, sleep: { _ in }, variables: SyncScene.secrets)
        _ = try scene.workplace().runPosts("shop", surroundings)
        #expect(receipts(scene).count == 1)
        let again = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(states(again) == ["done"], "\(again.text)")
        #expect(receipts(scene).count == 1)
    }

    @Test func `A refusal is final until it is proposed and approved anew`() throws {
        let scene = try scene()
        try approved(scene)
        scene.change { $0.bills[1].open = 500 }
        let run = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(states(run) == ["refused"], "\(run.text)")
        #expect(run.text.contains("the bill is not that open"))
        #expect(try exceptions(scene) == ["POST-REFUSED"])
        #expect(states(try scene.workplace().runPosts("shop", scene.surroundings())) == [])
        scene.change { $0.bills[1].open = 2000 }
        try approved(scene)
        #expect(states(try scene.workplace().runPosts("shop", scene.surroundings())) == ["done"])
        #expect(receipts(scene).count == 1)
    }

    @Test func `A closed month takes no payment, whenever it was closed`() throws {
        let scene = try scene()
        try approved(scene)
        scene.now = scene.now + 40 * 86_400_000
        for month in ["2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08"] {
            _ = try scene.workplace().close(month: month, actor: "anna")
        }
        let run = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(states(run) == ["refused"] && run.text.contains("POST-CLOSED"), "\(run.text)")
        let proposed = try scene.workplace().proposePosts("shop", actor: "anna")
        #expect(states(proposed) == [] && proposed.text.contains("POST-CLOSED"), "\(proposed.text)")
        #expect(receipts(scene) == [])
    }

    @Test func `A reversal takes it back there, and it may be written again under another key`() throws {
        let scene = try scene()
        try approved(scene)
        _ = try scene.workplace().runPosts("shop", scene.surroundings())
        let payment = try #require(try scene.workplace().listPosts("shop").json["orders"]?[0]?["payment"]?.scalar)
        let undone = try scene.workplace().undoPost(
            "shop", payment: payment, number: "2026-2", actor: "anna", reason: "wrong bill", scene.surroundings())
        #expect(states(undone) == ["reversed"], "\(undone.text)")
        #expect(receipts(scene).map(\.isDeleted) == [true])
        try approved(scene)
        _ = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(Set(receipts(scene).map(\.key)).count == 2)
    }

    @Test func `A system without an API gets a file, once`() throws {
        let scene = try scene()
        try approved(scene)
        let path = scene.folder.path("out.csv")
        let answer = try scene.workplace().exportPosts("shop", to: path)
        #expect(states(answer) == ["exported"])
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(
            text.hasPrefix("key,invoice_id,invoice_number,customer_id,amount,currency,paid_on,payment_id\r\ntieout-"))
        #expect(text.contains(",2,2026-2,C2,20.00,EUR,2026-08-10,"))
        #expect(states(try scene.workplace().exportPosts("shop", to: path)) == [])
        #expect(receipts(scene) == [])
    }

    @Test func `What the system knows already is not proposed`() throws {
        let scene = try scene()
        scene.change { SyncScene.pay(1, 2000, &$0) }
        scene.now = scene.now + 3_600_000
        try scene.sync()
        let proposed = try scene.workplace().proposePosts("shop", actor: "anna")
        #expect(states(proposed) == [] && proposed.text.contains("POST-KNOWN"), "\(proposed.text)")
    }
}
