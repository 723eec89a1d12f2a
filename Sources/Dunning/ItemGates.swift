// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Promises

extension Gates {
    static let itemHold = ItemGate(rule: "HOLD", yes: "No item is on hold.") { context, standing in
        let holds = context.snapshot.holds.filter { $0.items.contains(standing.id) && $0.holds(on: context.day) }
        return holds.min { $0.id < $1.id }.map { hold in
            no("HOLD", .deny, standing, "was put on hold by \(hold.setBy) for \(hold.kind.rawValue) (“\(hold.reason)”)")
        }
    }

    /// The promise pauses its items until it is judged; one for a small share only lowers what is asked.
    static let promiseActive = ItemGate(rule: "PROMISE-ACTIVE", yes: "No item is promised.") { context, standing in
        let active = context.snapshot.promises.filter {
            $0.status == .active && $0.holdsFully && $0.names(standing.id)
        }
        return active.min { ($0.promisedFor, $0.id) < ($1.promisedFor, $1.id) }.map { promise in
            no(
                "PROMISE-ACTIVE", .hold, standing,
                "is promised for \(promise.promisedFor.text); chasing pauses through \(promise.lastDay.text) "
                    + "and until the promise is judged")
        }
    }

    static let promiseProposed = ItemGate(rule: "PROMISE-PROPOSED", yes: "No promise waits for its yes.") {
        context, standing in
        let proposed = context.snapshot.promises.filter {
            $0.status == .proposed && $0.pauses(on: context.day) && $0.names(standing.id)
        }
        return proposed.min { ($0.promisedFor, $0.id) < ($1.promisedFor, $1.id) }.map { promise in
            no(
                "PROMISE-PROPOSED", .hold, standing,
                "has a promise for \(promise.promisedFor.text) that waits for a yes through "
                    + promise.proposedThrough.text)
        }
    }

    /// A claim pauses for the policy's days and then lapses to a person, never to a harsher message.
    static let claimedPayment = ItemGate(rule: "CLAIMED-PAYMENT", yes: "Nobody says they have paid.") {
        context, standing in
        let claims = context.snapshot.claims.filter {
            $0.resolvedOn == nil && ($0.items.isEmpty || $0.items.contains(standing.id))
        }
        guard let claim = claims.min(by: { ($0.claimedOn, $0.id) < ($1.claimedOn, $1.id) }) else { return nil }
        let through = context.policy.claimPausesThrough(claim, calendar: context.snapshot.company.calendar)
        return context.day <= through
            ? no(
                "CLAIMED-PAYMENT", .hold, standing,
                "was paid, the customer says (\(claim.claimedOn.text)); chasing pauses through \(through.text)")
            : no(
                "CLAIMED-PAYMENT", .deny, standing,
                "was paid, the customer said on \(claim.claimedOn.text), and no payment was found by \(through.text): "
                    + "a person decides")
    }

    /// A dispute holds its whole invoice; the customer's other invoices go on at their own step.
    static let dispute = ItemGate(rule: "DISPUTE", yes: "No invoice is disputed.") { context, standing in
        if standing.item.disputed { return no("DISPUTE", .deny, standing, "is disputed, the accounting system says") }
        let open = context.snapshot.disputes.filter {
            $0.state == .open && $0.invoiceID == standing.item.item.invoiceID
        }
        return open.min { $0.id < $1.id }.map { dispute in
            no("DISPUTE", .deny, standing, "is disputed since \(dispute.openedOn.text) (\(dispute.reason))")
        }
    }

    static let directDebit = ItemGate(rule: "DIRECT-DEBIT", yes: "No item is collected by direct debit.") {
        _, standing in
        standing.item.directDebit && standing.item.returnedOn == nil
            ? no("DIRECT-DEBIT", .deny, standing, "is collected by direct debit") : nil
    }

