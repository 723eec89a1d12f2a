// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Ledger

/// The chain behind a figure: balance, entries, documents, imports, bytes.
package struct Explanation: Hashable, Sendable {
    package struct Source: Hashable, Sendable {
        /// The external book and what read it.
        package var source: String
        package var importNo: Int64
        package var origin: Provenance.Origin
        package var at: Position
        /// `first`, or the evidence by which a further statement was linked.
        package var evidence: String
    }

    package var items: [OpenItem] = []
    package var payment: StoredPayment?
    package var invoice: StoredInvoice?
    package var entries: [LoggedEntry] = []
    package var sources: [Source] = []
    package var changes: [DocumentChange] = []
}

extension Session {
    /// The chain of an item, an invoice (by id, or by a number that only one has) or a payment; nil when unknown.
    package func explain(company: String, id: String) throws -> Explanation? {
        if let item = try item(company: company, id: id) {
            return try explain([item], company: company, invoice: item.invoiceID)
        }
        if let invoice = try invoice(company: company, id: id) {
            return try explain(try items(company: company, invoice: invoice.id), company: company, invoice: invoice.id)
        }
        if let payment = try payment(company: company, id: id) { return try explain(payment) }
        let linked = try first(
            "SELECT invoice_id FROM source_state WHERE company = ? AND source_id = ? ORDER BY no", [company, id]
        ) { $0.text(0) }
        let numbered = try invoices(company: company, number: id)
        guard let invoice = linked ?? (numbered.count == 1 ? numbered.first?.id : nil) else { return nil }
        return try explain(try items(company: company, invoice: invoice), company: company, invoice: invoice)
    }

    private func explain(_ items: [OpenItem], company: String, invoice id: String) throws -> Explanation {
        var result = Explanation()
        result.items = items
        result.invoice = try invoice(company: company, id: id)
        for item in items {
            result.entries += try entryList(company: company, filter: EntryFilter(item: item.id))
        }
        result.entries.sort { $0.seq < $1.seq }
        if let invoice = result.invoice {
            result.sources.append(
                Explanation.Source(
                    source: invoice.source, importNo: invoice.importNo, origin: invoice.invoice.provenance.origin,
                    at: invoice.invoice.provenance.at, evidence: "first"))
        }
        result.sources += try sources(
            """
            SELECT t.source, t.import_no, t.position, 'NUMBER-AND-YEAR' AS evidence, r.sha256 AS o_sha256,
                r.name AS o_name, r.format AS o_format, r.mapping AS o_mapping, r.mapping_digest AS o_mapping_digest
            FROM source_state t JOIN import_run r ON r.no = t.import_no
            WHERE t.company = ? AND t.invoice_id = ? ORDER BY t.no
            """, [company, id])
        result.changes = try changes(company: company, id: id)
        return result
    }

    private func explain(_ payment: StoredPayment) throws -> Explanation {
        var result = Explanation()
        result.payment = payment
        result.entries = try entryList(company: payment.company, filter: EntryFilter(payment: payment.id))
        result.sources = [
            Explanation.Source(
                source: payment.source, importNo: payment.importNo, origin: payment.payment.provenance.origin,
                at: payment.payment.provenance.at, evidence: "first")
        ]
        result.sources += try sources(
            """
            SELECT t.source, t.import_no, t.position, t.evidence, r.sha256 AS o_sha256, r.name AS o_name,
                r.format AS o_format, r.mapping AS o_mapping, r.mapping_digest AS o_mapping_digest
            FROM payment_link t JOIN import_run r ON r.no = t.import_no
            WHERE t.company = ? AND t.payment_id = ? ORDER BY t.no
            """, [payment.company, payment.id])
        result.changes = try changes(company: payment.company, id: payment.id)
        return result
    }

    private func sources(_ sql: String, _ arguments: [(any Bindable)?]) throws -> [Explanation.Source] {
        try rows(sql, arguments) { row in
            Explanation.Source(
                source: row.text("source"), importNo: row.int("import_no"), origin: Self.origin(row),
                at: Position(text: row.optionalText("position") ?? "file"), evidence: row.text("evidence"))
        }
    }
}
