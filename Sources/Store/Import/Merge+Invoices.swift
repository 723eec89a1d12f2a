// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// Invoices: what is new moves as a set, what is known goes row by row through the core.
extension Merge {
    /// The staged rows of new invoices: `s` with `p` (customer), and `m` where an id differs from the staged one.
    private var newRows: String {
        // LEFT JOIN keeps the staged rows outermost: the planner has no statistics and may turn the join around.
        """
        FROM \(staged).invoice s \(known.isEmpty ? "" : "LEFT JOIN merge_known k ON k.no = s.no")
        \(renamed.isEmpty ? "" : "LEFT JOIN merge_id m ON m.no = s.no")
        \(customersAreOwn ? "" : "LEFT JOIN merge_party p ON p.key = s.party")
        WHERE \(known.isEmpty ? "1 = 1" : "k.no IS NULL") \(renamed.isEmpty ? "" : "AND m.skip IS NULL")
        """
    }

    private var newCustomer: String { customersAreOwn ? "s.customer_id" : "p.customer" }

    private var newID: String { renamed.isEmpty ? "s.id" : "COALESCE(m.id, s.id)" }

    func mergeInvoices() throws {
        if let load = staging.load {
            guard customersAreOwn else { throw FirstLoad.Unfit(reason: "a payer may be a customer under another id") }
            outcome.invoices.new = load.count
            try load.finish(span: staging.position, statesOpen: staging.statesOpen, asOf: run.importedOn)
            return try touchCustomers()
        }
        try separateOccurrences()
        if try !session.isWithoutInvoices(company: company) {
            try findKnown()
            try renameTaken()
        }
        known = try WorkTable(count("SELECT count(*) FROM merge_known"))
        renamed = try WorkTable(count("SELECT count(*) FROM merge_id"))
        let skipped = try count("SELECT count(*) FROM merge_id WHERE skip = 1")
        outcome.invoices.new = try count("SELECT count(*) FROM \(staged).invoice") - known.count - skipped
        if outcome.invoices.new > 0 { try insertNew() }
        try mergeKnown()
    }

    /// Two rows of one file with the same id: rows without an id of their own stay two, told apart by their order;
    /// of rows with a source id the last one counts.
    private func separateOccurrences() throws {
        // Ids in strictly ascending order cannot repeat.
        guard !staging.isAscending else { return }
        let repeated = """
            SELECT id FROM \(staged).invoice GROUP BY id HAVING count(*) > 1
            """
        guard try count("SELECT count(*) FROM (\(repeated) LIMIT 1)") > 0 else { return }
        var rows: [RepeatedInvoice] = []
        try session.each(
            """
            SELECT no, id, source_id, key, year, number, position, content,
                row_number() OVER (PARTITION BY id ORDER BY item_due, content, no) AS occurrence,
                row_number() OVER (PARTITION BY id ORDER BY no DESC) AS from_last
            FROM \(staged).invoice WHERE id IN (\(repeated)) ORDER BY no
            """
        ) { rows.append(RepeatedInvoice($0)) }
        for row in rows {
            if row.hasOwnID {
                guard row.fromLast > 1 else { continue }
                try session.execute("INSERT INTO merge_id(no, skip) VALUES (?, 1)", [row.no])
                fault(
                    "ID-REPEATED", .warning, at: row.position,
                    "invoice \(row.number) appears again further down with the same id \(row.id); the last row counts",
                    hint: "If these are two invoices, map a column that tells them apart to id.")
            } else if row.occurrence > 1 {
                let id = Identity.invoice(key: row.key, year: row.year, occurrence: row.occurrence)
                try session.execute(
                    "INSERT INTO merge_id(no, id, occurrence) VALUES (?, ?, ?)", [row.no, id, row.occurrence])
                outcome.add(
                    "NUMBER-REPEATED", id,
                    "the number \(row.number) stands on \(row.occurrence) rows of one file; each is kept as an invoice of its own"
                )
            }
        }
    }

