// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Reconciliation

/// Something a person deleted from memory.
package struct ForgottenRow: Hashable, Sendable {
    package var lesson: String
    package var through: Day
    package var recordedAt: Timestamp
    package var actor: String
    package var reason: String

    package init(lesson: String, through: Day, recordedAt: Timestamp, actor: String, reason: String) {
        self.lesson = lesson
        self.through = through
        self.recordedAt = recordedAt
        self.actor = actor
        self.reason = reason
    }
}

/// A rule that began to act by itself, or went back to people.
package struct TierChange: Hashable, Sendable {
    package var rule: Rule
    package var isAutomatic: Bool
    /// How many of the counted decisions people agreed with, or did not take back.
    package var agreed: Int
    package var counted: Int
    /// Wilson's lower bound, parts of 100,000.
    package var bound: Int64
    /// All that people had made of the rule's decisions until then: what comes later is counted from there.
    package var until: TierCount
    package var recordedAt: Timestamp
    /// Who put the rule back to what policy says, and why; nil where it was measured.
    package var actor: String?
    package var reason: String?

    package init(
        rule: Rule, isAutomatic: Bool, agreed: Int, counted: Int, bound: Int64, until: TierCount,
        recordedAt: Timestamp, actor: String? = nil, reason: String? = nil
    ) {
        self.rule = rule
        self.isAutomatic = isAutomatic
        self.agreed = agreed
        self.counted = counted
        self.bound = bound
        self.until = until
        self.recordedAt = recordedAt
        self.actor = actor
        self.reason = reason
    }
}

/// How often one rule's decisions were agreed with.
package struct TierCount: Hashable, Sendable {
    /// A person took the proposal.
    package var confirmed = 0
    /// A person refused the proposal.
    package var refused = 0
    /// Booked, by itself or by a person, and taken back.
    package var undone = 0

    package init(confirmed: Int = 0, refused: Int = 0, undone: Int = 0) {
        (self.confirmed, self.refused, self.undone) = (confirmed, refused, undone)
    }
}

extension Session {
    package func forgottenLessons(company: String) throws -> [ForgottenRow] {
        try rows(
            """
            SELECT lesson, through_day, recorded_at, actor, reason FROM forgotten_lesson WHERE company = ?
            ORDER BY lesson
            """, [company]
        ) {
            ForgottenRow(
                lesson: $0.text(0), through: $0.day(1), recordedAt: $0.time("recorded_at"), actor: $0.text(3),
                reason: $0.text(4))
        }
    }

    package func forget(_ row: ForgottenRow, company: String) throws {
        try execute("DELETE FROM forgotten_lesson WHERE company = ? AND lesson = ?", [company, row.lesson])
        try execute(
            """
            INSERT INTO forgotten_lesson(company, lesson, through_day, recorded_at, actor, reason)
            VALUES (?, ?, ?, ?, ?, ?)
            """, [company, row.lesson, row.through, row.recordedAt, row.actor, row.reason])
    }

    /// Accounts whose money a person set aside as no customer's, with who did it last. A rest that was set aside of
    /// money that paid something says nothing of its account.
    package func strangers(company: String) throws -> [(account: String, name: String?, actor: String)] {
        try rows(
            """
            SELECT t.payer_account, MAX(t.payer_name), MAX(d.actor)
            FROM decision d JOIN payment p ON p.company = d.company AND p.id = d.payment_id
                JOIN payment_text t ON t.payment = p.no
            WHERE d.company = ? AND d.actor <> 'reconcile' AND d.verdict = 'not_receivable'
                AND d.state = 'committed' AND t.payer_account IS NOT NULL AND p.applied = 0 AND p.consumed = 0
            GROUP BY t.payer_account ORDER BY t.payer_account
            """, [company]
        ) { (account: $0.text(0), name: $0.optionalText(1), actor: $0.text(2)) }
    }

    package func tierChanges(company: String) throws -> [TierChange] {
        try rows(
            """
            SELECT rule, is_automatic, agreed, counted, bound, confirmed, refused, undone, actor, reason, recorded_at
            FROM tier_change WHERE company = ? ORDER BY no
            """, [company]
        ) { row in
            Rule(rawValue: row.text(0)).map {
                TierChange(
                    rule: $0, isAutomatic: row.int(1) != 0, agreed: Int(row.int(2)), counted: Int(row.int(3)),
                    bound: row.int(4),
                    until: TierCount(
                        confirmed: Int(row.int(5)), refused: Int(row.int(6)), undone: Int(row.int(7))),
                    recordedAt: row.time("recorded_at"), actor: row.optionalText(8), reason: row.optionalText(9))
            }
        }.compactMap { $0 }
    }

    package func save(_ change: TierChange, company: String) throws {
        try execute(
            """
            INSERT INTO tier_change(company, rule, is_automatic, agreed, counted, bound, confirmed, refused, undone,
                recorded_at, actor, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                company, change.rule.rawValue, change.isAutomatic ? 1 : 0, change.agreed, change.counted, change.bound,
                change.until.confirmed, change.until.refused, change.until.undone, change.recordedAt, change.actor,
                change.reason,
            ])
    }

    /// What people made of each rule's decisions; those that stand by themselves are counted where asked for.
    package func personCounts(company: String) throws -> [Rule: TierCount] {
        var counts: [Rule: TierCount] = [:]
        try each(
            """
            SELECT rule, state, COUNT(*) FROM decision
            WHERE company = ? AND actor <> 'reconcile' AND verdict <> 'not_receivable' GROUP BY rule, state
            """, [company]
        ) { row in
            guard let rule = Rule(rawValue: row.text(0)) else { return }
            let count = Int(row.int(2))
            switch row.text(1) {
            case "committed": counts[rule, default: TierCount()].confirmed += count
            case "rejected": counts[rule, default: TierCount()].refused += count
            case "undone": counts[rule, default: TierCount()].undone += count
            default: break
            }
        }
        return counts
    }

    package func automaticCount(company: String, rule: Rule) throws -> Int {
        try first(
            "SELECT COUNT(*) FROM decision WHERE company = ? AND rule = ? AND actor = 'reconcile' AND state = 'committed'",
            [company, rule.rawValue]
        ) { Int($0.int(0)) } ?? 0
    }
}
