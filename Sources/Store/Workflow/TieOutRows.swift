// SPDX-License-Identifier: Apache-2.0
package import Documents

/// An open item of a source, for comparing what the source states with what is held here.
package struct SourceItem: Hashable, Sendable {
    package var customerID: String
    package var number: String
    package var open: Money
    package var amount: Money
}

extension Session {
    /// Items that came from a source and are open, or were stated as open, in order of customers and numbers.
    package func sourceItems(company: String, source: String) throws -> [SourceItem] {
        try rows(
            """
            SELECT i.customer, i.number, i.open, i.amount, i.currency FROM item i
            JOIN invoice v ON v.company = i.company AND v.id = COALESCE(i.parent_id, i.id)
            WHERE i.company = ? AND v.source = ? AND (i.open <> 0 OR i.stated <> 0)
            ORDER BY i.customer, i.number, i.id
            """, [company, source]
        ) { row in
            let currency = try row.currency("currency")
            return SourceItem(
                customerID: row.text(0), number: row.text(1),
                open: Money(minorUnits: row.int(2), currency: currency),
                amount: Money(minorUnits: row.int(3), currency: currency))
        }
    }
}
