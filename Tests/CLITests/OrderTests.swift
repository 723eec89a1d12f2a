// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

@Suite("The same month from three files gives the same books in every order")
struct OrderTests {
    private static let now = "2026-09-30T08:00:00Z"
    private static let expected = [
        "2026-0903 Cargo West GmbH EUR 600.00", "2026-0904 Atelier Boom B.V. EUR 500.00",
        "2026-0905 Bakkerij Zon B.V. EUR 320.00",
        "2026-0906 Cargo West GmbH EUR 484.00", "2026-0908 Bakkerij Zon B.V. EUR 88.00",
    ]

    enum Reconciling: String, CaseIterable, CustomTestStringConvertible {
        case afterEachFile, atTheEnd
        var testDescription: String { rawValue }
    }

    private static let files = ["ubl", "Openstaande posten.csv", "bank.xml"]
    private static let orders = Orders.all(files)

    @Test(
        "Open items and cash, from UBL, the accounting export and the bank file",
        arguments: ["one-book.yaml", "two-books.yaml"], Reconciling.allCases)
    func sameBooks(configuration: String, reconciling: Reconciling) throws {
        var problems: [String] = []
        for order in Self.orders {
            let desk = try Desk("order")
            try desk.copy(Repository.fixture("Orders"))
            let options = ["--config", configuration]
            let name = "\(configuration), \(order.joined(separator: " → ")), reconciled \(reconciling.rawValue)"
            for file in order {
                let ended = try desk.run(["import", file, "--json"] + options, at: Self.now)
                if ended.status != 0 { problems.append("\(name): import \(file) \(ended.words)") }
                if reconciling == .afterEachFile {
                    let run = try desk.run(["reconcile"] + options, at: Self.now)
                    if run.status != 0 { problems.append("\(name): reconcile after \(file) \(run.words)") }
                }
            }
            if reconciling == .atTheEnd { try desk.must(["reconcile"] + options, at: Self.now) }
            // The first file that names a customer settles the id; who it is must be the same in every order.
            let customers = try desk.list(["customers", "--open"] + options, at: Self.now)
            if customers.count != 3 { problems.append("\(name): customers are \(customers.map { $0["name"].text })") }
            let open = try desk.list(["items", "--open"] + options, at: Self.now).map { item in
                let customer = customers.first { $0["id"] == item["customer_id"] } ?? .null
                return [item["number"].text, customer["name"].text, item["currency"].text, item["open"].text]
                    .joined(separator: " ")
            }
            if let difference = Comparison.difference(name, expected: Self.expected, got: open) {
                problems.append(difference)
            }
            let unapplied = try desk.list(["payments", "--open"] + options, at: Self.now)
                .map { "\($0["remittance"].text): \($0["unapplied"].text)" }
            if !unapplied.isEmpty { problems.append("\(name): unapplied cash: \(unapplied.joined(separator: "; "))") }
            let verified = try desk.run(["verify"] + options, at: Self.now)
            if verified.status != 0 { problems.append("\(name): \(verified.words)") }
            let total = try desk.json(["report", "aging"] + options, at: Self.now)["aging"].items
                .first { $0["total_row"].isTrue }
            if total?["total"].text != "1992.00" {
                problems.append("\(name): aging \(total?["total"].text ?? "nothing")")
            }
        }
        #expect(problems.isEmpty, "\(problems.joined(separator: "\n\n"))")
    }

    @Test("Each file once more after all of them changes nothing", arguments: files)
    func again(file: String) throws {
        let desk = try Desk("order-again")
        try desk.copy(Repository.fixture("Orders"))
        let options = ["--config", "two-books.yaml"]
        for file in Self.files { try desk.must(["import", file] + options, at: Self.now) }
        try desk.must(["reconcile"] + options, at: Self.now)
        let before = try desk.dump()
        let items = try desk.list(["items"] + options, at: Self.now)
        try desk.must(["import", file] + options, at: Self.now)
        try desk.must(["reconcile"] + options, at: Self.now)
        #expect(try desk.list(["items"] + options, at: Self.now) == items)
        #expect(try desk.dump() == before, "importing \(file) again and reconciling wrote something")
    }
}
