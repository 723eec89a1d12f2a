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

        package init() {}
    }

    /// Pulls the sources one after the other, each stream in one transaction with its cursor.
    package func sync(_ options: SyncOptions, _ surroundings: SyncSurroundings) throws -> Answer {
        let wanted = try wantedSources(options.sources)
        let store = try openStore()
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

    /// One source, whatever comes of it, with its failure recorded: for a process that nobody watches.
    /// - Returns: Whether it was read.
    package func syncUnattended(_ id: String, _ surroundings: SyncSurroundings) throws -> Bool {
        var options = SyncOptions()
        options.actor = "schedule"
        options.sources = [id]
        let started = environment.now()
        do {
            return try !sync(options, surroundings).failed
        } catch let failure as Failure {
            var run = SyncRun(
                source: id, stream: "*", mapping: "", mappingDigest: nil, startedAt: started,
                endedAt: environment.now(), status: .failed)
            run.fault = Fault(failure.code, .refusal, at: .path(id), failure.message, hint: failure.hint)
            let pull = books.sources.first { $0.id == id }?.pull
            try openStore().write { session in
                try session.recordSync(run, company: company.id)
                try raiseAfterFailures(source: id, service: pull.flatMap { try? findService($0.mapping) }, session)
            }
            return false
        }
    }

    private func sync(
        _ source: Configuration.Source, _ pull: Configuration.PullSource, _ options: SyncOptions,
        _ surroundings: SyncSurroundings, _ store: StoreFile
    ) throws -> SyncSummary {
        let service = try findService(pull.mapping)
        return try SourceLock(database: database, source: "\(company.id)-\(source.id)").hold {
            let sync = SourceSync(
                workplace: self, source: source, pull: pull, service: service, options: options,
                surroundings: surroundings, store: store)
            return try sync.perform()
        }
    }
}
