// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Remote
import Store
import Synchronization
import Testing
import TieoutTesting
import Trees

struct SyncTests {
    @Test func `A first sync brings everything, the next only what changed`() throws {
        let scene = try SyncScene()
        scene.add(23)
        scene.now = scene.now + 3_600_000
        scene.add(1)
        let first = try scene.sync()
        #expect(!first.failed, "\(first.text)")
        #expect(try scene.openAmounts() == scene.truth)
        #expect(first.json["sources"]?[0]?["streams"]?[0]?["documents"]?["invoices"]?["new"]?.scalar == "24")
        scene.now = scene.now + 3_600_000
        scene.change { state in
            SyncScene.pay(4, 1500, &state)
            SyncScene.pay(9, 999_999, &state)
            SyncScene.add(2, &state)
        }
        let before = scene.state.withLock { $0.requests.count }
        let second = try scene.sync()
        let counts = second.json["sources"]?[0]?["streams"]?[0]?["documents"]?["invoices"]
        #expect(counts?["new"]?.scalar == "2")
        #expect(counts?["changed"]?.scalar == "2")
        #expect(try scene.openAmounts() == scene.truth)
        #expect(scene.state.withLock { $0.requests.count } - before <= 3)
    }

    @Test func `A sync without news changes nothing and still says that it looked`() throws {
        let scene = try SyncScene()
        scene.add(3)
        try scene.sync()
        scene.now = scene.now + 2 * 86_400_000
        let again = try scene.sync()
        #expect(!again.failed)
        let sources = try scene.workplace().listSources()
        #expect(sources.json[0]?["covered_on"]?.scalar == "2026-08-12")
        #expect(sources.json[0]?["last_status"]?.scalar == "done")
        #expect(sources.text.contains("shop: pulled with shop.yaml, read through 2026-08-12"))
    }

    @Test func `A dry run shows what would change and moves nothing, but keeps the new token`() throws {
        let scene = try SyncScene()
        scene.add(5)
        let dry = try scene.sync(dryRun: true)
        #expect(dry.json["sources"]?[0]?["streams"]?[0]?["documents"]?["invoices"]?["new"]?.scalar == "5")
        #expect(try scene.openAmounts() == [:])
        let real = try scene.sync()
        #expect(!real.failed, "\(real.text)")
        #expect(try scene.openAmounts() == scene.truth)
        #expect(scene.state.withLock { $0.refreshToken } == 1)
    }

    @Test func `A page that fails lands nothing and the next run begins at the same place`() throws {
        let scene = try SyncScene()
        scene.add(30)
        for request in [2, 3, 4] {
            let number = scene.state.withLock { $0.requests.count } + request
            scene.state.withLock { $0.trouble[number] = { HTTPResponse(status: 403) } }
            #expect(try scene.sync().failed == true)
            #expect(try scene.openAmounts() == [:])
        }
        #expect(try !scene.sync().failed)
        #expect(try scene.openAmounts() == scene.truth)
    }

    @Test func `Three failures in a row become an exception that goes away by itself`() throws {
        let scene = try SyncScene()
        scene.add(3)
        func exceptions() throws -> [String] {
            var kinds: [String] = []
            try scene.workplace().list(.exceptions, openOnly: true, customer: nil) {
                kinds.append($0["kind"]?.scalar ?? "")
            }
            return kinds
        }
        for round in 1...3 {
            let number = scene.state.withLock { $0.requests.count }
            scene.state.withLock { $0.trouble[number] = { HTTPResponse(status: 403) } }
            _ = try scene.sync()
            #expect(try exceptions() == (round == 3 ? ["SYNC-FAILED"] : []))
        }
        #expect(try scene.workplace().listSources().text.contains("never read"))
        #expect(try !scene.sync().failed)
        #expect(try exceptions() == [])
    }

