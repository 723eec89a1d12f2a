// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reconciliation
import Testing

@Suite("A decision becomes entries")
struct BookingTests {
    static let facts = [
        "A": Booking.ItemFacts(customerID: "K", postingDay: Day(number: 100), currency: .eur),
        "B": Booking.ItemFacts(customerID: "K", postingDay: Day(number: 120), currency: .eur),
        "C": Booking.ItemFacts(customerID: "K", postingDay: Day(number: 105), currency: .eur),
    ]

    static let booking = Booking(
        company: "c", period: Period(), decision: "d", recordedAt: Timestamp(milliseconds: 0), actor: "reconcile")

    static func cash(_ amount: Int64, booked: Bool = true) -> Booking.Cash {
        Booking.Cash(
            id: "P", amount: Money(minorUnits: amount, currency: .eur), postingDay: Day(number: 110), isBooked: booked)
    }

    static func decide(_ lines: [Line], _ kind: Decision.Kind = .payment) -> Decision {
        var decision = Decision(paymentID: "P", verdict: .auto, kind: kind, rule: .numberExact, sentence: "")
        decision.lines = lines
        return decision
    }

    static func short(_ entries: [Entry]) -> [String] {
        entries.map { "\($0.kind) \($0.amount) \($0.item ?? "-") \($0.payment ?? "-") \($0.counter ?? "-")" }
    }

