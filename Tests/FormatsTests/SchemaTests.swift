// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing
import Trees

/// `mappings/schema.json` is what editors complete from; it must say what the compiler does.
@Suite("The schema of mappings") struct SchemaTests {
    static let schema: Node = {
        let bytes = (try? Data(contentsOf: URL(fileURLWithPath: Place.path("mappings/schema.json")))).map {
            [UInt8]($0)
        }
        return JSONReader.read(bytes ?? []).node ?? .null
    }()

    static var mappings: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: Place.path("mappings"))) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }

    static let blocks: [(path: String, keys: [String])] = [
        ("properties", Grammar.mapping), ("properties/config/additionalProperties/properties", Grammar.config),
        ("properties/source/properties", Grammar.source),
        ("properties/source/properties/file/properties", Grammar.file), ("properties/read/properties", Grammar.read),
        ("properties/totals/properties", Grammar.totals), ("properties/sync/properties", Grammar.sync),
        ("properties/tests/items/properties", Grammar.tests), ("$defs/emission/properties", Grammar.emission),
        ("$defs/rule/oneOf/2/properties", Grammar.rule), ("$defs/branch/properties", Grammar.branch),
    ]

    @Test("Each block has the keys the compiler knows, and no other", arguments: blocks.indices)
    func keys(_ index: Int) throws {
        let block = Self.blocks[index]
        let node = try #require(Self.schema.at(block.path))
        #expect(Set(node.entries?.map(\.key) ?? []) == Set(block.keys), "\(block.path)")
    }

    @Test("Words are the compiler's") func words() {
        func texts(_ path: String) -> [String] { Self.schema.at(path)?.items?.compactMap(\.scalar) ?? [] }
        #expect(texts("properties/source/properties/file/properties/format/enum") == Grammar.formats)
        #expect(texts("properties/source/properties/file/properties/done/enum") == Grammar.done)
        #expect(texts("properties/sync/properties/mode/enum") == Grammar.modes)
        #expect(texts("properties/config/additionalProperties/properties/type/enum") == Grammar.configTypes)
        #expect(Set(texts("properties/emit/propertyNames/enum")) == Set(Entity.allCases.map(\.rawValue)))
        #expect(Grammar.formats == Mapping.FileFormat.allCases.map(\.rawValue))
        #expect(Grammar.encodings.allSatisfy { TextEncoding(name: $0) != nil })
    }

    @Test("Every shipped mapping obeys it", arguments: mappings) func shipped(_ name: String) throws {
        let text = try String(contentsOfFile: Place.path("mappings/\(name)"), encoding: .utf8)
        let node = try #require(YAMLReader.read(text).node)
        #expect(SchemaCheck(Self.schema).complaints(node, Self.schema, "") == [])
    }

    static let wrong: [(String, String)] = [
        ("mapping: 2", "mapping"), ("nam: x", "nam"), ("source: { file: { format: csx } }", "source/file/format"),
        ("emit: { invoices: { fields: {} } }", "emit/invoices"),
        ("emit: { invoice: { fields: { number: { from: a, uper: true } } } }", "emit/invoice/fields/number"),
        ("sync: { overlap: 5 minutes }", "sync/overlap"), ("tests: [ { in: a } ]", "tests/0/out"),
    ]

    @Test("What the compiler refuses, the schema refuses, too", arguments: wrong)
    func refuses(_ line: String, _ place: String) throws {
        let key = line.prefix { $0 != ":" }
        let good = ["mapping: 1", "name: t", "source: { file: {} }", "emit: { customer: { fields: { id: a } } }"]
        let text = (good.filter { !$0.hasPrefix(key + ":") } + [line]).joined(separator: "\n")
        let node = try #require(YAMLReader.read(text).node)
        let places = SchemaCheck(Self.schema).complaints(node, Self.schema, "")
        #expect(places.contains { $0.hasPrefix(place) }, "\(places)")
        #expect(!MappingFolder.compile(text: text).faults.isEmpty)
    }
}

extension Node {
    fileprivate func at(_ path: String) -> Node? {
        path.split(separator: "/").reduce(self as Node?) { node, step in
            node.flatMap { Int(step).flatMap { index in node?[index] } ?? $0[String(step)] }
        }
    }
}

/// The part of JSON Schema that the schema uses. YAML's plain scalars count as what YAML 1.2 makes of them.
struct SchemaCheck {
    let root: Node

    init(_ root: Node) { self.root = root }

    /// The places that do not obey.
    func complaints(_ node: Node, _ schema: Node, _ place: String) -> [String] {
        if let reference = schema["$ref"]?.scalar {
            guard let target = root.at(String(reference.dropFirst(2))) else { return [place + " $ref"] }
            return complaints(node, target, place)
        }
        var found: [String] = []
        let kinds = kinds(node)
        if let type = schema["type"] {
            let allowed = type.items?.compactMap(\.scalar) ?? [type.scalar ?? ""]
            if !allowed.contains(where: { kinds.contains($0) }) { return [place + " is no \(allowed)"] }
        }
        let text = node.scalar ?? ""
        if let const = schema["const"], const.scalar != text { found.append(place + " const") }
        if let words = schema["enum"]?.items, !words.contains(where: { $0.scalar == text }) {
            found.append(place + " enum")
        }
        if let pattern = schema["pattern"]?.scalar, let regex = try? Regex(pattern), text.firstMatch(of: regex) == nil {
            found.append(place + " pattern")
        }
        if let least = schema["minimum"]?.scalar.flatMap({ Int($0) }), let number = Int(text), number < least {
            found.append(place + " minimum")
        }
        if let choices = schema["oneOf"]?.items {
            let passing = choices.count { complaints(node, $0, place).isEmpty }
            if passing != 1 { found.append("\(place) fits \(passing) of \(choices.count)") }
        }
        for (index, item) in (node.items ?? []).enumerated() {
            if let schema = schema["items"] { found += complaints(item, schema, join(place, "\(index)")) }
        }
        if let entries = node.entries { found += complaints(entries, schema, place) }
        return found
    }

    private func complaints(_ entries: [Node.Entry], _ schema: Node, _ place: String) -> [String] {
        var found: [String] = []
        for key in schema["required"]?.items ?? [] where !entries.contains(where: { $0.key == key.scalar }) {
            found.append(join(place, key.scalar ?? "") + " is missing")
        }
        if let least = schema["minProperties"]?.scalar.flatMap({ Int($0) }), entries.count < least {
            found.append(place + " is empty")
        }
        let names = schema["propertyNames"]?["enum"]?.items?.compactMap(\.scalar)
        for entry in entries {
            let place = join(place, entry.key)
            if let names, !names.contains(entry.key) { found.append(place + " name") }
            if let own = schema["properties"]?[entry.key] {
                found += complaints(entry.value, own, place)
            } else if let others = schema["additionalProperties"] {
                if others.scalar == "false" {
                    found.append(place + " is not known")
                } else {
                    found += complaints(entry.value, others, place)
                }
            }
        }
        return found
    }

    private func join(_ place: String, _ step: String) -> String { place.isEmpty ? step : place + "/" + step }

    private func kinds(_ node: Node) -> [String] {
        switch node.value {
        case .map: return ["object"]
        case .list: return ["array"]
        case .null: return ["null"]
        case .bool: return ["boolean"]
        case .number: return ["number", "integer"]
        case .text(let text):
            if node.isNull { return ["null", "string"] }
            guard node.style == .plain else { return ["string"] }
            if text == "true" || text == "false" { return ["boolean", "string"] }
            if Int(text) != nil { return ["integer", "number", "string"] }
            return ["string"]
        }
    }
}
