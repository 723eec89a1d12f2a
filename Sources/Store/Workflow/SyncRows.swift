// SPDX-License-Identifier: Apache-2.0
package import Documents

/// How far a stream of a source was read.
package struct SyncStream: Hashable, Sendable {
    package var stream: String
    /// Digest of the mapping and the configuration; under others the cursor does not hold.
    package var setting: String
    package var cursorKind: String?
    package var cursorValue: Int64?
    package var succeededAt: Timestamp
    /// The business day on which it was last read to its end.
    package var coveredOn: Day
    package var importNo: Int64?

    package init(
        stream: String, setting: String, cursorKind: String?, cursorValue: Int64?, succeededAt: Timestamp,
        coveredOn: Day, importNo: Int64?
    ) {
        self.stream = stream
        self.setting = setting
        self.cursorKind = cursorKind
        self.cursorValue = cursorValue
        self.succeededAt = succeededAt
        self.coveredOn = coveredOn
        self.importNo = importNo
    }
}

/// One pull of one stream, whatever came of it.
package struct SyncRun: Hashable, Sendable {
    package enum Status: String, Sendable {
        case done, failed
        /// Cut off because the process was to end: no failure, and to be run again.
        case stopped
    }

    package var source: String
    package var stream: String
    package var mapping: String
    package var mappingDigest: String?
    package var startedAt: Timestamp
    package var endedAt: Timestamp
    package var status: Status
    package var importNo: Int64?
    package var requests = 0
    package var retries = 0
    package var pages = 0
    package var passes = 0
    package var records = 0
    package var bytes = 0
    package var waitedMilliseconds: Int64 = 0
    package var cursorBefore: Int64?
    package var cursorAfter: Int64?
    /// Why it failed.
    package var fault: Fault?

    package init(
        source: String, stream: String, mapping: String, mappingDigest: String?, startedAt: Timestamp,
        endedAt: Timestamp, status: Status
    ) {
        self.source = source
        self.stream = stream
        self.mapping = mapping
        self.mappingDigest = mappingDigest
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.status = status
    }
}

extension Session {
    /// The streams of a source, in order of their names.
    package func syncStreams(company: String, source: String) throws -> [SyncStream] {
        try rows(
            """
            SELECT stream, setting, cursor_kind, cursor_value, succeeded_at, covered_on, import_no FROM sync_stream
            WHERE company = ? AND source = ? ORDER BY stream
            """, [company, source]
        ) { row in
            SyncStream(
                stream: row.text("stream"), setting: row.text("setting"), cursorKind: row.optionalText("cursor_kind"),
                cursorValue: row.optionalInt("cursor_value"), succeededAt: row.time("succeeded_at"),
                coveredOn: row.day("covered_on"), importNo: row.optionalInt("import_no"))
        }
    }

    /// Moves a stream's cursor: to be called in the transaction that lands what it covers.
    package func saveSyncStream(_ stream: SyncStream, company: String, source: String) throws {
        try execute(
            """
            INSERT INTO sync_stream(company, source, stream, setting, cursor_kind, cursor_value, succeeded_at,
                covered_on, import_no) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(company, source, stream) DO UPDATE SET setting = excluded.setting,
                cursor_kind = excluded.cursor_kind, cursor_value = excluded.cursor_value,
                succeeded_at = excluded.succeeded_at, covered_on = excluded.covered_on,
                import_no = coalesce(excluded.import_no, sync_stream.import_no)
            """,
            [
                company, source, stream.stream, stream.setting, stream.cursorKind, stream.cursorValue,
                stream.succeededAt, stream.coveredOn, stream.importNo,
            ])
    }

