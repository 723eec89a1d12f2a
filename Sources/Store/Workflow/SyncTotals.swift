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
    /// From the first request to the commit.
    package var milliseconds: Int64
}

extension Session {
    /// In order of source and status.
    package func syncTotals(company: String) throws -> [SyncTotals] {
        try rows(
            """
            SELECT source, status, COUNT(*), SUM(requests), SUM(retries), SUM(records), SUM(bytes), SUM(waited_ms),
                SUM(ended_at - started_at)
            FROM sync_run WHERE company = ? GROUP BY source, status ORDER BY source, status
            """, [company]
        ) { row in
            SyncTotals(
                source: row.text(0), status: row.text(1), runs: row.int(2), requests: row.int(3), retries: row.int(4),
                records: row.int(5), bytes: row.int(6), waitedMilliseconds: row.int(7),
                milliseconds: row.int(8))
        }
    }

    /// When the last run that got through, or failed, was at its last stream. One that was killed or stopped on its way
    /// there is none: it is still to be made up for.
    package func lastSync(company: String, source: String, lastStream: String) throws -> Timestamp? {
        try first(
            """
            SELECT MAX(started_at) FROM sync_run
            WHERE company = ? AND source = ? AND (status = 'failed' OR status = 'done' AND stream = ?)
            """, [company, source, lastStream]
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
