// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reports
import Testing

@Suite("Reports tie to the books")
struct ReportTests {
    static func day(_ text: String) -> Day { Day(text) ?? Day(number: 0) }

    static func item(_ id: String, due: String, amount: Int64, kind: Invoice.Kind = .invoice) -> OpenItem {
        var balance = ItemBalance()
        balance.amount = amount
        return OpenItem(
            company: "c", id: id, invoiceID: id, number: id, kind: kind, instalment: 1, customerID: "K",
            currency: .eur, issuedOn: day("2026-01-01"), dueOn: day(due), postingDay: day("2026-01-01"),
            balance: balance)
    }

    static func invoiced(_ item: OpenItem) -> Entry {
        Entry(
            .invoiced, company: "c", amount: Money(minorUnits: item.balance.amount, currency: .eur), item: item.id,
            postingDay: item.postingDay, recordedAt: Timestamp(milliseconds: 0), actor: "t", rule: "T")
    }

    static func books(_ items: [OpenItem], unapplied: Int64 = 0) -> BooksPosition {
        var entries = items.map(invoiced)
        var cash: [BooksPosition.Cash] = []
        if unapplied != 0 {
            entries.append(
                Entry(
                    .received, company: "c", amount: Money(minorUnits: unapplied, currency: .eur), payment: "P",
                    postingDay: day("2026-01-20"), recordedAt: Timestamp(milliseconds: 0), actor: "t", rule: "T"))
            cash.append(
                BooksPosition.Cash(
                    id: "P", customerID: nil, currency: .eur, bookedOn: day("2026-01-20"), unapplied: unapplied,
                    payer: "Nobody", reason: "no evidence"))
        }
        return BooksPosition(
            company: "c", day: day("2026-01-31"), items: items, cash: cash, customerNames: ["K": "Klant"],
            entries: entries)
    }

    @Test(
        "An open amount falls into the bucket of its days overdue",
        arguments: [
            ("2026-01-31", Aging.Bucket.notDue), ("2026-02-15", .notDue), ("2026-01-30", .days1to30),
            ("2026-01-01", .days1to30), ("2025-12-31", .days31to60), ("2025-12-02", .days31to60),
            ("2025-12-01", .days61to90), ("2025-11-01", .days91to120), ("2025-10-02", .over120),
        ])
    func bucket(_ due: String, _ bucket: Aging.Bucket) {
        let aging = Self.books([Self.item("A", due: due, amount: 5_000)]).agingTotal(.eur)
        #expect(aging[bucket] == 5_000)
        #expect(aging.total == 5_000)
    }

    @Test("Credits and unapplied cash are lines of their own and lower the total")
    func ownLines() {
        let books = Self.books(
            [
                Self.item("A", due: "2026-01-10", amount: 10_000),
                Self.item("C", due: "2026-01-10", amount: -2_500, kind: .creditNote),
            ],
            unapplied: 1_000)
        let aging = books.agingTotal(.eur)
        #expect(aging.itemsTotal == 10_000)
        #expect(aging.openCredits == -2_500)
        #expect(aging.unappliedCash == -1_000)
        let rows = AgingReport.make(books).tables.first?.rows ?? []
        #expect(rows.map { $0.cells[0].plain } == [BooksPosition.unknownCustomer, "K", ""])
        #expect(rows.last?.cells.last?.plain == "65.00")
    }

    @Test("A control total that differs by a cent does not hold, and says by how much")
    func control() {
        let books = Self.books([Self.item("A", due: "2026-01-10", amount: 10_000)])
        func check(_ amount: Int64) -> Report.Check {
            ControlTotal(
                account: nil, customerID: nil, asOf: books.day, amount: Money(minorUnits: amount, currency: .eur)
            ).check(books)
        }
        #expect(check(10_000).holds)
        #expect(!check(9_999).holds)
        #expect(check(9_999).sentence.contains("0.01 EUR apart"))
    }

    @Test("The month-end pack ties the roll-forward to the aged balance, and notices when it does not")
    func tie() {
        let items = [Self.item("A", due: "2026-01-10", amount: 10_000)]
        let month = Month(of: Self.day("2026-01-31"))
        let good = MonthEndReport.make(Self.books(items), month: month, extras: MonthEndReport.Extras())
        #expect(!good.checks.contains { !$0.holds })
        var broken = Self.books(items)
        broken.items[0].balance.amount = 9_999
        let bad = MonthEndReport.make(broken, month: month, extras: MonthEndReport.Extras())
        #expect(bad.checks.contains { !$0.holds })
    }

    @Test("A line of zero stays in the data and is not read out; names stay names, people read words")
    func silence() throws {
        let month = Month(of: Self.day("2026-01-31"))
        let report = MonthEndReport.make(
            Self.books([Self.item("A", due: "2026-01-10", amount: 10_000)]), month: month, extras: .init())
        let table = try #require(report.tables.first { $0.name == "roll_forward" })
        #expect(table.rows.map { $0.cells[1].plain }.contains("closed_by_source"))
        #expect(
            table.spokenRows.map { row in
                if case .named(_, let words) = row.cells[1] { words } else { "" }
            } == ["Opening", "Invoiced", "Closing"])
    }

    @Test(
        "What was settled is worth its share of the invoice in home currency, to the nearest cent",
        arguments: [
            (530_000, 100_000, 100_000, 530_000), (530_001, 50_000, 100_000, 265_001), (100, 1, 3, 33),
            (100, 2, 3, 67), (0, 1, 3, 0),
        ])
    func share(_ base: Int64, _ settled: Int64, _ total: Int64, _ expected: Int64) {
        let share = RealisedExchange.share(
            of: Money(minorUnits: base, currency: .brl), settled: Money(minorUnits: settled, currency: .usd),
            total: Money(minorUnits: total, currency: .usd))
        #expect(share?.minorUnits == expected)
    }

    @Test("A realised difference needs the invoice's worth in the currency that was received")
    func realised() {
        func row(_ atInvoice: Money?) -> RealisedExchange {
            RealisedExchange(
                number: "1", customerID: "K", settled: Money(minorUnits: 100, currency: .usd), rate: nil,
                atInvoice: atInvoice, bookedOn: Self.day("2026-01-10"), received: Money(minorUnits: 543, currency: .brl)
            )
        }
        #expect(row(Money(minorUnits: 530, currency: .brl)).realised?.minorUnits == 13)
        #expect(row(nil).realised == nil && row(Money(minorUnits: 530, currency: .eur)).realised == nil)
    }
}
