// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

extension Gates {
    /// WhatsApp's policy bars collecting for others; the creditor declares that the claims are its own.
    static let firstParty = AccountGate(rule: "FIRST-PARTY", remindersOnly: false) { context, _ in
        context.snapshot.company.firstParty
            ? GateDecision("FIRST-PARTY", .allow, "The company declared that these are its own invoices.")
            : GateDecision(
                "FIRST-PARTY", .deny,
                "The company has not declared first_party: true; nothing is sent for somebody else's claims.")
    }

    /// A hole in a bank account may hide the very payment the reminder asks for.
    static let coverageGap = AccountGate(rule: "COVERAGE-GAP", remindersOnly: true) { context, standings in
        let oldest = standings.map { min($0.item.item.postingDay, $0.item.item.issuedOn) }.min()
        guard context.policy.coverageRequired, let oldest else {
            return GateDecision("COVERAGE-GAP", .allow, "No receiving account has to be covered.")
        }
        for account in context.snapshot.accounts.sorted(by: { $0.id < $1.id }) {
            if let gap = account.gaps.first(where: { $0.to >= oldest }) {
                let days = gap.from == gap.to ? gap.from.text : "\(gap.from.text) to \(gap.to.text)"
                return GateDecision(
                    "COVERAGE-GAP", .hold, subject: account.id,
                    "The statements of \(account.id) have no \(days); a payment of that day would not be known.")
            }
        }
        return GateDecision("COVERAGE-GAP", .allow, "No statement is missing since \(oldest.text).")
    }

    static let coverageStale = AccountGate(rule: "COVERAGE-STALE", remindersOnly: true) { context, _ in
        let (policy, snapshot) = (context.policy, context.snapshot)
        guard policy.coverageRequired else {
            return GateDecision("COVERAGE-STALE", .allow, "The policy asks for no coverage.")
        }
        guard !snapshot.accounts.isEmpty else {
            return snapshot.company.authority == .source
                ? GateDecision("COVERAGE-STALE", .allow, "Payments come with the accounting system's open amounts.")
                : GateDecision(
                    "COVERAGE-STALE", .hold,
                    "No receiving account is known, so nobody knows what was paid; import its statements.")
        }
        let calendar = BankingCalendar(snapshot.company.calendar)
        for account in snapshot.accounts.sorted(by: { $0.id < $1.id }) {
            guard let last = account.lastDay else {
                return GateDecision(
                    "COVERAGE-STALE", .hold, subject: account.id, "Nothing was ever imported for \(account.id).")
            }
            if calendar.adding(policy.coverageBankingDaysMax, to: last) < calendar.onOrBefore(context.day) {
                return GateDecision(
                    "COVERAGE-STALE", .hold, subject: account.id,
                    "\(account.id) is known through \(last.text); the next banking day, "
                        + "\(calendar.next(after: last).text), is missing.")
            }
        }
        return GateDecision(
            "COVERAGE-STALE", .allow,
            "Every receiving account is at most \(policy.coverageBankingDaysMax) banking days old.")
    }

    static let sourceStale = AccountGate(rule: "SOURCE-STALE", remindersOnly: true) { context, _ in
        for source in context.snapshot.sources.sorted(by: { $0.id < $1.id }) {
            let daysMax = source.daysMax ?? context.policy.sourceDaysMax
            guard let asOf = source.asOf, context.day - asOf <= daysMax else {
                let known = source.asOf.map { "is of \($0.text)" } ?? "was never imported"
                return GateDecision(
                    "SOURCE-STALE", .hold, subject: source.id,
                    "Invoice source \(source.id) \(known); its limit is \(daysMax) days.")
            }
        }
        return GateDecision("SOURCE-STALE", .allow, "Every invoice source is within its limit.")
    }

    static let optOut = AccountGate(rule: "OPT-OUT", remindersOnly: false) { context, _ in
        if let day = context.snapshot.optedOutOn {
            return GateDecision("OPT-OUT", .deny, "The customer asked us to stop on \(day.text).")
        }
        return context.snapshot.customer.optedOut == true
            ? GateDecision("OPT-OUT", .deny, "The customer's master data says they opted out.")
            : GateDecision("OPT-OUT", .allow, "The customer has not asked us to stop.")
    }

    static let consent = AccountGate(rule: "CONSENT", remindersOnly: false) { context, _ in
        guard context.policy.consentRequired else {
            return GateDecision("CONSENT", .allow, "The policy asks for no recorded consent.")
        }
        return switch context.snapshot.customer.optedIn {
        case true: GateDecision("CONSENT", .allow, "The customer agreed to messages.")
        case false: GateDecision("CONSENT", .deny, "The customer did not agree to messages.")
        case nil:
            GateDecision("CONSENT", .deny, "Nobody recorded that the customer agreed to messages (opted_in is empty).")
        }
    }

    static let doNotAutomate = AccountGate(rule: "DO-NOT-AUTOMATE", remindersOnly: true) { context, _ in
        context.snapshot.customer.doNotAutomate == true
            ? GateDecision("DO-NOT-AUTOMATE", .deny, "This customer is looked after by a person.")
            : GateDecision("DO-NOT-AUTOMATE", .allow, "The customer may be written to automatically.")
    }

    static let customerHold = AccountGate(rule: "HOLD", remindersOnly: true) { context, _ in
        let holds = context.snapshot.holds.filter { $0.items.isEmpty && $0.holds(on: context.day) }
        guard let hold = holds.min(by: { $0.id < $1.id }) else {
            return GateDecision("HOLD", .allow, "Nobody put the customer on hold.")
        }
        return GateDecision(
            "HOLD", .deny, subject: hold.id,
            "\(hold.setBy) put the customer on hold for \(hold.kind.rawValue) (“\(hold.reason)”).")
    }
}
