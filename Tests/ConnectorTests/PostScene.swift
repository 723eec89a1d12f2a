// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Synchronization
import Testing
import TieoutTesting
import Trees

extension SystemScene {
    /// Two bills that the bank's money has settled here, and their payments approved. Nil where there is no Python.
    /// - Parameter amount: of the first one.
    static func posting(
        _ system: String, amount: String = "1000.20", setting: String = "", test: String = #function
    ) throws -> SystemScene? {
        let account = system == "twinfield" ? "BNK" : "1200"
        guard
            let scene = try SystemScene(
                system, company: "\n    accounts: [{ id: NL91ABNA0417164300 }]",
                options: ", post: { account: \(account) }", setting: setting, skipping: test)
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
        try scene.approve(count: 2)
        return scene
    }

    func approve(count: Int) throws {
        let proposed = try workplace().proposePosts("book", actor: "anna")
        #expect(proposed.states == Array(repeating: "proposed", count: count), "\(proposed.text)")
        let batch = Int64(proposed.json["orders"]?[0]?["batch"]?.scalar ?? "") ?? 0
        _ = try workplace().approvePosts(batch, actor: "bert", reason: "seen at the bank")
    }

    func runPosts() throws -> Answer {
        state.withLock { $0.now = $0.now + 60_000 }
        return try workplace().runPosts("book", surroundings)
    }

    /// Bill and cents of what stands there now.
    func standing() throws -> [Int: Int] {
        let written = try server.seen().written.filter { !$0.back }
        return Dictionary(written.map { ($0.bill, $0.cents) }) { _, _ in -1 }
    }

    /// Nothing stands there but both payments, whole.
    func isWhole() throws -> Bool {
        let seen = try server.seen()
        let written = seen.written.filter { !$0.back }
        return try standing() == [2: 100_020, 3: 100_030]
            && seen.entries.map(\.cents).sorted() == [100_020, 100_030]
            && written.count == 2 && Set(seen.entries.map(\.key)) == Set(written.map(\.key)) && seen.wrong == []
    }

    func undo() throws -> Answer {
        state.withLock { $0.now = $0.now + 60_000 }
        return try workplace().undoPost(
            "book", payment: "K-1", number: "2600002", actor: "anna", reason: "the wrong bill", surroundings)
    }

    func postExceptions() throws -> [String] {
        var kinds: [String] = []
        try workplace().list(.exceptions, openOnly: true, customer: nil) { kinds.append($0["kind"]?.scalar ?? "") }
        return kinds.filter { $0.hasPrefix("POST") }
    }
}

extension Answer {
    /// Of the payments that are to be written.
    var states: [String] { (json["orders"]?.items ?? []).compactMap { $0["state"]?.scalar } }
}
