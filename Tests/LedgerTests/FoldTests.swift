// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Testing

@Suite("The log as a fold")
struct FoldTests {
    static func day(_ text: String) -> Day { Day(text) ?? Day(number: 0) }

    static func entry(
        _ kind: Entry.Kind, _ amount: Int64, on day: String, item: String? = nil, payment: String? = nil,
        counter: String? = nil, business: String? = nil
    ) -> Entry {
        Entry(
            kind, company: "c", amount: Money(minorUnits: amount, currency: .eur), item: item, payment: payment,
            counter: counter, postingDay: Self.day(day), businessDay: business.map { Self.day($0) },
            recordedAt: Timestamp(milliseconds: 0), actor: "test", rule: "TEST")
    }

    @Test("Every kind of entry balances", arguments: Entry.Kind.allCases)
    func balances(_ kind: Entry.Kind) {
        let postings = Chart.postings(of: Self.entry(kind, 12345, on: "2026-07-01"))
        #expect(postings.reduce(0) { $0 + $1.amount } == 0)
        #expect(postings.isEmpty == !Self.entry(kind, 1, on: "2026-07-01").movesMoney)
    }

    /// Invoice 1,000; 600 paid; 100 credited; 20 discount; the payment comes back.
    static let story = [
        entry(.invoiced, 100_000, on: "2026-07-01", item: "A"),
        entry(.invoiced, -10_000, on: "2026-07-05", item: "C"),
        entry(.received, 60_000, on: "2026-07-10", payment: "P"),
        entry(.applied, 60_000, on: "2026-07-10", item: "A", payment: "P"),
        entry(.discount, 2_000, on: "2026-07-10", item: "A"),
        entry(.netted, 10_000, on: "2026-07-12", item: "A", counter: "C"),
        entry(.paidOut, -60_000, on: "2026-08-02", payment: "R"),
        entry(.returned, -60_000, on: "2026-08-02", payment: "R"),
        entry(.applied, -60_000, on: "2026-08-02", item: "A", payment: "R"),
    ]

    @Test("An item's balance keeps each term apart, and a return reopens what it takes back")
    func itemBalance() {
        let books = Books(Self.story)
        let item = books.items["A"]
        #expect(item?.cash == 0)
        #expect(item?.credit == 10_000)
        #expect(item?.discount == 2_000)
        #expect(item?.open == 88_000)
        #expect(books.items["C"]?.open == 0)
        #expect(books.cash["P"]?.unapplied == 0)
        #expect(books.cash["R"]?.unapplied == 0)
    }

    @Test("Accounts of a currency sum to zero")
    func accountsBalance() {
        let books = Books(Self.story)
        #expect(books.accounts[.eur]?.values.reduce(0, +) == 0)  // order-free: a sum
    }

    @Test("Both identities hold and notice a cent")
    func identities() {
        let books = Books(Self.story)
        var cash = books.cashIdentity[.eur] ?? CashIdentity()
        cash.unapplied = books.paymentIDs.reduce(0) { $0 + (books.cash[$1]?.unapplied ?? 0) }
        #expect(cash.difference == 0)
        #expect(cash.received == 60_000 && cash.returned == 60_000 && cash.applied == 0)
        cash.unapplied += 1
        #expect(cash.difference == -1)

        var items = books.itemsIdentity[.eur] ?? ItemsIdentity()
        if let balance = books.items["A"] { items.add(balance, open: balance.open) }
        #expect(items.difference == 0)
        #expect(items.settled == 12_000)
    }

    @Test("The roll-forward closes on what items and cash hold, month after month")
    func rollForward() {
        let july = RollForward.compute(Self.story, month: Month(of: Self.day("2026-07-15")))
        #expect(july.opening == 0)
        #expect(july[.invoiced] == 100_000)
        #expect(july[.creditNotes] == -10_000)
        #expect(july[.cash] == -60_000)
        #expect(july[.discount] == -2_000)
        #expect(july.closing == 28_000)
        #expect(july.difference == 0)
        let august = RollForward.compute(Self.story, month: Month(of: Self.day("2026-08-15")))
        #expect(august.opening == july.closing)
        #expect(august[.returned] == 60_000)
        #expect(august.closing == 88_000)
        #expect(august.difference == 0)
    }

