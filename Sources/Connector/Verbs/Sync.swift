// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import FoundationEssentials
import Mappings
import Store
import Trees

extension Workplace {
    package struct SyncOptions: Sendable {
        /// Ids of sources; empty: every source that has a mapping.
        package var sources: [String] = []
        package var dryRun = false
        package var acceptDrop = false
        package var actor = "sync"
        /// So many documents of each stream are shown as they would land.
        package var samples = 0
        /// How long to wait for another run of the same source to end.
        package var patienceSeconds = 5

        package init() {}
    }

    /// Pulls the sources one after the other, each stream in one transaction with its cursor.
    package func sync(_ options: SyncOptions, _ surroundings: SyncSurroundings) throws -> Answer {
        let wanted = try wantedSources(options.sources)
        let store = try openStore(creates: true)
        var summaries: [SyncSummary] = []
        for (source, pull) in wanted {
            summaries.append(try sync(source, pull, options, surroundings, store))
        }
        return SyncSummary.answer(summaries, dryRun: options.dryRun)
    }

    private func wantedSources(
        _ ids: [String]
    ) throws -> [(source: Configuration.Source, pull: Configuration.PullSource)] {
        let pulled = books.sources.compactMap { source in source.pull.map { (source: source, pull: $0) } }
        for id in ids where !pulled.contains(where: { $0.source.id == id }) {
            throw Failure(
                "SOURCE-UNKNOWN", "There is no source “\(id)” that is pulled.",
                hint: pulled.isEmpty
                    ? "Give a source of tieout.yaml a `mapping:`."
                    : "Pulled: \(pulled.map(\.source.id).joined(separator: ", ")).")
        }
        guard !pulled.isEmpty else {
            throw Failure(
                "SOURCE-UNKNOWN", "No source of the configuration is pulled.",
                hint: "Give a source of tieout.yaml a `mapping:`, for example `mapping: tryton`.")
        }
        return ids.isEmpty ? pulled : pulled.filter { ids.contains($0.source.id) }
    }

    func findService(_ nameOrPath: String) throws -> Service {
        let shipped = "\(environment.share)/mappings/rest/\(nameOrPath).yaml"
        let path =
            FileManager.default.fileExists(atPath: shipped)
            ? shipped : Self.absolute(nameOrPath, in: configuration.folder)
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure(
                "MAPPING-MISSING", "There is no mapping “\(nameOrPath)” of a system.",
                hint: "Give a path, or a name in mappings/rest.")
        }
        let (service, faults) = try ServiceFolder.load(path: path)
        guard let service else { throw Self.refused(path, faults) }
        return service
    }

    /// The system of a source, asked in the way that the source chooses.
    func findService(of pull: Configuration.PullSource) throws -> Service {
        let service = try findService(pull.mapping)
        guard let name = pull.auth else { return service }
        if let chosen = service.authenticated(by: name) { return chosen }
        let known = service.alternativeNames
        throw Failure(
            "AUTH-UNKNOWN", "The mapping \(pull.mapping) has no `auth:` of the name “\(name)”.",
            hint: known.isEmpty ? "Take `auth:` out of the source." : "Known: \(known.joined(separator: ", ")).")
    }

    /// One source, whatever comes of it, with its failure recorded: for a process that nobody watches.
    /// - Returns: In one word what came of it.
    package func syncUnattended(_ id: String, _ surroundings: SyncSurroundings) throws -> String {
        var options = SyncOptions()
        options.actor = "schedule"
        options.patienceSeconds = 0
        options.sources = [id]
        let started = environment.now()
        do {
            let answer = try sync(options, surroundings)
            return surroundings.brake.isPulled && !answer.failed ? "stopped" : answer.failed ? "failed" : "read"
        } catch let failure as StoreFailure where failure.code == "SYNC-BUSY" {
            return "another process is at it"
        } catch {
            let failure = Self.failure(from: error)
            var run = SyncRun(
                source: id, stream: "*", mapping: "", mappingDigest: nil, startedAt: started,
                endedAt: environment.now(), status: .failed)
            run.fault = Fault(failure.code, .refusal, at: .path(id), failure.message, hint: failure.hint)
            let pull = books.sources.first { $0.id == id }?.pull
            try openStore(creates: true).write { session in
                try session.recordSync(run, company: company.id)
                try raiseAfterFailures(source: id, service: pull.flatMap { try? findService(of: $0) }, session)
            }
            return "failed"
        }
    }

    private static func failure(from error: any Error) -> Failure {
        switch error {
        case let failure as Failure: failure
        case let failure as StoreFailure:
            Failure(failure.code, failure.message, hint: "Check the database's disk, then run `tieout verify`.")
        default: Failure("SYNC", "The run ended in an error: \(error)", hint: "Run `tieout sync` by hand to see more.")
        }
    }

    private func sync(
        _ source: Configuration.Source, _ pull: Configuration.PullSource, _ options: SyncOptions,
        _ surroundings: SyncSurroundings, _ store: StoreFile
    ) throws -> SyncSummary {
        let service = try findService(of: pull)
        return try SourceLock(database: database, source: "\(company.id)-\(source.id)").hold(
            patienceSeconds: options.patienceSeconds
        ) {
            let sync = SourceSync(
                workplace: self, source: source, pull: pull, service: service, options: options,
                surroundings: surroundings, store: store)
            return try sync.perform()
        }
    }
}
