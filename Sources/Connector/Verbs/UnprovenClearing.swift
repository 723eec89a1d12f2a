// SPDX-License-Identifier: Apache-2.0
import Documents
import Store

/// What the accounting system calls settled and no bank entry has proved for longer than the policy allows.
extension Workplace {
    /// One exception per currency, raised again when what it speaks of changed, resolved when nothing is left.
    ///
    /// - Parameter days: `source_clearing.max_days` of the policy.
    func judgeUnprovenClearing(after days: Int, _ session: Session) throws {
        let kind = "SOURCE-CLEARING-OLD"
        let found = try session.unprovenClearing(company: company.id, through: today - days)
        for stored in try session.exceptions(company: company.id, openOnly: true)
        where stored.record.kind == kind && !found.contains(where: { $0.currency.code == stored.record.subject }) {
            try session.resolveExceptions(
                company: company.id, kind: kind, subject: stored.record.subject,
                resolution: "all of it is proved or taken back", at: environment.now())
        }
        for old in found {
            let amount = Money(minorUnits: old.amount, currency: old.currency)
            let record = ExceptionRecord(
                kind, company: company.id, subject: old.currency.code,
                message: "The accounting system calls \(amount) on \(old.items) items settled, and no money that was "
                    + "imported proves it; the oldest is \(old.oldest), since \(old.since.text). Import the bank files "
                    + "of those days, or let the accounting system's settlement be corrected; `tieout list items` "
                    + "shows it under source_clearing.",
                dueOn: BankingCalendar(company.calendar).adding(2, to: today))
            let known = try session.exception(company: company.id, id: record.id)
            guard known?.record.message != record.message else { continue }
            try session.resolveExceptions(
                company: company.id, kind: kind, subject: old.currency.code, resolution: "stated again",
                at: environment.now())
            try session.raise(record, on: today, at: environment.now())
        }
    }
}