    /// Which staged invoices the books hold already, by their own id, by an earlier link, or by kind, number and year.
    private func findKnown() throws {
        let id = "COALESCE(m.id, s.id)"
        try findByID(id, [company, run.source, run.reader], among: "\(staged).invoice s")
        // Of a repeated export little is left to be looked for.
        guard try noteRest() > 0 else { return }
        try findByID("? || ':' || \(id)", [company, run.source, run.source, run.reader], among: rest)
        let rows = "FROM \(rest) LEFT JOIN merge_id m ON m.no = s.no"
        try session.execute(
            """
            INSERT INTO merge_known(no, id, how, same)
            SELECT s.no, t.invoice_id, 2, t.content = s.content \(rows) CROSS JOIN source_state t
            WHERE t.company = ? AND t.source = ? AND t.reader = ? AND t.source_id = \(id) AND \(Self.isOpen)
            """, [company, run.source, run.reader])
        for bearer in Session.bearers {
            try session.execute(
                """
                INSERT INTO merge_known(no, id, how, same)
                SELECT s.no, MIN(i.id), 3, 0 \(rows) CROSS JOIN \(bearer) i CROSS JOIN import_run r
                WHERE i.company = ? AND i.key = s.key AND i.year = s.year AND i.number = s.number
                    AND i.kind = s.kind AND i.occurrence = COALESCE(m.occurrence, s.occurrence)
                    AND r.no = i.import_no AND \(Self.isOpen)
                    AND NOT (r.source = ? AND i.source_id IS NOT NULL AND s.source_id IS NOT NULL)
                GROUP BY s.no
                """, [company, run.source])
        }
    }

    /// Of a staged row `s`, with `m`: it counts, and is not known yet.
    private static let isOpen =
        "m.skip IS NULL AND NOT EXISTS (SELECT 1 FROM merge_known k WHERE k.no = s.no)"

    /// The staged rows `s` whose id the books do not hold.
    private var rest: String { "merge_rest o CROSS JOIN \(staged).invoice s ON s.no = o.no" }

    private func findByID(_ id: String, _ arguments: [(any Bindable)?], among rows: String) throws {
        // CROSS JOIN keeps the staged rows outermost and the books behind their index.
        for bearer in Session.bearers {
            try session.execute(
                """
                INSERT INTO merge_known(no, id, how, same)
                SELECT s.no, i.id, 1, i.content = s.content
                FROM \(rows) LEFT JOIN merge_id m ON m.no = s.no CROSS JOIN \(bearer) i CROSS JOIN import_run r
                WHERE i.company = ? AND i.id = \(id) AND r.no = i.import_no AND r.source = ? AND \(Self.isOpen)
                    AND (i.source_id = s.source_id
                        OR i.source_id IS NULL AND s.source_id IS NULL AND r.reader = ?)
                """, arguments)
        }
    }

    private func noteRest() throws -> Int {
        try session.execute(
            """
            INSERT INTO merge_rest(no)
            SELECT s.no FROM \(staged).invoice s LEFT JOIN merge_id m ON m.no = s.no WHERE \(Self.isOpen)
            """)
    }

    /// An id that another source's different document has already gets its source in front.
    private func renameTaken() throws {
        for bearer in Session.bearers {
            try session.execute(
                """
                INSERT INTO merge_id(no, id, occurrence)
                SELECT s.no, ? || ':' || COALESCE(m.id, s.id), COALESCE(m.occurrence, s.occurrence)
                FROM \(rest) LEFT JOIN merge_id m ON m.no = s.no CROSS JOIN \(bearer) i
                WHERE i.company = ? AND i.id = COALESCE(m.id, s.id) AND \(Self.isOpen)
                ON CONFLICT (no) DO UPDATE SET id = excluded.id
                """, [run.source, company])
        }
    }

    /// Log, items and invoices of everything new. Amounts, days and source clearing were decided by the core when
    /// the rows were staged; nothing has settled these items yet.
    private func insertNew() throws {
        let isBulk = try isBulk()
        if isBulk { try session.dropItemIndexes() }
        let base = Base(seq: try session.nextSeq() - 1, no: try session.lastDocumentNo())
        try insertBare(base)
        try insertItems(base)
        try insertInstalments(base)
        let more = SchemaV1.names(SchemaV1.invoiceMore)
        try session.execute(
            """
            INSERT INTO invoice_more(no, \(more))
            SELECT ? + s.no, \(SchemaV1.names(SchemaV1.invoiceMore, prefix: "s.")) \(newRows) AND s.states_more = 1
            ORDER BY s.no
            """, [base.no])
        if isBulk { try session.makeItemIndexes() }
        try touchCustomers()
    }

