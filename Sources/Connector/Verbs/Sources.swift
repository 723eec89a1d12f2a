// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Store
import Trees

extension Workplace {
    /// The sources of the configuration: how each arrives, how far it was read, and how its last run went.
    package func listSources() throws -> Answer {
        let store = try openStore(creates: true)
        let nodes: [Node] = try store.read { session in
            try books.sources.map { source in
                guard let pull = source.pull else {
                    let day = try session.lastImport(company: company.id, source: source.id)
                    return .compact([
                        ("source", .text(source.id)), ("arrives", .text("files")), ("covered_on", .text(day?.text)),
                    ])
                }
                let streams = try session.syncStreams(company: company.id, source: source.id)
                let last = try session.syncRuns(company: company.id, source: source.id, limit: 1).first
                let covered = streams.map(\.coveredOn).min().flatMap { $0.number > 0 ? $0 : nil }
                let failures = try session.syncFailures(company: company.id, source: source.id)
                return .compact([
                    ("source", .text(source.id)), ("arrives", .text("pulled")), ("mapping", .text(pull.mapping)),
                    ("health", .text(health(covered, failures: failures, daysMax: source.ageDaysMax))),
                    ("next_run", .text(try nextRun(source, pull, session)?.text)),
                    (
                        "mend",
                        .text(
                            last?.fault.map {
                                mending($0, source: source.id, service: try? findService(of: pull))
                            })
                    ),
                    ("covered_on", .text(covered?.text)), ("last_run", .text(last?.endedAt.text)),
                    ("last_status", .text(last?.status.rawValue)), ("last_fault", .text(last?.fault?.message)),
                    ("hint", .text(last?.fault?.hint)),
                    (
                        "streams",
                        .list(
                            streams.map { stream in
                                .compact([
                                    ("stream", .text(stream.stream)), ("cursor", .text(Self.cursorText(stream))),
                                    (
                                        "covered_on",
                                        .text(stream.coveredOn.number > 0 ? stream.coveredOn.text : nil)
                                    ),
                                ])
                            })
                    ),
                ])
            }
        }
        return Answer.lines(nodes) { node in
            let covered = node["covered_on"]?.scalar.map { "read through \($0)" } ?? "never read"
            let how = node["mapping"]?.scalar.map { "pulled with \($0)" } ?? "files"
            var line = "\(node["source"]?.scalar ?? ""): \(how), \(covered)"
            if let status = node["last_status"]?.scalar {
                line += ", last run \(status) at \(node["last_run"]?.scalar ?? "")"
            }
            if let health = node["health"]?.scalar, health != covered { line += ", \(health)" }
            if let next = node["next_run"]?.scalar { line += ", next run \(next)" }
            if let fault = node["last_fault"]?.scalar {
                line += "\n  \(fault)\n  → \(node["hint"]?.scalar ?? "") Then: \(node["mend"]?.scalar ?? "")"
            }
            for stream in node["streams"]?.items ?? [] {
                line += "\n  \(stream["stream"]?.scalar ?? ""): \(stream["cursor"]?.scalar ?? "whole each time")"
            }
            return line
        }
    }

    /// In one word what a person asks first.
    private func health(_ covered: Day?, failures: Int, daysMax: Int?) -> String {
        if failures > 0 { return "failing" }
        guard let covered else { return "never read" }
        return daysMax.map { today - covered > $0 } ?? false ? "stale" : "healthy"
    }

    /// When its schedule says that it is due next; nil without one.
    private func nextRun(
        _ source: Configuration.Source, _ pull: Configuration.PullSource, _ session: Session
    ) throws -> Timestamp? {
        guard let cron = pull.schedule else { return nil }
        let due = Scheduler.due(
            cron, zone: company.timeZone ?? "UTC", jitterSeconds: pull.jitterSeconds,
            after: try lastSync(source, pull, session),
            name: Scheduler.Name(company: company.id, source: source.id))
        return due.map { max($0, environment.now()) }
    }

    /// When it was last read to its end, or failed.
    func lastSync(
        _ source: Configuration.Source, _ pull: Configuration.PullSource, _ session: Session
    ) throws -> Timestamp? {
        let streams = (try? findService(of: pull)).map { pull.wanted(of: $0) } ?? []
        return try session.lastSync(company: company.id, source: source.id, lastStream: streams.last?.name ?? "")
    }

    private static func cursorText(_ stream: SyncStream) -> String? {
        guard let value = stream.cursorValue else { return nil }
        return stream.cursorKind == "time" ? Timestamp(milliseconds: value).text : String(value)
    }
}
