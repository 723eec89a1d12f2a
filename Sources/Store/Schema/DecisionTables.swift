// SPDX-License-Identifier: Apache-2.0

/// Decisions by numbers: what a run writes of many decisions lies behind what was written before, and only the indexes
/// that `rowIndexes` lists have each row at a place of its own.
enum DecisionTables {
    static let sql: [String] = [
        """
        CREATE TABLE decision_numbered(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, id TEXT NOT NULL, payment_id TEXT NOT NULL,
            verdict TEXT NOT NULL, kind TEXT NOT NULL, rule TEXT NOT NULL, state TEXT NOT NULL, customer_id TEXT,
            counterpart_id TEXT, explanation TEXT NOT NULL, detail TEXT NOT NULL, amount INTEGER NOT NULL,
            currency TEXT NOT NULL, decided_on INTEGER NOT NULL, recorded_at INTEGER NOT NULL, actor TEXT NOT NULL,
            reason TEXT) STRICT
        """,
        "INSERT INTO decision_numbered SELECT rowid, * FROM decision ORDER BY rowid",
        // `decision` is the number of a row of the table of that name.
        """
        CREATE TABLE decision_line_numbered(
            decision INTEGER NOT NULL, alternative INTEGER NOT NULL, n INTEGER NOT NULL, item_id TEXT NOT NULL,
            reason TEXT NOT NULL, cash INTEGER NOT NULL, adjustment INTEGER NOT NULL, proves INTEGER NOT NULL,
            PRIMARY KEY(decision, alternative, n)) STRICT, WITHOUT ROWID
        """,
        """
        INSERT INTO decision_line_numbered
            SELECT d.rowid, l.alternative, l.n, l.item_id, l.reason, l.cash, l.adjustment, l.proves
            FROM decision_line l JOIN decision d ON d.company = l.company AND d.id = l.decision_id ORDER BY 1, 2, 3
        """,
        "DROP TABLE decision_line",
        "DROP TABLE decision",
        "ALTER TABLE decision_numbered RENAME TO decision",
        "ALTER TABLE decision_line_numbered RENAME TO decision_line",
        rowIndexes.joined(separator: ";\n"),
        "CREATE INDEX decision_waiting ON decision(company, state) WHERE \(notCommitted)",
        "CREATE INDEX decision_person ON decision(company, rule) WHERE actor <> 'reconcile'",
        """
        CREATE INDEX decision_counterpart ON decision(company, counterpart_id)
            WHERE counterpart_id IS NOT NULL AND state = 'committed'
        """,
    ]

    /// The condition of `decision_waiting`. A partial index serves only a query that has its condition word for word,
    /// though `state = 'waiting'` implies it.
    static let notCommitted = "state <> 'committed'"

    static let rowIndexes = [
        "CREATE UNIQUE INDEX decision_id ON decision(id, company)",
        "CREATE INDEX decision_payment ON decision(company, payment_id)",
    ]
}
