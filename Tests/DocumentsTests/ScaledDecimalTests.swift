// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

struct ScaledDecimalTests {
    @Test(
        "Plain decimals parse digit for digit",
        arguments: [
            ("0", "0"), ("1180.00", "1180.00"), ("-1180.5", "-1180.5"), ("+7", "7"), (".5", "0.5"), ("5.", "5"),
            ("007", "7"), ("-0.00", "0.00"), ("0.000000000000000001", "0.000000000000000001"),
            ("1.0000000000000000000000", "1.000000000000000000"),
            ("99999999999999999999999999999", "99999999999999999999999999999"),
        ])
    func parses(_ text: String, _ expected: String) {
        #expect(ScaledDecimal(text)?.text == expected)
    }

    @Test(
        "Grouping, exponents, other digits and too many digits are nil",
        arguments: [
            "", "-", "+", ".", "1,5", "1 000", "1e3", "1.2.3", "--1", "1-", "0x10", "٣", "1_000", "NaN", "∞", " 1",
            "0.0000000000000000001", "1234567890123456789012345678901",
        ])
    func refuses(_ text: String) {
        #expect(ScaledDecimal(text) == nil)
    }

    @Test(
        "Rounding follows the mode, on both sides of zero",
        arguments: [
            ("2.5", "3", "2", "2", "3"), ("3.5", "4", "4", "3", "4"), ("-2.5", "-3", "-2", "-2", "-3"),
            ("-3.5", "-4", "-4", "-3", "-4"), ("2.4", "2", "2", "2", "3"), ("2.6", "3", "3", "2", "3"),
            ("2.50001", "3", "3", "2", "3"), ("2.0", "2", "2", "2", "2"), ("-0.4", "0", "0", "0", "-1"),
            ("0.5", "1", "0", "0", "1"), ("-0.5", "-1", "0", "0", "-1"),
        ])
    func rounds(_ text: String, _ halfUp: String, _ halfEven: String, _ down: String, _ up: String) throws {
        let value = try #require(ScaledDecimal(text))
        #expect(value.rounded(scale: 0, .halfUp)?.text == halfUp)
        #expect(value.rounded(scale: 0, .halfEven)?.text == halfEven)
        #expect(value.rounded(scale: 0, .down)?.text == down)
        #expect(value.rounded(scale: 0, .up)?.text == up)
    }

    @Test("An exact change of scale loses no digit, or is nil")
    func exactly() throws {
        let value = try #require(ScaledDecimal("12.340"))
        #expect(value.exactly(scale: 2)?.text == "12.34")
        #expect(value.exactly(scale: 1) == nil)
        #expect(value.exactly(scale: 5)?.text == "12.34000")
        #expect(value.exactly(scale: 19) == nil)
    }

    @Test("Amounts become money only without loss and in range")
    func money() throws {
        let yen = try #require(Currency("JPY"))
        #expect(ScaledDecimal("11.800")?.money(.eur)?.minorUnits == 1180)
        #expect(ScaledDecimal("11.805")?.money(.eur) == nil)
        #expect(ScaledDecimal("11.805")?.money(.eur, rounding: .halfEven)?.minorUnits == 1180)
        #expect(ScaledDecimal("11.805")?.money(.eur, rounding: .halfUp)?.minorUnits == 1181)
        #expect(ScaledDecimal("500")?.money(yen)?.minorUnits == 500)
        #expect(ScaledDecimal("500.5")?.money(yen) == nil)
        #expect(ScaledDecimal("10000000000000.00")?.money(.eur)?.minorUnits == Money.magnitudeMax)
        #expect(ScaledDecimal("10000000000000.01")?.money(.eur) == nil)
        #expect(ScaledDecimal("-10000000000000.01")?.money(.eur) == nil)
        #expect(ScaledDecimal("99999999999999999999999999999")?.money(.eur) == nil)
    }

    @Test("Sums take the finer scale")
    func adds() throws {
        let left = try #require(ScaledDecimal("0.1"))
        let right = try #require(ScaledDecimal("-0.025"))
        #expect(left.adding(right)?.text == "0.075")
        #expect((-right).text == "0.025")
    }
}
