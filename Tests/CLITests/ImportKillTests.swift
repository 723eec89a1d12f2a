// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

@Suite("An import that is killed leaves everything or nothing", .serialized)
struct ImportKillTests {
    private static let now = "2026-09-30T08:00:00Z"
    private static let kills = Effort.repeats(100, long: 300)
    private static let rows = Effort.repeats(4_000, long: 20_000)
    private static let baseRows = 50

    /// An invoices file of our own format; numbers start behind `first`.
    private static func invoices(_ count: Int, first: Int) -> String {
        var text = "number,kind,customer_id,customer_name,currency,issued_on,due_on,total\n"
        for index in first..<first + count {
            let day = 10 + index % 18
            text += "K-\(index),invoice,C\(index % 200),Customer \(index % 200) B.V.,EUR,2026-08-\(day),2026-09-\(day),"
            text += "\(10 + index % 900).\(10 + index % 90)\n"
        }
        return text
    }

    private static func makeDesk() throws -> Desk {
        let desk = try Desk("import-kill")
        try desk.write(invoices(baseRows, first: 0), to: "base.csv")
        try desk.write(invoices(rows, first: baseRows), to: "big.csv")
        try desk.must(["import", "base.csv"], at: now)
        return desk
    }

    /// The database and everything beside it that its name begins.
    private static func files(_ desk: Desk) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: desk.folder.path).filter { $0.hasPrefix("tieout.db") }
    }

    private static func keep(_ desk: Desk) throws {
        let manager = FileManager.default
        let kept = desk.folder.appending(path: "kept")
        try manager.createDirectory(at: kept, withIntermediateDirectories: true)
        for name in try files(desk) {
            try manager.copyItem(at: desk.folder.appending(path: name), to: kept.appending(path: name))
        }
    }

    private static func restore(_ desk: Desk) throws {
        let manager = FileManager.default
        for name in try files(desk) { try manager.removeItem(at: desk.folder.appending(path: name)) }
        let kept = desk.folder.appending(path: "kept")
        for name in try manager.contentsOfDirectory(atPath: kept.path) {
            try manager.copyItem(at: kept.appending(path: name), to: desk.folder.appending(path: name))
        }
    }

    /// What the books hold, in a form that can be compared: the dump, or the listings where there is no shell.
    private static func state(_ desk: Desk) throws -> String {
        if let dump = try desk.dump() { return dump }
        return try ["imports", "invoices", "items"].map { try desk.must(["list", $0], at: now).out }.joined()
    }

    @Test("Killed at random moments, with verify clean and the same books after importing again")
    func killed() throws {
        let calm = try Self.makeDesk()
        let (ended, course) = Kill.watch(try calm.start(["import", "big.csv"], at: Self.now))
        #expect(ended.status == 0, "\(ended.words)")
        let reference = try Self.state(calm)

        let desk = try Self.makeDesk()
        try Self.keep(desk)
        var generator = SplitMix64(seed: 20_260_930)
        var tally = Kill.Tally("tieout import (\(Self.rows) rows)")
        for index in 0..<Self.kills {
            let process = try desk.start(["import", "big.csv"], at: Self.now)
            let sight = Kill.strike(process, Kill.aim(index), course, &generator)
            let verified = try desk.run(["verify"], at: Self.now)
            #expect(verified.status == 0, "kill \(index): verify \(verified.words)")
            let imports = try desk.list(["imports"], at: Self.now).count
            let items = try desk.must(["list", "items"], at: Self.now).lines.count
            let landed = imports == 2
            #expect(
                items == Self.baseRows + (landed ? Self.rows : 0),
                "kill \(index): \(imports) imports and \(items) items; it is neither all nor nothing")
            tally.add(Kill.fell(sight, landed: landed))
            if !sight.hadEnded, sight.ended.out.contains("invoices:") {
                #expect(landed, "kill \(index): said, not done")
            }
            guard landed || index % 10 == 9 else { continue }
            let again = try desk.json(["import", "big.csv"], at: Self.now)["files"].items.first ?? .null
            #expect(again["already_imported"].isTrue == landed, "kill \(index): \(again)")
            if try Self.state(desk) != reference {
                Issue.record("kill \(index): after importing again the books differ from those nobody disturbed")
            }
            try Self.restore(desk)
        }
        let litter = try FileManager.default.contentsOfDirectory(atPath: desk.folder.path).filter { $0.hasPrefix(".") }
        try desk.must(["import", "big.csv"], at: Self.now)
        let left = try FileManager.default.contentsOfDirectory(atPath: desk.folder.path).filter { $0.hasPrefix(".") }
        print("\(tally); \(litter.count) staging files were left by them, \(left.count) after the next import")
        #expect(left.isEmpty, "\(left.count) staging files of dead imports stay")
        #expect(tally.inside >= Self.kills * 3 / 10, "too few kills fell inside: \(tally)")
    }
}
