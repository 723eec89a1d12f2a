// SPDX-License-Identifier: Apache-2.0
import Trees

extension MappingCompiler {
    mutating func condition(_ node: Node, _ place: String) -> Condition? {
        guard let entries = node.entries, !entries.isEmpty else {
            fail(
                "MAPPING-RULE", node, "`\(place):` is a map of path to value",
                "Write `\(place): { Status: [open, sent] }`.")
            return nil
        }
        var lines: [Condition.Line] = []
        for entry in entries {
            let isNegated = entry.value.entries?.map(\.key) == ["not"]
            let value = isNegated ? entry.value["not"] ?? entry.value : entry.value
            let values = value.items ?? [value]
            if let odd = values.first(where: { $0.entries != nil || $0.items != nil }) {
                fail(
                    "MAPPING-RULE", odd, "a condition compares with a text, a list of texts, or `{ not: … }` of them",
                    "Write for example `\(entry.key): { not: [paid, void] }`.")
                continue
            }
            let patterns = values.map { $0.isNull ? .null : Condition.Pattern($0.ownText ?? "") }
            let key = Node(.text(entry.key), line: entry.line, column: entry.column)
            if let index = path(entry.key, at: key) {
                lines.append(Condition.Line(path: index, patterns: patterns, isNegated: isNegated))
            }
        }
        return lines.isEmpty ? nil : Condition(lines: lines)
    }

    /// `$(a)/$(b)`; a name may itself hold balanced parentheses, as headers do.
    mutating func template(_ text: String, _ node: Node, pathsAllowed: Bool) -> Template {
        var pieces: [Template.Piece] = []
        var rest = text[...]
        while let open = Self.placeholder(in: rest) {
            if open.before != "" { pieces.append(.literal(String(open.before))) }
            if open.name.hasPrefix("config.") {
                let name = String(open.name.dropFirst(7))
                if !isDeclared(config: name) {
                    fail("MAPPING-CONFIG", node, "`config.\(name)` is not declared", "Add it under `config:`.")
                }
                pieces.append(.config(name))
            } else if pathsAllowed {
                if let index = path(open.name, at: node) { pieces.append(.path(index)) }
            } else {
                fail("MAPPING-RULE", node, "`$(\(open.name))` cannot stand here", "Use `join:` or `calc:` for columns.")
            }
            rest = open.after
        }
        if !rest.isEmpty { pieces.append(.literal(String(rest))) }
        return Template(pieces: pieces)
    }

    private static func placeholder(
        in text: Substring
    ) -> (before: Substring, name: String, after: Substring)? {
        var index = text.startIndex
        while let dollar = text[index...].firstIndex(of: "$") {
            let open = text.index(after: dollar)
            guard open < text.endIndex, text[open] == "(" else {
                index = open
                continue
            }
            var depth = 0
            var cursor = open
            while cursor < text.endIndex {
                if text[cursor] == "(" { depth += 1 }
                if text[cursor] == ")" { depth -= 1 }
                if depth == 0 { break }
                cursor = text.index(after: cursor)
            }
            guard cursor < text.endIndex else { return nil }
            return (text[..<dollar], String(text[text.index(after: open)..<cursor]), text[text.index(after: cursor)...])
        }
        return nil
    }
}
