// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Promises
import Testing

struct RedecideTests {
    private let policy = DunningPolicy()

    private func planned(_ snapshot: AccountSnapshot) throws -> Message {
        try #require(Scene.plan(snapshot).first { $0.verdict == .say }?.message)
    }

    private func again(
        _ message: Message, _ snapshot: AccountSnapshot, on day: Day = Scene.today, minute: Int = 660
    ) -> Redecision {
        policy.redecide(message, for: snapshot, on: day, local: LocalTime(day, minute: minute))
    }

    @Test("What did not change is sent as it was decided")
    func unchanged() throws {
        let message = try planned(Scene.overdue)
        #expect(again(message, Scene.overdue) == .send(message))
    }

    @Test("Nothing owed any more cancels it")
    func paid() throws {
        let message = try planned(Scene.overdue)
        var snapshot = Scene.overdue
        snapshot.items[0].item.balance.cash = 118_000
        guard case .cancel(let rule, _) = again(message, snapshot) else {
            Issue.record("a paid invoice was not cancelled")
            return
        }
        #expect(rule == "NOTHING-OWED")
    }

    @Test(
        "Any part payment makes the next revision under the same key, about what is left",
        arguments: [1, 50_000, 117_500] as [Int64])
    func partlyPaid(_ cash: Int64) throws {
        let message = try planned(Scene.overdue)
        var snapshot = Scene.overdue
        snapshot.items[0].item.balance.cash = cash
        guard case .revise(let revised) = again(message, snapshot) else {
            Issue.record("a part payment did not revise")
            return
        }
        #expect(revised.id == message.id)
        #expect(revised.revision == 2)
        #expect(revised.facts.totals.map(\.net) == [Scene.euro(118_000 - cash)])
        #expect(again(revised, snapshot) == .send(revised))
    }

    @Test(
        "Money that is there but not matched yet counts as well",
        arguments: [(118_000, "NET-ZERO"), (117_501, "MINIMUM-AMOUNT")] as [(Int64, String)])
    func unapplied(_ minor: Int64, _ expected: String) throws {
        let message = try planned(Scene.overdue)
        var snapshot = Scene.overdue
        snapshot.unapplied = [Scene.euro(minor)]
        guard case .cancel(let rule, _) = again(message, snapshot) else {
            Issue.record("unapplied cash did not cancel")
            return
        }
        #expect(rule == expected)
    }

    @Test("One of two items settled leaves a message about the other")
    func oneOfTwo() throws {
        let both = Scene.snapshot([Scene.item("A", due: "2026-09-09"), Scene.item("B", due: "2026-09-08")])
        let message = try planned(both)
        var snapshot = both
        snapshot.items[1].item.balance.cash = 118_000
        guard case .revise(let revised) = again(message, snapshot) else {
            Issue.record("the remaining item was not revised")
            return
        }
        #expect(revised.id == message.id)
        #expect(revised.facts.lines.map(\.itemID) == ["A"])
    }

    @Test(
        "What passes by itself holds, anything else cancels",
        arguments: [
            ("hold", "COVERAGE-STALE"), ("hold", "CAP-DAY"), ("hold", "QUIET-HOURS"), ("cancel", "OPT-OUT"),
            ("cancel", "PROMISE-ACTIVE"), ("cancel", "CLAIMED-PAYMENT"), ("cancel", "DISPUTE"),
            ("cancel", "ALREADY-SAID"),
        ])
    func holdsOrCancels(_ what: String, _ rule: String) throws {
        let message = try planned(Scene.overdue)
        var snapshot = Scene.overdue
        var minute = 660
        switch rule {
        case "COVERAGE-STALE": snapshot.accounts = [.init(id: "a", through: Scene.today - 9)]
        case "CAP-DAY": snapshot.history = [Scene.said(.due, items: ["B"], on: "2026-09-16")]
        case "QUIET-HOURS": minute = 1260
        case "OPT-OUT": snapshot.optedOutOn = Scene.today
        case "PROMISE-ACTIVE":
            snapshot.promises = [Scene.promise([("A", 118_000)], on: "2026-09-16", for: "2026-09-30")]
        case "CLAIMED-PAYMENT": snapshot.claims = [.init(id: "S", claimedOn: Scene.today)]
        case "DISPUTE": snapshot.items[0].disputed = true
        default:
            snapshot.history = [.init(key: message.key, items: ["A"], at: Scene.tenOClock, outcome: .handedOver)]
        }
        switch again(message, snapshot, minute: minute) {
        case .hold(let found, _, _): #expect([what, rule] == ["hold", found])
        case .cancel(let found, _): #expect([what, rule] == ["cancel", found])
        case .send, .revise: Issue.record("\(rule) let the message through")
        }
    }

    @Test("A message that waited until the next step is replaced by that step")
    func nextStep() throws {
        var snapshot = Scene.snapshot([Scene.item("A", due: "2026-09-16")])
        let message = try planned(snapshot)
        #expect(message.purpose == .due)
        let later = Scene.today + 7
        snapshot.accounts = [.init(id: "a", through: later - 1)]
        snapshot.sources = []
        snapshot.pending = [message]
        let line = try #require(Scene.plan(snapshot, on: later).first)
        #expect(line.message?.purpose == .overdue)
        #expect(line.replaces == [message.id])
        guard case .cancel(let rule, _) = again(message, snapshot, on: later) else {
            Issue.record("the older step was still said")
            return
        }
        #expect(rule == "SUPERSEDED")
    }

    @Test("Planning again while a message waits changes neither key nor revision")
    func planTwice() throws {
        var snapshot = Scene.overdue
        let message = try planned(snapshot)
        snapshot.pending = [message]
        #expect(try planned(snapshot) == message)
        // Another item reaches the step meanwhile, with an earlier due day: still the same message.
        snapshot.items.append(Scene.item("B", due: "2026-09-08"))
        let grown = try planned(snapshot)
        #expect(grown.id == message.id)
        #expect(grown.revision == 2)
    }

    @Test("A message that was cancelled comes back as a later revision")
    func afterCancel() throws {
        var snapshot = Scene.overdue
        let message = try planned(snapshot)
        snapshot.history = [
            .init(key: message.key, revision: 4, items: ["A"], at: Scene.tenOClock, outcome: .cancelled)
        ]
        let back = try planned(snapshot)
        #expect(back.id == message.id)
        #expect(back.revision == 5)
    }

    @Test("An item that comes late to a step that was said has a period of its own")
    func samePeriod() throws {
        let first = try planned(Scene.overdue)
        var snapshot = Scene.snapshot([Scene.item("A", due: "2026-09-09"), Scene.item("B", due: "2026-09-09")])
        snapshot.history = [Scene.said(.overdue, 1, items: ["A"], on: "2026-09-16", period: first.period)]
        snapshot.accounts = [.init(id: "a", through: Scene.today + 1)]
        let later = Scene.today + 2
        let line = try #require(Scene.plan(snapshot, on: later).first)
        #expect(line.message?.period == "2026-09-09.2")
        #expect(line.message?.id != first.id)
    }

    @Test("The key alone makes the id")
    func identity() {
        let key = Message.Key(company: "c", customerID: "1", purpose: .overdue, step: 1, period: "2026-09-09")
        var others = Array(repeating: key, count: 5)
        others[0].company = "d"
        others[1].customerID = "2"
        others[2].purpose = .due
        others[3].step = 2
        others[4].period = "2026-09-10"
        #expect(Set(others.map(\.id) + [key.id]).count == 6)
        #expect(
            key.id == Message.Key(company: "c", customerID: "1", purpose: .overdue, step: 1, period: "2026-09-09").id)
    }
}