    @Test func `Waits, refused tokens, cut and wrong answers in the middle are got over`() throws {
        let scene = try SyncScene()
        scene.add(40)
        scene.state.withLock { state in
            state.trouble[1] = { HTTPResponse(status: 429, headers: [("Retry-After", "9")]) }
            state.trouble[3] = { throw HTTPFailure("NET-CUT", isPassing: true, "the connection broke") }
            state.trouble[5] = { HTTPResponse(status: 401) }
            state.trouble[8] = { HTTPResponse(status: 200, body: Array(#"{"items": [{"id": 1"#.utf8)) }
            state.trouble[10] = { HTTPResponse(status: 503) }
        }
        let answer = try scene.sync()
        #expect(!answer.failed, "\(answer.text)")
        #expect(try scene.openAmounts() == scene.truth)
        #expect(scene.state.withLock { $0.slept.contains(9000) && $0.refreshToken == 2 })
    }

    @Test func `Tokens are stored sealed, and a new secret replaces them`() throws {
        let scene = try SyncScene()
        scene.add(1)
        try scene.sync()
        for name in Repository.files(under: scene.folder.url)
        where name.hasPrefix("books.db") && !name.hasSuffix(".key") {
            let bytes = try Data(contentsOf: scene.folder.url.appending(path: name))
            for secret in ["RT-1", "AT-1", "very-secret"] {
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name) holds \(secret)")
            }
        }
        // Revoked, then authorised anew.
        scene.state.withLock {
            $0.refreshToken = 50
            $0.accessToken = 50
        }
        let refused = try scene.sync()
        #expect(refused.failed)
        #expect(refused.text.contains("PULL-AUTH"))
        #expect(!refused.text.contains("RT-1"))
        var secrets = SyncScene.secrets
        secrets["TIEOUT_SECRET_SHOP_REFRESH_TOKEN"] = "RT-50"
        #expect(try !scene.sync(secrets).failed)
    }

    @Test func `A changed mapping reads everything again`() throws {
        let scene = try SyncScene()
        scene.change { state in
            SyncScene.add(4, &state)
            state.bills[2].status = "on_hold"
        }
        let first = try scene.sync()
        #expect(first.needsReview)
        #expect(
            first.text.contains("1 records") || first.json["sources"]?[0]?["streams"]?[0]?["left_out"]?.scalar == "1")
        #expect(try scene.openAmounts().count == 3)
        // Its cursor passes the record that was left out…
        scene.now = scene.now + 3_600_000
        scene.add(1)
        try scene.sync()
        #expect(try !scene.sync().needsReview)
        // …and comes back to it once the mapping knows better.
        _ = try scene.folder.write(
            SyncScene.mapping.replacing("paid: paid }", with: "paid: paid, on_hold: open }"), to: "shop.yaml")
        #expect(try !scene.sync().failed)
        #expect(try scene.openAmounts() == scene.truth)
    }

    @Test func `Missing secrets and values are named`() throws {
        let scene = try SyncScene()
        let answer = try scene.sync([:])
        #expect(answer.failed)
        #expect(answer.text.contains("client_id"))
        #expect(throws: Failure.self) {
            var options = Workplace.SyncOptions()
            options.sources = ["other"]
            _ = try scene.workplace().sync(options, scene.surroundings())
        }
    }

    /// The ledger after any history of changes, troubles and aborted runs is that of an undisturbed one.
    @Test(arguments: Array(1...Effort.repeats(12, long: 200)))
    func `No record is lost, whatever happens and whenever a run is stopped`(seed: Int) throws {
        let scene = try SyncScene()
        var chance = SplitMix64(seed: UInt64(seed))
        scene.add(chance.int(in: 0...40))
        for _ in 0..<chance.int(in: 3...9) {
            for _ in 0..<chance.int(in: 0...4) {
                let (what, index, cents) = (chance.int(in: 0...2), chance.int(in: 0...60), chance.int(in: 1...30_000))
                scene.change { state in
                    if what == 0 { SyncScene.add(3, &state) } else { SyncScene.pay(index, cents, &state) }
                }
            }
            let stop = chance.int(in: 0...25)
            let kind = chance.int(in: 0...5)
            // Bills are written and paid while they are read.
            let busy = chance.int(in: 0...2) == 0
            let seed = chance.next()
            scene.state.withLock { state in
                let number = state.requests.count + stop
                switch kind {
                case 0: state.trouble[number] = { throw HTTPFailure("NET-CANCELLED", isPassing: false, "killed") }
                case 1: state.trouble[number] = { HTTPResponse(status: 401) }
                case 2: state.trouble[number] = { HTTPResponse(status: 500) }
                case 3: state.trouble[number] = { throw HTTPFailure("NET-CUT", isPassing: true, "cut") }
                default: break
                }
                guard busy else { return }
                state.meanwhile = { state, number in
                    var chance = SplitMix64(seed: seed &+ UInt64(number))
                    guard chance.int(in: 0...3) == 0 else { return }
                    if chance.int(in: 0...2) == 0 {
                        SyncScene.add(1, &state)
                    } else {
                        SyncScene.pay(chance.int(in: 0...60), 777, &state)
                    }
                }
            }
            _ = try scene.sync()
            scene.state.withLock {
                $0.meanwhile = nil
                $0.trouble = [:]
            }
            scene.now = scene.now + Int64(chance.int(in: 0...86_400_000))
        }
        let last = try scene.sync()
        #expect(!last.failed, "seed \(seed): \(last.text)")
        #expect(try scene.openAmounts() == scene.truth, "seed \(seed)")
    }
}
