// SPDX-License-Identifier: Apache-2.0

import Foundation
import TieoutTesting

/// A folder with a database, and the program run in it with a stopped clock.
final class Desk: Sendable {
    let scratch: ScratchFolder
    let folder: URL

    struct Unexpected: Error, CustomStringConvertible {
        var description: String
    }

    init(_ name: String) throws {
        scratch = try ScratchFolder(name)
        folder = scratch.url.resolvingSymlinksInPath()
    }

    var database: String { folder.appending(path: "tieout.db").path }

    /// Copies a fixture folder's content into the desk.
    func copy(_ fixture: URL) throws {
        let manager = FileManager.default
        for name in try manager.contentsOfDirectory(atPath: fixture.path).sorted() {
            try manager.copyItem(at: fixture.appending(path: name), to: folder.appending(path: name))
        }
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String { try scratch.write(text, to: name) }

    static func environment(at now: String) -> [String: String] {
        ["TIEOUT_NOW": now, "TIEOUT_SHARE": Repository.root.path]
    }

    func start(_ arguments: [String], at now: String) throws -> Running {
        try Program.start(arguments, in: folder, environment: Self.environment(at: now))
    }

    func run(_ arguments: [String], at now: String) throws -> Ended {
        try start(arguments, at: now).wait()
    }

    /// Runs and insists on exit status 0.
    @discardableResult
    func must(_ arguments: [String], at now: String) throws -> Ended {
        let ended = try run(arguments, at: now)
        guard ended.status == 0 else {
            throw Unexpected(description: "`tieout \(arguments.joined(separator: " "))`: \(ended.words)")
        }
        return ended
    }

    func json(_ arguments: [String], at now: String) throws -> JSONValue {
        try JSONValue.read(must(arguments + ["--json"], at: now).out)
    }

    func list(_ arguments: [String], at now: String) throws -> [JSONValue] {
        try JSONValue.lines(must(["list"] + arguments, at: now).out)
    }

    /// Everything the database holds, as SQLite's shell writes it; nil where the shell is not installed.
    func dump() throws -> String? {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3") else { return nil }
        let ended = try Program.run([database, ".dump"], in: folder, program: "/usr/bin/sqlite3")
        return ended.status == 0 ? ended.out : nil
    }
}

/// Two tables as text, put side by side.
enum Comparison {
    /// Nil when both hold the same lines in any order; else every line that only one of them has.
    static func difference(_ name: String, expected: [String], got: [String]) -> String? {
        var missing: [String] = []
        var extra = got
        for line in expected {
            if let index = extra.firstIndex(of: line) { extra.remove(at: index) } else { missing.append(line) }
        }
        guard !missing.isEmpty || !extra.isEmpty else { return nil }
        let rows = missing.map { "  expected  \($0)" } + extra.map { "  got       \($0)" }
        return "\(name): \(missing.count) of \(expected.count) lines are missing, \(extra.count) are too many\n"
            + rows.sorted { $0.dropFirst(12) < $1.dropFirst(12) }.joined(separator: "\n")
    }

    /// A CSV without quotes in it, as rows by column name.
    static func table(_ path: String) throws -> [[String: String]] {
        let lines = try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: true)
        guard let first = lines.first else { return [] }
        let columns = first.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return lines.dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(uniqueKeysWithValues: zip(columns, cells))
        }
    }
}

/// A decimal text in minor units; the tests' own arithmetic, on purpose not the program's.
func cents(_ text: String) -> Int {
    let digits = text.filter { $0.isNumber }
    let value = Int(digits) ?? 0
    return text.hasPrefix("-") ? -value : value
}

func amount(_ cents: Int) -> String {
    let fraction = String(abs(cents) % 100)
    return (cents < 0 ? "-" : "") + "\(abs(cents) / 100)." + (fraction.count == 1 ? "0" : "") + fraction
}
