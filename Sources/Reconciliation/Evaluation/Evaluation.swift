// SPDX-License-Identifier: Apache-2.0

/// What a run came to beside the truth of a workload: the measures by which matching is judged.
///
/// The unit is the payment. It is right only if its set of invoices and every amount are those of the truth. Amounts
/// are hundredths of whatever currency. A payment that pays nothing of ours is right where nothing was applied.
package struct Evaluation: Sendable {
    /// What one payment really was.
    package struct Truth: Hashable, Sendable {
        package var kind: String
        package var noise: [String]
        /// Cash by invoice; empty where nothing must be applied.
        package var cash: [String: Int64] = [:]
        package var adjustments: [String: Int64] = [:]

        package init(kind: String, noise: [String]) {
            self.kind = kind
            self.noise = noise
        }
    }

    /// What was decided on one payment.
    package struct Outcome: Hashable, Sendable {
        /// Applied by itself, by invoice; empty where the payment waits or settles nothing.
        package var cash: [String: Int64] = [:]
        package var adjustments: [String: Int64] = [:]
        package var reasons: Set<String> = []
        /// Invoices that are shown to a person.
        package var proposed: Set<String> = []

        package init() {}
    }

    package struct Tally: Hashable, Sendable {
        package var payments = 0
        package var matchable = 0
        package var automatic = 0
        package var right = 0
        package var adjusted = 0
        package var crossCustomer = 0
        package var noneWronglyAutomatic = 0
        package var reviewed = 0
        package var reviewHits = 0
        package var proposals = 0
        package var pairs = 0
        package var truePairs = 0
        package var pairsApplied = 0
        package var pairsSeen = 0
        package var cash: Int64 = 0
        package var cashApplied: Int64 = 0
        package var cashWrong: Int64 = 0
        package var cashRight: Int64 = 0
        /// Tenths of a euro, by the cost model of the shared scorer.
        package var cost: Int64 = 0

        package init() {}

        package var wrong: Int { automatic - right }
        package var resolved: Int { right + reviewHits }
    }

    package private(set) var total = Tally()
    package private(set) var byKind: [String: Tally] = [:]
    package private(set) var byNoise: [String: Tally] = [:]

    package init() {}

    /// - Parameter customer: whose an invoice is.
    package mutating func add(_ truth: Truth, _ outcome: Outcome?, customer: (String) -> String?) {
        let tally = Self.tally(truth, outcome, customer)
        total.add(tally)
        byKind[truth.kind, default: Tally()].add(tally)
        for noise in truth.noise.isEmpty ? ["clean"] : truth.noise { byNoise[noise, default: Tally()].add(tally) }
    }

    private static func tally(_ truth: Truth, _ outcome: Outcome?, _ customer: (String) -> String?) -> Tally {
        var tally = Tally()
        tally.payments = 1
        tally.matchable = truth.cash.isEmpty ? 0 : 1
        tally.pairs = truth.cash.count
        // order-free: a sum
        tally.cash = truth.cash.values.reduce(0) { $0 + abs($1) }
        guard let outcome, !outcome.cash.isEmpty else {
            let proposed = outcome?.proposed ?? []
            guard !proposed.isEmpty else {
                tally.cost = truth.cash.isEmpty ? 12 : 35
                return tally
            }
            tally.reviewed = 1
            tally.proposals = proposed.count
            // order-free: a count
            tally.pairsSeen = truth.cash.keys.count { proposed.contains($0) }
            let isHit = !truth.cash.isEmpty && tally.pairsSeen == truth.cash.count
            tally.reviewHits = isHit ? 1 : 0
            tally.cost = isHit ? 6 : 40
            return tally
        }
        tally.automatic = 1
        tally.pairsApplied = outcome.cash.count
        // order-free: a count
        tally.truePairs = outcome.cash.keys.count { truth.cash[$0] != nil }
        tally.pairsSeen = tally.truePairs
        // order-free: sums
        for (invoice, amount) in outcome.cash {
            tally.cashApplied += abs(amount)
            tally.cashWrong += truth.cash[invoice].map { max(0, abs(amount) - abs($0)) } ?? abs(amount)
        }
        let isRight =
            tally.truePairs == outcome.cash.count && outcome.cash.count == truth.cash.count
            && outcome.cash.allSatisfy { abs($1 - (truth.cash[$0] ?? 0)) <= 1 }
        if isAdjusted(truth, outcome) { tally.adjusted = 1 }
        if isRight {
            tally.right = 1
            tally.cashRight = tally.cash
            return tally
        }
        tally.cost = 350
        let customers = Set(truth.cash.keys.map(customer))
        let isForeign = outcome.cash.keys.contains { truth.cash[$0] == nil && !customers.contains(customer($0)) }
        if truth.cash.isEmpty ? truth.kind != "duplicate" : isForeign {
            tally.crossCustomer = 1
            tally.cost += 600
        }
        if truth.cash.isEmpty { tally.noneWronglyAutomatic = 1 }
        return tally
    }

    /// What was given up beside the cash is what the truth says, for its reason; so what stays open is right, too.
    private static func isAdjusted(_ truth: Truth, _ outcome: Outcome) -> Bool {
        let invoices = Set(truth.adjustments.keys).union(outcome.adjustments.keys)
        let isSame = invoices.allSatisfy {
            abs((truth.adjustments[$0] ?? 0) - (outcome.adjustments[$0] ?? 0)) <= 1
        }
        guard isSame, truth.adjustments.values.contains(where: { $0 != 0 }) else { return isSame }
        let reasons: [String: String] = [
            "skonto": "discount", "skonto_late": "discount", "bankfee": "fee", "psp_payout": "fee",
            "withholding": "withholding",
        ]
        return reasons[truth.kind].map { outcome.reasons.contains($0) } ?? true
    }
}

