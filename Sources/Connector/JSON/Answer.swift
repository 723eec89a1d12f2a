// SPDX-License-Identifier: Apache-2.0
package import Trees

/// What a verb came to: one JSON value for scripts and the same as text for people.
package struct Answer: Sendable {
    package var json: Node
    package var text: String
    /// Something waits for a person.
    package var needsReview = false
    /// Something does not hold, or was refused.
    package var failed = false

    package init(json: Node, text: String) {
        self.json = json
        self.text = text
    }

    /// What came after it, under a name of its own; what failed there failed here.
    package func followed(by next: Answer, under name: String) -> Answer {
        var both = Answer(
            json: .object((json.entries ?? []).map { ($0.key, $0.value) } + [(name, next.json)]),
            text: text + "\n" + next.text)
        both.needsReview = needsReview || next.needsReview
        both.failed = failed || next.failed
        return both
    }

    /// One act on each of several things: a failure of one leaves the others done, and is told with what it was.
    package static func several(_ ids: [String], _ act: (String) throws -> Answer) -> Answer {
        var (done, failed, lines): ([Node], [Node], [String]) = ([], [], [])
        for id in ids {
            do {
                let answer = try act(id)
                done.append(.object([("id", .text(id)), ("answer", answer.json)]))
                lines.append("\(id): \(answer.text)")
            } catch {
                let failure = error as? Failure
                failed.append(
                    .compact([
                        ("id", .text(id)), ("code", .text(failure?.code)),
                        ("message", .text(failure?.message ?? "\(error)")), ("hint", .text(failure?.hint)),
                    ]))
                lines.append("\(id) failed: \(error)")
            }
        }
        if !failed.isEmpty {
            let names = failed.compactMap { $0["id"]?.scalar }.joined(separator: ", ")
            lines.append("\(done.count) done, \(failed.count) failed: \(names)")
        }
        var answer = Answer(
            json: .object([("done", .list(done)), ("failed", .list(failed))]), text: lines.joined(separator: "\n"))
        answer.failed = !failed.isEmpty
        return answer
    }

    /// Objects, one a line, in both forms.
    package static func lines(_ nodes: [Node], _ text: (Node) -> String) -> Answer {
        Answer(json: .list(nodes), text: nodes.isEmpty ? "(none)" : nodes.map(text).joined(separator: "\n"))
    }
}
