// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Ledger
import Remote
import Synchronization
import Testing
import TieoutTesting
import Trees

/// Somebody books payments in the system by hand: what it shows as paid is held beside what was applied here.
struct PostGapTests {
    /// One bill of 20.00, and the bank's money for parts of it, matched.
    private func scene(_ payments: String...) throws -> SyncScene {
        let scene = try SyncScene.posting()
        try bank(scene, payments)
        return scene
    }

    /// - Returns: The decisions by which a person applied them.
    @discardableResult
    private func bank(_ scene: SyncScene, _ payments: [String]) throws -> [String] {
        let day = String(scene.now.text.prefix(10))
        let name = "bank-\(scene.now.milliseconds).csv"
        let rows = payments.enumerated().map { index, amount in
            "\(name)\(index),\(amount),EUR,\(day),NL91ABNA0417164300,bill 2026-2"
        }
        let file = try scene.folder.write(
            (["id,amount,currency,booked_on,account,remittance"] + rows).joined(separator: "\n") + "\n", to: name)
        let summary = try scene.workplace().importFiles([file], Workplace.ImportOptions())
        #expect(!summary.anyRefused, "\(summary.text)")
        // A person says which bill they pay in part.
        return try payments.enumerated().map { index, amount in
            var request = Workplace.ManualAllocation(actor: "anna", reason: "the customer says so")
            request.source = "\(name)\(index)"
            request.lines = [.init(kind: .cash, text: "2026-2=\(amount)")]
            return try scene.workplace().allocate(request).json["decision"]?.scalar ?? ""
        }
    }

    /// Somebody books it there, and the system is read again.
    private func byHand(_ scene: SyncScene, _ cents: Int) throws {
        scene.change { SyncScene.pay(1, cents, &$0) }
        try read(scene)
    }

    private func read(_ scene: SyncScene) throws {
        scene.now = scene.now + 3_600_000
        try scene.sync()
    }

    private func propose(_ scene: SyncScene) throws -> (amounts: [String], leftOut: [String]) {
        let answer = try scene.workplace().proposePosts("shop", actor: "anna").json
        return (
            (answer["orders"]?.items ?? []).compactMap { $0["amount"]?.scalar },
            (answer["left_out"]?.items ?? []).compactMap { $0["code"]?.scalar }
        )
    }

    private func approve(_ scene: SyncScene, _ batch: Int64) throws {
        _ = try scene.workplace().approvePosts(batch, actor: "bert", reason: "seen at the bank")
    }

    private func receipts(_ scene: SyncScene) -> [Int] { scene.state.withLock { $0.receipts }.map(\.cents) }

    @Test func `A part payment that was booked there by hand is not proposed`() throws {
        let scene = try scene("6.00")
        try byHand(scene, 600)
        let proposed = try propose(scene)
        #expect(proposed.amounts == [] && proposed.leftOut == ["POST-KNOWN"])
        #expect(try scene.openAmounts() == ["2026-1": 1000, "2026-2": 1400])
    }

    @Test func `Of two payments only the one is proposed that the system does not show`() throws {
        let scene = try scene("6.00", "5.00")
        try byHand(scene, 600)
        let proposed = try propose(scene)
        #expect(proposed.amounts == ["5.00 EUR"] && proposed.leftOut == ["POST-KNOWN"])
        try approve(scene, 1)
        _ = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(receipts(scene) == [500])
        try read(scene)
        #expect(try scene.openAmounts() == ["2026-1": 1000, "2026-2": 900])
        #expect(scene.truth == ["2026-1": 1000, "2026-2": 900])
        // What came after it is proposed, and nothing that the system has.
        try bank(scene, ["4.00"])
        #expect(try propose(scene).amounts == ["4.00 EUR"])
    }

    @Test(arguments: [(["6.00", "6.00"], 600), (["6.00"], 200), (["6.00", "5.00"], 700)])
    func `Where it cannot be told which payment the system shows, a person looks`(
        _ payments: [String], _ cents: Int
    ) throws {
        let scene = try scene()
        try bank(scene, payments)
        try byHand(scene, cents)
        let proposed = try propose(scene)
        #expect(proposed.amounts == [])
        #expect(Set(proposed.leftOut) == ["POST-UNCLEAR"], "\(proposed)")
    }

    @Test func `One that was handed over as a file and one that was booked there are told apart by what is open`()
        throws
    {
        let scene = try scene("6.00")
        #expect(try propose(scene).amounts == ["6.00 EUR"])
        try approve(scene, 1)
        _ = try scene.workplace().exportPosts("shop", to: scene.folder.path("out.csv"))
        scene.now = scene.now + 60_000
        try bank(scene, ["5.00"])
        // The file was not read in there yet; the other one was booked by hand.
        try byHand(scene, 500)
        let proposed = try propose(scene)
        #expect(proposed.amounts == [] && proposed.leftOut.contains("POST-KNOWN"), "\(proposed)")
    }

    @Test func `A payment that was booked there before the bank's day is not proposed`() throws {
        let scene = try scene()
        try byHand(scene, 600)
        scene.now = scene.now + 2 * 86_400_000
        try bank(scene, ["6.00"])
        let proposed = try propose(scene)
        #expect(proposed.amounts == [] && proposed.leftOut == ["POST-UNCLEAR"], "\(proposed)")
    }

    @Test func `A payment that somebody booked there after the approval is not sent any more`() throws {
        let scene = try scene("6.00")
        #expect(try propose(scene).amounts == ["6.00 EUR"])
        try approve(scene, 1)
        try byHand(scene, 600)
        let run = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(run.text.contains("POST-KNOWN") && run.needsReview, "\(run.text)")
        #expect(receipts(scene) == [])
    }

