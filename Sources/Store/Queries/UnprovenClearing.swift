// SPDX-License-Identifier: Apache-2.0
package import Documents
import Ledger

/// Source clearing of one currency that has stood for long.
package struct UnprovenClearing: Hashable, Sendable {
    package var currency: Currency
    package var items: Int64
    /// Minor units; claims and credit notes alike count with what is cleared of them.
    package var amount: Int64
    /// The number of the item that has waited longest, and the business day its clearing was posted for.
    package var oldest: String
    package var since: Day
}

extension Session {
    /// Items that still have source clearing whose last entry is for this day or before, per currency.
    package func unprovenClearing(company: String, through day: Day) throws -> [UnprovenClearing] {
        try rows(
            """
            WITH old AS (
                SELECT i.currency, i.source, i.number, i.id,
                    (SELECT MAX(COALESCE(l.business_day, l.posting_day)) FROM log l
                        WHERE l.company = i.company AND l.item = i.id AND l.kind > 2 AND l.kind = ?) AS since
                FROM item i WHERE i.company = ? AND i.source <> 0 AND i.stated_as_of IS NOT NULL),
            ranked AS (
                SELECT currency, source, number, since, ROW_NUMBER() OVER (
                    PARTITION BY currency ORDER BY since, number, id) AS place
                FROM old WHERE since <= ?)
            SELECT currency, COUNT(*), SUM(ABS(source)), MAX(CASE WHEN place = 1 THEN number END), MIN(since)
            FROM ranked GROUP BY currency ORDER BY currency
            """, [Entry.Kind.sourceClearing.rawValue, company, day]
        ) { row in
            UnprovenClearing(
                currency: try row.currency("currency"), items: row.int(1), amount: row.int(2), oldest: row.text(3),
                since: row.day(4))
        }
    }
}
