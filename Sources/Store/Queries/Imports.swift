// SPDX-License-Identifier: Apache-2.0
import Crypto
package import Documents

/// One import as it was recorded.
package struct StoredImport: Hashable, Sendable {
    package var no: Int64
    package var company: String
    package var source: String
    package var reader: String
    package var origin: Provenance.Origin
    package var size: Int64
    package var importedOn: Day
    package var recordedAt: Timestamp
    package var actor: String
    package var isSnapshot: Bool
    /// `done` or `refused`.
    package var status: String
    /// Entity names with new, changed and unchanged documents.
    package var counts: [String: ImportOutcome.Count] = [:]
    package var faultCount = 0
}

/// The bytes of a document to resend.
package struct StoredAttachment: Hashable, Sendable {
    package var name: String
    package var mediaType: String
    package var sha256: String
    package var size: Int64
}

extension Session {
    /// Imports, the oldest first; all of them, or one.
    package func imports(company: String, no: Int64? = nil) throws -> [StoredImport] {
        var result = try rows(
            """
            SELECT r.*, (SELECT count(*) FROM fault f WHERE f.import_no = r.no) AS faults FROM import_run r
            WHERE r.company = ? AND (? IS NULL OR r.no = ?) ORDER BY r.no
            """, [company, no, no]
        ) { row in
            StoredImport(
                no: row.int("no"), company: company, source: row.text("source"), reader: row.text("reader"),
                origin: Provenance.Origin(
                    sha256: row.text("sha256"), name: row.text("name"), format: row.text("format"),
                    mapping: row.optionalText("mapping"), mappingDigest: row.optionalText("mapping_digest")),
                size: row.int("size"), importedOn: row.day("imported_on"), recordedAt: row.time("recorded_at"),
                actor: row.text("actor"), isSnapshot: row.bool("is_snapshot"), status: row.text("status"),
                faultCount: Int(row.int("faults")))
        }
        for index in result.indices {
            try each(
                "SELECT entity, new, changed, unchanged FROM import_count WHERE import_no = ? ORDER BY entity",
                [result[index].no]
            ) { row in
                var count = ImportOutcome.Count()
                count.new = Int(row.int(1))
                count.changed = Int(row.int(2))
                count.unchanged = Int(row.int(3))
                result[index].counts[row.text(0)] = count
            }
        }
        return result
    }

    package func faults(importNo: Int64) throws -> [Fault] {
        try rows(
            "SELECT code, severity, position, message, hint FROM fault WHERE import_no = ? ORDER BY n", [importNo]
        ) { row in
            Fault(
                row.text(0), Fault.Severity(rawValue: row.text(1)) ?? .warning, at: Position(text: row.text(2)),
                row.text(3), hint: row.text(4))
        }
    }

    /// Keeps the text of a mapping or policy that was used; the same digest is kept once.
    package func keepText(digest: String, kind: String, name: String, text: String, at time: Timestamp) throws {
        try execute(
            """
            INSERT INTO text_by_digest(digest, kind, name, text, recorded_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """, [digest, kind, name, text, time])
    }

    package func text(digest: String) throws -> String? {
        try first("SELECT text FROM text_by_digest WHERE digest = ?", [digest]) { $0.text(0) }
    }

    /// Whose books the database holds, in order of id.
    package func companies() throws -> [String] {
        try rows("SELECT DISTINCT company FROM import_run ORDER BY company") { $0.text(0) }
    }

    /// What later files changed in one document, the oldest first.
    package func changes(company: String, id: String) throws -> [DocumentChange] {
        try rows(
            """
            SELECT entity, field, before, after, import_no FROM document_change WHERE company = ? AND id = ? ORDER BY no
            """, [company, id]
        ) { row in
            DocumentChange(
                entity: row.text(0), field: row.text(1), before: row.optionalText(2), after: row.optionalText(3),
                importNo: row.int(4))
        }
    }

    /// Keeps an invoice's document by the digest of its bytes; the same bytes are kept once.
    package func storeAttachment(
        company: String, invoice: String, name: String, mediaType: String, bytes: [UInt8]
    ) throws {
        let digest = SHA256.hash(data: bytes).hex
        if !isDryRun { try archive?.keep(bytes, sha256: digest) }
        // Without an archive the bytes stay in the row: `resend` needs them.
        try execute(
            """
            INSERT INTO attachment(company, invoice_id, name, media_type, sha256, size, bytes)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """, [company, invoice, name, mediaType, digest, bytes.count, archive == nil ? bytes : nil])
    }

    package func attachments(company: String, invoice: String) throws -> [StoredAttachment] {
        try rows(
            """
            SELECT name, media_type, sha256, size FROM attachment WHERE company = ? AND invoice_id = ? ORDER BY no
            """, [company, invoice]
        ) { StoredAttachment(name: $0.text(0), mediaType: $0.text(1), sha256: $0.text(2), size: $0.int(3)) }
    }

    /// The bytes of an attachment; nil when they were erased.
    package func attachmentBytes(company: String, invoice: String, sha256: String) throws -> [UInt8]? {
        let inRow = try first(
            "SELECT bytes FROM attachment WHERE company = ? AND invoice_id = ? AND sha256 = ?",
            [company, invoice, sha256]
        ) { $0.isNull(0) ? nil : $0.blob(0) }
        if let bytes = inRow ?? nil { return bytes }
        return try archive?.bytes(sha256: sha256)
    }
}

package struct DocumentChange: Hashable, Sendable {
    package var entity: String
    package var field: String
    package var before: String?
    package var after: String?
    package var importNo: Int64
}
