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
        /// For a company that has none yet; `config: home_currency` sets it.
        var homeCurrency: String? { config["home_currency"] }

        package init(id: String, mapping: String) {
            self.id = id
            self.mapping = mapping
        }
    }

    /// What the mapping needs and has no value for yet, in its order.
    package func missingConfig(_ new: NewSource) throws -> [String] {
        let service = try findService(new.mapping)
        var names = service.config.filter { $0.fallback == nil }.map(\.name)
        // Records that state no currency are in the company's.
        if company.homeCurrency == nil, !names.contains("home_currency"),
            service.streams.contains(where: { $0.mapping.needsHomeCurrency })
        {
            names.append("home_currency")
        }
        return names.filter { name in
            let isKnown = name == "home_currency" && company.homeCurrency != nil
            return !isKnown && new.config[name] == nil && books.mappingValues[name] == nil
        }
    }

    /// What a person should know of a value that is missing.
    package func noteOnConfig(_ name: String, of mapping: String) throws -> String? {
        try findService(mapping).configNotes[name]
            ?? (name == "home_currency" ? "The company's own currency, such as EUR" : nil)
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
        // The currency is the company's, not the source's.
        let currency = company.homeCurrency == nil ? new.homeCurrency : nil
        if let currency, Currency(currency) == nil {
            throw Failure(
                "CURRENCY", "“\(currency)” is no currency.", hint: "Give an ISO 4217 code: --set home_currency=EUR.")
        }
        var new = new
        if currency != nil { new.config["home_currency"] = nil }
        let old = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        let block = Self.block(new)
        let text =
            old.flatMap { Self.inserted(block, into: $0, company: company.id, currency: currency) }
            ?? (old == nil ? whole(block, currency: currency) : nil)
        // What was written is read again before it counts.
        guard let text, let node = YAMLReader.read(text).node,
            let written = Configuration.compile(node, folder: configuration.folder).0.companies
                .first(where: { $0.company.id == company.id }),
            let source = written.sources.first(where: { $0.id == new.id }),
            source.pull?.mapping == new.mapping, source.pull?.config == new.config,
            currency == nil || written.company.homeCurrency?.code == currency
        else {
            let line = currency.map { "`home_currency: \($0)` to the company, and " } ?? ""
            throw Failure(
                "CONFIG-EDIT", "\(path) is written in a way that cannot be added to by itself.",
                hint: "Add \(line)this below `sources:` of the company:\n\(block.joined(separator: "\n"))")
        }
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        let variables = service.secretsOfPerson.map { SecretStore.variable(source: new.id, name: $0) }
        return Answer(
            json: .object([
                ("source", .text(new.id)), ("secrets", .list(variables.map { .text($0) })),
                ("next", .text(service.nextStep(of: new.id))),
            ]),
            text: "\(new.id) is in \(path).")
    }

    private func whole(_ block: [String], currency: String?) -> String {
        let head = ["companies:", "  - id: \(Self.quoted(company.id))"] + Self.line(currency).map { "    " + $0 }
        return (head + ["    sources:"] + block.map { "      " + $0 }).joined(separator: "\n") + "\n"
    }

    private static func line(_ currency: String?) -> [String] { currency.map { ["home_currency: \($0)"] } ?? [] }

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
    private static func inserted(
        _ block: [String], into text: String, company: String, currency: String?
    ) -> String? {
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
        lines.insert(contentsOf: line(currency).map { room + $0 }, at: start + 1)
        return lines.joined(separator: "\n")
    }
}
