// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import FoundationEssentials
import Synchronization
import Trees

/// `story.yaml`: days in order, each with the commands that happen on it and a sentence for the reader.
struct Story {
    struct Day {
        let day: String
        let at: Timestamp
        let sentence: String?
        let steps: [[String]]
    }

    let company: String
    let days: [Day]

    /// The month before the last day: the one that is closed at the end.
    var lastMonth: String {
        let last = days.last.flatMap { Documents.Day($0.day) } ?? Documents.Day(number: 0)
        return Month(of: last).previous.text
    }

    static func load(_ path: String) throws -> Story {
        let node = try StoryFile.tree(path)
        let days = (node["days"]?.items ?? []).compactMap { item -> Day? in
            guard let day = item["day"]?.scalar, let at = item["at"]?.scalar.flatMap({ Timestamp($0) }) else { return nil }
            let steps = (item["steps"]?.items ?? []).map { ($0.items ?? []).compactMap(\.scalar) }
            return Day(day: day, at: at, sentence: item["say"]?.scalar, steps: steps)
        }
        return Story(company: node["company"]?.scalar ?? "", days: days)
    }

    /// Message id and lease token of one line that `outbox claim` printed.
    static func claim(_ line: String) -> (id: String, token: String)? {
        guard let node = StoryFile.json(line), let id = (node["message_id"] ?? node["id"])?.scalar,
            let token = (node["lease"]?["token"] ?? node["token"])?.scalar
        else { return nil }
        return (id, token)
    }
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
