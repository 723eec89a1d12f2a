// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// Payments: one receipt is one receipt, however many files state it.
extension Merge {
    private var newRows: String {
        """
        FROM \(staged).payment s
        LEFT JOIN merge_known k ON k.no = s.no
        LEFT JOIN merge_id m ON m.no = s.no
        WHERE k.no IS NULL AND m.skip IS NULL
        """
    }

    func mergePayments() throws {
        // The work tables held the invoices' rows until here.
        try session.script("DELETE FROM merge_id; DELETE FROM merge_known")
        try separatePaymentOccurrences()
        if try count("SELECT count(*) FROM (SELECT 1 FROM payment WHERE company = ? LIMIT 1)", [company]) > 0 {
            try separateForms()
            try linkReports()
            try findKnownPayments()
            try linkReceipts()
            try linkForms()
            try renameTakenPayments()
        }
        let total = try count("SELECT count(*) FROM \(staged).payment")
        let known = try count("SELECT count(*) FROM merge_known")
        let skipped = try count("SELECT count(*) FROM merge_id WHERE skip = 1")
        outcome.payments.new = total - known - skipped
        if outcome.payments.new > 0 { try insertNewPayments() }
        try mergeKnownPayments()
        try frameRows()
    }

    private func separatePaymentOccurrences() throws {
        let repeated = "SELECT id FROM \(staged).payment GROUP BY id HAVING count(*) > 1"
        guard try count("SELECT count(*) FROM (\(repeated) LIMIT 1)") > 0 else { return }
        let rows = try session.rows(
            """
            SELECT no, id, source_id, high, low, position, content,
                row_number() OVER (PARTITION BY id ORDER BY no) AS occurrence, account, currency,
                row_number() OVER (PARTITION BY id, account, currency ORDER BY no) AS in_account,
                first_value(content) OVER (PARTITION BY id, account, currency ORDER BY no) AS first_content,
                first_value(position) OVER (PARTITION BY id, account, currency ORDER BY no) AS first_position,
                amount, status, bank_code, (reverses IS NOT NULL OR return_reason IS NOT NULL) AS is_return
            FROM \(staged).payment WHERE id IN (\(repeated)) ORDER BY no
            """
        ) { RepeatedPayment($0) }
        for row in rows where row.occurrence > 1 {
            if row.hasOwnID, row.isFirstInAccount {
                try session.execute(
                    "INSERT INTO merge_id(no, id, occurrence) VALUES (?, ?, 1)",
                    [row.no, "\(row.account ?? run.source)/\(row.currency):\(row.id)"])
            } else if row.hasOwnID {
                try session.execute("INSERT INTO merge_id(no, skip) VALUES (?, 1)", [row.no])
                uncount(row)
                guard row.isDifferent else {
                    fault(
                        "ROW-REPEATED", .warning, at: row.position,
                        "it repeats \(row.firstPosition): the same payment \(row.id); it counts once",
                        hint: "Where these are two payments, map a column that tells them apart to id, or leave id out."
                    )
                    continue
                }
                fault(
                    "ID-REPEATED", .row, at: row.position,
                    "a second payment has the id \(row.id) of \(row.firstPosition) with another content; only the "
                        + "first one counts",
                    hint: "Map a column that tells the two apart to id, or leave id out.")
            } else {
                let identity = Fingerprint(high: row.high, low: row.low)
                let id = Identity.record("p", identity, occurrence: row.occurrence)
                try session.execute(
                    "INSERT INTO merge_id(no, id, occurrence) VALUES (?, ?, ?)", [row.no, id, row.occurrence])
            }
        }
    }

    /// What is left out is in no sum.
    private func uncount(_ row: RepeatedPayment) {
        guard row.isBooked, let currency = Currency(row.currency) else { return }
        if row.amount > 0 {
            outcome.totals[currency, default: .init()].received &-= row.amount
        } else if row.isReturn {
            outcome.totals[currency, default: .init()].returned &+= row.amount
        }
    }