    package func recordSync(_ run: SyncRun, company: String) throws {
        try execute(
            """
            INSERT INTO sync_run(company, source, stream, mapping, mapping_digest, started_at, ended_at, status,
                import_no, requests, retries, pages, passes, records, bytes, waited_ms, cursor_before, cursor_after,
                code, message, hint) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                company, run.source, run.stream, run.mapping, run.mappingDigest, run.startedAt, run.endedAt,
                run.status.rawValue, run.importNo, run.requests, run.retries, run.pages, run.passes, run.records,
                run.bytes, run.waitedMilliseconds, run.cursorBefore, run.cursorAfter, run.fault?.code,
                run.fault?.message, run.fault?.hint,
            ])
    }

    /// The last runs of a source, the latest first.
    package func syncRuns(company: String, source: String, limit: Int) throws -> [SyncRun] {
        try rows(
            """
            SELECT stream, mapping, mapping_digest, started_at, ended_at, status, import_no, requests, retries, pages,
                passes, records, bytes, waited_ms, cursor_before, cursor_after, code, message, hint
            FROM sync_run WHERE company = ? AND source = ? ORDER BY no DESC LIMIT ?
            """,
            [company, source, limit]
        ) { row in
            var run = SyncRun(
                source: source, stream: row.text("stream"), mapping: row.text("mapping"),
                mappingDigest: row.optionalText("mapping_digest"), startedAt: row.time("started_at"),
                endedAt: row.time("ended_at"), status: SyncRun.Status(rawValue: row.text("status")) ?? .failed)
            run.importNo = row.optionalInt("import_no")
            run.requests = Int(clamping: row.int("requests"))
            run.retries = Int(clamping: row.int("retries"))
            run.pages = Int(clamping: row.int("pages"))
            run.passes = Int(clamping: row.int("passes"))
            run.records = Int(clamping: row.int("records"))
            run.bytes = Int(clamping: row.int("bytes"))
            run.waitedMilliseconds = row.int("waited_ms")
            run.cursorBefore = row.optionalInt("cursor_before")
            run.cursorAfter = row.optionalInt("cursor_after")
            if let code = row.optionalText("code") {
                run.fault = Fault(
                    code, .refusal, at: .path(run.stream), row.optionalText("message") ?? "",
                    hint: row.optionalText("hint") ?? "")
            }
            return run
        }
    }

    /// When earlier runs of a source sent requests, for limits that span runs: each run's requests at its end, the
    /// oldest first, no more than `most`.
    package func syncRequests(company: String, source: String, since: Timestamp, most: Int) throws -> [Timestamp] {
        var times: [Timestamp] = []
        try each(
            """
            SELECT ended_at, requests FROM sync_run WHERE company = ? AND source = ? AND ended_at >= ?
            ORDER BY ended_at, no
            """, [company, source, since]
        ) { row in
            let count = min(Int(clamping: row.int(1)), most)
            times.append(contentsOf: repeatElement(row.time(0), count: max(0, count)))
        }
        return times.suffix(most)
    }

    package func syncCredential(company: String, source: String) throws -> (sealed: [UInt8], seed: String)? {
        try first(
            "SELECT sealed, seed FROM sync_credential WHERE company = ? AND source = ?", [company, source]
        ) { (sealed: $0.blob(0), seed: $0.text(1)) }
    }

    package func saveSyncCredential(
        company: String, source: String, sealed: [UInt8], seed: String, at time: Timestamp
    ) throws {
        try execute(
            """
            INSERT INTO sync_credential(company, source, sealed, seed, recorded_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT(company, source) DO UPDATE SET sealed = excluded.sealed, seed = excluded.seed,
                recorded_at = excluded.recorded_at
            """, [company, source, sealed, seed, time])
    }
}

/// Only one run pulls from a source at a time, in this process or another: two would each use up the other's
/// refresh token.
package struct SourceLock {
    private let lock: LockHandle

    /// - Parameter database: the database's path; the lock lies beside it.
    package init(database: String, source: String) throws {
        let name = source.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        lock = try LockHandle(path: "\(database).sync-\(String(name)).lock")
    }

    /// - Throws: `SYNC-BUSY` when another run holds it for longer than `patienceSeconds`.
    package func hold<T>(patienceSeconds: Int = 5, _ body: () throws -> T) throws -> T {
        var isHeld = false
        do {
            return try lock.hold(patienceSeconds: patienceSeconds) {
                isHeld = true
                return try body()
            }
        } catch let failure as StoreFailure where failure.code == "STORE-BUSY" && !isHeld {
            throw StoreFailure("SYNC-BUSY", "another run is at this source; try again when it has ended")
        }
    }
}