    static let inTransit = ItemGate(rule: "IN-TRANSIT", yes: "No item is paid by money on its way.") { _, standing in
        guard let amount = standing.item.inTransit, amount.isPositive,
            amount.minorUnits >= standing.item.item.balance.open
        else { return nil }
        return no("IN-TRANSIT", .hold, standing, "is covered by \(amount) that is on its way")
    }

    static let dunningBlocked = ItemGate(rule: "DUNNING-BLOCKED", yes: "The source blocks no item.") { _, standing in
        standing.item.dunningBlocked
            ? no("DUNNING-BLOCKED", .deny, standing, "is blocked for reminders in the accounting system") : nil
    }

    static let dunnedAtSource = ItemGate(rule: "DUNNED-AT-SOURCE", yes: "The source reminds of no item itself.") {
        context, standing in
        let pause = context.policy.sourceDunningPauseDays
        if let day = standing.item.sourceDunnedOn {
            return context.day - day <= pause
                ? no(
                    "DUNNED-AT-SOURCE", .hold, standing,
                    "was reminded of by the accounting system on \(day.text); ours wait \(pause) days") : nil
        }
        guard let level = standing.item.sourceDunningLevel, level > 0 else { return nil }
        return no(
            "DUNNED-AT-SOURCE", .deny, standing, "is at dunning level \(level) of the accounting system, without a day")
    }

    static let factored = ItemGate(rule: "FACTORED", yes: "No item was sold.") { _, standing in
        standing.item.factored
            ? no("FACTORED", .deny, standing, "was sold to a factor; it is not to be paid to us") : nil
    }

    static let atAgency = ItemGate(rule: "AT-AGENCY", yes: "No item is with an agency or a lawyer.") { _, standing in
        standing.item.atAgency ? no("AT-AGENCY", .deny, standing, "is with an agency or a lawyer") : nil
    }

    /// Whether a claim this old may still be chased is a question of law, so a person's.
    static let limitationAge = ItemGate(rule: "LIMITATION-AGE", yes: "No item is past its limitation age.") {
        context, standing in
        guard let years = context.policy.limitationYears(country: context.snapshot.customer.country) else { return nil }
        let due = standing.item.item.dueOn
        // 29 February ends on the 28th.
        guard
            let end = Day(year: due.year + years, month: due.month, day: due.dayOfMonth)
                ?? Day(year: due.year + years, month: due.month, day: 28), context.day > end
        else { return nil }
        return no(
            "LIMITATION-AGE", .deny, standing, "was due on \(due.text), more than \(years) years ago: a person decides")
    }

    /// Credits and cash that is not matched yet pay a bill before anybody is reminded of it.
    static let netZero = ItemGate(
        rule: "NET-ZERO", yes: "No item is wholly covered by credits, unapplied cash or a payment that waits."
    ) { context, standing in
        context.cover.isCovered(standing.id)
            ? no("NET-ZERO", .hold, standing, context.cover.words(standing.id)) : nil
    }

    static let stepsExhausted = ItemGate(rule: "STEPS-EXHAUSTED", yes: "No item has every step behind it.") {
        _, standing in
        standing.isExhausted
            ? no("STEPS-EXHAUSTED", .deny, standing, "is open after the last reminder: a person takes over") : nil
    }

    private static func no(
        _ rule: String, _ verdict: GateDecision.Verdict, _ standing: Standing, _ what: String
    ) -> GateDecision {
        GateDecision(rule, verdict, subject: standing.id, "Invoice \(standing.item.item.number) \(what).")
    }
}

extension DunningPolicy {
    /// The last day on which a claimed payment pauses chasing.
    func claimPausesThrough(_ claim: AccountSnapshot.Claim, calendar: BankingCalendar.Name) -> Day {
        switch claimPauseBasis {
        case .calendar: claim.claimedOn + claimPauseDays
        case .banking: BankingCalendar(calendar).adding(claimPauseDays, to: claim.claimedOn)
        }
    }
}
