// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Rendering
import Reports
import Store
import Trees

extension Workplace {
    package enum ReportName: String, Sendable, CaseIterable {
        case aging, statement, promises, unapplied, allocations, adjustments, deliveries, exceptions, clearing, matching
        case monthEnd = "month-end"
    }

    package enum ReportFormat: String, Sendable, CaseIterable { case text, csv, json, html }

    package struct ReportRequest: Sendable {
        package var name: ReportName
        package var month: String?
        package var knownAt: String?
        package var customer: String?

        package init(name: ReportName) { self.name = name }
    }

    /// The report's text; nil when it was written to `out`.
    package func report(_ request: ReportRequest, format: ReportFormat, out: String?) throws -> String? {
        let report = try makeReport(request)
        let text: String
        switch format {
        case .text: text = TextTable.render(report)
        case .csv: text = CSVTable.render(report)
        case .json: text = ReportJSON.make(report).json
        case .html: text = HTMLPage.render(report)
        }
        guard let out else { return text }
        try Self.writeFile(text.hasSuffix("\n") ? text : text + "\n", to: out)
        return nil
    }

    func makeReport(_ request: ReportRequest) throws -> Report {
        let month = try request.month.map { text in
            guard let month = Month(text) else {
                throw Failure("MONTH", "“\(text)” is no month.", hint: "Write yyyy-MM.")
            }
            return month
        }
        let knownAt = try request.knownAt.map { text in
            guard let time = Timestamp(text) else {
                throw Failure("KNOWN-AT", "“\(text)” is no time.", hint: "Write it as 2026-11-21T09:30:00Z.")
            }
            return time
        }
        if knownAt != nil, ![.monthEnd, .aging, .unapplied, .statement].contains(request.name) {
            throw Failure(
                "KNOWN-AT", "The report \(request.name.rawValue) shows what is recorded now.",
                hint: "Leave --known-at out, or ask for aging, unapplied, statement or month-end.")
        }
        let day = month.map { request.name == .monthEnd ? $0.lastDay : min($0.lastDay, today) } ?? today
        return try openStore(readOnly: true).read { session in
            try requireCompany(session)
            switch request.name {
            case .monthEnd: return try self.monthEnd(month ?? Month(of: self.today), knownAt, session)
            case .aging:
                let books = try self.position(on: day, knownAt: knownAt, session)
                return AgingReport.make(books, controls: try self.controls(on: day, session))
            case .unapplied: return UnappliedReport.make(try self.position(on: day, knownAt: knownAt, session))
            case .statement:
                return try self.statement(
                    try self.position(on: day, knownAt: knownAt, session), customer: request.customer)
            case .matching: return try self.matching(month ?? Month(of: self.today), session)
            case .promises, .allocations, .adjustments, .deliveries, .exceptions, .clearing:
                var report = Report(
                    name: request.name.rawValue, title: self.title(request.name), company: self.company.id, asOf: day)
                report.tables =
                    request.name == .adjustments
                    ? try self.adjustmentTables(month: month, session)
                    : [try self.table(request.name, month: month, session)]
                if request.name == .clearing {
                    let clearing = try self.clearingBooks(on: day, session)
                    report.tables += clearing.tables
                    report.checks += clearing.checks
                }
                return report
            }
        }
    }

    private func monthEnd(_ month: Month, _ knownAt: Timestamp?, _ session: Session) throws -> Report {
        let books = try position(on: month.lastDay, knownAt: knownAt, session)
        var extras = MonthEndReport.Extras()
        extras.controls = try controls(on: month.lastDay, session)
        if knownAt == nil { extras.statements = try statementChecks(month, session) }
        extras.adjustments = try adjustmentTables(month: month, session)
        extras.exchanges = try realisedExchanges(books, month: month, session)
        let close = try session.monthCloses(company: company.id).last {
            $0.month == month && $0.reopenedAt == nil && $0.closedAt <= knownAt ?? $0.closedAt
        }
        if let pack = close?.pack {
            extras.besideLog = try KeptTables.read(pack)
        } else if knownAt == nil {
            let clearing = try clearingBooks(on: month.lastDay, session)
            extras.besideLog = try tablesBesideLog(month, books, clearing, session)
            extras.clearing = clearing.checks
        }
        extras.frozen = close.map { MonthEndReport.Frozen(digest: $0.digest, holdsAll: $0.pack != nil) }
        return MonthEndReport.make(books, month: month, extras: extras)
    }

    /// What a month's pack shows that is not in the log: it goes on, and is kept when the month is closed.
    func tablesBesideLog(
        _ month: Month, _ books: BooksPosition, _ clearing: ClearingBooks, _ session: Session
    ) throws -> [Table] {
        [
            UnappliedReport.byReason(books), try table(.promises, month: month, session),
            try table(.deliveries, month: month, session), try table(.exceptions, month: nil, session),
            try waitingTable(month, session),
        ] + clearing.tables.filter { !$0.rows.isEmpty }
    }

    /// How the month's money was matched, and why what is left is left.
    private func matching(_ month: Month, _ session: Session) throws -> Report {
        let books = try position(on: month.lastDay, knownAt: nil, session)
        let money = MonthsMoney.make(books, month: month)
        var report = Report(
            name: ReportName.matching.rawValue, title: "Matching \(month.text)", company: company.id,
            asOf: month.lastDay)
        report.tables = [MatchingReport.table(money, month: month), UnappliedReport.byReason(books)]
        report.checks = MatchingReport.checks(money)
        return report
    }

