// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Synchronization
import Testing
import TieoutTesting
import Trees

/// Every mapping that writes payments passes the same suite, against a server with its vendor's paths and manners.
@Suite("Every system that takes payments passes the same suite")
struct SystemPostTests {
    static let writing = ["business-central", "mollie", "salesforce", "sap-b1", "stripe", "tryton", "xero"]
    /// They can be asked whether they have a payment.
    static let asking = ["mollie", "salesforce", "sap-b1", "stripe", "tryton", "xero"]
    /// They take one back.
    static let reversing = ["sap-b1", "tryton", "xero"]
    static let keeping = writing.filter { !reversing.contains($0) }
    /// They would take more than is open, so they are asked first.
    static let asked = ["mollie", "stripe"]
    /// They take a part of a bill.
    static let parting = writing.filter { $0 != "mollie" }
    static let silent = ReplayServer.systems.filter { !writing.contains($0) }

    /// Two bills that the bank's money has settled here, and their payments approved.
    /// - Parameter amount: of the first one.
    private func scene(
        _ system: String, amount: String = "1000.20", test: String = #function
    ) throws -> SystemScene? {
        guard
            let scene = try SystemScene(
                system, company: "\n    accounts: [{ id: NL91ABNA0417164300 }]", options: ", post: { account: 1200 }",
                skipping: test)
        else { return nil }
        try scene.open(4)
        #expect(try !scene.sync().failed)
        let bank = try scene.folder.write(
            """
            id,amount,currency,booked_on,account,payer_name,remittance
            K-1,\(amount),EUR,2026-08-10,NL91ABNA0417164300,C2,invoice 2600002
            K-2,1000.30,EUR,2026-08-10,NL91ABNA0417164300,C0,invoice 2600003

            """, to: "bank.csv")
        _ = try scene.workplace().importFiles([bank], Workplace.ImportOptions())
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        // Where a system names no payer, a person decides on a part.
        for review in try scene.workplace().reviews() {
            let id = try #require(review["payment_id"]?.scalar)
            _ = try scene.workplace().acceptReview(id, alternative: nil, actor: "ada", reason: "it is a part of it")
        }
        try approve(scene, count: 2)
        return scene
    }

    private func approve(_ scene: SystemScene, count: Int) throws {
        let proposed = try scene.workplace().proposePosts("book", actor: "anna")
        #expect(states(proposed) == Array(repeating: "proposed", count: count), "\(proposed.text)")
        let batch = Int64(proposed.json["orders"]?[0]?["batch"]?.scalar ?? "") ?? 0
        _ = try scene.workplace().approvePosts(batch, actor: "bert", reason: "seen at the bank")
    }

    private func run(_ scene: SystemScene) throws -> Answer {
        scene.state.withLock { $0.now = $0.now + 60_000 }
        return try scene.workplace().runPosts("book", scene.surroundings)
    }

    private func states(_ answer: Answer) -> [String] {
        (answer.json["orders"]?.items ?? []).compactMap { $0["state"]?.scalar }
    }

    /// Bill and cents of what stands there now.
    private func standing(_ scene: SystemScene) throws -> [Int: Int] {
        let written = try scene.server.seen().written.filter { !$0.back }
        return Dictionary(written.map { ($0.bill, $0.cents) }) { _, _ in -1 }
    }

    private func exceptions(_ scene: SystemScene) throws -> [String] {
        var kinds: [String] = []
        try scene.workplace().list(.exceptions, openOnly: true, customer: nil) {
            kinds.append($0["kind"]?.scalar ?? "")
        }
        return kinds.filter { $0.hasPrefix("POST") }
    }

    @Test(arguments: writing) func `A payment is written once, under its key`(
        _ system: String
    ) throws {
        guard let scene = try scene(system) else { return }
        let answer = try run(scene)
        #expect(states(answer) == ["done", "done"], "\(answer.text)")
        let written = try scene.server.seen().written
        #expect(Set(written.map(\.bill)) == [2, 3] && Set(written.map(\.cents)) == [100_020, 100_030])
        let day = system == "mollie" ? nil : "2026-08-10"
        #expect(written.allSatisfy { $0.day == day && $0.key.hasPrefix("tieout-") })
        #expect(Set(written.map(\.key)).count == 2)
        #expect(states(try run(scene)) == [])
        #expect(try scene.server.seen().written.count == 2)
        #expect(try scene.server.seen().wrong == [])
    }

