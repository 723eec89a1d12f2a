// SPDX-License-Identifier: Apache-2.0
import Documents

/// A discount as XRechnung writes it into the payment terms: `#SKONTO#TAGE=14#PROZENT=2.00#`, or with
/// `BASISBETRAG=252.94#` where it is of another amount than the one due (BR-DE-18).
struct Skonto {
    var days: Int
    /// With two decimals.
    var percent: ScaledDecimal
    /// With two decimals.
    var base: ScaledDecimal?

    /// Nil when the line is written in any other way.
    init?(_ line: String) {
        var fields = line.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
        // "#SKONTO#a#b#" splits into "", SKONTO, a, b, "".
        guard fields.count == 5 || fields.count == 6, fields[0] == "", fields[1] == "SKONTO", fields.removeLast() == ""
        else { return nil }
        guard let days = Self.value("TAGE=", fields[2]), Self.areDigits(days), let number = Int(days),
            let percent = Self.value("PROZENT=", fields[3]).flatMap(Self.twoDecimals), percent.coefficient >= 0
        else { return nil }
        self.days = number
        self.percent = percent
        guard fields.count == 5 else { return }
        guard let base = Self.value("BASISBETRAG=", fields[4]).flatMap(Self.twoDecimals) else { return nil }
        self.base = base
    }

    /// More than everything, or later than any terms of payment.
    var isUnreal: Bool { percent.coefficient > Self.percentMax || days > Self.daysMax }
    /// 100.00.
    private static let percentMax: Int128 = 10_000
    private static let daysMax = 3_660

    /// What it is when paid in time; nil when it is none, or no real one.
    func discount(of invoice: Invoice) -> Invoice.Discount? {
        guard percent.coefficient > 0, !isUnreal else { return nil }
        let until = invoice.issuedOn + days
        guard let base else { return Invoice.Discount(percent: percent, until: until) }
        guard let amount = Self.share(percent, of: base, invoice.currency), !amount.isZero else { return nil }
        return Invoice.Discount(amount: amount, until: until)
    }

    /// A stated base is another amount than the total: the discount itself is then the figure.
    static func share(_ percent: ScaledDecimal, of base: ScaledDecimal, _ currency: Currency) -> Money? {
        let scale = Int(base.scale) + Int(percent.scale) + 2
        guard base.coefficient.magnitude <= UInt128(Money.magnitudeMax), scale <= Int(ScaledDecimal.scaleMax),
            percent.coefficient.magnitude <= UInt128(Money.magnitudeMax)
        else { return nil }
        return ScaledDecimal(coefficient: base.coefficient * percent.coefficient, scale: UInt8(scale))
            .money(currency, rounding: .halfUp)
    }

    /// The lines of payment terms.
    static func lines(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    }

    /// A line without blanks around it, and single ones within, as XPath's `normalize-space`.
    static func normalized(_ line: Substring) -> String {
        line.split { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\n" || $0 == "\r\n" }.joined(separator: " ")
    }

    private static func value(_ key: String, _ field: String) -> Substring? {
        field.hasPrefix(key) ? field.dropFirst(key.count) : nil
    }

    private static func areDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }

    private static func twoDecimals(_ text: Substring) -> ScaledDecimal? {
        guard text.utf8.first != 0x2B, let value = ScaledDecimal(text), value.scale == 2 else { return nil }
        return value
    }
}
