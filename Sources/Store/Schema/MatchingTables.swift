// SPDX-License-Identifier: Apache-2.0

/// What reconcile keeps beside its decisions: what people told it to forget, and how far each rule is trusted.
enum MatchingTables {
    static let sql: [String] = [
        "CREATE INDEX settlement_line_day ON settlement_line(company, occurred_on)",
        "CREATE INDEX settlement_line_payout ON settlement_line(company, payout_id)",
        "CREATE INDEX decision_waiting ON decision(company, state) WHERE state <> 'committed'",
        "CREATE INDEX decision_person ON decision(company, rule) WHERE actor <> 'reconcile'",
        // What a person deleted from memory: the lesson's id, and the day through which payments teach it no more.
        """
        CREATE TABLE forgotten_lesson(
            company TEXT NOT NULL, lesson TEXT NOT NULL, through_day INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
            actor TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY(company, lesson)) STRICT
        """,
        // A rule that was promoted to act by itself, or sent back to people, and the counts that did it.
        """
        CREATE TABLE tier_change(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, rule TEXT NOT NULL, is_automatic INTEGER NOT NULL,
            agreed INTEGER NOT NULL, counted INTEGER NOT NULL, bound INTEGER NOT NULL, recorded_at INTEGER NOT NULL)
            STRICT
        """,
        "CREATE INDEX tier_change_rule ON tier_change(company, rule)",
    ]
}

/// What is looked up once per promise, customer or message, and must not read a table each time.
enum LookupIndexes {
    static let sql: [String] = [
        "CREATE INDEX exception_subject ON exception(company, subject)",
        "CREATE INDEX exception_customer ON exception(company, customer_id) WHERE customer_id IS NOT NULL",
        "CREATE INDEX exception_open ON exception(company, due_on) WHERE state = 'open'",
        "CREATE INDEX dispute_customer ON dispute(company, customer_id)",
        "CREATE INDEX hold_customer ON hold(company, customer_id)",
        "CREATE INDEX person_act_subject ON person_act(company, subject)",
        "CREATE INDEX plan_line_message ON plan_line(company, message_id) WHERE message_id IS NOT NULL",
        "CREATE INDEX plan_line_customer ON plan_line(company, customer_id)",
        "CREATE INDEX customer_number ON customer(company, number) WHERE number IS NOT NULL",
    ]
}

/// What reconcile needs so that a later run decides as the one before it.
enum GuessTables {
    static let sql: [String] = [
        // Payments whose customer a decision supplied: the machine's own guess is no statement of the source's.
        "CREATE TABLE guessed_customer(payment INTEGER PRIMARY KEY) STRICT",
        """
        CREATE INDEX decision_counterpart ON decision(company, counterpart_id)
            WHERE counterpart_id IS NOT NULL AND state = 'committed'
        """,
    ]
}
