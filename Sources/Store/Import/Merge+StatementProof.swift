// SPDX-License-Identifier: Apache-2.0
import Documents

/// Whether a statement's booked entries lead from its opening to its closing balance. Where they do not, an entry is missing
/// or stands there twice: a person has to know, as long as no corrected statement has come.
extension Merge {
    /// Their readers add up what is booked; other statements only name their days.
    static var provingFormats: Set<String> { ["camt.053", "mt940", "coda"] }

    static var untied: String { "STATEMENT-DOES-NOT-TIE" }

    /// - Parameter isNew: of one that is known nothing is asked again; with an entry that was missing it may tie now.
    func prove(_ row: Row, through day: Day, isNew: Bool) throws {
        guard let code = row.optionalText("currency"), let currency = Currency(code),
            let opening = row.optionalInt("opening"), let closing = row.optionalInt("closing")
        else { return }
        func money(_ units: Int64) -> Money { Money(minorUnits: units, currency: currency) }
        let account = row.text("account")
        let moved = (row.optionalInt("booked_credits") ?? 0) &- (row.optionalInt("booked_debits") ?? 0)
        let reached = opening &+ moved
        guard reached == closing else {
            guard isNew else { return }
            return outcome.add(
                Self.untied, Self.subject(account, day, opening, closing, currency),
                "the statement of \(account) through \(day): opening \(money(opening)) and the booked entries come to "
                    + "\(money(reached)), but the closing balance is \(money(closing)). An entry may be missing or dated "
                    + "into another statement: compare with the bank's own view, and import the corrected statement")
        }
        try endUntied(account, day, opening, closing, currency)
    }

    /// A statement that ties takes the place of one of the same account and day that began or ended with the same balance.
    private func endUntied(
        _ account: String, _ day: Day, _ opening: Int64, _ closing: Int64, _ currency: Currency
    ) throws {
        let replaced = try session.rows(
            """
            SELECT DISTINCT opening, closing FROM statement
            WHERE company = ? AND account = ? AND to_day = ? AND currency = ? AND (opening = ? OR closing = ?)
                AND opening + booked_credits - booked_debits <> closing ORDER BY 1, 2
            """, [company, account, day, currency, opening, closing]
        ) { (opening: $0.int(0), closing: $0.int(1)) }
        for other in replaced {
            let subject = Self.subject(account, day, other.opening, other.closing, currency)
            outcome.exceptions.removeAll { $0.kind == Self.untied && $0.subject == subject }
            try session.resolveExceptions(
                company: company, kind: Self.untied, subject: subject,
                resolution: "a statement of the same day that ties was imported", at: run.recordedAt)
        }
    }

    /// The day is its second word (`Workplace.statementChecks`).
    private static func subject(
        _ account: String, _ day: Day, _ opening: Int64, _ closing: Int64, _ currency: Currency
    ) -> String {
        let (from, to) = (
            Money(minorUnits: opening, currency: currency), Money(minorUnits: closing, currency: currency)
        )
        return "\(account.replacing(" ", with: "")) \(day) \(from.amountText) to \(to)"
    }
}
