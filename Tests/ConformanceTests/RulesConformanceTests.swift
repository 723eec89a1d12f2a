// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Testing

/// Runs the rules over the files that their authors test them with: each says which rule it keeps or breaks.
@Suite("The rules of EN 16931 agree with the corpus")
struct RulesConformanceTests {
    /// One document and what is expected of it.
    struct Case {
        var name: String
        var bytes: [UInt8]
        var keeps: [String]
        var breaks: [String]
    }

    @Test("Every rule that is checked agrees with every file")
    func agrees() throws {
        guard let corpus = Corpus.open("rules") else { return }
        let implemented = EN16931.ruleIDs
        var agreed: [String: Int] = [:]
        var differed: [String: [String]] = [:]
        var others: Set<String> = []
        for record in try corpus.rules() {
            let isCII = record.file.hasPrefix("cii-rules/")
            for one in try cases(corpus, record) {
                let broken = try broken(one.bytes, isCII: isCII)
                let expected = one.keeps.map { ($0, false) } + one.breaks.map { ($0, true) }
                for (rule, breaks) in expected {
                    guard implemented.contains(rule) else {
                        others.insert(rule)
                        continue
                    }
                    if broken.contains(rule) == breaks {
                        agreed[rule, default: 0] += 1
                    } else {
                        differed[rule, default: []].append("\(one.name): \(breaks ? "breaks" : "keeps") it")
                    }
                }
            }
        }
        var lines = ["rules: \(implemented.count) checked, \(others.count) of the files' rules not"]
        for rule in implemented where agreed[rule] != nil || differed[rule] != nil {
            lines.append("  \(rule): agreed \(agreed[rule] ?? 0) / differed \(differed[rule]?.count ?? 0)")
            lines += (differed[rule] ?? []).map { "    \($0)" }
        }
        print(lines.joined(separator: "\n"))
        #expect(differed.isEmpty, "\(lines.joined(separator: "\n"))")
        #expect(agreed.count >= 25)
    }

    @Test("Each rule is in the list once")
    func once() {
        #expect(Set(EN16931.ruleIDs).count == EN16931.ruleIDs.count)
    }

    private func broken(_ bytes: [UInt8], isCII: Bool) throws -> Set<String> {
        let origin = Provenance.Origin(sha256: "", name: "rule.xml", format: "")
        let check = isCII ? CIIFormat.check(pieces:_:_:) : UBLFormat.check(pieces:_:_:)
        return Set(try check([bytes], origin) { _ in }.faults.map(\.code))
    }

    // MARK: Cases

    private func cases(_ corpus: Corpus, _ record: Corpus.Record) throws -> [Case] {
        let text = String(decoding: try corpus.bytes(record.file), as: UTF8.self)
        if let tests = record.values["tests"] as? [[[Any]]] {
            return fragments(text, record.file, tests)
        }
        return Mutation.all(in: text).flatMap { mutation in
            mutation.variants(of: text).map { variant in
                Case(
                    name: "\(record.file) \(mutation.id)", bytes: Array(variant.utf8), keeps: mutation.keeps,
                    breaks: mutation.breaks)
            }
        }
    }

    /// A `testSet`: documents, often mere parts of one, each under its `assert`.
    private func fragments(_ text: String, _ file: String, _ tests: [[[Any]]]) -> [Case] {
        // Each `<test>` or `<test id="...">` holds one document.
        let parts = text.replacingOccurrences(of: "<test\\s[^>]*>", with: "<test>", options: .regularExpression)
            .components(separatedBy: "<test>").dropFirst()
        guard !tests.isEmpty else { return [] }
        #expect(parts.count == tests.count, "\(file): \(parts.count) documents, the oracle has \(tests.count)")
        return zip(parts, tests).enumerated().compactMap { index, pair in
            let body = pair.0.components(separatedBy: "</test>").first ?? ""
            guard let document = body.components(separatedBy: "</assert>").dropFirst().first else { return nil }
            func rules(_ outcomes: Set<String>) -> [String] {
                pair.1.compactMap {
                    guard $0.count >= 2, let outcome = $0[0] as? String, outcomes.contains(outcome) else { return nil }
                    return $0[1] as? String
                }
            }
            return Case(
                name: "\(file) test \(index + 1)",
                bytes: Array(document.trimmingCharacters(in: .whitespacesAndNewlines).utf8),
                keeps: rules(["success"]), breaks: rules(["error", "warning", "fatal"]))
        }
    }
}

