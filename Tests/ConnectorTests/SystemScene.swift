// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Remote
import Synchronization
import TieoutTesting
import Trees

/// A company that pulls from one system over real sockets, with a clock of its own: waits cost nothing.
final class SystemScene: Sendable {
    struct State {
        var now = Timestamp("2026-08-10T08:00:00Z") ?? Timestamp(milliseconds: 0)
        var slept: [Int64] = []
        var sent = 0
        /// The process dies instead of sending its request of this number.
        var killedAt: Int?
        /// It dies right after the system has answered that request, and what it had stored by then is kept aside.
        var diesAfter: Int?
        /// It dies right before sending it, likewise.
        var diesBefore: Int?
        var drawn: UInt64 = 1
    }

    struct Killed: Error {}

    let server: ReplayServer
    let folder: ScratchFolder
    private let idleSeconds: Int
    let bills = Mutex<[ReplayServer.Bill]>([])
    let receipts = Mutex<[ReplayServer.Receipt]>([])
    let state = Mutex(State())

    /// Nil, after printing why, where there is no Python.
    /// - Parameters:
    ///   - setting: more of the mapping's `config:`, as `, name: value`.
    ///   - idleSeconds: how long a body may stall.
    init?(
        _ system: String, company: String = "", options: String = "", setting: String = "", idleSeconds: Int = 30,
        skipping test: String = #function
    ) throws {
        guard let server = try ReplayServer(system, skipping: test) else { return nil }
        self.server = server
        self.idleSeconds = idleSeconds
        folder = try ScratchFolder("system")
        _ = try folder.write(
            """
            companies:
              - id: acme
                home_currency: EUR
                authority: source\(company)
                sources:
                  - { id: book, mapping: \(system), config: \(server.configuration.dropLast())\(setting) }\(options) }
            """, to: "tieout.yaml")
    }

    /// Bills of three customers, changed one after the other, six hours apart.
    func open(_ count: Int) throws {
        let now = state.withLock { $0.now.milliseconds }
        bills.withLock { bills in
            bills = (1...count).map { id in
                ReplayServer.Bill(
                    id: id, customer: "C\(id % 3)", day: 1_767_312_000_000,
                    changed: (now - Int64(count - id + 1) * 6 * 3_600_000) / 1000 * 1000, total: 100_000 + 10 * id,
                    open: 100_000 + 10 * id)
            }
        }
        try order()
    }

    func change(_ body: (inout [ReplayServer.Bill], Int64) -> Void) throws {
        let now = state.withLock { state in
            state.now = state.now + 2 * 86_400_000
            return state.now.milliseconds / 1000 * 1000
        }
        bills.withLock { body(&$0, now) }
        try order()
    }

    @discardableResult
    func order(_ body: (inout ReplayServer.Order) -> Void = { _ in }) throws -> ReplayServer.Seen {
        var order = ReplayServer.Order(bills.withLock { $0 })
        order.receipts = receipts.withLock { $0 }
        order.now = state.withLock { $0.now.milliseconds + 60_000 }
        body(&order)
        return try server.order(order)
    }

    // MARK: The company

    func workplace() throws -> Workplace {
        var request = Workplace.Request()
        request.configuration = folder.path("tieout.yaml")
        request.database = folder.path("books.db")
        return try Workplace.open(
            request,
            environment: Environment(
                now: { self.state.withLock { $0.now } },
                random: {
                    self.state.withLock { state in
                        state.drawn = state.drawn &* 6_364_136_223_846_793_005 &+ 1
                        return state.drawn
                    }
                }, share: Repository.root.path, log: { _ in }))
    }

    var surroundings: SyncSurroundings {
        SyncSurroundings(
            exchange: { _ in
                var setting = HTTPClient.Setting()
                setting.idleSeconds = self.idleSeconds
                let client = try HTTPClient(setting)
                return { request in
                    let isKilled = self.state.withLock { state in
                        state.now = state.now + 40
                        state.sent += 1
                        return state.sent == state.killedAt
                    }
                    if isKilled { throw Killed() }
                    let (sent, before, after) = self.state.withLock { ($0.sent, $0.diesBefore, $0.diesAfter) }
                    if sent == before { try self.keepAside() }
                    // A dead process sends nothing more.
                    if sent >= before ?? .max || sent > after ?? .max { throw Killed() }
                    let answer = try client.send(request)
                    if sent == after {
                        try self.keepAside()
                        throw Killed()
                    }
                    return answer
                }
            },
            sleep: { length in
                self.state.withLock { state in
                    state.now = state.now + length
                    state.slept.append(length)
                }
            }, variables: ReplayServer.secrets)
    }

    private static let files = ["books.db", "books.db-wal"]

    /// What is stored at this moment: nothing is being written while a request is on its way.
    private func keepAside() throws {
        for file in Self.files {
            try? FileManager.default.copyItem(atPath: folder.path(file), toPath: folder.path("aside-" + file))
        }
    }

    /// As the dead process left it.
    func comeBack() throws {
        state.withLock { ($0.diesBefore, $0.diesAfter) = (nil, nil) }
        try? FileManager.default.removeItem(atPath: folder.path("books.db-shm"))
        for file in Self.files where FileManager.default.fileExists(atPath: folder.path("aside-" + file)) {
            try? FileManager.default.removeItem(atPath: folder.path(file))
            try FileManager.default.moveItem(atPath: folder.path("aside-" + file), toPath: folder.path(file))
        }
    }

    @discardableResult
    func sync() throws -> Answer {
        state.withLock { $0.now = $0.now + 60_000 }
        return try workplace().sync(Workplace.SyncOptions(), surroundings)
    }

    /// Number, customer and open amount in cents of every open item.
    func listed() throws -> [String: Int] {
        var amounts: [String: Int] = [:]
        try workplace().list(.invoices, openOnly: true, customer: nil) { node in
            let open = node["open"]?.scalar ?? ""
            amounts[node["number"]?.scalar ?? "?"] = Int(open.filter { $0 != "." })
        }
        return amounts
    }

    /// What the system itself says is open.
    var truth: [String: Int] {
        bills.withLock { bills in
            // S/4HANA states no open amount: a part payment is an item of its own.
            let paid = receipts.withLock { $0 }
            let open = bills.filter { $0.open > 0 }.map { bill in
                guard server.system == "sap-s4" else { return (bill.number ?? "?", bill.open) }
                return (bill.number ?? "?", bill.total - paid.filter { $0.bill == bill.id }.reduce(0) { $0 + $1.cents })
            }
            return Dictionary(uniqueKeysWithValues: open)
        }
    }
}

extension Answer {
    var streams: [Node] { json["sources"]?[0]?["streams"]?.items ?? [] }

    /// Of all streams together.
    func count(_ name: String) -> Int { streams.reduce(0) { $0 + (Int($1[name]?.scalar ?? "") ?? 0) } }

    /// Documents that were new or changed; what is owed in total is stated anew every time.
    var movements: Int {
        streams.reduce(0) { sum, stream in
            sum
                + (stream["documents"]?.entries ?? []).filter { $0.key != "balances" }.reduce(0) { sum, entry in
                    sum + (Int(entry.value["new"]?.scalar ?? "") ?? 0)
                        + (Int(entry.value["changed"]?.scalar ?? "") ?? 0)
                }
        }
    }

    var fault: String? { streams.compactMap { $0["fault"]?["code"]?.scalar }.first }
}
