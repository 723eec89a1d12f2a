// SPDX-License-Identifier: Apache-2.0
import Crypto
package import Documents

/// Who wrote a group of entries, when, and by which rule: the header of a digest in the chain.
package struct BatchInfo: Hashable, Sendable {
    package var company: String
    /// The verb: `import`, `reconcile`, `review`, `close`.
    package var kind: String
    package var recordedAt: Timestamp
    package var actor: String
    package var rule: String
    package var importNo: Int64?

    package init(
        company: String, kind: String, recordedAt: Timestamp, actor: String, rule: String, importNo: Int64? = nil
    ) {
        self.company = company
        self.kind = kind
        self.recordedAt = recordedAt
        self.actor = actor
        self.rule = rule
        self.importNo = importNo
    }
}

/// A batch that is being written. Its rows follow each other in the log; closing it seals them with a digest over
/// the digest before, the header and every row.
struct OpenBatch {
    let no: Int64
    let info: BatchInfo
    let firstSeq: Int64
}

/// Rows of a batch that is being written, from its first one through an entry's number.
struct DigestedRows {
    let digest: RowsDigest
    let through: Int64
}

extension Session {
    /// - Parameter firstSeq: where its rows begin, when some are written already.
    func openBatch(_ info: BatchInfo, firstSeq written: Int64? = nil) throws -> OpenBatch {
        let previous = try first("SELECT digest FROM batch ORDER BY no DESC LIMIT 1") { row -> [UInt8] in
            guard !row.isNull(0) else {
                preconditionFailure("the batch before is still open: batches do not nest")
            }
            return row.blob(0)
        }
        let firstSeq = try written ?? nextSeq()
        try execute(
            """
            INSERT INTO batch(company, kind, recorded_at, actor, rule, import_no, first_seq, previous)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                info.company, info.kind, info.recordedAt, info.actor, info.rule, info.importNo, firstSeq,
                previous ?? [UInt8](repeating: 0, count: 32),
            ])
        return OpenBatch(no: lastInsertRowID, info: info, firstSeq: firstSeq)
    }

    /// Seals the batch; one without entries leaves no trace.
    /// - Parameter written: its first rows, when they were digested while they were written.
    func closeBatch(_ batch: OpenBatch, written: DigestedRows? = nil) throws {
        let last = try nextSeq() - 1
        guard last >= batch.firstSeq else {
            try execute("DELETE FROM batch WHERE no = ?", [batch.no])
            return
        }
        let (digest, count) = try batchDigest(no: batch.no, written: written)
        try execute(
            "UPDATE batch SET last_seq = ?, count = ?, digest = ? WHERE no = ?", [last, count, digest, batch.no])
    }

    /// What the next entry of the log is numbered.
    package func nextSeq() throws -> Int64 {
        try first("SELECT seq FROM log ORDER BY seq DESC LIMIT 1") { $0.int(0) + 1 } ?? 1
    }

    /// SHA-256 over the previous digest, the batch's header and the digest of its rows in order; every column of the
    /// log counts. The header comes last, so that rows can be digested before it is known.
    func batchDigest(no: Int64, written: DigestedRows? = nil) throws -> (digest: [UInt8], count: Int64) {
        let rows = written?.digest ?? RowsDigest()
        var previous: [UInt8] = []
        var firstSeq: Int64 = 0
        var lastSeq = Int64.max
        try each("SELECT previous, first_seq, last_seq FROM batch WHERE no = ?", [no]) { row in
            previous = row.blob(0)
            firstSeq = written.map { $0.through + 1 } ?? row.int(1)
            lastSeq = row.optionalInt(2) ?? .max
        }
        try each(
            "SELECT \(Self.digestedColumns.joined(separator: ", ")) FROM log WHERE seq >= ? AND seq <= ? ORDER BY seq",
            [firstSeq, lastSeq]
        ) { $0.statement.add(to: rows) }
        let header = RowsDigest()
        try each("SELECT no, company, kind, recorded_at, actor, rule FROM batch WHERE no = ?", [no]) {
            $0.statement.add(to: header)
        }
        var hash = SHA256()
        hash.update(data: previous)
        hash.update(data: header.finish())
        hash.update(data: rows.finish())
        return ([UInt8](hash.finalize()), rows.count)
    }

    static let digestedColumns = [
        "seq", "company", "kind", "currency", "amount", "item", "payment", "counter", "customer", "posting_day",
        "business_day", "recorded_at", "actor", "reason", "rule", "decision", "undoes",
    ]
}
