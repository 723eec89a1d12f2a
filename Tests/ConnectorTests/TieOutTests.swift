// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Remote
import Synchronization
import Testing
import TieoutTesting
import Trees

/// After a sync the books are compared with what the system itself says that each customer owes.
struct TieOutTests {
    private func scene() throws -> SyncScene {
        let scene = try SyncScene()
        let mapping = SyncScene.mapping.replacingOccurrences(
            of: "push:\n",
            with: """
                  balances:
                    http: { get: /balances, page: none }
                    records: customers/*
                    emit:
                      balance: { key: [customer_id], fields: { customer_id: customer, amount: owes, currency: { const: EUR } } }
                push:

                """)
        _ = try scene.folder.write(mapping, to: "shop.yaml")
        scene.add(6)
        return scene
    }

    /// The shop's own sums, changed by what a test says.
    private func sync(
        _ scene: SyncScene, surplus: [String: Int] = [:], silentOn: String? = nil, isSilent: Bool = false
    ) throws -> Answer {
        let surroundings = SyncSurroundings(
            exchange: { _ in
                { request in
                    guard request.url.hasSuffix("/balances") else { return try scene.answer(request) }
                    let bills = scene.state.withLock { $0.bills }
                    let customers = ["C0", "C1", "C2", "C9"].filter {
                        !isSilent && $0 != silentOn && ($0 != "C9" || surplus["C9"] != nil)
                    }.map { id in
                        let sum = bills.filter { "C\($0.id % 3)" == id }.reduce(surplus[id] ?? 0) { $0 + $1.open }
                        return
                            #"{"customer": "\#(id)", "owes": "\#(sum / 100).\#(sum % 100 < 10 ? "0" : "")\#(sum % 100)"}"#
                    }
                    let text = "{\"customers\": [\(customers.joined(separator: ","))]}"
                    return HTTPResponse(status: 200, body: Array(text.utf8))
                }
            }, sleep: { _ in }, variables: SyncScene.secrets)
        scene.now = scene.now + 3_600_000
        return try scene.workplace().sync(Workplace.SyncOptions(), surroundings)
    }

    private func exceptions(_ scene: SyncScene) throws -> [Node] {
        var nodes: [Node] = []
        try scene.workplace().list(.exceptions, openOnly: true, customer: nil) { nodes.append($0) }
        return nodes.filter { $0["kind"]?.scalar == "TIE-OUT" }
    }

    @Test func `Where both say the same nobody is told anything`() throws {
        let scene = try scene()
        #expect(try !sync(scene).failed)
        #expect(try exceptions(scene).count == 0)
    }

    @Test func `A difference is told with what may be its cause, and is gone when it is gone`() throws {
        let scene = try scene()
        // C2 has the bills 2 and 5; the system does not count the second.
        let answer = try sync(scene, surplus: ["C2": -5000, "C0": 1])
        #expect(!answer.failed, "\(answer.text)")
        let told = try exceptions(scene)
        #expect(told.compactMap { $0["subject"]?.scalar }.sorted() == ["shop/C0/EUR", "shop/C2/EUR"])
        let text = told.map(\.json).joined()
        #expect(text.contains("open here by exactly that") && text.contains("2026-5"))
        #expect(text.contains("0.01 EUR") && text.contains("-50.00 EUR"))
        _ = try sync(scene, surplus: ["C0": 1])
        #expect(try exceptions(scene).compactMap { $0["subject"]?.scalar } == ["shop/C0/EUR"])
    }

    @Test func `Whom the system does not list owes nothing there`() throws {
        let scene = try scene()
        #expect(try !sync(scene, silentOn: "C2").failed)
        let told = try exceptions(scene)
        #expect(told.compactMap { $0["subject"]?.scalar } == ["shop/C2/EUR"])
        #expect(told.first?.json.contains("0.00 EUR") == true && told.first?.json.contains("70.00 EUR") == true)
        _ = try sync(scene)
        #expect(try exceptions(scene).count == 0)
    }

    @Test func `A list without anybody says that nobody owes anything, and may be a broken answer`() throws {
        let scene = try scene()
        #expect(try !sync(scene, isSilent: true).failed)
        let told = try exceptions(scene)
        #expect(
            told.compactMap { $0["subject"]?.scalar }.sorted() == ["shop/C0/EUR", "shop/C1/EUR", "shop/C2/EUR"])
        #expect(told.allSatisfy { $0.json.contains("the list came empty") && $0.json.contains("owes 0.00 EUR") })
        #expect(try !sync(scene).failed)
        #expect(try exceptions(scene).count == 0)
        // Where nothing is open, nothing is missing from it.
        scene.change { state in for index in state.bills.indices { SyncScene.pay(index, 100_000, &state) } }
        #expect(try !sync(scene, isSilent: true).failed)
        #expect(try exceptions(scene).count == 0)
    }

    @Test func `A difference is gone when neither side knows of it any more`() throws {
        let scene = try scene()
        _ = try sync(scene, surplus: ["C9": 500])
        #expect(try exceptions(scene).compactMap { $0["subject"]?.scalar } == ["shop/C9/EUR"])
        _ = try sync(scene)
        #expect(try exceptions(scene).count == 0)
    }
}
