// SPDX-License-Identifier: Apache-2.0

extension SchemaV1 {
    /// Where everything came from, and what else files say.
    static let imports = """
        CREATE TABLE original(
            sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, is_kept INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE import_run(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, source TEXT NOT NULL, reader TEXT NOT NULL,
            name TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, format TEXT NOT NULL, mapping TEXT,
            mapping_digest TEXT, imported_on INTEGER NOT NULL, recorded_at INTEGER NOT NULL, actor TEXT NOT NULL,
            is_snapshot INTEGER NOT NULL, status TEXT NOT NULL) STRICT;
        CREATE INDEX import_bytes ON import_run(company, sha256);
        CREATE TABLE import_count(
            import_no INTEGER NOT NULL, entity TEXT NOT NULL, new INTEGER NOT NULL, changed INTEGER NOT NULL,
            unchanged INTEGER NOT NULL, PRIMARY KEY (import_no, entity)) STRICT, WITHOUT ROWID;
        CREATE TABLE import_total(
            import_no INTEGER NOT NULL, currency TEXT NOT NULL, invoiced INTEGER NOT NULL,
            credited INTEGER NOT NULL, received INTEGER NOT NULL, returned INTEGER NOT NULL,
            PRIMARY KEY (import_no, currency)) STRICT, WITHOUT ROWID;
        CREATE TABLE fault(
            import_no INTEGER NOT NULL, n INTEGER NOT NULL, code TEXT NOT NULL, severity TEXT NOT NULL,
            position TEXT NOT NULL, message TEXT NOT NULL, hint TEXT NOT NULL,
            PRIMARY KEY (import_no, n)) STRICT, WITHOUT ROWID;
        -- What a later file changed in a document; values of personal fields are not repeated here.
        CREATE TABLE document_change(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, entity TEXT NOT NULL, id TEXT NOT NULL,
            import_no INTEGER NOT NULL, field TEXT NOT NULL, before TEXT, after TEXT) STRICT;
        CREATE INDEX document_change_id ON document_change(company, id);

        CREATE TABLE statement(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, source TEXT NOT NULL, account TEXT NOT NULL,
            identity TEXT NOT NULL, source_id TEXT, currency TEXT, number TEXT, sequence INTEGER,
            from_day INTEGER NOT NULL, to_day INTEGER NOT NULL, opening INTEGER, closing INTEGER,
            opening_on INTEGER, closing_on INTEGER, entry_count INTEGER, credits INTEGER, debits INTEGER,
            booked_credits INTEGER, booked_debits INTEGER, import_no INTEGER NOT NULL, position TEXT) STRICT;
        CREATE UNIQUE INDEX statement_identity ON statement(company, account, identity);
        CREATE TABLE balance(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, source TEXT NOT NULL, account TEXT, customer TEXT,
            as_of INTEGER NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL, import_no INTEGER NOT NULL,
            position TEXT) STRICT;
        CREATE INDEX balance_day ON balance(company, as_of);
        CREATE TABLE rate(
            company TEXT NOT NULL, day INTEGER NOT NULL, base TEXT NOT NULL, quote TEXT NOT NULL,
            value TEXT NOT NULL, origin TEXT, import_no INTEGER NOT NULL, position TEXT,
            PRIMARY KEY (company, day, base, quote)) STRICT, WITHOUT ROWID;
        CREATE TABLE stated_allocation(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, source TEXT NOT NULL, identity TEXT NOT NULL,
            payment_id TEXT NOT NULL, invoice_id TEXT NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL,
            reason TEXT, posted_on INTEGER, import_no INTEGER NOT NULL, position TEXT) STRICT;
        CREATE UNIQUE INDEX stated_allocation_identity ON stated_allocation(company, source, identity);
        CREATE INDEX stated_allocation_payment ON stated_allocation(company, payment_id);
        CREATE TABLE settlement_line(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, source TEXT NOT NULL, identity TEXT NOT NULL,
            payout_id TEXT NOT NULL, source_id TEXT, kind TEXT NOT NULL, currency TEXT NOT NULL,
            gross INTEGER NOT NULL, fee INTEGER NOT NULL, net INTEGER NOT NULL, reference TEXT,
            customer_name TEXT, occurred_on INTEGER NOT NULL, status TEXT, import_no INTEGER NOT NULL,
            position TEXT) STRICT;
        CREATE UNIQUE INDEX settlement_line_identity ON settlement_line(company, source, identity);
        CREATE TABLE promise_record(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL,
            content INTEGER NOT NULL, customer TEXT, invoice_id TEXT, currency TEXT NOT NULL,
            amount INTEGER NOT NULL, promised_for INTEGER NOT NULL, promised_on INTEGER NOT NULL, taken_by TEXT,
            channel TEXT, import_no INTEGER NOT NULL, position TEXT) STRICT;
        CREATE UNIQUE INDEX promise_record_id ON promise_record(company, id);

        -- Texts of mappings and policies that were used, so that `explain` survives edits.
        CREATE TABLE text_by_digest(
            digest TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL,
            recorded_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """
}
