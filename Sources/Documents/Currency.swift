// SPDX-License-Identifier: Apache-2.0

/// An ISO 4217 currency code with the number of decimals its minor unit has.
///
/// Kept as three packed ASCII letters so that comparing and hashing cost one integer.
package struct Currency: Hashable, Sendable, Comparable {
    /// The three letters, most significant first: `EUR` is 0x455552.
    let packed: UInt32
    /// Decimals of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD, 4 for CLF (ISO 4217 table A.1).
    package let exponent: UInt8

    /// Nil when the text is not three letters of the ISO 4217 list; lower case is accepted.
    package init?(_ code: some StringProtocol) {
        var packed: UInt32 = 0
        var count = 0
        for byte in code.utf8 {
            let upper = byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte
            guard upper >= 0x41, upper <= 0x5A, count < 3 else { return nil }
            packed = packed << 8 | UInt32(upper)
            count += 1
        }
        guard count == 3, let exponent = Self.exponent(of: packed) else { return nil }
        self.packed = packed
        self.exponent = exponent
    }

    /// The three-letter code.
    package var code: String {
        String(
            decoding: [
                UInt8(truncatingIfNeeded: packed >> 16), UInt8(truncatingIfNeeded: packed >> 8),
                UInt8(truncatingIfNeeded: packed),
            ], as: UTF8.self)
    }

    package static func < (left: Currency, right: Currency) -> Bool { left.packed < right.packed }

    private init(packed: UInt32, exponent: UInt8) {
        self.packed = packed
        self.exponent = exponent
    }

    package static let eur = Currency(packed: 0x45_5552, exponent: 2)
    package static let brl = Currency(packed: 0x42_524C, exponent: 2)
    package static let usd = Currency(packed: 0x55_5344, exponent: 2)

    private static func exponent(of packed: UInt32) -> UInt8? { exponents[packed] }

    private static let exponents: [UInt32: UInt8] = {
        var table: [UInt32: UInt8] = [:]
        for (digits, codes) in [
            (UInt8(0), zeroDigitCodes), (2, twoDigitCodes), (3, threeDigitCodes), (4, fourDigitCodes),
        ] {
            for code in codes.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
                table[code.utf8.reduce(0) { $0 << 8 | UInt32($1) }] = digits
            }
        }
        return table
    }()

    private static let zeroDigitCodes =
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
    private static let threeDigitCodes = "BHD IQD JOD KWD LYD OMR TND"
    private static let fourDigitCodes = "CLF UYW"
    private static let twoDigitCodes = """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
        CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
        GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR
        LRD LSL LTL LVL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR
        NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN
        SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW
        ZWG ZWL EEK DEM NLG FRF ATS FIM IEP
        """
}

extension Currency: CustomStringConvertible {
    package var description: String { code }
}
