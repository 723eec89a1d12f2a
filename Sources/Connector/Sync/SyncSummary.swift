// SPDX-License-Identifier: Apache-2.0
import Documents
import Store
import Trees

/// What a sync of one source did, stream by stream.
struct SyncSummary {
    let source: String
    let mapping: String
    var streams: [StreamPull.Outcome] = []
    /// The process was to end before every stream was read.
    var isStopped = false

    init(source: String, mapping: String) {
        self.source = source
        self.mapping = mapping
    }

    static func answer(_ summaries: [SyncSummary], dryRun: Bool) -> Answer {
        var answer = Answer(
            json: .object(
                [("sources", .list(summaries.map(\.json)))] + (dryRun ? [("dry_run", .bool(true))] : [])),
            text: summaries.map { $0.text(dryRun) }.joined(separator: "\n"))
        answer.failed = summaries.contains { $0.streams.contains { $0.run.status == .failed } }
        answer.needsReview = summaries.contains { $0.streams.contains { $0.faultCount > 0 } }
        return answer
    }

    private var json: Node {
        .object([
            ("source", .text(source)), ("mapping", .text(mapping)), ("streams", .list(streams.map(Self.json))),
        ])
    }

    private static func json(_ outcome: StreamPull.Outcome) -> Node {
        let run = outcome.run
        return .compact([
            ("stream", .text(run.stream)), ("status", .text(run.status.rawValue)),
            ("import", run.importNo.map { .integer($0) } ?? .null), ("requests", .integer(run.requests)),
            ("retries", .integer(run.retries)), ("pages", .integer(run.pages)), ("passes", .integer(run.passes)),
            ("records", .integer(run.records)), ("bytes", .integer(run.bytes)),
            ("waited_ms", .integer(run.waitedMilliseconds)),
            (
                "documents",
                .object(
                    counts(outcome).map { entity, count in
                        (
                            entity + "s",
                            .object([
                                ("new", .integer(count.new)), ("changed", .integer(count.changed)),
                                ("unchanged", .integer(count.unchanged)),
                            ])
                        )
                    })
            ),
            ("left_out", .integer(outcome.faultCount)), ("faults", .list(outcome.faults.map(DocumentJSON.fault))),
            ("fault", run.fault.map(DocumentJSON.fault) ?? .null),
            ("samples", outcome.samples.isEmpty ? .null : .list(outcome.samples)),
        ])
    }

    private static func counts(_ outcome: StreamPull.Outcome) -> [(entity: String, count: ImportOutcome.Count)] {
        (outcome.counts?.counts ?? []).filter { $0.count != ImportOutcome.Count() }
    }

    private func text(_ dryRun: Bool) -> String {
        var lines = ["\(source) (\(mapping))\(dryRun ? ", dry run" : "")"]
        for outcome in streams {
            let run = outcome.run
            let effort =
                "\(run.records) records in \(run.pages) pages"
                + (run.retries > 0 ? ", \(run.retries) retries" : "")
                + (run.passes > 1 ? ", \(run.passes) passes" : "")
            lines.append("  \(run.stream): \(run.status.rawValue), \(effort)")
            for (entity, count) in Self.counts(outcome) {
                lines.append(
                    "    \(entity)s: \(count.new) new, \(count.changed) changed, \(count.unchanged) unchanged")
            }
            lines += outcome.samples.map { "    \($0.json)" }
            for fault in outcome.faults.prefix(20) + (run.fault.map { [$0] } ?? []) {
                lines.append("    \(fault.severity.rawValue) \(fault.code) at \(fault.at.text): \(fault.message)")
                lines.append("      → \(fault.hint)")
            }
            for exception in outcome.exceptions.prefix(20) {
                lines.append("    exception \(exception.kind) \(exception.subject): \(exception.message)")
            }
        }
        return lines.joined(separator: "\n")
    }
}
