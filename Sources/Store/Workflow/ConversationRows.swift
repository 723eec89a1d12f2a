// SPDX-License-Identifier: Apache-2.0
package import Documents

/// A message as it was decided, without its words.
package struct StoredMessage: Hashable, Sendable {
    package var id: String
    package var customerID: String
    package var purpose: Message.Purpose
    package var step: Int
    package var period: String
    package var revision: Int
    package var language: String
    package var plannedOn: Day
    package var createdAt: Timestamp
    package var accountVersion: Int64
    package var freshUntil: Day
    package var cancelReason: String?
    /// The latest revision's payload, JSON.
    package var payload: String
}

/// One line of a kept plan: said or not, and every gate's answer.
package struct StoredPlanLine: Hashable, Sendable {
    package var day: Day
    package var customerID: String
    package var messageID: String?
    package var purpose: String
    package var step: Int
    package var verdict: String
    package var rule: String?
    /// Gates with their answers, JSON.
    package var detail: String

    package init(
        day: Day, customerID: String, messageID: String?, purpose: String, step: Int, verdict: String, rule: String?,
        detail: String
    ) {
        self.day = day
        self.customerID = customerID
        self.messageID = messageID
        self.purpose = purpose
        self.step = step
        self.verdict = verdict
        self.rule = rule
        self.detail = detail
    }
}

extension Session {
    /// Keeps a message or its new revision with the payload as it was decided.
    package func save(
        _ message: Message, payload: String, plannedOn day: Day, accountVersion: Int64, at time: Timestamp
    ) throws {
        try execute(
            """
            INSERT INTO message(company, id, customer_id, purpose, step, period, revision, language, planned_on,
                created_at, account_version, not_before, not_after, fresh_until) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)
            ON CONFLICT(company, id) DO UPDATE SET revision = excluded.revision, language = excluded.language,
                account_version = excluded.account_version, not_before = excluded.not_before,
                not_after = excluded.not_after, fresh_until = excluded.fresh_until, cancel_reason = NULL
            """,
            [
                message.company, message.id, message.customerID, message.purpose.rawValue, message.step,
                message.period, message.revision, message.language, day, time, accountVersion, message.notBefore,
                message.notAfter, message.freshUntil,
            ])
        try execute(
            """
            INSERT INTO message_payload(company, message_id, revision, payload) VALUES(?,?,?,?)
            ON CONFLICT(company, message_id, revision) DO UPDATE SET payload = excluded.payload
            """, [message.company, message.id, message.revision, payload])
        try execute("DELETE FROM message_item WHERE company = ? AND message_id = ?", [message.company, message.id])
        for line in message.facts.lines {
            try execute(
                "INSERT INTO message_item(company, message_id, item_id, open, currency) VALUES(?,?,?,?,?)",
                [message.company, message.id, line.itemID, line.open.minorUnits, line.open.currency])
        }
    }

    package func message(company: String, id: String) throws -> StoredMessage? {
        try first(Self.messageQuery + " WHERE m.company = ? AND m.id = ?", [company, id], Self.message)
    }

    package func messages(company: String, customer: String? = nil) throws -> [StoredMessage] {
        let asked = Conditions(company: company, "m.company").and("m.customer_id = ?", customer)
        return try rows(Self.messageQuery + " \(asked.sql) ORDER BY m.created_at, m.id", asked.values, Self.message)
    }

    /// The items a message speaks of.
    package func messageItems(company: String, message: String) throws -> [String] {
        try rows(
            "SELECT item_id FROM message_item WHERE company = ? AND message_id = ? ORDER BY item_id",
            [company, message]
        ) { $0.text(0) }
    }

    /// Marks a fresh decision that found nothing changed.
    package func refresh(
        message id: String, company: String, accountVersion: Int64, freshUntil: Day
    ) throws {
        try execute(
            "UPDATE message SET account_version = ?, fresh_until = ? WHERE company = ? AND id = ?",
            [accountVersion, freshUntil, company, id])
    }

    package func setCancelReason(_ reason: String, message id: String, company: String) throws {
        try execute(
            "UPDATE message SET cancel_reason = ? WHERE company = ? AND id = ?", [reason, company, id])
    }

    private static let messageQuery = """
        SELECT m.*, p.payload FROM message m JOIN message_payload p
            ON p.company = m.company AND p.message_id = m.id AND p.revision = m.revision
        """

    private static func message(_ row: Row) throws -> StoredMessage {
        guard let purpose = Message.Purpose(rawValue: row.text("purpose")) else {
            throw StoreFailure("STORE-DAMAGED", "message \(row.text("id")) has an unknown purpose")
        }
        return StoredMessage(
            id: row.text("id"), customerID: row.text("customer_id"), purpose: purpose, step: Int(row.int("step")),
            period: row.text("period"), revision: Int(row.int("revision")), language: row.text("language"),
            plannedOn: row.day("planned_on"), createdAt: row.time("created_at"),
            accountVersion: row.int("account_version"), freshUntil: row.day("fresh_until"),
            cancelReason: row.optionalText("cancel_reason"), payload: row.text("payload"))
    }

    /// Keeps a confirmation.
    /// - Returns: false when it was seen before.
    package func add(_ confirmation: Confirmation, id: String, company: String, at time: Timestamp) throws -> Bool {
        try execute(
            """
            INSERT INTO confirmation(company, id, message_id, kind, provider, provider_id, at, error_code, recorded_at)
            VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(company, id) DO NOTHING
            """,
            [
                company, id, confirmation.messageID, confirmation.kind.rawValue, confirmation.provider,
                confirmation.providerID, confirmation.at, confirmation.errorCode, time,
            ]) > 0
    }

