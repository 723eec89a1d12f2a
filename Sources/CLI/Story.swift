// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Synchronization
import Trees

/// `story.yaml`: days in order, each with the commands that happen on it and a sentence for the reader.
struct Story {
    struct Day {
        let day: String
        let at: Timestamp
        let sentence: String?
        let steps: [[String]]
        /// What of the commands' own words the reader sees: a sentence claims, these lines prove it.
        let shows: [Show]
    }

    /// Lines of what a command printed; a command that did not run that day is run for it.
    struct Show {
        let of: [String]
        /// Only lines that contain this.
        let containing: String
        /// For lines that are JSON: these fields' texts.
        let fields: [String]

        func lines(of text: String) -> [String] {
            text.split(separator: "\n").filter { $0.contains(containing) }.map { line in
                guard !fields.isEmpty, let node = StoryFile.json(String(line)) else {
                    return line.split(separator: " ").joined(separator: " ")
                }
                return fields.compactMap { node[$0]?.scalar }.joined(separator: ", ")
            }
        }
    }

    /// One line that `outbox claim` printed.
    struct Claimed {
        let id: String
        let token: String
        /// Who got what, with what attached.
        let words: String

        init?(_ line: String) {
            guard let node = StoryFile.json(line), let id = node["message_id"]?.scalar,
                let token = (node["lease"]?["token"] ?? node["lease_token"] ?? node["token"])?.scalar
            else { return nil }
            self.id = id
            self.token = token
            let attached = (node["attachments"]?.items ?? []).compactMap { file in
                file["name"]?.scalar.map { "with \($0), sha256 \((file["sha256"]?.scalar ?? "").prefix(16))…" }
            }
            words = (["sent to", node["customer_id"]?.scalar ?? "", node["purpose"]?.scalar ?? ""] + attached)
                .joined(separator: " ")
        }
    }

    let title: String
    /// The invoice whose chain is shown at the end.
    let explained: String
    let days: [Day]

    /// The month before the last day: the one that is closed at the end.
    var lastMonth: String {
        let last = days.last.flatMap { Documents.Day($0.day) } ?? Documents.Day(number: 0)
        return Month(of: last).previous.text
    }

    static func load(_ path: String) throws -> Story {
        let node = try StoryFile.tree(path)
        let days = (node["days"]?.items ?? []).compactMap { item -> Day? in
            guard let day = item["day"]?.scalar, let at = item["at"]?.scalar.flatMap({ Timestamp($0) }) else {
                return nil
            }
            let shows = (item["show"]?.items ?? []).map { show in
                Show(
                    of: words(show["of"]), containing: show["line"]?.scalar ?? "", fields: words(show["fields"]))
            }
            return Day(
                day: day, at: at, sentence: item["say"]?.scalar, steps: (item["steps"]?.items ?? []).map { words($0) },
                shows: shows)
        }
        return Story(title: node["title"]?.scalar ?? "", explained: node["explain"]?.scalar ?? "", days: days)
    }

    private static func words(_ node: Node?) -> [String] { (node?.items ?? []).compactMap(\.scalar) }
}

/// Text gathered from a command.
final class Gathered: Sendable {
    private let lines = Mutex<[String]>([])
    func append(_ line: String) { lines.withLock { $0.append(line) } }
    var joined: String { lines.withLock { $0.joined(separator: "\n") } }
}

/// The story's chance: the same numbers every time.
final class Counter: Sendable {
    private let state: Mutex<UInt64>
    init(_ seed: UInt64) { state = Mutex(seed) }

    /// SplitMix64.
    func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }
}