/// An `xmute` instruction of KoSIT's tests: what to change at the element after it, and what that keeps or breaks.
private struct Mutation {
    var id: String
    var kind: String
    var values: [String]
    var keeps: [String]
    var breaks: [String]
    /// The element after it, from its start tag to the end of its end tag, and what is between them.
    var element: Range<String.Index>
    var content: Range<String.Index>

    func variants(of text: String) -> [String] {
        func replacing(_ range: Range<String.Index>, _ with: String) -> String {
            var copy = text
            copy.replaceSubrange(range, with: with)
            return copy
        }
        switch kind {
        case "identity": return [text]
        case "remove": return [replacing(element, "")]
        case "empty": return [replacing(content, "")]
        case "code": return values.map { replacing(content, $0) }
        default: return []
        }
    }

    static func all(in text: String) -> [Mutation] {
        var found: [Mutation] = []
        var rest = text.startIndex
        while let start = text.range(of: "<?xmute", range: rest..<text.endIndex),
            let end = text.range(of: "?>", range: start.upperBound..<text.endIndex)
        {
            rest = end.upperBound
            let instruction = text[start.upperBound..<end.lowerBound]
            guard let (element, content) = next(text, from: end.upperBound) else { continue }
            func rules(_ key: String) -> [String] {
                (attribute(key, instruction) ?? "").split(separator: " ").compactMap {
                    $0.split(separator: ":").last.map(String.init)
                }
            }
            found.append(
                Mutation(
                    id: attribute("id", instruction) ?? "\(found.count + 1)",
                    kind: attribute("mutator", instruction) ?? "",
                    values: (attribute("values", instruction) ?? "").split(separator: ",").map {
                        $0.trimmingCharacters(in: .whitespaces)
                    },
                    keeps: rules("schematron-valid"), breaks: rules("schematron-invalid"), element: element,
                    content: content))
        }
        return found
    }

    private static func attribute(_ name: String, _ text: Substring) -> String? {
        guard let match = text.range(of: "(^|\\s)\(name)\\s*=\\s*\"[^\"]*\"", options: .regularExpression) else {
            return nil
        }
        return text[match].split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false).dropFirst().first
            .map(String.init)
    }

    /// The next element from a place between tags.
    private static func next(
        _ text: String, from start: String.Index
    ) -> (element: Range<String.Index>, content: Range<String.Index>)? {
        var index = start
        var depth = 0
        var opened: String.Index?
        var inside: String.Index?
        while let tag = text.range(of: "<", range: index..<text.endIndex) {
            let rest = text[tag.lowerBound...]
            let close = rest.hasPrefix("<!--") ? "-->" : rest.hasPrefix("<?") ? "?>" : ">"
            guard let end = text.range(of: close, range: tag.upperBound..<text.endIndex) else { return nil }
            index = end.upperBound
            if close != ">" { continue }
            let isEnd = rest.hasPrefix("</")
            let isWhole = text[text.index(before: end.lowerBound)] == "/"
            if isEnd { depth -= 1 }
            guard depth >= 0 else { return nil }
            if opened == nil { (opened, inside) = (tag.lowerBound, end.upperBound) }
            if !isEnd, !isWhole { depth += 1 }
            guard depth == 0, let opened, let inside else { continue }
            let last = isEnd ? tag.lowerBound : inside
            return (opened..<end.upperBound, inside..<max(inside, last))
        }
        return nil
    }
}

extension Corpus {
    /// Which file keeps and breaks which rule.
    func rules() throws -> [Record] {
        try String(contentsOf: root.appendingPathComponent("oracle-rules.jsonl"), encoding: .utf8)
            .split(separator: "\n").compactMap { line in
                guard let values = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                    let file = values["file"] as? String
                else { return nil }
                return Record(file: file, values: values)
            }
    }
}
