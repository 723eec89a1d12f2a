// SPDX-License-Identifier: Apache-2.0
import Documents

/// Customers: by their own id, else by tax number or name where exactly one other record fits.
extension Merge {
    func mergeCustomers() throws {
        try session.each("SELECT * FROM \(staged).customer ORDER BY no") { row in
            let stated = StatedCustomer(row)
            if let known = try self.known(stated) {
                try update(known, stated)
            } else {
                try insert(stated)
                outcome.customers.new += 1
            }
        }
    }

    /// Every payer that the invoices name gets a customer, new where none fits.
    func resolveParties() throws {
        try resolvePartiesByID()
        let rest = "NOT EXISTS (SELECT 1 FROM merge_party m WHERE m.key = p.key)"
        guard try exists("SELECT 1 FROM \(staged).party p WHERE \(rest)") else {
            customersAreOwn = true
            return
        }
        if try !session.isWithoutInvoices(company: company) { try matchPartiesByInvoice() }
        try session.each("SELECT * FROM \(staged).party p WHERE \(rest) ORDER BY p.key") { row in
            let key = row.int("key")
            let matched = try self.session.first("SELECT customer FROM merge_match WHERE key = ?", [key]) {
                $0.text(0)
            }
            var stated = StatedCustomer(party: row)
            let customer: String
            if let known = try self.known(stated) {
                customer = known
                try fillName(known, stated)
            } else if let matched {
                customer = matched
                if !stated.isDerived { try alias(stated.id, matched, evidence: "INVOICE-NUMBER") }
            } else {
                if stated.isDerived { stated.id = derivedID(stated) }
                if try !exists("SELECT 1 FROM customer WHERE company = ? AND id = ?", [company, stated.id]) {
                    try insert(stated)
                }
                customer = stated.id
            }
            try session.execute("INSERT INTO merge_party(key, customer) VALUES (?, ?)", [key, customer])
        }
    }

    func exists(_ sql: String, _ arguments: [(any Bindable)?] = []) throws -> Bool {
        try session.first(sql + " LIMIT 1", arguments) { _ in true } ?? false
    }

    /// Payers with an id, as a set, where no record of another book could be the same customer under another id.
    private func resolvePartiesByID() throws {
        guard
            try !exists("SELECT 1 FROM customer_alias WHERE company = ? AND source = ?", [company, run.source]),
            try !exists(
                "SELECT 1 FROM customer WHERE company = ? AND (is_derived = 1 OR source <> ?)", [company, run.source])
        else { return }
        let start = try session.first("SELECT COALESCE(MAX(no), 0) FROM customer") { $0.int(0) } ?? 0
        try session.each(
            """
            SELECT p.* FROM \(staged).party p CROSS JOIN customer c CROSS JOIN customer_contact t
            WHERE c.company = ? AND c.id = p.customer_id AND t.customer = c.no AND t.name IS NULL AND p.name IS NOT NULL
            ORDER BY p.key
            """, [company]
        ) { try self.fillName($0.text("customer_id"), StatedCustomer(party: $0)) }
        try session.execute(
            """
            INSERT INTO customer(company, id, source, is_derived, import_no, position, match_name, match_tax)
            SELECT ?, p.customer_id, ?, 0, ?, p.position, p.match_name, p.match_tax FROM \(staged).party p
            WHERE p.customer_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.company = ? AND c.id = p.customer_id)
            ORDER BY p.key
            """, [company, run.source, importNo, company])
        try session.execute(
            """
            INSERT INTO customer_contact(customer, name, legal_name, tax_id)
            SELECT c.no, COALESCE(p.trading_name, p.name), p.name, p.tax_id
            FROM \(staged).party p CROSS JOIN customer c
            WHERE c.company = ? AND c.id = p.customer_id AND c.no > ?
            """, [company, start])
        try session.execute(
            """
            INSERT INTO merge_party(key, customer)
            SELECT p.key, p.customer_id FROM \(staged).party p WHERE p.customer_id IS NOT NULL
            """)
    }

