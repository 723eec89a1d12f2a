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
}
