// SPDX-License-Identifier: Apache-2.0
package import Documents
import Trees

/// An exception with when it was raised and resolved.
package struct StoredException: Hashable, Sendable {
    package var record: ExceptionRecord
    package var raisedOn: Day
    package var resolvedBy: String?

    package init(record: ExceptionRecord, raisedOn: Day, resolvedBy: String? = nil) {
        self.record = record
        self.raisedOn = raisedOn
        self.resolvedBy = resolvedBy
    }
}

extension Session {
    /// Raises an exception. The same matter raised again changes nothing while it is open; once it was resolved it
    /// opens again.
    package func raise(_ record: ExceptionRecord, on day: Day, at time: Timestamp) throws {
        let context = Node.list(record.context.map { .list([.text($0.name), .text($0.value)]) }).json
        try execute(
            """
            INSERT INTO exception(company, id, kind, customer_id, subject, message, context, owner, due_on, state,
                resolution, raised_on, recorded_at) VALUES(?,?,?,?,?,?,?,?,?,'open',NULL,?,?)
            ON CONFLICT(company, id) DO UPDATE SET state = 'open', message = excluded.message,
                context = excluded.context, due_on = excluded.due_on, raised_on = excluded.raised_on,
                recorded_at = excluded.recorded_at, resolution = NULL, resolved_at = NULL, resolved_by = NULL
            WHERE exception.state <> 'open'
            """,
            [
                record.company, record.id, record.kind, record.customerID, record.subject, record.message, context,
                record.owner, record.dueOn, day, time,
            ])
    }

    package func exceptions(company: String, openOnly: Bool, customer: String? = nil) throws -> [StoredException] {
        let asked = Conditions(company: company).and("customer_id = ?", customer).and("state = 'open'", when: openOnly)
        return try rows(
            "SELECT * FROM exception \(asked.sql) ORDER BY due_on, raised_on, kind, subject", asked.values,
            Self.exception)
    }

    /// Open ones of one kind.
    package func openExceptions(company: String, kind: String) throws -> [StoredException] {
        try rows(
            """
            SELECT * FROM exception WHERE company = ? AND kind = ? AND state = 'open'
            ORDER BY due_on, raised_on, kind, subject
            """, [company, kind], Self.exception)
    }

    /// Whom or what the open ones of one kind are about.
    package func openSubjects(company: String, kind: String) throws -> Set<String> {
        Set(
            try rows(
                "SELECT subject FROM exception WHERE company = ? AND kind = ? AND state = 'open'", [company, kind]
            ) {
                $0.text(0)
            })
    }

    package func exception(company: String, id: String) throws -> StoredException? {
        try first("SELECT * FROM exception WHERE company = ? AND id = ?", [company, id], Self.exception)
    }

    package func assignException(company: String, id: String, owner: String, dueOn: Day?) throws {
        try execute(
            "UPDATE exception SET owner = ?, due_on = coalesce(?, due_on) WHERE company = ? AND id = ?",
            [owner, dueOn, company, id])
    }

    package func resolveException(
        company: String, id: String, resolution: String, by actor: String, at time: Timestamp
    ) throws {
        try execute(
            """
            UPDATE exception SET state = 'resolved', resolution = ?, resolved_by = ?, resolved_at = ?
            WHERE company = ? AND id = ? AND state = 'open'
            """, [resolution, actor, time, company, id])
    }

    /// Of one subject: a kind may have many open, a subject has few.
    package static let resolving = """
        UPDATE exception SET state = 'resolved', resolution = ?, resolved_by = 'tieout', resolved_at = ?
        WHERE company = ? AND +kind = ? AND subject = ? AND state = 'open'
        """

    /// The matter is over by itself: a decision came, the money was matched.
    package func resolveExceptions(
        company: String, kind: String, subject: String, resolution: String, at time: Timestamp
    ) throws {
        try execute(Self.resolving, [resolution, time, company, kind, subject])
    }

    private static func exception(_ row: Row) throws -> StoredException {
        var record = ExceptionRecord(
            row.text("kind"), company: row.text("company"), customerID: row.optionalText("customer_id"),
            subject: row.text("subject"), message: row.text("message"), owner: row.optionalText("owner"),
            dueOn: row.day("due_on"))
        record.id = row.text("id")
        record.state = ExceptionRecord.State(rawValue: row.text("state")) ?? .open
        record.resolution = row.optionalText("resolution")
        return StoredException(
            record: record, raisedOn: row.day("raised_on"), resolvedBy: row.optionalText("resolved_by"))
    }
}
