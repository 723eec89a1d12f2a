// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Remote
import Testing
import TieoutTesting

@Suite("`tieout source add` and `authorise`, with the browser played by the test", .serialized)
struct AuthoriseProcessTests {
    private struct Scene {
        let desk: Desk
        let server: ReplayServer
        let client: HTTPClient

        init?() throws {
            guard let server = try ReplayServer("exact-online") else { return nil }
            self.server = server
            client = try HTTPClient()
            desk = try Desk("authorise")
            try desk.write("companies:\n  - id: acme\n    home_currency: EUR\n", to: "tieout.yaml")
            try server.order(
                ReplayServer.Order(
                    (1...12).map { id in
                        ReplayServer.Bill(
                            id: id, customer: "C\(id % 3)", day: 1_767_312_000_000,
                            changed: 1_767_312_000_000 + Int64(id) * 3_600_000, total: 100_000 + id, open: 100_000 + id)
                    }))
        }

        /// Without a refresh token: that is what the permission brings.
        func start(_ arguments: [String], secrets: Bool = true) throws -> Running {
            var variables = secrets ? ReplayServer.secrets : [:]
            variables["TIEOUT_SECRET_BOOK_REFRESH_TOKEN"] = nil
            variables["TIEOUT_SHARE"] = Repository.root.path
            return try Program.start(arguments, in: desk.folder, environment: variables)
        }

        func add(_ options: [String], secrets: Bool = true) throws -> Running {
            try start(
                [
                    "source", "add", "exact-online", "--id", "book", "--set", "base=\(server.origin)", "--set",
                    "division=7",
                ]
                    + options, secrets: secrets)
        }

        /// The address that a person is asked to open.
        func address(_ process: Running) throws -> String {
            let found = process.said { _, err in
                err.split(separator: "\n").first {
                    $0.hasPrefix("http://127.0.0.1:\(server.port)/") && err.hasSuffix("\n")
                }
            }
            guard let found else { throw Desk.Unexpected(description: process.wait().words) }
            return String(found)
        }

        func get(_ url: String) throws -> HTTPResponse { try client.send(HTTPRequest(url: url)) }

        /// Allows it, and returns where the system sends the browser.
        func allow(_ url: String) throws -> String {
            let answer = try get(url)
            let location = answer.headers.first { $0.name.lowercased() == "location" }?.value
            return try #require(location, "status \(answer.status)")
        }
    }

    @Test("A system is added, allowed in the browser, tried and pulled, and no secret is shown or written")
    func wholeWay() throws {
        guard let scene = try Scene() else { return }
        let process = try scene.add(["--redirect", "http://127.0.0.1:0/"])
        let url = try scene.address(process)
        let back = try scene.allow(url)
        let home = String(back.prefix { $0 != "?" })
        // What any page in the browser could send is turned away, and the wait goes on.
        #expect(try scene.get(home + "?code=stolen&state=forged").status == 400)
        #expect(try scene.get(home + "favicon.ico").status == 404)
        let page = try scene.get(back)
        #expect(page.status == 200 && String(decoding: page.body, as: UTF8.self).contains("go back to the terminal"))
        let ended = process.wait()
        #expect(ended.status == 0, "\(ended.words)")
        #expect(
            ended.out.contains("book is authorised") && ended.out.contains("\"number\":\"2600001\""), "\(ended.words)")
        // What is set is not asked for.
        #expect(ended.out.contains("book is in ") && !ended.out.contains("Set TIEOUT_SECRET"), "\(ended.words)")
        let configuration = try String(contentsOf: scene.desk.folder.appending(path: "tieout.yaml"), encoding: .utf8)
        for text in [ended.out, ended.err, configuration] {
            #expect(!text.contains("very-secret") && !text.contains("RT-") && !text.contains("AT-"))
        }
        // The trial landed nothing; the tokens did, so that the next command needs no person.
        #expect(try scene.start(["list", "invoices"]).wait().lines == [])
        let listed = try scene.start(["source", "list"]).wait().out
        #expect(listed.components(separatedBy: "never read").count == 2, "\(listed)")
        let synced = try scene.start(["sync"]).wait()
        #expect(synced.status == 0, "\(synced.words)")
        #expect(try scene.start(["list", "invoices", "--open"]).wait().lines.count == 12)
        #expect(try scene.server.seen().wrong == [])
    }

    @Test("Where its secrets are not set, a system is written and what to set is said")
    func later() throws {
        guard let scene = try Scene() else { return }
        let added = try scene.add([], secrets: false).wait()
        #expect(added.status == 0 && added.out.contains("TIEOUT_SECRET_BOOK_CLIENT_ID"), "\(added.words)")
        #expect(added.out.contains("tieout source authorise book"))
        // Then it is authorised by itself, with the answer on one line of JSON.
        let process = try scene.start([
            "source", "authorise", "book", "--redirect", "http://127.0.0.1:0/back", "--json",
        ])
        let back = try scene.allow(scene.address(process))
        #expect(back.contains("/back?code="))
        #expect(try scene.get(back).status == 200)
        let ended = process.wait()
        #expect(ended.status == 0, "\(ended.words)")
        #expect(try JSONValue.read(ended.out)["authorised"].isTrue)
    }

    @Test("A refusal, a browser that never comes and an address that cannot be waited for end in words")
    func refused() throws {
        guard let scene = try Scene() else { return }
        #expect(try scene.add([], secrets: false).wait().status == 0)
        let authorise = ["source", "authorise", "book", "--redirect", "http://127.0.0.1:0/"]
        let denied = try scene.start(authorise)
        let url = try scene.address(denied)
        let parts = URLComponents(string: url)?.queryItems ?? []
        func part(_ name: String) throws -> String { try #require(parts.first { $0.name == name }?.value) }
        #expect(try scene.get("\(part("redirect_uri"))?error=access_denied&state=\(part("state"))").status == 200)
        let end = denied.wait()
        #expect(end.status == 1 && end.err.contains("access_denied") && end.err.contains("[AUTHORISE-DENIED]"))

        let late = try scene.start(authorise + ["--wait", "1"]).wait()
        #expect(late.status == 1 && late.err.contains("[AUTHORISE-WAIT]"), "\(late.words)")

        let far = try scene.start(["source", "authorise", "book", "--redirect", "https://acme.example/back"]).wait()
        #expect(far.status == 64 && far.err.contains("--paste"), "\(far.words)")

        let unset = try scene.start(authorise, secrets: false).wait()
        #expect(unset.status == 1 && unset.err.contains("TIEOUT_SECRET_BOOK_CLIENT_ID"), "\(unset.words)")
    }
}
