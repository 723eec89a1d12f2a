// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Synchronization
import Testing
import TieoutTesting
import Trees

/// What every mapping in `mappings/rest` must get right, against a server with its vendor's paths and manners.
///
/// In request numbers, 3 is always one for invoices, and not the run's first.
@Suite("Every system passes the same suite")
struct SystemConformanceTests {
    static let systems = ReplayServer.systems
    /// A key is no token: when it is refused, only a person can help.
    static let keyed: Set = ["mollie", "sap-s4", "stripe"]
    /// Their lists say what changed since.
    static let incremental: Set = [
        "business-central", "exact-online", "salesforce", "sap-b1", "tryton", "xero",
    ]

    /// They say themselves what each customer owes.
    static let stating = ["business-central", "exact-online", "sap-b1", "tryton", "xero"]

    @Test func `Every shipped mapping of a system is in this suite`() {
        let shipped = Repository.files(under: Repository.url("mappings/rest"), ending: ".yaml")
        #expect(shipped.map { String($0.dropLast(5)) } == Self.systems)
    }

    @Test(arguments: systems) func `All pages land, and a second run changes nothing`(_ system: String) throws {
        guard let scene = try SystemScene(system) else { return }
        try scene.open(25)
        let first = try scene.sync()
        #expect(!first.failed && !first.needsReview, "\(first.text)")
        #expect(try scene.listed() == scene.truth)
        #expect(try scene.listed().count == 25)
        let again = try scene.sync()
        #expect(!again.failed && again.movements == 0, "\(again.text)")
        #expect(try scene.server.seen().wrong == [])
        #expect(try scene.workplace().verify().text.contains("holds"))
    }

    @Test(arguments: systems) func `The next run brings what changed`(_ system: String) throws {
        guard let scene = try SystemScene(system) else { return }
        try scene.open(25)
        try scene.sync()
        let earlier = try scene.order()
        try scene.change { bills, now in
            bills[3].open -= 4000
            bills[3].changed = now
            bills[11].open = 0
            bills[11].changed = now
            for id in 26...27 {
                bills.append(
                    .init(id: id, customer: "C9", day: 1_786_000_000_000, changed: now, total: 5000, open: 5000))
            }
        }
        let second = try scene.sync()
        #expect(!second.failed && !second.needsReview, "\(second.text)")
        #expect(try scene.listed() == scene.truth)
        let seen = try scene.server.seen()
        #expect(seen.wrong == [])
        if Self.incremental.contains(system) {
            // Not everything again: the list was asked for from a moment, and later than at first.
            let (before, after) = (earlier.since.compactMap { $0 }.max() ?? 0, seen.since.compactMap { $0 }.max() ?? 0)
            #expect(after > before, "\(earlier.since) \(seen.since)")
            #expect(second.count("records") < 27, "\(second.text)")
        }
    }

    @Test(arguments: systems.filter { $0 != "mollie" }) func `A credit note lands as what it is`(
        _ system: String
    ) throws {
        guard let scene = try SystemScene(system) else { return }
        try scene.open(25)
        #expect(try !scene.sync().failed)
        try scene.change { bills, now in
            bills.append(
                .init(id: 26, customer: "C9", day: 1_786_000_000_000, changed: now, total: 8000, open: 8000))
            // Stripe's lowers an invoice of its customer.
            bills.append(
                .init(
                    id: 27, customer: "C9", day: 1_786_000_000_000, changed: now, total: -5000,
                    open: system == "stripe" ? 0 : -5000))
            if system == "stripe" { bills[25].open = 3000 }
        }
        let answer = try scene.sync()
        #expect(!answer.failed, "\(answer.text)")
        var notes: [Node] = []
        try scene.workplace().list(.invoices, openOnly: false, customer: nil) { node in
            if node["number"]?.scalar == "2600027" { notes.append(node) }
        }
        #expect(notes.count == 1 && notes.first?["kind"]?.scalar == "credit_note", "\(notes)")
        #expect(notes.first?["total"]?.scalar == "-50.00", "\(notes)")
        if system == "stripe" {
            _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        }
        let open = try scene.listed()
        #expect(open["2600027"] == (system == "stripe" ? nil : -5000), "\(open)")
        #expect(open["2600026"] == (system == "stripe" ? 3000 : 8000), "\(open)")
        #expect(try scene.sync().movements == 0)
        #expect(try scene.server.seen().wrong == [])
        #expect(try scene.workplace().verify().text.contains("holds"))
    }

