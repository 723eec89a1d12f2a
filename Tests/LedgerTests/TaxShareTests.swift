// SPDX-License-Identifier: Apache-2.0

import Documents
import Ledger
import Testing

/// What an adjustment takes of an invoice's net amount and of its taxes.
struct TaxShareTests {
    private static func euro(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, currency: .eur) }

    private static func tax(_ rate: String, _ net: Int64, _ tax: Int64) -> Invoice.Tax {
        Invoice.Tax(
            rate: ScaledDecimal(rate) ?? ScaledDecimal(coefficient: 0, scale: 0), net: euro(net), tax: euro(tax))
    }

    @Test("A discount is taken of every rate as the invoice has it, and adds up to the cent")
    func rates() throws {
        let taxes = [Self.tax("19.00", 100_000, 19_000), Self.tax("7", 50_000, 3500)]
        let shares = try #require(TaxShare.split(Self.euro(3450), by: taxes, net: nil, tax: nil))
        #expect(shares.map { $0.rate?.text } == ["19", "7"])
        #expect(shares.map(\.net.minorUnits) == [2000, 1000])
        #expect(shares.map(\.tax.minorUnits) == [380, 70])
    }

    @Test("What does not divide goes where most of it is, and its undoing takes back the same", arguments: 1...60)
    func remainders(_ cents: Int64) throws {
        let taxes = [Self.tax("21", 33_333, 7000), Self.tax("10", 1111, 111), Self.tax("0", 777, 0)]
        let shares = try #require(TaxShare.split(Self.euro(cents), by: taxes, net: nil, tax: nil))
        #expect(shares.reduce(0) { $0 + $1.net.minorUnits + $1.tax.minorUnits } == cents)
        #expect(shares.last?.tax.minorUnits == 0)
        let undone = try #require(TaxShare.split(Self.euro(-cents), by: taxes, net: nil, tax: nil))
        #expect(undone.map(\.tax.minorUnits) == shares.map { -$0.tax.minorUnits })
    }

    @Test("One sum of taxes has no rate; an invoice that does not tell its tax has no shares")
    func sums() throws {
        let shares = try #require(
            TaxShare.split(Self.euro(242), by: [], net: Self.euro(100_000), tax: Self.euro(21_000)))
        #expect(shares == [TaxShare(rate: nil, net: Self.euro(200), tax: Self.euro(42))])
        #expect(TaxShare.split(Self.euro(242), by: [], net: nil, tax: Self.euro(21_000)) == nil)
        #expect(TaxShare.split(Self.euro(242), by: [], net: Self.euro(100_000), tax: nil) == nil)
        let dollars = Money(minorUnits: 100, currency: Currency("USD") ?? .eur)
        #expect(TaxShare.split(dollars, by: [], net: Self.euro(100_000), tax: Self.euro(21_000)) == nil)
    }

    @Test("A credit note's taxes are split as an invoice's")
    func credit() throws {
        let taxes = [Self.tax("19", -10_000, -1900)]
        let shares = try #require(TaxShare.split(Self.euro(-119), by: taxes, net: nil, tax: nil))
        #expect(shares.map(\.net.minorUnits) == [-100])
        #expect(shares.map(\.tax.minorUnits) == [-19])
    }
}
