// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// Snapshots: items that a complete list closes by not naming them.
extension Merge {
    /// The reason of the entries that say so.
    static let absent = "absent_from_snapshot"

    /// What a list names again is no longer a matter for a person.
    func resolveListedAgain() throws {
        try session.execute(
            """
            UPDATE exception SET state = 'resolved', resolution = 'the source lists it again', resolved_by = 'tieout',
                resolved_at = ?
            WHERE company = ? AND kind = 'CLOSED-BY-SOURCE' AND state = 'open' AND EXISTS (
                SELECT 1 FROM item i WHERE i.company = exception.company AND i.id = exception.subject AND i.stated <> 0)
            """, [run.recordedAt, company])
    }

    /// What a complete snapshot does not list any more is closed by source, cause unknown.
    func closeAbsent() throws {
        guard let snapshot = run.snapshot else { return }
        try checkSnapshotTotal(snapshot)
        // Before a first load there was nothing that could be absent.
        guard staging.load == nil else { return }
        var conditions = "i.company = ? AND (i.open <> 0 OR i.stated <> 0)"
        var arguments: [(any Bindable)?] = [company]
        if let currency = snapshot.currency {
            conditions += " AND i.currency = ?"
            arguments.append(currency)
        }
        arguments += [run.source, company, run.source]
        let scope = """
            FROM item i LEFT JOIN item_row w ON w.no = i.bearer LEFT JOIN invoice_row v ON v.no = i.bearer
                JOIN import_run r ON r.no = COALESCE(i.import_no, w.import_no, v.import_no)
            WHERE \(conditions) AND (r.source = ? OR EXISTS (SELECT 1 FROM source_state t
                WHERE t.company = ? AND t.source = ? AND t.invoice_id = COALESCE(i.parent_id, i.id)))
            """
        let items = try session.rows("SELECT \(Session.itemColumns) \(scope) ORDER BY i.id", arguments) {
            try Session.item($0)
        }
        var absent: [OpenItem] = []
        for item in items where try !isStaged(item.invoiceID) { absent.append(item) }
        try checkDrop(absent.filter { !$0.open.isZero }, of: items.filter { !$0.open.isZero }, snapshot)
        let period = try session.period(company: company)
        for item in absent { try close(item, period) }
    }

    private func isStaged(_ invoice: String) throws -> Bool {
        if try count("SELECT count(*) FROM merge_known WHERE id = ?", [invoice]) > 0 { return true }
        return try count(
            "SELECT count(*) FROM invoice WHERE company = ? AND id = ? AND import_no = ?",
            [company, invoice, importNo]) > 0
    }

    private func close(_ item: OpenItem, _ period: Period) throws {
        func entry(_ kind: Entry.Kind, _ amount: Money) -> Entry {
            Entry(
                kind, company: company, amount: amount, item: item.id, customer: item.customerID,
                postingDay: period.postingDay(for: max(run.importedOn, item.postingDay)),
                businessDay: run.importedOn, recordedAt: run.recordedAt, actor: run.actor,
                reason: Self.absent, rule: "IMPORT")
        }
        var entries = [entry(.stated, .zero(item.currency))]
        if !item.open.isZero {
            entries.append(entry(.closedBySource, item.open))
            outcome.add(
                "CLOSED-BY-SOURCE", item.id, customer: item.customerID,
                "\(item.open) of \(item.number) is not in the complete list any more; its cause is unknown")
        }
        _ = try session.append(entries, to: batch)
    }

    private func checkDrop(_ absent: [OpenItem], of all: [OpenItem], _ snapshot: ImportRun.Snapshot) throws {
        guard !snapshot.acceptDrop else { return }
        func value(_ items: [OpenItem]) -> Int128 { items.reduce(0) { $0 + Int128($1.open.minorUnits.magnitude) } }
        guard absent.count * 20 > all.count || value(absent) * 20 > value(all) else { return }
        throw ImportRefusal([
            Fault(
                "SNAPSHOT-DROP", .refusal, at: .file,
                "\(absent.count) of \(all.count) open items are missing from the snapshot, more than 5 %",
                hint: "Check that the export is complete; --accept-drop takes it as it is.")
        ])
    }

    private func checkSnapshotTotal(_ snapshot: ImportRun.Snapshot) throws {
        let listed = staging.load == nil ? "\(staged).invoice WHERE" : "invoice WHERE import_no = \(importNo) AND"
        let sums = try session.rows(
            """
            SELECT currency, SUM(COALESCE(open, payable, total)) FROM \(listed) deleted IS NULL
                AND COALESCE(status, '') NOT IN ('draft', 'void') GROUP BY currency ORDER BY currency
            """
        ) { (currency: try $0.currency("currency"), sum: $0.int(1)) }
        let totals = try controlTotals()
        for (currency, sum) in sums where snapshot.currency == nil || snapshot.currency == currency {
            guard let total = totals.first(where: { $0.customerID == nil && $0.amount.currency == currency }) else {
                throw ImportRefusal([
                    Fault(
                        "SNAPSHOT-NO-CONTROL", .refusal, at: .file,
                        "a snapshot closes what it does not list, and nothing says what it should sum to in \(currency)",
                        hint: "Give the total with --control-total, map a total row, or import it without snapshot.")
                ])
            }
            guard total.amount.minorUnits == sum else {
                throw ImportRefusal([
                    Fault(
                        "SNAPSHOT-CONTROL", .refusal, at: total.provenance.at,
                        "the listed items sum to \(Money(minorUnits: sum, currency: currency)), the control total is \(total.amount)",
                        hint: "Export the list again; some rows are missing, or the total is of another day.")
                ])
            }
        }
    }

    /// Those of the run and those in the file.
    func controlTotals() throws -> [Balance] {
        let origin = run.origin
        return try run.controlTotals
            + session.rows("SELECT * FROM \(staged).balance ORDER BY no") { row in
                var balance = Balance(
                    asOf: row.day("as_of"),
                    amount: Money(minorUnits: row.int("amount"), currency: try row.currency("currency")),
                    provenance: Provenance(origin, at: Position(text: row.text("position"))))
                balance.account = row.optionalText("account")
                balance.customerID = row.optionalText("customer_id")
                return balance
            }
    }
}
