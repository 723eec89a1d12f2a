// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// What is owed by whom, by days overdue, credits and unapplied cash as lines of their own.
package enum AgingReport {
    package static func make(_ books: BooksPosition, controls: [ControlTotal] = []) -> Report {
        var report = Report(
            name: "aging", title: "Aged receivables", company: books.company, asOf: books.day)
        var table = Table("aging", "Aged receivables by customer", columns: columns)
        for currency in books.currencies {
            for (customer, aging) in books.aging(currency) {
                table.rows.append(row(customer, books.name(customer), currency, aging, isTotal: false))
            }
            table.rows.append(row("", "Total", currency, books.agingTotal(currency), isTotal: true))
        }
        report.tables.append(table)
        report.checks += ControlTotal.checks(controls, books)
        return report
    }

    package static let columns: [Table.Column] =
        [
            Table.Column("customer_id", "Customer"), Table.Column("customer_name", "Name"),
            Table.Column("currency", "Currency"),
        ]
        + Aging.Bucket.allCases.map { Table.Column($0.key, title($0), .money) } + [
            Table.Column("open_credits", "Open credits", .money),
            Table.Column("unapplied_cash", "Unapplied cash", .money),
            Table.Column("total", "Total", .money),
        ]

    private static func row(
        _ customer: String, _ name: String, _ currency: Currency, _ aging: Aging, isTotal: Bool
    ) -> Table.Row {
        func money(_ amount: Int64) -> Table.Cell { .money(Money(minorUnits: amount, currency: currency)) }
        return Table.Row(
            [.text(customer), .text(name), .text(currency.code)] + aging.buckets.map(money)
                + [money(aging.openCredits), money(aging.unappliedCash), money(aging.total)],
            isTotal: isTotal)
    }

    private static func title(_ bucket: Aging.Bucket) -> String {
        switch bucket {
        case .notDue: "Not due"
        case .days1to30: "1–30"
        case .days31to60: "31–60"
        case .days61to90: "61–90"
        case .days91to120: "91–120"
        case .over120: "Over 120"
        }
    }
}
