// SPDX-License-Identifier: Apache-2.0
import Connector
import Foundation
import Store
import Testing
import TieoutTesting
import Trees

/// A few payments against a large ledger are decided on a part of it, as they are on all of it.
@Suite("A day's payments are decided on their part of the ledger")
struct SmallDayTests {
    private static let part = Reach(itemsMin: 0, itemsPerPayment: 0, entriesPerNew: 0)

    /// Reconciles and returns which part of the ledger that read, and what it told: counts and both identities.
    private static func reconcile(
        _ scene: ConversationScene, _ reach: Reach, _ file: String
    ) throws -> (ledger: String?, told: String) {
        var workplace = try scene.workplace()
        workplace.reach = reach
        let answer = try workplace.reconcile(
            dryRun: false, allocations: scene.folder.appendingPathComponent(file).path, timings: true)
        return (answer.json.at("timings.ledger"), answer.text)
    }

    /// Every decision with all that is known of it, and every entry of the log.
    private static func state(_ scene: ConversationScene) throws -> [String] {
        let store = try StoreFile(path: scene.folder.appendingPathComponent("books.db").path, mode: .readWrite)
        defer { try? store.close() }
        return try store.read { session in
            var lines: [String] = []
            for query in [
                """
                SELECT payment_id || ' ' || id || ' ' || verdict || ' ' || rule || ' ' || state || ' '
                    || COALESCE(customer_id, '-') || ' ' || explanation || ' ' || detail FROM decision
                ORDER BY payment_id, id
                """,
                """
                SELECT seq || ' ' || kind || ' ' || amount || ' ' || COALESCE(item, '-') || ' '
                    || COALESCE(payment, '-') || ' ' || COALESCE(counter, '-') || ' ' || COALESCE(rule, '-') || ' '
                    || COALESCE(decision, '-') FROM log ORDER BY seq
                """,
                "SELECT kind || ' ' || subject || ' ' || message || ' ' || state FROM exception ORDER BY kind, subject, id",
            ] {
                try session.each(query) { lines.append($0.text(0)) }
            }
            return lines
        }
    }

    /// With many customers, a part has a few items of most.
    @Test("Day by day, a part of the ledger decides as all of it", arguments: 1...10)
    func sameAsWhole(_ seed: Int) throws {
        let (whole, part) = (try ConversationScene(), try ConversationScene())
        var ledger = DayLedger(seed: UInt64(seed), customers: seed <= 6 ? 40 : 200)
        var parts = 0
        for day in 0..<7 {
            let customers = day % 3 == 0 ? ledger.customersFile() : nil
            let invoices = ledger.invoicesFile(day == 0 ? 260 : 20)
            let payments = ledger.paymentsFile(day == 0 ? 90 : 35)
            for scene in [whole, part] {
                if let customers { try scene.importing("customers-\(day).csv", customers) }
                try scene.importing("invoices-\(day).csv", invoices)
                try scene.importing("payments-\(day).csv", payments)
            }
            let all = try Self.reconcile(whole, .whole, "day-\(day).csv")
            let some = try Self.reconcile(part, Self.part, "day-\(day).csv")
            #expect(all.ledger == "whole")
            #expect(all.told == some.told, "seed \(seed), day \(day)")
            if some.ledger == "part" { parts += 1 }
            let (expected, found) = (try Self.state(whole), try Self.state(part))
            let differing = zip(expected, found).filter { $0 != $1 }.prefix(6)
            #expect(expected.count == found.count, "seed \(seed), day \(day)")
            try #require(differing.isEmpty, "seed \(seed), day \(day): \(differing.map { "\($0)\n   \($1)" })")
            let (register, other) = (try Self.register(whole, day), try Self.register(part, day))
            #expect(register == other, "seed \(seed), day \(day)")
            try Self.act(day, whole, part)
            ledger.nextDay()
        }
        // Few days need more than a part of it.
        #expect(parts >= 5, "seed \(seed)")
        #expect(try !part.workplace().verify().failed)
    }

    private static func register(_ scene: ConversationScene, _ day: Int) throws -> String {
        try String(contentsOf: scene.folder.appendingPathComponent("day-\(day).csv"), encoding: .utf8)
    }

    /// Between two days people accept, refuse and take back.
    private static func act(_ day: Int, _ scenes: ConversationScene...) throws {
        for scene in scenes {
            let ids = try decisions(scene, "waiting")
            if ids.count > day + 2 {
                _ = try scene.workplace().rejectReview(
                    ids[day], notReceivable: day % 2 == 1, actor: "ada", reason: "not this one")
            }
            for id in ids.dropFirst(day + 3).prefix(6) {
                _ = try? scene.workplace().acceptReview(id, alternative: nil, actor: "ada", reason: "theirs")
            }
            let booked = try decisions(scene, "committed")
            if booked.count > day * 3 + 1 {
                _ = try? scene.workplace().undo(booked[day * 3], actor: "ada", reason: "paid for another one")
            }
        }
    }

    private static func decisions(_ scene: ConversationScene, _ state: String) throws -> [String] {
        let store = try StoreFile(path: scene.folder.appendingPathComponent("books.db").path, mode: .readWrite)
        defer { try? store.close() }
        return try store.read {
            try $0.rows("SELECT id FROM decision WHERE state = ? ORDER BY id", [state]) { $0.text(0) }
        }
    }
}
