// SPDX-License-Identifier: Apache-2.0
import Documents

/// What a message comes to per currency after what the customer's money covers, and whether that is worth asking for
/// (`NET-ZERO`, `MINIMUM-AMOUNT`).
struct NetPosition: Sendable {
    private(set) var totals: [Message.Total] = []
    /// Currencies in which there is too little to ask for.
    private(set) var refused: Set<Currency> = []
    private(set) var decisions: [GateDecision] = []

    init(_ lines: [Message.Line], policy: DunningPolicy) {
        var minimums: [GateDecision] = []
        for net in PlanLine.sums(lines.map(\.asked)) {
            let currency = net.currency
            let own = lines.filter { $0.asked.currency == currency }
            let asked = PlanLine.sums(own.map(\.askedWithoutCredits)).first ?? net
            let credits = Money(minorUnits: asked.minorUnits - net.minorUnits, currency: currency)
            decisions.append(
                GateDecision(
                    "NET-ZERO", .allow, subject: currency.code,
                    "\(net) is left of \(asked) after \(credits) of credits and unapplied cash."))
            let minimum = policy.minimum(currency)
            let isEnough = net.minorUnits >= max(1, minimum.minorUnits)
            minimums.append(
                GateDecision(
                    "MINIMUM-AMOUNT", isEnough ? .allow : .hold, subject: currency.code,
                    "\(net) is \(isEnough ? "at least" : "less than") the minimum of \(minimum)."))
            if isEnough {
                totals.append(Message.Total(asked: asked, credits: credits, net: net))
            } else {
                refused.insert(currency)
            }
        }
        decisions += minimums
    }
}
