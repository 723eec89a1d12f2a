// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import FoundationEssentials
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

        package init() {}
    }

    /// Imports files in order; each is one all-or-nothing transaction.
    package func importFiles(_ paths: [String], _ options: ImportOptions) throws -> ImportSummary {
        let library = try MappingLibrary(share: environment.share)
        let context = try readingContext(library, mapping: options.mapping, kind: options.kind)
        let controls = try options.controlTotals.map(Self.control)
        let inputs = try InputFiles.expand(paths)
        let store = try openStore()
        var summary = ImportSummary(dryRun: options.dryRun)
        for input in inputs {
            let file = try SourceFile(path: input.path, name: input.name)
            summary.files.append(try importFile(file, input.shown, context, controls, options, store))
        }
        return summary
    }

    private func importFile(
        _ file: SourceFile, _ shown: String, _ context: ReadingContext, _ controls: [Money],
        _ options: ImportOptions, _ store: StoreFile
    ) throws -> ImportSummary.File {
        let staging = try Staging(beside: database)
        let reading = try Catalogue.read(file, context) { try staging.append($0) }
        var result = ImportSummary.File(path: shown, format: reading.format, mapping: reading.mapping, sha256: file.sha256)
        result.faults = reading.faults
        guard !reading.refused else { return result }
        var run = ImportRun(
            company: company, source: source(of: file.name, reading), name: file.name, sha256: file.sha256,
            size: file.size, format: reading.format, mapping: reading.mapping, mappingDigest: reading.mappingDigest,
            importedOn: today, recordedAt: environment.now(), actor: options.actor)
        run.snapshot = reading.snapshot
        run.acceptDrop = options.acceptDrop
        run.controlTotals =
            controls
            + reading.totals.compactMap { total in
                guard total.target == "open", let currency = total.currency ?? company.homeCurrency else { return nil }
                return total.amount.money(currency)
            }
        run.path = file.path
        run.faults = reading.faults
        run.mappingText = context.mapping?.text ?? context.mappings.first { $0.name == reading.mapping }?.text
        let outcome = try store.importing(run, staging, dryRun: options.dryRun)
        result.outcome = outcome
        result.faults += outcome.faults
        return result
    }

    /// The external book a file belongs to: by the configuration's globs, else one book per kind of channel.
    private func source(of name: String, _ reading: Reading) -> String {
        for source in books.sources where source.files.contains(where: { Glob.matches(name, $0) }) { return source.id }
        return reading.mapping == nil ? "documents" : "accounting"
    }

    private static func control(_ text: String) throws -> Money {
        let code = String(text.suffix(3))
        guard let currency = Currency(code),
            let money = ScaledDecimal(text.dropLast(3).filter { $0 != " " })?.money(currency)
        else {
            throw Failure(
                "CONTROL-TOTAL", "“\(text)” is no control total.", hint: "Write an amount and its currency: 1180.00EUR.")
        }
        return money
    }

    func openStore(readOnly: Bool = false) throws -> StoreFile {
        try StoreFile(path: database, mode: readOnly ? .readOnly : .readWrite)
    }
}

/// `*` and `?` on file names.
package enum Glob {
    package static func matches(_ name: String, _ pattern: String) -> Bool {
        matches(Array(name.utf8)[...], Array(pattern.utf8)[...])
    }

    private static func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        let rest = pattern.dropFirst()
        if first == 0x2A {
            return (name.startIndex...name.endIndex).contains { matches(name[$0...], rest) }
        }
        guard let letter = name.first, first == 0x3F || first == letter else { return false }
        return matches(name.dropFirst(), rest)
    }
}

/// What an import did, file by file.
package struct ImportSummary: Sendable {
    package struct File: Sendable {
        package var path: String
        package var format: String
        package var mapping: String?
        package var sha256: String
        package var faults: [Fault] = []
        var outcome: ImportOutcome?

        package var refused: Bool { faults.contains { $0.severity == .refusal } }
        package var anyRefused: Bool { faults.contains { $0.severity != .warning } }
    }

    package let dryRun: Bool
    package var files: [File] = []

    package var anyRefused: Bool { files.contains(where: \.anyRefused) }

    private static let entities = ["invoices", "payments", "customers", "promises"]

    package var json: Node {
        .object([("files", .list(files.map(Self.json)))] + (dryRun ? [("dry_run", .bool(true))] : []))
    }

    private static func json(_ file: File) -> Node {
        .object([
            ("path", .text(file.path)), ("format", .text(file.format)), ("mapping", .text(file.mapping)),
            ("sha256", .text(file.sha256)), ("already_imported", .bool(file.outcome?.alreadyImported ?? false)),
            ("documents", .object(entityCounts(file).map { ($0, counts($1)) })),
            ("faults", .list(file.faults.map(DocumentJSON.fault))),
            (
                "totals",
                .list(
                    (file.outcome?.totals ?? []).map { total in
                        .object([
                            ("currency", .text(total.currency.code)), ("invoiced", amount(total.invoiced, total.currency)),
                            ("credited", amount(total.credited, total.currency)),
                            ("received", amount(total.received, total.currency)),
                            ("returned", amount(total.returned, total.currency)),
                        ])
                    })
            ),
            (
                "exceptions",
                .list(
                    (file.outcome?.exceptions ?? []).map {
                        .object([("kind", .text($0.kind)), ("subject", .text($0.subject)), ("message", .text($0.message))])
                    })
            ),
        ])
    }

    private static func entityCounts(_ file: File) -> [(String, ImportOutcome.Counts)] {
        let known = file.outcome?.documents ?? []
        let extra = known.map(\.entity).filter { !entities.contains($0) }
        return (entities + extra).map { name in
            (name, known.first { $0.entity == name }?.counts ?? ImportOutcome.Counts())
        }
    }

    private static func counts(_ counts: ImportOutcome.Counts) -> Node {
        .object([
            ("new", .integer(counts.new)), ("changed", .integer(counts.changed)), ("unchanged", .integer(counts.unchanged)),
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
            if file.outcome?.alreadyImported == true { lines.append("  the same bytes were imported before: nothing changes") }
            for (entity, counts) in Self.entityCounts(file) where counts.new + counts.changed + counts.unchanged > 0 {
                lines.append("  \(entity): \(counts.new) new, \(counts.changed) changed, \(counts.unchanged) unchanged")
            }
            for total in file.outcome?.totals ?? [] {
                func money(_ minor: Int64) -> String { Money(minorUnits: minor, currency: total.currency).amountText }
                lines.append(
                    "  \(total.currency): invoiced \(money(total.invoiced)), credited \(money(total.credited)), "
                        + "received \(money(total.received)), returned \(money(total.returned))")
            }
            for fault in file.faults {
                lines.append("  \(fault.severity.rawValue) \(fault.code) at \(fault.at.text): \(fault.message)")
                lines.append("    → \(fault.hint)")
            }
            for exception in file.outcome?.exceptions ?? [] {
                lines.append("  exception \(exception.kind) \(exception.subject): \(exception.message)")
            }
        }
        return lines.joined(separator: "\n")
    }
}
