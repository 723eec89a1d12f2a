// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Promises
import Testing

struct PlanTests {
    @Test(
        "A step is said from its day on, until it was said",
        arguments: [
            ("2026-09-20", []), ("2026-09-19", ["say before_due A"]), ("2026-09-16", ["say due A"]),
            ("2026-09-10", ["say due A"]), ("2026-09-09", ["say overdue_1 A"]), ("2026-08-26", ["say overdue_1 A"]),
        ] as [(String, [String])])
    func firstContact(_ due: String, _ expected: [String]) {
        #expect(Scene.glance(Scene.plan(Scene.snapshot([Scene.item("A", due: due)]))) == expected)
    }

    @Test("With passed_steps highest the highest reached step is said at once")
    func highest() {
        var policy = DunningPolicy()
        policy.passedSteps = .highest
        let snapshot = Scene.snapshot([Scene.item("A", due: "2026-08-12")])
        #expect(Scene.glance(Scene.plan(snapshot, policy: policy)) == ["say overdue_3 A"])
    }

    @Test(
        "The steps of one item follow each other and end with a person",
        arguments: [DunningPolicy.PassedSteps.highest, .oneAtATime])
    func wholeCadence(_ passed: DunningPolicy.PassedSteps) {
        var policy = DunningPolicy()
        policy.passedSteps = passed
        var snapshot = Scene.snapshot([Scene.item("A", due: "2026-09-09")])
        var heard: [String] = []
        for offset in -10...60 {
            let day = Scene.day("2026-09-09") + offset
            snapshot.accounts = [.init(id: "a", through: day - 1)]
            snapshot.sources = []
            for line in Scene.plan(snapshot, policy: policy, on: day) {
                if let message = line.message {
                    heard.append("\(day.text) \(line.stepName)")
                    snapshot.history.append(
                        .init(
                            key: message.key, items: ["A"], at: LocalTime(day, minute: 600), outcome: .delivered))
                } else if line.verdict == .person, !heard.contains("person") {
                    heard.append("person")
                }
            }
        }
        // 6 September is a Sunday, so before due waits for Monday.
        #expect(
            heard == [
                "2026-09-07 before_due", "2026-09-09 due", "2026-09-16 overdue_1", "2026-09-30 overdue_2",
                "2026-10-14 overdue_3", "person",
            ])
    }

    @Test("A late start is caught up a week at a time")
    func catchUp() {
        var snapshot = Scene.snapshot([Scene.item("A", due: "2026-07-01", issued: "2026-06-01")])
        snapshot.history = [Scene.said(.overdue, 1, on: "2026-09-10")]
        #expect(Scene.plan(snapshot).isEmpty)
        snapshot.history = [Scene.said(.overdue, 1, on: "2026-09-09")]
        #expect(Scene.glance(Scene.plan(snapshot)) == ["say overdue_2 A"])
    }

    @Test("One message speaks for all that is due, at the highest step among it")
    func oneMessage() {
        let snapshot = Scene.snapshot([
            Scene.item("C", due: "2026-09-16"), Scene.item("B", due: "2026-09-09"), Scene.item("A", due: "2026-08-20"),
            Scene.item("D", due: "2026-09-18"),
        ])
        var policy = DunningPolicy()
        policy.passedSteps = .highest
        #expect(Scene.glance(Scene.plan(snapshot, policy: policy)) == ["say overdue_2 A+B+C"])
    }

    @Test("An item that a higher message named has its own step behind it, no more")
    func namedByAnother() {
        var snapshot = Scene.snapshot([Scene.item("A", due: "2026-08-20"), Scene.item("B", due: "2026-08-30")])
        snapshot.history = [Scene.said(.overdue, 2, items: ["A", "B"], on: "2026-09-10")]
        // B had come to overdue 1 by then, so overdue 2 is still to be said, on its own day.
        #expect(Scene.plan(snapshot, policy: Self.highest).isEmpty)
        snapshot.items = [Scene.item("B", due: "2026-08-26")]
        snapshot.history = [Scene.said(.overdue, 2, items: ["A", "B"], on: "2026-09-10")]
        #expect(Scene.glance(Scene.plan(snapshot, policy: Self.highest)) == ["say overdue_2 B"])
    }

    @Test("What a dispute held back is in no higher step's message: its own steps come by themselves")
    func heldBack() {
        var snapshot = Scene.snapshot([Scene.item("A", due: "2026-08-12"), Scene.item("B", due: "2026-08-12")])
        snapshot.history = [
            Scene.said(.overdue, 1, items: ["A"], on: "2026-08-20", period: "1"),
            Scene.said(.overdue, 2, items: ["A"], on: "2026-09-04", period: "2"),
        ]
        let lines = Scene.glance(Scene.plan(snapshot))
        #expect(
            lines.contains("say overdue_3 A") && !lines.contains { $0.hasPrefix("say") && $0.contains("B") }, "\(lines)"
        )
        snapshot.history.append(Scene.said(.overdue, 3, items: ["A"], on: Scene.today.text, period: "3"))
        let day = Scene.today + 7
        snapshot.accounts = [.init(id: "a", through: day - 1)]
        snapshot.sources = []
        let later = Scene.glance(Scene.plan(snapshot, on: day))
        #expect(later.contains("say overdue_1 B"), "\(later)")
    }

    @Test("The last warning is nobody's first contact")
    func lastWarning() {
        var snapshot = Scene.snapshot([Scene.item("A", due: "2026-08-12"), Scene.item("B", due: "2026-09-08")])
        snapshot.history = [
            Scene.said(.overdue, 1, items: ["A"], on: "2026-08-20", period: "1"),
            Scene.said(.overdue, 2, items: ["A"], on: "2026-09-04", period: "2"),
        ]
        let lines = Scene.glance(Scene.plan(snapshot))
        #expect(lines.contains("say overdue_3 A") && !lines.contains("say overdue_3 A+B"), "\(lines)")
    }

    private static var highest: DunningPolicy {
        var policy = DunningPolicy()
        policy.passedSteps = .highest
        return policy
    }

    @Test("Returned comes first, then a broken promise, then the steps")
    func priorities() {
        var items = [
            Scene.item("A", due: "2026-08-20"), Scene.item("B", due: "2026-09-02"), Scene.item("C", due: "2026-09-09"),
            Scene.item("D", due: "2026-09-16"), Scene.item("E", due: "2026-09-18"),
        ]
        items[0].returnedOn = Scene.day("2026-09-14")
        items[0].returned = Scene.euro(118_000)
        var snapshot = Scene.snapshot(items)
        snapshot.promises = [Scene.broken([("B", 118_000)], for: "2026-09-08")]
        var heard: [String] = []
        for round in 0..<5 {
            let day = Scene.today + 7 * round
            snapshot.accounts = [.init(id: "a", through: day - 1)]
            snapshot.sources = []
            for line in Scene.plan(snapshot, on: day) {
                guard let message = line.message else { continue }
                heard += Scene.glance([line])
                let said = Scene.said(
                    message.purpose, message.step, items: message.facts.lines.map(\.itemID), on: day.text,
                    period: message.period)
                snapshot.history.append(said)
            }
        }
        #expect(
            heard == [
                "say returned A", "say promise_follow_up B", "say overdue_1 A+B+C+D+E", "say overdue_2 A+B+C+D+E",
                "say overdue_3 A+B+C+D+E",
            ])
    }

    @Test("A returned payment counts its steps from the return and raises an exception")
    func returned() throws {
        var item = Scene.item("A", due: "2026-07-01")
        item.returnedOn = Scene.day("2026-09-10")
        item.returned = Scene.euro(118_000)
        var snapshot = Scene.snapshot([item])
        snapshot.history = [Scene.said(.overdue, 2, on: "2026-08-01"), Scene.said(.due, on: "2026-07-01")]
        let line = try #require(Scene.plan(snapshot).first)
        #expect(Scene.glance([line]) == ["say returned A"])
        #expect(line.exceptions.map(\.kind) == ["RETURNED"])
        #expect(line.message?.facts.occurredOn == Scene.day("2026-09-10"))
        #expect(line.lines.first?.daysOverdue == 77)

        snapshot.history.append(Scene.said(.returned, on: "2026-09-11", period: "2026-09-10"))
        #expect(Scene.plan(snapshot).isEmpty)
        snapshot.items[0].returnedOn = Scene.day("2026-09-09")
        #expect(Scene.glance(Scene.plan(snapshot)) == ["say overdue_1 A"])
    }

    @Test("A dispute holds every instalment of its invoice and leaves the others their step")
    func dispute() {
        var snapshot = Scene.snapshot([
            Scene.item("A/1", due: "2026-08-20"), Scene.item("A/2", due: "2026-09-09"),
            Scene.item("B", due: "2026-09-09"),
        ])
        snapshot.disputes = [
            Dispute(
                id: "D", company: "lantern", customerID: "C-1", invoiceID: "A", reason: "price",
                openedOn: Scene.day("2026-09-10"))
        ]
        #expect(
            Scene.glance(Scene.plan(snapshot, policy: Self.highest)) == [
                "held overdue_2 DISPUTE A/1+A/2", "say overdue_1 B",
            ])
    }

    @Test("A promise for a small share lowers what is asked instead of pausing")
    func smallPromise() throws {
        var snapshot = Scene.overdue
        snapshot.promises = [Scene.promise([("A", 18_000)], on: "2026-09-10", for: "2026-09-30", fully: false)]
        let line = try #require(Scene.plan(snapshot).first?.lines.first)
        #expect(line.open == Scene.euro(118_000))
        #expect(line.asked == Scene.euro(100_000))
    }

    @Test("A broken promise is spoken about once, and only when it was not made again")
    func followUpOnce() {
        var snapshot = Scene.snapshot([Scene.item("A", due: "2026-09-01")])
        snapshot.promises = [Scene.broken([("A", 118_000)], for: "2026-09-10")]
        #expect(Scene.glance(Scene.plan(snapshot)) == ["say promise_follow_up A"])
        #expect(Scene.plan(snapshot).first?.message?.period == "2026-09-10")
        var said = snapshot
        said.history = [Scene.said(.promiseFollowUp, on: "2026-09-15", period: "2026-09-10")]
        #expect(Scene.glance(Scene.plan(said)) == ["held overdue_1 SPACING-48H A"])
        snapshot.promises.append(Scene.promise([("A", 118_000)], on: "2026-09-15", for: "2026-09-25"))
        #expect(Scene.glance(Scene.plan(snapshot)) == ["held overdue_1 PROMISE-ACTIVE A"])
    }

    @Test("Credits are used on what is overdue before anything else is asked for")
    func creditsOnce() throws {
        var snapshot = Scene.snapshot([
            Scene.item("A", due: "2026-09-09", minor: 10_000), Scene.item("B", due: "2026-09-18"),
        ])
        snapshot.unapplied = [Scene.euro(30_000)]
        let lines = Scene.plan(snapshot)
        #expect(Scene.glance(lines) == ["held overdue_1 NET-ZERO A", "say before_due B"])
        let total = try #require(lines.last?.message?.facts.totals.first)
        #expect(total == .init(asked: Scene.euro(118_000), credits: Scene.euro(20_000), net: Scene.euro(98_000)))
    }

    @Test("Currencies are counted apart")
    func currencies() throws {
        var snapshot = Scene.snapshot([
            Scene.item("A", due: "2026-09-09"), Scene.item("B", due: "2026-09-09", minor: 50_000, currency: .usd),
        ])
        snapshot.openCredits = [Scene.euro(200_000)]
        let lines = Scene.plan(snapshot)
        #expect(Scene.glance(lines) == ["held overdue_1 NET-ZERO A", "say overdue_1 B"])
        let message = try #require(lines.last?.message)
        #expect(message.facts.totals.map(\.net) == [Money(minorUnits: 50_000, currency: .usd)])
    }

    @Test("Every overdue item is said or held, whatever the customer's books are", arguments: 0..<400)
    func nothingIsLost(_ seed: Int) {
        var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        var snapshot = Scene.snapshot([])
        for place in 0..<(2 + draw(5)) {
            let id = String(UnicodeScalar(UInt8(65 + place)))
            var item = Scene.item(
                id, due: (Scene.today - draw(60) + 4).text, minor: Int64(1 + draw(90)) * 1000,
                currency: draw(4) == 0 ? .usd : .eur)
            if draw(8) == 0 {
                item.returnedOn = Scene.today - draw(9)
                item.returned = item.item.open
            }
            if draw(9) == 0 { item.dunningBlocked = true }
            snapshot.items.append(item)
            for step in 1...3 where draw(3) > 0 {
                snapshot.history.append(
                    Scene.said(
                        .overdue, step, items: [id], on: (Scene.today - (50 - step * 14)).text, period: "\(id)\(step)"))
            }
        }
        if draw(3) == 0 { snapshot.unapplied = [Scene.euro(Int64(draw(200)) * 1000)] }
        if draw(3) == 0 { snapshot.accounts = [.init(id: "a", through: Scene.today - 9)] }
        if draw(4) == 0 { snapshot.customer.optedIn = nil }
        let spoken = Set(Scene.plan(snapshot).flatMap { $0.lines.map(\.itemID) })
        for item in snapshot.items {
            var alone = snapshot
            alone.items = [item]
            alone.unapplied = []
            let late = Scene.plan(alone).contains { ![.beforeDue, .due].contains($0.purpose) && !$0.lines.isEmpty }
            #expect(!late || spoken.contains(item.item.id), "\(item.item.id): \(Scene.glance(Scene.plan(snapshot)))")
        }
    }

    @Test("A person's turn is told on a day without coverage too")
    func exhaustedOnGapDay() {
        var snapshot = Scene.snapshot([Scene.item("A", due: "2026-07-20"), Scene.item("B", due: "2026-09-09")])
        for step in 1...3 {
            snapshot.history.append(
                Scene.said(
                    .overdue, step, items: ["A"], on: "2026-08-\(step * 10 - 5 < 10 ? "0" : "")\(step * 10 - 5)",
                    period: "p\(step)"))
        }
        let covered = Scene.glance(Scene.plan(snapshot))
        snapshot.accounts = [.init(id: "a", through: Scene.day("2026-09-10"))]
        let gap = Scene.glance(Scene.plan(snapshot))
        #expect(covered == ["person overdue_3 STEPS-EXHAUSTED A", "say overdue_1 B"])
        #expect(gap == ["held overdue_1 COVERAGE-STALE B", "person overdue_3 STEPS-EXHAUSTED A"])
    }

    @Test("The order of the input changes nothing")
    func orderOfInput() {
        var snapshot = Scene.snapshot([
            Scene.item("A", due: "2026-09-09"), Scene.item("B", due: "2026-09-09"), Scene.item("C", due: "2026-08-01"),
            Scene.item("D", due: "2026-09-16", currency: .usd), Scene.item("E", due: "2026-09-01", minor: -500),
        ])
        snapshot.promises = [
            Scene.promise([("B", 118_000)], on: "2026-09-10", for: "2026-09-30"),
            Scene.broken([("C", 1)], for: "2026-09-03"),
        ]
        snapshot.accounts = [.init(id: "a", through: Scene.today), .init(id: "b", through: Scene.today - 1)]
        snapshot.history = [
            Scene.said(.due, items: ["A"], on: "2026-09-09"), Scene.said(.due, items: ["B"], on: "2026-09-11"),
        ]
        var turned = snapshot
        turned.items.reverse()
        turned.promises.reverse()
        turned.accounts.reverse()
        turned.history.reverse()
        #expect(Scene.plan(snapshot) == Scene.plan(turned))
    }

    @Test("Ways to pay are made for exactly what is left to pay")
    func howToPay() throws {
        var snapshot = Scene.overdue
        snapshot.unapplied = [Scene.euro(18_000)]
        let lines = DunningPolicy().plan(for: snapshot, on: Scene.today, local: Scene.tenOClock) { facts in
            facts.totals.map {
                .init(kind: "link", payload: "https://pay.example/\($0.net.amountText)", amount: $0.net)
            }
        }
        let message = try #require(lines.first?.message)
        #expect(message.howToPay.map(\.amount) == [Scene.euro(100_000)])
        #expect(message.text.contains("https://pay.example/1000.00"))
    }

    @Test("A payment is confirmed once, to whoever said they had paid")
    func confirmation() {
        var snapshot = Scene.snapshot([])
        let line = Message.Line(
            itemID: "A", number: "2026-A", dueOn: Scene.day("2026-09-09"), open: Scene.euro(0), asked: Scene.euro(0),
            daysOverdue: 0)
        snapshot.receipts = [
            .init(paymentID: "p1", amount: Scene.euro(118_000), bookedOn: Scene.today - 1, lines: [line])
        ]
        #expect(Scene.plan(snapshot).isEmpty)
        snapshot.receipts[0].answersClaim = true
        #expect(Scene.glance(Scene.plan(snapshot)) == ["say payment_confirmation A"])
        var unknown = snapshot
        unknown.numberProven = false
        #expect(Scene.plan(unknown).isEmpty)
        var returned = snapshot
        returned.receipts[0].isReturned = true
        #expect(Scene.plan(returned).isEmpty)
        snapshot.history = [Scene.said(.paymentConfirmation, on: "2026-09-15", period: "p1")]
        #expect(Scene.plan(snapshot).isEmpty)
    }

    @Test("A copy that was asked for goes out at night and inside the caps, but not after a stop")
    func copy() throws {
        var snapshot = Scene.snapshot([])
        let line = Message.Line(
            itemID: "A", number: "2026-A", dueOn: Scene.day("2026-09-09"), open: Scene.euro(118_000),
            asked: Scene.euro(118_000), daysOverdue: 7)
        snapshot.copyRequests = [.init(id: "S-9", line: line, document: .init(sha256: "ab", name: "2026-A.pdf"))]
        snapshot.history = [Scene.said(.due, items: ["B"], on: "2026-09-16")]
        let lines = Scene.plan(snapshot, local: LocalTime(Scene.today, minute: 1380))
        #expect(Scene.glance(lines) == ["say invoice_resend A"])
        #expect(lines.first?.message?.attachments.map(\.sha256) == ["ab"])
        snapshot.optedOutOn = Scene.today
        #expect(Scene.glance(Scene.plan(snapshot)) == ["held invoice_resend OPT-OUT A"])
    }
}