    @Test(arguments: asking) func `An answer that is lost is looked for, and nothing is written twice`(
        _ system: String
    ) throws {
        guard let scene = try scene(system) else { return }
        try scene.order { $0.lost = 1 }
        var answer = try run(scene)
        // A key that the system knows again may be sent again at once; the others wait for the next run.
        if states(answer) != ["done", "done"] {
            #expect(states(answer).sorted() == ["done", "unknown"], "\(answer.text)")
            #expect(try exceptions(scene) == ["POST-UNKNOWN"])
            answer = try run(scene)
            #expect(states(answer) == ["done"], "\(answer.text)")
        }
        #expect(try standing(scene) == [2: 100_020, 3: 100_030])
        #expect(try exceptions(scene) == [])
    }

    @Test(arguments: asking) func `A write that never arrived is sent again, once it is known that it is not there`(
        _ system: String
    ) throws {
        guard let scene = try scene(system) else { return }
        try scene.order { $0.unseen = 1 }
        _ = try run(scene)
        _ = try run(scene)
        #expect(try standing(scene) == [2: 100_020, 3: 100_030])
        #expect(try exceptions(scene) == [])
    }

    @Test func `Where a system cannot be asked, a person looks, and nothing is sent again`() throws {
        guard let scene = try scene("business-central") else { return }
        // The line is written and the journal is posted; the answer to that is lost.
        try scene.order { $0.lost = 1 }
        #expect(states(try run(scene)).sorted() == ["done", "unknown"])
        let again = try run(scene)
        #expect(states(again) == ["unknown"], "\(again.text)")
        #expect(try scene.server.seen().written.count == 2)
        let order = try #require(again.json["orders"]?[0])
        _ = try scene.workplace().settlePost(
            "book", payment: order["payment"]?.scalar ?? "", number: order["invoice"]?.scalar ?? "", isThere: true,
            actor: "anna", reason: "seen in the journal")
        #expect(states(try run(scene)) == [])
        #expect(try exceptions(scene) == [])
        #expect(try standing(scene) == [2: 100_020, 3: 100_030])
    }

    @Test(arguments: writing) func `A refusal is said in the system's words and writes nothing`(
        _ system: String
    ) throws {
        guard let scene = try scene(system) else { return }
        if Self.asked.contains(system) {
            try scene.order { $0.refuses = 2 }
        } else {
            // Somebody paid it there in the meantime.
            scene.bills.withLock { $0[1].open = 0 }
            try scene.order()
        }
        let answer = try run(scene)
        #expect(states(answer).sorted() == ["done", "refused"], "\(answer.text)")
        #expect(answer.text.contains("Refused by rule 7"), "\(answer.text)")
        #expect(!answer.text.contains("secret"), "\(answer.text)")
        #expect(try standing(scene) == [3: 100_030])
        #expect(try exceptions(scene) == ["POST-REFUSED"])
    }

