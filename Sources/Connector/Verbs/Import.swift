// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import FoundationEssentials
import Mappings
import Store
package import Trees

extension Workplace {
    package struct ImportOptions: Sendable {
        package var mapping: String?
        package var kind: String?
        package var dryRun = false
        package var acceptDrop = false
        /// `1180.00EUR`
        package var controlTotals: [String] = []
        package var actor = "import"
        /// Where rows that are left out are kept; nil is a file of their own beside the database.
        package var rejects: String?
        /// The file is a part: what is absent from it stays as it is, whatever the mapping says.
        package var partial = false
        /// `same` or `other`: what entries are on days that another form of the account's statement stated.
        package var overlap: String?

        package init() {}
    }

    /// Imports files in order; each is one all-or-nothing transaction.
    package func importFiles(_ paths: [String], _ options: ImportOptions) throws -> ImportSummary {
        let library = try MappingLibrary(share: environment.share)
        let context = try readingContext(library, mapping: options.mapping, kind: options.kind)
        let controls = try options.controlTotals.map(Self.control)
        let inputs = try InputFiles.expand(paths)
        guard !inputs.isEmpty else {
            throw Failure(
                "INPUT-EMPTY", "There is no file in \(paths.joined(separator: ", ")).",
                hint: "Name a file, or a folder with files.")
        }
        if configuration.companies.isEmpty {
            environment.log(
                "tieout: no company is configured; the books are those of “\(company.id)” with authority: tieout. "
                    + "Describe yours in tieout.yaml.")
        }
        let store = try openStore(creates: true)
        var summary = ImportSummary(dryRun: options.dryRun)
        for input in inputs {
            do {
                let file = try SourceFile(path: input.path, name: input.name)
                var result = try importFile(file, input.shown, context, controls, options, store)
                try keepRejects(&result, of: file, options, severalFiles: inputs.count > 1)
                summary.files.append(result)
            } catch {
                guard !summary.files.isEmpty else { throw error }
                // What landed before is in the books and is told; the rest was not tried.
                summary.stop = ImportSummary.Stop(path: input.shown, error: error)
                break
            }
        }
        return summary
    }

    private func importFile(
        _ file: SourceFile, _ shown: String, _ context: ReadingContext, _ controls: [Money],
        _ options: ImportOptions, _ store: StoreFile
    ) throws -> ImportSummary.File {
        var result = ImportSummary.File(path: shown, format: "unknown", mapping: nil, sha256: file.sha256)
        do {
            try land(file, context, controls, options, store, &result)
        } catch let refusal as ImportRefusal {
            result.faults += refusal.faults
            guard !options.dryRun else { return result }
            var reading = Reading(format: result.format)
            reading.mapping = result.mapping
            let run = try makeRun(file, reading, context, controls, options)
            _ = try store.write { try $0.recordRefusal(run, faults: refusal.faults) }
        }
        return result
    }

    /// Files above this size are worth a try at loading a new company's invoices without staging them.
    private static let firstLoadSize = 4_000_000

    /// Reads, stages and merges one file; throws `ImportRefusal` where nothing of it may land.
    private func land(
        _ file: SourceFile, _ context: ReadingContext, _ controls: [Money], _ options: ImportOptions,
        _ store: StoreFile, _ result: inout ImportSummary.File
    ) throws {
        let landing = Landing(file: file, context: context, controls: controls, options: options, store: store)
        if file.size >= Self.firstLoadSize, try store.read({ try $0.isWithoutInvoices(company: company.id) }) {
            do {
                let outcome = try store.write(dryRun: options.dryRun) { session in
                    try merge(stage(landing, into: session, &result), landing, session)
                }
                return result.complete(outcome)
            } catch is FirstLoad.Unfit {
                // Something in it must be compared: the same file again, the way of all others.
            }
        }
        let staged = try stage(landing, into: nil, &result)
        let outcome = try store.write(dryRun: options.dryRun) { try merge(staged, landing, $0) }
        result.complete(outcome)
    }

