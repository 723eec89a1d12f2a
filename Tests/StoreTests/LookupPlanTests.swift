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
}