    @Test func `Of a credit note that was half paid out the other half lowers its invoice`() throws {
        guard let scene = try SystemScene("stripe") else { return }
        try scene.open(25)
        #expect(try !scene.sync().failed)
        try scene.change { bills, now in
            bills.append(
                .init(id: 26, customer: "C9", day: 1_786_000_000_000, changed: now, total: 8000, open: 5000))
            bills.append(
                .init(id: 27, customer: "C9", day: 1_786_000_000_000, changed: now, total: -5000, open: 0))
        }
        try scene.order { $0.extra = ["type": "mixed", "pre_payment_amount": "3000"] }
        let answer = try scene.sync()
        #expect(!answer.failed, "\(answer.text)")
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        let open = try scene.listed()
        #expect(open["2600026"] == 5000 && open["2600027"] == nil, "\(open)")
        #expect(try scene.workplace().verify().text.contains("holds"))
    }

    @Test(arguments: systems) func `A token that dies between two pages is renewed`(_ system: String) throws {
        guard let scene = try SystemScene(system) else { return }
        try scene.open(25)
        try scene.order { $0.trouble = [3: "expire"] }
        let answer = try scene.sync()
        if Self.keyed.contains(system) {
            #expect(answer.failed && answer.fault == "PULL-AUTH", "\(answer.text)")
            #expect(try scene.listed() == [:])
            #expect(try !scene.sync().failed)
        } else {
            #expect(!answer.failed, "\(answer.text)")
            #expect(try scene.server.seen().tokens == 2)
        }
        #expect(try scene.listed() == scene.truth)
        #expect(try scene.server.seen().wrong == [])
        #expect(!answer.text.contains("secret"), "\(answer.text)")
    }

    @Test(arguments: systems) func `A system that is busy is waited for, as long as it says`(_ system: String) throws {
        guard let scene = try SystemScene(system) else { return }
        try scene.open(25)
        try scene.order { $0.trouble = [2: "busy", 3: "busy-bare", 5: "busy-bare"] }
        let answer = try scene.sync()
        #expect(!answer.failed, "\(answer.text)")
        #expect(try scene.listed() == scene.truth)
        let slept = scene.state.withLock { $0.slept }
        #expect(slept.contains(7000), "\(slept)")
        // Without a word from the system at least a second.
        #expect(slept.count { $0 >= 1000 } >= 3, "\(slept)")
        #expect(answer.count("retries") == 3)
    }

    @Test(arguments: systems, ["down", "cut", "slow"])
    func `What passes by itself is got over`(_ system: String, _ kind: String) throws {
        guard let scene = try SystemScene(system, idleSeconds: kind == "slow" ? 1 : 30) else { return }
        try scene.open(25)
        try scene.order { $0.trouble = kind == "down" ? [3: kind, 4: kind] : [3: kind] }
        let answer = try scene.sync()
        #expect(!answer.failed, "\(answer.text)")
        #expect(answer.count("retries") >= (kind == "down" ? 2 : 1))
        #expect(try scene.listed() == scene.truth)
        #expect(try scene.server.seen().wrong == [])
    }

    @Test(arguments: systems) func `A page that comes twice ends the run with nothing landed`(_ system: String) throws {
        guard let scene = try SystemScene(system) else { return }
        try scene.open(25)
        // Where an answer is the whole list, the same fault is one that has less than it says.
        let isWhole = system == "twinfield"
        try scene.order { $0.trouble = [3: isWhole ? "partial" : "repeat"] }
        let answer = try scene.sync()
        #expect(answer.failed && answer.fault == (isWhole ? "PULL-PARTIAL" : "PULL-REPEATS"), "\(answer.text)")
        #expect(try scene.listed() == [:])
        #expect(try !scene.sync().failed)
        #expect(try scene.listed() == scene.truth)
    }

