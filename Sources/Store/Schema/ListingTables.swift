// SPDX-License-Identifier: Apache-2.0

/// Which payments a pulled list held, and where in it, so that one which it holds no more is noticed.
enum ListingTables {
    static let sql: [String] = [
        // `reader` is the stream's mapping, `id` the source's own.
        """
        CREATE TABLE listed_payment(
            company TEXT NOT NULL, source TEXT NOT NULL, reader TEXT NOT NULL, id TEXT NOT NULL, place INTEGER NOT NULL,
            PRIMARY KEY(id, company, source, reader)) STRICT, WITHOUT ROWID
        """
    ]
}