    @Test(arguments: asked, [0, 50_000]) func `What somebody paid there since it was read is asked for first`(
        _ system: String, _ open: Int
    ) throws {
        guard let scene = try scene(system) else { return }
        scene.bills.withLock { $0[1].open = open }
        try scene.order()
        let answer = try run(scene)
        #expect(states(answer).sorted() == ["done", "refused"], "\(answer.text)")
        #expect(
            answer.text.contains(open == 0 ? "`status` is paid" : "500.00 EUR of the invoice is open"), "\(answer.text)"
        )
        #expect(try standing(scene) == [3: 100_030])
        #expect(try exceptions(scene) == ["POST-REFUSED"])
        #expect(try scene.server.seen().wrong == [])
    }

    @Test(arguments: parting) func `A part of a bill is written, and the rest stays open there`(_ system: String) throws
    {
        guard let scene = try scene(system, amount: "400.00") else { return }
        let answer = try run(scene)
        #expect(states(answer) == ["done", "done"], "\(answer.text)")
        #expect(try standing(scene) == [2: 40_000, 3: 100_030])
        #expect(try scene.server.seen().wrong == [])
    }

    @Test func `A part that the system cannot take says so from the beginning, is not sent, and goes into a file`()
        throws
    {
        guard let scene = try scene("mollie", amount: "400.00") else { return }
        let proposed = try scene.workplace().listPosts("book")
        #expect(proposed.text.components(separatedBy: "POST-PART").count == 2, "\(proposed.text)")
        #expect(proposed.text.contains("1000.20 EUR is open there, the payment is 400.00 EUR"), "\(proposed.text)")
        for _ in 1...2 {
            let answer = try run(scene)
            #expect(answer.needsReview && answer.text.contains("POST-PART"), "\(answer.text)")
            #expect(states(answer).contains("approved"))
            #expect(try standing(scene) == [3: 100_030])
        }
        let path = scene.folder.path("out.csv")
        #expect(states(try scene.workplace().exportPosts("book", to: path)) == ["exported"])
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\r\n")
        #expect(lines.count == 2 && lines.last?.contains("400.00,EUR,2026-08-10,K-1") == true, "\(lines)")
        #expect(states(try run(scene)) == [])
        #expect(try scene.server.seen().wrong == [])
    }

    @Test func `Where the reference of a payment is not kept, its manner tells it`() throws {
        guard let scene = try scene("mollie") else { return }
        try scene.order { ($0.lost, $0.forgets) = (1, true) }
        #expect(states(try run(scene)).sorted() == ["done", "unknown"])
        #expect(states(try run(scene)) == ["done"])
        #expect(try standing(scene) == [2: 100_020, 3: 100_030])
    }

    @Test(arguments: asked) func `What was written comes back with the next sync, and is no second payment`(
        _ system: String
    ) throws {
        guard let scene = try scene(system) else { return }
        #expect(states(try run(scene)) == ["done", "done"])
        #expect(try !scene.sync().failed)
        #expect(try scene.listed() == ["2600001": 100_010, "2600004": 100_040])
        #expect(states(try scene.workplace().proposePosts("book", actor: "anna")) == [])
        #expect(try scene.workplace().verify().text.contains("holds"))
        var kinds: [String] = []
        try scene.workplace().list(.exceptions, openOnly: true, customer: nil) {
            kinds.append($0["kind"]?.scalar ?? "")
        }
        #expect(kinds == [])
    }

    @Test(arguments: keeping) func `A system that takes none back says so, and is asked nothing`(_ system: String)
        throws
    {
        guard let scene = try scene(system) else { return }
        _ = try run(scene)
        let before = scene.state.withLock { $0.sent }
        let undone = try scene.workplace().undoPost(
            "book", payment: "K-1", number: "2600002", actor: "anna", reason: "the wrong bill", scene.surroundings)
        #expect(states(undone) == ["done"] && undone.text.contains("cannot take a payment back"), "\(undone.text)")
        #expect(undone.needsReview)
        #expect(scene.state.withLock { $0.sent } == before)
        // A person takes it back there and says so.
        let settled = try scene.workplace().settlePost(
            "book", payment: "K-1", number: "2600002", isThere: false, actor: "anna", reason: "taken back there")
        #expect(states(settled) == ["reversed"])
    }

    @Test(arguments: reversing) func `What was written is taken back there, and once`(_ system: String) throws {
        guard let scene = try scene(system) else { return }
        _ = try run(scene)
        let order = try #require(
            try scene.workplace().listPosts("book").json["orders"]?.items?.first { $0["invoice"]?.scalar == "2600002" })
        let undone = try scene.workplace().undoPost(
            "book", payment: order["payment"]?.scalar ?? "", number: "2600002", actor: "anna", reason: "the wrong bill",
            scene.surroundings)
        #expect(states(undone) == ["reversed"], "\(undone.text)")
        #expect(try standing(scene) == [3: 100_030])
        // It may be written again, under another key.
        try approve(scene, count: 1)
        #expect(states(try run(scene)) == ["done"])
        #expect(try standing(scene) == [2: 100_020, 3: 100_030])
        #expect(Set(try scene.server.seen().written.map(\.key)).count == 3)
    }

    @Test(arguments: silent) func `A system that takes no payments is sent none, and gets a file`(
        _ system: String
    ) throws {
        guard let scene = try scene(system) else { return }
        let before = scene.state.withLock { $0.sent }
        let path = scene.folder.path("out.csv")
        #expect(states(try scene.workplace().exportPosts("book", to: path)) == ["exported", "exported"])
        #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\r\n").count == 3)
        #expect(states(try run(scene)) == [])
        #expect(scene.state.withLock { $0.sent } == before)
    }
}
