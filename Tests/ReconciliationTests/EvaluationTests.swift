// SPDX-License-Identifier: Apache-2.0

import Reconciliation
import Testing

/// The measures beside the truth, and the bound by which a rule is trusted.
struct EvaluationTests {
    @Test(
        "Wilson's lower bound in parts of 100,000, beside values worked out in floating point",
        arguments: [
            (0, 0, 0), (0, 10, 0), (1, 1, 20_654), (95, 100, 88_825), (765, 765, 99_500), (764, 765, 99_263),
            (14_736, 14_736, 99_974), (16_953, 16_957, 99_939), (999_999, 1_000_000, 99_999),
        ])
    func wilson(_ right: Int, _ count: Int, _ bound: Int64) {
        #expect(WilsonBound.low(right, of: count) == bound)
    }

    private static func truth(_ kind: String, _ cash: [String: Int64], _ adjustments: [String: Int64] = [:])
        -> Evaluation.Truth
    {
        var truth = Evaluation.Truth(kind: kind, noise: [])
        truth.cash = cash
        truth.adjustments = adjustments
        return truth
    }

    private static func outcome(
        _ cash: [String: Int64], _ adjustments: [String: Int64] = [:], reason: String? = nil, shown: Set<String> = []
    ) -> Evaluation.Outcome {
        var outcome = Evaluation.Outcome()
        outcome.cash = cash
        outcome.adjustments = adjustments
        if let reason { outcome.reasons = [reason] }
        outcome.proposed = shown
        return outcome
    }

    @Test("A payment is right only with its whole set and every amount")
    func right() {
        var evaluation = Evaluation()
        let customers = ["A": "C1", "B": "C1", "Z": "C9"]
        func add(_ truth: Evaluation.Truth, _ outcome: Evaluation.Outcome?) {
            evaluation.add(truth, outcome) { customers[$0] }
        }
        add(Self.truth("exact", ["A": 100]), Self.outcome(["A": 100]))
        add(Self.truth("batch", ["A": 100, "B": 50]), Self.outcome(["A": 100]))
        add(Self.truth("exact", ["A": 100]), Self.outcome(["Z": 100]))
        add(Self.truth("exact", ["A": 100]), Self.outcome([:], shown: ["A", "B"]))
        add(Self.truth("exact", ["A": 100]), nil)
        add(Self.truth("duplicate", [:]), Self.outcome(["A": 100]))
        add(Self.truth("unrelated", [:]), nil)
        let total = evaluation.total
        #expect(total.payments == 7)
        #expect(total.matchable == 5)
        #expect(total.automatic == 4)
        #expect(total.right == 1)
        #expect(total.crossCustomer == 1)
        #expect(total.noneWronglyAutomatic == 1)
        #expect(total.resolved == 2)
        // Three wrong ones, one of them another customer's; a hit in review; one by hand; one rightly left alone.
        #expect(total.cost == 3 * 350 + 600 + 6 + 35 + 12)
        #expect(evaluation.byKind["duplicate"]?.wrong == 1)
        #expect(evaluation.total.measures.first { $0.name == "precision" }?.value == "0.25000")
    }

    @Test("An adjustment is right with its amount and its reason")
    func adjustments() {
        var evaluation = Evaluation()
        let truth = Self.truth("skonto", ["A": 98], ["A": 2])
        evaluation.add(truth, Self.outcome(["A": 98], ["A": 2], reason: "discount")) { _ in "C1" }
        evaluation.add(truth, Self.outcome(["A": 98], ["A": 2], reason: "fee")) { _ in "C1" }
        evaluation.add(truth, Self.outcome(["A": 98])) { _ in "C1" }
        evaluation.add(Self.truth("exact", ["A": 98]), Self.outcome(["A": 98], ["A": 2], reason: "fee")) { _ in "C1" }
        #expect(evaluation.total.right == 4)
        #expect(evaluation.total.adjusted == 1)
    }
}
