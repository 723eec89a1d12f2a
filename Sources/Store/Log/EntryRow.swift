// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Ledger

/// An entry with its place in the log.
package struct LoggedEntry: Hashable, Sendable {
    package let seq: Int64
    package let batch: Int64
    package let entry: Entry
}

/// Which entries to stream; what is nil does not limit.
package struct EntryFilter: Hashable, Sendable {
    package var item: String?
    package var payment: String?
    package var customer: String?
    package var decision: String?
    package var kinds: [Entry.Kind] = []
    package var postingFrom: Day?
    package var postingThrough: Day?
    /// What was known then: only entries recorded at or before.
    package var knownAt: Timestamp?

    package init(
        item: String? = nil, payment: String? = nil, customer: String? = nil, decision: String? = nil,
        kinds: [Entry.Kind] = [], postingFrom: Day? = nil, postingThrough: Day? = nil, knownAt: Timestamp? = nil
    ) {
        self.item = item
        self.payment = payment
        self.customer = customer
        self.decision = decision
        self.kinds = kinds
        self.postingFrom = postingFrom
        self.postingThrough = postingThrough
        self.knownAt = knownAt
    }
}

extension Session {
    /// Streams the log's rows as entries, in the order in which they were written.
    package func entries(
        company: String, filter: EntryFilter = EntryFilter(), _ body: (LoggedEntry) throws -> Void
    ) throws {
        var conditions = ["l.company = ?"]
        var arguments: [(any Bindable)?] = [company]
        func limit(_ condition: String, _ values: (any Bindable)?...) {
            conditions.append(condition)
            arguments += values
        }
        // The entry that made the item or payment is not in the partial index; its own row names it.
        if let item = filter.item {
            limit(
                """
                l.seq IN (SELECT seq FROM log WHERE company = ? AND item = ? AND kind > 2
                    UNION SELECT seq FROM log WHERE company = ? AND counter = ?
                    UNION SELECT first_seq FROM item WHERE company = ? AND id = ?)
                """, company, item, company, item, company, item)
        }
        if let payment = filter.payment {
            limit(
                """
                l.seq IN (SELECT seq FROM log WHERE company = ? AND payment = ? AND kind NOT IN (10, 11)
                    UNION SELECT seq FROM log WHERE company = ? AND counter = ?
                    UNION SELECT first_seq FROM payment WHERE company = ? AND id = ?)
                """, company, payment, company, payment, company, payment)
        }
        if let customer = filter.customer { limit("l.customer = ?", customer) }
        if let decision = filter.decision { limit("l.decision = ?", decision) }
        if !filter.kinds.isEmpty {
            limit("l.kind IN (" + filter.kinds.map { String($0.rawValue) }.joined(separator: ", ") + ")")
        }
        if let day = filter.postingFrom { limit("l.posting_day >= ?", day) }
        if let day = filter.postingThrough { limit("l.posting_day <= ?", day) }
        if let time = filter.knownAt { limit("COALESCE(l.recorded_at, b.recorded_at) <= ?", time) }
        let sql = """
            SELECT l.seq, l.batch, l.kind, l.company, l.currency, l.amount, l.item, l.payment, l.counter,
                l.customer, l.posting_day, COALESCE(l.business_day, l.posting_day),
                COALESCE(l.recorded_at, b.recorded_at), COALESCE(l.actor, b.actor), l.reason,
                COALESCE(l.rule, b.rule), l.decision, l.undoes
            FROM log l JOIN batch b ON b.no = l.batch
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY l.seq
            """
        try each(sql, arguments) { try body(try Self.entry($0)) }
    }

    package func entryList(company: String, filter: EntryFilter = EntryFilter()) throws -> [LoggedEntry] {
        var result: [LoggedEntry] = []
        try entries(company: company, filter: filter) { result.append($0) }
        return result
    }

    private static func entry(_ row: Row) throws -> LoggedEntry {
        guard let kind = Entry.Kind(rawValue: Int(row.int(2))), let currency = Currency(row.text(4)) else {
            throw StoreFailure("STORE-DAMAGED", "log row \(row.int(0)) has an unknown kind or currency; run verify")
        }
        let entry = Entry(
            kind, company: row.text(3), amount: Money(minorUnits: row.int(5), currency: currency),
            item: row.optionalText(6), payment: row.optionalText(7), counter: row.optionalText(8),
            customer: row.optionalText(9), postingDay: row.day(10), businessDay: row.day(11),
            recordedAt: row.time(12), actor: row.text(13), reason: row.optionalText(14), rule: row.text(15),
            decision: row.optionalText(16), undoes: row.optionalInt(17))
        return LoggedEntry(seq: row.int(0), batch: row.int(1), entry: entry)
    }
}
