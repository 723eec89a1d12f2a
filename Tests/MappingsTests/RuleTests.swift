// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing
import Trees

@Suite("Value rules") struct RuleTests {
    /// One field of an invoice through one rule.
    func value(
        _ target: String, _ rule: String, _ header: [String], _ row: [String],
        read: String = "{ decimal: \".\", date: iso }"
    ) throws -> (value: String?, code: String?) {
        let mapping = try Yard.mapping(
            """
            mapping: 1
            name: t
            source: { file: { format: csv } }
            read: \(read)
            config: { division: { default: seven } }
            emit:
              invoice:
                fields:
                  number: { const: N1 }
                  issued_on: { const: 2026-01-02 }
                  total: { const: 1 }
                  \(target): \(rule)
            """)
        let (documents, faults) = try mapping.map(header, [row])
        let node = documents.first?.node[target]
        return (node?.scalar ?? node?.json, faults.first?.code)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var target: String
        var rule: String
        var row: [String]
        var expected: String?
        var code: String?
        var testDescription: String { "\(target): \(rule) of \(row)" }
        init(_ target: String, _ rule: String, _ row: [String], _ expected: String?, _ code: String? = nil) {
            (self.target, self.rule, self.row, self.expected, self.code) = (target, rule, row, expected, code)
        }
    }

