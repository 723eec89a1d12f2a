// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Store
import Testing

/// Balances stand in narrow tables of their own; readers see them beside what the documents say.
@Suite struct BalanceTableTests {
    /// One item that cash settled in part, one that its source calls paid, and one that nothing touched; money that is
    /// used, that waits, that went out, and whose payer the machine or a person named.
    private static func books() throws -> TestBooks {
        let books = try TestBooks()
        try books.load([
            Make.invoice("1", 10_000, id: "I1"), Make.invoice("2", 5_000, id: "I2", open: 0),
            Make.invoice("3", 8_000, id: "I3"),
            Make.payment(6_000, id: "P1"), Make.payment(4_500, id: "P2"), Make.payment(700, id: "P3"),
            Make.payment(-500, id: "P4"),
        ])
        try books.post([books.apply("P1", to: "I1", 5_000, on: "2026-03-20")])
        try books.store.write { session in
            try session.execute("UPDATE payment_balance SET customer = 'C1' WHERE no = (\(Self.payment("P1")))")
            try session.setCustomer("C2", payment: "P3", company: "acme")
        }
        return books
    }

    private static func payment(_ id: String) -> String { "SELECT no FROM payment_row WHERE id = '\(id)'" }

    /// Each row as readers see it.
    private static func rows(_ store: StoreFile, _ table: String) throws -> [String] {
        try store.read { session in
            let columns = try session.rows("SELECT name FROM pragma_table_info(?) ORDER BY name", [table]) {
                $0.text(0)
            }
            return try session.rows("SELECT \(columns.joined(separator: ", ")) FROM \(table) ORDER BY no") { row in
                columns.indices.map { "\(columns[$0]) \(row.value($0))" }.joined(separator: ", ")
            }
        }
    }

    /// The tables as version 19 of the schema had them.
    private static func takeBack(_ session: Session) throws {
        let settling = [
            "cash", "credit", "discount", "fee", "withholding", "write_off", "rounding", "exchange", "provider", "open",
        ]
        let using = ["applied", "set_aside", "consumed", "unapplied"]
        func add(_ columns: [String], to table: String) throws {
            for column in columns {
                try session.script(
                    """
                    ALTER TABLE \(table)_row ADD COLUMN \(column) INTEGER NOT NULL DEFAULT 0;
                    UPDATE \(table)_row SET \(column) = (SELECT v.\(column) FROM \(table) v WHERE v.no = \(table)_row.no)
                    """)
            }
        }
        try add(settling, to: "item")
        try add(using, to: "payment")
        try session.script(
            """
            ALTER TABLE consent ADD COLUMN proven INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE promise_record DROP COLUMN is_currency_stated;
            DROP TABLE match_pattern;
            ALTER TABLE tier_change DROP COLUMN confirmed; ALTER TABLE tier_change DROP COLUMN refused;
            ALTER TABLE tier_change DROP COLUMN undone; ALTER TABLE tier_change DROP COLUMN actor;
            ALTER TABLE tier_change DROP COLUMN reason;
            CREATE TABLE guessed_customer(payment INTEGER PRIMARY KEY) STRICT;
            INSERT INTO guessed_customer
                SELECT no FROM payment WHERE named_customer IS NULL AND customer IS NOT NULL;
            UPDATE payment_row SET customer = (SELECT b.customer FROM payment_balance b WHERE b.no = payment_row.no);
            DROP VIEW item; DROP VIEW payment; DROP TRIGGER judged_day;
            DROP TABLE item_settled; DROP TABLE payment_balance;
            ALTER TABLE item_row RENAME TO item; ALTER TABLE payment_row RENAME TO payment;
            CREATE INDEX payment_waiting ON payment(company, customer) WHERE unapplied <> 0;
            CREATE TRIGGER judged_day AFTER UPDATE OF booked_on, valued_on ON payment
                WHEN OLD.applied <> 0 AND (NEW.booked_on IS NOT OLD.booked_on OR NEW.valued_on IS NOT OLD.valued_on)
                BEGIN DELETE FROM judged_state WHERE company = OLD.company; END;
            PRAGMA user_version=19
            """)
    }

    @Test(
        "A balance without its document, a document without its balance and two customers of one payment are told",
        arguments: [
            "INSERT INTO item_settled SELECT no + 1000, \(settled) FROM item_settled",
            "INSERT INTO payment_balance SELECT no + 1000, company, customer, 0, 0, 0, 0 FROM payment_balance",
            "DELETE FROM payment_balance WHERE no = (\(payment("P4")))",
            "UPDATE payment_balance SET customer = 'C9' WHERE no = (\(payment("P3")))",
        ])
    func tampered(_ sql: String) throws {
        let books = try Self.books()
        #expect(try books.violations() == [])
        let changed = try books.store.write { try $0.execute(sql) }
        try #require(changed > 0)
        #expect(try books.violations().contains { $0.invariant == "BALANCE-ROWS" })
    }

