// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Store
import Synchronization
import Testing
import Trees

/// A company's folder on disk with a clock that stands still, for tests of the conversation.
final class ConversationScene: Sendable {
    let folder: URL
    private let clock: Mutex<Timestamp>
    private let drawn = Mutex<UInt64>(1)

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    init(_ name: String = #function) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("tieout-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        clock = Mutex(Timestamp(milliseconds: 0))
        set("2026-08-10")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Ten in the morning in Amsterdam, in summer.
    func set(_ day: String, _ time: String = "08:00:00") {
        clock.withLock { $0 = Timestamp("\(day)T\(time)Z") ?? $0 }
    }

    func advance(seconds: Int64) { clock.withLock { $0 = $0 + seconds * 1000 } }

    private var environment: Environment {
        Environment(
            now: { self.clock.withLock { $0 } },
            random: {
                self.drawn.withLock { state in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return state
                }
            }, share: Self.root.path, log: { _ in })
    }

    private static let configuration = """
        companies:
          - id: acme
            legal_name: Acme B.V.
            country: NL
            home_currency: EUR
            authority: tieout
            time_zone: Europe/Amsterdam
            first_party: true
            accounts:
              - { id: NL91ABNA0417164300, holder: Acme B.V., currency: EUR }

        """

    /// The company at work on the clock's day.
    func workplace() throws -> Workplace {
        let path = folder.appendingPathComponent("tieout.yaml")
        if !FileManager.default.fileExists(atPath: path.path) { try Data(Self.configuration.utf8).write(to: path) }
        var request = Workplace.Request()
        request.configuration = path.path
        request.database = folder.appendingPathComponent("books.db").path
        return try Workplace.open(request, environment: environment)
    }

    /// Writes a file and imports it.
    func importing(_ name: String, _ text: String) throws {
        let path = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: path)
        let summary = try workplace().importFiles([path.path], Workplace.ImportOptions())
        guard !summary.anyRefused else { throw SceneFailure(text: summary.text) }
    }

    /// Two customers, three invoices, and a bank that is known from 1 July through `through`.
    func standardBooks(bankThrough through: String) throws {
        try importing(
            "customers.csv",
            """
            id,number,name,party_type,phone,email,country,language,time_zone,account,opted_in,opted_out,do_not_automate
            C-1,10001,Ahrend B.V.,business,+31600000001,a@example.com,NL,nl,Europe/Amsterdam,,true,false,false
            C-2,10002,Brug B.V.,business,+31600000002,b@example.com,NL,en,Europe/Amsterdam,,true,false,false

            """)
        try importing(
            "invoices.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,net,tax,total
            2026-101,invoice,C-1,Ahrend B.V.,EUR,2026-07-01,2026-07-31,826.45,173.55,1000.00
            2026-102,invoice,C-1,Ahrend B.V.,EUR,2026-07-02,2026-08-01,413.22,86.78,500.00
            2026-103,invoice,C-2,Brug B.V.,EUR,2026-07-03,2026-08-02,206.61,43.39,250.00

            """)
        try bank([("K-1", "2026-07-01", "1.00", "kas"), ("K-2", through, "1.00", "kas")], name: "bank-\(through).csv")
    }

    /// Rows of a bank export.
    func bank(_ rows: [(id: String, day: String, amount: String, text: String)], name: String) throws {
        let lines = rows.map { "\($0.id),\($0.amount),EUR,\($0.day),NL91ABNA0417164300,\($0.text)" }
        try importing(
            name, "id,amount,currency,booked_on,account,remittance\n" + lines.joined(separator: "\n") + "\n")
    }

    func confirm(_ lines: String...) throws -> Answer {
        let path = folder.appendingPathComponent("confirm.jsonl")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: path)
        return try workplace().confirm(path.path)
    }

    /// What a listing prints.
    func list(_ what: Workplace.Listing) throws -> [Node] {
        var nodes: [Node] = []
        try workplace().list(what, openOnly: false, customer: nil) { nodes.append($0) }
        return nodes
    }

    /// The roll-forward of a month-end report in one currency, a line each: `Opening 0.00`.
    func rollForward(_ month: String, _ currency: String) throws -> [String] {
        var request = Workplace.ReportRequest(name: .monthEnd)
        request.month = month
        let text = try workplace().report(request, format: .text, out: nil) ?? ""
        #expect(!text.contains("✗"), "\(text)")
        let part = text.split(separator: "\n", omittingEmptySubsequences: false).drop { $0 != "Roll-forward" }
        return part.prefix { !$0.isEmpty }.filter { $0.hasPrefix("  \(currency) ") }.map { line in
            line.split(separator: " ").dropFirst().joined(separator: " ")
        }
    }

    func expectProved() throws {
        let answer = try workplace().verify()
        #expect(!answer.failed, "\(answer.text)")
    }

    /// The state of each message, by id.
    func state(_ id: String) throws -> String? {
        try list(.messages).first { $0["message_id"]?.scalar == id }?["state"]?.scalar
    }
}

struct SceneFailure: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}

extension Node {
    /// A path of keys and indexes: `held.0.rule`.
    func at(_ path: String) -> String? {
        var node: Node? = self
        for part in path.split(separator: ".") {
            node = Int(part).flatMap { node?[$0] } ?? node?[String(part)]
        }
        return node?.scalar
    }

    func count(_ key: String) -> Int { self[key]?.items?.count ?? 0 }
}