    /// how 1: the same statement again; 2: a linked statement again.
    private func findKnownPayments() throws {
        let id = "COALESCE(m.id, s.id)"
        let rows = "FROM \(staged).payment s LEFT JOIN merge_id m ON m.no = s.no"
        let rest = "m.skip IS NULL AND NOT EXISTS (SELECT 1 FROM merge_known k WHERE k.no = s.no)"
        // A bank's reference is one within an account and its currency; another account's may be the same text.
        for candidate in [id, Self.idInBook(id), Self.idOfEntry] {
            try session.execute(
                """
                INSERT INTO merge_known(no, id, how, same)
                SELECT s.no, i.id, 1, i.content = s.content \(rows) CROSS JOIN payment i
                WHERE i.company = ? AND i.id = \(candidate) AND i.source = ? AND \(rest)
                    AND COALESCE(i.account, '') = COALESCE(s.account, '') AND i.currency = s.currency
                    AND (i.source_id = s.source_id OR i.source_id IS NULL AND s.source_id IS NULL)
                    AND \(candidate == Self.idOfEntry ? "1" : "NOT (\(isAnotherEntry))")
                """, candidate == id ? [company, run.source] : [company, run.source, run.source])
        }
        try session.execute(
            """
            INSERT INTO merge_known(no, id, how, same)
            SELECT s.no, t.payment_id, 2, 1 \(rows) CROSS JOIN payment_link t
            WHERE t.company = ? AND t.source = ? AND t.reader = ? AND t.source_id = \(id) AND \(rest)
            """, [company, run.source, run.reader])
    }

    /// The same receipt by another source or another kind of file: linked with its evidence, never booked twice.
    private func linkReceipts() throws {
        var candidates: [ReceiptCandidate] = []
        for evidence in ReceiptCandidate.Evidence.allCases {
            try session.each(
                """
                SELECT s.no, COALESCE(m.id, s.id), s.position, i.id
                FROM \(staged).payment s LEFT JOIN merge_id m ON m.no = s.no CROSS JOIN payment i
                WHERE i.company = ? AND \(evidence.condition) AND m.skip IS NULL AND (i.source <> ? OR i.reader <> ?)
                    AND NOT EXISTS (SELECT 1 FROM merge_known k WHERE k.no = s.no)
                ORDER BY s.no, abs(i.booked_on - s.booked_on), i.id
                """, [company, run.source, run.reader]
            ) { row in
                candidates.append(
                    ReceiptCandidate(
                        no: row.int(0), sourceID: row.text(1), position: row.text(2), payment: row.text(3),
                        evidence: evidence))
            }
        }
        var linkedRows: Set<Int64> = []
        var linkedPayments: Set<String> = []
        for candidate in candidates {
            guard !linkedRows.contains(candidate.no), !linkedPayments.contains(candidate.payment),
                try !isLinked(candidate.payment)
            else { continue }
            linkedRows.insert(candidate.no)
            linkedPayments.insert(candidate.payment)
            try link(candidate)
        }
    }

    private func isLinked(_ payment: String) throws -> Bool {
        try count(
            "SELECT count(*) FROM payment_link WHERE company = ? AND payment_id = ? AND source = ? AND reader = ?",
            [company, payment, run.source, run.reader]) > 0
    }

    private func link(_ candidate: ReceiptCandidate) throws {
        try link(
            no: candidate.no, as: candidate.sourceID, to: candidate.payment, at: candidate.position,
            evidence: candidate.evidence.rawValue)
        // Announced in one file and booked in another is booked.
        let isBookedNow =
            try count(
                """
                SELECT count(*) FROM payment i JOIN \(staged).payment s ON s.no = ?
                WHERE i.company = ? AND i.id = ? AND i.status <> 'booked' AND s.status = 'booked'
                """, [candidate.no, company, candidate.payment]) > 0
        try session.execute(
            "INSERT INTO merge_known(no, id, how, same) VALUES (?, ?, ?, ?)",
            [candidate.no, candidate.payment, isBookedNow ? 4 : 3, isBookedNow ? 0 : 1])
        try fillBlanks(of: candidate.payment, from: candidate.no)
    }