    private static let settled = "cash, credit, discount, fee, withholding, write_off, rounding, exchange, provider"

    @Test("A ledger of the schema before is brought up to date with all its balances")
    func migration() throws {
        let books = try Self.books()
        let (items, payments) = (try Self.rows(books.store, "item"), try Self.rows(books.store, "payment"))
        #expect(items.count == 3)
        #expect(payments.count == 4)
        try books.store.write { try Self.takeBack($0) }
        try books.store.close()

        let again = try StoreFile(path: books.path)
        #expect(try Self.rows(again, "item") == items)
        #expect(try Self.rows(again, "payment") == payments)
        #expect(try again.verify(company: "acme") == [])
        let waiting = try again.read { try $0.unappliedCash(company: "acme", customer: "C2") }
        #expect(waiting == [Make.eur(700)])
        // What follows is booked as before.
        try again.write { session in
            let info = BatchInfo(
                company: "acme", kind: "reconcile", recordedAt: TestBooks.clock, actor: "test", rule: "TEST")
            try session.append([books.apply("P2", to: "I3", 4_500, on: "2026-03-21")], batch: info)
        }
        #expect(try again.read { try $0.item(company: "acme", id: "I3")?.open } == Make.eur(3_500))
        #expect(try again.verify(company: "acme") == [])
    }

    @Test("An item that nothing settled has no row among the balances, and one that was opened again keeps its own")
    func onlySettled() throws {
        let books = try Self.books()
        #expect(try books.count("item_settled") == 1)
        try books.post([books.apply("P1", to: "I1", -5_000, on: "2026-03-21")])
        #expect(try books.count("item_settled") == 1)
        #expect(try books.store.read { try $0.item(company: "acme", id: "I1")?.open } == Make.eur(10_000))
        try books.post([books.apply("P1", to: "I1", 6_000, on: "2026-03-22")])
        #expect(try books.store.read { try $0.item(company: "acme", id: "I1")?.open } == Make.eur(4_000))
        #expect(try books.violations() == [])
    }

    @Test("The machine's guess whose money it is stands beside what the source says")
    func guesses() throws {
        let books = try Self.books()
        let found = try books.store.read { session in
            try session.rows("SELECT id, customer, named_customer FROM payment ORDER BY id") { row in
                [row.text(0), row.optionalText(1) ?? "–", row.optionalText(2) ?? "–"].joined(separator: " ")
            }
        }
        #expect(found == ["P1 C1 –", "P2 – –", "P3 C2 C2", "P4 – –"])
    }

    @Test("Only the day of cash that is on an item asks every verdict again", arguments: [("P1", 0), ("P2", 1)])
    func judgedDay(payment: String, states: Int64) throws {
        let books = try Self.books()
        try books.store.write { session in
            try session.execute("INSERT INTO judged_state(company, seq) VALUES ('acme', 1)")
            try session.execute("UPDATE payment_row SET booked_on = booked_on + 1 WHERE id = ?", [payment])
        }
        #expect(try books.count("judged_state") == states)
    }

    /// The view is taken apart, so that the tables' indexes lead to what is asked for.
    @Test(
        "No reader of a part reads all of it",
        arguments: [
            "SELECT open FROM item WHERE company = 'acme' AND customer = 'C1' AND open <> 0 ORDER BY due_on",
            "SELECT open FROM item WHERE company = 'acme' AND id = 'I1'",
            "SELECT i.open FROM log l CROSS JOIN item i ON i.id = l.item AND i.company = l.company WHERE l.seq > 5",
            "SELECT unapplied FROM payment WHERE company = 'acme' AND id = 'P1' AND applied <> 0",
            "SELECT unapplied FROM payment WHERE no = 5 AND +company = 'acme' AND applied <> 0",
            "SELECT amount FROM log WHERE company = 'acme' AND item = 'I1' AND kind > 2",
            "SELECT amount FROM log WHERE company = 'acme' AND decision = 'D1'",
            """
            SELECT i.open, p.unapplied FROM decision d JOIN payment p ON p.company = d.company AND p.id = d.payment_id
                JOIN decision_line l ON l.decision = d.no JOIN item i ON i.company = d.company AND i.id = l.item_id
            WHERE d.company = 'acme' AND d.id = 'D1' AND p.unapplied > 0 AND i.open > 0
            """,
        ])
    func plans(query: String) throws {
        let books = try TestBooks()
        let plan = try books.store.read { session in try session.rows("EXPLAIN QUERY PLAN " + query) { $0.text(3) } }
        #expect(
            !plan.contains { $0.contains("SCAN") || $0.contains("MATERIALIZE") || $0.contains("AUTOMATIC") }, "\(plan)")
    }
}
