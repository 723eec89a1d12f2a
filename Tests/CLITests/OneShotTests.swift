// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

/// A year of the project's own workload, reconciled once at its end and reconciled as it came: docs/reconciliation.md
/// lists why the two may differ.
@Suite("A year reconciled at once and as it came")
struct OneShotTests {
    private struct Decided: Equatable {
        var verdict = ""
        var rule = ""
        var lines: Set<String> = []
    }

    private struct Year {
        let folder: URL
        /// By kind: the heading, and the rows with the day that they came on.
        let files: [(kind: String, heading: String, rows: [(day: String, text: String)])]
        let lastDay: String

        /// The column that holds the day on which a row came.
        private static let dayColumns = [
            ("customers", nil), ("invoices", 4), ("payments", 1), ("promises", 3), ("psp_report", 4),
        ]

        init(folder: URL) throws {
            self.folder = folder
            files = try Self.dayColumns.map { kind, column in
                let text = try String(contentsOf: folder.appending(path: "\(kind).csv"), encoding: .utf8)
                let lines = text.split(separator: "\n").map(String.init)
                let rows = lines.dropFirst().map { line in
                    let cells = line.split(separator: ",", maxSplits: 6, omittingEmptySubsequences: false)
                    return (day: column.map { String(cells[$0]) } ?? "", text: line)
                }
                return (kind: kind, heading: lines.first ?? "", rows: Array(rows))
            }
            lastDay = try #require(files[2].rows.map(\.day).max())
        }

        /// The last days of weeks, in their order.
        var weeks: [String] {
            let days = Set(files[1].rows.map(\.day) + files[2].rows.map(\.day)).sorted()
            return stride(from: 6, to: days.count, by: 7).map { days[$0] } + [lastDay]
        }
    }

    private static func workload(_ seed: Int, _ numbers: String, in desk: Desk) throws -> Year {
        let tieout = try #require(Program.path, "there is no executable beside the test bundle")
        let generator = URL(filePath: tieout).deletingLastPathComponent().appending(path: "workload").path
        let folder = desk.folder.appending(path: "year")
        let ended = try Program.run(
            [
                "--out", folder.path, "--invoices", "1200", "--seed", "\(seed)", "--difficulty", "700", "--numbers",
                numbers,
            ], in: desk.folder, program: generator)
        try #require(ended.status == 0, "\(ended.words)")
        return try Year(folder: folder)
    }

    private static func options(_ database: String) -> [String] {
        ["--db", database, "--config", Repository.url("Tests/Fixtures/Recon/tieout.yaml").path]
    }

    private static func load(_ kind: String, _ path: String, _ desk: Desk, _ database: String, day: String) throws {
        let mapping = Repository.url("Tests/Fixtures/Recon/\(kind).yaml").path
        try desk.must(["import", "--mapping", mapping, path] + options(database), at: "\(day)T20:00:00Z")
    }

    private static func reconcile(_ desk: Desk, _ database: String, day: String) throws -> [String: Decided] {
        try desk.must(
            ["reconcile", "--allocations", "allocations.csv"] + options(database), at: "\(day)T20:00:00Z")
        let text = try String(contentsOf: desk.folder.appending(path: "allocations.csv"), encoding: .utf8)
        var decided: [String: Decided] = [:]
        for line in text.split(separator: "\n").dropFirst() {
            let cells = line.split(separator: ",", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
            var known = decided[cells[0]] ?? Decided()
            (known.verdict, known.rule) = (cells[3], cells[4])
            known.lines.insert("\(cells[1]) \(cells[2])")
            decided[cells[0]] = known
        }
        return decided
    }

    private static func atOnce(_ year: Year, _ desk: Desk) throws -> [String: Decided] {
        for file in year.files {
            let path = year.folder.appending(path: "\(file.kind).csv").path
            try load(file.kind, path, desk, "once.db", day: year.lastDay)
        }
        return try reconcile(desk, "once.db", day: year.lastDay)
    }

    private static func asItCame(_ year: Year, _ desk: Desk) throws -> [String: Decided] {
        var before = ""
        var decided: [String: Decided] = [:]
        for day in year.weeks where day > before {
            for file in year.files {
                let rows = file.rows.filter { $0.day.isEmpty ? before.isEmpty : before < $0.day && $0.day <= day }
                guard !rows.isEmpty else { continue }
                try desk.write(
                    ([file.heading] + rows.map(\.text)).joined(separator: "\n") + "\n", to: "\(file.kind).csv")
                try load(file.kind, "\(file.kind).csv", desk, "weekly.db", day: day)
            }
            decided = try reconcile(desk, "weekly.db", day: day)
            before = day
        }
        return decided
    }

    @Test(
        "They differ in few payments, and only where one of them left it to a person",
        arguments: [(3, "usual"), (4, "other"), (7, "slashed")])
    func same(seed: Int, numbers: String) throws {
        let desk = try Desk("one-shot")
        let year = try Self.workload(seed, numbers, in: desk)
        let (once, weekly) = (try Self.atOnce(year, desk), try Self.asItCame(year, desk))
        #expect(once.count == weekly.count && once.count > 700)
        let differing = once.keys.sorted().filter { once[$0] != weekly[$0] }
        for payment in differing {
            guard let first = once[payment], let second = weekly[payment] else { continue }
            print(
                "\(numbers): \(payment): at once \(first.verdict) \(first.rule), as it came \(second.verdict) \(second.rule)"
            )
            // What goes back follows what it sends back.
            let isBack = first.rule == "RETURN" && second.rule == "RETURN"
            #expect(
                first.verdict != "auto" || second.verdict != "auto" || first.lines == second.lines || isBack,
                "\(payment): \(first) and \(second)")
        }
        #expect(differing.count * 100 <= once.count, "\(differing)")
        // Nothing is left to say.
        #expect(try Self.reconcile(desk, "weekly.db", day: year.lastDay) == weekly)
        try desk.must(["verify"] + Self.options("weekly.db"), at: "\(year.lastDay)T20:00:00Z")
    }
}
