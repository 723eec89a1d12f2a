// SPDX-License-Identifier: Apache-2.0

/// Whether a promise's row states its currency. Rows that came before count as if they did: nobody noted it.
enum PromiseCurrencyColumn {
    static let sql = "ALTER TABLE promise_record ADD COLUMN is_currency_stated INTEGER NOT NULL DEFAULT 1;"
}
