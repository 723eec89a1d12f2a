// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Store
import Synchronization
import Testing
import TieoutTesting
import Trees

/// Payments that a system listed and lists no more, or calls failed.
@Suite("A payment that disappears at its system")
struct SystemAbsenceTests {
    /// Those whose list of payments holds all of them, at least of sixty days, every time.
    static let whole = ["mollie", "sap-b1", "sap-s4", "stripe"]
    /// Those whose payments are told with what they pay.
    static let allocating = ["salesforce", "sap-b1", "xero"]

    /// Bills of three customers, four of which were paid.
    private func scene(_ system: String, test: String = #function) throws -> SystemScene? {
        guard let scene = try SystemScene(system, company: "\n    first_party: true", skipping: test) else {
            return nil
        }
        try scene.open(system == "sap-s4" ? 100 : 5)
        try order(scene)
        #expect(try !scene.sync().failed)
        try scene.change { bills, now in
            scene.receipts.withLock { receipts in
                receipts = (0..<4).map { index in
                    bills[index].open = system == "sap-s4" ? bills[index].open : 0
                    bills[index].changed = now
                    return .init(
                        id: index + 1, bill: bills[index].id, customer: bills[index].customer, cents: 10_000,
                        day: now - 86_400_000, changed: now)
                }
            }
        }
        try order(scene)
        #expect(try !scene.sync().failed)
        return scene
    }

    private func order(_ scene: SystemScene) throws {
        try scene.order {
            $0.surplus = [:]
            $0.size = 100
        }
    }

    private func list(_ scene: SystemScene, _ what: Workplace.Listing) throws -> [Node] {
        var nodes: [Node] = []
        try scene.workplace().list(what, openOnly: what == .exceptions, customer: nil) { nodes.append($0) }
        return nodes
    }

    private func statuses(_ scene: SystemScene) throws -> [String] {
        try list(scene, .payments).compactMap { $0["status"]?.scalar }.sorted()
    }

    private func told(_ scene: SystemScene) throws -> [Node] {
        try list(scene, .exceptions).filter { $0["kind"]?.scalar == "PAYMENT-GONE" }
    }

    @Test(arguments: whole) func `It is told no more, and is told again once it is listed again`(
        _ system: String
    ) throws {
        guard let scene = try scene(system) else { return }
        #expect(try statuses(scene) == Array(repeating: "information", count: 4))
        let open = try scene.listed()
        let gone = scene.receipts.withLock { $0.removeFirst() }
        try order(scene)
        let answer = try scene.sync()
        #expect(!answer.failed, "\(answer.text)")
        #expect(try statuses(scene) == ["failed"] + Array(repeating: "information", count: 3))
        #expect(try scene.workplace().verify().text.contains("holds"))
        // Where the payments alone say what is paid, the bill is open again as a whole.
        if system == "sap-s4" { #expect(try scene.listed()["2600001"] == (open["2600001"] ?? 0) + 10_000) }
        let again = try scene.sync()
        #expect(again.movements == 0, "\(again.json.json)")
        scene.receipts.withLock { $0.insert(gone, at: 0) }
        try order(scene)
        #expect(try !scene.sync().failed)
        #expect(try statuses(scene) == Array(repeating: "information", count: 4))
        #expect(try scene.listed() == open)
        #expect(try told(scene).isEmpty)
    }

    @Test(arguments: ["sap-b1", "sap-s4", "stripe"]) func `A person hears of one that had paid a bill`(
        _ system: String
    ) throws {
        guard let scene = try scene(system) else { return }
        scene.receipts.withLock { _ = $0.removeFirst() }
        try order(scene)
        #expect(try !scene.sync().failed)
        let text = try told(scene).map(\.json).joined()
        #expect(text.contains("2600001") && text.contains("not listed any more"), "\(text)")
        #expect(try told(scene).count == 1)
    }

    @Test(arguments: allocating) func `So they do of one that is called failed`(_ system: String) throws {
        guard let scene = try scene(system) else { return }
        func turn(_ back: Bool) throws {
            try scene.change { _, now in
                scene.receipts.withLock {
                    $0[0].back = back
                    $0[0].changed = now
                }
            }
            try order(scene)
            #expect(try !scene.sync().failed)
        }
        try turn(true)
        let text = try told(scene).map(\.json).joined()
        #expect(text.contains("2600001") && text.contains("failed"), "\(text)")
        #expect(try statuses(scene).contains("failed"))
        try turn(false)
        #expect(try told(scene).isEmpty)
        #expect(try !statuses(scene).contains("failed"))
    }

    @Test(arguments: whole, [true, false]) func `Many at once are a broken list, unless a person says otherwise`(
        _ system: String, _ isAll: Bool
    ) throws {
        guard let scene = try scene(system) else { return }
        scene.receipts.withLock { $0.removeFirst(isAll ? 4 : 2) }
        try order(scene)
        let answer = try scene.sync()
        #expect(answer.failed && answer.fault == "SNAPSHOT-DROP", "\(answer.text)")
        #expect(try statuses(scene) == Array(repeating: "information", count: 4))
        var options = Workplace.SyncOptions()
        options.acceptDrop = true
        #expect(try !scene.workplace().sync(options, scene.surroundings).failed)
        #expect(try statuses(scene).filter { $0 == "failed" }.count == (isAll ? 4 : 2))
        #expect(try scene.workplace().verify().text.contains("holds"))
    }

    @Test(arguments: ["mollie", "sap-b1", "sap-s4"]) func `One of before the span that is listed stays as it was`(
        _ system: String
    ) throws {
        guard let scene = try scene(system) else { return }
        // A payment of seventy days later: the next run asks for what came after the first four only.
        scene.state.withLock { $0.now = $0.now + 70 * 86_400_000 }
        try scene.change { bills, now in
            scene.receipts.withLock {
                $0.append(
                    .init(
                        id: 9, bill: bills[4].id, customer: bills[4].customer, cents: 100, day: now - 1000, changed: now
                    ))
            }
        }
        try order(scene)
        #expect(try !scene.sync().failed)
        scene.receipts.withLock { $0.removeFirst(4) }
        try order(scene)
        let answer = try scene.sync()
        #expect(!answer.failed, "\(answer.text)")
        #expect(try statuses(scene) == Array(repeating: "information", count: 5))
    }
}
