// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Promises
import Testing

/// Money that is here covers items before their steps count: nobody is reminded of a bill they have paid.
struct CoverTests {
    private static func waiting(
        _ item: String, _ minor: Int64, payment: String = "P-1", isOwn: Bool = true, currency: Currency = .eur
    ) -> AccountSnapshot.Waiting {
        let money = Money(minorUnits: minor, currency: currency)
        return .init(paymentID: payment, itemID: item, covers: money, cash: money, isOwn: isOwn)
    }

    /// A is four weeks late, B falls due today.
    private static func two(_ first: Int64 = 80_000, _ second: Int64 = 25_000) -> AccountSnapshot {
        Scene.snapshot([
            Scene.item("A", due: "2026-08-20", minor: first), Scene.item("B", due: "2026-09-16", minor: second),
        ])
    }

    private static func planned(_ snapshot: AccountSnapshot) throws -> Message {
        try #require(Scene.plan(snapshot).first { $0.verdict == .say }?.message)
    }

    @Test("A payment that waits and names an invoice covers it: the step, the total and the reference are the rest's")
    func named() throws {
        var snapshot = Self.two()
        snapshot.unapplied = [Scene.euro(85_000)]
        snapshot.waiting = [Self.waiting("A", 80_000)]
        let lines = DunningPolicy().plan(for: snapshot, on: Scene.today, local: Scene.tenOClock) { facts in
            [.init(kind: "epc", payload: "", reference: facts.lines.map(\.number).joined(separator: " "))]
        }
        #expect(Scene.glance(lines) == ["held overdue_1 NET-ZERO A", "say due B"])
        let message = try #require(lines.last?.message)
        #expect(message.facts.lines.map(\.asked) == [Scene.euro(20_000)])
        #expect(
            message.facts.totals == [
                .init(asked: Scene.euro(25_000), credits: Scene.euro(5_000), net: Scene.euro(20_000))
            ])
        #expect(message.howToPay.map(\.reference) == ["2026-B"])
        #expect(message.text.contains("Invoice 2026-B: €200.00 left of €250.00, due on 16 September 2026"))
        #expect(!message.text.contains("2026-A"))
        let no = try #require(lines.first?.gates.last)
        #expect(no.rule == "NET-ZERO" && no.subject == "A" && no.sentence.contains("P-1"), "\(no.sentence)")
    }

    @Test("Money without a name covers the oldest due first, whatever was said last")
    func oldestFirst() throws {
        var snapshot = Self.two()
        snapshot.history = [Scene.said(.overdue, 1, items: ["A"], on: "2026-09-02")]
        snapshot.openCredits = [Scene.euro(50_000)]
        snapshot.unapplied = [Scene.euro(35_000)]
        let message = try Self.planned(snapshot)
        #expect(message.purpose == .due)
        #expect(message.facts.lines.map(\.itemID) == ["B"])
        #expect(message.facts.totals.map(\.net) == [Scene.euro(20_000)])
    }

    @Test("Equal due days go by number, and a partly covered item asks for what is left")
    func partly() throws {
        var snapshot = Scene.snapshot([
            Scene.item("B", due: "2026-09-09", minor: 30_000), Scene.item("A", due: "2026-09-09", minor: 20_000),
        ])
        snapshot.unapplied = [Scene.euro(25_000)]
        #expect(Scene.glance(Scene.plan(snapshot)) == ["held overdue_1 NET-ZERO A", "say overdue_1 B"])
        #expect(try Self.planned(snapshot).facts.lines.map(\.asked) == [Scene.euro(25_000)])
    }

    @Test("What holds an item takes no money without a name: it lowers what would be asked for")
    func heldTakesNone() throws {
        var disputed = Self.two()
        disputed.items[0].disputed = true
        disputed.unapplied = [Scene.euro(20_000)]
        #expect(try Self.planned(disputed).facts.totals.map(\.net) == [Scene.euro(5_000)])
        var promised = Self.two()
        promised.promises = [Scene.promise([("A", 80_000)], on: "2026-09-10", for: "2026-09-30")]
        promised.unapplied = [Scene.euro(25_000)]
        #expect(
            Scene.glance(Scene.plan(promised)) == ["held overdue_1 PROMISE-ACTIVE A", "held due NET-ZERO B"])
    }

    @Test("A payment that names a disputed invoice is that invoice's, and only its rest anybody's")
    func namesDisputed() throws {
        var snapshot = Self.two()
        snapshot.items[0].disputed = true
        snapshot.unapplied = [Scene.euro(85_000)]
        snapshot.waiting = [Self.waiting("A", 80_000)]
        #expect(try Self.planned(snapshot).facts.totals.map(\.net) == [Scene.euro(20_000)])
    }

    @Test("An unknown payer's money covers the invoice it names and nothing else")
    func unknownPayer() throws {
        var snapshot = Self.two()
        snapshot.waiting = [Self.waiting("A", 80_000, isOwn: false)]
        #expect(Scene.glance(Scene.plan(snapshot)) == ["held overdue_1 NET-ZERO A", "say due B"])
        #expect(try Self.planned(snapshot).facts.totals.map(\.net) == [Scene.euro(25_000)])
    }

    @Test("Two payments that name one invoice cover it once; what is too much is the customer's")
    func twice() throws {
        var snapshot = Self.two()
        snapshot.unapplied = [Scene.euro(90_000)]
        snapshot.waiting = [Self.waiting("A", 80_000, payment: "P-2"), Self.waiting("A", 10_000)]
        #expect(try Self.planned(snapshot).facts.totals.map(\.net) == [Scene.euro(15_000)])
    }

    @Test("Money in another currency that settles the item covers it, and is spent")
    func exchanged() throws {
        var snapshot = Self.two()
        snapshot.items[0] = Scene.item("A", due: "2026-08-20", minor: 90_000, currency: .usd)
        snapshot.unapplied = [Scene.euro(80_000)]
        snapshot.waiting = [
            .init(
                paymentID: "P-1", itemID: "A", covers: Money(minorUnits: 90_000, currency: .usd),
                cash: Scene.euro(80_000), isOwn: true)
        ]
        let message = try Self.planned(snapshot)
        #expect(message.facts.lines.map(\.itemID) == ["B"])
        #expect(message.facts.totals.map(\.net) == [Scene.euro(25_000)])
    }

    @Test("A covered item after its last step is no person's turn")
    func exhausted() {
        var snapshot = Scene.snapshot([Scene.item("A", due: "2026-08-01")])
        let days = ["2026-08-08", "2026-08-22", "2026-09-05"]
        snapshot.history = (1...3).map { Scene.said(.overdue, $0, on: days[$0 - 1], period: "2026-08-01") }
        snapshot.unapplied = [Scene.euro(118_000)]
        let lines = Scene.plan(snapshot)
        #expect(Scene.glance(lines) == ["held overdue_3 NET-ZERO A"])
        #expect(lines.flatMap(\.exceptions).isEmpty)
    }

    @Test("Where the customer as a whole is held, the step is that of what is not covered")
    func accountHeld() {
        var snapshot = Self.two()
        snapshot.unapplied = [Scene.euro(80_000)]
        snapshot.waiting = [Self.waiting("A", 80_000)]
        snapshot.customer.optedOut = true
        #expect(Scene.glance(Scene.plan(snapshot)) == ["held due OPT-OUT B", "held overdue_1 NET-ZERO A"])
    }

    @Test("Money that comes after the plan takes the item out before the message goes")
    func redecided() throws {
        let message = try Self.planned(Self.two())
        #expect(message.facts.lines.count == 2)
        var snapshot = Self.two()
        snapshot.unapplied = [Scene.euro(80_000)]
        snapshot.waiting = [Self.waiting("A", 80_000)]
        let again = DunningPolicy().redecide(
            message, for: snapshot, on: Scene.today, local: LocalTime(Scene.today, minute: 660))
        guard case .cancel(let rule, _) = again else {
            Issue.record("the message would go out: \(again)")
            return
        }
        #expect(rule == "NET-ZERO")
    }

    @Test("Nobody is asked for more than they owe, and no covered item is named", arguments: 0..<300)
    func books(_ seed: Int) {
        var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        var snapshot = Scene.snapshot([])
        for place in 0..<(2 + draw(4)) {
            var item = Scene.item(
                String(UnicodeScalar(UInt8(65 + place))), due: (Scene.today - draw(30)).text,
                minor: Int64(1 + draw(90)) * 1000)
            item.disputed = draw(6) == 0
            snapshot.items.append(item)
        }
        let money = Int64(draw(150)) * 1000
        snapshot.unapplied = [Scene.euro(money)]
        if draw(2) == 0 {
            let item = snapshot.items[draw(snapshot.items.count)]
            snapshot.waiting = [Self.waiting(item.item.id, min(money, item.item.balance.open))]
        }
        let owed = snapshot.items.reduce(0) { $0 + $1.item.balance.open }
        for line in Scene.plan(snapshot) {
            guard let message = line.message else { continue }
            let asked = message.facts.lines.reduce(0) { $0 + $1.asked.minorUnits }
            let net = message.facts.totals.reduce(0) { $0 + $1.net.minorUnits }
            #expect(asked == net && net <= max(0, owed - money))
            #expect(message.facts.lines.allSatisfy { $0.asked.isPositive })
            for total in message.facts.totals {
                #expect(total.asked.minorUnits - total.credits.minorUnits == total.net.minorUnits)
            }
            for waiting in snapshot.waiting {
                let named = message.facts.lines.first { $0.itemID == waiting.itemID }
                #expect(named.map { $0.asked.minorUnits <= $0.open.minorUnits - waiting.covers.minorUnits } ?? true)
            }
        }
    }

    @Test("What a courtesy leaves for a message of its own is said among the gates")
    func courtesy() throws {
        let snapshot = Scene.snapshot([Scene.item("A", due: "2026-09-16"), Scene.item("B", due: "2026-09-17")])
        let line = try #require(Scene.plan(snapshot).first)
        #expect(Scene.glance([line]) == ["say due A"])
        let note = try #require(line.gates.first { $0.rule == "ONE-REMINDER" })
        #expect(note.subject == "B" && note.sentence.contains("2026-B") && note.sentence.contains("before_due"))
    }
}
