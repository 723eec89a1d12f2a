// SPDX-License-Identifier: Apache-2.0

/// The tables of a staging file. They mirror what the merge inserts, so that new rows move as sets.
enum StagingSchema {
    /// Before an invoice's stated columns: what the core decided for it, should it be new.
    static let entering: [(name: String, type: String)] = [
        ("id", "TEXT"), ("customer_id", "TEXT"), ("party", "INTEGER"), ("basis", "TEXT"), ("entry_kind", "INTEGER"),
        ("posting_day", "INTEGER"), ("items", "INTEGER"), ("item_due", "INTEGER"), ("amount", "INTEGER"),
        ("stated", "INTEGER"), ("clearing", "INTEGER"), ("states_more", "INTEGER"),
    ]

    static let sql = """
        CREATE TABLE invoice(no INTEGER PRIMARY KEY, \(SchemaV1.columns(entering)),
            \(SchemaV1.columns(SchemaV1.invoiceStated)));
        CREATE TABLE instalment(no INTEGER PRIMARY KEY, invoice INTEGER, n INTEGER, due_on INTEGER,
            amount INTEGER, stated INTEGER, clearing INTEGER);
        CREATE INDEX instalment_invoice ON instalment(invoice);
        CREATE TABLE attachment(no INTEGER PRIMARY KEY, invoice INTEGER, name TEXT, media_type TEXT, bytes BLOB);
        CREATE TABLE party(key INTEGER PRIMARY KEY, customer_id TEXT, name TEXT, trading_name TEXT, tax_id TEXT,
            match_name INTEGER, match_tax INTEGER, position TEXT, customer TEXT);
        CREATE TABLE payment(no INTEGER PRIMARY KEY, \(SchemaV1.columns(EntryColumns.paymentStated)), id TEXT,
            high INTEGER, low INTEGER, customer_id TEXT, payer_name TEXT, payer_account TEXT, remittance TEXT,
            posting_day INTEGER);
        CREATE TABLE customer(no INTEGER PRIMARY KEY, position TEXT, id TEXT, number TEXT, name TEXT,
            legal_name TEXT, party_type TEXT, phone TEXT, email TEXT, country TEXT, language TEXT, time_zone TEXT,
            account TEXT, tax_id TEXT, parent_id TEXT, parent_name TEXT, parent_account TEXT, segment TEXT,
            tags TEXT, opted_in INTEGER, opted_out INTEGER, do_not_automate INTEGER, content INTEGER,
            match_name INTEGER, match_tax INTEGER);
        CREATE TABLE statement(no INTEGER PRIMARY KEY, position TEXT, id TEXT, account TEXT, currency TEXT,
            number TEXT, sequence INTEGER, from_day INTEGER, to_day INTEGER, opening INTEGER, closing INTEGER,
            opening_on INTEGER, closing_on INTEGER, entry_count INTEGER, credits INTEGER, debits INTEGER,
            booked_credits INTEGER, booked_debits INTEGER);
        CREATE TABLE promise(no INTEGER PRIMARY KEY, position TEXT, id TEXT, customer_id TEXT, invoice_id TEXT,
            currency TEXT, amount INTEGER, promised_for INTEGER, promised_on INTEGER, taken_by TEXT, channel TEXT,
            content INTEGER, is_currency_stated INTEGER, high INTEGER, low INTEGER);
        CREATE TABLE balance(no INTEGER PRIMARY KEY, position TEXT, account TEXT, customer_id TEXT,
            as_of INTEGER, currency TEXT, amount INTEGER);
        CREATE TABLE allocation(no INTEGER PRIMARY KEY, position TEXT, payment_id TEXT, invoice_id TEXT,
            currency TEXT, amount INTEGER, reason TEXT, posted_on INTEGER, high INTEGER, low INTEGER);
        CREATE TABLE settlement(no INTEGER PRIMARY KEY, position TEXT, payout_id TEXT, id TEXT, kind TEXT,
            currency TEXT, gross INTEGER, fee INTEGER, net INTEGER, reference TEXT, customer_name TEXT,
            occurred_on INTEGER, status TEXT, high INTEGER, low INTEGER);
        CREATE TABLE rate(no INTEGER PRIMARY KEY, position TEXT, day INTEGER, base TEXT, quote TEXT, value TEXT,
            origin TEXT);
        """
}
