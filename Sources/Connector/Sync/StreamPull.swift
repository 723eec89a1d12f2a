// SPDX-License-Identifier: Apache-2.0
import Crypto
import Documents
import Formats
import FoundationEssentials
import Mappings
import Remote
import Store
import Trees

/// One stream's pull from its first request to its commit: bytes ─► tree ─► records ─► staging ─► one transaction.
struct StreamPull {
    let workplace: Workplace
    let source: Configuration.Source
    let service: Service
    let stream: Service.Stream
    let setting: PullSetting
    /// Digest of the mapping and the configuration that the cursor holds for.
    let fingerprint: String
    let surroundings: SyncSurroundings
    let exchange: SyncSurroundings.Exchange
    let keep: (Credential) throws -> Void
    let options: Workplace.SyncOptions

    /// What landed, or why nothing did.
    struct Outcome {
        var run: SyncRun
        var counts: ImportOutcome?
        /// Records left out, and what else should be looked at.
        var faults: [Fault] = []
        var faultCount = 0
        var exceptions: [ImportOutcome.Exception] = []
        /// What the system states that customers owe.
        var balances: [Balance] = []
        /// The first documents, for a person who sets the source up.
        var samples: [Node] = []
    }

    private var now: Timestamp { workplace.environment.now() }

    func perform(_ pull: inout Pull, _ store: StoreFile) throws -> Outcome {
        let started = now
        let queue = LandingQueue(Landing(self, startedAt: started, mapper: try mapper()))
        let completion: PullCompletion
        var landing: Landing
        do {
            completion = try drive(&pull, queue, store)
            landing = try queue.finish()
        } catch let failure as PullFailure {
            landing = try queue.finish()
            var run = run(started, pull.count, failure.fault.code == Self.stopped.code ? .stopped : .failed)
            run.fault = failure.fault
            return Outcome(run: run, faults: landing.faults, faultCount: landing.faultCount)
        }
        landing.faults += completion.warnings
        return try commit(landing, completion, run(started, completion.count, .done), store)
    }

    private func run(_ started: Timestamp, _ count: PullCount, _ status: SyncRun.Status) -> SyncRun {
        var run = SyncRun(
            source: source.id, stream: stream.name, mapping: service.name, mappingDigest: service.digest,
            startedAt: started, endedAt: now, status: status)
        run.requests = count.requests
        run.retries = count.retries
        run.pages = count.pages
        run.passes = count.passes
        run.records = count.records
        run.bytes = count.bytes
        run.waitedMilliseconds = count.waited
        run.cursorBefore = setting.cursor?.value
        return run
    }

    // MARK: Driving the machine

    private struct PullFailure: Error { var fault: Fault }

    private static let stopped = Fault(
        "SYNC-STOPPED", .warning, at: .file, "the run was stopped before this stream was read to its end",
        hint: "Nothing of it landed and its cursor stands where it was; it is read again when `tieout serve` starts.")

    private func drive(
        _ pull: inout Pull, _ landing: LandingQueue, _ store: StoreFile
    ) throws -> PullCompletion {
        // A page's own answer, and those of what belongs to its records.
        var bodies: [[UInt8]] = []
        // A clock that stands still, as in a demonstration, must not make a wait last for ever.
        var waited = Timestamp(milliseconds: 0)
        while true {
            if surroundings.brake.isCut { throw PullFailure(fault: Self.stopped) }
            let moment = max(now, waited)
            switch pull.next(at: moment) {
            case .send(let request): send(request, &pull, &bodies)
            case .wait(let until):
                surroundings.sleep(max(0, until.milliseconds - moment.milliseconds))
                waited = until
            case .keep(let credential):
                try keep(credential)
                pull.kept()
            case .page(let page):
                try landing.take(page, bodies)
                bodies = []
            case .done(let completion): return completion
            case .fail(let fault): throw PullFailure(fault: fault)
            }
        }
    }

    private func send(_ request: PullRequest, _ pull: inout Pull, _ bodies: inout [[UInt8]]) {
        let wire = HTTPRequest(
            method: request.method, url: request.url.text, headers: request.headers, body: request.body)
        do {
            let response = try exchange(wire)
            let answer = PullAnswer(
                response, as: request.format,
                namespaces: request.isForRecords ? stream.mapping.source.namespaces : [:],
                inner: request.isForRecords ? stream.inner : nil)
            if request.purpose == .page { bodies = [] }
            if request.isForRecords, answer.tree != nil { bodies.append(response.body) }
            pull.receive(answer, at: now)
        } catch {
            pull.lose(PullLoss(error), at: now)
        }
    }

