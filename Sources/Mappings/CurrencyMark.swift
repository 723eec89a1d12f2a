// SPDX-License-Identifier: Apache-2.0
package import Documents

/// What stands beside the digits of an amount and says whose money it is.
package enum CurrencyMark: Hashable, Sendable {
    /// `12.00 USD`
    case code(Currency)
    /// `$12.00`
    case symbol(Symbol)

    package enum Symbol: String, Hashable, Sendable, CaseIterable {
        // The longer one first: it ends in the other.
        case real = "R$", euro = "€", dollar = "$", pound = "£", yen = "¥"

        /// The currencies that write it, by Unicode CLDR's narrow symbols, the usual one first.
        var currencies: [Currency] {
            switch self {
            case .real: [.brl]
            case .euro: [.eur]
            case .dollar: Self.dollars
            case .pound: Self.pounds
            case .yen: Self.yens
            }
        }

        private static let dollars = codes(
            "USD ARS AUD BBD BMD BND BSD BZD CAD CLP COP CUP DOP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD SGD SRD TTD TWD "
                + "UYU XCD")
        private static let pounds = codes("GBP EGP FKP GIP LBP SHP SSP SYP")
        private static let yens = codes("JPY CNY")

        private static func codes(_ text: String) -> [Currency] {
            text.split(separator: " ").compactMap { Currency($0) }
        }
    }

    /// The symbols as they are written.
    static let symbols: [(text: [UInt8], symbol: Symbol)] = Symbol.allCases.map { (Array($0.rawValue.utf8), $0) }

    /// An amount with this mark can be in that currency.
    package func means(_ currency: Currency) -> Bool {
        switch self {
        case .code(let code): code == currency
        case .symbol(let symbol): symbol.currencies.contains(currency)
        }
    }

    /// The one it stands for most often.
    var usual: Currency? {
        switch self {
        case .code(let code): code
        case .symbol(let symbol): symbol.currencies.first
        }
    }

    /// The one it stands for where nothing else is known; a dollar can be anybody's.
    package var currency: Currency? {
        switch self {
        case .code(let code): code
        case .symbol(.dollar): nil
        case .symbol(let symbol): symbol.currencies.first
        }
    }
}
