// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Ledger

/// Turns a decision into entries of the log; the only place where lines become postings.
package struct Booking: Sendable {
    /// What booking must know of an item beside the decision.
    package struct ItemFacts: Hashable, Sendable {
        package var customerID: String
        package var postingDay: Day
        package var currency: Currency

        package init(customerID: String, postingDay: Day, currency: Currency) {
            self.customerID = customerID
            self.postingDay = postingDay
            self.currency = currency
        }
    }

    /// What booking must know of a payment.
    package struct Cash: Hashable, Sendable {
        package var id: String
        /// The payment's amount with its sign.
        package var amount: Money
        package var postingDay: Day
        /// What of the amount is still to be used, where a part was; nil for all of it.
        package var left: Int64?
        /// False for an outgoing entry that nobody identified so far.
        package var isBooked: Bool

        package init(id: String, amount: Money, left: Int64? = nil, postingDay: Day, isBooked: Bool) {
            self.id = id
            self.amount = amount
            self.left = left
            self.postingDay = postingDay
            self.isBooked = isBooked
        }
    }

    package var company: String
    package var period: Period
    package var decision: String
    package var recordedAt: Timestamp
    package var actor: String
    /// What a person says, with who else approved it: what is given away carries it, too. Nil for the machine's decisions,
    /// which say by themselves what each adjustment is.
    package var reason: String?

    package init(
        company: String, period: Period, decision: String, recordedAt: Timestamp, actor: String, reason: String? = nil
    ) {
        self.company = company
        self.period = period
        self.decision = decision
        self.recordedAt = recordedAt
        self.actor = actor
        self.reason = reason
    }

    /// The entries of one decision, in the order in which they must be appended.
    package func entries(
        _ decided: Decision, cash: Cash, item: (String) -> ItemFacts?
    ) -> [Entry] {
        let rule = decided.rule.rawValue
        if decided.verdict == .notReceivable { return cash.amount.isPositive ? settingAside(cash, rule: rule) : [] }
        var entries: [Entry] = []
        if cash.amount.isNegative, !cash.isBooked {
            entries.append(
                entry(
                    decided.kind == .refund ? .refunded : .returned, cash.amount, on: cash.postingDay,
                    payment: cash.id, customer: decided.customerID, rule: rule))
        }
        add(decided.lines, to: &entries, cash: cash, rule: rule, payout: decided.payoutID, item: item)
        // What the earlier payment had not settled goes back with it.
        if decided.kind == .refund || decided.kind == .return, let source = decided.counterpartID {
            let left = (cash.left ?? cash.amount.minorUnits) - decided.lines.reduce(0) { $0 + $1.cash }
            if left < 0 {
                entries.append(
                    entry(
                        .consumed, Money(minorUnits: 0 - left, currency: cash.amount.currency), on: cash.postingDay,
                        payment: source, counter: cash.id, customer: decided.customerID, rule: rule))
            }
        }
        return entries
    }

    /// What is left of a payment, as no customer's money; nothing of an outgoing one that nobody identified, as that is on
    /// no customer's account.
    package func settingAside(_ cash: Cash, rule: String) -> [Entry] {
        let left = cash.left ?? cash.amount.minorUnits
        guard cash.isBooked, left != 0 else { return [] }
        return [
            entry(
                .setAside, Money(minorUnits: left, currency: cash.amount.currency), on: cash.postingDay,
                payment: cash.id, rule: rule)
        ]
    }

    /// The part of a payment that paid interest and fines for paying an item late.
    package func lateCharges(
        on claim: String, facts: ItemFacts, amount: Int64, payment: String, day: Day, rule: String
    ) -> Entry {
        entry(
            .charged, Money(minorUnits: amount, currency: facts.currency), on: max(day, facts.postingDay),
            businessDay: day, item: claim, payment: payment, customer: facts.customerID, rule: rule,
            reason: reason ?? Line.Reason.lateCharges.rawValue)
    }

    /// Netting first: what credit notes free is part of the cash that the invoices' lines show.
    private func add(
        _ lines: [Line], to entries: inout [Entry], cash: Cash, rule: String, payout: String?,
        item: (String) -> ItemFacts?
    ) {
        entries.reserveCapacity(entries.count + lines.count)
        var spent = lines.map(\.cash)
        entries += nettings(lines, &spent, cash: cash, rule: rule, item: item)
        for (index, line) in lines.enumerated() {
            guard let facts = item(line.itemID) else { continue }
            let day = max(cash.postingDay, facts.postingDay)
            if line.reason == .exchange {
                entries += exchange(line, cash: cash, facts: facts, on: day, rule: rule)
                continue
            }
            if line.reason == .lateCharges {
                entries.append(
                    entry(
                        .charged, Money(minorUnits: line.cash, currency: facts.currency), on: day,
                        businessDay: cash.postingDay, item: line.itemID, payment: cash.id, customer: facts.customerID,
                        rule: rule, reason: reason ?? line.reason.rawValue))
                continue
            }
            if line.reason == .returnCharge {
                entries.append(
                    entry(
                        .setAside, Money(minorUnits: line.cash, currency: cash.amount.currency), on: cash.postingDay,
                        payment: cash.id, rule: rule, reason: line.reason.rawValue))
                continue
            }
            if line.reason == .cleared {
                entries.append(
                    entry(
                        .providerClearing, Money(minorUnits: line.adjustment, currency: facts.currency), on: day,
                        businessDay: cash.postingDay, item: line.itemID, payment: cash.id, counter: payout,
                        customer: facts.customerID, rule: rule))
                continue
            }
            if line.reason == .prepaid {
                entries.append(
                    entry(
                        .amended, Money(minorUnits: 0 - line.adjustment, currency: facts.currency), on: day,
                        item: line.itemID, customer: facts.customerID, rule: rule, reason: "prepaid"))
            }
            if spent[index] != 0 {
                entries.append(
                    entry(
                        .applied, Money(minorUnits: spent[index], currency: facts.currency), on: day,
                        businessDay: cash.postingDay, item: line.itemID, payment: cash.id, customer: facts.customerID,
                        rule: rule))
            }
            if line.adjustment != 0, let kind = kind(of: line.reason) {
                entries.append(
                    entry(
                        kind, Money(minorUnits: line.adjustment, currency: facts.currency), on: day,
                        businessDay: cash.postingDay, item: line.itemID, payment: cash.id, customer: facts.customerID,
                        rule: rule, reason: reason ?? line.reason.rawValue))
            }
        }
    }

    /// What credit notes free of the lines' cash. Where the payment goes back the signs are turned round: what was netted is
    /// taken back between the same two, and the credit note is open again; none of it ever was cash.
    private func nettings(
        _ lines: [Line], _ spent: inout [Int64], cash: Cash, rule: String, item: (String) -> ItemFacts?
    ) -> [Entry] {
        let isBack = cash.amount.isNegative
        let sign: Int64 = isBack ? -1 : 1
        var entries: [Entry] = []
        for (index, credit) in lines.enumerated()
        where credit.cash * sign < 0 && (isBack ? credit.reason == .credit : credit.reason != .reversal) {
            for (other, claim) in lines.enumerated()
            where spent[other] * sign > 0 && spent[index] * sign < 0 && claim.reason != .lateCharges
                && claim.reason != .returnCharge
            {
                let amount = min(spent[other] * sign, 0 - spent[index] * sign)
                spent[other] -= amount * sign
                spent[index] += amount * sign
                guard let facts = item(claim.itemID), let creditFacts = item(credit.itemID) else { continue }
                entries.append(
                    entry(
                        .netted, Money(minorUnits: amount * sign, currency: facts.currency),
                        on: max(cash.postingDay, max(facts.postingDay, creditFacts.postingDay)),
                        item: claim.itemID, counter: credit.itemID, customer: facts.customerID, rule: rule))
            }
        }
        return entries
    }

    /// Two sides in two currencies: the cash leaves in its own, the item is settled in its own.
    private func exchange(_ line: Line, cash: Cash, facts: ItemFacts, on day: Day, rule: String) -> [Entry] {
        [
            entry(
                .converted, Money(minorUnits: line.cash, currency: cash.amount.currency), on: day,
                businessDay: cash.postingDay, payment: cash.id, counter: line.itemID, customer: facts.customerID,
                rule: rule),
            entry(
                .exchange, Money(minorUnits: line.adjustment, currency: facts.currency), on: day,
                businessDay: cash.postingDay, item: line.itemID, payment: cash.id, customer: facts.customerID,
                rule: rule, reason: reason ?? "exchange"),
        ]
    }

    /// An open credit against the invoice it corrects or a person names.
    package func netting(
        credit: String, creditFacts: ItemFacts, on claim: String, facts: ItemFacts, amount: Int64, rule: String
    ) -> Entry {
        entry(
            .netted, Money(minorUnits: amount, currency: facts.currency),
            on: max(facts.postingDay, creditFacts.postingDay), item: claim, counter: credit,
            customer: facts.customerID, rule: rule)
    }

    /// What a provider said that it charged for an item, or took back from it (negative), on its day.
    package func providerClearing(
        _ charge: String, on claim: String, facts: ItemFacts, amount: Int64, day: Day, rule: String
    ) -> Entry {
        entry(
            .providerClearing, Money(minorUnits: amount, currency: facts.currency), on: max(day, facts.postingDay),
            businessDay: day, item: claim, counter: charge, customer: facts.customerID, rule: rule)
    }

    /// An adjustment by itself: a write-off, a discount granted late, a fee accepted.
    package func adjustment(
        _ kind: Entry.Kind, on claim: String, facts: ItemFacts, amount: Int64, day: Day, rule: String
    ) -> Entry {
        entry(
            kind, Money(minorUnits: amount, currency: facts.currency), on: max(day, facts.postingDay), item: claim,
            customer: facts.customerID, rule: rule)
    }

    private func kind(of reason: Line.Reason) -> Entry.Kind? {
        switch reason {
        case .discount: .discount
        case .fee: .fee
        case .withholding: .withholding
        case .rounding: .rounding
        case .cash, .credit, .reversal, .refund, .short, .exchange, .prepaid, .lateCharges, .cleared, .returnCharge: nil
        }
    }

    private func entry(
        _ kind: Entry.Kind, _ amount: Money, on day: Day, businessDay: Day? = nil, item: String? = nil,
        payment: String? = nil, counter: String? = nil, customer: String? = nil, rule: String,
        reason: String? = nil
    ) -> Entry {
        Entry(
            kind, company: company, amount: amount, item: item, payment: payment, counter: counter,
            customer: customer, postingDay: period.postingDay(for: day), businessDay: businessDay ?? day,
            recordedAt: recordedAt, actor: actor, reason: reason ?? self.reason, rule: rule, decision: decision)
    }
}
