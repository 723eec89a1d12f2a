// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Remote
import Testing
import TieoutTesting

@Suite("`tieout serve` as a process", .serialized)
struct ServeProcessTests {
    /// A desk with one source that is scheduled, and the system behind it with its bills.
    private struct Scene {
        let desk: Desk
        let server: ReplayServer
        let client: HTTPClient

        init?(_ system: String, schedule: String = "0 3 1 1 *") throws {
            guard let server = try ReplayServer(system) else { return nil }
            self.server = server
            client = try HTTPClient()
            desk = try Desk("serve")
            try desk.write(
                """
                companies:
                  - id: acme
                    home_currency: EUR
                    authority: source
                    time_zone: Europe/Amsterdam
                    sources:
                      - { id: book, mapping: \(system), config: \(server.configuration), schedule: "\(schedule)" }
                """, to: "tieout.yaml")
            try server.order(ReplayServer.Order(Self.bills))
        }

        static let bills = (1...25).map { id in
            ReplayServer.Bill(
                id: id, customer: "C\(id % 3)", day: 1_767_312_000_000,
                changed: 1_767_312_000_000 + Int64(id) * 3_600_000,
                total: 100_000 + 10 * id, open: 100_000 + 10 * id)
        }

        private var environment: [String: String] {
            ReplayServer.secrets.merging(["TIEOUT_SHARE": Repository.root.path]) { own, _ in own }
        }

        func start(_ arguments: [String]) throws -> Running {
            try Program.start(arguments, in: desk.folder, environment: environment)
        }

        /// The process and its address, once its port is open.
        func serve(_ options: [String] = []) throws -> (Running, String) {
            let process = try start(["serve", "--port", "0"] + options)
            let address = process.said { out, _ in
                out.hasSuffix("\n")
                    ? out.split(separator: "\n").first?.split(separator: " ").last.map(String.init) : nil
            }
            guard let address else { throw Desk.Unexpected(description: process.wait().words) }
            return (process, address)
        }

        func get(_ url: String) throws -> (status: Int, text: String) {
            let response = try client.send(HTTPRequest(url: url))
            return (response.status, String(decoding: response.body, as: UTF8.self))
        }

        func listed() throws -> Int {
            let ended = try start(["list", "invoices", "--open"]).wait()
            return ended.status == 0 ? ended.lines.count : -1
        }

        /// Waits for a line of the log.
        func logged(_ line: String, by process: Running) -> Bool {
            process.said { _, err in err.contains(line) ? true : nil } ?? false
        }
    }

    @Test(
        "It pulls what is due, answers how it is, and ends in good order",
        arguments: [SIGTERM, SIGINT])
    func serves(_ signal: Int32) throws {
        guard let scene = try Scene("business-central") else { return }
        let (process, address) = try scene.serve()
        #expect(try scene.get(address + "/health").text == "ok\n")
        #expect(scene.logged("acme/book: read\n", by: process))
        let ready = try scene.get(address + "/ready")
        #expect(ready.status == 200 && ready.text == "ready\n", "\(ready)")
        let page = try scene.get(address + "/metrics")
        for line in [
            "tieout_sync_records_total{company=\"acme\",source=\"book\",status=\"done\"}",
            "tieout_source_failures{company=\"acme\",source=\"book\"} 0\n",
            "tieout_source_running{company=\"acme\",source=\"book\"} 0\n", "# TYPE tieout_sync_seconds_total counter\n",
        ] { #expect(page.text.contains(line), "\(line): \(page.text)") }
        #expect(try scene.get(address + "/books").status == 404)
        // Another command works beside it.
        #expect(try scene.listed() == 25)
        process.send(signal)
        let ended = process.wait()
        #expect(ended.status == 0 && ended.err.hasSuffix("ended\n"), "\(ended.words)")
        let source = try scene.start(["source", "list", "--json"]).wait().out
        #expect(source.contains(#""health":"healthy""#) && source.contains(#""next_run":""#), "\(source)")
    }

    @Test(
        "A run that does not come to its end is cut off, nothing of its stream lands, and the next start makes up for it"
    )
    func cutOff() throws {
        guard let scene = try Scene("business-central") else { return }
        // The first stream is whole before the second one stalls.
        var order = ReplayServer.Order(Scene.bills)
        order.trouble = [2: "slow"]
        try scene.server.order(order)
        let (process, _) = try scene.serve(["--patience", "1"])
        let stalled = process.said { _, _ in (try? scene.server.seen().count).flatMap { $0 >= 2 ? true : nil } }
        #expect(stalled == true)
        let start = Kill.now
        process.send(SIGTERM)
        let ended = process.wait()
        #expect(ended.status == 0 && ended.err.contains("acme/book: stopped"), "\(ended.words)")
        #expect(Kill.now - start < 15)
        let before = try scene.start(["source", "list"]).wait().out
        #expect(before.contains("last run stopped") && !before.contains("failing"), "\(before)")
        #expect(try scene.listed() <= 0)
        // It is not due for months, and yet it is read: the last run never got through.
        let (again, _) = try scene.serve()
        #expect(scene.logged("acme/book: read\n", by: again))
        again.send(SIGTERM)
        #expect(again.wait().status == 0)
        #expect(try scene.listed() == 25)
        // And once is enough.
        let count = try scene.server.seen().count
        let (third, address) = try scene.serve()
        #expect(try scene.get(address + "/ready").status < 600)
        third.send(SIGTERM)
        #expect(third.wait().status == 0)
        #expect(try scene.server.seen().count == count)
    }

    @Test("A port that is taken, and a configuration without a schedule, are said at once")
    func refuses() throws {
        guard let scene = try Scene("mollie") else { return }
        let (process, address) = try scene.serve()
        let port = String(address.split(separator: ":").last ?? "")
        let second = try scene.start(["serve", "--port", port]).wait()
        #expect(second.status == 1 && second.err.contains("[SERVE-PORT]"), "\(second.words)")
        process.send(SIGTERM)
        #expect(process.wait().status == 0)
        try scene.desk.write("companies: [{ id: acme }]\n", to: "tieout.yaml")
        let none = try scene.start(["serve", "--port", "0"]).wait()
        #expect(none.status == 1 && none.err.contains("[SCHEDULE-NONE]"), "\(none.words)")
    }
}
