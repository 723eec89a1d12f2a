// SPDX-License-Identifier: Apache-2.0
import Documents

/// The same statement of an account in another form: camt.053, MT940, CODA, OFX and the bank's table are one book, and
/// its entries are booked once (`DECISIONS.md`, 79).
extension Merge {
    func linkForms() throws {
        guard run.overlap != .other, Self.isForm(run.reader), run.format != "pull" else { return }
        let readers = try otherForms()
        guard !readers.isEmpty else { return }
        let knownFrames = try knownFrames(readers)
        let isAnyDay = try knowsLikeEntries(readers)
        guard isAnyDay || !knownFrames.isEmpty else { return }
        let entries = try statedEntries(near: isAnyDay ? nil : knownFrames.map(\.frame))
        let frames = try statedFrames(entries)
        let known = try knownEntries(readers, entries, frames)
        for (book, own) in Self.books(entries) {
            guard let currency = book.currency else { continue }
            let comparison = FormComparison(
                own, known.filter { $0.line.book == book.text },
                frames: frames.filter { book.holds($0.account, $0.currency) }.map(\.frame),
                knownFrames: knownFrames.filter { book.holds($0.account, $0.currency) }.map(\.frame),
                isWhole: run.readsWholeDays)
            try merge(comparison, of: book.account, currency)
        }
    }

    /// A collection's report (CNAB) lists what a statement books in one sum.
    private static func isForm(_ reader: String) -> Bool { reader != "cnab" }

    /// What read payments before, but for the bank's own other messages: they are linked by their entries.
    private func otherForms() throws -> [String] {
        try session.rows(
            """
            SELECT DISTINCT r.reader FROM import_run r JOIN import_count c ON c.import_no = r.no
            WHERE r.company = ? AND r.reader <> ? AND r.status = 'done' AND c.entity = 'payment' AND c.new > 0
            ORDER BY 1
            """, [company, run.reader]
        ) { $0.text(0) }.filter {
            Self.isForm($0) && (ReportRank(reader: run.reader) == nil || ReportRank(reader: $0) == nil)
        }
    }

    private func merge(_ comparison: FormComparison, of account: String, _ currency: Currency) throws {
        guard !comparison.known.isEmpty || !comparison.knownFrames.isEmpty else { return }
        for pair in comparison.pairs {
            let (line, payment) = (comparison.entries[pair.entry].line, comparison.known[pair.known].line)
            try link(no: line.no, as: line.id, to: payment.id, at: line.position, evidence: pair.evidence.rawValue)
            try session.execute(
                "INSERT INTO merge_known(no, id, how, same) VALUES (?, ?, 3, 1)", [line.no, payment.id])
            if pair.evidence.isTelling { try fillBlanks(of: payment.id, from: line.no) }
        }
        let unpaired = comparison.unpaired
        let met = try linkBatches(unpaired.entries.map(\.line), unpaired.known.map(\.line), acrossForms: true)
        if run.overlap == nil, let contradiction = comparison.contradiction(met, currency) {
            throw ImportRefusal([
                Fault(
                    "STATEMENT-OVERLAP", .refusal, at: .file,
                    "days of the account \(account) (\(currency.code)) are in the books already from "
                        + "\(comparison.origins), and this file states them otherwise: \(contradiction)",
                    hint: "Nothing was booked, as it might be booked twice. If both state the same account, import the "
                        + "file with --overlap same: an entry of a known day and amount counts once, and the rest is "
                        + "booked. If these are other payments, import it with --overlap other.")
            ])
        }
        guard let told = comparison.told(met) else { return }
        let days = told.from == told.to ? "of \(told.from)" : "from \(told.from) to \(told.to)"
        let origin = told.origins.isEmpty ? "" : " from \(told.origins)"
        fault(
            "STATEMENT-KNOWN", .warning, at: "file",
            "of the account \(account) (\(currency.code)), \(told.count == 1 ? "1 entry" : "\(told.count) entries") \(days) "
                + "\(told.count == 1 ? "is" : "are") in the books already\(origin), and counted once",
            hint:
                "Nothing need be done: it is the same account in another form. If they are other payments, import the "
                + "file again with --overlap other.")
    }

