// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reconciliation
import Store
import Testing

/// What a run of reconcile reads, and from where.
@Suite struct MatchReadingTests {
    private static func books() throws -> TestBooks {
        let books = try TestBooks()
        try books.load([
            Make.invoice("2", 5_000, id: "I2"), Make.invoice("1", 10_000, id: "I1"),
            Make.payment(700, id: "P9", booked: "2026-03-02"), Make.payment(800, id: "P3", booked: "2026-03-02"),
            Make.payment(900, id: "P5", booked: "2026-03-01"),
        ])
        return books
    }

    @Test("Payments that wait come by day and id, whatever order they lie in, but for those that a person settled")
    func waiting() throws {
        let books = try Self.books()
        let (all, some, few) = try books.store.read { session in
            (
                try session.waitingPayments(company: "acme"),
                try session.waitingPayments(company: "acme", but: ["P3"]),
                try session.fewWaitingPayments(company: "acme", but: ["P9"])
            )
        }
        #expect(all.payments.map(\.id) == ["P5", "P3", "P9"])
        #expect(all.cash.map(\.unapplied) == [900, 800, 700])
        #expect(some.payments.map(\.id) == ["P5", "P9"])
        #expect(few.payments.map(\.id) == ["P5", "P3"])
        #expect(few.cash.map(\.amount) == [Make.eur(900), Make.eur(800)])
    }

    @Test("Of a payment of which a part was used, the books' amount stands beside what is left")
    func parts() throws {
        let books = try Self.books()
        try books.store.write { session in
            _ = try session.append(
                [books.apply("P3", to: "I1", 300, on: "2026-03-20")],
                batch: BatchInfo(
                    company: "acme", kind: "reconcile", recordedAt: TestBooks.clock, actor: "test", rule: "TEST"))
        }
        let cash = try books.store.read { try $0.waitingPayments(company: "acme").cash }
        #expect(cash.map(\.unapplied) == [900, 500, 700])
        #expect(cash.map(\.amount) == [900, 800, 700].map { Make.eur($0) })
        #expect(cash.map { $0.untouchedRow == nil } == [false, true, false])
        #expect(cash.arranged([2, 0]).map(\.unapplied) == [700, 900])
    }

    @Test("Items that were read beside a transaction are brought up to date with what it books")
    func storedItems() throws {
        let books = try Self.books()
        try books.store.write { session in
            let read = try #require(session.beside { try StoredItems($0, company: "acme") })
            try session.append(
                [books.apply("P3", to: "I1", 300, on: "2026-03-20")],
                batch: BatchInfo(
                    company: "acme", kind: "reconcile", recordedAt: TestBooks.clock, actor: "test", rule: "TEST"))
            var items = try #require(try read.take())
            func open(_ items: StoredItems) -> [Int64] { (0..<2).map { items.shelf[standing: $0].open } }
            #expect(open(items) == [5_000, 10_000])
            try items.update(session, company: "acme")
            #expect(open(items) == [5_000, 9_700])
            #expect(try open(StoredItems(session, company: "acme")) == [5_000, 9_700])
        }
    }

    @Test("A transaction reads beside itself what it found, once, and not any more when it has changed something")
    func beside() throws {
        let books = try Self.books()
        try books.store.write { session in
            let items = try #require(session.beside { try $0.matchItems(company: "acme").map(\.id) })
            #expect(try items.take() == ["I1", "I2"])
            #expect(try items.take() == nil)
            try session.bumpAccountVersion(company: "acme", customer: "C1")
            #expect(session.beside { try $0.itemsMax() } == nil)
        }
        try books.store.write { session in
            let failing = try #require(
                session.beside { session -> Int64 in
                    try session.execute("DELETE FROM item_row")
                    return 0
                })
            #expect(throws: StoreFailure.self) { try failing.take() }
            #expect(try session.itemsMax() > 0)
        }
        #expect(try books.store.read { $0.beside { _ in 0 } } == nil)
    }
    @Test("What was committed is read beside a transaction as long as it runs, and nothing that it writes")
    func committed() throws {
        let books = try Self.books()
        try books.store.write { session in
            let committed = try #require(session.committed)
            let version = try session.accountVersion(company: "acme", customer: "C1")
            try session.bumpAccountVersion(company: "acme", customer: "C1")
            #expect(session.committed == nil)
            let before = try session.movedSums(company: "acme")
            try session.append(
                [books.apply("P9", to: "I2", 300, on: "2026-03-31")],
                batch: BatchInfo(
                    company: "acme", kind: "reconcile", recordedAt: TestBooks.clock, actor: "test", rule: "TEST"))
            let versionBefore = committed.read { try $0.accountVersion(company: "acme", customer: "C1") }
            let sums = committed.read(isInTurn: true) { try $0.movedSums(company: "acme") }
            #expect(try versionBefore.take() == version)
            // What the log got since comes on top, and what is there already does not come twice.
            let whole = try session.wholeTotals(company: "acme")
            #expect(whole.moved[.eur]?[.applied] == 300)
            #expect(try session.wholeTotals(company: "acme", since: #require(try sums.take())) == whole)
            #expect(try session.wholeTotals(company: "acme", since: before) == whole)
            let now = try session.movedSums(company: "acme")
            #expect(try session.wholeTotals(company: "acme", since: now) == whole)
        }
        #expect(try books.store.read { $0.committed == nil })
    }
}
