// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Store

/// The order in which a person works off what waits: the most money first, and of as much the more certain first, so that
/// what takes a glance is done before what takes a call. What counts is what is left of a payment.
struct ReviewOrder {
    private let home: Currency?
    /// The latest rate into the home currency, by currency.
    private var rates: [Currency: QuotedRate] = [:]
    private let left: [String: Money]

    init(_ session: Session, _ company: Company) throws {
        home = company.homeCurrency
        left = try session.waitingLeft(company: company.id)
        for rate in try session.quotedRates(company: company.id) where rate.value.coefficient > 0 {
            if rate.quote == home { rates[rate.base] = rate } else if rate.base == home { rates[rate.quote] = rate }
        }
    }

    /// Money that can be compared: in the home currency, or in one that no rate leads out of, which comes behind.
    private struct Rank: Comparable {
        /// Nil for the home currency.
        var apart: String?
        var units: Int128

        static func < (one: Rank, other: Rank) -> Bool {
            if one.apart != other.apart {
                return one.apart.map { own in other.apart.map { own < $0 } ?? false } ?? true
            }
            return one.units > other.units
        }
    }

    func sorted(_ waiting: [StoredDecision]) -> [StoredDecision] {
        var sorted = waiting.map { (rank: rank(left[$0.decision.paymentID] ?? $0.amount), decision: $0) }
            .sorted { ($0.rank, $0.decision.decision.paymentID) < ($1.rank, $1.decision.decision.paymentID) }
        // Evidence is read only where it decides.
        var start = 0
        while start < sorted.count {
            var end = start + 1
            while end < sorted.count, sorted[end].rank == sorted[start].rank { end += 1 }
            if end - start > 1 {
                let run = sorted[start..<end].map { (weight: DecisionText.weight($0.decision), one: $0) }
                    .sorted {
                        ($1.weight, $0.one.decision.decision.paymentID) < (
                            $0.weight, $1.one.decision.decision.paymentID
                        )
                    }
                sorted.replaceSubrange(start..<end, with: run.map(\.one))
            }
            start = end
        }
        return sorted.map(\.decision)
    }

    private func rank(_ amount: Money) -> Rank {
        let units = Self.units(Int128(amount.minorUnits.magnitude), amount.currency)
        guard let home, amount.currency != home else {
            return Rank(apart: home == nil ? amount.currency.code : nil, units: units)
        }
        guard let rate = rates[amount.currency] else { return Rank(apart: amount.currency.code, units: units) }
        let power = ScaledDecimal.power(of: rate.value.scale)
        let worth =
            rate.quote == home
            ? Self.product(units, rate.value.coefficient) / power : Self.product(units, power) / rate.value.coefficient
        return Rank(apart: nil, units: worth)
    }

    /// A yen is no cent: in units of the finest currency.
    private static func units(_ minor: Int128, _ currency: Currency) -> Int128 {
        let finest: UInt8 = 4
        return minor * ScaledDecimal.power(of: finest > currency.exponent ? finest - currency.exponent : 0)
    }

    /// The most there is, where it is more.
    private static func product(_ one: Int128, _ other: Int128) -> Int128 {
        let (value, overflow) = one.multipliedReportingOverflow(by: other)
        return overflow ? .max : value
    }
}
