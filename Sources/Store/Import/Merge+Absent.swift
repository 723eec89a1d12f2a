// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// Payments that their source lists no more, or calls failed after all.
///
///     told, and gone    ─►  failed: it settles nothing, lies on no account, holds no reminder; told where it was used
///     booked, and gone  ─►  told, and nothing is booked: cash goes back by a return, not by silence
extension Merge {
    /// Throws `ImportRefusal` where more than 5 % are missing at once, or all of them: a broken list is likelier.
    func takeBackAbsent(_ listing: ImportRun.Listing) throws {
        let listed = Set(listing.lines.map(\.id))
        var known = 0
        var absent: [String] = []
        try session.each(
            """
            SELECT id FROM listed_payment WHERE company = ? AND source = ? AND reader = ? AND place >= ? ORDER BY id
            """, [company, run.source, run.reader, listing.from]
        ) { row in
            known += 1
            if !listed.contains(row.text(0)) { absent.append(row.text(0)) }
        }
        let isDrop = !absent.isEmpty && listed.isEmpty || absent.count > 1 && absent.count * 20 > known
        guard listing.acceptDrop || !isDrop else {
            throw ImportRefusal([
                Fault(
                    "SNAPSHOT-DROP", .refusal, at: .file,
                    "\(absent.count) of \(known) payments that were listed before are missing from the list",
                    hint: "Check that the answer is complete; --accept-drop takes it as it is.")
            ])
        }
        for id in absent {
            try takeBack(id)
            try session.execute(
                "DELETE FROM listed_payment WHERE id = ? AND company = ? AND source = ? AND reader = ?",
                [id, company, run.source, run.reader])
        }
        for line in listing.lines {
            try session.execute(
                """
                INSERT INTO listed_payment(company, source, reader, id, place) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET place = excluded.place WHERE place <> excluded.place
                """, [company, run.source, run.reader, line.id, line.place])
        }
    }

    private func takeBack(_ sourceID: String) throws {
        // One that the bank's own entry has become is the bank's now.
        let own = "SELECT no, id, status FROM payment WHERE company = ? AND source = ? AND reader = ?"
        func find(_ condition: String) throws -> (no: Int64, id: String, status: String)? {
            try session.first("\(own) AND \(condition) = ?", [company, run.source, run.reader, sourceID]) {
                (no: $0.int(0), id: $0.text(1), status: $0.text(2))
            }
        }
        guard let payment = try find("id") ?? find("source_id"), payment.status != "failed" else { return }
        guard payment.status != "booked" else {
            try tellGone(payment.id, "is cash here and is not listed any more; nothing was booked")
            return
        }
        // Another content, so that it is changed when it is listed again.
        try session.execute(
            "UPDATE payment_row SET status = 'failed', content = ~content, import_no = ? WHERE no = ?",
            [importNo, payment.no])
        try session.execute(
            """
            INSERT INTO document_change(company, entity, id, import_no, field, before, after)
            VALUES (?, 'payment', ?, ?, 'status', ?, 'failed')
            """, [company, payment.id, importNo, payment.status])
        outcome.payments.changed += 1
        try tellGone(payment.id, "is not listed any more")
    }

    /// A person hears of it where it is cash, paid invoices by its source's word, or was written there by `post`.
    func tellGone(_ id: String, _ what: String) throws {
        let payment = try session.first(
            "SELECT source_id, amount, currency, customer, status, booked_on FROM payment WHERE company = ? AND id = ?",
            [company, id]
        ) { row in
            (
                sourceID: row.optionalText(0) ?? id,
                amount: Money(minorUnits: row.int(1), currency: try row.currency("currency")),
                customer: row.optionalText(3), isBooked: row.text(4) == "booked", day: row.day(5)
            )
        }
        guard let payment else { return }
        let paid = try invoicesPaid(by: payment.sourceID)
        // What was taken back from here is gone because of that.
        let state = try session.first(
            """
            SELECT state FROM post_order WHERE company = ? AND source = ? AND json_extract(kept, '$.id') = ?
            ORDER BY no DESC LIMIT 1
            """, [company, run.source, payment.sourceID]
        ) { $0.text(0) }
        guard payment.isBooked || !paid.isEmpty || state != nil, state != PostOrder.State.reversed.rawValue else {
            return
        }
        var message = "\(payment.amount) of \(payment.day) \(what)"
        if !paid.isEmpty { message += "; by its source's word it paid \(paid.joined(separator: ", "))" }
        if state != nil { message += "; tieout post had written it there" }
        outcome.add("PAYMENT-GONE", id, customer: payment.customer, message)
    }

    private func invoicesPaid(by sourceID: String) throws -> [String] {
        try session.rows(
            """
            SELECT DISTINCT COALESCE(
                (SELECT v.number FROM source_settlement t JOIN invoice v ON v.company = t.company AND v.id = t.invoice_id
                    WHERE t.allocation = a.no),
                (SELECT v.number FROM invoice v WHERE v.company = a.company AND v.id = a.invoice_id
                    AND v.source = a.source), a.invoice_id)
            FROM stated_allocation a WHERE a.company = ? AND a.source = ? AND a.payment_id = ? ORDER BY 1 LIMIT 20
            """, [company, run.source, sourceID]
        ) { $0.text(0) }
    }

    /// Its source lists it again, or no longer calls it failed.
    func listedAgain(_ id: String) throws {
        try session.resolveExceptions(
            company: company, kind: "PAYMENT-GONE", subject: id, resolution: "its source lists it again",
            at: run.recordedAt)
    }
}

extension Session {
    /// Whether a list held payments from a place on.
    package func hasListedPayments(company: String, source: String, reader: String, from place: Int64) throws -> Bool {
        try first(
            """
            SELECT 1 FROM listed_payment WHERE company = ? AND source = ? AND reader = ? AND place >= ? LIMIT 1
            """, [company, source, reader, place]
        ) { $0.int(0) } != nil
    }
}
