// SPDX-License-Identifier: Apache-2.0
package import Reconciliation

extension NearLedger {
    /// The same part with what decisions want to see beside.
    package func neighbourhood(widenedBy wanted: Wanted) throws -> Neighbourhood {
        for id in wanted.customers where whole.insert(id).inserted {
            try takeCustomer(id)
            try session.execute(
                """
                INSERT OR IGNORE INTO near_new(no) SELECT no FROM item_row
                WHERE customer = ? AND company = ? AND no NOT IN (SELECT no FROM near_followed)
                """, [id, company])
        }
        try takeCredits(wanted.credits)
        try follow()
        // What follows is compared with, and nothing else of its customers is.
        for one in wanted.amounts where listedOf.insert(one).inserted { try takeItems(of: one) }
        for amount in wanted.counts { try count(amount) }
        for key in wanted.words where readWords.insert(key).inserted {
            let found = try customers(ofWord: key)
            words[key] = found.count
            guard found.count <= Frequencies.customersOfWordMax else { continue }
            for no in found { try takeCustomer(name(of: 0 - no).id) }
        }
        for key in wanted.texts where searched.insert(key).inserted {
            for no in try numbers(byKey, scope.text(key)) where no > 0 { try takeItem(no) }
        }
        return try read()
    }

    /// Credit notes, open or closed, and what is paid too much.
    private func takeCredits(_ customers: [String]) throws {
        for id in customers where credited.insert(id).inserted {
            try session.execute(
                "INSERT OR IGNORE INTO near_owned(no) SELECT no FROM item_row WHERE customer = ? AND company = ?",
                [id, company])
        }
        // As they lie in the table: each page of it is read once.
        try session.script(
            """
            INSERT OR IGNORE INTO near_new(no) SELECT i.no FROM near_owned n CROSS JOIN item i ON i.no = n.no
            WHERE (i.amount < 0 OR i.open < 0) AND i.no NOT IN (SELECT no FROM near_followed);
            DELETE FROM near_owned
            """)
    }

    /// The customer's items that ask for the amount, or are settled by it otherwise.
    private func takeItems(of one: CustomerAmount) throws {
        let key = scope.amount(one.amount)
        let settled = try Set(settled(by: one.amount))
        let found = try session.rows(
            """
            SELECT i.no, a.key FROM item_row i LEFT JOIN match_ask a ON a.no = i.no
            WHERE i.customer = ? AND i.company = ?
            """, [one.customer, company]
        ) { (no: $0.int(0), asked: $0.optionalInt(1)) }
        for item in found where item.asked == key || settled.contains(item.no) { try takeItem(item.no) }
    }
}
