// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// Invoices that the books hold already: a changed row, or the same invoice as another source states it.
extension Merge {
    func mergeKnown() throws {
        outcome.invoices.unchanged += try count("SELECT count(*) FROM merge_known WHERE same = 1")
        guard !known.isEmpty else { return }
        let restatements = try Restatements(self)
        let others = try count("SELECT count(*) FROM merge_known WHERE how <> 1")
        let isPlain = try Restatements.isPlain(session, company: company, sameSource: others == 0)
        // An unchanged row matters only where the same part, still open on a later day, may say something new
        // (`SourceClearing.isDayRelevant`), and where a list that did not name it had closed it in between.
        try session.each(
            """
            SELECT k.no, k.id, k.how, k.same, CASE WHEN \(isPlain) THEN 1 END, \(Restatements.columns)
            FROM merge_known k CROSS JOIN \(staged).invoice s ON s.no = k.no
            LEFT JOIN merge_party p ON p.key = s.party LEFT JOIN item_row i ON i.company = ? AND i.id = k.id
            WHERE k.same = 0 OR EXISTS (
                SELECT 1 FROM item_row i WHERE i.company = ? AND i.id >= k.id AND i.id < k.id || '0'
                AND COALESCE(i.parent_id, i.id) = k.id AND i.stated_as_of <= ?
                AND (i.stated <> 0 AND i.stated <> i.amount AND i.stated_as_of < ?
                    OR i.stated = 0 AND EXISTS (SELECT 1 FROM log l WHERE l.company = i.company AND l.item = i.id
                        AND l.kind > 2 AND l.kind = ? AND l.reason = ?
                        AND COALESCE(l.business_day, l.posting_day) = i.stated_as_of)))
            ORDER BY k.no
            """,
            [
                run.company.cutOver ?? Day(number: .min), company, company, run.importedOn, run.importedOn,
                Entry.Kind.stated.rawValue, Self.absent,
            ]
        ) { row in
            let isSame = row.bool(3)
            if row.bool(4), try restatements.perform(row, from: 5, isSame: isSame) {
                if !isSame { outcome.invoices.changed += 1 }
            } else {
                try mergeKnown(no: row.int(0), id: row.text(1), how: row.int(2), isSame: isSame)
            }
        }
        try restatements.finish()
    }

    private func mergeKnown(no: Int64, id: String, how: Int64, isSame: Bool) throws {
        guard let new = try stagedInvoice(no), let old = try session.invoice(company: company, id: id) else {
            throw StoreFailure("STORE-DAMAGED", "invoice \(id) vanished during the import; run verify")
        }
        guard new.invoice.currency == old.invoice.currency else {
            conflict(id, old, "states currency \(new.invoice.currency), not \(old.invoice.currency)")
            if how == 3 { outcome.invoices.unchanged += 1 }
            return
        }
        let isOwn = how == 1
        if !isSame {
            if isOwn {
                try recordChanges(no: no, id: id)
                try replaceStated(no: no, id: id)
                outcome.invoices.changed += 1
            } else {
                findConflicts(id, new, old)
                try saveSourceState(no: no, id: id, new)
                try fillMissing(no: no, id: id)
                if how == 3 { outcome.invoices.unchanged += 1 } else { outcome.invoices.changed += 1 }
            }
        }
        try moveCustomer(id, new, old, isOwn: isOwn)
        try InvoiceUpdate(merge: self, id: id, new: new, old: old, isOwn: isOwn).perform()
    }

    private func stagedInvoice(_ no: Int64) throws -> StoredInvoice? {
        let origin = run.origin
        return try session.first(
            """
            SELECT s.*, p.customer AS customer FROM \(staged).invoice s JOIN merge_party p ON p.key = s.party
            WHERE s.no = ?
            """, [no]
        ) { row in
            StoredInvoice(
                company: company, id: row.text("id"), source: run.source, reader: run.reader, importNo: importNo,
                customerID: row.text("customer"), basis: nil,
                invoice: try Session.invoice(row, origin: origin))
        }
    }

    private static let compared = SchemaV1.invoiceStated.map(\.name).filter {
        !["position", "key", "year", "occurrence", "content", "modified_at"].contains($0)
    }

    private static let comparedNames = compared.joined(separator: ", ")

    private func recordChanges(no: Int64, id: String) throws {
        let names = Self.comparedNames
        let after = try session.first("SELECT \(names) FROM \(staged).invoice WHERE no = ?", [no]) { row in
            Self.compared.indices.map { row.value($0) }
        }
        let before = try session.first(
            "SELECT \(names) FROM invoice WHERE company = ? AND id = ?", [company, id]
        ) { row in Self.compared.indices.map { row.value($0) } }
        guard let before, let after else { return }
        for (index, name) in Self.compared.enumerated() where before[index] != after[index] {
            try session.execute(
                """
                INSERT INTO document_change(company, entity, id, import_no, field, before, after)
                VALUES (?, 'invoice', ?, ?, ?, ?, ?)
                """, [company, id, importNo, name, before[index].plainText, after[index].plainText])
        }
    }