    private func mapper() throws -> RecordMapper {
        let origin = Provenance.Origin(
            sha256: "", name: "\(source.id)/\(stream.name)", format: "pull", mapping: stream.mapping.name,
            mappingDigest: service.digest)
        var bound = RecordMapper.Setting(origin: origin, asOf: workplace.today)
        bound.defaultCurrency = workplace.company.homeCurrency
        bound.config = setting.config
        bound.offset = { ZonedTime.offset(zone: $0, milliseconds: $1) }
        switch RecordMapper.bind(stream.mapping, header: [], headerLine: 0, setting: bound) {
        case .success(let mapper): return mapper
        case .failure(let failure): throw Workplace.refused("\(source.id)/\(stream.name)", failure.faults)
        }
    }

    // MARK: Landing

    /// Pages on their way into staging; a new pass makes the earlier one obsolete.
    struct Landing {
        private let owner: StreamPull
        private let startedAt: Timestamp
        private var mapper: RecordMapper
        private(set) var staging: Staging?
        private(set) var spool: Spool?
        private var pass = 1
        private(set) var sums = ListedSums()
        private(set) var balances: [Balance] = []
        private(set) var samples: [Node] = []
        /// Payments with their places, where one that is absent is gone.
        private(set) var listed: [ImportRun.Listing.Line] = []
        var faults: [Fault] = []
        private(set) var faultCount = 0

        init(_ owner: StreamPull, startedAt: Timestamp, mapper: RecordMapper) {
            self.owner = owner
            self.startedAt = startedAt
            self.mapper = mapper
        }

        mutating func take(_ page: PullPage, _ bodies: [[UInt8]]) throws {
            if page.pass != pass {
                (staging, spool, pass, sums, faults, faultCount) = (nil, nil, page.pass, ListedSums(), [], 0)
                (balances, samples, listed) = ([], [], [])
            }
            let (staging, spool) = try opened()
            for body in bodies { try spool.add(page: page.number, body) }
            for record in page.records {
                var placed = record
                placed.pointer = "page \(page.number): \(record.pointer)"
                let place = owner.stream.noticesAbsent ? owner.stream.place(of: record) : nil
                let outcome = try mapper.map(placed) { document in
                    sums.add(document)
                    if samples.count < owner.options.samples { samples.append(document.node) }
                    if case .balance(let balance) = document { balances.append(balance) }
                    if let place, case .payment(let payment) = document, let id = payment.id {
                        listed.append(ImportRun.Listing.Line(id: id, place: place))
                    }
                    try staging.append(document)
                }
                guard outcome == .faulty || !mapper.faults.isEmpty else { continue }
                faultCount += mapper.faults.count
                if faults.count < Reading.faultsMax { faults += mapper.faults }
            }
        }

        /// A list without a record makes none by itself.
        @discardableResult
        mutating func opened() throws -> (Staging, Spool) {
            let spool =
                try spool ?? Spool(folder: owner.workplace.databaseFolder, header: owner.header(pass: pass, startedAt))
            let staging = try staging ?? owner.makeStaging()
            (self.spool, self.staging) = (spool, staging)
            return (staging, spool)
        }
    }

    fileprivate func header(pass: Int, _ startedAt: Timestamp) -> String {
        Node.compact([
            ("source", .text(source.id)), ("stream", .text(stream.name)), ("mapping", .text(service.digest)),
            ("started", .text(startedAt.text)), ("pass", .integer(pass)), ("after", .text(setting.cursor?.text)),
        ]).json
    }

    fileprivate func makeStaging() throws -> Staging {
        try Staging(
            folder: workplace.databaseFolder, company: workplace.company, source: source.id,
            reader: stream.mapping.name, importedOn: workplace.today)
    }