    @Test func `A payment that was taken off its bill here after the approval is not sent any more`() throws {
        let scene = try scene()
        let decision = try #require(try bank(scene, ["6.00"]).first)
        #expect(try propose(scene).amounts == ["6.00 EUR"])
        try approve(scene, 1)
        _ = try scene.workplace().undo(decision, actor: "anna", reason: "another bill was meant")
        let run = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(run.text.contains("POST-CHANGED"), "\(run.text)")
        let file = try scene.workplace().exportPosts("shop", to: scene.folder.path("out.csv"))
        #expect(receipts(scene) == [] && file.json["orders"]?.items?.isEmpty == true)
    }

    @Test func `A payment that was handed over as a file is known once the system shows it, the next one is not`()
        throws
    {
        let scene = try scene("5.00")
        #expect(try propose(scene).amounts == ["5.00 EUR"])
        try approve(scene, 1)
        _ = try scene.workplace().exportPosts("shop", to: scene.folder.path("out.csv"))
        // Not read in there yet: it is not proposed twice.
        #expect(try propose(scene).amounts == [])
        try byHand(scene, 500)
        try bank(scene, ["5.00"])
        #expect(try propose(scene).amounts == ["5.00 EUR"])
    }

    /// An approved order whose answer was lost on the way.
    private func doubtful(_ scene: SyncScene) throws {
        #expect(try propose(scene).amounts == ["6.00 EUR"])
        try approve(scene, 1)
        scene.state.withLock { state in
            state.trouble[state.requests.count] = { throw HTTPFailure("NET-CUT", isPassing: true, "it broke") }
        }
        let run = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(run.json["orders"]?[0]?["state"]?.scalar == "unknown", "\(run.text)")
    }

    @Test func `An order in doubt that the system has is done, although the system shows it as paid`() throws {
        let scene = try scene("6.00")
        try doubtful(scene)
        let key = try #require(try scene.workplace().listPosts("shop").json["orders"]?[0]?["key"]?.scalar)
        scene.change { state in
            state.receipts.append(.init(id: 1, key: key, bill: 2, cents: 600))
            SyncScene.pay(1, 600, &state)
        }
        try read(scene)
        let run = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(run.json["orders"]?[0]?["state"]?.scalar == "done", "\(run.text)")
        #expect(receipts(scene) == [600])
        #expect(try scene.openAmounts() == scene.truth)
    }

    @Test func `An order in doubt that never arrived is not sent once somebody has booked it there`() throws {
        let scene = try scene("6.00")
        try doubtful(scene)
        try byHand(scene, 600)
        let run = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(run.text.contains("POST-KNOWN") && receipts(scene) == [], "\(run.text)")
        #expect(try scene.openAmounts() == scene.truth)
    }

    @Test func `An order in doubt that never arrived and that nobody booked is sent once`() throws {
        let scene = try scene("6.00")
        try doubtful(scene)
        try read(scene)
        let run = try scene.workplace().runPosts("shop", scene.surroundings())
        #expect(run.json["orders"]?[0]?["state"]?.scalar == "done", "\(run.text)")
        #expect(receipts(scene) == [600])
    }

    @Test func `After a part payment was booked by hand both sides still tie out`() throws {
        let scene = try scene("6.00")
        let mapping = SyncScene.mapping.replacingOccurrences(
            of: "push:\n",
            with: """
                  balances:
                    http: { get: /invoices, query: { since: $(since) } }
                    records: items/*
                    emit:
                      balance: { key: [customer_id], fields: { customer_id: customer, amount: open, currency: { const: EUR } } }
                push:

                """)
        _ = try scene.folder.write(mapping, to: "shop.yaml")
        func told() throws -> Int {
            var count = 0
            try scene.workplace().list(.exceptions, openOnly: true, customer: nil) {
                if $0["kind"]?.scalar == "TIE-OUT" { count += 1 }
            }
            return count
        }
        // Known here alone, and then there as well.
        try read(scene)
        #expect(try told() == 0)
        try byHand(scene, 600)
        #expect(try told() == 0)
    }
}

struct UnknownAtSourceTests {
    private typealias Case = (amounts: [Int64], pending: Int64, beside: Int64, answer: [Bool]?)

    @Test func `Which payments a source does not show follows from what it states, or is left open`() {
        let cases: [Case] = [
            ([], 0, 0, []), ([30], 30, 0, [true]), ([30], 0, 0, [false]), ([30], -5, 0, [false]),
            ([30, 40], 70, 0, [true, true]), ([30, 40], 40, 0, [false, true]), ([30, 40], 30, 0, [true, false]),
            // Two that are alike, a part of one, and sums that are alike.
            ([30, 30], 30, 0, nil), ([80], 30, 0, nil), ([10, 20, 30], 30, 0, nil),
            // A discount of 3 that it may know or not.
            ([97], 100, 3, [true]), ([97], 97, 3, [true]), ([97], 3, 3, [false]), ([97], 0, 3, [false]),
            ([50, 47], 50, 3, nil), ([60, 37], 60, 3, [true, false]), ([2, 97], 100, 3, nil),
            // More is missing there than all of them.
            ([30], 50, 0, [true]),
        ]
        for one in cases {
            let answer = SourceClearing.unknown(one.amounts, pending: one.pending, beside: one.beside)
            #expect(answer == one.answer, "\(one)")
        }
    }

    @Test func `More payments than can be told apart are known or unknown as a whole, or left open`() {
        let many = Array(repeating: Int64(10), count: 40)
        #expect(SourceClearing.unknown(many, pending: 400)?.allSatisfy { $0 } == true)
        #expect(SourceClearing.unknown(many, pending: 0)?.allSatisfy { !$0 } == true)
        #expect(SourceClearing.unknown(many, pending: 390) == nil)
    }
}
