// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// Payments that the books hold already: unchanged, linked, or with a changed status or amount.
extension Merge {
    func mergeKnownPayments() throws {
        outcome.payments.unchanged += try count("SELECT count(*) FROM merge_known WHERE same = 1")
        // Page by page: in a connection's first import, whose transaction makes the tables, taking back a booking that
        // is refused ends every statement that is still being read.
        var last = Int64.min
        while true {
            let page = try session.rows(
                "SELECT no, id, how FROM merge_known WHERE same = 0 AND no > ? ORDER BY no LIMIT 1000", [last]
            ) { (no: $0.int(0), id: $0.text(1), how: $0.int(2)) }
            for known in page {
                try updatePayment(no: known.no, id: known.id, isReport: known.how == 4)
                outcome.payments.changed += 1
            }
            guard let next = page.last?.no else { return }
            last = next
        }
    }

    /// - Parameter isReport: Another of the bank's messages states it: what it does not repeat stays.
    private func updatePayment(no: Int64, id: String, isReport: Bool) throws {
        let before = try session.first(
            "SELECT status, amount, posting_day, customer, booked FROM payment WHERE company = ? AND id = ?",
            [company, id]
        ) { (status: $0.text(0), amount: $0.int(1), day: $0.day(2), customer: $0.optionalText(3), booked: $0.int(4)) }
        let after = try session.first(
            "SELECT status, amount, posting_day, currency, booked_on FROM \(staged).payment WHERE no = ?", [no]
        ) { row in
            (status: row.text(0), amount: row.int(1), day: row.day(2), currency: try row.currency("currency"))
        }
        guard let before, let after else { return }
        for (name, old, new) in [
            ("status", before.status, after.status), ("amount", String(before.amount), String(after.amount)),
        ] where old != new {
            try session.execute(
                """
                INSERT INTO document_change(company, entity, id, import_no, field, before, after)
                VALUES (?, 'payment', ?, ?, ?, ?, ?)
                """, [company, id, importNo, name, old, new])
        }
        // What is in the ledger for it: nothing while it was pending or before the cut-over.
        let isAfterCutOver = run.company.cutOver.map { after.day > $0 } ?? true
        let held = before.status == "booked" && isAfterCutOver ? before.amount : 0
        let wanted = after.status == "booked" && isAfterCutOver ? after.amount : 0
        // A system that is pulled and calls it information now never had another payment: its mapping was changed.
        let isTold = run.format == "pull" && after.status == "information" && after.amount == before.amount
        let differences = isReport || isTold ? [] : try differences(no: no, id: id)
        guard
            try move(
                id, from: held, to: wanted, day: after.day, currency: after.currency, customer: before.customer,
                differences: differences, tells: !isTold)
        else { return }
        if isReport { try takeOver(no: no, id: id) } else { try replacePayment(no: no, id: id) }
        if before.status == "information", after.status == "failed" {
            try tellGone(id, "is called failed by its source")
        }
        if before.status == "failed", after.status != "failed" { try listedAgain(id) }
    }

    /// Books the difference; false when the money is spent already and a person must look.
    /// - Parameters:
    ///   - differences: what else is another now. Two of them, and the id may have come to another payment.
    ///   - tells: A change of money that was booked is an exception.
    func move(
        _ id: String, from held: Int64, to wanted: Int64, day: Day, currency: Currency, customer: String?,
        differences: [String] = [], tells: Bool = true
    ) throws -> Bool {
        let doubt =
            differences.count < 2
            ? "" : "its source now states another \(differences.joined(separator: " and another "))"
        guard held != wanted else {
            if held != 0, !doubt.isEmpty {
                outcome.add("PAYMENT-CHANGED", id, customer: customer, doubt + Self.isItStillOne)
            }
            return true
        }
        let period = try session.period(company: company)
        let kind: Entry.Kind = held > 0 || wanted > 0 ? .received : .paidOut
        let entry = Entry(
            kind, company: company, amount: Money(minorUnits: wanted - held, currency: currency), payment: id,
            customer: customer, postingDay: period.postingDay(for: day), businessDay: day,
            recordedAt: run.recordedAt, actor: run.actor, reason: held == 0 ? nil : "changed", rule: "IMPORT")
        guard held == 0 || held > 0 && wanted >= 0 || held < 0 && wanted <= 0 else {
            outcome.add(
                "PAYMENT-CHANGED", id, customer: customer,
                "its source turned the direction of the payment; nothing was booked")
            return false
        }
        do {
            _ = try session.savepoint { try session.append([entry], to: batch) }
        } catch let failure as StoreFailure where failure.code == "INVARIANT-CASH" {
            outcome.add(
                "PAYMENT-CHANGED", id, customer: customer,
                "its source now states \(Money(minorUnits: wanted, currency: currency)), but more than that is applied; undo the allocation first"
            )
            return false
        }
        if held != 0, tells {
            let change =
                "its source changed it from \(Money(minorUnits: held, currency: currency)) to "
                + "\(Money(minorUnits: wanted, currency: currency))"
            outcome.add(
                "PAYMENT-CHANGED", id, customer: customer,
                doubt.isEmpty ? change : change + ", and " + doubt + Self.isItStillOne)
        }
        return true
    }

    private static let isItStillOne = "; check what it is applied to, and that it is still one payment"

    private func replacePayment(no: Int64, id: String) throws {
        let names = SchemaV1.names(EntryColumns.paymentStated)
        try session.execute(
            """
            UPDATE payment_row SET import_no = ?, (\(names)) = (SELECT \(names) FROM \(staged).payment WHERE no = ?)
            WHERE company = ? AND id = ?
            """, [importNo, no, company, id])
        try session.execute(
            """
            UPDATE payment_text SET (payer_name, payer_account, remittance) =
                (SELECT payer_name, payer_account, remittance FROM \(staged).payment WHERE no = ?)
            WHERE payment = (SELECT no FROM payment WHERE company = ? AND id = ?)
            """, [no, company, id])
    }
}
