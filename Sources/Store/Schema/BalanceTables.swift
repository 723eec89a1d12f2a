// SPDX-License-Identifier: Apache-2.0

/// What changes with money in narrow tables: a run that decides on a million payments writes these, and not the rows
/// of their documents. The views `item` and `payment` show both sides together.
enum BalanceTables {
    /// A customer's money that waits: asked for with every promise and every plan. Each payment that is used leaves it.
    static let waitingIndex = """
        CREATE INDEX payment_waiting ON payment_balance(company, customer) WHERE unapplied <> 0
        """

    static let itemIndexes = SchemaV1.itemIndexes.map { $0.replacing(" ON item(", with: " ON item_row(") }

    /// The columns of what settled an item.
    static let settling = [
        "cash", "credit", "discount", "fee", "withholding", "write_off", "rounding", "exchange", "provider",
    ]
    private static let using = ["applied", "set_aside", "consumed", "unapplied"]

    static let sql: [String] =
        [
            // What settled an item; one that nothing ever did has no row.
            """
            CREATE TABLE item_settled(
                no INTEGER PRIMARY KEY, \(settling.map { "\($0) INTEGER NOT NULL" }.joined(separator: ", "))) STRICT
            """,
            """
            INSERT INTO item_settled SELECT no, \(settling.joined(separator: ", ")) FROM item
            WHERE \(settling.map { "\($0) <> 0" }.joined(separator: " OR ")) ORDER BY no
            """,
            // What a payment was used for; each has a row. `customer` is whom a decision takes the money to be from, where
            // the payment's own row does not say.
            """
            CREATE TABLE payment_balance(
                no INTEGER PRIMARY KEY, company TEXT NOT NULL, customer TEXT,
                \(using.map { "\($0) INTEGER NOT NULL" }.joined(separator: ", "))) STRICT
            """,
            """
            INSERT INTO payment_balance
            SELECT no, company, customer, \(using.joined(separator: ", ")) FROM payment ORDER BY no
            """,
            "UPDATE payment SET customer = NULL WHERE no IN (SELECT payment FROM guessed_customer)",
            "DROP TABLE guessed_customer",
            "DROP INDEX payment_waiting",
            "DROP TRIGGER judged_day",
        ]
        + (settling + ["open"]).map { "ALTER TABLE item DROP COLUMN \($0)" }
        + using.map { "ALTER TABLE payment DROP COLUMN \($0)" }
        + [
            "ALTER TABLE item RENAME TO item_row",
            "ALTER TABLE payment RENAME TO payment_row",
            waitingIndex,
            // Cash that is on an item counts from another day on: every verdict is asked again.
            """
            CREATE TRIGGER judged_day AFTER UPDATE OF booked_on, valued_on ON payment_row
                WHEN (NEW.booked_on IS NOT OLD.booked_on OR NEW.valued_on IS NOT OLD.valued_on)
                    AND EXISTS (SELECT 1 FROM payment_balance WHERE no = OLD.no AND applied <> 0)
                BEGIN DELETE FROM judged_state WHERE company = OLD.company; END
            """,
            itemView,
            paymentView,
        ]

    private static let itemView = """
        CREATE VIEW item AS
        SELECT r.no, r.company, r.id, r.parent_id, r.bearer, r.number, r.kind, r.instalment, r.customer, r.currency,
            r.issued_on, r.due_on, r.posting_day, r.first_seq, r.amount, r.source, r.stated, r.stated_as_of, s.no IS NOT NULL AS is_settled,
            \(settling.map { "COALESCE(s.\($0), 0) AS \($0)" }.joined(separator: ", ")),
            r.amount - r.source - COALESCE(\(settling.map { "s.\($0)" }.joined(separator: " + ")), 0) AS open,
            \(SchemaV1.documentColumns.map { "r.\($0.0)" }.joined(separator: ", "))
        FROM item_row r LEFT JOIN item_settled s ON s.no = r.no
        """

    /// `named_customer` is whose money it is by its source or by a person, `customer` by a decision too.
    private static let paymentView = """
        CREATE VIEW payment AS
        SELECT r.no, r.company, r.id, r.source, r.reader, r.import_no, b.customer, r.customer AS named_customer,
            r.posting_day, r.first_seq, r.booked, \(using.map { "b.\($0)" }.joined(separator: ", ")),
            \(SchemaV1.names(EntryColumns.paymentStated, prefix: "r."))
        FROM payment_row r LEFT JOIN payment_balance b ON b.no = r.no
        """
}