    /// Entries that a person says are other payments after all: what was taken for the same is told apart.
    func separateForms() throws {
        guard run.overlap == .other else { return }
        try session.execute(
            """
            DELETE FROM payment_link WHERE company = ? AND source = ? AND reader = ? AND evidence LIKE 'FORM-%'
                AND source_id IN (SELECT COALESCE(m.id, s.id) FROM \(staged).payment s
                    LEFT JOIN merge_id m ON m.no = s.no)
            """, [company, run.source, run.reader])
    }

    // MARK: Reading

    private static let texts = "payer_name, payer_account"

    private static let isStated = "s.status = 'booked' AND s.amount <> 0 AND s.account IS NOT NULL"

    /// - Parameter frames: only entries of about these days matter; nil for all.
    private func statedEntries(near frames: [FormFrame]?) throws -> [FormEntry] {
        let first = frames?.map(\.from).min() ?? Day(number: .min)
        let last = frames?.map(\.to).max() ?? Day(number: .max)
        return try session.rows(
            """
            SELECT s.no, COALESCE(m.id, s.id) AS id, \(ReportLine.columns), \(Self.texts)
            FROM \(staged).payment s LEFT JOIN merge_id m ON m.no = s.no
            WHERE m.skip IS NULL AND \(Self.isStated) AND s.booked_on BETWEEN ? AND ?
                AND NOT EXISTS (SELECT 1 FROM merge_known k WHERE k.no = s.no)
            ORDER BY s.no
            """, [first - Self.nearDays, last + Self.nearDays]
        ) { FormEntry(staged: $0, source: run.source, reader: run.reader) }
    }

    /// How far a value day lies from a booking day, at most.
    private static let nearDays = 10

    private func knownEntries(
        _ readers: [String], _ entries: [FormEntry], _ frames: [BookFrame]
    ) throws -> [FormEntry] {
        let days = entries.map(\.day) + frames.flatMap { [$0.frame.from, $0.frame.to] }
        guard let first = days.min(), let last = days.max() else { return [] }
        var accounts = AccountNames(Set(entries.map(\.line.account)))
        let told = Set(try session.rows("SELECT id FROM merge_known") { $0.text(0) })
        var found: [FormEntry] = []
        try session.each(
            """
            SELECT 0 AS no, i.id AS id, source, reader, applied <> 0 OR set_aside <> 0 OR consumed <> 0 AS used,
                \(ReportLine.columns), \(Self.texts), (SELECT name FROM import_run r WHERE r.no = i.import_no) AS file,
                EXISTS (SELECT 1 FROM payment_link t WHERE t.company = i.company AND t.payment_id = i.id
                    AND t.reader = ?) AS stated
            FROM payment i JOIN payment_text x ON x.payment = i.no
            WHERE i.company = ? AND i.booked_on BETWEEN ? AND ? AND i.status = 'booked' AND i.amount <> 0
                AND i.account IS NOT NULL AND i.reader IN (\(readers.map { _ in "?" }.joined(separator: ", ")))
            ORDER BY i.booked_on, i.no
            """, [run.reader, company, first - Self.nearDays, last + Self.nearDays] + readers
        ) { row in
            guard let account = accounts.own(row.text("account")) else { return }
            found.append(
                FormEntry(known: row, account: account, isTaken: row.bool("stated") || told.contains(row.text("id"))))
        }
        return found
    }

