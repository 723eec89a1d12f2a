// SPDX-License-Identifier: Apache-2.0
import Mappings
import Testing
import Trees

@Suite("Trees and paths through them") struct NodeTests {
    @Test("JSON text is one line, escaped, in the tree's order") func json() {
        let node = Node.object([
            ("b", .text("a\"\\\n\u{1}\u{2028}ü")), ("a", .list([.integer(-3), .bool(true), .null])),
            ("e", .object([])), ("n", Node(.number("1.10"))),
        ])
        #expect(node.json == #"{"b":"a\"\\\n\u0001\u2028ü","a":[-3,true,null],"e":{},"n":1.10}"#)
        #expect(Node.object([("a", .list([.text("x")]))]).indentedJSON == "{\n  \"a\": [\n    \"x\"\n  ]\n}")
    }

    @Test("Compact leaves nulls out") func compact() {
        #expect(Node.compact([("a", .null), ("b", .text("x"))]).json == #"{"b":"x"}"#)
    }

    static let tree = Node.object([
        ("id", .text("7")),
        (
            "lines",
            .object([
                (
                    "line",
                    .list([
                        .object([("@type", .text("detail")), ("value", .text("1"))]),
                        .object([("@type", .text("total")), ("value", .text("2"))]),
                    ])
                )
            ])
        ),
        ("@odata.nextLink", .text("u")), ("a/b", .text("slash")),
        ("items", .list([.object([("n", .text("1"))]), .object([("n", .text("2"))])])),
    ])

    @Test(
        "Paths and what they reach",
        arguments: [
            ("id", ["7"]), ("lines/line[@type=total]/value", ["2"]), ("@odata.nextLink", ["u"]), ("a~1b", ["slash"]),
            ("items/*/n", ["1", "2"]), ("missing", []), ("/id", ["7"]), ("^", []),
        ])
    func paths(_ text: String, _ expected: [String]) throws {
        let mapping = try Yard.mapping(
            """
            mapping: 1
            name: t
            source: { file: { format: json } }
            records: "\(text)"
            emit: { customer: { fields: { id: id } } }
            """)
        #expect(mapping.records(in: Self.tree).compactMap { $0.tree.last?.ownText } == expected)
    }
}
