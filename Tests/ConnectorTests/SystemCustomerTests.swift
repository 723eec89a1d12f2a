// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Synchronization
import Testing
import TieoutTesting
import Trees

@Suite("Customers of every system that lists them")
struct SystemCustomerTests {
    static let listing = ReplayServer.systems.filter { $0 != "mollie" }
    /// Their lists have no such field, or the mapping cannot tell which number it is.
    static let without: [String: Set<String>] = [
        "xero": ["phone", "country"], "salesforce": ["email"], "tryton": ["country"],
        "twinfield": ["email", "phone", "country"],
    ]

    @Test(arguments: listing) func `A customer lands with name and reach, and once`(_ system: String) throws {
        guard let scene = try SystemScene(system) else { return }
        try scene.open(2)
        let now = scene.state.withLock { $0.now.milliseconds } / 1000 * 1000
        let people = [
            ReplayServer.Person(
                id: "C1", name: "Müller & Söhne \"Nord\"", email: "ar@mueller.example", phone: "+31612345678",
                country: "NL",
                changed: now - 86_400_000),
            ReplayServer.Person(
                id: "C2", name: "Zoé", email: "zoe@example.com", phone: "+5511987654321", country: "BR",
                changed: now - 3_600_000),
        ]
        try scene.order { $0.customers = people }
        let first = try scene.sync()
        #expect(!first.failed, "\(first.text)")
        for _ in 1...2 {
            var found: [Node] = []
            try scene.workplace().list(.customers, openOnly: false, customer: nil) { node in
                if people.contains(where: { $0.name == node["name"]?.scalar }) { found.append(node) }
            }
            #expect(found.count == 2, "\(found.map(\.json))")
            for person in people {
                let node = try #require(found.first { $0["name"]?.scalar == person.name })
                let missing = Self.without[system] ?? []
                let wanted = [
                    ("id", system == "tryton" ? String(person.id.dropFirst()) : person.id), ("email", person.email),
                    ("phone", person.phone), ("country", person.country),
                ]
                for (name, value) in wanted where !missing.contains(name) {
                    #expect(node[name]?.scalar == value, "\(name): \(node.json)")
                }
            }
            #expect(try scene.sync().movements == 0)
        }
        #expect(try scene.server.seen().wrong == [])
    }
}