    @Test("Cash that settled an item in another currency leaves both currencies tied")
    func converted() {
        var gbp = Self.entry(.exchange, 200_000, on: "2026-08-11", item: "G")
        gbp.currency = Currency("GBP") ?? .usd
        let books = Books([
            Self.entry(.received, 233_400, on: "2026-08-11", payment: "P"),
            Self.entry(.converted, 233_400, on: "2026-08-11", payment: "P", counter: "G"), gbp,
        ])
        #expect(books.cash["P"]?.unapplied == 0)
        #expect(books.cashIdentity[.eur]?.applied == 233_400)
        #expect(books.items["G"]?.exchange == 200_000)
    }

    @Test("A fact of a closed month posts on the first open day, as prior period")
    func closedMonth() {
        let period = Period(closedThrough: Month("2026-07"))
        #expect(period.postingDay(for: Self.day("2026-07-30")) == Self.day("2026-08-01"))
        #expect(period.postingDay(for: Self.day("2026-08-09")) == Self.day("2026-08-09"))
        #expect(
            period.allocationDay(cash: Self.day("2026-07-01"), item: Self.day("2026-07-20")) == Self.day("2026-08-01"))
        #expect(!period.canClose(Month(of: Self.day("2026-09-01"))))
        let late = Self.entry(.invoiced, 1, on: "2026-08-01", item: "A", business: "2026-07-30")
        #expect(late.isPriorPeriod)
    }
}

@Suite("What a source states as open")
struct SourceClearingTests {
    struct Fact: Sendable {
        /// Cash applied to the item, with its booking day.
        var cash: [(day: String, amount: Int64)]
        var stated: Int64
        var asOf: String
        var clearing: Int64
    }

    static let facts = [
        // The source booked 400 of 1,000 and we have no cash: it is cleared against the source.
        Fact(cash: [], stated: 60_000, asOf: "2026-07-31", clearing: 40_000),
        // The bank entry that proves it takes its place.
        Fact(cash: [("2026-07-20", 40_000)], stated: 60_000, asOf: "2026-07-31", clearing: 0),
        // Cash booked after the statement cannot be inside it.
        Fact(cash: [("2026-08-03", 60_000)], stated: 60_000, asOf: "2026-07-31", clearing: 40_000),
        // The source lags behind the bank: pending there, nothing to clear.
        Fact(cash: [("2026-07-20", 40_000)], stated: 100_000, asOf: "2026-07-31", clearing: 0),
        Fact(cash: [("2026-07-20", 30_000)], stated: 0, asOf: "2026-07-31", clearing: 70_000),
    ]

    @Test("Clearing is what it says beyond the cash that may be inside it, whatever came first", arguments: facts)
    func target(_ fact: Fact) {
        let entries =
            [FoldTests.entry(.invoiced, 100_000, on: "2026-07-01", item: "A")]
            + fact.cash.map { FoldTests.entry(.applied, $0.amount, on: $0.day, item: "A", payment: "P") }
        for order in [entries, Array(entries.reversed())] {
            let target = SourceClearing.target(
                item: "A", amount: 100_000, entries: order, stated: fact.stated, asOf: FoldTests.day(fact.asOf))
            #expect(target == fact.clearing)
        }
    }

    @Test("What we hold and the source has not booked is pending there")
    func pending() {
        var balance = ItemBalance()
        balance.amount = 100_000
        balance.cash = 40_000
        balance.stated = 100_000
        #expect(SourceClearing.pending(balance) == 40_000)
        balance.stated = 60_000
        #expect(SourceClearing.pending(balance) == 0)
    }
}

