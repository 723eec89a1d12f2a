// SPDX-License-Identifier: Apache-2.0

import Foundation
import TieoutTesting

/// A worked quarter, run command by command as its `timeline.json` says; what was printed on the way is kept.
struct Quarter: Sendable {
    static let fixture = "Tests/Fixtures/WorkedQuarter/"
    static let shared = Result { try Quarter("WorkedQuarter", end: end) }
    static let secondFixture = "Tests/Fixtures/SecondQuarter/"
    /// Another company, currency and calendar, by the default policy.
    static let second = Result { try Quarter("SecondQuarter", end: "2027-01-04T15:00:00Z") }

    private(set) var plans: [String: JSONValue] = [:]
    /// The answer of each `reconcile`, by day.
    private(set) var reconciled: [String: JSONValue] = [:]
    /// Commands that did not end well.
    private(set) var complaints: [String] = []
    private(set) var delivered = 0
    let desk: Desk
    /// A moment after the last day.
    static let end = "2026-10-02T09:00:00Z"

    private struct Day: Decodable {
        var day: String
        var at: String
        var commands: [[String]]
    }

    /// The moment after the last day at which its reports are read.
    let closing: String

    init(_ fixture: String, end: String) throws {
        desk = try Desk("quarter")
        closing = end
        let source = Repository.fixture(fixture)
        let manager = FileManager.default
        for name in try manager.contentsOfDirectory(atPath: source.path)
        where name == "inputs" || name.hasSuffix(".yaml") {
            try manager.copyItem(at: source.appending(path: name), to: desk.folder.appending(path: name))
        }
        let timeline = try JSONDecoder().decode(
            [Day].self, from: Data(contentsOf: source.appending(path: "timeline.json")))
        for day in timeline {
            for command in day.commands { try run(command, day) }
        }
    }

    private mutating func run(_ command: [String], _ day: Day) throws {
        if command.first == "deliver" { return try deliver(day) }
        let verb = command.first ?? ""
        let ended = try desk.run(command + ["--json"], at: day.at)
        guard ended.status == 0 else {
            complaints.append("\(day.day) `tieout \(command.joined(separator: " "))`: \(ended.words)")
            return
        }
        switch verb {
        case "plan": plans[day.day] = try JSONValue.read(ended.out)
        case "reconcile": reconciled[day.day] = try JSONValue.read(ended.out)
        case "import":
            for file in try JSONValue.read(ended.out)["files"].items where !file["faults"].items.isEmpty {
                complaints.append("\(day.day) import \(file["path"].text): \(file["faults"])")
            }
        default: break
        }
    }

    /// What an agent does with the outbox: claim, begin, send, acknowledge; then the provider confirms.
    private mutating func deliver(_ day: Day) throws {
        let asOf = ["--as-of", day.day]
        let claimed = try desk.run(["outbox", "claim", "--limit", "1000", "--json"] + asOf, at: day.at)
        guard claimed.status == 0 else { return complaints.append("\(day.day) outbox claim: \(claimed.words)") }
        var news = ""
        for message in try JSONValue.lines(claimed.out) {
            let id = message["message_id"].text
            let token = ["--token", message["token"].text, "--json"] + asOf
            for step in [["begin", id], ["ack", id, "--provider-message-id", "wamid.\(id)"]] {
                let ended = try desk.run(["outbox"] + step + token, at: day.at)
                if ended.status != 0 { complaints.append("\(day.day) outbox \(step): \(ended.words)") }
            }
            delivered += 1
            for kind in ["accepted", "sent", "delivered"] {
                news +=
                    "{\"type\":\"confirmation\",\"message_id\":\"\(id)\",\"status\":\"\(kind)\",\"provider\":\"whatsapp\","
                    + "\"provider_message_id\":\"wamid.\(id)\",\"at\":\"\(day.at)\"}\n"
            }
        }
        try desk.write(news, to: "confirmations.jsonl")
        let confirmed = try desk.run(["confirm", "confirmations.jsonl", "--json"] + asOf, at: day.at)
        if confirmed.status != 0 { complaints.append("\(day.day) confirm: \(confirmed.words)") }
    }

    /// What the plan of a day says and holds, in the columns of `expected/plan-*.csv`.
    static func planLines(_ plan: JSONValue) -> [String] {
        func lines(_ items: [JSONValue], _ decision: String) -> [String] {
            items.compactMap { item in
                guard !["payment_confirmation", "invoice_resend"].contains(item["purpose"].text),
                    item["verdict"].text != "person"
                else { return nil }
                let numbers = item["invoices"].items.map(\.text).joined(separator: " ")
                return [
                    item["customer_id"].text, decision, item["step_name"].text, item["rule"].text, numbers,
                    item["amount"].text, item["currency"].text,
                ].joined(separator: ",")
            }
        }
        return lines(plan["messages"].items, "said") + lines(plan["held"].items, "held")
    }
}
