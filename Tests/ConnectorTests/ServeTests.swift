// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Remote
import Store
import Synchronization
import Testing
import TieoutTesting
import Trees

struct ServeTests {
    private func desk(_ scene: SyncScene, variables: [String: String] = SyncScene.secrets) throws -> ServiceDesk {
        _ = try scene.folder.write(
            """
            companies:
              - id: acme
                home_currency: EUR
                authority: source
                time_zone: Europe/Amsterdam
                sources:
                  - { id: shop, mapping: shop.yaml, schedule: "*/30 * * * *", jitter_seconds: 0 }
            """, to: "tieout.yaml")
        return try ServiceDesk(
            scene.request, environment: scene.environment, surroundings: scene.surroundings(variables),
            launch: { $0() })
    }

    private func requests(_ scene: SyncScene) -> Int { scene.state.withLock { $0.requests.count } }

    private func exceptions(_ scene: SyncScene) throws -> [String] {
        var lines: [String] = []
        try scene.workplace().list(.exceptions, openOnly: true, customer: nil) {
            lines.append("\($0["kind"]?.scalar ?? ""): \($0["message"]?.scalar ?? "")")
        }
        return lines
    }

    @Test func `Each source is pulled when it is due, and once for all that was missed`() throws {
        let scene = try SyncScene()
        scene.add(9)
        let desk = try desk(scene)
        desk.tick()
        #expect(try scene.openAmounts() == scene.truth)
        var before = requests(scene)
        desk.tick()
        #expect(requests(scene) == before)
        scene.add(1)
        scene.now = scene.now + 30 * 60_000
        desk.tick()
        #expect(try scene.openAmounts() == scene.truth)
        // A night without the process: a new one knows from the books when the last run was.
        scene.now = scene.now + 10 * 3_600_000
        let again = try self.desk(scene)
        before = requests(scene)
        again.tick()
        let one = requests(scene) - before
        #expect(one > 0)
        again.tick()
        #expect(requests(scene) == before + one)
    }

    @Test func `It says that it lives, whether it is ready, and its figures`() throws {
        let scene = try SyncScene()
        scene.add(3)
        let desk = try desk(scene)
        #expect(desk.reply(to: "/health").status == 200)
        #expect(desk.reply(to: "/ready").status == 503)
        desk.tick()
        #expect(desk.reply(to: "/ready").body == "ready\n")
        let page = desk.reply(to: "/metrics")
        #expect(page.type.hasPrefix("text/plain; version=0.0.4"))
        #expect(page.body.contains("# TYPE tieout_sync_runs_total counter\n"))
        #expect(page.body.contains("tieout_sync_runs_total{company=\"acme\",source=\"shop\",status=\"done\"} 1\n"))
        #expect(page.body.contains("tieout_source_failures{company=\"acme\",source=\"shop\"} 0\n"))
        #expect(desk.reply(to: "/books").status == 404)
        scene.now = scene.now + 120_000
        #expect(desk.reply(to: "/ready").body == "the scheduler does not run\n")
        desk.drain()
        desk.tick()
        #expect(desk.reply(to: "/ready").status == 503)
    }

    @Test func `After three failures somebody is told the cause and the command that mends it`() throws {
        let scene = try SyncScene()
        scene.add(3)
        let desk = try desk(scene)
        // Revoked: the token that we have is worth nothing.
        scene.state.withLock { $0.refreshToken = 7 }
        for round in 1...3 {
            desk.tick()
            #expect(try exceptions(scene).count == (round == 3 ? 1 : 0))
            scene.now = scene.now + 30 * 60_000
        }
        let told = try #require(try exceptions(scene).first)
        #expect(told.hasPrefix("SYNC-FAILED: shop could not be read 3 times in a row"))
        #expect(told.contains("does not accept the credentials"))
        #expect(told.hasSuffix("Then: tieout source authorise shop"))
        let listed = try scene.workplace().listSources()
        #expect(listed.json[0]?["health"]?.scalar == "failing")
        #expect(listed.json[0]?["next_run"]?.scalar != nil)
        // It mends itself once the token is good again.
        scene.state.withLock { $0.refreshToken = 0 }
        desk.tick()
        #expect(try exceptions(scene) == [])
        #expect(try scene.workplace().listSources().json[0]?["health"]?.scalar == "healthy")
    }

