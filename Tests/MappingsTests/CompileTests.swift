// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing

@Suite("What compiling refuses") struct CompileTests {
    static let good = """
        mapping: 1
        name: t
        source: { file: { format: csv } }
        emit: { payment: { fields: { amount: a, booked_on: d } } }
        """

    /// The good mapping with one line replaced.
    static func with(_ line: Int, _ text: String) -> String {
        var lines = good.split(separator: "\n").map(String.init)
        lines[line - 1] = text
        return lines.joined(separator: "\n")
    }

    static func emit(_ rule: String) -> String {
        with(4, "emit: { payment: { fields: { amount: a, booked_on: d, \(rule) } } }")
    }

    static let cases: [(String, String, String)] = [
        (with(1, "mapping: 2"), "MAPPING-VERSION", "line 1, column 10"),
        (with(2, "name: has blanks"), "MAPPING-NAME", "line 2, column 7"),
        (with(2, "nam: t"), "MAPPING-KEY", "line 2, column 1"),
        (with(3, "source: { file: { format: csf } }"), "MAPPING-VALUE", "line 3, column 27"),
        (with(3, "source: { http: { base: x } }"), "MAPPING-NOT-FILE", "line 3, column 17"),
        (with(3, "source: { file: { delimiter: xx } }"), "MAPPING-VALUE", "line 3, column 30"),
        (with(3, "source: { file: { header_row: -1 } }"), "MAPPING-VALUE", "line 3, column 31"),
        (with(3, "source: { file: { columns: some } }"), "MAPPING-VALUE", "line 3, column 28"),
        (with(3, "read: { decimal: x }"), "MAPPING-MISSING", "line 1, column 1"),
        (good + "\nread: { decimal: x }", "MAPPING-VALUE", "line 5, column 18"),
        (good + "\nread: { decimal: \",\", group: \",\" }", "MAPPING-VALUE", "line 5, column 30"),
        (good + "\nread: { group: \",\" }", "MAPPING-VALUE", "line 5, column 16"),
        (good + "\nread: { date: dd.mm.yyyy }", "MAPPING-DATE", "line 5, column 15"),
        (good + "\nsync: { mode: snapshot }", "MAPPING-VALUE", "line 5, column 15"),
        (good + "\nrecords: a", "MAPPING-VALUE", "line 5, column 10"),
        (good + "\nskip: { }", "MAPPING-RULE", "line 5, column 7"),
        (good + "\ntotals: { check: { amount: a } }", "MAPPING-MISSING", "line 5, column 9"),
        (good + "\ntotals: { where: { a: x }, check: { open: a } }", "MAPPING-TARGET", "line 5, column 37"),
        (with(4, "emit: { payments: { fields: { } } }"), "MAPPING-TARGET", "line 4, column 9"),
        (with(4, "emit: { payment: { fields: { booked_on: a } } }"), "MAPPING-MISSING", "line 4, column 9"),
        (with(4, "emit: { promise: { fields: { amount: a } } }"), "MAPPING-MISSING", "line 4, column 9"),
        (with(3, "source: { file: { encoding: utf9 } }"), "MAPPING-VALUE", "line 3, column 29"),
        (with(3, "source: { file: { sheet: a } }"), "MAPPING-KEY", "line 3, column 19"),
        (with(3, "source: { file: { format: xlsx, delimiter: \";\" } }"), "MAPPING-KEY", "line 3, column 33"),
        (with(3, "source: { file: { done: delete } }"), "MAPPING-VALUE", "line 3, column 25"),
        (with(3, "source: { file: { format: xml } }\nrecords: x:a"), "MAPPING-PATH", "line 4, column 10"),
        (good + "\nconfig: { n: { type: number } }", "MAPPING-VALUE", "line 5, column 22"),
        (good + "\nconfig: { n: { type: int, default: x } }", "MAPPING-VALUE", "line 5, column 36"),
        (good + "\nsync: { overlap: 5 minutes }", "MAPPING-VALUE", "line 5, column 18"),
        (with(4, "emit: { invoice: { fields: { number: a, issued_on: b } } }"), "MAPPING-MISSING", "line 4, column 9"),
        (emit("payer: a"), "MAPPING-TARGET", "line 4, column 55"),
        (emit("method: { from: a, mpa: { } }"), "MAPPING-KEY", "line 4, column 74"),
        (emit("method: { upper: true }"), "MAPPING-RULE", "line 4, column 63"),
        (emit("method: { from: a, const: b }"), "MAPPING-RULE", "line 4, column 63"),
        (emit("method: { from: a, negate: true }"), "MAPPING-RULE", "line 4, column 63"),
        (emit("method: { calc: $(a) }"), "MAPPING-RULE", "line 4, column 71"),
        (emit("fee: { calc: $(a) * $(b) }"), "MAPPING-RULE", "line 4, column 68"),
        (emit("fee: { calc: a - b }"), "MAPPING-RULE", "line 4, column 68"),
        (emit("fee: { join: $(a) }"), "MAPPING-RULE", "line 4, column 68"),
        (emit("method: { from: a, match: 'x(' }"), "MAPPING-REGEX", "line 4, column 81"),
        (emit("method: { from: a, match: 'x' }"), "MAPPING-REGEX", "line 4, column 81"),
        (emit("method: { from: a, match: '(x)(y)' }"), "MAPPING-REGEX", "line 4, column 81"),
        (emit("method: { const: $(config.x) }"), "MAPPING-CONFIG", "line 4, column 72"),
        (emit("method: { const: $(a) }"), "MAPPING-RULE", "line 4, column 72"),
        (emit("method: { from: a, trim: maybe }"), "MAPPING-VALUE", "line 4, column 80"),
        (emit("method: { first: a }"), "MAPPING-RULE", "line 4, column 72"),
        (emit("method: ~"), "MAPPING-RULE", "line 4, column 63"),
        (with(3, "source: { file: { optional: [d, e] } }"), "MAPPING-VALUE", "line 3, column 33"),
        (with(3, "source: { file: { columns: [a], optional: [d] } }"), "MAPPING-VALUE", "line 3, column 43"),
        (with(3, "source: { file: { format: json, optional: [d] } }"), "MAPPING-KEY", "line 3, column 33"),
        (good + "\nskip: { a: { not: { b: c } } }", "MAPPING-RULE", "line 5, column 19"),
        (good + "\nskip: { a: { no: x } }", "MAPPING-RULE", "line 5, column 12"),
        (good + "\nread: { date: [dd/MM/yyyy, MM/dd/yyyy] }", "MAPPING-DATE", "line 5, column 15"),
        (good + "\nread: { date: [dd.MM.yyyy, excel] }", "MAPPING-DATE", "line 5, column 28"),
        (good + "\nread: { date: [dd.MM.yyyy, q] }", "MAPPING-DATE", "line 5, column 28"),
        (emit("method: { preamble: x }"), "MAPPING-REGEX", "line 4, column 75"),
        (emit("method: { file_name: '(a)(b)' }"), "MAPPING-REGEX", "line 4, column 76"),
        (
            with(3, "source: { file: { format: xml } }").replacing("d }", with: "d, method: { preamble: '(x)' } }"),
            "MAPPING-RULE", "line 4, column 75"
        ),
    ]

