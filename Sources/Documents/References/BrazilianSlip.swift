// SPDX-License-Identifier: Apache-2.0

/// The Brazilian payment slip (boleto de cobrança, FEBRABAN): a bar code of 44 digits, typed as a line of 47.
package struct BrazilianSlip: Hashable, Sendable {
    /// 44 digits: bank (3), currency (1), check (1), due factor (4), value (10), free field (25).
    package let barcode: String

    /// Nil when the digits are neither a line of 47 nor a bar code of 44, or a check is wrong. Dots and spaces are
    /// dropped.
    package init?(_ text: some StringProtocol) {
        guard let digits = CheckDigit.digits(text, dropping: [0x2E, 0x2D]) else { return nil }
        let code: [UInt8]
        switch digits.count {
        case 47:
            let fields = [digits[0..<9], digits[10..<20], digits[21..<31]]
            let checks = [digits[9], digits[20], digits[31]]
            guard zip(fields, checks).allSatisfy({ CheckDigit.luhn($0) == $1 }) else { return nil }
            var joined = Array(digits[0..<4])
            for part in [32..<47, 4..<9, 10..<20, 21..<31] { joined += digits[part] }
            code = joined
        case 44: code = digits
        default: return nil
        }
        guard Self.check(code) == code[4] else { return nil }
        barcode = CheckDigit.text(code)
    }

    /// The slip of a bank's free field: `bank` three digits, `factor` four, `value` in cents up to ten, `free` 25.
    package static func make(
        bank: some StringProtocol, factor: Int, cents: Int64, free: some StringProtocol
    ) -> BrazilianSlip? {
        guard let bank = CheckDigit.digits(bank), bank.count == 3, let free = CheckDigit.digits(free),
            free.count == 25, (0...9_999).contains(factor), (0...9_999_999_999).contains(cents)
        else { return nil }
        var code: [UInt8] = bank + [0x39, 0x30]
        code += padded(Int64(factor), 4)
        code += padded(cents, 10)
        code += free
        code[4] = check(code)
        return BrazilianSlip(CheckDigit.text(code))
    }

    /// `00190.00009 01207.113000 09000.206186 5 38600000004000`
    package var line: String {
        let digits = Array(barcode.utf8)
        let free = Array(digits[19...])
        let first: [UInt8] = Array(digits[0..<4]) + Array(free[0..<5])
        let fields: [[UInt8]] = [first, Array(free[5..<15]), Array(free[15..<25])]
        let printed = fields.map { field -> String in
            let whole: [UInt8] = field + [CheckDigit.luhn(field)]
            return CheckDigit.text(whole[0..<5]) + "." + CheckDigit.text(whole[5...])
        }
        let check = CheckDigit.text(digits[4...4])
        return "\(printed.joined(separator: " ")) \(check) \(CheckDigit.text(digits[5..<19]))"
    }

    /// The bank's three digits.
    package var bank: String { String(barcode.prefix(3)) }
    /// Cents; 0 where the slip leaves the amount open.
    package var cents: Int64 { Int64(barcode.dropFirst(9).prefix(10)) ?? 0 }

    /// When it is due; nil where the slip does not say.
    ///
    /// Days since 1997-10-07; 9999 was 2025-02-21 and the count began again at 1000 the day after, so a factor may
    /// stand for two days: the later one counts for slips read from 2025 on.
    package func due(readOn day: Day) -> Day? {
        guard let factor = Int(barcode.dropFirst(5).prefix(4)), factor >= 1000,
            let first = Day(year: 1997, month: 10, day: 7)
        else { return nil }
        let old = first + factor
        let new = old + 9_000
        return abs(new - day) < abs(old - day) ? new : old
    }

    private static func padded(_ value: Int64, _ count: Int) -> [UInt8] {
        let text = Array(String(value).utf8)
        return [UInt8](repeating: 0x30, count: max(0, count - text.count)) + text
    }

    /// Mod 11 with weights 2 to 9 from the right over all but the check itself; 0, 10 and 11 are written 1.
    private static func check(_ code: [UInt8]) -> UInt8 {
        let others: [UInt8] = Array(code[0..<4]) + Array(code[5...])
        let value = 11 - CheckDigit.weighted(others, weights: [2, 3, 4, 5, 6, 7, 8, 9]) % 11
        return value == 10 || value == 11 ? 0x31 : 0x30 + UInt8(value)
    }
}
