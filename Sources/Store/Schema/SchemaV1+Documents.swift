// SPDX-License-Identifier: Apache-2.0

extension SchemaV1 {
    /// What an invoice's source states, in the order in which staging binds it; what items need comes first.
    static let invoiceStated: [(name: String, type: String)] = [
        ("number", "TEXT"), ("kind", "TEXT"), ("currency", "TEXT"), ("issued_on", "INTEGER"),
        ("position", "TEXT"), ("source_id", "TEXT"), ("key", "INTEGER"), ("year", "INTEGER"),
        ("occurrence", "INTEGER"), ("content", "INTEGER"), ("status", "TEXT"), ("reference", "TEXT"),
        ("structured_reference", "TEXT"),
        ("purchase_order", "TEXT"), ("document", "TEXT"), ("corrects", "TEXT"), ("correction", "TEXT"),
        ("collection_method", "TEXT"), ("assigned_to", "TEXT"), ("total", "INTEGER"), ("net", "INTEGER"),
        ("tax", "INTEGER"), ("payable", "INTEGER"), ("prepaid", "INTEGER"), ("rounding", "INTEGER"),
        ("open", "INTEGER"), ("paid", "INTEGER"), ("in_transit", "INTEGER"), ("total_base", "INTEGER"),
        ("open_base", "INTEGER"), ("base_currency", "TEXT"), ("rate", "TEXT"),
        ("posted_on", "INTEGER"), ("due_on", "INTEGER"), ("paid_on", "INTEGER"), ("last_dunned_on", "INTEGER"),
        ("dunning_level", "INTEGER"), ("modified_at", "INTEGER"), ("deleted", "INTEGER"), ("disputed", "INTEGER"),
        ("dunning_blocked", "INTEGER"), ("discounts", "TEXT"), ("taxes", "TEXT"), ("instalments", "TEXT"),
    ]

    /// What a payment's source states; personal text is in `payment_text`.
    static let paymentStated: [(name: String, type: String)] = [
        ("position", "TEXT"), ("source_id", "TEXT"), ("content", "INTEGER"), ("currency", "TEXT"),
        ("amount", "INTEGER"), ("original_amount", "INTEGER"), ("original_currency", "TEXT"), ("fee", "INTEGER"),
        ("account", "TEXT"), ("structured_reference", "TEXT"), ("end_to_end_id", "TEXT"), ("bank_code", "TEXT"),
        ("method", "TEXT"), ("reverses", "TEXT"), ("return_reason", "TEXT"), ("status", "TEXT"),
        ("booked_on", "INTEGER"), ("valued_on", "INTEGER"), ("posted_on", "INTEGER"),
    ]

    static func columns(_ list: [(name: String, type: String)]) -> String {
        list.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
    }

    static func names(_ list: [(name: String, type: String)], prefix: String = "") -> String {
        list.map { prefix + $0.name }.joined(separator: ", ")
    }

    /// What sources say: side tables, which `erase` may empty without touching the log.
    static let documents = """
        -- `basis` says what the ledger's amount was taken from: payable, total, open, opening; NULL: not entered.
        CREATE TABLE invoice(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL,
            reader TEXT NOT NULL, import_no INTEGER NOT NULL, customer TEXT NOT NULL, basis TEXT,
            corrected INTEGER, \(columns(invoiceStated))) STRICT;
        \(invoiceIndexes);
        CREATE INDEX invoice_corrects ON invoice(company, correction) WHERE corrects IS NOT NULL;

        -- What a second source states about an invoice that another source brought.
        CREATE TABLE source_state(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, source TEXT NOT NULL, reader TEXT NOT NULL,
            source_id TEXT NOT NULL, invoice_id TEXT NOT NULL, import_no INTEGER NOT NULL, position TEXT,
            content INTEGER, currency TEXT, total INTEGER, payable INTEGER, open INTEGER, as_of INTEGER,
            due_on INTEGER, customer TEXT) STRICT;
        CREATE UNIQUE INDEX source_state_id ON source_state(company, source, reader, source_id);
        CREATE INDEX source_state_invoice ON source_state(company, invoice_id);

        CREATE TABLE attachment(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, invoice_id TEXT NOT NULL, name TEXT NOT NULL,
            media_type TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, bytes BLOB) STRICT;
        CREATE UNIQUE INDEX attachment_invoice ON attachment(company, invoice_id, sha256);

        CREATE TABLE payment(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL,
            reader TEXT NOT NULL, import_no INTEGER NOT NULL, customer TEXT, posting_day INTEGER NOT NULL,
            first_seq INTEGER, booked INTEGER NOT NULL DEFAULT 0, applied INTEGER NOT NULL DEFAULT 0,
            set_aside INTEGER NOT NULL DEFAULT 0, consumed INTEGER NOT NULL DEFAULT 0,
            unapplied INTEGER NOT NULL DEFAULT 0, \(columns(paymentStated))) STRICT;
        \(paymentIndexes);
        CREATE TABLE payment_text(
            payment INTEGER PRIMARY KEY, payer_name TEXT, payer_account TEXT, remittance TEXT) STRICT;
        -- The same receipt as another source or file states it.
        CREATE TABLE payment_link(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, source TEXT NOT NULL, reader TEXT NOT NULL,
            source_id TEXT NOT NULL, payment_id TEXT NOT NULL, import_no INTEGER NOT NULL, position TEXT,
            evidence TEXT NOT NULL) STRICT;
        CREATE UNIQUE INDEX payment_link_id ON payment_link(company, source, reader, source_id);
        CREATE INDEX payment_link_payment ON payment_link(company, payment_id);

        -- `is_derived`: made from an invoice that names no customer id. match_*: hashes of the normalised name and tax id.
        CREATE TABLE customer(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL,
            is_derived INTEGER NOT NULL, import_no INTEGER NOT NULL, position TEXT, content INTEGER,
            match_name INTEGER, match_tax INTEGER, number TEXT, party_type TEXT, country TEXT, language TEXT,
            time_zone TEXT, parent_id TEXT, segment TEXT, tags TEXT, opted_in INTEGER, opted_out INTEGER,
            do_not_automate INTEGER) STRICT;
        CREATE UNIQUE INDEX customer_id ON customer(company, id);
        CREATE INDEX customer_name ON customer(company, match_name) WHERE match_name IS NOT NULL;
        CREATE INDEX customer_tax ON customer(company, match_tax) WHERE match_tax IS NOT NULL;
        CREATE TABLE customer_contact(
            customer INTEGER PRIMARY KEY, name TEXT, legal_name TEXT, phone TEXT, email TEXT, account TEXT,
            tax_id TEXT, parent_name TEXT, parent_account TEXT) STRICT;
        CREATE TABLE customer_alias(
            company TEXT NOT NULL, source TEXT NOT NULL, source_id TEXT NOT NULL, customer TEXT NOT NULL,
            evidence TEXT NOT NULL, PRIMARY KEY (company, source, source_id)) STRICT, WITHOUT ROWID;

        """

    /// The key's index leaves the company out: it is a hash, and half the size sorts twice as fast.
    static let invoiceIndexes = """
        CREATE UNIQUE INDEX invoice_id ON invoice(company, id);
        CREATE INDEX invoice_key ON invoice(key)
        """

    static let paymentIndexes = """
        CREATE UNIQUE INDEX payment_id ON payment(company, id);
        CREATE INDEX payment_amount ON payment(company, amount, booked_on);
        CREATE INDEX payment_end_to_end ON payment(company, end_to_end_id) WHERE end_to_end_id IS NOT NULL
        """
}
