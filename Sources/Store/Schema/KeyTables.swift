// SPDX-License-Identifier: Apache-2.0

/// What a small run finds its part of the ledger by. Only reconcile writes here, from what came since it last did; an
/// import pays nothing for it but a note of the rows whose texts it changed.
enum KeyTables {
    static let sql: [String] =
        [
            // `Reconciliation.KeyScope`; `no` is an item's or a payment's row, negative a customer's.
            "CREATE TABLE match_key(key INTEGER NOT NULL, no INTEGER NOT NULL, PRIMARY KEY(key, no)) STRICT, WITHOUT ROWID",
            // The key of what each item asks for, where it asks for anything.
            "CREATE TABLE match_ask(no INTEGER PRIMARY KEY, key INTEGER NOT NULL) STRICT",
            "CREATE INDEX match_ask_key ON match_ask(key)",
            // What the numbers of a company's items begin with.
            """
            CREATE TABLE match_prefix(
                company TEXT NOT NULL, prefix TEXT NOT NULL, PRIMARY KEY(company, prefix)) STRICT, WITHOUT ROWID
            """,
            // Through which rows and which entry of the log a company is indexed, and its numbers' lengths as bits.
            """
            CREATE TABLE match_state(
                company TEXT PRIMARY KEY, item INTEGER NOT NULL, customer INTEGER NOT NULL, payment INTEGER NOT NULL,
                seq INTEGER NOT NULL, lengths INTEGER NOT NULL, digit_lengths INTEGER NOT NULL) STRICT
            """,
            // Rows that changed since: 1 a document, 2 a customer with the names it had, 3 a payment.
            """
            CREATE TABLE match_changed(
                kind INTEGER NOT NULL, no INTEGER NOT NULL, name TEXT, parent_name TEXT, PRIMARY KEY(kind, no))
                STRICT, WITHOUT ROWID
            """,
            // Numbers do not change. If one did, its old shape would have to go: everything is indexed anew.
            """
            CREATE TRIGGER match_number AFTER UPDATE OF number ON item WHEN NEW.number IS NOT OLD.number
                BEGIN DELETE FROM match_state; END
            """,
            "CREATE INDEX payment_outgoing ON payment(company) WHERE amount < 0 AND booked = 0",
            "CREATE INDEX payment_ordered ON payment(company, booked_on) WHERE original_amount IS NOT NULL",
        ]
        + [
            note("invoice_more", ["structured_reference", "purchase_order"], "1, OLD.no, NULL, NULL"),
            note(
                "customer", ["number"],
                """
                2, OLD.no, (SELECT COALESCE(name, legal_name) FROM customer_contact WHERE customer = OLD.no),
                (SELECT parent_name FROM customer_contact WHERE customer = OLD.no)
                """),
            note(
                "customer_contact", ["name", "legal_name", "account", "parent_name", "parent_account"],
                "2, OLD.customer, COALESCE(OLD.name, OLD.legal_name), OLD.parent_name"),
            note("payment_text", ["payer_name", "payer_account"], "3, OLD.payment, NULL, NULL"),
        ]

    /// Since items are found by what settles them beside what they ask for, terms are part of the index: everything is
    /// indexed anew.
    static let settling: [String] = [
        "DROP TRIGGER match_changed_invoice_more",
        note(
            "invoice_more", ["structured_reference", "purchase_order", "discounts", "net"], "1, OLD.no, NULL, NULL"),
        "DELETE FROM match_state",
    ]

    /// Since customers are found by their whole names in a text, and by their umlauts without dots, everything is indexed
    /// anew.
    static let names = "DELETE FROM match_state;"

    /// Since a text may write a number otherwise, how a company's numbers are written is part of the index: everything is
    /// indexed anew.
    static let patterns = """
        CREATE TABLE match_pattern(
            company TEXT NOT NULL, pattern TEXT NOT NULL, PRIMARY KEY(company, pattern)) STRICT, WITHOUT ROWID;
        DELETE FROM match_state;
        """

    /// The first change since a row was indexed says what it was indexed as; where nothing is indexed, nothing is noted.
    private static func note(_ table: String, _ columns: [String], _ values: String) -> String {
        """
        CREATE TRIGGER match_changed_\(table) AFTER UPDATE OF \(columns.joined(separator: ", ")) ON \(table)
            WHEN (\(columns.map { "NEW.\($0) IS NOT OLD.\($0)" }.joined(separator: " OR ")))
                AND EXISTS (SELECT 1 FROM match_state)
            BEGIN INSERT OR IGNORE INTO match_changed(kind, no, name, parent_name) SELECT \(values); END
        """
    }
}
