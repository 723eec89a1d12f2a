// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Promises
import Testing

struct FollowUpTests {
    /// 120.00 promised: 100.00 of A, which was due, and 20.00 of B, which is due in October; `paid` came for A.
    private func snapshot(paid: Int64, left: Int64) -> AccountSnapshot {
        var items = [Scene.item("B", due: "2026-10-08", minor: 20_000)]
        if left > 0 { items.append(Scene.item("A", due: "2026-09-08", minor: left)) }
        var snapshot = Scene.snapshot(items)
        let promise = Scene.promise([("A", 10_000), ("B", 2_000)], on: "2026-09-01", for: "2026-09-10")
        let cash = PromiseFacts.Cash(itemID: "A", valueDay: Scene.day("2026-09-10"), amount: Scene.euro(paid))
        let facts = PromiseFacts(cash: paid > 0 ? [cash] : [], coveredThrough: Scene.today)
        snapshot.promises = [
            promise.evaluated(with: facts, on: Scene.today, at: Timestamp(milliseconds: 0)).promise
        ]
        return snapshot
    }

    @Test("A follow-up asks for what is missing of the promise, and for no more of what is not due")
    func notDue() throws {
        let lines = DunningPolicy().plan(
            for: snapshot(paid: 10_000, left: 0), on: Scene.today, local: Scene.tenOClock
        ) { facts in facts.totals.map { .init(kind: "link", payload: "x", amount: $0.net) } }
        #expect(Scene.glance(lines) == ["say promise_follow_up B"])
        let message = try #require(lines.first?.message)
        #expect(message.facts.lines.map(\.asked) == [Scene.euro(2_000)])
        #expect(message.facts.totals.map(\.net) == [Scene.euro(2_000)])
        #expect(message.howToPay.map(\.amount) == [Scene.euro(2_000)])
        #expect(message.text.contains("Invoice 2026-B: €20.00 is missing of what was promised"), "\(message.text)")
        #expect(!message.text.contains("200.00") && !message.text.contains("8 October"), "\(message.text)")
    }

    @Test("What is due is asked for in full beside it", arguments: [(0, 10_000, 2_000), (4_000, 6_000, 2_000)])
    func dueToo(_ paid: Int64, _ left: Int64, _ share: Int64) throws {
        let message = try #require(Scene.plan(snapshot(paid: paid, left: left)).first?.message)
        #expect(message.purpose == .promiseFollowUp)
        #expect(message.facts.lines.map(\.asked) == [Scene.euro(left), Scene.euro(share)])
    }

    @Test("A promise that was paid late is not followed up")
    func paidLate() {
        var paid = snapshot(paid: 10_000, left: 0)
        paid.promises[0].paidLateOn = Scene.day("2026-09-15")
        #expect(Scene.plan(paid).isEmpty)
    }

    @Test("A delivery to another number proves nothing about this one")
    func otherNumber() throws {
        var snapshot = Scene.overdue
        snapshot.numberProven = false
        snapshot.history = [Scene.said(.due, items: ["B"], on: "2026-09-10")]
        #expect(try #require(Scene.plan(snapshot).first?.message).disclosure == .full)
        snapshot.history[0].isToNumber = false
        #expect(try #require(Scene.plan(snapshot).first?.message).disclosure == .firstContact)
    }

    @Test("Proof belongs to the number")
    func proof() {
        func at(_ second: Int64) -> Timestamp { Timestamp(milliseconds: second * 1000) }
        #expect(NumberProof().counts(at(1)) && !NumberProof().isConfirmed)
        #expect(NumberProof(confirmedAt: at(5)).isConfirmed)
        #expect(NumberProof(changedAt: at(4), confirmedAt: at(5), deniedAt: at(3)).isConfirmed)
        #expect(!NumberProof(changedAt: at(6), confirmedAt: at(5)).isConfirmed)
        #expect(!NumberProof(confirmedAt: at(5), deniedAt: at(5)).isConfirmed)
        #expect(!NumberProof(changedAt: at(6)).counts(at(5)) && NumberProof(changedAt: at(6)).counts(at(7)))
        #expect(!NumberProof(deniedAt: at(6)).counts(at(5)))
    }

    @Test("What speaks against asking for all of an item is said by its rule")
    func doubts() {
        var snapshot = Scene.snapshot([
            Scene.item("A", due: "2026-09-09", minor: 10_000), Scene.item("B", due: "2026-09-10"),
            Scene.item("C", due: "2026-09-11"),
        ])
        func doubts(_ items: Set<String>) -> [String] {
            DunningPolicy().doubts(about: items, in: snapshot, on: Scene.today).map {
                "\($0.rule) \($0.subject ?? "")"
            }
        }
        #expect(doubts(["A", "B", "C"]).isEmpty)
        snapshot.items[2].inTransit = Scene.euro(118_000)
        snapshot.unapplied = [Scene.euro(30_000)]
        #expect(doubts(["A", "B", "C"]) == ["NET-ZERO A", "NET-ZERO B", "IN-TRANSIT C"])
        #expect(doubts(["C"]) == ["IN-TRANSIT C"])
        let part = DunningPolicy().doubts(about: ["B"], in: snapshot, on: Scene.today).first?.sentence
        #expect(part?.hasPrefix("Of 1180.00 EUR on invoice 2026-B a reminder would ask for 980.00 EUR") == true)
    }
}