    private func touchCustomers() throws {
        let touched = known.isEmpty ? "" : "WHERE key IN (SELECT s.party \(newRows))"
        try session.execute(
            """
            INSERT INTO account_version(company, customer, version)
            SELECT ?, customer, 1 FROM merge_party \(touched) GROUP BY customer
            ON CONFLICT (company, customer) DO UPDATE SET version = account_version.version + 1
            """, [company])
    }

    /// Columns of the row that bears a document, and where they come from; the import's number is the one parameter.
    private var document: (names: String, values: String) {
        let common = SchemaV1.invoiceCommon.map { column in
            column.name == "occurrence" && !renamed.isEmpty
                ? "COALESCE(m.occurrence, s.occurrence)" : "s.\(column.name)"
        }
        return (
            (["import_no", "basis"] + SchemaV1.invoiceCommon.map { SchemaV1.borne($0.name) }).joined(separator: ", "),
            (["?", "CASE WHEN s.items > 0 THEN s.basis END"] + common).joined(separator: ", ")
        )
    }

    private func insertBare(_ base: Base) throws {
        guard try count("SELECT count(*) FROM (SELECT 1 FROM \(staged).invoice WHERE items <> 1 LIMIT 1)") > 0 else {
            return
        }
        try session.execute(
            """
            INSERT INTO invoice_row(no, company, id, customer, \(SchemaV1.names(SchemaV1.invoiceHead)),
                \(document.names))
            SELECT ? + s.no, ?, \(newID), \(newCustomer), \(SchemaV1.names(SchemaV1.invoiceHead, prefix: "s.")),
                \(document.values)
            \(newRows) AND s.items <> 1 ORDER BY s.no
            """, [base.no, company, importNo])
    }

    private func insertItems(_ base: Base) throws {
        try insert(
            NewItems(
                rows: newRows + " AND s.items = 1", no: "s.no", id: newID, n: "1", due: "s.item_due",
                amount: "s.amount", stated: "s.stated", clearing: "s.clearing", own: document, arguments: [importNo]),
            base)
    }

    private func insertInstalments(_ base: Base) throws {
        guard try count("SELECT count(*) FROM (SELECT 1 FROM \(staged).instalment LIMIT 1)") > 0 else { return }
        let staged = staged
        let rows = newRows.replacing(
            "FROM \(staged).invoice s", with: "FROM \(staged).instalment t JOIN \(staged).invoice s ON s.no = t.invoice"
        )
        try insert(
            NewItems(
                rows: rows + " AND s.items > 1", no: "t.no", id: "\(newID) || '/' || t.n", n: "t.n", due: "t.due_on",
                amount: "t.amount", stated: "t.stated", clearing: "t.clearing",
                own: ("parent_id, bearer", "\(newID), ? + s.no"), arguments: [base.no]), base)
    }

