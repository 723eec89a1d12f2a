// SPDX-License-Identifier: Apache-2.0

/// The first schema, in SQLite's dialect. Amounts are minor units, days are days since 1970, times milliseconds.
enum SchemaV1 {
    /// The log, its batches, and what is folded from it.
    static let books = """
        CREATE TABLE batch(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, kind TEXT NOT NULL, recorded_at INTEGER NOT NULL,
            actor TEXT NOT NULL, rule TEXT NOT NULL, import_no INTEGER, first_seq INTEGER NOT NULL,
            last_seq INTEGER, count INTEGER, previous BLOB NOT NULL, digest BLOB) STRICT;

        -- One row is one Ledger.Entry. NULL in business_day, recorded_at, actor, rule: as posting_day or the batch.
        CREATE TABLE log(
            seq INTEGER PRIMARY KEY, company TEXT NOT NULL, batch INTEGER NOT NULL, kind INTEGER NOT NULL,
            currency TEXT NOT NULL, amount INTEGER NOT NULL, item TEXT, payment TEXT, counter TEXT, customer TEXT,
            posting_day INTEGER NOT NULL, business_day INTEGER, recorded_at INTEGER, actor TEXT, reason TEXT,
            rule TEXT, decision TEXT, undoes INTEGER) STRICT;
        -- The entry that made an item or a payment is found by its first_seq, so the bulk of an import has no row here.
        \(logIndexes.joined(separator: ";\n"));
        CREATE INDEX log_counter ON log(company, counter) WHERE counter IS NOT NULL;

        -- An open item. Where it is all of its invoice, the row bears the document too (`documentColumns`); else
        -- `parent_id` is the invoice's id and `bearer` the row of `item` or `invoice_row` that bears it. Row numbers
        -- of the two tables are one series.
        CREATE TABLE item(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, id TEXT NOT NULL, parent_id TEXT, bearer INTEGER,
            number TEXT NOT NULL, kind TEXT NOT NULL, instalment INTEGER NOT NULL, customer TEXT NOT NULL,
            currency TEXT NOT NULL, issued_on INTEGER NOT NULL, due_on INTEGER NOT NULL,
            posting_day INTEGER NOT NULL, first_seq INTEGER,
            amount INTEGER NOT NULL DEFAULT 0, cash INTEGER NOT NULL DEFAULT 0, credit INTEGER NOT NULL DEFAULT 0,
            discount INTEGER NOT NULL DEFAULT 0, fee INTEGER NOT NULL DEFAULT 0,
            withholding INTEGER NOT NULL DEFAULT 0, write_off INTEGER NOT NULL DEFAULT 0,
            rounding INTEGER NOT NULL DEFAULT 0, exchange INTEGER NOT NULL DEFAULT 0,
            source INTEGER NOT NULL DEFAULT 0, stated INTEGER, stated_as_of INTEGER,
            open INTEGER NOT NULL DEFAULT 0, \(columns(documentColumns))) STRICT;
        \(itemIndexes.joined(separator: ";\n"));

        CREATE TABLE account_version(
            company TEXT NOT NULL, customer TEXT NOT NULL, version INTEGER NOT NULL,
            PRIMARY KEY (company, customer)) STRICT, WITHOUT ROWID;

        CREATE TABLE month_close(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, month TEXT NOT NULL, closed_at INTEGER NOT NULL,
            closed_by TEXT NOT NULL, digest TEXT NOT NULL, reopened_at INTEGER, reopened_by TEXT,
            reason TEXT) STRICT;

        """

    /// What settles items has each entry here at a place of its own; `LogIndexes` since.
    static let logIndexes = [
        "CREATE INDEX log_item ON log(company, item) WHERE item IS NOT NULL AND kind > 2",
        "CREATE INDEX log_payment ON log(company, payment) WHERE payment IS NOT NULL AND kind NOT IN (10, 11)",
        "CREATE INDEX log_decision ON log(company, decision) WHERE decision IS NOT NULL",
    ]

    /// Ids lead these keys: what is compared first while sorting should differ. `key` is kind and number, hashed.
    static let itemIndexes = [
        "CREATE UNIQUE INDEX item_id ON item(id, company)",
        "CREATE INDEX item_customer ON item(customer, company)",
        "CREATE INDEX item_key ON item(key)",
    ]
}
