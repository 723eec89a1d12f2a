// SPDX-License-Identifier: Apache-2.0
import Connector
import Foundation
import Store
import Testing
import TieoutTesting

/// The identities of a small run are proved on top of the sums that an earlier run proved.
@Suite("Both identities are proved on sums that were proved before")
struct RunningTotalsTests {
    private static let part = Reach(itemsMin: 0, itemsPerPayment: 0, entriesPerNew: 0)

    private static func store<T>(_ scene: ConversationScene, _ body: (Session) throws -> T) throws -> T {
        let store = try StoreFile(path: scene.folder.appendingPathComponent("books.db").path, mode: .readWrite)
        defer { try? store.close() }
        return try store.write(body)
    }

    /// Books with a day behind them, and the files of the next one imported.
    private static func secondDay(seed: UInt64 = 3) throws -> ConversationScene {
        let scene = try ConversationScene()
        var ledger = DayLedger(seed: seed)
        try scene.importing("customers.csv", ledger.customersFile())
        for day in 0..<2 {
            try scene.importing("invoices-\(day).csv", ledger.invoicesFile(day == 0 ? 120 : 10))
            try scene.importing("payments-\(day).csv", ledger.paymentsFile(day == 0 ? 60 : 20))
            if day == 0 { try reconcile(scene) }
            ledger.nextDay()
        }
        return scene
    }

    private static func reconcile(_ scene: ConversationScene) throws {
        var workplace = try scene.workplace()
        workplace.reach = part
        _ = try workplace.reconcile(dryRun: false, allocations: nil)
    }

    @Test("A run goes on from the kept sums, and they are those of everything") func advance() throws {
        let scene = try Self.secondDay()
        let before = try Self.store(scene) { try $0.keptTotals(company: "acme") }
        try Self.reconcile(scene)
        try Self.store(scene) { session in
            let kept = try session.keptTotals(company: "acme")
            let first = try #require(before)
            let last = try #require(kept)
            #expect(last.seq > first.seq)
            #expect(try session.wholeTotals(company: "acme") == last)
        }
        #expect(try !scene.workplace().verify().failed)
    }

    @Test("A balance that its entries do not give stops the run that touches it") func damagedBalance() throws {
        let scene = try Self.secondDay()
        // The money that this day's payments brought.
        let changed = try Self.store(scene) {
            try $0.execute(
                "UPDATE payment_balance SET set_aside = set_aside - 1, unapplied = unapplied + 1 WHERE unapplied > 0 "
                    + "AND no IN (SELECT no FROM payment WHERE import_no = (SELECT MAX(import_no) FROM payment))")
        }
        try #require(changed > 0)
        #expect(throws: StoreFailure.self) { try Self.reconcile(scene) }
        #expect(try scene.workplace().verify().text.contains("CASH-BALANCE"))
    }

    @Test("Sums that are not the log's stop the next run, and verify names them") func damagedSums() throws {
        let scene = try Self.secondDay()
        let changed = try Self.store(scene) {
            try $0.execute("UPDATE proved_entries SET amount = amount + 1 WHERE kind = 20")
        }
        try #require(changed > 0)
        #expect(throws: Failure.self) { try Self.reconcile(scene) }
        let answer = try scene.workplace().verify()
        #expect(answer.failed)
        #expect(answer.text.contains("RUNNING-TOTALS"))
    }
}
