// SPDX-License-Identifier: Apache-2.0
package import Documents
import Ledger

/// The month-end pack: the roll-forward tied to aging and control total, and what a controller asks next.
package enum MonthEndReport {
    /// What the pack shows besides the books, each as the pipeline read it for the month.
    package struct Extras: Sendable {
        package var controls: [ControlTotal] = []
        /// Bank statements of the month that do not lead from one balance to the other.
        package var statements: [Report.Check] = []
        /// The providers' clearing accounts against the payouts that have not come.
        package var clearing: [Report.Check] = []
        package var adjustments: [Table] = []
        package var exchanges: [RealisedExchange] = []
        /// Promises, deliveries, exceptions and what waits for a person.
        package var besideLog: [Table] = []
        package var frozen: Frozen?

        package init() {}
    }

    /// What freezing sealed.
    package struct Frozen: Sendable {
        let digest: String
        /// Also what lies beside the log is as it was then.
        let holdsAll: Bool

        package init(digest: String, holdsAll: Bool) {
            self.digest = digest
            self.holdsAll = holdsAll
        }
    }

    package static func make(_ books: BooksPosition, month: Month, extras: Extras) -> Report {
        var report = Report(
            name: "month-end", title: "Month end \(month.text)", company: books.company, asOf: month.lastDay)
        let currencies = books.currencies
        var forwards: [(Currency, RollForward)] = []
        for currency in currencies {
            forwards.append(
                (currency, RollForward.compute(books.entries.filter { $0.currency == currency }, month: month)))
        }
        report.tables.append(rollForward(forwards))
        report.tables.append(agingSummary(books, currencies))
        let money = MonthsMoney.make(books, month: month)
        report.tables.append(MatchingReport.table(money, month: month))
        report.tables.append(UnappliedReport.byAge(books))
        report.tables.append(sourceAdjustments(books, month: month))
        report.tables.append(ratios(books, forwards, month: month))
        if !extras.exchanges.isEmpty { report.tables.append(RealisedExchange.table(extras.exchanges)) }
        report.tables += extras.adjustments + extras.besideLog
        for (currency, forward) in forwards {
            report.checks.append(tie(currency, forward, books))
        }
        report.checks += MatchingReport.checks(money)
        report.checks += ControlTotal.checks(extras.controls, books) + extras.statements + extras.clearing
        if let frozen = extras.frozen {
            let rest =
                frozen.holdsAll
                ? ""
                : " Promises, deliveries, exceptions and what waits are as of today: this month was closed before they were kept."
            report.checks.append(
                Report.Check("frozen", holds: true, "The month is closed; its digest is \(frozen.digest).\(rest)"))
        }
        return report
    }

    private static func tie(_ currency: Currency, _ forward: RollForward, _ books: BooksPosition) -> Report.Check {
        let aged = books.agingTotal(currency).total
        let holds = forward.difference == 0 && aged == forward.closing
        let closing = Money(minorUnits: forward.closing, currency: currency)
        let agedMoney = Money(minorUnits: aged, currency: currency)
        let gap = Money(minorUnits: forward.difference, currency: currency)
        return Report.Check(
            "roll-forward \(currency.code)", holds: holds,
            holds
                ? "Opening and movements give \(closing); aged items, credits and unapplied cash give the same."
                : "Closing is \(closing), the aged balance is \(agedMoney), the lines differ by \(gap).")
    }

    private static func rollForward(_ forwards: [(Currency, RollForward)]) -> Table {
        var table = Table(
            "roll_forward", "Roll-forward",
            columns: [
                Table.Column("currency", "Currency"), Table.Column("line", "Line"),
                Table.Column("amount", "Amount", .money),
            ],
            note: "Closing = the lines above it, added up as they are signed. Lines of zero are left out.")
        for (currency, forward) in forwards {
            func add(_ name: String, _ words: String, _ amount: Int64, total: Bool = false) {
                table.add(
                    [.text(currency.code), .named(name, words), .money(Money(minorUnits: amount, currency: currency))],
                    isTotal: total, isSilent: !total && amount == 0)
            }
            add("opening", "Opening", forward.opening, total: true)
            for line in RollForward.Line.allCases { add(line.rawValue, line.words, forward[line]) }
            add("closing", "Closing", forward.closing, total: true)
            if forward.priorPeriod != 0 {
                add("of which prior period", "of which prior period", forward.priorPeriod)
            }
        }
        return table
    }

    private static func agingSummary(_ books: BooksPosition, _ currencies: [Currency]) -> Table {
        var table = Table("aging", "Aged balance", columns: Array(AgingReport.columns.dropFirst(2)))
        for currency in currencies {
            let aging = books.agingTotal(currency)
            let amounts = aging.buckets + [aging.openCredits, aging.unappliedCash, aging.total]
            table.add(
                [.text(currency.code)]
                    + amounts.map { .money(Money(minorUnits: $0, currency: currency)) })
        }
        return table
    }

    /// Every source adjustment and prior-period entry, listed: nothing hides in a sum.
    private static func sourceAdjustments(_ books: BooksPosition, month: Month) -> Table {
        var table = Table(
            "listed_entries", "Listed entries: opening, source and prior period",
            columns: [
                Table.Column("posting_day", "Posted", .day), Table.Column("business_day", "Belongs to", .day),
                Table.Column("kind", "Kind"), Table.Column("item", "Item"), Table.Column("currency", "Currency"),
                Table.Column("amount", "Amount", .money), Table.Column("moved", "Moved within", .money),
            ],
            note: "Amount changes the closing balance; what an allocation moves between items and cash does not.")
        var numbers: [String: String] = [:]
        var posted: [String: Day] = [:]
        for item in books.items { (numbers[item.id], posted[item.id]) = (item.number, item.postingDay) }
        for entry in books.entries where Month(of: entry.postingDay) == month && entry.movesMoney {
            let effect = Chart.controlEffect(of: entry)
            let isListed: Bool =
                switch entry.kind {
                case .opening, .sourceClearing, .closedBySource, .amended, .replaced: effect != 0
                default: effect == 0 ? isLateAllocation(entry, posted) : entry.isPriorPeriod
                }
            guard isListed else { continue }
            table.add([
                .day(entry.postingDay), .day(entry.businessDay),
                .named(
                    entry.isPriorPeriod ? "prior period: \(entry.kind)" : "\(entry.kind)",
                    entry.isPriorPeriod ? "prior period: \(entry.kind.words)" : entry.kind.words),
                entry.item.map { .named($0, numbers[$0] ?? $0) } ?? .text(entry.payment ?? ""),
                .text(entry.currency.code),
                .money(Money(minorUnits: effect, currency: entry.currency)),
                effect == 0 ? .money(entry.money) : .empty,
            ])
        }
        return table
    }

    /// An allocation, or its undoing, that belongs to a month that was closed: cash and items were there before.
    private static func isLateAllocation(_ entry: Entry, _ posted: [String: Day]) -> Bool {
        var day = entry.businessDay
        for item in [entry.item, entry.counter].compactMap({ $0 }) { day = max(day, posted[item] ?? day) }
        return Month(of: day) < Month(of: entry.postingDay)
    }

    /// Days sales outstanding and collection effectiveness, with the inputs shown.
    private static func ratios(
        _ books: BooksPosition, _ forwards: [(Currency, RollForward)], month: Month
    ) -> Table {
        var table = Table(
            "ratios", "Days sales outstanding and collection effectiveness",
            columns: [
                Table.Column("currency", "Currency"), Table.Column("measure", "Measure"),
                Table.Column("value", "Value", .percent), Table.Column("formula", "Formula"),
            ])
        let days = Int64(month.lastDay - month.firstDay + 1)
        for (currency, forward) in forwards {
            func text(_ amount: Int64) -> String { Money(minorUnits: amount, currency: currency).amountText }
            let sales = forward[.invoiced] + forward[.creditNotes]
            table.add([
                .text(currency.code), .text("DSO (days)"),
                tenths(forward.closing, times: days, over: sales),
                .text("closing \(text(forward.closing)) ÷ net invoiced \(text(sales)) × \(days) days"),
            ])
            let current = books.agingTotal(currency)[.notDue]
            let base = forward.opening + sales
            table.add([
                .text(currency.code), .text("Collection effectiveness (%)"),
                tenths(base - forward.closing, times: 100, over: base - current),
                .text(
                    "(opening \(text(forward.opening)) + net invoiced \(text(sales)) − closing "
                        + "\(text(forward.closing))) ÷ (opening + net invoiced − not due \(text(current))) × 100"),
            ])
        }
        return table
    }

    /// Half-up to tenths; empty where the denominator is not positive.
    private static func tenths(_ numerator: Int64, times factor: Int64, over denominator: Int64) -> Table.Cell {
        guard denominator > 0 else { return .text("n/a") }
        let scaled = Int128(numerator) * Int128(factor) * 20 / Int128(denominator)
        return .tenths(Int64(clamping: scaled >= 0 ? (scaled + 1) / 2 : (scaled - 1) / 2))
    }
}

