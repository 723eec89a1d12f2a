// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reconciliation
import Store

/// Turns the decisions of a run into what the books keep of them. Nothing is read here: it may run on any thread.
struct Rulings: Sendable {
    let company: String
    let period: Period
    let calendar: BankingCalendar
    let today: Day
    let now: Timestamp
    /// Decisions that a person refused or took back: their ids are taken.
    let ended: Set<String>
    /// Per payment what a person saw and did not want.
    let lookedAt: [String: Set<String>]

    func ruling(on decision: consuming Decision, _ cash: Session.UndecidedCash) -> Ruling {
        let payment = decision.paymentID
        var id = DecisionID.make(company: company, payment: payment, lines: decision.lines, rule: decision.rule)
        // Twice, where what was made in the place of one was refused within the same moment.
        while ended.contains(id) { id += "-" + String(now.milliseconds, radix: 36) }
        let amount = cash.amount
        let isLookedAt = isNothingNew(decision)
        let state: StoredDecision.State =
            switch decision.verdict {
            case .auto: .committed
            case .review where isLookedAt: .noted
            case .review: .waiting
            case .none, .notReceivable: .noted
            }
        let isBooked = decision.verdict == .auto || decision.verdict == .notReceivable
        let customer = cash.isNamed ? nil : decision.customerID
        let exception = isLookedAt ? nil : exception(of: decision, amount: amount)
        return Ruling(
            StoredDecision(
                id: id, decision: decision, state: state, amount: amount, decidedOn: today, recordedAt: now,
                actor: "reconcile", reason: isLookedAt ? Self.nothingNew : nil),
            cash: Booking.Cash(
                id: payment, amount: amount, left: cash.unapplied, postingDay: cash.postingDay,
                isBooked: cash.isBooked),
            booking: booking(id), isBooked: isBooked, customer: customer, exception: exception)
    }

    private static let nothingNew = "a person looked at it, and nothing else fits since"

    /// Whether a person saw all that is shown of a payment for which nothing is proposed, or nothing but what they refused.
    func isNothingNew(_ decision: Decision) -> Bool {
        guard !lookedAt.isEmpty, decision.verdict == .review, decision.lines.isEmpty,
            let seen = lookedAt[decision.paymentID]
        else { return false }
        if decision.namesCounterpart {
            // A refund without lines keeps the payment that it pays back, refused or not; others are not named.
            guard decision.counterpartID.map(seen.contains) == true, decision.alternatives.count < 2 else {
                return false
            }
        }
        return decision.alternatives.allSatisfy { $0.lines.allSatisfy { seen.contains($0.itemID) } }
            && decision.evidence.allSatisfy { $0.code != Return.possible || seen.contains($0.text) }
    }

    func booking(_ decision: String) -> Booking {
        Booking(company: company, period: period, decision: decision, recordedAt: now, actor: "reconcile")
    }

    /// What a decision means for a person: a duplicate to refund, a return that reopened an invoice.
    private func exception(of decision: Decision, amount: Money) -> ExceptionRecord? {
        let kind: String
        switch (decision.rule, decision.verdict) {
        case (.duplicate, _): kind = "DUPLICATE-PAYMENT"
        case (.returned, .auto): kind = "PAYMENT-RETURNED"
        case (.payerConflict, _): kind = "PAYER-CONFLICT"
        default: return nil
        }
        return ExceptionRecord(
            kind, company: company, customerID: decision.customerID, subject: decision.paymentID,
            message: decision.sentence,
            context: [.init("amount", "\(amount)"), .init("rule", decision.rule.rawValue)],
            dueOn: calendar.adding(2, to: today))
    }
}

/// The same decision on the same payment has the same id.
enum DecisionID {
    static func make(company: String, payment: String, lines: [Line], rule: Rule) -> String {
        var builder = Fingerprint.Builder()
        builder.add("decision")
        builder.add(company)
        builder.add(payment)
        builder.add(rule.rawValue)
        for line in lines {
            builder.add(line.itemID)
            builder.add(line.reason.rawValue)
            builder.add(line.cash)
            builder.add(line.adjustment)
        }
        return builder.finish().base32
    }
}
