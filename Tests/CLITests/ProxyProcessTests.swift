// SPDX-License-Identifier: Apache-2.0

import Foundation
import Remote
import Testing
import TieoutTesting

/// The real program behind a proxy that the environment or the configuration names.
@Suite("Pulling through a proxy")
struct ProxyProcessTests {
    /// `Tests/Fixtures/Remote/proxy.py` in a process that ends with this value.
    private final class Proxy: Sendable {
        let port: Int
        private let process = Process()
        /// The server ends with it.
        private let input = Pipe()

        init?(_ words: [String] = []) throws {
            guard FileManager.default.isExecutableFile(atPath: "/usr/bin/python3") else { return nil }
            let pipe = Pipe()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
            process.arguments = [Repository.fixture("Remote/proxy.py").path] + words
            process.standardInput = input
            process.standardOutput = pipe
            process.standardError = FileHandle.nullDevice
            try process.run()
            let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
            guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else { return nil }
            self.port = port
        }

        deinit {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }

        var seen: String {
            get throws {
                let response = try HTTPClient().send(HTTPRequest(url: "http://127.0.0.1:\(port)/seen"))
                return String(decoding: response.body, as: UTF8.self)
            }
        }
    }

    private func company(_ server: ReplayServer, _ more: String = "") throws -> ScratchFolder {
        let folder = try ScratchFolder("proxy")
        _ = try folder.write(
            """
            companies:
              - id: acme
                home_currency: EUR
                sources:
                  - { id: book, mapping: \(server.system), config: \(server.configuration)\(more) }
            """, to: "tieout.yaml")
        try server.order(
            ReplayServer.Order([
                ReplayServer.Bill(
                    id: 1, customer: "C1", day: 1_767_312_000_000, changed: 1_767_312_000_000, total: 1000, open: 1000)
            ]))
        return folder
    }

    private func sync(_ folder: ScratchFolder, _ variables: [String: String]) throws -> Ended {
        let all = ReplayServer.secrets.merging(["no_proxy": "", "NO_PROXY": ""]) { $1 }.merging(variables) { $1 }
        return try Program.run(["sync", "--json"], in: folder.url, environment: all)
    }

    @Test func `The one of the environment is used, and its password is in no line and no book`() throws {
        guard let server = try ReplayServer("stripe"), let proxy = try Proxy(["me:pa55word"]) else { return }
        let folder = try company(server)
        let wrong = try sync(folder, ["http_proxy": "http://me:wrong-pa55word@127.0.0.1:\(proxy.port)"])
        #expect(wrong.status == 1 && wrong.out.contains("NET-PROXY"), Comment(rawValue: wrong.words))
        let right = try sync(folder, ["http_proxy": "http://me:pa55word@127.0.0.1:\(proxy.port)"])
        #expect(right.status == 0, Comment(rawValue: right.words))
        #expect(try proxy.seen.contains("/v1/invoices"))
        let listed = try Program.run(["list", "invoices", "--open"], in: folder.url)
        #expect(listed.lines.count == 1, Comment(rawValue: listed.words))
        let runs = try Program.run(["source", "list", "--json"], in: folder.url, environment: ReplayServer.secrets)
        let said = [wrong, right, listed, runs].map { $0.out + $0.err }.joined()
        #expect(!said.contains("pa55word"))
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) {
            let bytes = FileManager.default.contents(atPath: folder.path(name)) ?? Data()
            #expect(bytes.range(of: Data("pa55word".utf8)) == nil, Comment(rawValue: name))
        }
    }

    @Test func `The one of the configuration is used, and a password does not stand there`() throws {
        guard let server = try ReplayServer("stripe"), let proxy = try Proxy() else { return }
        let folder = try company(server, ", proxy: 'http://127.0.0.1:\(proxy.port)'")
        let ended = try sync(folder, [:])
        #expect(ended.status == 0, Comment(rawValue: ended.words))
        #expect(try proxy.seen.contains("/v1/invoices"))
        let other = try company(server, ", proxy: 'http://me:pa55word@127.0.0.1:\(proxy.port)'")
        let refused = try sync(other, [:])
        #expect(
            refused.status != 0 && !(refused.out + refused.err).contains("pa55word"), Comment(rawValue: refused.words))
        #expect((refused.out + refused.err).contains("HTTPS_PROXY"), Comment(rawValue: refused.words))
    }
}
