// SPDX-License-Identifier: Apache-2.0

/// Figures in the text exposition format 0.0.4 that monitors read, each kind once with its help.
struct MetricsPage {
    private static let known: [(name: String, kind: String, help: String)] = [
        ("tieout_sync_runs_total", "counter", "Pulls of a stream, by how they ended."),
        ("tieout_sync_requests_total", "counter", "Requests that pulls sent."),
        ("tieout_sync_retries_total", "counter", "Requests that were sent again."),
        ("tieout_sync_records_total", "counter", "Records that systems gave."),
        ("tieout_sync_bytes_total", "counter", "Bytes of their answers."),
        ("tieout_sync_seconds_total", "counter", "Seconds that pulls took, from their first request to their commit."),
        ("tieout_sync_wait_seconds_total", "counter", "Seconds waited because a system asked for it."),
        ("tieout_source_running", "gauge", "1 while a source is pulled."),
        ("tieout_source_next_run_seconds", "gauge", "When a source is due next, in seconds since 1970; 0 is now."),
        ("tieout_source_failures", "gauge", "Failed runs since the last good one."),
        ("tieout_source_last_success_seconds", "gauge", "When every stream of a source had last been read to its end."),
        ("tieout_exceptions_open", "gauge", "What waits for a person, by kind."),
        ("tieout_books_unreadable", "gauge", "1 while a company's database cannot be read."),
    ]

    private var lines: [String: [String]] = [:]

    mutating func add(_ name: String, _ labels: [(name: String, value: String)], _ value: Int64) {
        let text = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        lines[name, default: []].append("\(name){\(text)} \(value)")
    }

    var text: String {
        Self.known.map { name, kind, help in
            guard let lines = lines[name] else { return "" }
            return "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n" + lines.joined(separator: "\n") + "\n"
        }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
    }
}
