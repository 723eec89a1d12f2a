// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Store

/// What a charge says in a sentence, and what people hear of payouts that do not come.
extension ChargeBooking {
    var sentence: String {
        let what =
            switch kind {
            case .refund: "paid back \(amount.magnitude)"
            case .chargeback: "had \(amount.magnitude) taken back"
            default: "charged \(amount)"
            }
        let head = "\(provider) \(what) on \(occurredOn.text) (\(decision))"
        if state == .undone { return head + "; a person took that back." }
        guard let payoutID else { return head + "; no report names its payout yet." }
        return head
            + (paidBy.map { "; the payout \(payoutID) came with payment \($0)." }
                ?? "; its payout \(payoutID) has not come.")
    }
}

extension Workplace {
    /// One exception per payout that does not come, raised again when what it speaks of changed, resolved when it came.
    ///
    /// - Parameter days: `source_clearing.max_days` of the policy.
    func judgeOldPayouts(after days: Int, _ session: Session) throws {
        let kind = "PROVIDER-CLEARING-OLD"
        let old = Self.byPayout(try session.standingCharges(company: company.id, through: today - days))
        for stored in try session.openExceptions(company: company.id, kind: kind)
        where !old.contains(where: { $0.subject == stored.record.subject }) {
            try session.resolveExceptions(
                company: company.id, kind: kind, subject: stored.record.subject,
                resolution: "the payout came, or the charges were taken back", at: environment.now())
        }
        for payout in old {
            let name = payout.payoutID.map { "the payout \($0)" } ?? "a payout that no report names"
            let record = ExceptionRecord(
                kind, company: company.id, subject: payout.subject,
                message:
                    "\(payout.provider) has charged \(payout.amount) in \(Counted.of(payout.charges, "charge")) since "
                    + "\(payout.since.text), and \(name) has not come. Import the bank files of those days"
                    + (payout.payoutID == nil ? " and the provider's settlement report" : "")
                    + "; or ask the provider, and take a charge back with tieout review undo.",
                dueOn: BankingCalendar(company.calendar).adding(2, to: today))
            let known = try session.exception(company: company.id, id: record.id)
            guard known?.record.message != record.message else { continue }
            try session.resolveExceptions(
                company: company.id, kind: kind, subject: payout.subject, resolution: "stated again",
                at: environment.now())
            try session.raise(record, on: today, at: environment.now())
        }
    }

    /// Charges that one payout is to bring, in the order of provider, payout and currency.
    struct StandingPayout {
        var provider: String
        /// Nil where no report names it.
        var payoutID: String?
        var amount: Money
        var charges: Int
        var since: Day

        var subject: String { "\(provider)/\(payoutID ?? "")/\(amount.currency.code)" }
    }

    static func byPayout(_ charges: [ChargeBooking]) -> [StandingPayout] {
        var found: [String: StandingPayout] = [:]
        for charge in charges {
            let one = StandingPayout(
                provider: charge.provider, payoutID: charge.payoutID, amount: charge.amount, charges: 1,
                since: charge.occurredOn)
            guard let known = found[one.subject] else {
                found[one.subject] = one
                continue
            }
            found[one.subject]?.amount = Money(
                minorUnits: known.amount.minorUnits + charge.amount.minorUnits, currency: charge.amount.currency)
            found[one.subject]?.charges += 1
            found[one.subject]?.since = min(known.since, charge.occurredOn)
        }
        return found.keys.sorted().compactMap { found[$0] }.filter { !$0.amount.isZero }
    }
}
