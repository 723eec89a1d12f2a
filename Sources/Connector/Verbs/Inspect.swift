// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import FoundationEssentials
import Mappings
import Trees

extension Workplace {
    /// Says what files are and how they would be read; nothing is stored.
    /// - Returns: One object a file; failed when a file would be refused.
    package func inspect(_ paths: [String], mapping: String?, kind: String?) throws -> Answer {
        let context = try readingContext(MappingLibrary(share: environment.share), mapping: mapping, kind: kind)
        var nodes: [Node] = []
        var texts: [String] = []
        var failed = false
        for input in try InputFiles.expand(paths) {
            let inspection = try Catalogue.inspect(SourceFile(path: input.path, name: input.name), context)
            failed = failed || inspection.refused
            nodes.append(
                .object([("path", .text(input.shown))] + (inspection.node.entries ?? []).map { ($0.key, $0.value) }))
            texts.append(inspection.text)
        }
        var answer = Answer(
            json: .object([("files", .list(nodes))]), text: texts.joined(separator: "\n\n"))
        answer.failed = failed
        return answer
    }

    /// A mapping for a table that no mapping reads, each guess with its reason.
    /// - Parameter out: where it is written; nil prints it.
    package func suggestMapping(_ path: String, out: String?) throws -> Answer {
        guard let input = try InputFiles.expand([path]).first else {
            throw Failure("INPUT-EMPTY", "There is no file in \(path).", hint: "Name a file.")
        }
        let file = try SourceFile(path: input.path, name: input.name)
        let context = try readingContext(MappingLibrary(share: environment.share), mapping: nil, kind: nil)
        let inspection = try Catalogue.inspect(file, context)
        guard let table = inspection.table else {
            throw Failure(
                "SUGGEST-TABLE", "\(path) is \(inspection.format), and a mapping is suggested for tables only.",
                hint: inspection.faults.first?.hint ?? "See docs/mapping.md for XML and JSON records.")
        }
        let text = table.suggestedMapping(name: out.map(Self.mappingName) ?? Self.mappingName(input.name))
        var lines: [String] = []
        if let mapping = table.mapping { lines.append("# The mapping \(mapping) already reads this file.") }
        guard let out else {
            return Answer(
                json: .object([("mapping", .text(text)), ("already_read_by", .text(table.mapping))]),
                text: (lines + [text]).joined(separator: "\n"))
        }
        try Data(text.utf8).write(to: URL(filePath: out))
        lines.append("Written to \(out). Read it, correct it, then:")
        lines.append("  tieout mapping check \(out)")
        lines.append("  tieout read --mapping \(out) \(path)")
        lines.append("  tieout import --mapping \(out) \(path)")
        return Answer(
            json: .object([("path", .text(out)), ("already_read_by", .text(table.mapping))]),
            text: lines.joined(separator: "\n"))
    }

    /// Letters, digits and hyphens of a file's name.
    private static func mappingName(_ path: String) -> String {
        let stem = InputFiles.lastName(path).split(separator: ".").first.map(String.init) ?? ""
        let letters = stem.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let words = String(letters).split(separator: "-").joined(separator: "-")
        return words.isEmpty ? "suggested" : String(words.prefix(60))
    }
}
