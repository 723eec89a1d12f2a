// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Store

/// The order in which a person works off what waits: the most money first, and of as much the more certain first, so that
/// what takes a glance is done before what takes a call.
enum ReviewOrder {
    static func sorted(_ waiting: [StoredDecision]) -> [StoredDecision] {
        var sorted = waiting.map { (units: units($0.amount), decision: $0) }
            .sorted { ($1.units, $0.decision.decision.paymentID) < ($0.units, $1.decision.decision.paymentID) }
        // Evidence is read only where it decides.
        var start = 0
        while start < sorted.count {
            var end = start + 1
            while end < sorted.count, sorted[end].units == sorted[start].units { end += 1 }
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

    /// A yen is no cent: amounts of currencies with fewer decimals are compared with those of more, in units of the finest.
    private static func units(_ amount: Money) -> Int128 {
        let finest: UInt8 = 4
        let exponent = amount.currency.exponent
        return Int128(amount.minorUnits.magnitude) * ScaledDecimal.power(of: finest > exponent ? finest - exponent : 0)
    }
}