    private func insert(_ new: NewItems, _ base: Base) throws {
        let period = try session.period(company: company)
        let firstOpen = period.firstOpenDay ?? Day(number: .min)
        let asOf = run.importedOn
        let span = staging.position
        let posting = "CASE WHEN s.posting_day < ? THEN ? ELSE s.posting_day END"
        try session.execute(
            """
            INSERT INTO item_row(no, company, id, number, kind, instalment, customer, currency, issued_on, due_on,
                posting_day, first_seq, amount, source, stated, stated_as_of, \(new.own.names))
            SELECT ? + \(new.no), ?, \(new.id), s.number, s.kind, \(new.n), \(newCustomer), s.currency,
                s.issued_on, \(new.due), \(posting), ? + \(new.no), \(new.amount), \(new.clearing), \(new.stated),
                CASE WHEN \(new.stated) IS NOT NULL THEN ? END, \(new.own.values)
            \(new.rows) ORDER BY \(new.no)
            """, [base.no, company, firstOpen, firstOpen, base.seq, asOf] + new.arguments)
        try session.execute(
            """
            INSERT INTO log(seq, company, batch, kind, currency, amount, item, customer, posting_day, business_day)
            SELECT ? + \(new.no), ?, ?, s.entry_kind, s.currency, \(new.amount), \(new.id), \(newCustomer), \(posting),
                CASE WHEN s.posting_day < ? THEN s.posting_day END
            \(new.rows) ORDER BY \(new.no)
            """, [base.seq, company, batch.no, firstOpen, firstOpen, firstOpen])
        // Most exports state an open amount for every row or for none.
        guard staging.statesOpen else { return }
        let memoDay = period.postingDay(for: asOf)
        try session.execute(
            """
            INSERT INTO log(seq, company, batch, kind, currency, amount, item, customer, posting_day, business_day)
            SELECT ? + \(new.no), ?, ?, ?, s.currency, \(new.stated), \(new.id), \(newCustomer), ?, ?
            \(new.rows) AND \(new.stated) IS NOT NULL ORDER BY \(new.no)
            """,
            [base.seq + span, company, batch.no, Entry.Kind.stated.rawValue, memoDay, memoDay == asOf ? nil : asOf])
        let day = "CASE WHEN s.posting_day > ? THEN s.posting_day ELSE ? END"
        try session.execute(
            """
            INSERT INTO log(seq, company, batch, kind, currency, amount, item, customer, rule, posting_day, business_day)
            SELECT ? + \(new.no), ?, ?, ?, s.currency, \(new.clearing), \(new.id), \(newCustomer), 'SOURCE-CLEARING',
                CASE WHEN \(day) < ? THEN ? ELSE \(day) END, CASE WHEN \(day) < ? THEN \(day) END
            \(new.rows) AND \(new.clearing) <> 0 ORDER BY \(new.no)
            """,
            [
                base.seq + span * 2, company, batch.no, Entry.Kind.sourceClearing.rawValue, asOf, asOf, firstOpen,
                firstOpen, asOf, asOf, asOf, asOf, firstOpen, asOf, asOf,
            ])
    }

    /// Loading first and indexing afterwards pays when the new rows outnumber the old ones.
    private func isBulk() throws -> Bool {
        guard outcome.invoices.new >= 50_000 else { return false }
        return try count("SELECT COALESCE(MAX(no), 0) FROM item_row") < outcome.invoices.new / 2
    }

    func storeAttachments() throws {
        guard staging.attachmentCount > 0 else { return }
        try session.each(
            """
            SELECT t.name, t.media_type, t.bytes, COALESCE(k.id, m.id, s.id)
            FROM \(staged).attachment t JOIN \(staged).invoice s ON s.no = t.invoice
            LEFT JOIN merge_known k ON k.no = s.no LEFT JOIN merge_id m ON m.no = s.no
            WHERE m.skip IS NULL ORDER BY t.no
            """
        ) { row in
            let bytes = row.blob(2)
            try self.session.storeAttachment(
                company: self.company, invoice: row.text(3), name: row.text(0), mediaType: row.text(1), bytes: bytes)
        }
    }
}

/// How full a work table is; the statements leave out those that are empty.
struct WorkTable {
    let count: Int
    var isEmpty: Bool { count == 0 }

    init(_ count: Int) { self.count = count }
}

/// Where new items come from: one per invoice, or one per instalment. The fields are SQL over the staged rows.
private struct NewItems {
    let rows: String
    let no: String
    let id: String
    let n: String
    let due: String
    let amount: String
    let stated: String
    let clearing: String
    /// Columns that a whole invoice's item has and an instalment has not, or the other way round.
    let own: (names: String, values: String)
    /// Of the parameters in `own`.
    let arguments: [(any Bindable)?]
}

/// The last entry and the last row before the new ones; a staged row's position is its place behind them.
private struct Base {
    let seq: Int64
    let no: Int64
}

/// A staged row whose id appears more than once.
private struct RepeatedInvoice {
    let no: Int64
    let id: String
    let hasOwnID: Bool
    let key: Int64
    let year: Int64
    let number: String
    let position: String
    let occurrence: Int64
    let fromLast: Int64

    init(_ row: Row) {
        no = row.int("no")
        id = row.text("id")
        hasOwnID = !row.isNull("source_id")
        key = row.int("key")
        year = row.int("year")
        number = row.text("number")
        position = row.text("position")
        occurrence = row.int("occurrence")
        fromLast = row.int("from_last")
    }
}
