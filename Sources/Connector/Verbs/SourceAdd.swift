// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import FoundationEssentials
import Mappings
import Trees

/// `tieout source add`: one more system in tieout.yaml, checked before it is written.
extension Workplace {
    package struct NewSource: Sendable {
        package var id: String
        /// A name in `mappings/rest`, or a path.
        package var mapping: String
        package var config: [String: String] = [:]
        package var schedule: String?

        package init(id: String, mapping: String) {
            self.id = id
            self.mapping = mapping
        }
    }

    /// What the mapping needs and has no value for yet, in its order.
    package func missingConfig(_ new: NewSource) throws -> [String] {
        try findService(new.mapping).config.filter { name, fallback in
            fallback == nil && name != "home_currency" && new.config[name] == nil && books.mappingValues[name] == nil
        }.map(\.name)
    }

    /// Writes the source into the configuration, whose other lines stay as they are.
    /// - Parameter path: of the configuration; it is made where there is none.
    package func addSource(_ new: NewSource, to path: String) throws -> Answer {
        let service = try findService(new.mapping)
        let missing = try missingConfig(new)
        guard missing.isEmpty else {
            throw Failure(
                "CONFIG-MISSING", "The source \(new.id) needs a value for \(missing.joined(separator: ", ")).",
                hint: "Give it with --set \(missing[0])=VALUE.")
        }
        guard !books.sources.contains(where: { $0.id == new.id }) else {
            throw Failure(
                "SOURCE-KNOWN", "There is a source “\(new.id)” already.", hint: "Choose another id, or edit \(path).")
        }
        let old = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        let block = Self.block(new)
        let text =
            old.flatMap { Self.inserted(block, into: $0, company: company.id) } ?? (old == nil ? whole(block) : nil)
        // What was written is read again before it counts.
        guard let text, let node = YAMLReader.read(text).node,
            let source = Configuration.compile(node, folder: configuration.folder).0.companies
                .first(where: { $0.company.id == company.id })?.sources.first(where: { $0.id == new.id }),
            source.pull?.mapping == new.mapping, source.pull?.config == new.config
        else {
            throw Failure(
                "CONFIG-EDIT", "\(path) is written in a way that cannot be added to by itself.",
                hint: "Add this below `sources:` of the company:\n\(block.joined(separator: "\n"))")
        }
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        let next =
            service.isAuthorisedByPerson ? "tieout source authorise \(new.id)" : "tieout source try \(new.id)"
        let names = service.secretNames.filter { $0 != "refresh_token" || !service.isAuthorisedByPerson }
        let variables = names.map { SecretStore.variable(source: new.id, name: $0) }
        return Answer(
            json: .object([
                ("source", .text(new.id)), ("secrets", .list(variables.map { .text($0) })), ("next", .text(next)),
            ]),
            text: "\(new.id) is in \(path).\nSet \(variables.joined(separator: " and ")), then: \(next)")
    }

    private func whole(_ block: [String]) -> String {
        (["companies:", "  - id: \(Self.quoted(company.id))", "    sources:"] + block.map { "      " + $0 })
            .joined(separator: "\n") + "\n"
    }

    private static func block(_ new: NewSource) -> [String] {
        var lines = ["- id: \(quoted(new.id))", "  mapping: \(quoted(new.mapping))"]
        if let schedule = new.schedule { lines.append("  schedule: \(quoted(schedule))") }
        if !new.config.isEmpty { lines.append("  config:") }
        for name in new.config.keys.sorted() { lines.append("    \(name): \(quoted(new.config[name] ?? ""))") }
        return lines
    }

    /// A text as YAML's single-quoted scalar, in which nothing but the quote has a meaning.
    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    /// The block as first of the company's sources; nil where the file is written in another way.
    private static func inserted(_ block: [String], into text: String, company: String) -> String? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        func indent(_ line: String) -> Int { line.prefix { $0 == " " }.count }
        let marks = ["- id: \(company)", "- id: '\(company)'", "- id: \"\(company)\""]
        guard let start = lines.firstIndex(where: { marks.contains($0.trimmingPrefix { $0 == " " }.description) })
        else {
            return nil
        }
        let depth = indent(lines[start]) + 2
        let end = lines[(start + 1)...].firstIndex { !$0.isEmpty && indent($0) < depth } ?? lines.endIndex
        let room = String(repeating: " ", count: depth)
        if let place = lines[start..<end].firstIndex(of: room + "sources:") {
            let first = place + 1 < end && lines[place + 1].contains("- ") ? indent(lines[place + 1]) : depth + 2
            lines.insert(contentsOf: block.map { String(repeating: " ", count: first) + $0 }, at: place + 1)
        } else if !lines[start..<end].contains(where: { $0.hasPrefix(room + "sources:") }) {
            lines.insert(contentsOf: [room + "sources:"] + block.map { room + "  " + $0 }, at: start + 1)
        } else {
            return nil
        }
        return lines.joined(separator: "\n")
    }
}
