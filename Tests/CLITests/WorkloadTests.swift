// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

@Suite("The generator of workloads")
struct WorkloadTests {
    private static let kinds = ["customers", "invoices", "payments", "truth", "psp_report", "promises"]

    /// The workload's files, one behind the other.
    private static func workload(_ options: [String], in desk: Desk, _ name: String) throws -> Data {
        let tieout = try #require(Program.path, "there is no executable beside the test bundle")
        let generator = URL(filePath: tieout).deletingLastPathComponent().appending(path: "workload").path
        let folder = desk.folder.appending(path: name)
        let ended = try Program.run(["--out", folder.path] + options, in: desk.folder, program: generator)
        try #require(ended.status == 0, "\(ended.words)")
        return try kinds.reduce(Data()) { try $0 + Data(contentsOf: folder.appending(path: "\($1).csv")) }
    }

    private static func noises(_ name: String, in desk: Desk) throws -> Set<String> {
        let truth = try String(contentsOf: desk.folder.appending(path: "\(name)/truth.csv"), encoding: .utf8)
        let columns = truth.split(separator: "\n").compactMap { $0.split(separator: ",").last }
        return Set(columns.flatMap { $0.split(separator: "|").map(String.init) })
    }

    @Test(
        "The same arguments give the same bytes, another seed gives others", arguments: ["", "all", "slips,references"])
    func isDeterministic(noise: String) throws {
        let desk = try Desk("workload")
        let options = ["--invoices", "600", "--noise", noise]
        let first = try Self.workload(options, in: desk, "first")
        #expect(try Self.workload(options, in: desk, "second") == first)
        #expect(try Self.workload(options + ["--seed", "2"], in: desk, "other") != first)
    }

    @Test("What was published is made again: noise that is not asked for changes nothing")
    func staysAsItWas() throws {
        let desk = try Desk("workload")
        // FNV-1a of the files, as they were before there were noises by name.
        for (numbers, digest) in [
            ("usual", UInt64(5_058_775_575_268_858_546)), ("slashed", 10_132_056_355_183_484_334),
        ] {
            let bytes = try Self.workload(["--invoices", "600", "--numbers", numbers], in: desk, numbers)
            let found = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
            #expect(found == digest, "\(numbers): \(found)")
        }
    }

    @Test(
        "Each noise leaves its marks in the truth, and only where it is asked for",
        arguments: [
            ("slips", ["slip_other", "slip_own"]), ("months", ["month"]), ("files", ["file"]),
            ("families", ["for_another"]), ("subscriptions", ["due_word"]),
            ("refunds", ["refund_word", "instalment_word"]),
            ("strangers", ["stranger_amount"]),
        ])
    func marks(noise: String, marks: [String]) throws {
        let desk = try Desk("workload")
        _ = try Self.workload(["--invoices", "3000", "--noise", noise], in: desk, "with")
        _ = try Self.workload(["--invoices", "3000"], in: desk, "without")
        let (found, plain) = (try Self.noises("with", in: desk), try Self.noises("without", in: desk))
        for mark in marks {
            #expect(found.contains(mark), "\(mark) in \(found.sorted())")
            #expect(!plain.contains(mark))
        }
    }

    @Test("One reference for each customer stands on all of its invoices")
    func references() throws {
        let desk = try Desk("workload")
        _ = try Self.workload(["--invoices", "600", "--noise", "references"], in: desk, "w")
        let text = try String(contentsOf: desk.folder.appending(path: "w/invoices.csv"), encoding: .utf8)
        var references: [Substring: Set<Substring>] = [:]
        for line in text.split(separator: "\n").dropFirst() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            if cells[1] == "invoice" { references[cells[3], default: []].insert(cells[8]) }
        }
        #expect(references.values.allSatisfy { $0.count == 1 })
        #expect(Set(references.values.flatMap { $0 }.filter { !$0.isEmpty }).count > 20)
    }

    @Test("Numbers begin anew with the year")
    func yearly() throws {
        let desk = try Desk("workload")
        _ = try Self.workload(["--invoices", "600", "--numbers", "yearly"], in: desk, "w")
        let text = try String(contentsOf: desk.folder.appending(path: "w/invoices.csv"), encoding: .utf8)
        var days: [Substring: Set<Substring>] = [:]
        for line in text.split(separator: "\n").dropFirst() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            days[cells[2], default: []].insert(cells[4].prefix(4))
        }
        #expect(days["00001"] == ["2025", "2026"])
    }

    @Test("A noise that is not known is told, with those that are")
    func unknown() throws {
        let desk = try Desk("workload")
        let tieout = try #require(Program.path, "there is no executable beside the test bundle")
        let generator = URL(filePath: tieout).deletingLastPathComponent().appending(path: "workload").path
        let ended = try Program.run(
            ["--out", desk.folder.path, "--noise", "slips,thunder"], in: desk.folder, program: generator)
        #expect(ended.status == 64)
        #expect(ended.words.contains("slips, months, files"), "\(ended.words)")
    }
}
