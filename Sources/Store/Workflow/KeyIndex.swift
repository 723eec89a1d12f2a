// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation

/// A company's keys in the database, brought up to date from what came since: rows by their numbers, balances by the
/// log, changed texts by the notes that triggers keep.
struct KeyIndex {
    private struct State {
        var item: Int64 = 0
        var customer: Int64 = 0
        var payment: Int64 = 0
        var seq: Int64 = 0
    }

    private struct Pair: Comparable {
        var key: Int64
        var no: Int64
        static func < (left: Pair, right: Pair) -> Bool {
            left.key != right.key ? left.key < right.key : left.no < right.no
        }
    }

    let session: Session
    let company: String
    let scope: KeyScope
    private(set) var shapes = NumberShapes()
    private var pairs: [Pair] = []

    init(_ session: Session, company: String) {
        self.session = session
        self.company = company
        scope = KeyScope(company: company)
    }

    /// Takes in what came since it was last brought up to date; everything, where it never was.
    mutating func update() throws {
        var last = State()
        last.item = try maximum("no", "item_row")
        last.customer = try maximum("no", "customer")
        last.payment = try maximum("no", "payment_row")
        last.seq = try maximum("seq", "log")
        var known = try read()
        // Where only this company is indexed and most of it changed, making everything anew is quicker than looking each
        // change up.
        let isOnly =
            try session.first("SELECT 1 FROM match_state WHERE company <> ? LIMIT 1", [company]) { _ in true } == nil
        let isFirst = try isOnly && (known.map { try isMostlyNew(since: $0.seq, items: last.item) } ?? true)
        if isFirst {
            for table in ["match_key", "match_ask", "match_prefix", "match_pattern", "match_state", "match_changed"] {
                try session.execute("DELETE FROM \(table)")
            }
            try session.script("DROP INDEX match_ask_key")
            shapes = NumberShapes()
            known = nil
        }
        let state = known ?? State()
        try addItems(after: state.item)
        if known != nil { try refreshAsked(since: state) }
        if isFirst { try session.script("CREATE INDEX match_ask_key ON match_ask(key)") }
        try addCustomers(after: state.customer)
        try addPayments(after: state.payment)
        try addChanged()
        try writePairs()
        try save(last)
    }

    private func isMostlyNew(since seq: Int64, items: Int64) throws -> Bool {
        let new = try session.first("SELECT COUNT(*) FROM log WHERE seq > ? AND company = ?", [seq, company]) {
            $0.int(0)
        }
        return (new ?? 0) * 2 > items + 10_000
    }

    private func maximum(_ column: String, _ table: String) throws -> Int64 {
        try session.first("SELECT COALESCE(MAX(\(column)), 0) FROM \(table)") { $0.int(0) } ?? 0
    }

    private mutating func read() throws -> State? {
        let found = try session.first("SELECT * FROM match_state WHERE company = ?", [company]) { row in
            (
                State(
                    item: row.int("item"), customer: row.int("customer"), payment: row.int("payment"),
                    seq: row.int("seq")),
                UInt64(bitPattern: row.int("lengths")), UInt64(bitPattern: row.int("digit_lengths"))
            )
        }
        guard let (state, lengths, digits) = found else { return nil }
        let prefixes = try session.rows("SELECT prefix FROM match_prefix WHERE company = ?", [company]) {
            Array($0.text(0).utf8)
        }
        let patterns = try session.rows("SELECT pattern FROM match_pattern WHERE company = ?", [company]) {
            NumberPattern(stored: $0.text(0))
        }
        shapes = NumberShapes(
            lengths: lengths, digitsOnlyLengths: digits, prefixes: Set(prefixes),
            patterns: Set(patterns.compactMap { $0 }))
        return state
    }

