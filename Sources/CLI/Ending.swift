// SPDX-License-Identifier: Apache-2.0
import Connector
import Trees

/// The end of the demonstration: the four things an evaluator asks for, each from the books as they stand, and each
/// short enough that story and ending fit one screen.
struct Ending {
    let stage: Stage
    let story: Story
    let day: Story.Day

    var text: String {
        get throws {
            var names: [String: String] = [:]
            for node in try objects(["list", "customers"]) { names[word(node, "id")] = word(node, "name") }
            var lines = ["Where an invoice comes from (tieout explain \(story.explained))"]
            lines += try stage.output(["explain", story.explained], on: day).split(separator: "\n").map { "  \($0)" }
            let promises = try objects(["promise", "list"])
            lines.append(
                "What was promised and what came of it (\(Self.promisesShown) of \(promises.count): tieout promise list)"
            )
            lines += differing(promises).prefix(Self.promisesShown).map { "  " + promise($0, names) }
            let waiting = try objects(["exception", "list"])
            lines.append("What waits for a person (\(Self.exceptionsShown) of \(waiting.count): tieout exception list)")
            for node in waiting.suffix(Self.exceptionsShown) {
                lines.append("  by \(word(node, "due_on"))  \(word(node, "kind")): \(word(node, "message"))")
            }
            lines += ["Does \(story.lastMonth) tie? (tieout report month-end --month \(story.lastMonth))"]
            lines += try tie()
            return lines.joined(separator: "\n")
        }
    }

    private static let promisesShown = 4
    private static let exceptionsShown = 2

    /// One promise of each course that a verdict gave it, the first that took it.
    private func differing(_ promises: [Node]) -> [Node] {
        var seen: [[String]] = []
        return promises.filter { node in
            let verdicts = (node["judgements"]?.items ?? []).map { word($0, "state") }
            let course = verdicts + [word(node, "paid_late_on").isEmpty ? "" : "late"]
            guard !verdicts.isEmpty, !seen.contains(course) else { return false }
            seen.append(course)
            return true
        }
    }

    /// Who promised what, and every verdict in the order it was given.
    private func promise(_ node: Node, _ names: [String: String]) -> String {
        let customer = word(node, "customer_id")
        let verdicts = (node["judgements"]?.items ?? []).map { verdict in
            "\(word(verdict, "state")) on \(word(verdict, "judged_on")) (\(word(verdict, "paid")) paid)"
        }
        let closed = word(node, "close_reason")
        let outcome = verdicts.isEmpty ? [closed.isEmpty ? "open" : closed] : verdicts
        let late = word(node, "paid_late_on")
        return "\(names[customer] ?? customer): \(word(node, "amount")) \(word(node, "currency")) for "
            + "\(word(node, "promised_for")): "
            + (outcome + (late.isEmpty ? [] : ["paid late on \(late)"])).joined(separator: ", then ")
            .replacing("_", with: " ")
    }

    /// The roll-forward's lines that are not zero, one currency a line, what the general ledger says, and what fails.
    private func tie() throws -> [String] {
        let pack = ["report", "month-end", "--month", story.lastMonth]
        var currencies: [String] = []
        var terms: [String: [String]] = [:]
        let report = StoryFile.json(try stage.output(pack + ["--json"], on: day))
        for row in report?["roll_forward"]?.items ?? [] {
            let currency = word(row, "currency")
            if terms[currency] == nil { currencies.append(currency) }
            guard word(row, "amount") != "0.00" else { continue }
            terms[currency, default: []].append(word(row, "line").replacing("_", with: " ") + " " + word(row, "amount"))
        }
        let sums = currencies.map { "  \($0): \((terms[$0] ?? []).joined(separator: ", "))" }
        let proofs = try stage.output(pack, on: day).split(separator: "\n").filter { line in
            line.hasPrefix("✗") || line.contains("control total")
        }
        return sums + proofs.map { "  \($0)" }
    }

    private func word(_ node: Node, _ key: String) -> String { node[key]?.scalar ?? "" }

    private func objects(_ arguments: [String]) throws -> [Node] {
        try stage.output(arguments, on: day).split(separator: "\n").compactMap { StoryFile.json(String($0)) }
    }
}
