// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

/// The real program against a system that sends too much, in a process whose peak is measured; and killed while it pulls.
@Suite("Pulling is bounded in memory and safe to kill", .serialized)
struct SystemBoundTests {
    private static let peakMegabytes = 400

    private func company(_ server: ReplayServer) throws -> ScratchFolder {
        let folder = try ScratchFolder("pull")
        _ = try folder.write(
            """
            companies:
              - id: acme
                home_currency: EUR
                authority: source
                sources:
                  - { id: book, mapping: \(server.system), config: \(server.configuration) }
            """, to: "tieout.yaml")
        return folder
    }

    private func bills(_ count: Int) -> [ReplayServer.Bill] {
        (1...count).map {
            ReplayServer.Bill(
                id: $0, customer: "C\($0 % 7)", day: 1_767_312_000_000, changed: 1_767_312_000_000 + Int64($0) * 1000,
                total: 1000 + $0, open: 1000 + $0)
        }
    }

    @Test(
        "Two gigabytes, packed or not, and twenty million values end in a fault",
        arguments: [
            ("huge", "NET-SIZE"), ("endless", "NET-SIZE"), ("bomb", "NET-SIZE"), ("wide", "PULL-FORM"),
            ("deep", "PULL-FORM"),
        ])
    func bounded(_ kind: String, _ code: String) throws {
        guard let server = try ReplayServer("stripe") else { return }
        let folder = try company(server)
        var order = ReplayServer.Order(bills(25))
        order.lasting = kind
        try server.order(order)
        let program = try #require(Program.path)
        // A child of the test runner would start with the runner's own peak.
        let script = """
            import os, subprocess, sys
            process = subprocess.Popen(sys.argv[1:], stdout=sys.stdout)
            _, status, usage = os.wait4(process.pid, 0)
            print('PEAK', os.waitstatus_to_exitcode(status), usage.ru_maxrss // 1024, file=sys.stderr)
            """
        let ended = try Program.run(
            ["-c", script, program, "sync", "--json"], in: folder.url, environment: ReplayServer.secrets,
            program: "/usr/bin/python3")
        #expect(ended.out.contains("\"code\":\"\(code)\""), Comment(rawValue: ended.words))
        #expect(!(ended.out + ended.err).contains("secret"), Comment(rawValue: ended.words))
        let words = ended.err.split(separator: "\n").first { $0.hasPrefix("PEAK") }?.split(separator: " ") ?? []
        try #require(words.count == 3, Comment(rawValue: ended.words))
        #expect(words[1] == "1", Comment(rawValue: ended.words))
        let peak = try #require(Int(words[2]))
        print("hostile system \(kind): peak \(peak) MB")
        #expect(peak < Self.peakMegabytes)
    }

    @Test("Killed at any moment and run again, the books are those of a calm run")
    func killed() throws {
        guard let server = try ReplayServer("xero"), let calm = try ReplayServer("xero") else { return }
        var order = ReplayServer.Order(bills(400))
        order.size = 20
        for one in [server, calm] { try one.order(order) }
        let (folder, other) = (try company(server), try company(calm))
        func sync(_ folder: ScratchFolder) throws -> Running {
            try Program.start(["sync"], in: folder.url, environment: ReplayServer.secrets)
        }
        let start = Kill.now
        let first = try sync(other).wait()
        #expect(first.status == 0, Comment(rawValue: first.words))
        let usual = Kill.now - start
        var generator = SplitMix64(seed: 5)
        for _ in 0..<Effort.repeats(12, long: 100) {
            let running = try sync(folder)
            Kill.sleep(usual * Double(generator.int(in: 0...1100)) / 1000)
            running.send(9)
            _ = running.wait()
        }
        let last = try sync(folder).wait()
        #expect(last.status == 0, Comment(rawValue: last.words))
        // What was read of the system lies in no file that a killed process left.
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter {
            $0.hasPrefix(".pull-") || $0.hasPrefix(".staging-")
        }
        #expect(left == [])
        func listed(_ folder: ScratchFolder) throws -> [Substring] {
            try Program.run(["list", "invoices", "--open"], in: folder.url).lines
        }
        #expect(try listed(folder) == listed(other))
        #expect(try listed(folder).count == 400)
        let proof = try Program.run(["verify"], in: folder.url)
        #expect(proof.status == 0, Comment(rawValue: proof.words))
        #expect(try server.seen().wrong == [])
    }
}
