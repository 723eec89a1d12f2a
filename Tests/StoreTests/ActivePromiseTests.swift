// SPDX-License-Identifier: Apache-2.0
import Documents
import Promises
import Store
import Testing
import TieoutTesting

@Suite struct ActivePromiseTests {
    private static func promise(
        _ id: String, _ amounts: [Int64], madeOn day: Day, _ status: PromiseToPay.Status
    ) -> PromiseToPay {
        let lines = amounts.enumerated().map { number, amount in
            PromiseToPay.Line(itemID: "I\(number)-\(id)", amount: Money(minorUnits: amount, currency: .eur))
        }
        return PromiseToPay(
            id: id, company: "acme", customerID: "C-\(id)", lines: lines, currency: .eur, promisedFor: day + 9,
            promisedOn: day, recordedBy: .imported, status: status)
    }

    @Test("Promises that hold are read with their lines, in order of the day they were made, without their verdicts")
    func read() throws {
        let books = try TestBooks()
        let day: Day = "2026-03-02"
        var again = Self.promise("A", [500, 300, 200], madeOn: day + 3, .active)
        again.judgements = [
            PromiseToPay.Judgement(
                on: day + 20, recordedAt: TestBooks.clock, state: .open, paid: Money(minorUnits: 0, currency: .eur),
                promised: Money(minorUnits: 1_000, currency: .eur), why: "a match was undone")
        ]
        let promises = [
            again, Self.promise("B", [700], madeOn: day, .active), Self.promise("C", [100], madeOn: day, .proposed),
            Self.promise("D", [100], madeOn: day, .closed), Self.promise("E", [10, 20], madeOn: day + 1, .active),
        ]
        try books.store.write { session in
            for promise in promises { try session.save(promise, at: TestBooks.clock) }
        }
        let found = try books.store.read { try $0.activePromises(company: "acme") }
        again.judgements = []
        #expect(found == [promises[1], promises[4], again])
        #expect(try books.store.read { try $0.activePromises(company: "other") } == [])
    }

    @Test(
        "Promises are read with their own lines and verdicts, in order, however many there are; judging adds verdicts")
    func judged() throws {
        let books = try TestBooks()
        let day: Day = "2026-03-02"
        func verdict(_ paid: Int64, on day: Day) -> PromiseToPay.Judgement {
            PromiseToPay.Judgement(
                on: day, recordedAt: TestBooks.clock, state: .partiallyKept,
                paid: Money(minorUnits: paid, currency: .eur), promised: Money(minorUnits: 1_000, currency: .eur),
                why: "paid \(paid)")
        }
        var promises = (0..<1_200).map { number in
            let id = "P\(1_000 + number * 7 % 1_200)"
            return Self.promise(id, number % 3 == 0 ? [500, 300, 200] : [1_000], madeOn: day + number, .active)
        }
        promises[5].judgements = [verdict(100, on: day + 20), verdict(200, on: day + 30)]
        try books.store.write { session in
            for promise in promises { try session.save(promise, at: TestBooks.clock) }
        }
        #expect(try books.store.read { try $0.promisesToJudge(company: "acme").map(\.promise) } == promises)
        #expect(try books.store.read { try $0.promisesToJudge(company: "other") } == [])

        var judged = promises[5]
        judged.judgements.append(verdict(400, on: day + 40))
        (judged.status, judged.state, judged.closedOn) = (.closed, .partiallyKept, day + 40)
        (judged.closeReason, judged.closeNote, judged.paidLateOn) = (.partiallyKept, "late", day + 41)
        judged.supersededBy = "P1"
        let before = promises[5]
        try books.store.write { try $0.save(judged: judged, before: before) }
        let stored = try books.store.read { try $0.promise(company: "acme", id: judged.id) }
        #expect(stored?.promise == judged)
        #expect(stored?.recordedAt == TestBooks.clock)
        promises[5] = judged
        #expect(try books.store.read { try $0.promises(company: "acme").map(\.promise) } == promises)
    }
}
