// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Store
import Testing

@Suite struct AppendTests {
    let books: TestBooks

    init() throws {
        books = try TestBooks()
        try books.load([Make.invoice("1", 10_000, id: "I1"), Make.payment(6_000, id: "P1")])
    }

    @Test("Cash on an item lowers both, and the log says why")
    func applies() throws {
        try books.post([books.apply("P1", to: "I1", 6_000, on: "2026-03-20")])
        let item = try #require(try books.store.read { try $0.item(company: "acme", id: "I1") })
        #expect(item.balance.open == 4_000 && item.balance.cash == 6_000)
        let payment = try #require(try books.store.read { try $0.payment(company: "acme", id: "P1") })
        #expect(payment.balance.unapplied == 0)
        let kinds = try books.store.read { try $0.entryList(company: "acme", filter: EntryFilter(item: "I1")) }
        #expect(kinds.map(\.entry.kind) == [.invoiced, .applied])
        #expect(try books.violations() == [])
    }

    @Test(
        "What would break an invariant is refused and leaves nothing",
        arguments: [
            (6_001, "P1", "I1", "INVARIANT-CASH"), (10_001, "P1", "I1", "INVARIANT-OVERAPPLIED"),
            (1, "P1", "none", "ITEM-UNKNOWN"), (1, "none", "I1", "PAYMENT-UNKNOWN"),
        ])
    func refuses(_ amount: Int64, _ payment: String, _ item: String, _ code: String) throws {
        let failure = #expect(throws: StoreFailure.self) {
            try books.post([books.apply(payment, to: item, amount, on: "2026-03-20")])
        }
        #expect(failure?.code == code)
        #expect(try books.items().map(\.balance.open) == [10_000])
        #expect(try books.violations() == [])
    }

    @Test("A payment's money is spent once, whatever the number of entries")
    func spentOnce() throws {
        try books.post([books.apply("P1", to: "I1", 4_000, on: "2026-03-20")])
        #expect(throws: StoreFailure.self) {
            try books.post([books.apply("P1", to: "I1", 4_000, on: "2026-03-20")])
        }
    }

    @Test("A credit note that is netted is used up by what the invoice gains")
    func netting() throws {
        try books.load(
            [Make.invoice("CN1", -2_500, id: "CN1", kind: .creditNote)], on: "2026-03-31")
        try books.post([
            Entry(
                .netted, company: "acme", amount: Make.eur(2_500), item: "I1", counter: "CN1",
                postingDay: "2026-03-20", recordedAt: TestBooks.clock, actor: "test", rule: "TEST")
        ])
        #expect(try books.items().map { "\($0.id) \($0.balance.open)" }.sorted() == ["CN1 0", "I1 7500"])
        #expect(try books.violations() == [])
    }

    @Test("An entry in another currency is refused")
    func currency() throws {
        let failure = #expect(throws: StoreFailure.self) {
            try books.post([books.apply("P1", to: "I1", 100, on: "2026-03-20", currency: .usd)])
        }
        #expect(failure?.code == "INVARIANT-CURRENCY")
    }

    @Test("Undo restores the state exactly")
    func undo() throws {
        let before = try books.items()
        let position = try books.post([books.apply("P1", to: "I1", 6_000, on: "2026-03-20")])[0]
        let entry = try #require(
            try books.store.read { try $0.entryList(company: "acme").first { $0.seq == position }?.entry })
        try books.post([
            entry.undone(position: position, on: "2026-03-25", at: TestBooks.clock, actor: "mia", reason: "wrong")
        ])
        #expect(try books.items() == before)
        #expect(try books.violations() == [])
    }

    @Test("An account version rises for the customer that is touched and for no other")
    func versions() throws {
        try books.load([Make.invoice("2", 500, id: "I2", customer: "C2", name: "Other Ltd")], on: "2026-04-01")
        func version(_ customer: String) throws -> Int64 {
            try books.store.read { try $0.accountVersion(company: "acme", customer: customer) }
        }
        let (one, two) = (try version("C1"), try version("C2"))
        try books.post([books.apply("P1", to: "I1", 100, on: "2026-03-20")])
        #expect(try version("C1") == one + 1)
        #expect(try version("C2") == two)
    }

    @Test("Cash that the source had counted already replaces source clearing instead of lowering the item twice")
    func clearing() throws {
        try books.load([Make.invoice("3", 10_000, id: "I3", open: 4_000)], on: "2026-03-31")
        func item() throws -> OpenItem { try #require(try books.store.read { try $0.item(company: "acme", id: "I3") }) }
        #expect(try item().balance.source == 6_000)
        try books.post([books.apply("P1", to: "I3", 6_000, on: "2026-03-20")])
        #expect(try item().balance.source == 0)
        #expect(try item().balance.open == 4_000)
        #expect(try books.violations() == [])
    }

    @Test("A closed month takes no entry; a person reads the first open day in the refusal")
    func closedMonth() throws {
        _ = try books.store.write {
            try $0.closeMonth(company: "acme", Month(of: "2026-03-01"), at: TestBooks.clock, actor: "mia")
        }
        let failure = #expect(throws: StoreFailure.self) {
            try books.post([books.apply("P1", to: "I1", 100, on: "2026-03-20")])
        }
        #expect(failure?.code == "PERIOD-CLOSED")
        #expect(failure?.message.contains("2026-04-01") == true)
        try books.post([books.apply("P1", to: "I1", 100, on: "2026-04-01")])
        #expect(try books.violations() == [])
    }

    @Test("Months close in order and open in reverse, each with its name and reason in the log")
    func closeOrder() throws {
        try books.store.write { session in
            _ = try session.closeMonth(company: "acme", Month(of: "2026-03-01"), at: TestBooks.clock, actor: "mia")
            let failure = #expect(throws: StoreFailure.self) {
                try session.closeMonth(company: "acme", Month(of: "2026-05-01"), at: TestBooks.clock, actor: "mia")
            }
            #expect(failure?.code == "CLOSE-ORDER")
            try session.reopenMonth(
                company: "acme", Month(of: "2026-03-01"), at: TestBooks.clock, actor: "mia", reason: "late credit note")
            #expect(try session.period(company: "acme").closedThrough == nil)
            #expect(try session.monthCloses(company: "acme").map(\.reason) == ["late credit note"])
        }
        #expect(try books.violations() == [])
    }

    @Test("A filter by what was known leaves later entries out")
    func knownAt() throws {
        var late = books.apply("P1", to: "I1", 100, on: "2026-03-20")
        late.recordedAt = TestBooks.clock + 1000
        try books.post([late])
        let known = try books.store.read {
            try $0.entryList(company: "acme", filter: EntryFilter(item: "I1", knownAt: TestBooks.clock))
        }
        #expect(known.map(\.entry.kind) == [.invoiced])
    }
}