    private func title(_ name: ReportName) -> String {
        switch name {
        case .promises: "Promises to pay"
        case .allocations: "Allocation register"
        case .adjustments: "Adjustments"
        case .deliveries: "What was said and what was held"
        case .exceptions: "Exceptions"
        case .clearing: "Provider clearing"
        case .aging, .statement, .unapplied, .monthEnd, .matching: name.rawValue
        }
    }

    private func table(_ name: ReportName, month: Month?, _ session: Session) throws -> Table {
        switch name {
        case .promises: try promiseTable(session, month: month)
        case .deliveries: try deliveryTable(session, month: month)
        case .exceptions: try exceptionTable(session)
        case .clearing: try clearingTable(on: month.map { min($0.lastDay, today) } ?? today, session)
        default: try allocationTable(month: month, session)
        }
    }

    /// Entries on items as a register.
    private func allocationTable(month: Month?, _ session: Session) throws -> Table {
        var table = Table(ReportName.allocations.rawValue, title(.allocations), columns: Self.entryColumns)
        try eachEntry(month: month, session) { _, row, cells in
            var cells = cells
            cells.insert(cell(row["amount"]), at: 6)
            table.add(cells)
        }
        return table
    }

    static let entryColumns = [
        Table.Column("posting_day", "Posted", .day), Table.Column("kind", "Kind"), Table.Column("number", "Invoice"),
        Table.Column("customer_id", "Customer"), Table.Column("payment_id", "Payment"),
        Table.Column("currency", "Currency"), Table.Column("amount", "Amount", .money), Table.Column("rule", "Rule"),
        Table.Column("actor", "By"), Table.Column("reason", "Reason"),
    ]

    /// The entries of a month, or up to today, in their order, with the cells that do not depend on the report: all but the
    /// amount.
    func eachEntry(
        month: Month?, _ session: Session, _ body: (Entry.Kind?, ListedRow, [Table.Cell]) throws -> Void
    ) throws {
        try session.listAllocations(company: company.id, customer: nil) { row in
            guard case .count(let code) = row["kind_code"], case .day(let day) = row["posting_day"],
                month.map({ $0 == Month(of: day) }) ?? (day <= today)
            else { return }
            let kind = Entry.Kind(rawValue: Int(code))
            try body(
                kind, row,
                [
                    .day(day), kind.map { .named(Self.name($0), $0.words) } ?? .empty, cell(row["number"]),
                    cell(row["customer_id"]), cell(row["payment_id"]), cell(row["currency"]), cell(row["rule"]),
                    cell(row["actor"]), cell(row["reason"]),
                ])
        }
    }

    func cell(_ field: ListedRow.Field) -> Table.Cell {
        switch field {
        case .none: .empty
        case .text(let text): .text(text)
        case .money(let money): .money(money)
        case .day(let day): .day(day)
        case .time(let time): .text(time.text)
        case .count(let count): .count(Int(count))
        case .flag(let flag): .text(flag ? "yes" : "no")
        case .taxes(let shares): .text(AdjustmentTaxes.text(shares))
        }
    }

    /// One customer's open items and unapplied cash, as a statement of account.
    private func statement(_ books: BooksPosition, customer: String?) throws -> Report {
        guard let customer else {
            throw Failure("STATEMENT-CUSTOMER", "A statement is for one customer.", hint: "Add --customer ID.")
        }
        var report = Report(
            name: "statement", title: "Statement of account: \(books.name(customer))", company: company.id,
            asOf: books.day)
        var table = Table(
            "statement", "Open items",
            columns: [
                Table.Column("number", "Number"), Table.Column("kind", "Kind"),
                Table.Column("issued_on", "Issued", .day), Table.Column("due_on", "Due", .day),
                Table.Column("days_overdue", "Overdue", .count), Table.Column("currency", "Currency"),
                Table.Column("amount", "Amount", .money), Table.Column("open", "Open", .money),
            ])
        for item in books.items where item.customerID == customer && item.balance.open != 0 {
            table.add([
                .text(item.number), .text(item.kind.rawValue), .day(item.issuedOn), .day(item.dueOn),
                .count(item.isCredit ? 0 : item.daysOverdue(on: books.day)), .text(item.currency.code),
                .money(Money(minorUnits: item.balance.amount, currency: item.currency)), .money(item.open),
            ])
        }
        for payment in books.cash where payment.customerID == customer {
            let credit = Money(minorUnits: 0 - payment.unapplied, currency: payment.currency)
            table.add([
                .text(payment.id), .text("unapplied cash"), .day(payment.bookedOn), .empty, .empty,
                .text(payment.currency.code), .money(credit), .money(credit),
            ])
        }
        for currency in books.currencies {
            guard let aging = books.aging(currency).first(where: { $0.customer == customer })?.aging else { continue }
            table.add(
                [
                    .text("Total"), .empty, .empty, .empty, .empty, .text(currency.code), .empty,
                    .money(Money(minorUnits: aging.total, currency: currency)),
                ], isTotal: true)
        }
        report.tables = [table]
        return report
    }
}
