// SPDX-License-Identifier: Apache-2.0

/// What pulling from systems keeps: how far each stream was read, what each run did, and sealed credentials.
enum SyncTables {
    static let sql: [String] = [
        // The cursor is committed with the rows it covers; `setting` says under which mapping and configuration it holds.
        """
        CREATE TABLE sync_stream(
            company TEXT NOT NULL, source TEXT NOT NULL, stream TEXT NOT NULL, setting TEXT NOT NULL,
            cursor_kind TEXT, cursor_value INTEGER, succeeded_at INTEGER NOT NULL, covered_on INTEGER NOT NULL,
            import_no INTEGER, PRIMARY KEY(company, source, stream)) STRICT
        """,
        """
        CREATE TABLE sync_run(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, source TEXT NOT NULL, stream TEXT NOT NULL,
            mapping TEXT NOT NULL, mapping_digest TEXT, started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,
            status TEXT NOT NULL, import_no INTEGER, requests INTEGER NOT NULL, retries INTEGER NOT NULL,
            pages INTEGER NOT NULL, passes INTEGER NOT NULL, records INTEGER NOT NULL, bytes INTEGER NOT NULL,
            waited_ms INTEGER NOT NULL, cursor_before INTEGER, cursor_after INTEGER, code TEXT, message TEXT,
            hint TEXT) STRICT
        """,
        "CREATE INDEX sync_run_source ON sync_run(company, source, started_at)",
        // Sealed with a key that is not in the database; `seed` tells whether the secret it grew from was replaced.
        """
        CREATE TABLE sync_credential(
            company TEXT NOT NULL, source TEXT NOT NULL, sealed BLOB NOT NULL, seed TEXT NOT NULL,
            recorded_at INTEGER NOT NULL, PRIMARY KEY(company, source)) STRICT
        """,
    ]
}