@Suite struct VerifyTests {
    /// One way to damage the books, and what must name it.
    struct Damage: Sendable, CustomTestStringConvertible {
        let sql: String
        let invariant: String
        var testDescription: String { invariant + ": " + sql }
    }

    @Test(
        "Every kind of tampering is found and named",
        arguments: [
            Damage(sql: "UPDATE log SET amount = amount + 1 WHERE seq = 1", invariant: "DIGEST-CHAIN"),
            Damage(sql: "UPDATE log SET actor = 'someone' WHERE seq = 1", invariant: "DIGEST-CHAIN"),
            Damage(sql: "DELETE FROM log WHERE kind = 10", invariant: "DIGEST-CHAIN"),
            Damage(sql: "DELETE FROM batch WHERE no = 1", invariant: "DIGEST-CHAIN"),
            Damage(sql: "UPDATE batch SET actor = 'someone' WHERE no = 1", invariant: "DIGEST-CHAIN"),
            Damage(sql: "UPDATE item_row SET amount = amount - 1", invariant: "ITEM-BALANCE"),
            Damage(sql: "UPDATE item_settled SET cash = cash + 1", invariant: "ITEM-BALANCE"),
            Damage(sql: "DELETE FROM item_settled", invariant: "ITEM-BALANCE"),
            Damage(sql: "DELETE FROM item_row", invariant: "ITEM-BALANCE"),
            Damage(sql: "UPDATE payment_row SET booked = booked + 1", invariant: "CASH-BALANCE"),
            Damage(sql: "UPDATE payment_balance SET unapplied = 0", invariant: "CASH-BALANCE"),
            Damage(sql: "DELETE FROM payment_balance", invariant: "CASH-BALANCE"),
        ])
    func tampering(_ damage: Damage) throws {
        let books = try TestBooks()
        try books.load([Make.invoice("1", 10_000, id: "I1"), Make.payment(6_000, id: "P1")])
        try books.post([books.apply("P1", to: "I1", 5_000, on: "2026-03-20")])
        #expect(try books.violations() == [])
        try books.store.write { try $0.script(damage.sql) }
        #expect(try books.violations().first?.invariant == damage.invariant)
    }

    @Test("A closed month that changed afterwards is found")
    func monthDigest() throws {
        let books = try TestBooks()
        try books.load([Make.invoice("1", 10_000, id: "I1")])
        try books.store.write { session in
            _ = try session.closeMonth(company: "acme", Month(of: "2026-03-01"), at: TestBooks.clock, actor: "mia")
            try session.script("UPDATE log SET posting_day = posting_day + 1 WHERE seq = 1")
        }
        #expect(try books.violations().map(\.invariant).contains("MONTH-DIGEST"))
    }

    @Test("Erasing personal data leaves a clean verification")
    func erasure() throws {
        let books = try TestBooks()
        try books.load([Make.invoice("1", 10_000, id: "I1"), Make.payment(6_000, id: "P1", text: "thanks, Jan")])
        try books.store.write { session in
            try session.script("DELETE FROM payment_text; DELETE FROM customer_contact")
        }
        #expect(try books.violations() == [])
    }
}
