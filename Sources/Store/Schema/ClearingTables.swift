// SPDX-License-Identifier: Apache-2.0

/// What providers have charged and our books hold against their clearing.
enum ClearingTables {
    static let sql: [String] = [
        "ALTER TABLE item ADD COLUMN provider INTEGER NOT NULL DEFAULT 0",
        // `line` is a row of `settlement_line`, `payment` one of `payment`: the same charge may have both. What a person
        // took back stays, so that it is not booked again.
        """
        CREATE TABLE charge_booking(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, decision TEXT NOT NULL, provider TEXT NOT NULL,
            kind TEXT NOT NULL, line INTEGER, payment INTEGER, item TEXT NOT NULL, currency TEXT NOT NULL,
            amount INTEGER NOT NULL, occurred_on INTEGER NOT NULL, state TEXT NOT NULL) STRICT
        """,
        "CREATE UNIQUE INDEX charge_booking_decision ON charge_booking(company, decision)",
        "CREATE UNIQUE INDEX charge_booking_line ON charge_booking(line) WHERE line IS NOT NULL",
        "CREATE UNIQUE INDEX charge_booking_payment ON charge_booking(payment) WHERE payment IS NOT NULL",
        "CREATE INDEX charge_booking_item ON charge_booking(company, item)",
        "CREATE INDEX settlement_line_source ON settlement_line(company, source_id) WHERE source_id IS NOT NULL",
    ]
}
