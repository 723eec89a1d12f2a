// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Trees

/// The end of the demonstration: the four things an evaluator asks for, each from the books as they stand.
struct Ending {
    let common: [String]
    let story: Story
    let live: Environment
    let run: ([String], Timestamp?, Environment) throws -> String

    var text: String {
        get throws {
            var lines = [""]
            lines.append("1. Where an invoice comes from (tieout explain):")
            lines += try first(["list", "invoices", "--open"], "number").map { try shown(["explain", $0], 6) } ?? []
            lines.append("2. How promises are stored, and 3. what happened after their days passed (tieout promise list):")
            for node in try objects(["promise", "list"]) { lines.append("   " + promise(node)) }
            lines.append("4. What a person must see (tieout exception list):")
            let exceptions = try objects(["exception", "list"])
            for node in exceptions.prefix(8) {
                lines.append("   \(word(node, "kind")): \(word(node, "message"))")
            }
            if exceptions.count > 8 { lines.append("   … and \(exceptions.count - 8) more") }
            return lines.joined(separator: "\n")
        }
    }

    private func promise(_ node: Node) -> String {
        let reason = word(node, "close_reason")
        let late = word(node, "paid_late_on")
        return "\(word(node, "id")): \(word(node, "amount")) \(word(node, "currency")) for \(word(node, "promised_for")), "
            + "\(word(node, "state"))\(reason.isEmpty || reason == word(node, "state") ? "" : " (\(reason))")"
            + (late.isEmpty ? "" : ", paid late on \(late)")
    }

    private func word(_ node: Node, _ key: String) -> String { node[key]?.scalar ?? "" }

    private func objects(_ arguments: [String]) throws -> [Node] {
        let last = story.days.last
        let dated = last.map { ["--as-of", $0.day] } ?? []
        return try run(arguments + dated + common, last?.at, live).split(separator: "\n").compactMap {
            StoryFile.json(String($0))
        }
    }

    private func first(_ arguments: [String], _ key: String) throws -> String? {
        try objects(arguments).first?[key]?.scalar
    }

    private func shown(_ arguments: [String], _ count: Int) throws -> [String] {
        let last = story.days.last
        let dated = last.map { ["--as-of", $0.day] } ?? []
        return try run(arguments + dated + common, last?.at, live).split(separator: "\n").prefix(count).map { "   \($0)" }
    }
}
