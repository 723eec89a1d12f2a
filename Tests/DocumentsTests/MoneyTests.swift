// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

struct MoneyTests {
    private static func euro(_ minor: Int64) -> Money { Money(minorUnits: minor, currency: .eur) }

    @Test("Shares sum exactly to the whole, whatever its sign and the weights")
    func splitsExactly() {
        let wholes: [Int64] = [0, 1, -1, 2, 7, 99, 100, -100, 1_001, 118_000, Money.magnitudeMax, .max, .min + 1]
        let weightings: [[Int64]] = [
            [1], [1, 1], [1, 1, 1], [2, 1], [0, 5], [5, 0], [0, 0, 0], [1, 2, 3, 4, 5, 6, 7], [.max, .max, 1],
            [333, 333, 334], [1, Money.magnitudeMax],
        ]
        for whole in wholes {
            for weights in weightings {
                let shares = Self.euro(whole).split(by: weights)
                #expect(shares.count == weights.count)
                let sum = shares.reduce(Int128(0)) { $0 + Int128($1.minorUnits) }
                #expect(sum == Int128(whole), "\(whole) by \(weights)")
                let sign: Int64 = whole < 0 ? -1 : 1
                #expect(shares.allSatisfy { $0.minorUnits == 0 || $0.minorUnits.signum() == sign })
            }
        }
    }

    @Test("The units that are left go to the largest remainders, ties to the earlier share")
    func splitsByLargestRemainder() {
        #expect(Self.euro(100).split(by: [1, 1, 1]).map(\.minorUnits) == [34, 33, 33])
        #expect(Self.euro(-100).split(by: [1, 1, 1]).map(\.minorUnits) == [-34, -33, -33])
        #expect(Self.euro(10).split(by: [1, 2, 4]).map(\.minorUnits) == [1, 3, 6])
        #expect(Self.euro(5).split(by: [0, 1]).map(\.minorUnits) == [0, 5])
        #expect(Self.euro(5).split(by: [0, 0]).map(\.minorUnits) == [5, 0])
        #expect(Self.euro(5).split(by: []).isEmpty)
    }

    @Test("Sums of two currencies, and sums beyond the range, are nil")
    func addsChecked() {
        #expect(Self.euro(1).adding(Self.euro(2)) == Self.euro(3))
        #expect(Self.euro(1).subtracting(Self.euro(2)) == Self.euro(-1))
        #expect(Self.euro(1).adding(Money(minorUnits: 1, currency: .brl)) == nil)
        #expect(Self.euro(1).subtracting(Money(minorUnits: 1, currency: .brl)) == nil)
        #expect(Self.euro(.max).adding(Self.euro(1)) == nil)
        #expect(Self.euro(.min).subtracting(Self.euro(1)) == nil)
    }

    @Test(
        "Amounts print with their currency's decimals",
        arguments: [
            ("EUR", Int64(118_000), "1180.00"), ("EUR", -1, "-0.01"), ("EUR", 0, "0.00"), ("JPY", 500, "500"),
            ("JPY", -7, "-7"), ("KWD", 1_234, "1.234"), ("CLF", 5, "0.0005"), ("EUR", .min, "-92233720368547758.08"),
        ])
    func prints(_ code: String, _ minor: Int64, _ expected: String) throws {
        let currency = try #require(Currency(code))
        let money = Money(minorUnits: minor, currency: currency)
        #expect(money.amountText == expected)
        var digits: [UInt8] = []
        money.putDigits(&digits)
        #expect((minor < 0 ? "-" : "") + String(decoding: digits, as: UTF8.self) == expected)
    }

    @Test(
        "Minor units follow ISO 4217",
        arguments: [
            ("EUR", 2), ("usd", 2), ("BRL", 2), ("JPY", 0), ("CLP", 0), ("ISK", 0), ("KRW", 0), ("VND", 0), ("UGX", 0),
            ("KWD", 3), ("BHD", 3), ("TND", 3), ("CLF", 4), ("UYW", 4), ("HUF", 2), ("CHF", 2),
        ])
    func exponents(_ code: String, _ digits: UInt8) throws {
        let currency = try #require(Currency(code))
        #expect(currency.exponent == digits)
        #expect(currency.code == code.uppercased())
    }

    @Test("What is no currency code is nil", arguments: ["", "EU", "EURO", "E1R", "ZZZ", "€", "EÜR", " EUR"])
    func refusesCurrencies(_ code: String) {
        #expect(Currency(code) == nil)
    }

    @Test("Currencies compare as their codes do")
    func ordersCurrencies() throws {
        let codes = ["USD", "AED", "EUR", "BRL"]
        let sorted = try codes.map { try #require(Currency($0)) }.sorted().map(\.code)
        #expect(sorted == codes.sorted())
    }
}