    @Test func `What fails before the first request counts too`() throws {
        let scene = try SyncScene()
        let desk = try desk(scene)
        _ = try scene.folder.write("mapping: 1\nname: broken\n", to: "shop.yaml")
        for _ in 1...3 {
            desk.tick()
            scene.now = scene.now + 30 * 60_000
        }
        #expect(try exceptions(scene).count == 1)
        #expect(
            desk.reply(to: "/metrics").body.contains("tieout_source_failures{company=\"acme\",source=\"shop\"} 3\n"))
    }

    @Test func `A run that is told to end comes to its commit, and begins no further stream`() throws {
        guard let scene = try SystemScene("business-central") else { return }
        try scene.open(25)
        var surroundings = scene.surroundings
        let (brake, exchange) = (surroundings.brake, surroundings.exchange)
        surroundings.exchange = { source in
            let send = try exchange(source)
            return { request in
                if request.url.contains("/salesInvoices") { brake.pull() }
                return try send(request)
            }
        }
        let word = try scene.workplace().syncUnattended("book", surroundings)
        #expect(word == "stopped")
        // The stream that ran when it was told stands in the books, with its cursor; the next one was not asked for.
        #expect(try scene.listed() == scene.truth)
        let asked = try scene.server.seen().asked
        #expect(asked.last?.hasSuffix("/salesInvoices") == true, "\(asked)")
        let streams = try scene.workplace().listSources().json[0]?["streams"]?.items ?? []
        #expect(streams.contains { $0["stream"]?.scalar == "invoices" && $0["cursor"] != nil }, "\(streams)")
        // What was left out is made up for by a whole run, from the cursors on.
        try scene.order()
        #expect(try scene.workplace().syncUnattended("book", scene.surroundings) == "read")
        let sinces = try scene.server.seen().since
        #expect(sinces.contains { $0 != nil } && sinces.count > 1, "\(sinces)")
    }

    @Test func `A run that is cut off lands nothing of its stream, is no failure, and is made up for`() throws {
        let scene = try SyncScene()
        scene.add(20)
        let desk = try desk(scene)
        scene.state.withLock { state in
            state.meanwhile = { state, number in
                guard state.requests.count > 3 else { return }
                desk.drain()
                desk.cut()
            }
        }
        desk.tick()
        #expect(try scene.openAmounts() == [:])
        #expect(desk.isIdle)
        let page = desk.reply(to: "/metrics").body
        #expect(page.contains("tieout_sync_runs_total{company=\"acme\",source=\"shop\",status=\"stopped\"} 1\n"))
        #expect(page.contains("tieout_source_failures{company=\"acme\",source=\"shop\"} 0\n"))
        desk.tick()
        #expect(try scene.openAmounts() == [:])
        scene.state.withLock { $0.meanwhile = nil }
        // A new process: the run never got through, so it is due now and not at its next time.
        try self.desk(scene).tick()
        #expect(try scene.openAmounts() == scene.truth)
    }

    @Test func `A source that another process is at is left to it, and that is no failure`() throws {
        let scene = try SyncScene()
        scene.add(3)
        let desk = try desk(scene)
        try SourceLock(database: scene.folder.path("books.db"), source: "acme-shop").hold {
            desk.tick()
            #expect(requests(scene) == 0)
        }
        #expect(desk.isIdle)
        #expect(
            desk.reply(to: "/metrics").body.contains("tieout_source_failures{company=\"acme\",source=\"shop\"} 0\n"))
        scene.now = scene.now + 30 * 60_000
        desk.tick()
        #expect(try scene.openAmounts() == scene.truth)
    }

    @Test func `A schedule that is none, and a configuration without one, are refused at once`() throws {
        let scene = try SyncScene()
        #expect(throws: Failure.self) {
            try ServiceDesk(
                scene.request, environment: scene.environment, surroundings: scene.surroundings(), launch: { $0() })
        }
        _ = try scene.folder.write(
            "companies: [{ id: acme, sources: [{ id: shop, mapping: shop.yaml, schedule: now }] }]", to: "tieout.yaml")
        #expect(throws: Failure.self) { try scene.workplace() }
    }
}