extension Evaluation.Tally {
    mutating func add(_ other: Evaluation.Tally) {
        payments += other.payments
        matchable += other.matchable
        automatic += other.automatic
        right += other.right
        adjusted += other.adjusted
        crossCustomer += other.crossCustomer
        noneWronglyAutomatic += other.noneWronglyAutomatic
        reviewed += other.reviewed
        reviewHits += other.reviewHits
        proposals += other.proposals
        pairs += other.pairs
        truePairs += other.truePairs
        pairsApplied += other.pairsApplied
        pairsSeen += other.pairsSeen
        cash += other.cash
        cashApplied += other.cashApplied
        cashWrong += other.cashWrong
        cashRight += other.cashRight
        cost += other.cost
    }

    /// The measures in the order and with the names of the shared scorer, five decimals, and ours behind them.
    package var measures: [(name: String, value: String)] {
        let none = payments - matchable
        let unsettled = matchable - (automatic - noneWronglyAutomatic)
        let saved = Int128(35 * matchable + 12 * none) * 100
        return [
            ("payments", "\(payments)"), ("matchable", "\(matchable)"),
            ("auto_rate", Self.share(automatic, payments)), ("stp_correct", Self.share(right, matchable)),
            ("precision", Self.share(right, automatic)),
            ("precision_lo95", Self.decimals(Int128(WilsonBound.low(right, of: automatic)))),
            ("precision_pair", Self.share(truePairs, pairsApplied)),
            ("precision_money", cashApplied == 0 ? Self.share(0, 1) : Self.share(cashApplied - cashWrong, cashApplied)),
            ("money_auto_ok", Self.share(cashRight, cash)), ("recall_pair_auto", Self.share(truePairs, pairs)),
            ("recall_pair_any", Self.share(pairsSeen, pairs)),
            ("recall_at_review", Self.share(reviewHits, unsettled)), ("resolved", Self.share(resolved, matchable)),
            ("wrong_auto", "\(wrong)"), ("wrong_per_10k_auto", Self.share(wrong * 10_000, automatic)),
            ("cross_customer", "\(crossCustomer)"), ("none_truth", "\(none)"),
            ("none_wrongly_auto", "\(noneWronglyAutomatic)"), ("review_rate", Self.share(reviewed, payments)),
            ("suggestions_per_review", Self.share(proposals, reviewed)),
            ("cost_per_1000", Self.share(Int128(cost) * 100, Int128(payments))),
            ("cost_all_manual_per_1000", Self.share(saved, Int128(payments))),
            ("adjustment_right", Self.share(adjusted, automatic)),
        ]
    }

    private static func share(_ part: some BinaryInteger, _ whole: some BinaryInteger) -> String {
        let (part, whole) = (Int128(part), Int128(whole))
        guard whole != 0 else { return decimals(0) }
        return decimals((part * 200_000 + whole) / (whole * 2))
    }

    /// Parts of 100,000 as a number with five decimals.
    private static func decimals(_ parts: Int128) -> String {
        let tail = String(parts % 100_000)
        return "\(parts / 100_000)." + String(repeating: "0", count: 5 - tail.utf8.count) + tail
    }
}
