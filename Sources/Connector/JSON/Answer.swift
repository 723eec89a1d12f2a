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

    /// Objects, one a line, in both forms.
    package static func lines(_ nodes: [Node], _ text: (Node) -> String) -> Answer {
        Answer(json: .list(nodes), text: nodes.isEmpty ? "(none)" : nodes.map(text).joined(separator: "\n"))
    }
}
