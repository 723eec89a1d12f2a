// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reports
import Store
import Trees

/// Control totals against the books of a month: what does not agree is for a person, with what may be the cause.
extension Workplace {
    /// Compares the latest stated balances of the month's last day, and raises or resolves their exceptions.
    func judgeControls(_ month: Month, _ books: BooksPosition, _ session: Session) throws -> [Report.Check] {
        let controls = try controls(on: month.lastDay, session)
        for control in controls {
            let check = control.check(books)
            let subject =
                "\(month.text) \(control.amount.currency)"
                + (control.account.map { " \($0)" } ?? "") + (control.customerID.map { " \($0)" } ?? "")
            try session.resolveExceptions(
                company: company.id, kind: "CONTROL-TOTAL", subject: subject,
                resolution: check.holds ? "the latest total agrees with the books" : "stated again",
                at: environment.now())
            guard !check.holds else { continue }
            try session.raise(
                ExceptionRecord(
                    "CONTROL-TOTAL", company: company.id, customerID: control.customerID, subject: subject,
                    message: check.sentence,
                    context: control.candidates(books).enumerated().map { .init("candidate \($0 + 1)", $1) },
                    dueOn: BankingCalendar(company.calendar).adding(2, to: today)),
                on: today, at: environment.now())
        }
        return ControlTotal.checks(controls, books)
    }

    /// A total that arrives when its month is closed is compared at once: no close will do it any more.
    func judgeLateControls(_ session: Session, importNo: Int64?) throws {
        guard let importNo, let last = try session.period(company: company.id).closedThrough else { return }
        let days = try session.controlDays(company: company.id, importNo: importNo)
        for month in Set(days.filter { $0 == Month(of: $0).lastDay }.map { Month(of: $0) }).sorted() where month <= last
        {
            _ = try judgeControls(month, try position(on: month.lastDay, knownAt: nil, session), session)
        }
    }

    /// Bank statements of a month that do not tie, as long as nobody resolved it and no corrected one came.
    func statementChecks(_ month: Month, _ session: Session) throws -> [Report.Check] {
        try session.openExceptions(company: company.id, kind: "STATEMENT-DOES-NOT-TIE").map(\.record).filter { record in
            record.subject.split(separator: " ").dropFirst().first.flatMap { Day($0) }.map { Month(of: $0) } == month
        }.map { Report.Check("bank statement", holds: false, $0.message + ".") }
    }

    /// Payments of a month's books that wait for a person, by currency and direction.
    func waitingTable(_ month: Month, _ session: Session) throws -> Table {
        var table = Table(
            "reviews", "Payments waiting for a person",
            columns: [
                Table.Column("currency", "Currency"), Table.Column("direction", "Direction"),
                Table.Column("payments", "Payments", .count), Table.Column("amount", "Not settled", .money),
            ])
        for waiting in try session.waitingCash(company: company.id, through: month.lastDay) {
            table.add([
                .text(waiting.currency.code), .text(waiting.isOutgoing ? "out" : "in"), .count(waiting.count),
                .money(waiting.left),
            ])
        }
        return table
    }
}
