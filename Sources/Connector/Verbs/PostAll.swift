// SPDX-License-Identifier: Apache-2.0
import Trees

/// `tieout post` without a word behind it.
extension Workplace {
    /// Over all sources that take payments: sends what is approved, writes it to a file, or shows what could be proposed.
    /// - Parameters:
    ///   - isDry: nothing is proposed, sent or kept.
    ///   - out: a CSV file instead of the system, where one source takes payments.
    package func postAll(isDry: Bool, out: String?, _ surroundings: SyncSurroundings) throws -> Answer {
        let sources = books.sources.filter { $0.pull?.postAccount != nil }.map(\.id)
        if out != nil, sources.count != 1 {
            throw Failure(
                "POST-SOURCE", "\(sources.count) sources take payments; a file is for one.",
                hint: sources.isEmpty
                    ? "Give a source a line `post: { account: … }`."
                    : "Name one: `tieout post run \(sources[0]) --out FILE`.")
        }
        var lines: [String] = []
        var nodes: [Node] = []
        var needsReview = false
        for source in sources {
            let answer =
                if isDry {
                    try proposePosts(source, actor: "tieout", isDry: true)
                } else if let out {
                    try exportPosts(source, to: out)
                } else {
                    try runPosts(source, surroundings)
                }
            nodes.append(.object([("source", .text(source)), ("posts", answer.json)]))
            lines.append("\(source): \(answer.text)")
            needsReview = needsReview || answer.needsReview
        }
        if sources.isEmpty {
            lines = ["No source takes payments; give one a line `post: { account: … }` in tieout.yaml."]
        }
        if isDry { lines.append("Nothing was proposed or sent.") }
        var answer = Answer(json: .object([("sources", .list(nodes))]), text: lines.joined(separator: "\n"))
        answer.needsReview = needsReview
        return answer
    }
}
