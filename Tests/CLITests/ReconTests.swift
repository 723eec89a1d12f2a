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
        "Precision is at least 99.8 %, correct straight-through at least 50 %, by the shared scorer",
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
        #expect(total.precision >= 0.998)
        #expect(total.straightThrough >= 0.5)
        #expect(total.unknown == 0)
    }
}
