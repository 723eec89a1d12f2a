// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Trees
import Yams

/// YAML to a tree: every scalar is text (`no`, `1.10` and `2026-01-01` stay what they are).
///
/// Duplicate keys, anchors, aliases and tags are refused: they hide what a reader of the file believes it says.
package enum YAMLReader {
    /// Mappings and policies are pages, not data.
    package static let sizeMax = 1 << 20

    /// - Returns: The tree when there is no fault; the file is refused at its first fault.
    package static func read(_ text: String) -> (node: Trees.Node?, faults: [Fault]) {
        guard text.utf8.count <= sizeMax else {
            return (nil, [fault(.file, "the file is larger than \(sizeMax) bytes", "Split it.")])
        }
        do {
            let parser = try Yams.Parser(yaml: text, resolver: .basic)
            guard let root = try parser.singleRoot() else { return (Trees.Node(.null, line: 1, column: 1), []) }
            return (try tree(root), [])
        } catch let refusal as YAMLRefusal {
            return (nil, [refusal.fault])
        } catch let error as YamlError {
            return (nil, [fault(of: error, in: text)])
        } catch {
            return (nil, [fault(.file, "the file cannot be read as YAML: \(error)", "Correct it.")])
        }
    }

    private static func tree(_ node: Yams.Node) throws -> Trees.Node {
        let line = node.mark?.line ?? 0
        let column = node.mark?.column ?? 0
        let at = Position.line(line, column: column)
        guard node.anchor == nil else {
            throw YAMLRefusal(fault: fault(at, "anchors (&) and aliases (*) are not allowed", "Write the value out."))
        }
        switch node {
        case .scalar(let scalar):
            guard isImplied(scalar.tag, "str") else { throw tagged(scalar.tag, at) }
            return Trees.Node(
                .text(scalar.string), style: scalar.style == .plain ? .plain : .quoted, line: line, column: column)
        case .sequence(let sequence):
            guard isImplied(sequence.tag, "seq") else { throw tagged(sequence.tag, at) }
            return Trees.Node(.list(try sequence.map(tree)), line: line, column: column)
        case .mapping(let mapping):
            guard isImplied(mapping.tag, "map") else { throw tagged(mapping.tag, at) }
            var entries: [Trees.Node.Entry] = []
            for (key, value) in mapping {
                let name = try tree(key)
                guard let text = name.scalar else {
                    throw YAMLRefusal(fault: fault(at, "a key must be plain text", "Write `key: value`."))
                }
                entries.append(
                    Trees.Node.Entry(key: text, value: try tree(value), line: name.line, column: name.column))
            }
            return Trees.Node(.map(entries), line: line, column: column)
        case .alias:
            throw YAMLRefusal(fault: fault(at, "anchors (&) and aliases (*) are not allowed", "Write the value out."))
        }
    }

    /// No tag in the text: Yams leaves it empty, or fills in the type's own once it has compared keys.
    private static func isImplied(_ tag: Yams.Tag, _ type: String) -> Bool {
        tag.description.isEmpty || tag.description == "tag:yaml.org,2002:\(type)"
    }

    private static func tagged(_ tag: Yams.Tag, _ at: Position) -> YAMLRefusal {
        YAMLRefusal(
            fault: fault(at, "tags (\(tag.description)) are not allowed", "Take the tag away; all values are text."))
    }

    private static func fault(_ at: Position, _ message: String, _ hint: String) -> Fault {
        Fault("YAML-FORM", .refusal, at: at, message, hint: hint)
    }

    private static func fault(of error: YamlError, in text: String) -> Fault {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            let line =
                text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(mark.line - 1).first ?? ""
            let needsQuotes =
                line.contains(": *") || line.contains(": @") || line.contains(": %") || line.contains("[@")
            return fault(
                .line(mark.line, column: mark.column), "this is no YAML: \(problem)",
                needsQuotes
                    ? "Quote a value that begins with *, @ or %, and `[@…]` inside { }."
                    : "Correct the indentation or the quotes around this place.")
        case .duplicatedKeysInMapping(let keys, let context):
            return Fault(
                "YAML-DUPLICATE", .refusal, at: .line(context.mark.line, column: context.mark.column),
                "the key \(keys.joined(separator: ", ")) stands twice in one map", hint: "Keep one of them.")
        default:
            return fault(.file, "this is no YAML: \(error)", "Save it as UTF-8 text and correct it.")
        }
    }
}

private struct YAMLRefusal: Error {
    var fault: Fault
}
