// SPDX-License-Identifier: Apache-2.0
import Documents

extension Session {
    package func listItems(
        company: String, openOnly: Bool, customer: String?, _ body: (ListedRow) throws -> Void
    ) throws {
        try list(
            [
                ("id", "i.id"), ("invoice_id", "COALESCE(i.parent_id, i.id)"), ("number", "i.number"),
                ("kind", "i.kind"),
                ("n:instalment", "i.instalment"), ("customer_id", "i.customer"), ("currency", "i.currency"),
                ("d:issued_on", "i.issued_on"), ("d:due_on", "i.due_on"), ("d:posting_day", "i.posting_day"),
                ("m:amount", "i.amount"), ("m:open", "i.open"), ("m:cash", "i.cash"), ("m:credit", "i.credit"),
                ("m:discount", "i.discount"), ("m:fee", "i.fee"), ("m:withholding", "i.withholding"),
                ("m:write_off", "i.write_off"), ("m:rounding", "i.rounding"), ("m:exchange", "i.exchange"),
                ("m:provider_clearing", "i.provider"), ("m:source_clearing", "i.source"), ("m:stated_open", "i.stated"),
                ("d:stated_as_of", "i.stated_as_of"),
            ],
            "FROM item i WHERE i.company = ? AND (? = 0 OR i.open <> 0) AND (? IS NULL OR i.customer = ?) ORDER BY i.first_seq, i.id",
            [company, openOnly, customer, customer], body)
    }

    package func listInvoices(
        company: String, openOnly: Bool, customer: String?, _ body: (ListedRow) throws -> Void
    ) throws {
        try list(
            [
                ("id", "v.id"), ("source", "v.source"), ("number", "v.number"), ("kind", "v.kind"),
                ("status", "v.status"), ("customer_id", "v.customer"), ("customer_name", "t.name"),
                ("currency", "v.currency"), ("d:issued_on", "v.issued_on"), ("d:due_on", "v.due_on"),
                ("m:total", "v.total"), ("m:payable", "v.payable"), ("m:prepaid", "v.prepaid"),
                (
                    "m:open", "(SELECT SUM(i.open) FROM item i WHERE \(Self.itemsOfInvoice))"
                ),
                ("m:stated_open", "v.open"), ("reference", "v.reference"),
                ("structured_reference", "v.structured_reference"), ("po_number", "v.purchase_order"),
                ("corrects", "v.corrects"), ("b:disputed", "v.disputed"), ("b:dunning_blocked", "v.dunning_blocked"),
                ("import", "r.name"), ("at", "v.position"),
            ],
            """
            FROM invoice v LEFT JOIN customer c ON c.company = v.company AND c.id = v.customer
            LEFT JOIN customer_contact t ON t.customer = c.no LEFT JOIN import_run r ON r.no = v.import_no
            WHERE v.company = ? AND (? IS NULL OR v.customer = ?) AND (? = 0 OR
                (SELECT SUM(abs(i.open)) FROM item i WHERE \(Self.itemsOfInvoice)) > 0)
            ORDER BY v.no, v.id
            """, [company, customer, customer, openOnly], body)
    }

    package func listPayments(
        company: String, openOnly: Bool, customer: String?, _ body: (ListedRow) throws -> Void
    ) throws {
        try list(
            [
                ("id", "p.id"), ("source", "p.source"), ("account", "p.account"), ("d:booked_on", "p.booked_on"),
                ("d:valued_on", "p.valued_on"), ("currency", "p.currency"), ("m:amount", "p.amount"),
                ("m:interest", "p.interest"), ("m:fine", "p.fine"), ("m:discount", "p.discount"),
                ("m:applied", "p.applied"), ("m:set_aside", "p.set_aside"), ("m:refunded", "p.consumed"),
                ("m:unapplied", "p.unapplied"), ("status", "p.status"), ("customer_id", "p.customer"),
                ("payer_name", "t.payer_name"), ("payer_account", "t.payer_account"), ("remittance", "t.remittance"),
                ("structured_reference", "p.structured_reference"), ("end_to_end_id", "p.end_to_end_id"),
                ("return_reason", "p.return_reason"), ("import", "r.name"), ("at", "p.position"),
            ],
            """
            FROM payment p LEFT JOIN payment_text t ON t.payment = p.no LEFT JOIN import_run r ON r.no = p.import_no
            WHERE p.company = ? AND (? = 0 OR p.unapplied <> 0) AND (? IS NULL OR p.customer = ?)
            ORDER BY p.booked_on, p.no
            """, [company, openOnly, customer, customer], body)
    }

