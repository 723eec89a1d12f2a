// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

@Suite("The same input gives the same bytes in every process")
struct RepeatTests {
    private struct Kept {
        var output: String
        var files: [String: Data]
        var dump: String?
    }

    /// Runs the demonstration in a folder that is always called the same, and takes everything away that it left.
    private static func demonstrate(_ desk: Desk) throws -> Kept {
        let folder = desk.folder.appending(path: "demo")
        try? FileManager.default.removeItem(at: folder)
        let ended = try Program.run(
            ["demo", "--folder", folder.path], in: desk.folder, environment: ["TIEOUT_SHARE": Repository.root.path])
        guard ended.status == 0 else { throw Desk.Unexpected(description: "tieout demo: \(ended.words)") }
        var files: [String: Data] = [:]
        var dump: String?
        for name in Repository.files(under: folder) {
            if name.contains(".db") {
                let shell = "/usr/bin/sqlite3"
                guard name.hasSuffix(".db"), FileManager.default.isExecutableFile(atPath: shell) else { continue }
                dump = try Program.run([folder.appending(path: name).path, ".dump"], in: folder, program: shell).out
                continue
            }
            files[name] = try Data(contentsOf: folder.appending(path: name))
        }
        return Kept(output: ended.out, files: files, dump: dump)
    }

    @Test("The demonstration, twice in fresh processes: what it prints, its reports and its database")
    func demoTwice() throws {
        let desk = try Desk("repeat")
        let first = try Self.demonstrate(desk)
        let second = try Self.demonstrate(desk)
        #expect(!first.output.isEmpty)
        #expect(first.files.keys.contains { $0.hasSuffix(".html") }, "the demonstration leaves no HTML report")
        let name = "the demonstration's output"
        if let difference = Golden.difference(second.output, expected: first.output, name: name) {
            Issue.record("\(difference)")
        }
        #expect(first.files.keys.sorted() == second.files.keys.sorted())
        for file in first.files.keys.sorted() where first.files[file] != second.files[file] {
            let texts = [first, second].map { String(decoding: $0.files[file] ?? Data(), as: UTF8.self) }
            Issue.record("\(Golden.difference(texts[1], expected: texts[0], name: file) ?? file)")
        }
        if let one = first.dump, let two = second.dump,
            let difference = Golden.difference(two, expected: one, name: "the database")
        {
            Issue.record("\(difference)")
        }
    }

    @Test("Verify is clean after the demonstration, and its story is a screenful")
    func demoVerifies() throws {
        let desk = try Desk("demo")
        let folder = desk.folder.appending(path: "demo")
        let start = Kill.now
        let ended = try Program.run(
            ["demo", "--folder", folder.path], in: desk.folder, environment: ["TIEOUT_SHARE": Repository.root.path])
        let seconds = Kill.now - start
        #expect(ended.status == 0, "\(ended.words)")
        print("tieout demo: \(Int(seconds * 1000)) ms, \(ended.lines.count) lines")
        #expect(ended.lines.count <= 80, "the story is \(ended.lines.count) lines, more than a screenful")
        let database = try #require(
            Repository.files(under: folder, ending: ".db").first { !$0.contains("staging") }, "there is no database")
        let verified = try Program.run(
            ["verify", "--db", folder.appending(path: database).path, "--company", "lumen"], in: desk.folder,
            environment: Desk.environment(at: "2026-10-02T09:00:00Z"))
        #expect(verified.status == 0, "\(verified.words)")
    }
}