    /// - Parameter session: the transaction of a first load; nil where the file is read without the writer's lock.
    private func stage(
        _ landing: Landing, into session: Session?, _ result: inout ImportSummary.File
    ) throws -> (documents: Staging, reading: Reading) {
        let file = landing.file
        // Which mapping reads the file is known with its first document; an empty file stages nothing.
        var staging: Staging?
        let reading = try Catalogue.read(file, landing.context) { document in
            let stage: Staging
            if let staging {
                stage = staging
            } else {
                let origin = document.provenance.origin
                (result.format, result.mapping) = (origin.format, origin.mapping)
                stage = try makeStaging(file.name, origin, landing.context, into: session)
                staging = stage
            }
            if case .payment = document {
                try stage.append(BookSettlements.entering(document, from: result.format))
            } else {
                try stage.append(document)
            }
        }
        (result.format, result.mapping) = (reading.format, reading.mapping)
        if reading.refused { throw ImportRefusal(reading.faults) }
        result.faults = reading.faults
        result.rejects = reading.rejects
        if let warning = snapshotWarning(reading, landing.options) { result.faults.append(warning) }
        let stage =
            try staging
            ?? makeStaging(
                file.name,
                Provenance.Origin(
                    sha256: file.sha256, name: file.name, format: reading.format, mapping: reading.mapping),
                landing.context, into: session)
        try stage.finish()
        return (stage, reading)
    }

    private func merge(
        _ stage: (documents: Staging, reading: Reading), _ landing: Landing, _ session: Session
    ) throws -> ImportOutcome {
        let keeping =
            landing.options.dryRun
            ? nil : landing.store.keepingOriginal(fileAt: landing.file.path, sha256: landing.file.sha256)
        let run = try makeRun(landing.file, stage.reading, landing.context, landing.controls, landing.options)
        let outcome = try session.merge(stage.documents, run: run)
        try afterMerge(outcome, run, landing.context, session)
        // The bytes are durable before the transaction that names them commits.
        try keeping?.wait()
        return outcome
    }

    private func makeStaging(
        _ name: String, _ origin: Provenance.Origin, _ context: ReadingContext, into session: Session?
    ) throws -> Staging {
        let folder =
            database.contains("/") ? String(database[..<(database.lastIndex(of: "/") ?? database.startIndex)]) : "."
        return try Staging(
            folder: folder.isEmpty ? "/" : folder, company: company,
            source: source(of: name, origin.format, mapping: origin.mapping, context),
            reader: origin.mapping ?? origin.format, importedOn: today, into: session)
    }

    private func makeRun(
        _ file: SourceFile, _ reading: Reading, _ context: ReadingContext, _ controls: [Money], _ options: ImportOptions
    ) throws -> ImportRun {
        var run = ImportRun(
            company: company, source: try source(of: file.name, reading.format, mapping: reading.mapping, context),
            name: file.name, sha256: file.sha256, size: Int64(file.size), format: reading.format,
            mapping: reading.mapping,
            mappingDigest: reading.mappingDigest, importedOn: today, recordedAt: environment.now(),
            actor: options.actor)
        if closesAbsent(reading, options) { run.snapshot = ImportRun.Snapshot(acceptDrop: options.acceptDrop) }
        let inFile = reading.totals.compactMap { total -> Money? in
            guard total.target == "open", let currency = total.currency ?? company.homeCurrency else { return nil }
            return total.amount.money(currency)
        }
        let origin = Provenance.Origin(sha256: file.sha256, name: file.name, format: reading.format)
        run.controlTotals = (controls + inFile).map {
            Balance(asOf: today, amount: $0, provenance: Provenance(origin, at: .file))
        }
        // A total inside a file of selected rows is the file's own; only one given beside it is the whole book's.
        run.comparesTotals = !controls.isEmpty
        run.faults = reading.faults
        run.overlap = options.overlap.flatMap(ImportRun.Overlap.init(rawValue:))
        return run
    }

