// SPDX-License-Identifier: Apache-2.0
import Crypto
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

/// All streams of one source, in order; the first that fails ends the run, since later ones build on it.
private struct SourceSync {
    let workplace: Workplace
    let source: Configuration.Source
    let pull: Configuration.PullSource
    let service: Service
    let options: Workplace.SyncOptions
    let surroundings: SyncSurroundings
    let store: StoreFile

    private var company: String { workplace.company.id }
    private var now: Timestamp { workplace.environment.now() }

    func perform() throws -> SyncSummary {
        let secretStore = SecretStore(
            source: source.id, company: company, pull: pull, variables: surroundings.variables,
            database: workplace.database, folder: workplace.configuration.folder)
        var setting = PullSetting()
        setting.config = try config()
        setting.secrets = try secretStore.secrets(service.secretNames)
        setting.seed = workplace.environment.random()
        setting.allowsPlainHTTP = pull.allowsPlainHTTP
        let secrets = setting.secrets
        let (credential, states, history) = try store.read { session in
            let span = service.limitSpan
            let since = Timestamp(milliseconds: now.milliseconds - span.window)
            return (
                try secretStore.credential(session, secrets: secrets),
                try session.syncStreams(company: company, source: source.id),
                try session.syncRequests(company: company, source: source.id, since: since, most: span.count)
            )
        }
        let exchange = try surroundings.exchange(pull)
        var authentication = Authentication(service, credential: credential)
        var budget = Budget(service, history: history)
        var summary = SyncSummary(source: source.id, mapping: service.name)
        for stream in service.streams where pull.streams.isEmpty || pull.streams.contains(stream.name) {
            let fingerprint = fingerprint(setting.config)
            var own = setting
            // Under another mapping or configuration everything is read again: what the old one left out may land now.
            if let state = states.first(where: { $0.stream == stream.name }), state.setting == fingerprint,
                let kind = state.cursorKind, let value = state.cursorValue
            {
                own.cursor = PullCursor(kind: kind, value: value)
            }
            let one = StreamPull(
                workplace: workplace, source: source, service: service, stream: stream, setting: own,
                fingerprint: fingerprint, surroundings: surroundings, exchange: exchange,
                keep: { credential in
                    // Also in a dry run: the old refresh token is dead whatever happens to the rows.
                    try store.write { try secretStore.save(credential, secrets: secrets, $0, at: now) }
                }, options: options)
            var machine = Pull(stream, setting: own, authentication: authentication, budget: budget)
            let outcome = try one.perform(&machine, store)
            (authentication, budget) = (machine.authentication, machine.budget)
            summary.streams.append(outcome)
            if outcome.run.status == .failed {
                try recordFailure(outcome)
                break
            }
            try recordSuccess(outcome)
        }
        return summary
    }

    private func config() throws -> [String: String] {
        var values: [String: String] = [:]
        for (name, fallback) in service.config {
            values[name] = pull.config[name] ?? workplace.books.mappingValues[name] ?? fallback
            if name == "home_currency", values[name] == nil { values[name] = workplace.company.homeCurrency?.code }
            guard values[name] == nil else { continue }
            throw Failure(
                "CONFIG-MISSING", "The source \(source.id) needs a value for “\(name)”.",
                hint: "Set it below `config:` of the source in tieout.yaml.")
        }
        for name in pull.config.keys.sorted() where values[name] == nil {
            throw Failure(
                "CONFIG", "“\(name)” is no configuration of the mapping \(service.name).",
                hint: "Known: \(service.config.map(\.name).joined(separator: ", ")).")
        }
        return values
    }

    private func fingerprint(_ config: [String: String]) -> String {
        let parts = [service.digest ?? service.name] + config.keys.sorted().flatMap { [$0, config[$0] ?? ""] }
        let digest = SHA256.hash(data: Data(parts.joined(separator: "\u{1F}").utf8))
        return digest.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    // MARK: What people are told

    private static let failuresBeforeException = 3

    private func recordFailure(_ outcome: StreamPull.Outcome) throws {
        guard !options.dryRun else { return }
        try store.write { session in
            try session.recordSync(outcome.run, company: company)
            try ensureStreams(session)
            let last = try session.syncRuns(company: company, source: source.id, limit: Self.failuresBeforeException)
            guard last.count == Self.failuresBeforeException, last.allSatisfy({ $0.status == .failed }) else { return }
            let fault = outcome.run.fault
            try session.raise(
                ExceptionRecord(
                    "SYNC-FAILED", company: company, subject: source.id,
                    message: "\(source.id) could not be read \(Self.failuresBeforeException) times in a row: "
                        + "\(fault?.message ?? "") \(fault?.hint ?? "")",
                    dueOn: BankingCalendar(workplace.company.calendar).adding(1, to: workplace.today)),
                on: workplace.today, at: now)
        }
    }

    /// A stream that never succeeded covers nothing, and neither does its source.
    private func ensureStreams(_ session: Session) throws {
        let known = try session.syncStreams(company: company, source: source.id).map(\.stream)
        for stream in service.streams where !known.contains(stream.name) {
            guard pull.streams.isEmpty || pull.streams.contains(stream.name) else { continue }
            try session.saveSyncStream(
                SyncStream(
                    stream: stream.name, setting: "", cursorKind: nil, cursorValue: nil,
                    succeededAt: Timestamp(milliseconds: 0), coveredOn: Day(number: 0), importNo: nil),
                company: company, source: source.id)
        }
    }

    private func recordSuccess(_ outcome: StreamPull.Outcome) throws {
        guard !options.dryRun else { return }
        try store.write { session in
            try ensureStreams(session)
            try session.resolveExceptions(
                company: company, kind: "SYNC-FAILED", subject: source.id, resolution: "it was read again", at: now)
            guard outcome.faultCount > 0 else { return }
            // The cursor goes on past records that were left out, so a person must hear of them.
            try session.raise(
                ExceptionRecord(
                    "SYNC-RECORDS", company: company, subject: "\(source.id)/\(outcome.run.stream)",
                    message: "\(outcome.faultCount) records of \(outcome.run.stream) could not be read, the first: "
                        + (outcome.faults.first.map { "\($0.at.text): \($0.message)" } ?? ""),
                    dueOn: BankingCalendar(workplace.company.calendar).adding(2, to: workplace.today)),
                on: workplace.today, at: now)
        }
    }
}
