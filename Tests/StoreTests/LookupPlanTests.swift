// SPDX-License-Identifier: Apache-2.0
import Store
import Testing

/// Which index a statement that runs once for each of many rows goes by.
@Suite struct LookupPlanTests {
    @Test("An exception is resolved by its subject, however many of its kind are open")
    func resolving() throws {
        let books = try TestBooks()
        let plan = try books.store.read { session in
            try session.rows("EXPLAIN QUERY PLAN " + Session.resolving, ["done", 0, "acme", "PROMISE-WAITING", "R1"]) {
                $0.text(3)
            }
        }
        #expect(plan.contains { $0.contains("exception_subject") }, "\(plan)")
    }

    @Test(
        "What is read of many ids is looked up for each of them, in the order of the ids",
        arguments: [
            (Session.itemCashes, ["log_item", "payment_id"]), (Session.itemAmounts, ["item_id"]),
            (Session.itemOwners, ["item_id"]),
            (Session.promiseLines, ["sqlite_autoindex_promise_line_1"]),
            (Session.promiseVerdicts, ["sqlite_autoindex_promise_judgement_1"]),
        ])
    func manyIDs(sql: String, indexes: [String]) throws {
        let books = try TestBooks()
        let plan = try books.store.read { session in
            try session.rows("EXPLAIN QUERY PLAN " + sql, [nil, "acme"]) { $0.text(3) }
        }
        #expect(plan.first?.contains("SCAN r") == true, "\(plan)")
        for index in indexes { #expect(plan.contains { $0.contains(" \(index) ") }, "\(plan)") }
        #expect(!plan.dropFirst().contains { $0.contains("SCAN") || $0.contains("TEMP") }, "\(plan)")
    }
}