    @Test("Cash and discount are two entries; an allocation takes the later of the two days")
    func discount() {
        let entries = Self.booking.entries(
            Self.decide([
                Line(itemID: "A", reason: .cash, cash: 9_800),
                Line(itemID: "A", reason: .discount, cash: 0, adjustment: 200),
                Line(itemID: "B", reason: .cash, cash: 5_000),
            ]), cash: Self.cash(14_800), item: { Self.facts[$0] })
        #expect(
            Self.short(entries) == ["applied 9800 A P -", "discount 200 A P -", "applied 5000 B P -"])
        #expect(entries.map(\.postingDay.number) == [110, 110, 120])
        #expect(entries.allSatisfy { $0.decision == "d" && $0.businessDay.number == 110 })
    }

    @Test("Late charges are an entry of their own, which leaves the item alone, and go back with a return")
    func lateCharges() {
        let lines = [
            Line(itemID: "A", reason: .cash, cash: 10_000),
            Line(itemID: "A", reason: .lateCharges, cash: 330, adjustment: -330),
        ]
        let entries = Self.booking.entries(Self.decide(lines), cash: Self.cash(10_330), item: { Self.facts[$0] })
        #expect(Self.short(entries) == ["applied 10000 A P -", "charged 330 A P -"])
        #expect(entries[1].reason == "late_charges")
        var item = ItemBalance()
        item.amount = 10_000
        var cash = CashBalance()
        cash.booked = 10_330
        for entry in entries {
            item.apply(entry, item: "A")
            cash.apply(entry, payment: "P")
        }
        #expect(item.open == 0 && item.cash == 10_000 && cash.unapplied == 0 && cash.applied == 10_000)
        var back = Self.decide(
            [
                Line(itemID: "A", reason: .reversal, cash: -10_000),
                Line(itemID: "A", reason: .lateCharges, cash: -330, adjustment: 330),
            ], .return)
        back.counterpartID = "O"
        let returned = Self.booking.entries(back, cash: Self.cash(-10_330, booked: false), item: { Self.facts[$0] })
        #expect(
            Self.short(returned) == ["returned -10330 - P -", "applied -10000 A P -", "charged -330 A P -"])
    }

    @Test("A credit note among the lines is netted; only the cash that came is applied")
    func credit() {
        let entries = Self.booking.entries(
            Self.decide([
                Line(itemID: "A", reason: .cash, cash: 10_000), Line(itemID: "C", reason: .credit, cash: -3_000),
            ]), cash: Self.cash(7_000), item: { Self.facts[$0] })
        #expect(Self.short(entries) == ["netted 3000 A - C", "applied 7000 A P -"])
    }

    @Test("A return takes what was netted back as netting, between the same two, and only the cash as cash")
    func returnedCredit() {
        let lines = [
            Line(itemID: "B", reason: .cash, cash: 5_000), Line(itemID: "A", reason: .cash, cash: 10_000),
            Line(itemID: "C", reason: .credit, cash: -6_000),
        ]
        let booked = Self.booking.entries(Self.decide(lines), cash: Self.cash(9_000), item: { Self.facts[$0] })
        #expect(Self.short(booked) == ["netted 5000 B - C", "netted 1000 A - C", "applied 9000 A P -"])
        let back = Self.decide(
            [
                Line(itemID: "B", reason: .reversal, cash: -5_000), Line(itemID: "A", reason: .reversal, cash: -10_000),
                Line(itemID: "C", reason: .credit, cash: 6_000),
            ], .return)
        let entries = Self.booking.entries(back, cash: Self.cash(-9_000, booked: false), item: { Self.facts[$0] })
        #expect(
            Self.short(entries) == [
                "returned -9000 - P -", "netted -5000 B - C", "netted -1000 A - C", "applied -9000 A P -",
            ])
        // A refund inside a payout is no credit note.
        let payout = Self.decide(
            [
                Line(itemID: "A", reason: .reversal, cash: -10_000), Line(itemID: "B", reason: .reversal, cash: 4_000),
            ], .return)
        #expect(
            Self.short(Self.booking.entries(payout, cash: Self.cash(-6_000), item: { Self.facts[$0] })) == [
                "applied -10000 A P -", "applied 4000 B P -",
            ])
    }

    @Test("What a person gives away carries the reason of that person; the machine's entries say what they are")
    func given() {
        let lines = [
            Line(itemID: "A", reason: .cash, cash: 9_500),
            Line(itemID: "A", reason: .discount, cash: 0, adjustment: 200),
            Line(itemID: "A", reason: .fee, cash: 0, adjustment: 150),
            Line(itemID: "A", reason: .withholding, cash: 0, adjustment: 149),
            Line(itemID: "A", reason: .rounding, cash: 0, adjustment: 1),
        ]
        func reasons(_ booking: Booking) -> [String?] {
            booking.entries(Self.decide(lines), cash: Self.cash(9_500), item: { Self.facts[$0] }).map(\.reason)
        }
        #expect(reasons(Self.booking) == [nil, "discount", "fee", "withholding", "rounding"])
        var person = Self.booking
        person.reason = "good customer (second person: bob)"
        #expect(reasons(person) == Array(repeating: "good customer (second person: bob)", count: 5))
    }

    @Test("A return is said to be one, then takes back cash and discount")
    func returned() {
        let entries = Self.booking.entries(
            Self.decide(
                [
                    Line(itemID: "A", reason: .reversal, cash: -9_800),
                    Line(itemID: "A", reason: .discount, cash: 0, adjustment: -200),
                ], .return), cash: Self.cash(-9_800, booked: false), item: { Self.facts[$0] })
        #expect(Self.short(entries) == ["returned -9800 - P -", "applied -9800 A P -", "discount -200 A P -"])
        var books = Books()
        for entry in entries { books.apply(entry) }
        #expect(books.cash["P"]?.unapplied == 0)
    }

    @Test("A refund uses up the unapplied cash it pays out")
    func refund() {
        var decision = Self.decide([], .refund)
        decision.counterpartID = "Q"
        let entries = Self.booking.entries(decision, cash: Self.cash(-4_000, booked: false), item: { Self.facts[$0] })
        #expect(Self.short(entries) == ["refunded -4000 - P -", "consumed 4000 - Q P"])
        let books = Books(
            [
                Entry(
                    .received, company: "c", amount: Money(minorUnits: 4_000, currency: .eur), payment: "Q",
                    postingDay: Day(number: 1), recordedAt: Timestamp(milliseconds: 0), actor: "t", rule: "T")
            ] + entries)
        #expect(books.cash["Q"]?.unapplied == 0)
        #expect(books.cash["P"]?.unapplied == 0)
    }

    @Test("A return uses up what of its payment had settled nothing", arguments: [[Int64](), [7_500]])
    func returnedUnapplied(_ settled: [Int64]) {
        var decision = Self.decide(settled.map { Line(itemID: "A", reason: .reversal, cash: 0 - $0) }, .return)
        decision.counterpartID = "Q"
        decision.customerID = "K"
        let entries = Self.booking.entries(
            decision, cash: Self.cash(-8_000, booked: false), item: { Self.facts[$0] })
        let applied = settled.map { "applied -\($0) A P -" }
        let rest = 8_000 - settled.reduce(0, +)
        #expect(Self.short(entries) == ["returned -8000 - P -"] + applied + ["consumed \(rest) - Q P"])
        #expect(entries.allSatisfy { $0.customer == "K" })
    }

    @Test("Money that is no customer's is set aside when it came in, and left outside when it went out")
    func notReceivable() {
        var decision = Self.decide([])
        decision.verdict = .notReceivable
        #expect(
            Self.short(Self.booking.entries(decision, cash: Self.cash(500), item: { _ in nil })) == [
                "setAside 500 - P -"
            ])
        #expect(Self.booking.entries(decision, cash: Self.cash(-500, booked: false), item: { _ in nil }).isEmpty)
    }

    @Test("What a person says is kept with late charges and with both sides of an exchange, too")
    func reasons() {
        let booking = Booking(
            company: "c", period: Period(), decision: "d", recordedAt: Timestamp(milliseconds: 0), actor: "ada",
            reason: "agreed (second person: mara)")
        let lines = [
            Line(itemID: "A", reason: .cash, cash: 10_000),
            Line(itemID: "A", reason: .lateCharges, cash: 330, adjustment: -330),
            Line(itemID: "B", reason: .exchange, cash: 500, adjustment: 450),
        ]
        let entries = booking.entries(Self.decide(lines), cash: Self.cash(10_830), item: { Self.facts[$0] })
        #expect(entries.count == 4)
        #expect(entries.allSatisfy { $0.reason == "agreed (second person: mara)" })
    }
}
