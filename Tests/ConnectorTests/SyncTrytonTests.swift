// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Testing
import TieoutTesting
import Trees

/// Against a Tryton that runs: `Tests/Integration/tryton.py start FOLDER PORT`, then its address in `TIEOUT_TRYTON`.
struct SyncTrytonTests {
    @Test func `What is open here is what Tryton itself says is open, before and after changes`() throws {
        guard let address = ProcessInfo.processInfo.environment["TIEOUT_TRYTON"] else {
            print("skipped: TIEOUT_TRYTON is not set; see Tests/Integration/tryton.py")
            return
        }
        let folder = try ScratchFolder("tryton")
        _ = try folder.write(
            """
            companies:
              - id: acme
                home_currency: EUR
                authority: source
                sources:
                  - { id: tryton, mapping: tryton, config: { base: "\(address)", user: admin } }
            """, to: "tieout.yaml")
        var request = Workplace.Request()
        request.configuration = folder.path("tieout.yaml")
        request.database = folder.path("books.db")
        var environment = Environment.live()
        environment.share = Repository.root.path
        var surroundings = SyncSurroundings.live()
        surroundings.variables["TIEOUT_SECRET_TRYTON_PASSWORD"] = "admin"
        for round in 0..<3 {
            if round > 0 { _ = try script(["change", address, String(round)]) }
            let workplace = try Workplace.open(request, environment: environment)
            let answer = try workplace.sync(Workplace.SyncOptions(), surroundings)
            #expect(!answer.failed && !answer.needsReview, "\(answer.text)")
            var ours: [String] = []
            try workplace.list(.invoices, openOnly: true, customer: nil) { node in
                ours.append("\(node["number"]?.scalar ?? "?") \(node["open"]?.scalar ?? "?")")
            }
            let theirs = try script(["truth", address]).split(separator: "\n").map(String.init)
            #expect(ours.sorted() == theirs.sorted())
        }
    }

    private func script(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", Repository.url("Tests/Integration/tryton.py").path] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }
}