    /// Rows, cursor and the run's record in one transaction: none of it without the others.
    private func commit(
        _ landing: Landing, _ completion: PullCompletion, _ sync: SyncRun, _ store: StoreFile
    ) throws -> Outcome {
        var sync = sync
        // A run that may have missed something leaves the cursor where it was.
        let cursor = completion.cursor ?? setting.cursor
        sync.cursorAfter = cursor?.value
        var outcome = Outcome(run: sync, faults: landing.faults, faultCount: landing.faultCount)
        (outcome.balances, outcome.samples) = (landing.balances, landing.samples)
        var importRun: ImportRun?
        var landing = landing
        if landing.staging == nil, try missesPayments(completion, store) { try landing.opened() }
        if let staging = landing.staging, let spool = landing.spool {
            try staging.finish()
            let digest = try spool.finish()
            if !options.dryRun { try store.keepOriginal(fileAt: spool.path, sha256: digest) }
            importRun = makeRun(digest, spool.size, landing, completion)
        }
        let run = importRun
        do {
            outcome = try store.write(dryRun: options.dryRun) { [outcome] session in
                var result = outcome
                if let staging = landing.staging, let run {
                    let merged = try session.merge(staging, run: run)
                    result.counts = merged
                    result.exceptions = merged.exceptions
                    result.run.importNo = merged.importNo
                    try afterMerge(merged, run, session)
                }
                try session.saveSyncStream(
                    SyncStream(
                        stream: stream.name, setting: fingerprint, cursorKind: cursor?.kind,
                        cursorValue: cursor?.value, succeededAt: now, coveredOn: workplace.today,
                        importNo: result.run.importNo), company: workplace.company.id, source: source.id)
                try session.recordSync(result.run, company: workplace.company.id)
                return result
            }
        } catch let refusal as ImportRefusal {
            outcome.run.status = .failed
            outcome.run.fault = refusal.faults.first
            outcome.faults += refusal.faults
            return outcome
        }
        outcome.faults += outcome.counts?.faults ?? []
        return outcome
    }

    private func makeRun(
        _ digest: String, _ size: Int64, _ landing: Landing, _ completion: PullCompletion
    ) -> ImportRun {
        var run = ImportRun(
            company: workplace.company, source: source.id, name: "\(source.id)/\(stream.name)", sha256: digest,
            size: size, format: "pull", mapping: stream.mapping.name, mappingDigest: service.digest,
            importedOn: workplace.today, recordedAt: now, actor: options.actor)
        // What could not be read may be what is missing: then nothing is closed for being absent.
        if stream.mode == .openSnapshot, completion.isWhole, landing.faultCount == 0, landing.sums.count > 0 {
            run.snapshot = ImportRun.Snapshot(acceptDrop: options.acceptDrop)
            run.controlTotals = landing.sums.balances(asOf: workplace.today, name: run.name)
        }
        if let from = completion.listedFrom, landing.faultCount == 0 {
            run.listing = ImportRun.Listing(from: from, lines: landing.listed, acceptDrop: options.acceptDrop)
        }
        run.faults = landing.faults
        return run
    }

    /// Nothing was listed where payments had been.
    private func missesPayments(_ completion: PullCompletion, _ store: StoreFile) throws -> Bool {
        guard let from = completion.listedFrom else { return false }
        return try store.read {
            try $0.hasListedPayments(
                company: workplace.company.id, source: source.id, reader: stream.mapping.name, from: from)
        }
    }

    private func afterMerge(_ outcome: ImportOutcome, _ run: ImportRun, _ session: Session) throws {
        let company = workplace.company
        let due = BankingCalendar(company.calendar).adding(2, to: workplace.today)
        for exception in outcome.exceptions {
            try session.raise(
                ExceptionRecord(
                    exception.kind, company: company.id, customerID: exception.customer, subject: exception.subject,
                    message: exception.message, dueOn: due), on: workplace.today, at: run.recordedAt)
        }
        if !service.statesOpen {
            let readers = service.streams.filter { $0.mapping.entities.contains(.invoice) }.map(\.mapping.name)
            try BookSettlements(company: company, run: run, session: session)
                .perform(source: source.id, readers: readers, importNo: outcome.importNo)
        }
        try workplace.promisesFromImport(session)
        try workplace.closeLinks(session)
        if let digest = service.digest, let text = service.text {
            try session.keepText(digest: digest, kind: "mapping", name: service.name, text: text, at: run.recordedAt)
        }
    }
}

extension Workplace {
    /// The folder the database lies in, for temporary files on the same disk.
    var databaseFolder: String {
        guard let slash = database.lastIndex(of: "/") else { return "." }
        return slash == database.startIndex ? "/" : String(database[..<slash])
    }
}