    package func confirmations(company: String, message: String) throws -> [Confirmation] {
        try rows(
            "SELECT * FROM confirmation WHERE company = ? AND message_id = ? ORDER BY at, id", [company, message]
        ) { row in
            Confirmation(
                id: row.text("id"), messageID: message,
                kind: Confirmation.Kind(rawValue: row.text("kind")) ?? .accepted,
                provider: row.optionalText("provider"), providerID: row.optionalText("provider_id"),
                at: row.time("at"), errorCode: row.optionalText("error_code"))
        }
    }

    /// Keeps a signal with what was made of it.
    /// - Returns: false when it was seen before.
    package func add(_ signal: Signal, outcome: String, payload: String, at time: Timestamp) throws -> Bool {
        try execute(
            """
            INSERT INTO signal(company, id, customer_id, kind, at, message_id, outcome, payload, recorded_at)
            VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(company, id) DO NOTHING
            """,
            [
                signal.company, signal.id, signal.customerID, signal.kind.rawValue, signal.at, signal.messageID,
                outcome, payload, time,
            ]) > 0
    }

    package func hasSignal(company: String, id: String) throws -> Bool {
        try first("SELECT 1 FROM signal WHERE company = ? AND id = ?", [company, id]) { _ in true } ?? false
    }

    /// When a customer last said something of a kind; nil when they never did.
    package func lastSignal(company: String, customer: String, kind: Signal.Kind) throws -> Timestamp? {
        try first(
            "SELECT MAX(at) FROM signal WHERE company = ? AND customer_id = ? AND kind = ?",
            [company, customer, kind.rawValue]
        ) { $0.optionalTime(0) } ?? nil
    }

    /// When the customer's telephone number in the master data was last changed; nil when it is still the first.
    package func phoneChangedAt(company: String, customer: String) throws -> Timestamp? {
        try first(
            """
            SELECT MAX(r.recorded_at) FROM document_change d JOIN import_run r ON r.no = d.import_no
            WHERE d.company = ? AND d.id = ? AND d.entity = 'customer' AND d.field = 'phone'
            """, [company, customer]
        ) { $0.optionalTime(0) } ?? nil
    }

    /// Replaces a day's kept plan lines of one customer.
    package func save(_ lines: [StoredPlanLine], day: Day, customer: String, company: String, at time: Timestamp) throws
    {
        try execute(
            "DELETE FROM plan_line WHERE company = ? AND day = ? AND customer_id = ?", [company, day, customer])
        for (n, line) in lines.enumerated() {
            try execute(
                """
                INSERT INTO plan_line(company, day, customer_id, n, message_id, purpose, step, verdict, rule, detail,
                    recorded_at) VALUES(?,?,?,?,?,?,?,?,?,?,?)
                """,
                [
                    company, day, customer, n, line.messageID, line.purpose, line.step, line.verdict, line.rule,
                    line.detail, time,
                ])
        }
    }

    package func planLines(
        company: String, customer: String? = nil, message: String? = nil, from: Day? = nil, through: Day? = nil
    ) throws -> [StoredPlanLine] {
        let asked = Conditions(company: company).and("customer_id = ?", customer).and("message_id = ?", message)
            .and("day >= ?", from).and("day <= ?", through)
        return try rows("SELECT * FROM plan_line \(asked.sql) ORDER BY day, customer_id, n", asked.values) { row in
            StoredPlanLine(
                day: row.day("day"), customerID: row.text("customer_id"), messageID: row.optionalText("message_id"),
                purpose: row.text("purpose"), step: Int(row.int("step")), verdict: row.text("verdict"),
                rule: row.optionalText("rule"), detail: row.text("detail"))
        }
    }

    /// Keeps what was decided about a message when it was about to be handed over.
    package func add(
        _ decision: StoredRedecision, message: String, company: String
    ) throws {
        try execute(
            """
            INSERT INTO redecision(company, message_id, revision, at, day, verdict, rule, sentence, detail)
            VALUES(?,?,?,?,?,?,?,?,?)
            """,
            [
                company, message, decision.revision, decision.at, decision.day, decision.verdict, decision.rule,
                decision.sentence, decision.detail,
            ])
    }

    package func redecisions(company: String, message: String) throws -> [StoredRedecision] {
        try rows(
            "SELECT * FROM redecision WHERE company = ? AND message_id = ? ORDER BY no", [company, message]
        ) { row in
            StoredRedecision(
                revision: Int(row.int("revision")), at: row.time("at"), day: row.day("day"),
                verdict: row.text("verdict"), rule: row.optionalText("rule"),
                sentence: row.optionalText("sentence"), detail: row.text("detail"))
        }
    }
}

/// What was decided about a message at hand-over: `send`, `revise`, `hold` or `cancel`.
package struct StoredRedecision: Hashable, Sendable {
    package var revision: Int
    package var at: Timestamp
    package var day: Day
    package var verdict: String
    package var rule: String?
    package var sentence: String?
    /// Gates with their answers, JSON.
    package var detail: String

    package init(
        revision: Int, at: Timestamp, day: Day, verdict: String, rule: String? = nil, sentence: String? = nil,
        detail: String
    ) {
        self.revision = revision
        self.at = at
        self.day = day
        self.verdict = verdict
        self.rule = rule
        self.sentence = sentence
        self.detail = detail
    }
}
