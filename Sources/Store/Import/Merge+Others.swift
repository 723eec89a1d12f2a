// SPDX-License-Identifier: Apache-2.0
import Documents

/// Statements, balances, allocations, settlement lines, rates and promises: row by row, they come by the hundred.
extension Merge {
    func mergeStatements() throws {
        try session.each("SELECT * FROM \(staged).statement ORDER BY no") { row in
            // A report of some entries covers no day, unless it connects two balances.
            guard run.readsWholeDays || !row.isNull("opening") && !row.isNull("closing") else { return }
            guard let from = row.optionalDay("from_day") ?? row.optionalDay("to_day"),
                let to = row.optionalDay("to_day") ?? row.optionalDay("from_day")
            else {
                fault(
                    "STATEMENT-DAYS", .warning, at: row.text("position"),
                    "the statement of \(row.text("account")) names no days, so it proves no coverage",
                    hint: "Use a statement with its booking period or with dated balances.")
                return
            }
            let fields = ["number", "sequence", "opening", "closing", "currency"].map { row.value($0).plainText ?? "" }
            let identity = "\(from) \(to) " + fields.joined(separator: " ")
            let isNew =
                try session.execute(
                    """
                    INSERT INTO statement(company, source, account, identity, source_id, currency, number, sequence,
                        from_day, to_day, opening, closing, opening_on, closing_on, entry_count, credits, debits,
                        booked_credits, booked_debits, import_no, position)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                    [company, run.source, row.text("account"), identity, row.value("id"), row.value("currency")]
                        + ["number", "sequence"].map { row.value($0) } + [from, to]
                        + [
                            "opening", "closing", "opening_on", "closing_on", "entry_count", "credits", "debits",
                            "booked_credits", "booked_debits",
                        ].map { row.value($0) } + [importNo, row.text("position")]) > 0
            if isNew { outcome.statements.new += 1 } else { outcome.statements.unchanged += 1 }
            if Self.provingFormats.contains(run.reader) { try prove(row, through: to, isNew: isNew) }
        }
    }

    func mergeBalances() throws {
        for balance in run.controlTotals { try insert(balance) }
        for balance in try controlTotals().dropFirst(run.controlTotals.count) {
            try insert(balance)
            outcome.balances.new += 1
        }
    }

    private func insert(_ balance: Balance) throws {
        let customer = try balance.customerID.map {
            try session.customer(company: company, source: run.source, sourceID: $0) ?? $0
        }
        try session.execute(
            """
            INSERT INTO balance(company, source, account, customer, as_of, currency, amount, import_no, position)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                company, run.source, balance.account, customer, balance.asOf, balance.amount.currency,
                balance.amount.minorUnits, importNo, balance.provenance.at.text,
            ])
    }

    func mergeAllocations() throws {
        try session.each(numbered("allocation", by: "high, low")) { row in
            let isNew =
                try session.execute(
                    """
                    INSERT INTO stated_allocation(company, source, identity, payment_id, invoice_id, currency, amount,
                        reason, posted_on, import_no, position)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                    [company, run.source, identity("a", row)]
                        + ["payment_id", "invoice_id", "currency", "amount", "reason", "posted_on"].map {
                            row.value($0)
                        }
                        + [importNo, row.text("position")]) > 0
            if isNew { outcome.allocations.new += 1 } else { outcome.allocations.unchanged += 1 }
        }
    }

    func mergeSettlements() throws {
        try session.each(numbered("settlement", by: "high, low")) { row in
            let isNew =
                try session.execute(
                    """
                    INSERT INTO settlement_line(company, source, identity, payout_id, source_id, kind, currency, gross,
                        fee, net, reference, customer_name, occurred_on, status, import_no, position)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                    [company, run.source, row.optionalText("id") ?? identity("s", row)]
                        + [
                            "payout_id", "id", "kind", "currency", "gross", "fee", "net", "reference", "customer_name",
                            "occurred_on", "status",
                        ].map { row.value($0) } + [importNo, row.text("position")]) > 0
            if isNew { outcome.settlements.new += 1 } else { outcome.settlements.unchanged += 1 }
        }
    }

    func mergeRates() throws {
        try session.each("SELECT * FROM \(staged).rate ORDER BY no") { row in
            let key = ["day", "base", "quote"].map { row.value($0) }
            let known = try session.first(
                "SELECT value FROM rate WHERE company = ? AND day = ? AND base = ? AND quote = ?", [company] + key
            ) { $0.text(0) }
            if let known {
                outcome.rates.unchanged += 1
                guard known != row.text("value") else { return }
                outcome.add(
                    "RATE-CONFLICT", "\(row.text("base"))/\(row.text("quote"))",
                    "the rate of \(row.day("day")) is \(known) already; \(row.text("value")) was not taken")
                return
            }
            try session.execute(
                """
                INSERT INTO rate(company, day, base, quote, value, origin, import_no, position)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """, [company] + key + [row.value("value"), row.value("origin"), importNo, row.text("position")])
            outcome.rates.new += 1
        }
    }

    func mergePromises() throws {
        try session.each(numbered("promise", by: "high, low")) { row in
            let id = row.optionalText("id") ?? identity("r", row)
            let customer = try row.optionalText("customer_id").map { stated in
                try session.customer(company: company, source: run.source, sourceID: stated) ?? stated
            }
            let known = try session.first(
                "SELECT content FROM promise_record WHERE company = ? AND id = ?", [company, id]
            ) { $0.int(0) }
            if let known {
                if known == row.int("content") {
                    outcome.promises.unchanged += 1
                } else {
                    outcome.promises.changed += 1
                    outcome.add(
                        "PROMISE-CHANGED", id, customer: customer,
                        "its source states this promise differently now; the recorded one stands")
                }
                return
            }
            try session.execute(
                """
                INSERT INTO promise_record(company, source, id, content, customer, invoice_id, currency, amount,
                    promised_for, promised_on, taken_by, channel, is_currency_stated, import_no, position)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [company, run.source, id, row.int("content"), customer]
                    + [
                        "invoice_id", "currency", "amount", "promised_for", "promised_on", "taken_by", "channel",
                        "is_currency_stated",
                    ].map { row.value($0) } + [importNo, row.text("position")])
            outcome.promises.new += 1
            outcome.newPromises.append(id)
        }
    }

    /// Compares control totals of today's balance with the books; a difference is for a person.
    func checkControlTotals() throws {
        let stated = try controlTotals().dropFirst(
            run.comparesTotals || run.snapshot != nil ? 0 : run.controlTotals.count)
        for total in stated where total.customerID == nil && total.account == nil {
            let sum = try session.controlBalance(company: company, currency: total.amount.currency, through: total.asOf)
            guard sum != total.amount.minorUnits else { continue }
            let held = Money(minorUnits: sum, currency: total.amount.currency)
            outcome.add(
                "CONTROL-TOTAL", total.amount.currency.code,
                "the source states \(total.amount) on \(total.asOf), the books hold \(held)")
        }
    }

    private func numbered(_ table: String, by key: String) -> String {
        """
        SELECT *, row_number() OVER (PARTITION BY \(key) ORDER BY no) AS occurrence FROM \(staged).\(table) ORDER BY no
        """
    }

    private func identity(_ prefix: String, _ row: Row) -> String {
        Identity.record(
            prefix,
            Fingerprint(high: UInt64(bitPattern: row.int("high")), low: UInt64(bitPattern: row.int("low"))),
            occurrence: row.int("occurrence"))
    }
}
