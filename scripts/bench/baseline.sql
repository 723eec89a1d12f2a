-- SPDX-License-Identifier: Apache-2.0
--
-- The baseline of the import benchmark: the same rows into a table with a text primary key and exactly the indexes
-- of Tieout's item table, by SQLite's own shell, as durable as Tieout commits (WAL, FULL, 64 MB of cache).
-- Tieout's item_id is the text primary key here; item_customer and item_key are the others, the last one by the
-- number itself, of which Tieout keeps a hash. A test compares the two lists.
-- bench.py runs it on an empty database as `sqlite3 FILE < baseline.sql`, with :csv: replaced by the path.

PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA cache_size = -65536;

CREATE TABLE item (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    customer_name TEXT NOT NULL,
    currency TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    total TEXT NOT NULL,
    reference TEXT NOT NULL
);
CREATE INDEX item_customer ON item (customer_id);
CREATE INDEX item_key ON item (number);

.mode csv
.import --skip 1 ":csv:" item
