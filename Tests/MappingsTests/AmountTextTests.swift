// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing

@Suite("Amounts as people write them") struct AmountTextTests {
    static let comma = AmountConvention(decimal: 0x2C, group: .mark(0x2E))
    static let commaOnly = AmountConvention(decimal: 0x2C, group: .none)
    static let point = AmountConvention(decimal: 0x2E, group: .mark(0x2C))
    static let spaced = AmountConvention(decimal: 0x2C, group: .space)
    static let swiss = AmountConvention(decimal: 0x2E, group: .apostrophe)

    struct Row: Sendable, CustomTestStringConvertible {
        var text: String
        var convention: AmountConvention
        var expected: String?
        var testDescription: String { "\(text) (\(convention.description))" }
    }

    static let accepted: [Row] = [
        Row(text: "1.234,56", convention: comma, expected: "1234.56"),
        Row(text: "1234,5", convention: comma, expected: "1234.5"),
        Row(text: "1.234.567,00", convention: comma, expected: "1234567.00"),
        Row(text: "1.234", convention: comma, expected: "1234"),
        Row(text: "(3,00)", convention: comma, expected: "-3.00"),
        Row(text: "3,00-", convention: comma, expected: "-3.00"),
        Row(text: "-3,00", convention: comma, expected: "-3.00"),
        Row(text: "- 3,00", convention: comma, expected: "-3.00"),
        Row(text: "\u{2212}3,00", convention: comma, expected: "-3.00"),
        Row(text: "+3,00", convention: comma, expected: "3.00"),
        Row(text: "  3,00\u{A0}", convention: comma, expected: "3.00"),
        Row(text: "€ 1.234,56", convention: comma, expected: "1234.56"),
        Row(text: "1.234,56 €", convention: comma, expected: "1234.56"),
        Row(text: "-€3,00", convention: comma, expected: "-3.00"),
        Row(text: "R$ 1.234,56", convention: comma, expected: "1234.56"),
        Row(text: "EUR 1.234,56", convention: comma, expected: "1234.56"),
        Row(text: "1.234,56EUR", convention: comma, expected: "1234.56"),
        Row(text: "1,234.56", convention: point, expected: "1234.56"),
        Row(text: "$20", convention: point, expected: "20"),
        Row(text: ".50", convention: point, expected: "0.50"),
        Row(text: "2309.7899999999995", convention: .plain, expected: "2309.7899999999995"),
        Row(text: "-0", convention: .plain, expected: "0"),
        Row(text: "1 234 567,89", convention: spaced, expected: "1234567.89"),
        Row(text: "1\u{A0}234,5", convention: spaced, expected: "1234.5"),
        Row(text: "1\u{202F}234,5", convention: spaced, expected: "1234.5"),
        Row(text: "1'234.50", convention: swiss, expected: "1234.50"),
        Row(text: "1’234.50", convention: swiss, expected: "1234.50"),
        Row(text: "123456789012345678901234567890", convention: .plain, expected: "123456789012345678901234567890"),
    ]

    @Test("What is accepted", arguments: accepted) func accept(_ row: Row) throws {
        guard case .value(let value, _) = AmountText.read(row.text, row.convention) else {
            Issue.record("\(AmountText.read(row.text, row.convention))")
            return
        }
        #expect(value.text == row.expected)
    }

    static let refused: [(String, AmountConvention, AmountProblem)] = [
        ("1.23,4", comma, .grouping),
        ("1,234.56", comma, .grouping),
        ("1,234,567", comma, .form),
        ("12.34", comma, .grouping),
        ("1234.567,00", comma, .grouping),
        (".123,00", comma, .grouping),
        ("1.234", commaOnly, .grouping),
        ("1,234", .plain, .grouping),
        ("12a", comma, .form),
        ("a12", comma, .form),
        ("--3", comma, .form),
        ("-3-", comma, .form),
        ("(-3)", comma, .form),
        ("€ 3 €", comma, .form),
        ("1.23E+17", .plain, .spreadsheet),
        ("1,23e-5", commaOnly, .spreadsheet),
        ("1E5x", .plain, .form),
        (",", comma, .form),
        ("5,", comma, .form),
        ("-", comma, .form),
        ("1 234,00", comma, .grouping),
        ("1234567890123456789012345678901", .plain, .range),
        ("0.1234567890123456789", .plain, .range),
        ("#REF!", comma, .form),
    ]

    @Test("What is refused, and as what", arguments: refused)
    func refuse(_ text: String, _ convention: AmountConvention, _ problem: AmountProblem) {
        #expect(AmountText.read(text, convention) == .refused(problem))
    }

    @Test("Blank text is no amount and no fault", arguments: ["", " ", "\t", "\u{A0}"])
    func blank(_ text: String) { #expect(AmountText.read(text, Self.comma) == .empty) }

    @Test("A code beside the digits is reported") func code() {
        #expect(
            AmountText.read("12,00 USD", Self.comma)
                == .value(ScaledDecimal(coefficient: 1200, scale: 2), currency: .code(.usd)))
    }

    @Test("Every sum of cents survives being written and read") func roundTrip() {
        for minor in [Int64(0), 1, 9, 10, 99, 100, 101, 999, 123_456, 99_999_999_999, 1_000_000_000_000_000] {
            for sign in [Int64(1), -1] {
                let money = Money(minorUnits: sign * minor, currency: .eur)
                guard case .value(let value, _) = AmountText.read(money.amountText, .plain) else {
                    Issue.record("\(money)")
                    continue
                }
                #expect(value.money(.eur) == money)
            }
        }
    }

    // MARK: Evidence of a column

    func settle(_ values: [String]) -> Result<AmountConvention, Refusal> {
        var evidence = AmountEvidence()
        for (index, value) in values.enumerated() {
            let bytes = Array(value.utf8)
            evidence.add(bytes, 0, bytes.count, line: index + 2)
        }
        return evidence.settle(column: "Betrag")
    }

    @Test(
        "Other values of the column settle the mark",
        arguments: [
            (["1,234", "12,5"], Self.comma), (["1.234", "1.234,50"], Self.comma), (["1,234", "0.5"], Self.point),
            (["1.234.567"], Self.comma), (["1,234,567"], Self.point), (["1234,567"], Self.commaOnly),
            (["0,123"], Self.comma), (["12", "7"], Self.point), (["1 234,50"], Self.spaced),
            (["1'234.50"], Self.swiss),
        ])
    func settles(_ values: [String], _ convention: AmountConvention) throws {
        #expect(try settle(values).get().decimal == convention.decimal)
        for value in values {
            if case .refused = AmountText.read(value, try settle(values).get()) { Issue.record("\(value)") }
        }
    }

    @Test("Nothing settles 1,234: both readings and the lines are named") func ambiguous() throws {
        let refusal = #expect(throws: Refusal.self) { try settle(["1,234", "5", "7,890"]).get() }
        #expect(refusal?.code == "AMOUNT-AMBIGUOUS")
        #expect(refusal?.message.contains("1.234 or 1234") == true)
        #expect(refusal?.message.contains("lines 2, 4") == true)
    }

    @Test("Two decimal marks in one column are refused with both lines") func mixed() {
        let refusal = #expect(throws: Refusal.self) { try settle(["1,5", "1.5"]).get() }
        #expect(refusal?.code == "AMOUNT-MIXED")
        #expect(refusal?.message.contains("line 2") == true)
        #expect(refusal?.message.contains("line 3") == true)
    }
}