    /// A payer who is named differently, but whose invoice is in the books under the same number.
    private func matchPartiesByInvoice() throws {
        for bearer in Session.bearers {
            try session.execute(
                """
                INSERT INTO merge_match(key, customer)
                SELECT s.party, MIN(i.customer)
                FROM \(staged).invoice s CROSS JOIN \(bearer) i CROSS JOIN customer c CROSS JOIN \(staged).party p
                WHERE i.company = ? AND i.key = s.key AND i.year = s.year AND i.number = s.number
                    AND i.kind = s.kind AND i.import_no IS NOT NULL
                    AND c.company = i.company AND c.id = i.customer AND p.key = s.party
                    AND (c.is_derived = 1 OR p.customer_id IS NULL)
                GROUP BY s.party
                ON CONFLICT (key) DO UPDATE SET customer = min(customer, excluded.customer)
                """, [company])
        }
    }

    /// The customer a statement speaks of; nil when it is a new one.
    private func known(_ stated: StatedCustomer) throws -> String? {
        if !stated.isDerived {
            if let alias = try session.customer(company: company, source: run.source, sourceID: stated.id) {
                return alias
            }
            if try exists("SELECT 1 FROM customer WHERE company = ? AND id = ?", [company, stated.id]) {
                return stated.id
            }
        }
        for (column, hash, evidence) in [
            ("match_tax", stated.matchTax, "TAX-ID"), ("match_name", stated.matchName, "NAME"),
        ] {
            guard let hash else { continue }
            // Two customers with ids of their own in one book are two, whatever they are called. No ORDER BY: it would
            // make the planner walk the customers by id.
            let found = try session.rows(
                """
                SELECT id FROM customer WHERE company = ? AND \(column) = ?
                    AND (? = 1 OR is_derived = 1 OR source <> ?) LIMIT 2
                """, [company, hash, stated.isDerived, run.source]
            ) { $0.text(0) }
            guard found.count == 1, let customer = found.first else { continue }
            if !stated.isDerived { try alias(stated.id, customer, evidence: evidence) }
            return customer
        }
        return nil
    }

    private func alias(_ id: String, _ customer: String, evidence: String) throws {
        guard id != customer else { return }
        try session.execute(
            """
            INSERT INTO customer_alias(company, source, source_id, customer, evidence) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (company, source, source_id) DO NOTHING
            """, [company, run.source, id, customer, evidence])
    }

    /// An opaque id for a payer without one: a keyed hash, never the name itself.
    private func derivedID(_ stated: StatedCustomer) -> String {
        let tax = Identity.normalizedTaxID(stated.texts["tax_id"] ?? nil)
        let name = Identity.normalizedName(stated.texts["legal_name"] ?? nil)
        return Identity.record("c", Identity.fingerprint(tax.map { ["tax", $0] } ?? ["name", name]), occurrence: 1)
    }

