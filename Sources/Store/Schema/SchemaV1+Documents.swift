// SPDX-License-Identifier: Apache-2.0

extension SchemaV1 {
    /// What an invoice's source states, in the order in which staging binds it.
    static let invoiceStated = invoiceHead + invoiceCommon + invoiceMore

    /// An open item has these as well.
    static let invoiceHead: [(name: String, type: String)] = [
        ("number", "TEXT"), ("kind", "TEXT"), ("currency", "TEXT"), ("issued_on", "INTEGER"),
    ]

    /// What nearly every invoice states: columns of the row that bears the document. Those whose name an item uses
    /// for something else have another one there (`borne`).
    static let invoiceCommon: [(name: String, type: String)] = [
        ("position", "TEXT"), ("source_id", "TEXT"), ("key", "INTEGER"), ("year", "INTEGER"),
        ("occurrence", "INTEGER"), ("content", "INTEGER"), ("reference", "TEXT"), ("total", "INTEGER"),
        ("open", "INTEGER"), ("due_on", "INTEGER"),
    ]

    /// What few invoices state: in `invoice_more`, for those that do.
    static let invoiceMore: [(name: String, type: String)] = [
        ("status", "TEXT"), ("structured_reference", "TEXT"), ("purchase_order", "TEXT"), ("document", "TEXT"),
        ("corrects", "TEXT"), ("correction", "TEXT"), ("collection_method", "TEXT"), ("assigned_to", "TEXT"),
        ("net", "INTEGER"), ("tax", "INTEGER"), ("payable", "INTEGER"), ("prepaid", "INTEGER"),
        ("rounding", "INTEGER"), ("paid", "INTEGER"), ("in_transit", "INTEGER"), ("total_base", "INTEGER"),
        ("open_base", "INTEGER"), ("base_currency", "TEXT"), ("rate", "TEXT"), ("posted_on", "INTEGER"),
        ("paid_on", "INTEGER"), ("last_dunned_on", "INTEGER"), ("dunning_level", "INTEGER"),
        ("modified_at", "INTEGER"), ("deleted", "INTEGER"), ("disputed", "INTEGER"),
        ("dunning_blocked", "INTEGER"), ("discounts", "TEXT"), ("taxes", "TEXT"), ("instalments", "TEXT"),
    ]

    /// A stated column's name in the row that bears the document.
    static func borne(_ name: String) -> String { name == "open" || name == "due_on" ? "stated_\(name)" : name }

    /// The document in the row that bears it; `import_no` is null in an item that bears none.
    static let documentColumns =
        [("import_no", "INTEGER"), ("basis", "TEXT")] + invoiceCommon.map { (borne($0.name), $0.type) }

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
        -- Invoices that no single item stands for: drafts, voids, what has instalments.
        CREATE TABLE invoice_row(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, id TEXT NOT NULL, customer TEXT NOT NULL,
            \(columns(invoiceHead)), \(columns(documentColumns))) STRICT;
        CREATE UNIQUE INDEX invoice_row_id ON invoice_row(id, company);
        CREATE INDEX invoice_row_key ON invoice_row(key);
        -- By the number of the row that bears the document.
        CREATE TABLE invoice_more(no INTEGER PRIMARY KEY, corrected INTEGER, \(columns(invoiceMore))) STRICT;
        CREATE INDEX invoice_corrects ON invoice_more(correction) WHERE corrects IS NOT NULL;
        -- `basis` says what the ledger's amount was taken from: payable, total, open, opening; NULL: not entered.
        CREATE VIEW invoice AS \(invoice(from: "item")) UNION ALL \(invoice(from: "invoice_row"));

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

    private static func invoice(from table: String) -> String {
        let stated =
            invoiceHead.map { "b.\($0.name)" } + invoiceCommon.map { "b.\(borne($0.name)) AS \($0.name)" }
            + invoiceMore.map { "m.\($0.name)" }
        return """
            SELECT b.no, b.company, b.id, r.source, r.reader, b.import_no, b.customer, b.basis, m.corrected,
                \(stated.joined(separator: ", "))
            FROM \(table) b JOIN import_run r ON r.no = b.import_no LEFT JOIN invoice_more m ON m.no = b.no
            """
    }

    static let paymentIndexes = """
        CREATE UNIQUE INDEX payment_id ON payment(company, id);
        CREATE INDEX payment_amount ON payment(company, amount, booked_on);
        CREATE INDEX payment_end_to_end ON payment(company, end_to_end_id) WHERE end_to_end_id IS NOT NULL
        """
}
