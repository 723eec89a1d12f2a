// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing
import Trees

@Suite("YAML and JSON to trees") struct YAMLReaderTests {
    @Test("Every YAML scalar stays text, with its style and place") func scalars() throws {
        let node = try #require(
            YAMLReader.read("a: no\nb: 1.10\nc: 2026-01-01\nd: \"q\"\ne:\nf: [~, null, '']\n").node)
        #expect(node["a"]?.scalar == "no")
        #expect(node["b"]?.scalar == "1.10")
        #expect(node["c"]?.scalar == "2026-01-01")
        #expect(node["d"]?.style == .quoted)
        #expect(node["e"]?.isNull == true)
        #expect(node["f"]?.items?.map(\.isNull) == [true, true, false])
        #expect(node["b"]?.line == 2)
        #expect(node["b"]?.column == 4)
        #expect(node.entries?.map(\.line) == [1, 2, 3, 4, 5, 6])
    }

    static let refused: [(String, String, Int)] = [
        ("a: 1\na: 2\n", "YAML-DUPLICATE", 1),
        ("a: {b: 1, b: 2}\n", "YAML-DUPLICATE", 1),
        ("a: &x 1\nb: *x\n", "YAML-FORM", 1),
        ("a: &x [1]\n", "YAML-FORM", 1),
        ("a: !!int 1\n", "YAML-FORM", 1),
        ("a: 1\nb: !special [x]\n", "YAML-FORM", 2),
        ("a: *x\n", "YAML-FORM", 1),
        ("a: @x\n", "YAML-FORM", 1),
        ("a: [1\nb: 2\n", "YAML-FORM", 2),
        ("a: 1\n  b: 2\n", "YAML-FORM", 2),
        ("a: 1\n---\nb: 2\n", "YAML-FORM", 2),
        ("[a]: 1\n", "YAML-FORM", 1),
    ]

    @Test("What hides what it says is refused, with its line", arguments: refused)
    func refuse(_ text: String, _ code: String, _ line: Int) {
        let (node, faults) = YAMLReader.read(text)
        #expect(node == nil)
        #expect(faults.map(\.code) == [code])
        guard case .line(let at, _) = faults.first?.at else {
            Issue.record("no line")
            return
        }
        #expect(at == line)
    }

    @Test("A value that begins with @ or * is told to be quoted", arguments: ["a: @x\n", "a: b\nc: *x\n"])
    func quoteHint(_ text: String) { #expect(YAMLReader.read(text).faults.first?.hint.hasPrefix("Quote") == true) }

    @Test("A bomb of nested lists neither crashes nor passes") func nesting() {
        let faults = YAMLReader.read(String(repeating: "[", count: 100_000)).faults
        #expect(faults.map(\.code) == ["YAML-FORM"])
    }

    // MARK: JSON

    @Test(
        "JSON that is read and written again is the same text",
        arguments: [
            #"{"a":[1,2.50,-0.1e+5,true,false,null,"x\n\"ü"],"b":{}}"#, "[]", "0", #""""#, "[[[]]]", "-1", "1E400",
            #"{"n":12345678901234567890.123456789}"#,
        ])
    func roundTrip(_ text: String) { #expect(JSONReader.read(Array(text.utf8)).node?.json == text) }

    @Test("Escapes, surrogates and blanks") func escapes() {
        let text = " \n{ \"\\u00fc\" : \"\\ud83d\\ude00\\/\" } \r\n"
        let node = JSONReader.read(Array(text.utf8)).node
        #expect(node?.json == #"{"ü":"😀/"}"#)
        #expect(node?["ü"]?.line == 2)
        #expect(node?["ü"]?.column == 14)
    }

    @Test(
        "JSON that is none",
        arguments: [
            "", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":1,\"a\":2}", "01", "1.", "-", "+1", ".5", "1e", "tru",
            "nul", "\"a", "\"\t\"", "\"\\x\"", "\"\\ud800\"", "[1] 2", "NaN", "'a'", "[1 2]", "{1:2}",
        ])
    func refuseJSON(_ text: String) {
        let (node, faults) = JSONReader.read(Array(text.utf8))
        #expect(node == nil)
        #expect(faults.map(\.code) == ["JSON-FORM"])
    }

    @Test("Depth is limited, and text that is not UTF-8 is refused") func limits() {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(JSONReader.read(nested(JSONReader.depthMax)).node != nil)
        #expect(JSONReader.read(nested(JSONReader.depthMax + 2)).node == nil)
        #expect(JSONReader.read(nested(1_000_000)).node == nil)
        #expect(JSONReader.read([0x22, 0xFF, 0x22]).node == nil)
    }

    @Test("A key that stands twice is refused among few keys and among many", arguments: [1, 2, 23, 24, 25, 60])
    func repeatedKey(_ count: Int) {
        let pairs = (0..<count).map { "\"key\($0)\":\($0)" }
        let text = "{\(pairs.joined(separator: ","))}"
        #expect(JSONReader.read(Array(text.utf8)).node?.json == text)
        for again in [0, count - 1] {
            let twice = "{\((pairs + ["\"key\(again)\":0"]).joined(separator: ","))}"
            #expect(JSONReader.read(Array(twice.utf8)).faults.first?.message.contains("stands twice") == true)
        }
    }

    @Test(
        "A text is its characters up to its quote, with or without escapes",
        arguments: [
            (#""plain""#, "plain"), (#""""#, ""), (#""a\u0041b\n""#, "aAb\n"), (#""\\""#, "\\"), (#""é\"x""#, "é\"x"),
        ])
    func texts(_ text: String, _ value: String) {
        #expect(JSONReader.read(Array(text.utf8)).node?.scalar == value)
        // Cut off anywhere it is no text.
        for end in 1..<text.utf8.count { #expect(JSONReader.read(Array(text.utf8.prefix(end))).node == nil) }
    }
}