    /// In the import's own transaction: promises meet their machine, exceptions reach a person, the mapping's text is
    /// kept so that `explain` survives edits.
    private func afterMerge(
        _ outcome: ImportOutcome, _ run: ImportRun, _ context: ReadingContext, _ session: Session
    ) throws {
        guard !outcome.alreadyImported else { return }
        let now = environment.now()
        for exception in outcome.exceptions {
            try session.raise(
                ExceptionRecord(
                    exception.kind, company: company.id, customerID: exception.customer, subject: exception.subject,
                    message: exception.message, dueOn: BankingCalendar(company.calendar).adding(2, to: today)),
                on: today, at: now)
        }
        try BookSettlements(company: company, run: run, session: session).perform(importNo: outcome.importNo)
        try promisesFromImport(session)
        try judgeLateControls(session, importNo: outcome.importNo)
        try closeLinks(session)
        let mapping = try context.mapping(named: run.mapping)
        if let mapping, let digest = mapping.digest, let text = mapping.text {
            try session.keepText(digest: digest, kind: "mapping", name: mapping.name, text: text, at: now)
        }
    }

    /// The external book a file belongs to: by the configuration's globs, else one book per kind of channel.
    private func source(
        of name: String, _ format: String, mapping: String?, _ context: ReadingContext
    ) throws -> String {
        for source in books.sources where source.files.contains(where: { Glob.matches(name, $0) }) { return source.id }
        // Each provider's report is a book of its own: what it charged stands on a clearing account of its own.
        let used = try context.mapping(named: mapping)
        if let mapping, used?.entities.contains(.settlement) == true { return mapping }
        return mapping == nil && !Catalogue.ledgers.contains(format) ? "documents" : "accounting"
    }

    private static func control(_ text: String) throws -> Money {
        let code = String(text.suffix(3))
        guard let currency = Currency(code),
            let money = ScaledDecimal(text.dropLast(3).filter { $0 != " " })?.money(currency)
        else {
            throw Failure(
                "CONTROL-TOTAL", "“\(text)” is no control total.", hint: "Write an amount and its currency: 1180.00EUR."
            )
        }
        return money
    }

    /// - Parameter creates: only what brings documents in makes a database: with a mistyped name anything else would speak of
    ///   books that are empty.
    func openStore(readOnly: Bool = false, creates: Bool = false) throws -> StoreFile {
        if let open = environment.openStores { return try open.store(at: database) }
        if !creates { try StoreFile.requireThere(database) }
        return try StoreFile(path: database, mode: readOnly ? .readOnly : .readWrite)
    }
}

/// One file on its way in, with what the import was told.
private struct Landing {
    let file: SourceFile
    let context: ReadingContext
    let controls: [Money]
    let options: Workplace.ImportOptions
    let store: StoreFile
}