/// Cash that is not applied, by age and reason.
package enum UnappliedReport {
    package static func make(_ books: BooksPosition) -> Report {
        var report = Report(
            name: "unapplied", title: "Unapplied cash", company: books.company, asOf: books.day)
        var table = Table(
            "unapplied", "Unapplied cash by payment",
            columns: [
                Table.Column("payment_id", "Payment"), Table.Column("customer_id", "Customer"),
                Table.Column("payer", "Payer"), Table.Column("booked_on", "Booked", .day),
                Table.Column("days", "Days", .count), Table.Column("currency", "Currency"),
                Table.Column("unapplied", "Unapplied", .money), Table.Column("reason", "Why"),
            ])
        for payment in books.cash where payment.unapplied != 0 {
            table.add([
                .text(payment.id), .text(payment.customerID ?? ""), .text(payment.payer ?? ""),
                .day(payment.bookedOn), .count(books.day - payment.bookedOn), .text(payment.currency.code),
                .money(Money(minorUnits: payment.unapplied, currency: payment.currency)), .text(payment.reason),
            ])
        }
        report.tables = [byAge(books), byReason(books), table]
        return report
    }

    package static func byAge(_ books: BooksPosition) -> Table {
        let edges = [(0, 7, "0–7 days"), (8, 30, "8–30 days"), (31, 90, "31–90 days"), (91, Int.max, "over 90 days")]
        var table = Table(
            "unapplied_by_age", "Unapplied cash by age",
            columns: [
                Table.Column("currency", "Currency"), Table.Column("age", "Age"),
                Table.Column("payments", "Payments", .count), Table.Column("amount", "Amount", .money),
            ])
        for currency in books.currencies {
            for (low, high, title) in edges {
                let rows = books.cash.filter {
                    $0.currency == currency && $0.unapplied != 0
                        && (low...high).contains(max(0, books.day - $0.bookedOn))
                }
                guard !rows.isEmpty else { continue }
                table.add([
                    .text(currency.code), .text(title), .count(rows.count),
                    .money(Money(minorUnits: rows.reduce(0) { $0 + $1.unapplied }, currency: currency)),
                ])
            }
        }
        return table
    }
}
