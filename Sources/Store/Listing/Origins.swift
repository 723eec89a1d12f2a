// SPDX-License-Identifier: Apache-2.0
import Documents

extension Session {
    /// What a name given by a person stands for.
    package struct Resolved: Sendable {
        /// `invoice` or `payment`.
        package var kind: String
        package var id: String
        package var number: String?
        package var items: [String]
    }

    /// Where a document was read.
    package struct Origin: Sendable {
        package var importNo: Int64
        package var file: String
        package var position: String
        package var sha256: String
        package var format: String
        package var mapping: String?
        package var mappingDigest: String?
        package var source: String
        /// `first`, or why a further statement is about the same thing.
        package var evidence: String
        package var isKept: Bool
    }

    /// Invoices and payments by id, item id or invoice number.
    package func resolve(company: String, _ name: String) throws -> [Resolved] {
        let keys = Invoice.Kind.allCases.map { Identity.key(kind: $0.rawValue, number: name) }
        // UNION: each way has an index of its own.
        var found = try rows(
            """
            SELECT id, number, no FROM invoice WHERE company = ?
                AND id IN (?, (SELECT COALESCE(parent_id, id) FROM item WHERE company = ? AND id = ?))
            UNION SELECT id, number, no FROM invoice
                WHERE company = ? AND key IN (\(keys.map { _ in "?" }.joined(separator: ", "))) AND number = ?
            ORDER BY no
            """, [company, name, company, name, company] + keys.map { $0 } + [name]
        ) { Resolved(kind: "invoice", id: $0.text(0), number: $0.optionalText(1), items: []) }
        for index in found.indices {
            found[index].items = try rows(
                """
                SELECT id FROM item WHERE company = ? AND id >= ? AND id < ? AND COALESCE(parent_id, id) = ?
                ORDER BY instalment
                """, [company, found[index].id, found[index].id + "0", found[index].id]
            ) { $0.text(0) }
        }
        found += try rows("SELECT id FROM payment WHERE company = ? AND id = ?", [company, name]) {
            Resolved(kind: "payment", id: $0.text(0), number: nil, items: [])
        }
        return found
    }

    /// The invoice number people know an item or an invoice by, with the instalment where there are several; nil for
    /// an id that is neither.
    package func number(company: String, named id: String) throws -> String? {
        try first(
            """
            SELECT number || CASE WHEN parent_id IS NULL THEN '' ELSE '/' || instalment END FROM item
                WHERE company = ? AND id = ?
            UNION ALL SELECT number FROM invoice WHERE company = ? AND id = ? LIMIT 1
            """, [company, id, company, id]
        ) { $0.text(0) }
    }

    /// Every file that says something about the document, the first one first.
    package func origins(company: String, _ found: Resolved) throws -> [Origin] {
        let places =
            found.kind == "invoice"
            ? """
            SELECT import_no, position, 'first' AS evidence FROM invoice WHERE company = ? AND id = ?
            UNION ALL SELECT import_no, position, 'NUMBER-AND-YEAR' FROM source_state WHERE company = ? AND invoice_id = ?
            """
            : """
            SELECT import_no, position, 'first' AS evidence FROM payment WHERE company = ? AND id = ?
            UNION ALL SELECT import_no, position, evidence FROM payment_link WHERE company = ? AND payment_id = ?
            """
        return try rows(
            """
            SELECT r.no, r.name, d.position, r.sha256, r.format, r.mapping, r.mapping_digest, r.source,
                d.evidence, coalesce((SELECT o.is_kept FROM original o WHERE o.sha256 = r.sha256), 0)
            FROM (\(places)) d JOIN import_run r ON r.no = d.import_no ORDER BY r.no
            """, [company, found.id, company, found.id]
        ) { row in
            Origin(
                importNo: row.int(0), file: row.text(1), position: row.optionalText(2) ?? "file", sha256: row.text(3),
                format: row.text(4), mapping: row.optionalText(5), mappingDigest: row.optionalText(6),
                source: row.text(7), evidence: row.text(8), isKept: row.bool(9))
        }
    }
}
