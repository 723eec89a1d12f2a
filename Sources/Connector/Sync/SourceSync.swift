// SPDX-License-Identifier: Apache-2.0
import Crypto
import Documents
import FoundationEssentials
import Mappings
import Store

/// All streams of one source, in order; the first that fails ends the run, since later ones build on it.
struct SourceSync {
    let workplace: Workplace
    let source: Configuration.Source
    let pull: Configuration.PullSource
    let service: Service
    let options: Workplace.SyncOptions
    let surroundings: SyncSurroundings
    let store: StoreFile

    private var company: String { workplace.company.id }
    private var now: Timestamp { workplace.environment.now() }

    /// What every request to the system needs, for reading and for writing.
    struct Access {
        let setting: PullSetting
        let credential: Credential
        let exchange: SyncSurroundings.Exchange
        /// Makes new tokens durable. Also in a dry run: the old refresh token is dead whatever happens to the rows.
        let keep: (Credential) throws -> Void
    }

    func access() throws -> Access {
        let secretStore = SecretStore(
            source: source.id, company: company, pull: pull, variables: surroundings.variables,
            database: workplace.database, folder: workplace.configuration.folder)
        var setting = PullSetting()
        setting.config = try config()
        setting.secrets = try secretStore.secrets(service.secretNames)
        setting.seed = workplace.environment.random()
        setting.signer = .live
        setting.allowsPlainHTTP = pull.allowsPlainHTTP
        if let most = pull.pagesMax { setting.bounds.pagesMax = most }
        let secrets = setting.secrets
        return Access(
            setting: setting, credential: try store.read { try secretStore.credential($0, secrets: secrets) },
            exchange: try surroundings.exchange(pull),
            keep: { credential in
                try store.write { try secretStore.save(credential, secrets: secrets, $0, at: now) }
            })
    }

    func perform() throws -> SyncSummary {
        let access = try access()
        let setting = access.setting
        let (states, history) = try store.read { session in
            let span = service.limitSpan
            let since = Timestamp(milliseconds: now.milliseconds - span.window)
            return (
                try session.syncStreams(company: company, source: source.id),
                try session.syncRequests(company: company, source: source.id, since: since, most: span.count)
            )
        }
        var authentication = Authentication(service, credential: access.credential)
        var budget = Budget(service, history: history)
        var summary = SyncSummary(source: source.id, mapping: service.name)
        for stream in pull.wanted(of: service) {
            // Every stream before this one stands in the books with its cursor.
            if surroundings.brake.isPulled {
                summary.isStopped = true
                return summary
            }
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
                fingerprint: fingerprint, surroundings: surroundings, exchange: access.exchange, keep: access.keep,
                options: options)
            var machine = Pull(stream, setting: own, authentication: authentication, budget: budget)
            let outcome = try one.perform(&machine, store)
            (authentication, budget) = (machine.authentication, machine.budget)
            summary.streams.append(outcome)
            if outcome.run.status != .done {
                try recordFailure(outcome)
                break
            }
            try recordSuccess(outcome)
        }
        try tieOut(summary)
        return summary
    }

    /// Only a whole run is compared: a part of it proves nothing.
    private func tieOut(_ summary: SyncSummary) throws {
        guard !options.dryRun, summary.streams.allSatisfy({ $0.run.status == .done }) else { return }
        let stated = summary.streams.flatMap(\.balances)
        // A list of what each customer owes that came without a line says that nobody does.
        let lists = pull.wanted(of: service).filter { $0.mapping.names(.customerID, of: .balance) }.map(\.name)
        let isEmpty = summary.streams.contains { lists.contains($0.run.stream) && $0.faultCount == 0 }
        guard !stated.isEmpty || isEmpty else { return }
        let leftOut = summary.streams.reduce(0) { $0 + $1.faultCount }
        try store.write { session in
            try SourceTieOut(workplace: workplace, source: source.id, leftOut: leftOut).compare(stated, session)
        }
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

    private func recordFailure(_ outcome: StreamPull.Outcome) throws {
        guard !options.dryRun else { return }
        try store.write { session in
            try session.recordSync(outcome.run, company: company)
            try ensureStreams(session)
            try workplace.raiseAfterFailures(source: source.id, service: service, session)
        }
    }

    /// A stream that never succeeded covers nothing, and neither does its source.
    private func ensureStreams(_ session: Session) throws {
        let known = try session.syncStreams(company: company, source: source.id).map(\.stream)
        for stream in pull.wanted(of: service) where !known.contains(stream.name) {
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

extension Configuration.PullSource {
    /// The streams that are pulled, in the order of the mapping.
    func wanted(of service: Service) -> [Service.Stream] {
        service.streams.filter { streams.isEmpty || streams.contains($0.name) }
    }
}

extension Workplace {
    private static let failuresBeforeException = 3

    /// Three failures in a row are no passing trouble: an exception says why, and the command that mends it.
    func raiseAfterFailures(source: String, service: Service?, _ session: Session) throws {
        let last = try session.syncRuns(company: company.id, source: source, limit: Self.failuresBeforeException)
        guard last.count == Self.failuresBeforeException, last.allSatisfy({ $0.status == .failed }),
            let fault = last.first?.fault
        else { return }
        try session.raise(
            ExceptionRecord(
                "SYNC-FAILED", company: company.id, subject: source,
                message: "\(source) could not be read \(Self.failuresBeforeException) times in a row: "
                    + "\(fault.message.sentence) \(fault.hint.sentence) "
                    + "Then: \(mending(fault, source: source, service: service))",
                dueOn: BankingCalendar(company.calendar).adding(1, to: today)),
            on: today, at: environment.now())
    }

    /// The exact command that mends a failure, or that shows that it is mended.
    func mending(_ fault: Fault, source: String, service: Service?) -> String {
        let whose = configuration.companies.count > 1 ? " --company \(company.id)" : ""
        switch fault.code {
        case "PULL-AUTH", "PULL-SETTING", "SECRET-MISSING", "CREDENTIAL-SEALED":
            if service?.isAuthorisedByPerson == true { return "tieout source authorise \(source)\(whose)" }
            let names = (service?.secretNames ?? []).map { SecretStore.variable(source: source, name: $0) }
            return (names.map { "\($0)=… " }.joined()) + "tieout sync \(source)\(whose)"
        case "SNAPSHOT-DROP": return "tieout sync --accept-drop \(source)\(whose)"
        default: return "tieout sync \(source)\(whose)"
        }
    }
}