    @Test(arguments: systems) func `Fields that nobody knows yet do no harm`(_ system: String) throws {
        guard let scene = try SystemScene(system) else { return }
        try scene.open(12)
        try scene.order { $0.extra = ["SomethingNew": "1.000,00"] }
        let answer = try scene.sync()
        #expect(!answer.failed && !answer.needsReview, "\(answer.text)")
        #expect(try scene.listed() == scene.truth)
    }

    @Test(arguments: systems) func `A record without a number keeps no other one out`(_ system: String) throws {
        guard let scene = try SystemScene(system) else { return }
        try scene.open(12)
        scene.bills.withLock { $0[6].number = nil }
        try scene.order()
        let answer = try scene.sync()
        #expect(!answer.failed, "\(answer.text)")
        var truth = scene.truth
        truth["?"] = nil
        let listed = try scene.listed()
        #expect(listed.filter { truth[$0.key] != nil } == truth)
        // It landed under another name, or a person is told; Twinfield's lines without one are no invoices.
        #expect(listed.count == 12 || answer.count("left_out") == 1 || system == "twinfield", "\(answer.text)")
        #expect(answer.needsReview == (answer.count("left_out") == 1))
    }

    @Test(arguments: systems) func `A refusal is said in the system's words, without a secret`(_ system: String) throws
    {
        guard let scene = try SystemScene(system) else { return }
        try scene.open(25)
        try scene.order { $0.trouble = [3: "refuse"] }
        let answer = try scene.sync()
        #expect(answer.failed && ["PULL-AUTH", "PULL-REFUSED"].contains(answer.fault), "\(answer.text)")
        #expect(answer.text.contains("Refused by rule 7"), "\(answer.text)")
        #expect(!answer.text.contains("secret"), "\(answer.text)")
        #expect(try scene.listed() == [:])
    }

    @Test(arguments: stating) func `What the system says that each customer owes is compared with the books`(
        _ system: String
    ) throws {
        guard let scene = try SystemScene(system) else { return }
        func told() throws -> [Node] {
            var nodes: [Node] = []
            try scene.workplace().list(.exceptions, openOnly: true, customer: nil) { nodes.append($0) }
            return nodes.filter { $0["kind"]?.scalar == "TIE-OUT" }
        }
        try scene.open(7)
        try scene.order { $0.surplus = [:] }
        #expect(try !scene.sync().failed)
        let again = try told()
        #expect(again.isEmpty, "\(again)")
        try scene.order { $0.surplus = ["C1": 512] }
        #expect(try !scene.sync().failed)
        let differences = try told()
        #expect(differences.count == 1, "\(differences)")
        #expect(differences.map(\.json).joined().contains("5.12 EUR"))
        try scene.order { $0.surplus = [:] }
        #expect(try !scene.sync().failed)
        #expect(try told().isEmpty)
        #expect(try scene.server.seen().wrong == [])
    }

    @Test(arguments: systems) func `A run that dies anywhere is simply run again`(_ system: String) throws {
        guard let scene = try SystemScene(system), let calm = try SystemScene(system) else { return }
        for one in [scene, calm] { try one.open(25) }
        try calm.sync()
        for place in 1...12 {
            scene.state.withLock { $0.killedAt = $0.sent + place }
            _ = try scene.sync()
            if place == 6 {
                for one in [scene, calm] {
                    try one.change { bills, now in
                        bills[2].open -= 500
                        bills[2].changed = now
                    }
                }
            }
        }
        scene.state.withLock { $0.killedAt = nil }
        for one in [scene, calm] { #expect(try !one.sync().failed) }
        #expect(try scene.listed() == scene.truth)
        #expect(try scene.listed() == calm.listed())
        #expect(try scene.server.seen().wrong == [])
    }
}
