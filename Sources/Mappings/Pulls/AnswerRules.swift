// SPDX-License-Identifier: Apache-2.0
import Trees

struct StatusRange: Hashable, Sendable {
    var low: Int
    var high: Int

    /// `429` or `5xx`.
    init?(_ text: String) {
        if text.utf8.count == 3, text.hasSuffix("xx"), let first = Int(text.prefix(1)), first > 0 {
            (low, high) = (first * 100, first * 100 + 99)
        } else if let number = Int(text), number >= 100, number < 1000 {
            (low, high) = (number, number)
        } else {
            return nil
        }
    }

    func contains(_ status: Int) -> Bool { status >= low && status <= high }
}

/// What an answer's body and headers must say.
struct BodyCondition: Sendable {
    enum Place: Hashable, Sendable {
        case body(Path)
        case header(String)
    }

    var lines: [(place: Place, patterns: [Condition.Pattern])]

    func holds(_ answer: PullAnswer) -> Bool {
        for line in lines where !holds(line, answer) { return false }
        return true
    }

    /// `: status is paid`, of the first line that does not hold; empty where all do.
    func complaint(_ answer: PullAnswer) -> String {
        guard let line = lines.first(where: { !holds($0, answer) }) else { return "" }
        let name: String =
            switch line.place {
            case .header(let name): name
            case .body(let path): path.text.hasPrefix("./") ? String(path.text.dropFirst(2)) : path.text
            }
        let said = texts(line.place, answer)?.first ?? ""
        return ": `\(name)` is \(said.isEmpty ? "missing" : String(said.prefix(100)))"
    }

    private func holds(_ line: (place: Place, patterns: [Condition.Pattern]), _ answer: PullAnswer) -> Bool {
        guard var texts = texts(line.place, answer) else { return false }
        if texts.isEmpty { texts = [""] }
        return texts.contains { text in line.patterns.contains { $0.matches(Array(text.utf8)[...]) } }
    }

    /// Nil where the answer has no body that can be read.
    private func texts(_ place: Place, _ answer: PullAnswer) -> [String]? {
        switch place {
        case .header(let name): answer.header(name).map { [$0] } ?? []
        case .body(let path):
            // A list or a map that is there counts as something.
            answer.tree.map { path.hits(in: [$0]).map { $0.ownText ?? ($0.value == .null ? "" : $0.kind) } }
        }
    }
}

/// One line of `errors:`; the first that fits decides, and no other is looked at.
struct ErrorRule: Sendable {
    enum Action: String, Sendable, CaseIterable {
        case refresh, wait, retry, skip, end, restart, fail
    }

    enum Wait: Sendable {
        case retryAfter, untilReset
        case milliseconds(Int64)
    }

    var statuses: [StatusRange] = []
    var match: BodyCondition?
    var action: Action
    var wait: Wait?
    /// Used when the answer does not say how long.
    var otherwise: Int64?
    var most: Int = 5
    /// What is said to people, before the system's own words.
    var say: String?

    func fits(_ answer: PullAnswer) -> Bool {
        if !statuses.isEmpty, !statuses.contains(where: { $0.contains(answer.status) }) { return false }
        return match?.holds(answer) ?? !statuses.isEmpty
    }
}

struct LimitRules: Sendable {
    struct Rate: Sendable {
        /// Milliseconds.
        var window: Int64
        var count: Int
    }

    enum ResetForm: String, Sendable, CaseIterable {
        case epochMilliseconds = "epoch_ms"
        case epochSeconds = "epoch_s"
        case seconds
    }

    var rates: [Rate] = []
    /// So many answers with an error in the window, and the source is left alone.
    var errors: Rate?
    var remainingHeader: String?
    var reset: (header: String, form: ResetForm)?
}