@Suite("Coverage of a receiving account")
struct CoverageTests {
    static func frame(_ from: String, _ to: String, _ opening: Int64?, _ closing: Int64?, _ number: Int? = nil)
        -> Coverage.Frame
    {
        Coverage.Frame(
            from: FoldTests.day(from), to: FoldTests.day(to), sequence: number, opening: opening, closing: closing)
    }

    let target = BankingCalendar(.target)

    @Test("Balances that meet make a chain; the missing day between them is named")
    func gap() {
        let week = [
            Self.frame("2026-08-10", "2026-08-12", 100, 250), Self.frame("2026-08-14", "2026-08-14", 300, 310),
        ]
        let broken = Coverage.chain(account: "A", frames: week, calendar: target)
        #expect(broken.through == FoldTests.day("2026-08-12"))
        #expect(broken.gaps == [Coverage.Gap(from: FoldTests.day("2026-08-13"), to: FoldTests.day("2026-08-13"))])
        let whole = Coverage.chain(
            account: "A", frames: week + [Self.frame("2026-08-13", "2026-08-13", 250, 300)], calendar: target)
        #expect(whole.through == FoldTests.day("2026-08-14"))
        #expect(whole.gaps.isEmpty)
    }

    @Test("A weekend between two statements is no gap, and the order of import does not matter")
    func weekend() {
        let frames = [
            Self.frame("2026-08-17", "2026-08-17", nil, nil), Self.frame("2026-08-14", "2026-08-14", nil, nil),
        ]
        let coverage = Coverage.chain(account: "A", frames: frames, calendar: target)
        #expect(coverage.through == FoldTests.day("2026-08-17"))
        #expect(!coverage.isProven)
    }

    @Test("An account nobody ever saw is covered through no day")
    func nothing() {
        #expect(Coverage.chain(account: "A", frames: [], calendar: target).through == nil)
    }
}

@Suite("What one balance may be")
struct BalanceBoundsTests {
    private static func balance(_ entries: [(Entry.Kind, Int64)]) -> ItemBalance {
        var balance = ItemBalance()
        for (kind, amount) in entries {
            balance.apply(FoldTests.entry(kind, amount, on: "2026-07-01", item: "A"), item: "A")
        }
        return balance
    }

    @Test(
        "Open is never more than the amount, settled never more, recovered never more than was written off",
        arguments: [
            [(.invoiced, 18_000), (.discount, -10_000)], [(.invoiced, 18_000), (.applied, -1)],
            [(.invoiced, 18_000), (.applied, 18_001)], [(.invoiced, -6_000), (.writeOff, 1)],
            [(.invoiced, 4_000), (.applied, 4_000), (.recovered, -4_000)],
        ] as [[(Entry.Kind, Int64)]])
    func violated(_ entries: [(Entry.Kind, Int64)]) {
        #expect(Self.balance(entries).violation != nil)
    }

    @Test("A credit note is netted for no more than it is worth, whatever cash came back on it")
    func nettedTwice() {
        var balance = ItemBalance()
        (balance.amount, balance.credit, balance.cash) = (-2_888, -5_776, 2_888)
        #expect(balance.violation != nil)
        (balance.credit, balance.cash) = (-2_888, 0)
        #expect(balance.violation == nil)
    }

    @Test(
        "What was settled may come back, and a cent of rounding may go against cash",
        arguments: [
            [(.invoiced, 18_000), (.applied, 18_000), (.applied, -18_000)],
            [(.invoiced, 18_000), (.rounding, -1), (.applied, 18_001)],
            [(.invoiced, 4_000), (.writeOff, 4_000), (.recovered, -4_000), (.applied, 4_000)],
            [(.invoiced, -6_000), (.writeOff, -6_000)], [(.invoiced, 18_000), (.amended, -18_000)],
        ] as [[(Entry.Kind, Int64)]])
    func holds(_ entries: [(Entry.Kind, Int64)]) {
        #expect(Self.balance(entries).violation == nil)
    }
}
