// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import FoundationEssentials
import Store

extension Workplace {
    /// Whether what is absent from a file is settled: the mapping says so, and the file is whole.
    func closesAbsent(_ reading: Reading, _ options: ImportOptions) -> Bool {
        reading.snapshot && !options.partial && reading.rejects == nil
    }

    /// Rows that were left out are not absent from the source.
    func snapshotWarning(_ reading: Reading, _ options: ImportOptions) -> Fault? {
        guard reading.snapshot, !options.partial, let rejects = reading.rejects else { return nil }
        return Fault(
            "SNAPSHOT-PARTIAL", .warning, at: .file,
            "\(rejects.count == 1 ? "a row was" : "\(rejects.count) rows were") left out, so what is absent from this file "
                + "stays open",
            hint: "Correct the rows in the source and export the whole list again.")
    }

    /// Keeps the rows that were left out, with their header, where they can be corrected and imported again.
    func keepRejects(
        _ result: inout ImportSummary.File, of file: SourceFile, _ options: ImportOptions, severalFiles: Bool
    ) throws {
        guard let rejects = result.rejects, !result.refused, !options.dryRun,
            result.outcome?.alreadyImported != true
        else { return }
        let name = "\(file.sha256.prefix(8))-\(file.name).rejects.csv"
        let manager = FileManager.default
        var path = options.rejects ?? "\(database).d/rejects/\(name)"
        if let chosen = options.rejects {
            var isFolder = false
            let exists = manager.fileExists(atPath: chosen, isDirectory: &isFolder)
            if severalFiles || exists && isFolder || chosen.hasSuffix("/") {
                path = chosen + (chosen.hasSuffix("/") ? "" : "/") + name
            }
        }
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        do {
            if !folder.isEmpty { try manager.createDirectory(atPath: folder, withIntermediateDirectories: true) }
            try Data(rejects.bytes).write(to: URL(filePath: path))
        } catch {
            throw Failure(
                "REJECTS", "The rows that were left out cannot be kept at \(path): \(error).",
                hint: "The other rows have landed; name another place with --rejects and import the file again.")
        }
        result.rejectsPath = path
        result.rejectsMapping = options.mapping ?? result.mapping
    }
}

extension ImportSummary.File {
    /// Where the rows that were left out are, for people.
    var rejectsLines: [String] {
        guard let rejectsPath, let rejects else { return [] }
        let some = rejects.kept < rejects.count ? " (the first \(rejects.kept))" : ""
        return [
            "  \(rejects.count) \(rejects.count == 1 ? "row was" : "rows were") left out and kept\(some) in \(rejectsPath)",
            "    → Correct them there and import that file\(rejectsMapping.map { " with --mapping \($0) --partial" } ?? "").",
        ]
    }
}
