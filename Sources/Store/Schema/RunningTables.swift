// SPDX-License-Identifier: Apache-2.0

/// What lets a run cost what its day costs: sums that were proved, and ways to what is not over yet.
enum RunningTables {
    static let sql: [String] =
        [
            // The sums of `IdentityTotals` through an entry of the log.
            "CREATE TABLE proved_state(company TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT",
            """
            CREATE TABLE proved_entries(
                company TEXT NOT NULL, currency TEXT NOT NULL, kind INTEGER NOT NULL, amount INTEGER NOT NULL,
                PRIMARY KEY(company, currency, kind)) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE proved_balances(
                company TEXT NOT NULL, currency TEXT NOT NULL, unapplied INTEGER NOT NULL, settled INTEGER NOT NULL,
                PRIMARY KEY(company, currency)) STRICT, WITHOUT ROWID
            """,
            // Through which entry of the log promises with a verdict were judged.
            "CREATE TABLE judged_state(company TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT",
            // Cash that is on an item counts from another day on: every verdict is asked again.
            """
            CREATE TRIGGER judged_day AFTER UPDATE OF booked_on, valued_on ON payment
                WHEN OLD.applied <> 0 AND (NEW.booked_on IS NOT OLD.booked_on OR NEW.valued_on IS NOT OLD.valued_on)
                BEGIN DELETE FROM judged_state WHERE company = OLD.company; END
            """,
            "CREATE INDEX promise_line_item ON promise_line(company, item_id)",
            "CREATE INDEX promise_open ON promise(company, promised_on) WHERE status <> 'closed'",
            "CREATE INDEX claimed_payment_open ON claimed_payment(company, claimed_on) WHERE state = 'open'",
            "CREATE INDEX link_active ON link(company, id) WHERE state = 'active'",
            "CREATE INDEX exception_kind ON exception(company, kind) WHERE state = 'open'",
        ] + changes

    /// The notes of `KeyTables` with the company whose they are: what another company's rows say waits for its own run.
    private static let changes: [String] =
        [
            "DROP TABLE match_changed",
            """
            CREATE TABLE match_changed(
                company TEXT NOT NULL, kind INTEGER NOT NULL, no INTEGER NOT NULL, name TEXT, parent_name TEXT,
                PRIMARY KEY(company, kind, no)) STRICT, WITHOUT ROWID
            """,
            // What was noted before is not known any more: everything is indexed anew.
            "DELETE FROM match_state",
        ]
        + [
            note(
                "invoice_more", ["structured_reference", "purchase_order"], "1, o.no, NULL, NULL",
                owner: """
                    (SELECT no, company FROM item WHERE no = OLD.no
                        UNION ALL SELECT no, company FROM invoice_row WHERE no = OLD.no)
                    """),
            note(
                "customer", ["number"], "2, o.no, COALESCE(t.name, t.legal_name), t.parent_name",
                owner: """
                    (SELECT OLD.no AS no, OLD.company AS company) o LEFT JOIN customer_contact t ON t.customer = o.no
                    """, isNamed: true),
            note(
                "customer_contact", ["name", "legal_name", "account", "parent_name", "parent_account"],
                "2, o.no, COALESCE(OLD.name, OLD.legal_name), OLD.parent_name",
                owner: "(SELECT no, company FROM customer WHERE no = OLD.customer)"),
            note(
                "payment_text", ["payer_name", "payer_account"], "3, o.no, NULL, NULL",
                owner: "(SELECT no, company FROM payment WHERE no = OLD.payment)"),
        ].flatMap { $0 }

    /// The first change since a row was indexed says what it was indexed as; where a company is not indexed, nothing is
    /// noted.
    /// - Parameter owner: SQL over the changed row; it has a number and a company, as `o`.
    private static func note(
        _ table: String, _ columns: [String], _ values: String, owner: String, isNamed: Bool = false
    ) -> [String] {
        [
            "DROP TRIGGER match_changed_\(table)",
            """
            CREATE TRIGGER match_changed_\(table) AFTER UPDATE OF \(columns.joined(separator: ", ")) ON \(table)
                WHEN \(columns.map { "NEW.\($0) IS NOT OLD.\($0)" }.joined(separator: " OR "))
                BEGIN
                    INSERT OR IGNORE INTO match_changed(company, kind, no, name, parent_name)
                    SELECT o.company, \(values) FROM \(isNamed ? owner : owner + " o")
                    WHERE EXISTS (SELECT 1 FROM match_state s WHERE s.company = o.company);
                END
            """,
        ]
    }
}