    /// Remembers that a staged row is a payment that the books hold.
    func link(no: Int64, as sourceID: String, to payment: String, at position: String, evidence: String) throws {
        try session.execute(
            """
            INSERT INTO payment_link(company, source, reader, source_id, payment_id, import_no, position, evidence)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            [company, run.source, run.reader, sourceID, payment, importNo, position, evidence])
    }

    /// What the books do not know of a payment yet, from another statement of it.
    /// - Parameter prefersNew: The other side and its words are taken even where something is known.
    func fillBlanks(of payment: String, from no: Int64, prefersNew: Bool = false) throws {
        func filled(_ name: String, _ prefersNew: Bool) -> String {
            let new = "(SELECT \(name) FROM \(staged).payment WHERE no = ?)"
            return "\(name) = COALESCE(" + (prefersNew ? "\(new), \(name))" : "\(name), \(new))")
        }
        let names = [
            "structured_reference", "end_to_end_id", "bank_code", "method", "reverses", "return_reason", "fee",
            "account", "valued_on", "entry_reference", "interest", "fine", "discount",
        ]
        let assignments = names.enumerated().map { filled($1, prefersNew && $0 < 2) }
        try session.execute(
            "UPDATE payment_row SET \(assignments.joined(separator: ", ")) WHERE company = ? AND id = ?",
            names.map { _ in no } + [company, payment])
        let texts = ["payer_name", "payer_account", "remittance"]
        try session.execute(
            """
            UPDATE payment_text SET \(texts.map { filled($0, prefersNew) }.joined(separator: ", "))
            WHERE payment = (SELECT no FROM payment WHERE company = ? AND id = ?)
            """, texts.map { _ in no } + [company, payment])
    }

    /// The id with its account and currency in front, for one that another account's payment has already. Takes the
    /// source as its argument.
    private static func idInBook(_ id: String) -> String {
        "COALESCE(s.account, ?) || '/' || s.currency || ':' || \(id)"
    }

    private func renameTakenPayments() throws {
        for name in [Self.idInBook("COALESCE(m.id, s.id)"), Self.idOfEntry] {
            try session.execute(
                """
                INSERT INTO merge_id(no, id, occurrence)
                SELECT s.no, \(name), COALESCE(m.occurrence, 1)
                FROM \(staged).payment s LEFT JOIN merge_id m ON m.no = s.no CROSS JOIN payment i
                WHERE i.company = ? AND i.id = COALESCE(m.id, s.id) AND m.skip IS NULL
                    AND NOT EXISTS (SELECT 1 FROM merge_known k WHERE k.no = s.no)
                ON CONFLICT (no) DO UPDATE SET id = excluded.id
                """, [run.source, company])
        }
    }

    private func insertNewPayments() throws {
        let period = try session.period(company: company)
        let firstOpen = period.firstOpenDay ?? Day(number: .min)
        let cutOver = run.company.cutOver ?? Day(number: .min)
        let base = try session.nextSeq() - 1
        let start = try session.first("SELECT COALESCE(MAX(no), 0) FROM payment_row") { $0.int(0) } ?? 0
        let id = "COALESCE(m.id, s.id)"
        let posting = "CASE WHEN s.posting_day < ? THEN ? ELSE s.posting_day END"
        let enters = "s.status = 'booked' AND s.amount <> 0 AND s.posting_day > ?"
        try session.execute(
            """
            INSERT INTO payment_row(no, company, id, source, reader, import_no, customer, posting_day, first_seq,
                booked, \(SchemaV1.names(EntryColumns.paymentStated)))
            SELECT ? + s.no, ?, \(id), ?, ?, ?,
                (SELECT COALESCE((SELECT a.customer FROM customer_alias a WHERE a.company = ? AND a.source = ?
                    AND a.source_id = s.customer_id), s.customer_id)),
                \(posting), CASE WHEN \(enters) THEN ? + s.no END,
                CASE WHEN \(enters) AND s.amount > 0 THEN s.amount ELSE 0 END,
                \(SchemaV1.names(EntryColumns.paymentStated, prefix: "s."))
            \(newRows) ORDER BY s.no
            """,
            [
                start, company, run.source, run.reader, importNo, company, run.source, firstOpen, firstOpen, cutOver,
                base, cutOver,
            ])
        try session.execute(
            """
            INSERT INTO payment_balance(no, company, customer, applied, set_aside, consumed, unapplied)
            SELECT no, company, customer, 0, 0, 0, booked FROM payment_row WHERE no > ? ORDER BY no
            """, [start])
        try session.execute(
            """
            INSERT INTO payment_text(payment, payer_name, payer_account, remittance)
            SELECT ? + s.no, s.payer_name, s.payer_account, s.remittance \(newRows)
            ORDER BY s.no
            """, [start])
        try session.execute(
            """
            INSERT INTO log(seq, company, batch, kind, currency, amount, payment, posting_day, business_day)
            SELECT ? + s.no, ?, ?, CASE WHEN s.amount > 0 THEN ? ELSE ? END, s.currency, s.amount, \(id),
                \(posting), CASE WHEN s.posting_day < ? THEN s.posting_day END
            \(newRows) AND \(enters) ORDER BY s.no
            """,
            [
                base, company, batch.no, Entry.Kind.received.rawValue, Entry.Kind.paidOut.rawValue, firstOpen,
                firstOpen, firstOpen, cutOver,
            ])
        try session.execute(
            """
            INSERT INTO account_version(company, customer, version)
            SELECT company, customer, 1 FROM payment_row WHERE import_no = ? AND customer IS NOT NULL AND no > ?
            GROUP BY company, customer
            ON CONFLICT (company, customer) DO UPDATE SET version = account_version.version + 1
            """, [importNo, start])
    }

    /// An export of rows without a statement proves no balance; it says which days it reached.
    private func frameRows() throws {
        guard run.readsWholeDays else { return }
        try session.each(
            """
            SELECT COALESCE(s.account, ?) AS account, MIN(s.booked_on), MAX(s.booked_on), MIN(s.position)
            FROM \(staged).payment s
            WHERE s.status NOT IN ('information', 'failed')
                AND NOT EXISTS (SELECT 1 FROM \(staged).statement t WHERE t.account = COALESCE(s.account, ?))
            GROUP BY COALESCE(s.account, ?) ORDER BY 1
            """, [run.source, run.source, run.source]
        ) { row in
            let identity = "rows \(row.int(1)) \(row.int(2))"
            try session.execute(
                """
                INSERT INTO statement(company, source, account, identity, from_day, to_day, import_no, position)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """,
                [company, run.source, row.text(0), identity, row.int(1), row.int(2), importNo, row.text(3)])
        }
    }
}

/// A staged row that may be a receipt the books know.
private struct ReceiptCandidate {
    enum Evidence: String, CaseIterable {
        case sameContent = "SAME-CONTENT"
        case endToEnd = "END-TO-END"
        case reference = "REFERENCE"

        /// SQL over `s` (staged), `m` and `i` (known).
        var condition: String {
            let isNear = "i.amount = s.amount AND i.currency = s.currency AND abs(i.booked_on - s.booked_on) <= "
            return switch self {
            case .sameContent: "i.id = COALESCE(m.id, s.id) AND i.content = s.content"
            case .endToEnd:
                """
                i.end_to_end_id = s.end_to_end_id AND s.end_to_end_id NOT IN ('', 'NOTPROVIDED', 'NONREF') AND \(isNear)5
                """
            case .reference:
                """
                i.amount = s.amount AND i.booked_on = s.booked_on AND i.currency = s.currency
                    AND i.structured_reference = s.structured_reference
                    AND (i.account = s.account OR i.account IS NULL OR s.account IS NULL)
                """
            }
        }
    }

    let no: Int64
    let sourceID: String
    let position: String
    let payment: String
    let evidence: Evidence
}

private struct RepeatedPayment {
    let no: Int64
    let id: String
    let hasOwnID: Bool
    let high: UInt64
    let low: UInt64
    let position: String
    let occurrence: Int64
    let account: String?
    let currency: String
    /// The same id in another account, or in another currency, is another payment.
    let isFirstInAccount: Bool
    let isDifferent: Bool
    let firstPosition: String
    let amount: Int64
    let isBooked: Bool
    let isReturn: Bool

    init(_ row: Row) {
        firstPosition = row.text("first_position")
        amount = row.int("amount")
        isBooked = row.text("status") == Payment.Status.booked.rawValue
        isReturn = row.bool("is_return") || row.optionalText("bank_code").map(Payment.isReturn(bankCode:)) ?? false
        no = row.int("no")
        id = row.text("id")
        hasOwnID = !row.isNull("source_id")
        high = UInt64(bitPattern: row.int("high"))
        low = UInt64(bitPattern: row.int("low"))
        position = row.text("position")
        occurrence = row.int("occurrence")
        account = row.optionalText("account")
        currency = row.text("currency")
        isFirstInAccount = row.int("in_account") == 1
        isDifferent = row.int("content") != row.int("first_content")
    }
}
