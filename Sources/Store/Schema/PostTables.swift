// SPDX-License-Identifier: Apache-2.0

/// What is written back to systems: one row for each payment on an invoice of a source.
enum PostTables {
    static let sql: [String] = [
        // `key` goes with every request and is stored before the first; `round` counts writes after a reversal.
        """
        CREATE TABLE post_order(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, source TEXT NOT NULL, payment_id TEXT NOT NULL,
            invoice_id TEXT NOT NULL, round INTEGER NOT NULL, target TEXT NOT NULL, number TEXT NOT NULL,
            customer TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, paid_on INTEGER NOT NULL,
            key TEXT NOT NULL, batch INTEGER NOT NULL, state TEXT NOT NULL, kept TEXT, code TEXT, message TEXT,
            hint TEXT, proposed_by TEXT NOT NULL, approved_by TEXT, reason TEXT, changed_at INTEGER NOT NULL) STRICT
        """,
        "CREATE UNIQUE INDEX post_order_once ON post_order(company, source, payment_id, invoice_id, round)",
        "CREATE INDEX post_order_batch ON post_order(company, batch)",
    ]
}