    private func replaceStated(no: Int64, id: String) throws {
        guard let bearer = try session.bearer(company: company, invoice: id) else { return }
        let common = (SchemaV1.invoiceHead + SchemaV1.invoiceCommon).map(\.name).filter { $0 != "occurrence" }
        try session.execute(
            """
            UPDATE \(bearer.table) SET import_no = ?, (\(common.map(SchemaV1.borne).joined(separator: ", "))) =
                (SELECT \(common.joined(separator: ", ")) FROM \(staged).invoice WHERE no = ?)
            WHERE no = ?
            """, [importNo, no, bearer.no])
        try makeRoomForMore(bearer)
        let more = SchemaV1.names(SchemaV1.invoiceMore)
        try session.execute(
            "UPDATE invoice_more SET (\(more)) = (SELECT \(more) FROM \(staged).invoice WHERE no = ?) WHERE no = ?",
            [no, bearer.no])
    }

    private func makeRoomForMore(_ bearer: Bearer) throws {
        try session.execute("INSERT INTO invoice_more(no) VALUES (?) ON CONFLICT DO NOTHING", [bearer.no])
    }

    /// What the first source left open, another may fill in; it never overwrites.
    private func fillMissing(no: Int64, id: String) throws {
        guard let bearer = try session.bearer(company: company, invoice: id) else { return }
        try fill(["reference", "total", "due_on"], of: bearer.table, no: bearer.no, from: no)
        try makeRoomForMore(bearer)
        let more = [
            "structured_reference", "purchase_order", "document", "corrects", "correction", "collection_method",
            "assigned_to", "net", "tax", "payable", "prepaid", "rounding", "rate", "discounts", "taxes", "disputed",
            "dunning_blocked", "in_transit", "last_dunned_on", "dunning_level",
        ]
        try fill(more, of: "invoice_more", no: bearer.no, from: no)
    }

    private func fill(_ names: [String], of table: String, no: Int64, from stagedNo: Int64) throws {
        let assignments = names.map { name in
            let own = SchemaV1.borne(name)
            return "\(own) = COALESCE(\(own), (SELECT \(name) FROM \(staged).invoice WHERE no = ?))"
        }
        try session.execute(
            "UPDATE \(table) SET \(assignments.joined(separator: ", ")) WHERE no = ?",
            names.map { _ in stagedNo } + [no])
    }

    private func saveSourceState(no: Int64, id: String, _ new: StoredInvoice) throws {
        try session.execute(
            """
            INSERT INTO source_state(company, source, reader, source_id, invoice_id, import_no, position, content,
                currency, total, payable, open, as_of, due_on, customer)
            SELECT ?, ?, ?, COALESCE(m.id, s.id), ?, ?, s.position, s.content, s.currency, s.total, s.payable,
                s.open, ?, s.due_on, ?
            FROM \(staged).invoice s LEFT JOIN merge_id m ON m.no = s.no WHERE s.no = ?
            ON CONFLICT (company, source, reader, source_id) DO UPDATE SET import_no = excluded.import_no,
                position = excluded.position, content = excluded.content, total = excluded.total,
                payable = excluded.payable, open = excluded.open, as_of = excluded.as_of,
                due_on = excluded.due_on, customer = excluded.customer
            """, [company, run.source, run.reader, id, importNo, run.importedOn, new.customerID, no])
    }

    private func findConflicts(_ id: String, _ new: StoredInvoice, _ old: StoredInvoice) {
        for (name, before, after) in [
            ("total", old.invoice.total, new.invoice.total), ("amount due", old.invoice.payable, new.invoice.payable),
        ] {
            if let before, let after, before != after {
                conflict(id, old, "states a \(name) of \(after), not \(before)")
            }
        }
        if let before = old.invoice.dueOn, let after = new.invoice.dueOn, before != after {
            conflict(id, old, "states the due day \(after), not \(before)")
        }
        if old.customerID != new.customerID {
            conflict(id, old, "names customer \(new.customerID), not \(old.customerID)")
        }
    }

    func conflict(_ id: String, _ old: StoredInvoice, _ message: String) {
        outcome.add(
            "SOURCE-CONFLICT", id, customer: old.customerID,
            "\(run.source) (\(run.reader)) \(message) as \(old.source) (\(old.reader)) does, for invoice \(old.invoice.number)"
        )
    }

    private func moveCustomer(_ id: String, _ new: StoredInvoice, _ old: StoredInvoice, isOwn: Bool) throws {
        guard isOwn, old.customerID != new.customerID else { return }
        try session.execute(
            "UPDATE invoice_row SET customer = ? WHERE company = ? AND id = ?", [new.customerID, company, id])
        try session.execute(
            """
            UPDATE item_row SET customer = ?
            WHERE company = ? AND id >= ? AND id < ? AND COALESCE(parent_id, id) = ?
            """, [new.customerID, company, id, id + "0", id])
        try session.bumpAccountVersion(company: company, customer: old.customerID)
        try session.bumpAccountVersion(company: company, customer: new.customerID)
        outcome.add(
            "CUSTOMER-CHANGED", id, customer: new.customerID,
            "invoice \(old.invoice.number) moved from customer \(old.customerID) to \(new.customerID)")
    }
}

extension ImportRun {
    var origin: Provenance.Origin {
        Provenance.Origin(sha256: sha256, name: name, format: format, mapping: mapping, mappingDigest: mappingDigest)
    }
}

extension Value {
    /// For a list of changes.
    var plainText: String? {
        switch self {
        case .null: nil
        case .integer(let number): String(number)
        case .text(let text): text
        case .blob(let bytes): "\(bytes.count) bytes"
        }
    }
}
