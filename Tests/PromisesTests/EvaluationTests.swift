// SPDX-License-Identifier: Apache-2.0
import Documents
import Promises
import Testing

struct EvaluationTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        var cash: [PromiseFacts.Cash] = []
        var open: [(String, Int64)] = []
        var covered: String? = "2026-11-24"
        var on = "2026-11-25"
        var atHand: Int64?
        var lines: [(String, Int64)] = [("A", 118_000)]
        let state: PromiseToPay.State
        let status: PromiseToPay.Status
        var reason: PromiseToPay.CloseReason?
        var exception: String?
        var paid: Int64?
        var late: String?
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(name: "nothing came", state: .broken, status: .closed, reason: .broken, paid: 0),
        Row(
            name: "the last day of grace is not over", covered: "2026-11-24", on: "2026-11-24", state: .open,
            status: .active),
        Row(name: "the last day of grace is not covered", covered: "2026-11-23", state: .open, status: .active),
        Row(name: "no account is covered", covered: nil, state: .open, status: .active),
        Row(
            name: "in full on the last banking day of grace", cash: [Fates.cash("2026-11-24", 118_000)], state: .kept,
            status: .closed, reason: .kept),
        Row(
            name: "in full before the day is kept at once", cash: [Fates.cash("2026-11-12", 118_000)],
            covered: "2026-11-12", on: "2026-11-13", state: .kept, status: .closed, reason: .kept),
        Row(
            name: "a day after grace is broken and paid late", cash: [Fates.cash("2026-11-25", 118_000)],
            open: [("A", 0)], state: .broken, status: .closed, reason: .broken, paid: 0, late: "2026-11-25"),
        Row(
            name: "half is partially kept", cash: [Fates.cash("2026-11-20", 59_000)], open: [("A", 59_000)],
            state: .partiallyKept, status: .closed, reason: .partiallyKept, paid: 59_000),
        Row(
            name: "a euro short is within tolerance", cash: [Fates.cash("2026-11-20", 117_900)], state: .kept,
            status: .closed, reason: .kept),
        Row(
            name: "a cent more is not", cash: [Fates.cash("2026-11-20", 117_899)], state: .partiallyKept,
            status: .closed, reason: .partiallyKept),
        Row(
            name: "a return inside the period takes it back",
            cash: [Fates.cash("2026-11-19", 118_000), Fates.cash("2026-11-23", -118_000)], open: [("A", 118_000)],
            state: .broken, status: .closed, reason: .broken, paid: 0),
        Row(
            name: "cash the ledger held when it was taken counts no second time",
            cash: [Fates.cash("2026-11-09", 118_000, known: true)], state: .broken, status: .closed, reason: .broken),
        Row(
            name: "nor when its value day came only afterwards",
            cash: [Fates.cash("2026-11-12", 118_000, known: true)], state: .broken, status: .closed, reason: .broken),
        Row(
            name: "cash valued before and not yet in the ledger counts",
            cash: [Fates.cash("2026-11-09", 118_000)], state: .kept, status: .closed, reason: .kept),
        Row(
            name: "money in review would cover it", atHand: 117_900, state: .open, status: .active,
            exception: "PROMISE-AT-HAND"),
        Row(
            name: "money in review would not cover it", atHand: 117_899, state: .broken, status: .closed,
            reason: .broken),
        Row(
            name: "a credit note lowers what was promised", cash: [Fates.cash("2026-11-20", 98_000)],
            open: [("A", 0)], state: .kept, status: .closed, reason: .kept, paid: 98_000),
        Row(
            name: "a credit note for all of it clears it at once", open: [("A", 0)], covered: nil, on: "2026-11-12",
            state: .open, status: .closed, reason: .clearedOtherwise),
        Row(
            name: "too much on one item pays no other", cash: [Fates.cash("2026-11-20", 100_000)],
            lines: [("A", 50_000), ("B", 50_000)], state: .partiallyKept, status: .closed, reason: .partiallyKept,
            paid: 50_000),
    ]

    @Test("A promise comes to the fate its cash gives it", arguments: rows)
    func judges(_ row: Row) {
        let facts = PromiseFacts(
            cash: row.cash, open: row.open.map { .init(itemID: $0.0, amount: Fates.euro($0.1)) },
            coveredThrough: row.covered.flatMap { Day($0) }, atHand: row.atHand.map(Fates.euro))
        let evaluation = Fates.promise(lines: row.lines)
            .evaluated(with: facts, on: Fates.day(row.on), at: Fates.now)
        let promise = evaluation.promise
        #expect(promise.state == row.state)
        #expect(promise.status == row.status)
        #expect(promise.closeReason == row.reason)
        #expect(evaluation.exceptions.map(\.kind) == (row.exception.map { [$0] } ?? []))
        #expect(promise.judgements.count == (row.state == .open ? 0 : 1))
        if let paid = row.paid { #expect(promise.judgements.last?.paid == Fates.euro(paid)) }
        #expect(promise.paidLateOn == row.late.flatMap { Day($0) })
    }

    @Test("Cash valued in time but imported later judges again and keeps both verdicts")
    func judgesAgain() {
        let day = Fates.day("2026-11-25")
        let none = PromiseFacts(cash: [], coveredThrough: day)
        let broken = Fates.promise().evaluated(with: none, on: day, at: Fates.now).promise
        let found = PromiseFacts(cash: [Fates.cash("2026-11-20", 118_000)], coveredThrough: day)
        let kept = broken.evaluated(with: found, on: day + 6, at: Fates.now).promise
        #expect(kept.judgements.map(\.state) == [.broken, .kept])
        #expect(kept.state == .kept)
        #expect(kept.closeReason == .kept)
        #expect(kept.evaluated(with: found, on: day + 7, at: Fates.now).promise == kept)
    }

    @Test("A late payment leaves the verdict and notes its value day")
    func paidLate() {
        let day = Fates.day("2026-11-25")
        let broken = Fates.promise().evaluated(
            with: PromiseFacts(cash: [], coveredThrough: day), on: day, at: Fates.now)
        let late = PromiseFacts(
            cash: [Fates.cash("2026-12-01", 100_000), Fates.cash("2026-12-03", 18_000)],
            open: [.init(itemID: "A", amount: Fates.euro(0))], coveredThrough: day + 10)
        let after = broken.promise.evaluated(with: late, on: day + 10, at: Fates.now).promise
        #expect(after.state == .broken)
        #expect(after.judgements.count == 1)
        #expect(after.paidLateOn == Fates.day("2026-12-03"))
    }

    @Test("A return after the verdict is an exception and flips nothing", arguments: ["2026-11-23", "2026-12-02"])
    func returnedAfterVerdict(_ returned: String) {
        let paid = PromiseFacts(cash: [Fates.cash("2026-11-12", 118_000)], coveredThrough: Fates.day("2026-11-12"))
        let kept = Fates.promise().evaluated(with: paid, on: Fates.day("2026-11-13"), at: Fates.now).promise
        let back = PromiseFacts(
            cash: paid.cash + [Fates.cash(returned, -118_000)], open: [.init(itemID: "A", amount: Fates.euro(118_000))],
            coveredThrough: Fates.day("2026-12-03"))
        let after = kept.evaluated(with: back, on: Fates.day("2026-12-03"), at: Fates.now)
        #expect(after.promise == kept)
        #expect(after.exceptions.map(\.kind) == ["PROMISE-REVERSED"])
    }

    @Test("A proposed promise lapses after two days and never counts as broken")
    func lapses() {
        let proposed = Fates.promise(status: .proposed)
        let facts = PromiseFacts(cash: [], coveredThrough: Fates.day("2026-12-31"))
        #expect(proposed.pauses(on: Fates.day("2026-11-12")))
        #expect(!proposed.pauses(on: Fates.day("2026-11-13")))
        #expect(proposed.evaluated(with: facts, on: Fates.day("2026-11-12"), at: Fates.now).promise == proposed)
        let lapsed = proposed.evaluated(with: facts, on: Fates.day("2026-11-13"), at: Fates.now).promise
        #expect(lapsed.closeReason == .lapsed)
        #expect(lapsed.state == .open)
        #expect(lapsed.nextLevel == 1)
    }

    @Test("A replaced invoice sends its promise to a person")
    func replacedInvoice() {
        let facts = PromiseFacts(
            cash: [], open: [.init(itemID: "A", amount: Fates.euro(0))], coveredThrough: nil, replacedItems: ["A"])
        let after = Fates.promise().evaluated(with: facts, on: Fates.day("2026-11-12"), at: Fates.now)
        #expect(after.promise.status == .active)
        #expect(after.exceptions.map(\.kind) == ["PROMISE-ITEM-REPLACED"])
    }

    @Test("An invoice that moved to another customer sends its promise to a person, and its cash judges nothing")
    func movedInvoice() {
        let day = Fates.day("2026-11-25")
        let paid = [Fates.cash("2026-11-20", 118_000)]
        let facts = PromiseFacts(cash: paid, coveredThrough: day, movedItems: ["A"])
        let after = Fates.promise().evaluated(with: facts, on: day, at: Fates.now)
        #expect(after.promise == Fates.promise())
        #expect(after.exceptions.map(\.kind) == ["PROMISE-ITEM-MOVED"])
        let broken = Fates.promise().evaluated(
            with: PromiseFacts(cash: [], coveredThrough: day), on: day, at: Fates.now
        ).promise
        #expect(broken.evaluated(with: facts, on: day + 1, at: Fates.now).promise == broken)
    }

    @Test(
        "An undone match takes its verdict with it, and the promise is judged anew",
        arguments: [
            ("2026-11-13", PromiseToPay.Status.active, PromiseToPay.State.open), ("2026-11-25", .closed, .broken),
        ])
    func undone(_ on: String, _ status: PromiseToPay.Status, _ state: PromiseToPay.State) {
        let day = Fates.day(on)
        let paid = Fates.cash("2026-11-12", 118_000)
        let open = [PromiseToPay.Line(itemID: "A", amount: Fates.euro(118_000))]
        let kept = Fates.promise().evaluated(
            with: PromiseFacts(cash: [paid], coveredThrough: day), on: Fates.day("2026-11-13"), at: Fates.now
        ).promise
        #expect(kept.state == .kept)
        var undo = Fates.cash("2026-11-12", -118_000)
        undo.isUndo = true
        let after = kept.evaluated(
            with: PromiseFacts(cash: [paid, undo], open: open, coveredThrough: day), on: day, at: Fates.now)
        #expect(after.exceptions.isEmpty)
        #expect(after.promise.status == status)
        #expect(after.promise.state == state)
        #expect(after.promise.judgements.prefix(2).map(\.state) == [.kept, .open])
        // With money that went back as well it is a person's matter.
        var half = kept
        half.judgements[0].paid = Fates.euro(118_000)
        let returned = PromiseFacts(
            cash: [
                Fates.cash("2026-11-12", 59_000), Fates.cash("2026-11-13", 59_000), undoing(59_000),
                Fates.cash("2026-11-14", -59_000),
            ], open: open, coveredThrough: day)
        #expect(half.evaluated(with: returned, on: day, at: Fates.now).exceptions.map(\.kind) == ["PROMISE-REVERSED"])
    }

    private func undoing(_ minor: Int64) -> PromiseFacts.Cash {
        var undo = Fates.cash("2026-11-12", -minor)
        undo.isUndo = true
        return undo
    }

    @Test("A person's verdict takes the place of the one that stands, and the machine leaves it")
    func decided() throws {
        let day = Fates.day("2026-12-03")
        let paid = Fates.cash("2026-11-12", 118_000)
        let kept = Fates.promise().evaluated(
            with: PromiseFacts(cash: [paid], coveredThrough: day), on: Fates.day("2026-11-13"), at: Fates.now
        ).promise
        var facts = PromiseFacts(cash: [paid, Fates.cash("2026-12-02", -118_000)], coveredThrough: day)
        let broken = try #require(kept.decided(.broken, with: facts, on: day, at: Fates.now, why: "mara: went back"))
        #expect(broken.closeReason == .broken)
        #expect(broken.judgements.map(\.state) == [.kept, .broken])
        #expect(broken.judgements.last?.paid == Fates.euro(0))
        facts.isDecided = true
        facts.cash.append(Fates.cash("2026-12-07", 118_000))
        let after = broken.evaluated(with: facts, on: day + 5, at: Fates.now)
        #expect(after.promise.state == .broken && after.exceptions.isEmpty)
        #expect(after.promise.paidLateOn == Fates.day("2026-12-07"))
        #expect(Fates.promise().decided(.broken, with: facts, on: day, at: Fates.now, why: "") == nil)
    }

    @Test("Cash was known when it was put on the item by then; where only the day is known, by its booking day")
    func known() {
        let booked = Fates.day("2026-11-10")
        func known(_ recorded: Timestamp, _ taken: Timestamp?, on day: String) -> Bool {
            PromiseFacts.wasKnown(recordedAt: recorded, bookedOn: booked, takenAt: taken, promisedOn: Fates.day(day))
        }
        #expect(known(Fates.now, Fates.now, on: "2026-11-01"))
        #expect(!known(Fates.now + 1, Fates.now, on: "2026-11-20"))
        #expect(known(Fates.now + 1, nil, on: "2026-11-11"))
        #expect(!known(Fates.now, nil, on: "2026-11-10"))
    }

    @Test("The order in which cash is listed changes nothing")
    func orderOfCash() {
        let cash = [
            Fates.cash("2026-11-19", 50_000), Fates.cash("2026-11-26", 60_000), Fates.cash("2026-11-20", -10_000),
            Fates.cash("2026-11-30", 18_000),
        ]
        let day = Fates.day("2026-12-01")
        func judge(_ cash: [PromiseFacts.Cash]) -> PromiseToPay {
            Fates.promise().evaluated(with: PromiseFacts(cash: cash, coveredThrough: day), on: day, at: Fates.now)
                .promise
        }
        #expect(judge(cash) == judge(cash.reversed()))
        #expect(judge(cash).state == .partiallyKept)
    }
}
