// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing
import Trees

/// A mapping's text in a notation close to YAML, without a YAML library: the core tests import the core only.
///
/// Maps by indentation or `{ }`, lists by `- ` or `[ ]`, scalars plain or in quotes; enough for mappings.
enum Yard {
    static func mapping(_ text: String) throws -> Mapping {
        let (mapping, faults) = Mapping.compile(node(text))
        try #require(faults == [])
        return try #require(mapping)
    }

    static func faults(_ text: String) -> [Fault] { Mapping.compile(node(text)).1 }

    static func node(_ text: String) -> Node {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
            Line(
                number: $0.offset + 1, indent: $0.element.prefix { $0 == " " }.count,
                text: $0.element.drop { $0 == " " })
        }.filter { !$0.text.isEmpty && !$0.text.hasPrefix("#") }[...]
        return block(&lines)
    }

    private struct Line {
        var number: Int
        var indent: Int
        var text: Substring
    }

    private static func block(_ lines: inout ArraySlice<Line>) -> Node {
        guard let first = lines.first else { return Node(.text(""), line: 1, column: 1) }
        if first.text.hasPrefix("- ") {
            var items: [Node] = []
            while let line = lines.first, line.indent == first.indent, line.text.hasPrefix("- ") {
                lines.removeFirst()
                var flow = Flow(line.text.dropFirst(2), line.number, line.indent + 3)
                items.append(flow.value(in: []))
            }
            return Node(.list(items), line: first.number, column: first.indent + 1)
        }
        var entries: [Node.Entry] = []
        while let line = lines.first, line.indent == first.indent {
            lines.removeFirst()
            var flow = Flow(line.text, line.number, line.indent + 1)
            let key = flow.key()
            let value: Node
            if flow.isAtEnd, let next = lines.first, next.indent > line.indent {
                value = block(&lines)
            } else {
                value = flow.value(in: [])
            }
            entries.append(Node.Entry(key: key, value: value, line: line.number, column: line.indent + 1))
        }
        return Node(.map(entries), line: first.number, column: first.indent + 1)
    }

    /// A cursor over one line.
    private struct Flow {
        var rest: Substring
        let line: Int
        let start: Int
        let count: Int

        init(_ text: Substring, _ line: Int, _ start: Int) {
            (rest, self.line, self.start, count) = (text, line, start, text.count)
        }

        var column: Int { start + count - rest.count }
        var isAtEnd: Bool { rest.allSatisfy { $0 == " " } }

        mutating func blanks() { rest = rest.drop { $0 == " " } }

        mutating func key() -> String {
            blanks()
            let key = rest.first == "\"" ? quoted() : plain(until: [":"])
            blanks()
            if rest.first == ":" { rest.removeFirst() }
            blanks()
            return key
        }

        mutating func quoted() -> String {
            let mark = rest.removeFirst()
            let end = rest.firstIndex(of: mark) ?? rest.endIndex
            let text = rest[..<end]
            rest = rest[end...].dropFirst()
            return String(text)
        }

        mutating func plain(until ends: Set<Character>) -> String {
            var text = ""
            while let next = rest.first {
                if ends.contains(next), next != ":" || rest.dropFirst().first == " " || rest.count == 1 { break }
                text.append(next)
                rest.removeFirst()
            }
            while text.last == " " { text.removeLast() }
            return text
        }

        mutating func value(in ends: Set<Character>) -> Node {
            blanks()
            let at = column
            switch rest.first {
            case "{":
                rest.removeFirst()
                var entries: [Node.Entry] = []
                while blank(), rest.first != "}", !rest.isEmpty {
                    let at = column
                    let key = key()
                    entries.append(Node.Entry(key: key, value: value(in: [",", "}"]), line: line, column: at))
                    blanks()
                    if rest.first == "," { rest.removeFirst() }
                }
                rest = rest.dropFirst()
                return Node(.map(entries), line: line, column: at)
            case "[":
                rest.removeFirst()
                var items: [Node] = []
                while blank(), rest.first != "]", !rest.isEmpty {
                    items.append(value(in: [",", "]"]))
                    blanks()
                    if rest.first == "," { rest.removeFirst() }
                }
                rest = rest.dropFirst()
                return Node(.list(items), line: line, column: at)
            case "\"", "'": return Node(.text(quoted()), style: .quoted, line: line, column: at)
            default: return Node(.text(plain(until: ends)), line: line, column: at)
            }
        }

        private mutating func blank() -> Bool {
            blanks()
            return true
        }
    }
}

extension Mapping {
    /// Maps rows given as text, the header first; documents and faults in order.
    func map(
        _ header: [String], _ rows: [[String]], currency: Currency? = .eur, config: [String: String] = [:],
        preamble: [String] = []
    ) throws -> (documents: [Document], faults: [Fault]) {
        var setting = RecordMapper.Setting(
            origin: Provenance.Origin(sha256: "0", name: "t.csv", format: "csv"), asOf: Day(number: 20_787))
        setting.defaultCurrency = currency
        setting.config = config
        setting.preamble = preamble
        var mapper: RecordMapper
        switch RecordMapper.bind(self, header: header, headerLine: 1, setting: setting) {
        case .success(let bound): mapper = bound
        case .failure(let failure): return ([], failure.faults)
        }
        var documents: [Document] = []
        var faults: [Fault] = []
        for (index, row) in rows.enumerated() {
            _ = try mapper.map(Record(fields: row, line: index + 2)) { documents.append($0) }
            faults += mapper.faults
        }
        return (documents, faults)
    }
}