    private func save(_ state: State) throws {
        try session.execute("DELETE FROM match_state WHERE company = ?", [company])
        try session.execute(
            """
            INSERT INTO match_state(company, item, customer, payment, seq, lengths, digit_lengths)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                company, state.item, state.customer, state.payment, state.seq, Int64(bitPattern: shapes.lengths),
                Int64(bitPattern: shapes.digitsOnlyLengths),
            ])
        for prefix in shapes.prefixes.map({ String(decoding: $0, as: UTF8.self) }).sorted() {
            try session.execute("INSERT OR IGNORE INTO match_prefix(company, prefix) VALUES (?, ?)", [company, prefix])
        }
        for pattern in shapes.patterns.map(\.stored).sorted() {
            try session.execute(
                "INSERT OR IGNORE INTO match_pattern(company, pattern) VALUES (?, ?)", [company, pattern])
        }
    }

    private static let itemColumns = """
        i.no, i.number, v.structured_reference, v.purchase_order, i.open, i.source, i.amount, i.currency, v.discounts, v.net
        FROM item i LEFT JOIN invoice_more v ON v.no = COALESCE(i.bearer, i.no)
        """

    private mutating func addItems(after no: Int64) throws {
        let insert = try session.prepare("INSERT OR REPLACE INTO match_ask(no, key) VALUES (?, ?)")
        var (found, shapes) = ([] as [Pair], shapes)
        try session.each(
            "SELECT \(Self.itemColumns) WHERE i.company = ? AND i.no > ? ORDER BY i.no", [company, no]
        ) { row in
            shapes.add(row.text(1))
            add(row, to: &found)
            let asked = row.int(4) &+ row.int(5)
            if asked > 0 { try insert.write(row.int(0), scope.amount(asked)) }
        }
        pairs += found
        self.shapes = shapes
    }

    private func add(_ row: Row, to found: inout [Pair]) {
        let no = row.int(0)
        let keys = MatchKeys(
            number: row.text(1), reference: row.optionalText(2), order: row.optionalText(3), asked: 0)
        for key in keys.texts { found.append(Pair(key: scope.text(key), no: no)) }
        addSettling(row, to: &found)
    }

    /// It may be found under an amount that settles it no more, and is compared again.
    private func addSettling(_ row: Row, to found: inout [Pair]) {
        guard row.int(5) != 0 || !row.isNull(8), let currency = Currency(row.text(7)) else { return }
        let amounts = MatchKeys.settling(
            open: row.int(4), provable: row.int(5), total: row.int(6),
            discounts: Session.matchDiscounts(row.optionalText(8), currency, net: row.optionalInt(9)))
        for amount in amounts { found.append(Pair(key: scope.settling(amount), no: row.int(0))) }
    }

    /// What items ask for changes with the log only.
    private mutating func refreshAsked(since state: State) throws {
        var found: [Pair] = []
        let insert = try session.prepare("INSERT OR REPLACE INTO match_ask(no, key) VALUES (?, ?)")
        let remove = try session.prepare("DELETE FROM match_ask WHERE no = ?")
        try session.each(
            """
            SELECT \(Self.itemColumns) WHERE +i.no <= ? AND i.no IN (SELECT c.no FROM (
                SELECT item AS id FROM log WHERE seq > ? AND company = ? AND item IS NOT NULL
                UNION SELECT counter FROM log WHERE seq > ? AND company = ? AND counter IS NOT NULL) l
                CROSS JOIN item_row c ON c.id = l.id AND c.company = ?)
            """, [state.item, state.seq, company, state.seq, company, company]
        ) { row in
            let asked = row.int(4) &+ row.int(5)
            if asked > 0 {
                try insert.write(row.int(0), scope.amount(asked))
            } else {
                try remove.write(row.int(0))
            }
            addSettling(row, to: &found)
        }
        pairs += found
    }

    private mutating func addCustomers(after no: Int64) throws {
        pairs += try customers("c.no > ?", no)
    }

    private func customers(_ condition: String, _ no: Int64) throws -> [Pair] {
        var found: [Pair] = []
        try session.each(
            """
            SELECT c.no, c.number, COALESCE(t.name, t.legal_name), t.account, t.parent_name, t.parent_account
            FROM customer c LEFT JOIN customer_contact t ON t.customer = c.no WHERE c.company = ? AND \(condition)
            """, [company, no]
        ) { row in
            var customer = MatchCustomer(id: "", number: row.optionalText(1), name: row.optionalText(2))
            customer.accounts = row.optionalText(3).map { [$0] } ?? []
            customer.parentName = row.optionalText(4)
            customer.parentAccount = row.optionalText(5)
            add(customer, no: row.int(0), to: &found)
        }
        return found
    }

    private func add(_ customer: MatchCustomer, no: Int64, to found: inout [Pair]) {
        let keys = MatchKeys(customer)
        for key in keys.texts { found.append(Pair(key: scope.text(key), no: 0 - no)) }
        // order-free: each key by itself
        for key in keys.words { found.append(Pair(key: scope.word(key), no: 0 - no)) }
    }

    private mutating func addPayments(after no: Int64) throws {
        pairs += try payments("p.no > ?", no)
    }

    private func payments(_ condition: String, _ no: Int64) throws -> [Pair] {
        try session.rows(
            """
            SELECT p.no, t.payer_name, t.payer_account FROM payment p CROSS JOIN payment_text t ON t.payment = p.no
            WHERE p.company = ? AND \(condition)
            """, [company, no]
        ) { row in
            MatchKeys.payer(name: row.optionalText(1), account: row.optionalText(2)).map {
                Pair(key: scope.payer($0), no: row.int(0))
            }
        }.compactMap { $0 }
    }

    /// Documents and payments may be found under what they no longer say, and are compared again; a word of a name
    /// must not be counted for a customer who has it no more.
    private mutating func addChanged() throws {
        let changed = try session.rows(
            "SELECT kind, no, name, parent_name FROM match_changed WHERE company = ? ORDER BY kind, no", [company]
        ) { (kind: $0.int(0), no: $0.int(1), name: $0.optionalText(2), parent: $0.optionalText(3)) }
        let remove = try session.prepare("DELETE FROM match_key WHERE key = ? AND no = ?")
        for change in changed {
            switch change.kind {
            case 1:
                try addChangedItems(of: change.no)
            case 2:
                var before = MatchCustomer(id: "", name: change.name)
                before.parentName = change.parent
                for key in MatchKeys(before).words { try remove.write(scope.word(key), 0 - change.no) }
                pairs += try customers("c.no = ?", change.no)
            default:
                pairs += try payments("p.no = ?", change.no)
            }
        }
        try session.execute("DELETE FROM match_changed WHERE company = ?", [company])
    }

    /// The item that bears the document, and those that share it.
    private mutating func addChangedItems(of no: Int64) throws {
        var (found, shapes) = ([] as [Pair], shapes)
        func add(_ row: Row) {
            shapes.add(row.text(1))
            self.add(row, to: &found)
        }
        try session.each("SELECT \(Self.itemColumns) WHERE i.no = ? AND i.company = ?", [no, company], add)
        for bearer in Session.bearers {
            try session.each(
                """
                SELECT \(Self.itemColumns) WHERE i.no IN (
                    SELECT s.no FROM \(bearer) b CROSS JOIN item_row s
                        ON s.company = b.company AND s.id > b.id AND s.id < b.id || '0' AND s.bearer = b.no
                    WHERE b.no = ? AND b.company = ?)
                """, [no, company], add)
        }
        pairs += found
        self.shapes = shapes
    }

    private mutating func writePairs() throws {
        pairs.sort()
        let insert = try session.prepare("INSERT OR IGNORE INTO match_key(key, no) VALUES (?, ?)")
        for pair in pairs { try insert.write(pair.key, pair.no) }
        pairs = []
    }
}

extension PreparedStatement {
    /// Runs a statement of numbers that returns no rows.
    func write(_ values: Int64...) throws {
        reset()
        for (index, value) in values.enumerated() { bind(index, value) }
        while try step() {}
        reset()
    }
}