    package func listCustomers(
        company: String, openOnly: Bool, customer: String?, _ body: (ListedRow) throws -> Void
    ) throws {
        try list(
            [
                ("id", "c.id"), ("number", "c.number"), ("name", "t.name"), ("legal_name", "t.legal_name"),
                ("party_type", "c.party_type"), ("phone", "t.phone"), ("email", "t.email"), ("country", "c.country"),
                ("language", "c.language"), ("time_zone", "c.time_zone"), ("account", "t.account"),
                ("tax_id", "t.tax_id"), ("b:opted_in", "c.opted_in"), ("b:opted_out", "c.opted_out"),
                ("b:do_not_automate", "c.do_not_automate"),
            ],
            """
            FROM customer c LEFT JOIN customer_contact t ON t.customer = c.no
            WHERE c.company = ? AND (? IS NULL OR c.id = ?) AND (? = 0 OR EXISTS
                (SELECT 1 FROM item i WHERE i.company = c.company AND i.customer = c.id AND i.open <> 0))
            ORDER BY c.id
            """, [company, customer, customer, openOnly], body)
    }

    /// Cash, credits and adjustments on items, one row per entry of the log; with the net amount and the tax of a discount, a
    /// write-off and what was recovered of one.
    package func listAllocations(
        company: String, customer: String?, _ body: (ListedRow) throws -> Void
    ) throws {
        try list(
            [
                ("n:position", "l.seq"), ("n:kind_code", "l.kind"), ("item_id", "l.item"), ("number", "i.number"),
                ("payment_id", "l.payment"), ("counter_id", "l.counter"), ("customer_id", "i.customer"),
                ("currency", "l.currency"), ("m:amount", "l.amount"), ("d:posting_day", "l.posting_day"),
                ("t:recorded_at", "coalesce(l.recorded_at, b.recorded_at)"), ("actor", "coalesce(l.actor, b.actor)"),
                ("rule", "coalesce(l.rule, b.rule)"), ("reason", "l.reason"), ("decision", "l.decision"),
                ("n:undoes", "l.undoes"),
            ] + ListedRow.taxColumns,
            """
            FROM log l JOIN batch b ON b.no = l.batch LEFT JOIN item_row i ON i.company = l.company AND i.id = l.item
                LEFT JOIN invoice_more v ON l.kind BETWEEN 30 AND 36 AND v.no = COALESCE(i.bearer, i.no)
            WHERE l.company = ? AND (l.kind BETWEEN 20 AND 41 OR l.kind = 15) AND (? IS NULL OR i.customer = ?) ORDER BY l.seq
            """, [company, customer, customer]
        ) { try body($0.withTaxes()) }
    }

    package func listImports(company: String, _ body: (ListedRow) throws -> Void) throws {
        try list(
            [
                ("n:id", "r.no"), ("name", "r.name"), ("source", "r.source"), ("format", "r.format"),
                ("mapping", "r.mapping"), ("sha256", "r.sha256"), ("n:size", "r.size"), ("status", "r.status"),
                ("d:imported_on", "r.imported_on"), ("t:recorded_at", "r.recorded_at"), ("actor", "r.actor"),
                ("n:faults", "(SELECT COUNT(*) FROM fault f WHERE f.import_no = r.no)"),
            ], "FROM import_run r WHERE r.company = ? ORDER BY r.no", [company], body)
    }

    package func listStatements(company: String, _ body: (ListedRow) throws -> Void) throws {
        try list(
            [
                ("account", "s.account"), ("number", "s.number"), ("n:sequence", "s.sequence"),
                ("d:from", "s.from_day"), ("d:to", "s.to_day"), ("currency", "s.currency"),
                ("m:opening_balance", "s.opening"), ("m:closing_balance", "s.closing"),
                ("n:entry_count", "s.entry_count"), ("m:booked_credits", "s.booked_credits"),
                ("m:booked_debits", "s.booked_debits"),
            ], "FROM statement s WHERE s.company = ? ORDER BY s.account, s.from_day, s.no", [company], body)
    }

    private func list(
        _ columns: [(String, String)], _ from: String, _ arguments: [(any Bindable)?],
        _ body: (ListedRow) throws -> Void
    ) throws {
        let listing = Listing(columns)
        let currency = columns.firstIndex { $0.0 == "currency" }
        try each("SELECT \(listing.select) \(from)", arguments) { try body(listing.row($0, currency: currency)) }
    }
}