    @Test("Each error has a code and a place", arguments: cases)
    func refuse(_ text: String, _ code: String, _ at: String) {
        let faults = Yard.faults(text)
        #expect(faults.first?.code == code)
        #expect(faults.first?.at.text == at)
        #expect(faults.allSatisfy { $0.severity == .refusal && !$0.message.isEmpty && !$0.hint.isEmpty })
    }

    @Test("All errors come at once") func allAtOnce() {
        let faults = Yard.faults(
            """
            mapping: 1
            name: "x y"
            sourc: { }
            source: { file: { format: csv, colour: red } }
            emit: { payment: { fields: { amuont: a, booked_on: { from: d, date: qq } } } }
            """)
        #expect(
            faults.map(\.code) == [
                "MAPPING-KEY", "MAPPING-NAME", "MAPPING-KEY", "MAPPING-TARGET", "MAPPING-DATE", "MAPPING-MISSING",
            ])
        #expect(faults.map(\.hint).contains("Did you mean `source:`?"))
        #expect(faults.map(\.hint).contains("Did you mean `amount:`?"))
    }

    @Test("Older names of targets still work, and are told") func olderNames() {
        let faults = Yard.faults(Self.with(4, "emit: { payment: { fields: { amount: a, paid_on: d, reference: r } } }"))
        #expect(faults.map(\.code) == ["MAPPING-RENAMED", "MAPPING-RENAMED"])
        #expect(faults.allSatisfy { $0.severity == .warning })
    }

    @Test("A payment without a rule for its day compiles with a warning: no record of it will land") func noDay() {
        let faults = Yard.faults(Self.with(4, "emit: { payment: { fields: { amount: a } } }"))
        #expect(faults.map(\.code) == ["MAPPING-MISSING"])
        #expect(faults.first?.severity == .warning)
    }

    @Test("The good one has none") func good() { #expect(Yard.faults(Self.good) == []) }
}
