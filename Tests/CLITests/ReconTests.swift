// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

@Suite("The reconciliation workload, imported and reconciled by the command line")
struct ReconTests {
    private struct Score: Decodable {
        struct Total: Decodable {
            var payments: Int
            var precision: Double
            var straightThrough: Double
            var wrong: Int
            var unknown: Int

            enum CodingKeys: String, CodingKey {
                case payments, precision
                case straightThrough = "stp_correct"
                case wrong = "wrong_auto"
                case unknown = "unknown_payment_rows"
            }
        }
        var total: Total
    }

    @Test(
        "Precision is at least 99.9 %, correct straight-through at least 88 %, by the shared scorer and by our own",
        arguments: ["d2k", "d20k"])
    func score(workload: String) throws {
        guard let folder = Repository.shared("recon/\(workload)"),
            FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")
        else { return }
        let binary = try #require(Program.path, "there is no executable beside the test bundle")
        let desk = try Desk("recon")
        let start = Kill.now
        let ended = try Program.run(
            [Repository.url("scripts/recon/score.sh").path, folder.path, binary, desk.folder.path],
            in: desk.folder, environment: ["TIEOUT_SHARE": Repository.root.path], program: "/bin/bash")
        #expect(ended.status == 0, "\(ended.words)")
        guard let data = FileManager.default.contents(atPath: desk.folder.appending(path: "score.json").path) else {
            return
        }
        let total = try JSONDecoder().decode(Score.self, from: data).total
        func percent(_ value: Double) -> String { String(format: "%.3f %%", value * 100) }
        print(
            "\(workload): precision \(percent(total.precision)) (\(total.wrong) wrong of \(total.payments) payments), "
                + "correct straight-through \(percent(total.straightThrough)), \(Int(Kill.now - start)) s")
        for line in ended.lines where line.hasPrefix("time ") { print("\(workload): \(line)") }
        #expect(total.precision >= (workload == "d2k" ? 0.9995 : 0.999))
        #expect(total.straightThrough >= (workload == "d2k" ? 0.94 : 0.88))
        #expect(total.unknown == 0)
        try agrees(workload: folder, desk, binary)
        try saysNothingNew(workload: folder, desk, binary)
    }

    /// What was learned and settled in a run was used in it: the next one books nothing and proposes the same.
    private func saysNothingNew(workload: URL, _ desk: Desk, _ binary: String) throws {
        // What is decided, not in which order the equal alternatives of a proposal stand.
        func decided(_ url: URL) throws -> Set<String> {
            let text = try String(contentsOf: url, encoding: .utf8)
            return Set(
                text.split(separator: "\n").map {
                    $0.split(separator: ",", omittingEmptySubsequences: false).prefix(5).joined(separator: ",")
                })
        }
        let first = try decided(desk.folder.appending(path: "allocations.csv"))
        let payments = try String(contentsOf: workload.appending(path: "payments.csv"), encoding: .utf8)
        let last = try #require(payments.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[1] }.max())
        let again = desk.folder.appending(path: "again.csv")
        let ended = try Program.run(
            [
                "reconcile", "--json", "--db", desk.folder.appending(path: "tieout.db").path, "--config",
                Repository.url("Tests/Fixtures/Recon/tieout.yaml").path, "--allocations", again.path,
            ], in: desk.folder,
            environment: ["TIEOUT_SHARE": Repository.root.path, "TIEOUT_NOW": "\(last)T20:00:00Z"], program: binary)
        #expect(ended.out.contains("\"auto\":0,"), "\(ended.out.prefix(200))\(ended.err.suffix(400))")
        #expect(try decided(again) == first)
    }

    /// `tieout evaluate` reads the ledger and comes to the shared scorer's figures.
    private func agrees(workload: URL, _ desk: Desk, _ binary: String) throws {
        let config = Repository.url("Tests/Fixtures/Recon/tieout.yaml").path
        let ended = try Program.run(
            [
                "evaluate", "--json", "--db", desk.folder.appending(path: "tieout.db").path, "--config", config,
                "--truth", workload.appending(path: "truth.csv").path,
            ], in: desk.folder, environment: ["TIEOUT_SHARE": Repository.root.path], program: binary)
        #expect(ended.status == 0, "\(ended.words)")
        let scored = try #require(
            FileManager.default.contents(atPath: desk.folder.appending(path: "score.json").path))
        let theirs = try JSONDecoder().decode(Totals.self, from: scored)
        let ours = try JSONDecoder().decode(Totals.self, from: Data(ended.lines.joined(separator: "\n").utf8))
        for (name, value) in theirs.total {
            guard let own = ours.total[name] else {
                #expect(name == "unknown_payment_rows", "no figure \(name)")
                continue
            }
            #expect(abs(own - value) <= 0.000_011 * max(1, abs(value)), "\(name): \(own), the scorer says \(value)")
        }
        let adjusted = try #require(ours.total["adjustment_right"])
        #expect(adjusted >= 0.999)
    }

    private struct Totals: Decodable {
        var total: [String: Double]
    }
}
