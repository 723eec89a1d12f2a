// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Promises

/// What a gate looks at.
struct GateContext: Sendable {
    let snapshot: AccountSnapshot
    let policy: DunningPolicy
    let day: Day
    /// The customer's own day and minute; nil when their time zone is not known.
    let local: LocalTime?
    /// What the customer's money covers; nothing until it was worked out.
    var cover = CreditCover()
}

/// A question about the customer as a whole; a no holds every reminder.
struct AccountGate: Sendable {
    let rule: String
    /// Not asked for messages that answer the customer.
    let remindersOnly: Bool
    let decide: @Sendable (GateContext, [Standing]) -> GateDecision
}

/// A question about one item; a no takes the item out of the message. Nil is a yes.
struct ItemGate: Sendable {
    let rule: String
    /// The yes that is stored when no item was refused.
    let yes: String
    let decide: @Sendable (GateContext, Standing) -> GateDecision?
}

/// The gates in the order in which they are asked. Every answer is stored; the first no names the rule.
enum Gates {
    /// Asked for the customer. What the books do not know well enough comes before what the customer wants, because
    /// without it nothing about this customer can be decided at all.
    static let account: [AccountGate] = [
        firstParty, coverageGap, coverageStale, sourceStale, optOut, consent, doNotAutomate, customerHold,
    ]

    /// What keeps one item from being asked for, whatever money is here.
    static let holding: [ItemGate] = [
        itemHold, promiseActive, promiseProposed, claimedPayment, dispute, directDebit, inTransit, dunningBlocked,
        dunnedAtSource, factored, atAgency, limitationAge,
    ]

    /// What makes it wrong, or early, to pay all that is open.
    static let paying: [ItemGate] = [claimedPayment, dispute, directDebit, inTransit, atAgency, netZero]

    /// Asked for each item.
    static let item: [ItemGate] = holding + [netZero, stepsExhausted]

    /// Rules whose no passes by itself: a message that meets one at hand-over waits, any other is cancelled.
    static let passing: Set<String> = [
        "COVERAGE-GAP", "COVERAGE-STALE", "SOURCE-STALE", "CAP-DAY", "CAP-WEEK", "SPACING-48H", "QUIET-HOURS",
    ]
}