/// What an import did, file by file.
package struct ImportSummary: Sendable {
    struct File: Sendable {
        var path: String
        var format: String
        var mapping: String?
        var sha256: String
        var faults: [Fault] = []
        var outcome: ImportOutcome?
        var rejects: TableRejects?
        /// Where the rows that were left out are kept.
        var rejectsPath: String?
        /// The mapping to read them with, as the user named it.
        var rejectsMapping: String?

        var refused: Bool { faults.contains { $0.severity == .refusal } }
        var anyRefused: Bool { faults.contains { $0.severity != .warning } }

        mutating func complete(_ outcome: ImportOutcome) {
            self.outcome = outcome
            faults += outcome.faults
        }
    }

    /// The world said no to a file: those before it are in the books, it and those after it are not.
    package struct Stop: Sendable {
        package let path: String
        package let error: any Error
    }

    let dryRun: Bool
    var files: [File] = []
    package var stop: Stop?

    package var anyRefused: Bool { files.contains(where: \.anyRefused) }

    private static let entities = ["invoices", "payments", "customers", "promises"]

    package var json: Node {
        .object(
            [("files", .list(files.map(Self.json)))] + (dryRun ? [("dry_run", .bool(true))] : [])
                + (stop.map { [("stopped_at", .text($0.path))] } ?? []))
    }

    private static func json(_ file: File) -> Node {
        .object([
            ("path", .text(file.path)), ("format", .text(file.format)), ("mapping", .text(file.mapping)),
            ("sha256", .text(file.sha256)), ("already_imported", .bool(file.outcome?.alreadyImported ?? false)),
            ("documents", .object(entityCounts(file).map { ($0, counts($1)) })),
            ("faults", .list(file.faults.map(DocumentJSON.fault))), ("rejects", .text(file.rejectsPath)),
            (
                "totals",
                .list(
                    totals(file).map { currency, total in
                        .object([
                            ("currency", .text(currency.code)), ("invoiced", amount(total.invoiced, currency)),
                            ("credited", amount(total.credited, currency)),
                            ("received", amount(total.received, currency)),
                            ("returned", amount(total.returned, currency)),
                        ])
                    })
            ),
            (
                "exceptions",
                .list(
                    (file.outcome?.exceptions ?? []).map {
                        .object([
                            ("kind", .text($0.kind)), ("subject", .text($0.subject)), ("message", .text($0.message)),
                        ])
                    })
            ),
        ])
    }

    private static func totals(_ file: File) -> [(Currency, ImportOutcome.Totals)] {
        let totals = file.outcome?.totals ?? [:]
        return totals.keys.sorted().map { ($0, totals[$0] ?? ImportOutcome.Totals()) }
    }

    /// The four of the manual always, the others where there are any.
    private static func entityCounts(_ file: File) -> [(String, ImportOutcome.Count)] {
        (file.outcome ?? ImportOutcome()).counts.filter { entity, count in
            entities.contains(entity + "s") || count != ImportOutcome.Count()
        }.map { ($0.entity + "s", $0.count) }
    }

    private static func counts(_ counts: ImportOutcome.Count) -> Node {
        .object([
            ("new", .integer(counts.new)), ("changed", .integer(counts.changed)),
            ("unchanged", .integer(counts.unchanged)),
        ])
    }

    private static func amount(_ minor: Int64, _ currency: Currency) -> Node {
        .text(Money(minorUnits: minor, currency: currency).amountText)
    }

    package var text: String {
        var lines: [String] = []
        for file in files {
            let reader = file.mapping.map { "\(file.format), mapping \($0)" } ?? file.format
            lines.append("\(file.path) (\(reader))\(dryRun ? ", dry run" : "")")
            if file.refused { lines.append("  refused; nothing of it landed") }
            if file.outcome?.alreadyImported == true {
                lines.append("  the same bytes were imported before: nothing changes")
            }
            for (entity, counts) in Self.entityCounts(file) where counts.new + counts.changed + counts.unchanged > 0 {
                lines.append("  \(entity): \(counts.new) new, \(counts.changed) changed, \(counts.unchanged) unchanged")
            }
            for (currency, total) in Self.totals(file) {
                func money(_ minor: Int64) -> String { Money(minorUnits: minor, currency: currency).amountText }
                lines.append(
                    "  \(currency): invoiced \(money(total.invoiced)), credited \(money(total.credited)), "
                        + "received \(money(total.received)), returned \(money(total.returned))")
            }
            for fault in file.faults {
                lines.append("  \(fault.severity.rawValue) \(fault.code) at \(fault.at.text): \(fault.message)")
                lines.append("    → \(fault.hint)")
            }
            lines += file.rejectsLines
            for exception in file.outcome?.exceptions ?? [] {
                lines.append("  exception \(exception.kind) \(exception.subject): \(exception.message)")
            }
        }
        if let stop {
            lines.append("\(stop.path): failed, and nothing of it landed; what is listed above is in the books")
        }
        return lines.joined(separator: "\n")
    }
}