    /// An amount of the file's is known of its day: notifications, and statements without balances, name no days.
    private func knowsLikeEntries(_ readers: [String]) throws -> Bool {
        try count(
            """
            SELECT count(*) FROM (SELECT 1 FROM (SELECT DISTINCT s.account, s.amount, s.booked_on FROM \(staged).payment s
                    WHERE \(Self.isStated)) s CROSS JOIN payment i
                WHERE i.company = ? AND i.amount = s.amount AND i.booked_on = s.booked_on
                    AND substr(i.account, -8) = substr(s.account, -8) AND i.status = 'booked'
                    AND i.reader IN (\(readers.map { _ in "?" }.joined(separator: ", "))) LIMIT 1)
            """, [company] + readers) > 0
    }

    /// Of the file's accounts and days.
    private func knownFrames(_ readers: [String]) throws -> [BookFrame] {
        let accounts = try session.rows(
            "SELECT DISTINCT account, currency FROM \(staged).payment s WHERE \(Self.isStated)"
        ) { AccountBook(account: $0.text(0), code: $0.text(1)) }
        guard !accounts.isEmpty else { return [] }
        return try session.rows(
            """
            SELECT t.* FROM statement t JOIN import_run r ON r.no = t.import_no
            WHERE t.company = ? AND t.to_day >= (SELECT MIN(s.booked_on) FROM \(staged).payment s)
                AND t.from_day <= (SELECT MAX(s.booked_on) FROM \(staged).payment s)
                AND r.reader IN (\(readers.map { _ in "?" }.joined(separator: ", ")))
            ORDER BY t.no
            """, [company] + readers
        ) { row in BookFrame(row) }.compactMap { $0 }
            .filter { frame in accounts.contains { $0.holds(frame.account, frame.currency) } }
    }

    /// The file's statements; of an account without one, the days of its rows.
    private func statedFrames(_ entries: [FormEntry]) throws -> [BookFrame] {
        let stated = try session.rows(
            """
            SELECT * FROM \(staged).statement WHERE ? OR opening IS NOT NULL AND closing IS NOT NULL ORDER BY no
            """, [run.readsWholeDays]
        ) { row in BookFrame(row) }.compactMap { $0 }
        guard run.readsWholeDays else { return stated }
        let rows = Self.books(entries).filter { book, _ in
            !stated.contains { book.holds($0.account, $0.currency) }
        }.compactMap { book, own -> BookFrame? in
            let days = own.map(\.day)
            guard let first = days.min(), let last = days.max() else { return nil }
            return BookFrame(
                account: book.account, currency: book.currency?.code, frame: FormFrame(from: first, to: last))
        }
        return stated + rows
    }

    private static func books(_ entries: [FormEntry]) -> [(book: AccountBook, entries: [FormEntry])] {
        let groups = Dictionary(grouping: entries) { $0.line.book }
        return groups.keys.sorted().compactMap { key in
            groups[key].flatMap { own in
                own.first.map { (AccountBook(account: $0.line.account, code: $0.line.currency), own) }
            }
        }
    }
}

/// An account in one of its currencies.
private struct AccountBook {
    let account: String
    let code: String

    var text: String { "\(account)|\(code)" }
    var currency: Currency? { Currency(code) }

    /// - Parameter currency: nil where a frame is that of rows, which may be in any.
    func holds(_ other: String, _ currency: String?) -> Bool {
        (currency ?? code) == code && Identity.isSameAccount(account, other)
    }
}

private struct BookFrame {
    let account: String
    let currency: String?
    let frame: FormFrame

    init(account: String, currency: String?, frame: FormFrame) {
        (self.account, self.currency, self.frame) = (account, currency, frame)
    }

    init?(_ row: Row) {
        guard let frame = FormFrame(row) else { return nil }
        self.init(account: row.text("account"), currency: row.optionalText("currency"), frame: frame)
    }
}

/// The file's accounts by what other forms call them.
private struct AccountNames {
    private let own: [String]
    private var known: [String: String?] = [:]

    init(_ own: Set<String>) { self.own = own.sorted() }

    mutating func own(_ account: String) -> String? {
        if let found = known[account] { return found }
        let found = own.first { $0 == account } ?? own.first { Identity.isSameAccount($0, account) }
        known[account] = .some(found)
        return found
    }
}
