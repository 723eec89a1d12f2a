// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Testing
import TieoutTesting
import Trees

struct PolicyTests {
    @Test("The documented default policy is the built-in one, key by key")
    func defaultPolicy() throws {
        let node = PlainYAML.read(try Repository.text("policies/default.yaml"))
        let (policy, faults) = DunningPolicy.compile(node)
        #expect(faults == [])
        #expect(policy == DunningPolicy())
    }

    @Test("A key that is left out keeps its default")
    func partial() {
        let (policy, _) = DunningPolicy.compile(PlainYAML.read("passed_steps: highest\ncaps:\n  per_week: 3\n"))
        var expected = DunningPolicy()
        expected.passedSteps = .highest
        expected.caps.perWeek = 3
        #expect(policy == expected)
    }

    @Test(
        "What is wrong is refused with its line",
        arguments: [
            ("cap:\n  per_day: 1\n", "POLICY-KEY", 1), ("caps:\n  per_dya: 1\n", "POLICY-KEY", 2),
            ("name: x\ncaps: 3\n", "POLICY-VALUE", 2), ("caps:\n  per_day: one\n", "POLICY-VALUE", 2),
            ("caps:\n  per_day: -1\n", "POLICY-VALUE", 2), ("minimum_amount:\n  EUR: \"5.001\"\n", "POLICY-VALUE", 2),
            ("minimum_amount:\n  EURO: \"5\"\n", "POLICY-VALUE", 2),
            ("coverage:\n  required: yes\n", "POLICY-VALUE", 2),
            ("passed_steps: all\n", "POLICY-VALUE", 1), ("languages: [en, de]\n", "POLICY-VALUE", 1),
            ("hours:\n  default:\n    weekdays: \"20:00-08:00\"\n", "POLICY-VALUE", 3),
            ("hours:\n  default:\n    weekdays: \"8-20\"\n", "POLICY-VALUE", 3),
            ("hours:\n  BR:\n    weekdays: \"08:00-20:00\"\n", "POLICY-VALUE", 2),
            ("promises:\n  proposed_days: 3\n", "POLICY-VALUE", 2),
            ("promises:\n  grace_basis: working\n", "POLICY-VALUE", 2),
            ("promises:\n  shortfall: \"-1\"\n", "POLICY-VALUE", 2),
            ("steps:\n  - purpose: overdue\n    step: 2\n    day: 7\n", "POLICY-VALUE", 2),
            ("steps:\n  - purpose: due\n    day: 1\n", "POLICY-VALUE", 2),
            ("steps:\n  - purpose: returned\n    day: 1\n", "POLICY-VALUE", 2), ("steps: none\n", "POLICY-VALUE", 1),
        ])
    func refused(_ text: String, _ code: String, _ line: Int) throws {
        let (policy, faults) = DunningPolicy.compile(PlainYAML.read(text))
        #expect(policy == nil)
        let fault = try #require(faults.first)
        #expect(faults.count == 1)
        #expect(fault.code == code)
        #expect(fault.severity == .refusal)
        guard case .line(let found, _) = fault.at else {
            Issue.record("no line in \(fault)")
            return
        }
        #expect(found == line)
        #expect(!fault.hint.isEmpty)
    }

    @Test("One run names every fault")
    func all() {
        let (_, faults) = DunningPolicy.compile(PlainYAML.read("a: 1\nb: 2\npassed_steps: x\n"))
        #expect(faults.count == 3)
    }

    @Test("An empty policy is refused")
    func empty() {
        #expect(DunningPolicy.compile(.null).policy == nil)
        #expect(DunningPolicy.compile(.list([])).faults.map(\.code) == ["POLICY-VALUE"])
    }

    @Test("A second person is needed above the limit and for any other currency")
    func secondPerson() {
        let second = DunningPolicy().secondPerson
        #expect(!second.needsSecond(adjustment: Scene.euro(5_000)))
        #expect(second.needsSecond(adjustment: Scene.euro(-5_001)))
        #expect(second.needsSecond(adjustment: Money(minorUnits: 1, currency: .usd)))
    }
}

/// The little of YAML that policies use: indented maps, lists of maps, `[a, b]`, quoted text, comments on own lines.
/// The real reader is at an edge, where the core's tests do not reach.
enum PlainYAML {
    private struct Line {
        var number: Int
        var indent: Int
        var text: Substring
    }

    static func read(_ text: String) -> Node {
        var lines: [Line] = []
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let body = raw.drop { $0 == " " }
            if body.isEmpty || body.hasPrefix("#") { continue }
            lines.append(Line(number: index + 1, indent: raw.count - body.count, text: body))
        }
        var cursor = 0
        return block(&cursor, &lines, indent: 0)
    }

    private static func block(_ cursor: inout Int, _ lines: inout [Line], indent: Int) -> Node {
        guard cursor < lines.count else { return .null }
        let first = lines[cursor]
        var items: [Node] = []
        var entries: [Node.Entry] = []
        while cursor < lines.count, lines[cursor].indent == indent {
            let line = lines[cursor]
            if line.text.hasPrefix("- ") {
                lines[cursor] = Line(number: line.number, indent: indent + 2, text: line.text.dropFirst(2))
                items.append(block(&cursor, &lines, indent: indent + 2))
                continue
            }
            let colon = line.text.firstIndex(of: ":") ?? line.text.endIndex
            let rest = line.text[colon...].dropFirst().drop { $0 == " " }
            cursor += 1
            let value =
                rest.isEmpty && cursor < lines.count && lines[cursor].indent > indent
                ? block(&cursor, &lines, indent: lines[cursor].indent) : scalar(rest, line.number)
            entries.append(.init(key: String(line.text[..<colon]), value: value, line: line.number, column: indent + 1))
        }
        return Node(items.isEmpty ? .map(entries) : .list(items), line: first.number, column: indent + 1)
    }

    private static func scalar(_ text: Substring, _ line: Int) -> Node {
        if text.hasPrefix("["), text.hasSuffix("]") {
            let items = text.dropFirst().dropLast().split(separator: ",").map { scalar($0.drop { $0 == " " }, line) }
            return Node(.list(items), line: line, column: 1)
        }
        if text.hasPrefix("\"") {
            return Node(.text(String(text.dropFirst().dropLast())), style: .quoted, line: line, column: 1)
        }
        return Node(.text(String(text)), line: line, column: 1)
    }
}