    /// The header of every row is a, b, c.
    static let rows: [Row] = [
        Row("reference", "a", ["x", "", ""], "x"),
        Row("reference", "a", ["", "", ""], nil),
        Row("reference", "a", [" x ", "", ""], " x "),
        Row("reference", "{ from: a, trim: true }", [" x ", "", ""], "x"),
        Row("reference", "{ from: a, upper: true }", ["xß", "", ""], "XSS"),
        Row("reference", "$2", ["", "y", ""], "y"),
        Row("reference", "[a, b, c]", ["", "", "z"], "z"),
        Row("reference", "[a, b]", ["", "", "z"], nil),
        Row("reference", "{ const: k }", ["", "", ""], "k"),
        Row("reference", "{ const: d-$(config.division) }", ["", "", ""], "d-seven"),
        Row("reference", "{ join: $(a)/$(b) }", ["x", "y", ""], "x/y"),
        Row("reference", "{ join: $(a)/$(b) }", ["", "", ""], nil),
        Row("reference", "{ join: $(a) $(b) $(c) }", ["x ", "", "y"], "x   y"),
        Row("reference", "{ join: $(a) $(b) $(c), trim: true }", ["x ", "", "y"], "x y"),
        Row("reference", "{ join: $(a) $(b), trim: true }", ["", " ", ""], nil),
        Row("reference", "{ first: [{ when: { a: { not: [x, y] } }, from: b }, { from: c }] }", ["z", "1", "2"], "1"),
        Row("reference", "{ first: [{ when: { a: { not: [x, y] } }, from: b }, { from: c }] }", ["y", "1", "2"], "2"),
        Row("reference", "{ first: [{ when: { a: { not: ~ } }, from: b }, { from: c }] }", ["", "1", "2"], "2"),
        Row("reference", "{ first: [{ when: { a: { not: \"x*\" } }, from: b }, { from: c }] }", ["xy", "1", "2"], "2"),
        Row("due_on", "{ from: a, date: [dd.MM.yyyy, dd.MM.yy, iso] }", ["04.09.2024", "", ""], "2024-09-04"),
        Row("due_on", "{ from: a, date: [dd.MM.yyyy, dd.MM.yy, iso] }", ["04.09.24", "", ""], "2024-09-04"),
        Row("due_on", "{ from: a, date: [dd.MM.yyyy, dd.MM.yy, iso] }", ["2024-09-04", "", ""], "2024-09-04"),
        Row("due_on", "{ from: a, date: [dd.MM.yyyy, dd.MM.yy] }", ["2024-09-04", "", ""], nil, "DATE-FORM"),
        Row("reference", "{ from: a, default: q }", ["", "", ""], "q"),
        Row("reference", "{ from: a, required: true }", ["", "", ""], nil, "REQUIRED-MISSING"),
        Row("reference", "{ from: a, map: { 1: one, \"*\": other } }", ["1", "", ""], "one"),
        Row("reference", "{ from: a, map: { 1: one, \"*\": other } }", ["2", "", ""], "other"),
        Row("reference", "{ from: a, map: { 1: one } }", ["2", "", ""], nil, "VALUE-UNMAPPED"),
        Row("reference", "{ from: a, map: { 1: one } }", ["", "", ""], nil),
        Row("reference", "{ from: a, null_if: [n/a, none] }", ["none", "", ""], nil),
        Row("reference", "{ from: a, match: 'INV-(\\d+)' }", ["see INV-042.", "", ""], "042"),
        Row("reference", "{ from: a, match: 'INV-(\\d+)' }", ["nothing", "", ""], nil),
        Row("reference", "{ first: [{ when: { b: yes }, from: a }, { const: z }] }", ["x", "yes", ""], "x"),
        Row("reference", "{ first: [{ when: { b: yes }, from: a }, { const: z }] }", ["x", "no", ""], "z"),
        Row("reference", "{ first: [{ when: { b: [yes, y*] }, from: a }] }", ["x", "yep", ""], "x"),
        Row("reference", "{ first: [{ when: { b: null }, from: a }] }", ["x", " ", ""], "x"),
        Row("reference", "{ first: [{ when: { b: \"*es\", c: 1 }, from: a }] }", ["x", "yes", "1"], "x"),
        Row("reference", "{ first: [{ when: { b: \"*es\", c: 1 }, from: a }] }", ["x", "yes", "2"], nil),
        Row("open", "a", ["12.50", "", ""], "12.50"),
        Row("open", "a", ["", "", ""], nil),
        Row("open", "{ from: a, negate: true }", ["12.50", "", ""], "-12.50"),
        Row("open", "{ from: a, negate_when: { b: H } }", ["12.50", "H", ""], "-12.50"),
        Row("open", "{ from: a, negate_when: { b: H } }", ["12.50", "S", ""], "12.50"),
        Row("open", "{ from: a, abs: true }", ["-3", "", ""], "3.00"),
        Row("open", "{ from: a, minor: true }", ["1250", "", ""], "12.50"),
        Row("open", "{ from: a, decimal: \",\", group: \".\" }", ["1.250,75", "", ""], "1250.75"),
        Row("open", "{ calc: $(a) - $(b) }", ["10.00", "0.25", ""], "9.75"),
        Row("open", "{ calc: $(a) - $(b) }", ["", "0.25", ""], "-0.25"),
        Row("open", "{ calc: $(a) - $(b) }", ["", "", ""], nil),
        Row("open", "{ calc: $(a) + $(b) - $(c), negate: true }", ["1", "2", "0.5"], "-2.50"),
        Row("open", "{ calc: -$(a) }", ["1", "", ""], "-1.00"),
        Row("open", "{ first: [{ when: { b: S }, from: a }, { calc: $(c) - $(a) }] }", ["1", "H", "3"], "2.00"),
        Row("open", "a", ["12,50", "", ""], nil, "AMOUNT-GROUPING"),
        Row("open", "a", ["12a", "", ""], nil, "AMOUNT-FORM"),
        Row("open", "a", ["12.505", "", ""], nil, "AMOUNT-PRECISION"),
        Row("open", "a", ["12.500", "", ""], "12.50"),
        Row("open", "a", ["10000000000000.01", "", ""], nil, "AMOUNT-RANGE"),
        Row("open", "a", ["10000000000000.00", "", ""], "10000000000000.00"),
        Row("open", "a", ["1.23E+5", "", ""], nil, "SPREADSHEET-NUMBER"),
        Row("open", "a", ["12.00 USD", "", ""], nil, "AMOUNT-CURRENCY"),
        Row("open", "a", ["12.00 EUR", "", ""], "12.00"),
        Row("customer_id", "a", ["000123", "", ""], "000123"),
        Row("customer_id", "a", ["1.23E+17", "", ""], nil, "SPREADSHEET-NUMBER"),
        Row("customer_id", "a", ["2960623488.0", "", ""], nil, "SPREADSHEET-NUMBER"),
        Row("customer_id", "a", ["1.0", "", ""], "1.0"),
        Row("customer_id", "{ from: a, match: '^(\\d+)\\.0$' }", ["2960623488.0", "", ""], "2960623488"),
        Row("due_on", "a", ["2026-02-03", "", ""], "2026-02-03"),
        Row("due_on", "a", [" 2026-02-03 ", "", ""], "2026-02-03"),
        Row("due_on", "{ from: a, date: dd.MM.yyyy }", ["03.02.2026", "", ""], "2026-02-03"),
        Row("due_on", "a", ["03.02.2026", "", ""], nil, "DATE-FORM"),
        Row("due_on", "{ from: a, date: dd MMM yyyy }", ["03 févr. 2026", "", ""], "2026-02-03"),
        Row("due_on", "{ from: a, date: [dd MMM yyyy, dd/MM/yyyy] }", ["03/02/2026", "", ""], "2026-02-03"),
        Row("due_on", "{ from: a, date: dd MMM yyyy }", ["03 Foo 2026", "", ""], nil, "DATE-FORM"),
        Row("due_on", "[a, b]", ["", "2026-02-03", ""], "2026-02-03"),
        Row("dunning_level", "a", ["2", "", ""], "2"),
        Row("dunning_level", "a", ["2.5", "", ""], nil, "NUMBER-FORM"),
        Row("disputed", "a", ["yes", "", ""], "true"),
        Row("disputed", "a", ["maybe", "", ""], nil, "BOOL-FORM"),
        Row("kind", "a", ["debit_note", "", ""], "debit_note"),
        Row("kind", "a", ["Rechnung", "", ""], nil, "VALUE-UNKNOWN"),
        Row("currency", "a", ["usd", "", ""], "USD"),
        Row("currency", "a", ["EURO", "", ""], nil, "CURRENCY-UNKNOWN"),
        Row("modified_at", "a", ["2026-02-03T04:05:06Z", "", ""], "2026-02-03T04:05:06.000Z"),
        Row("rate", "a", ["1.0873", "", ""], "1.0873"),
        Row(
            "discounts", "{ each: \".\", percent: a, until: b }", ["2", "2026-02-03", ""],
            #"[{"percent":"2","base":"gross","until":"2026-02-03"}]"#),
        Row("discounts", "{ each: \".\", percent: a, until: b }", ["", "2026-02-03", ""], nil),
        Row("discounts", "{ each: \".\", percent: a, until: b }", ["0", "", ""], nil),
        Row("discounts", "{ each: \".\", percent: a, until: b }", ["2", "", ""], nil, "REQUIRED-MISSING"),
        Row(
            "instalments", "[{ each: \".\", amount: a, due_on: b }, { each: \".\", amount: c, due_on: b }]",
            ["2", "2026-02-03", "3"],
            #"[{"n":1,"due_on":"2026-02-03","amount":"2.00"},{"n":2,"due_on":"2026-02-03","amount":"3.00"}]"#),
        Row(
            "taxes", "{ each: \".\", rate: a, net: b, tax: c }", ["21", "100", "21.00"],
            #"[{"rate":"21","net":"100.00","tax":"21.00"}]"#),
    ]

    @Test("Rules and what they give", arguments: rows) func rule(_ row: Row) throws {
        let (value, code) = try value(row.target, row.rule, ["a", "b", "c"], row.row)
        #expect(value == row.expected)
        #expect(code == row.code)
    }

    @Test("A local time takes the zone of the mapping, an instant its calendar day there") func zones() throws {
        let read = "{ decimal: \".\", date: iso, zone: \"+02:00\" }"
        #expect(try value("due_on", "a", ["a"], ["2026-02-03T23:30:00Z"], read: read).value == "2026-02-04")
        #expect(
            try value("modified_at", "a", ["a"], ["2026-02-03T01:00:00"], read: read).value
                == "2026-02-02T23:00:00.000Z")
        let named = "{ decimal: \".\", date: iso, zone: Europe/Berlin }"
        #expect(try value("due_on", "a", ["a"], ["2026-02-03T23:30:00Z"], read: named).code == "ZONE-UNKNOWN")
        #expect(try value("due_on", "a", ["a"], ["2026-02-03"], read: named).value == "2026-02-03")
    }

    @Test("Nulls of the mapping are nothing in every column") func nulls() throws {
        let read = "{ decimal: \",\", date: iso, nulls: [\"\", \"-\"] }"
        #expect(try value("open", "a", ["a"], [" - "], read: read).value == nil)
        #expect(try value("reference", "a", ["a"], ["-"], read: read).value == nil)
        #expect(try value("reference", "a", ["a"], ["--"], read: read).value == "--")
    }

    @Test("Header texts are taken literally, with blanks, dots and parentheses") func literalHeaders() throws {
        #expect(try value("reference", "Uw ref.", ["Uw ref."], ["x"]).value == "x")
        #expect(
            try value("open", "{ calc: $(Umsatz (ohne Soll/Haben-Kz)) }", ["Umsatz (ohne Soll/Haben-Kz)"], ["3"]).value
                == "3.00")
    }
}
