// SPDX-License-Identifier: Apache-2.0
package import Documents

/// What the runs of a source came to, for the figures that a monitor reads.
package struct SyncTotals: Hashable, Sendable {
    package var source: String
    package var status: String
    package var runs: Int64
    package var requests: Int64
    package var retries: Int64
    package var records: Int64
    package var bytes: Int64
    package var waitedMilliseconds: Int64
}

extension Session {
    /// In order of source and status.
    package func syncTotals(company: String) throws -> [SyncTotals] {
        try rows(
            """
            SELECT source, status, COUNT(*), SUM(requests), SUM(retries), SUM(records), SUM(bytes), SUM(waited_ms)
            FROM sync_run WHERE company = ? GROUP BY source, status ORDER BY source, status
            """, [company]
        ) { row in
            SyncTotals(
                source: row.text(0), status: row.text(1), runs: row.int(2), requests: row.int(3), retries: row.int(4),
                records: row.int(5), bytes: row.int(6), waitedMilliseconds: row.int(7))
        }
    }

    /// When a source was last begun, whatever came of it.
    package func lastSync(company: String, source: String) throws -> Timestamp? {
        try first(
            "SELECT MAX(started_at) FROM sync_run WHERE company = ? AND source = ?", [company, source]
        ) { $0.optionalInt(0).map { Timestamp(milliseconds: $0) } } ?? nil
    }

    /// Runs that failed since the last one that did not.
    package func syncFailures(company: String, source: String) throws -> Int {
        try first(
            """
            SELECT COUNT(*) FROM sync_run WHERE company = ? AND source = ? AND status = 'failed' AND no > COALESCE(
                (SELECT MAX(no) FROM sync_run WHERE company = ? AND source = ? AND status = 'done'), 0)
            """, [company, source, company, source]
        ) { Int(clamping: $0.int(0)) } ?? 0
    }

    /// Open exceptions by kind, in order of the kinds.
    package func openExceptions(company: String) throws -> [(kind: String, count: Int64)] {
        try rows(
            "SELECT kind, COUNT(*) FROM exception WHERE company = ? AND state = 'open' GROUP BY kind ORDER BY kind",
            [company]
        ) { (kind: $0.text(0), count: $0.int(1)) }
    }
}
