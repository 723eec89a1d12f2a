// SPDX-License-Identifier: Apache-2.0
import Documents

/// Counts a customer's credits and unapplied cash before anybody is asked for money (`NET-ZERO`, `MINIMUM-AMOUNT`).
struct NetPosition: Sendable {
    struct Answer: Sendable {
        var totals: [Message.Total] = []
        /// Currencies in which there is nothing, or too little, to ask for.
        var refused: Set<Currency> = []
        /// The credits that the refused currencies took.
        var usedUp: [Money] = []
        var decisions: [GateDecision] = []
    }

    private var credits: [Currency: Int128]

    init(_ snapshot: AccountSnapshot) {
        credits = [:]
        for currency in Set((snapshot.openCredits + snapshot.unapplied).map(\.currency)) {
            credits[currency] = snapshot.credits(currency)
        }
    }

    func decide(_ lines: [Message.Line], policy: DunningPolicy) -> Answer {
        var answer = Answer()
        var belowMinimum: [GateDecision] = []
        for asked in PlanLine.sums(lines.map(\.asked)) {
            let currency = asked.currency
            let used = min(credits[currency] ?? 0, Int128(asked.minorUnits))
            let net = Money(minorUnits: Int64(clamping: Int128(asked.minorUnits) - used), currency: currency)
            let minimum = policy.minimum(currency)
            let set = Money(minorUnits: Int64(clamping: used), currency: currency)
            if net.minorUnits < max(1, minimum.minorUnits) {
                answer.refused.insert(currency)
                answer.usedUp.append(set)
            }
            if !net.isPositive {
                answer.decisions.append(
                    GateDecision(
                        "NET-ZERO", .hold, subject: currency.code,
                        "\(asked) is open and the customer has at least as much to their credit."))
                continue
            }
            answer.decisions.append(
                GateDecision(
                    "NET-ZERO", .allow, subject: currency.code,
                    "\(net) is left of \(asked) after \(set) of credits and unapplied cash."))
            belowMinimum.append(
                net.minorUnits < minimum.minorUnits
                    ? GateDecision(
                        "MINIMUM-AMOUNT", .hold, subject: currency.code,
                        "\(net) is less than the minimum of \(minimum).")
                    : GateDecision(
                        "MINIMUM-AMOUNT", .allow, subject: currency.code,
                        "\(net) is at least the minimum of \(minimum)."))
            if net.minorUnits >= minimum.minorUnits {
                answer.totals.append(Message.Total(asked: asked, credits: set, net: net))
            }
        }
        answer.decisions += belowMinimum
        return answer
    }

    /// Credits that were set against lines nobody is reminded of are gone for the next ones.
    mutating func use(_ answer: Answer) {
        for used in answer.usedUp {
            credits[used.currency] = (credits[used.currency] ?? 0) - Int128(used.minorUnits)
        }
    }
}