    private func insert(_ stated: StatedCustomer) throws {
        try session.execute(
            """
            INSERT INTO customer(company, id, source, is_derived, import_no, position, content, match_name,
                match_tax) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                company, stated.id, run.source, stated.isDerived, importNo, stated.position, stated.content,
                stated.matchName, stated.matchTax,
            ])
        let no = session.lastInsertRowID
        try session.execute("INSERT INTO customer_contact(customer) VALUES (?)", [no])
        try write(stated, no: no, onlyMissing: false)
    }

    private func update(_ id: String, _ stated: StatedCustomer) throws {
        let found = try session.first(
            "SELECT no, source, is_derived, content FROM customer WHERE company = ? AND id = ?", [company, id]
        ) { row in
            (no: row.int(0), isOwner: row.text(1) == self.run.source || row.bool(2), content: row.optionalInt(3))
        }
        guard let found else { return }
        if found.isOwner && found.content == stated.content {
            outcome.customers.unchanged += 1
            return
        }
        let changed = try changes(stated, no: found.no, onlyMissing: !found.isOwner)
        guard !changed.isEmpty || found.isOwner && found.content == nil else {
            outcome.customers.unchanged += 1
            return
        }
        outcome.customers.changed += 1
        for field in changed {
            try session.execute(
                """
                INSERT INTO document_change(company, entity, id, import_no, field) VALUES (?, 'customer', ?, ?, ?)
                """, [company, id, importNo, field])
        }
        try write(stated, no: found.no, onlyMissing: !found.isOwner)
        if found.isOwner {
            try session.execute(
                """
                UPDATE customer SET source = ?, content = ?, import_no = ?, position = ?,
                    match_name = COALESCE(?, match_name), match_tax = COALESCE(?, match_tax) WHERE no = ?
                """,
                [run.source, stated.content, importNo, stated.position, stated.matchName, stated.matchTax, found.no])
        }
        try session.bumpAccountVersion(company: company, customer: id)
    }

    /// The name of an invoice's buyer completes a customer of whom only the id was known.
    private func fillName(_ id: String, _ stated: StatedCustomer) throws {
        try session.execute(
            """
            UPDATE customer_contact SET name = ?, tax_id = COALESCE(tax_id, ?)
            WHERE name IS NULL AND customer = (SELECT no FROM customer WHERE company = ? AND id = ?)
            """, [stated.texts["name"] ?? nil, stated.texts["tax_id"] ?? nil, company, id])
        guard stated.matchName != nil || stated.matchTax != nil else { return }
        try session.execute(
            """
            UPDATE customer SET match_name = COALESCE(match_name, ?), match_tax = COALESCE(match_tax, ?)
            WHERE company = ? AND id = ? AND (match_name IS NULL OR match_tax IS NULL)
            """, [stated.matchName, stated.matchTax, company, id])
    }

    private func changes(_ stated: StatedCustomer, no: Int64, onlyMissing: Bool) throws -> [String] {
        var changed: [String] = []
        for (table, key, names) in StatedCustomer.tables {
            try session.each("SELECT * FROM \(table) WHERE \(key) = ?", [no]) { row in
                for name in names {
                    let before = row.value(name)
                    let after = stated.value(name)
                    guard before != after, after != .null, !onlyMissing || before == .null else { continue }
                    changed.append(name)
                }
            }
        }
        return changed
    }

    private func write(_ stated: StatedCustomer, no: Int64, onlyMissing: Bool) throws {
        for (table, key, names) in StatedCustomer.tables {
            let assignments = names.map { name in
                onlyMissing ? "\(name) = COALESCE(\(name), ?)" : "\(name) = COALESCE(?, \(name))"
            }
            try session.execute(
                "UPDATE \(table) SET \(assignments.joined(separator: ", ")) WHERE \(key) = ?",
                names.map { stated.value($0) } + [Value.integer(no)])
        }
    }
}

/// A customer as a file or an invoice states it, by column name.
struct StatedCustomer {
    static let tables: [(table: String, key: String, names: [String])] = [
        (
            "customer", "no",
            [
                "number", "party_type", "country", "language", "time_zone", "parent_id", "segment", "tags",
                "opted_in", "opted_out", "do_not_automate",
            ]
        ),
        (
            "customer_contact", "customer",
            ["name", "legal_name", "phone", "email", "account", "tax_id", "parent_name", "parent_account"]
        ),
    ]

    var id: String
    /// Its source gave it no id.
    var isDerived: Bool
    var position: String?
    var content: Int64?
    var matchName: Int64?
    var matchTax: Int64?
    var texts: [String: String?] = [:]
    private var flags: [String: Int64?] = [:]

    /// From the staged customer table.
    init(_ row: Row) {
        id = row.text("id")
        isDerived = false
        position = row.optionalText("position")
        content = row.optionalInt("content")
        matchName = row.optionalInt("match_name")
        matchTax = row.optionalInt("match_tax")
        for (_, _, names) in Self.tables {
            for name in names {
                switch name {
                case "opted_in", "opted_out", "do_not_automate": flags[name] = row.optionalInt(name)
                default: texts[name] = row.optionalText(name)
                }
            }
        }
    }

    /// From the payer of an invoice.
    init(party row: Row) {
        isDerived = row.isNull("customer_id")
        id = row.text("customer_id")
        position = row.optionalText("position")
        matchName = row.optionalInt("match_name")
        matchTax = row.optionalInt("match_tax")
        texts["name"] = row.optionalText("name")
        texts["legal_name"] = row.optionalText("name")
        texts["tax_id"] = row.optionalText("tax_id")
        if let trading = row.optionalText("trading_name") { texts["name"] = trading }
    }

    func value(_ name: String) -> Value {
        if let flag = flags[name] ?? nil { return .integer(flag) }
        if let text = texts[name] ?? nil { return .text(text) }
        return .null
    }
}

extension Session {
    /// The customer behind a source's own id.
    package func customer(company: String, source: String, sourceID: String) throws -> String? {
        try first(
            "SELECT customer FROM customer_alias WHERE company = ? AND source = ? AND source_id = ?",
            [company, source, sourceID]
        ) { $0.text(0) }
    }
}
