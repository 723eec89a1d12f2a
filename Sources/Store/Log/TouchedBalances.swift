// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reconciliation

/// The balances that a group of entries touches: read in the order of their ids, folded by the core in memory, checked,
/// and written once in the order of their rows.
struct TouchedBalances {
    struct Item {
        let id: String
        let no: Int64
        let facts: Booking.ItemFacts
        var balance: ItemBalance
        fileprivate var firstSeq: Int64?
        /// Whether an entry was folded.
        var isTouched = false
        /// The decision of the last entry.
        var decision: String?
    }

    struct Cash {
        let id: String
        let no: Int64
        let stored: StoredCash
        var balance: CashBalance
        fileprivate var firstSeq: Int64?
        fileprivate var isTouched = false
        /// Whom a decision takes the money to be from, where the books do not say.
        fileprivate var guess: String?
    }

    private let session: Session
    private let company: String
    private(set) var items: [Item] = []
    private(set) var cash: [Cash] = []
    private var placeOfItem: [String: Int] = [:]
    private var placeOfCash: [String: Int] = [:]
    /// Whose account changed.
    private(set) var customers: Set<String> = []

    init(_ session: Session, company: String) {
        self.session = session
        self.company = company
    }

    // MARK: Reading

    /// Reads what entries may name; an id that is not there is missed when an entry names it.
    mutating func load(items ids: [String], payments: [String]) throws {
        try loadItems(ids)
        try loadCash(payments)
    }

    mutating func load(for entries: [Entry]) throws {
        var items: [String] = []
        var payments: [String] = []
        for entry in entries {
            if let id = entry.item { items.append(id) }
            if let id = entry.payment { payments.append(id) }
            guard let counter = entry.counter else { continue }
            switch entry.kind {
            case .netted: items.append(counter)
            case .consumed: payments.append(counter)
            default: break
            }
        }
        try load(items: items, payments: payments)
    }

    /// Hands over the row of each id once, in the order of the ids.
    /// - Parameter sql: of the company and one id.
    private static func lookUp(
        _ ids: [String], company: String, _ session: Session, _ sql: String, _ body: (String, Row) throws -> Void
    ) throws {
        let statement = try session.compiled(sql)
        defer { statement.reset() }
        let row = Row(statement: statement)
        var last: String?
        for id in ids.sorted() where id != last {
            last = id
            statement.reset()
            statement.bind(0, company)
            statement.bind(1, id)
            if try statement.step() { try body(id, row) }
        }
    }

    private mutating func loadItems(_ ids: [String]) throws {
        placeOfItem.reserveCapacity(ids.count)
        try Self.lookUp(
            ids, company: company, session,
            """
            SELECT no, customer, currency, posting_day, amount, cash, credit, discount, fee, withholding, write_off,
                rounding, exchange, source, stated, stated_as_of FROM item WHERE company = ? AND id = ?
            """
        ) { id, row in
            var balance = ItemBalance()
            balance.amount = row.int(4)
            balance.cash = row.int(5)
            balance.credit = row.int(6)
            balance.discount = row.int(7)
            balance.fee = row.int(8)
            balance.withholding = row.int(9)
            balance.writeOff = row.int(10)
            balance.rounding = row.int(11)
            balance.exchange = row.int(12)
            balance.source = row.int(13)
            balance.stated = row.optionalInt(14)
            balance.statedAsOf = row.optionalDay(15)
            placeOfItem[id] = items.count
            items.append(
                Item(
                    id: id, no: row.int(0),
                    facts: Booking.ItemFacts(
                        customerID: row.text(1), postingDay: row.day(3), currency: try row.currency(2)),
                    balance: balance))
        }
    }

    private mutating func loadCash(_ ids: [String]) throws {
        placeOfCash.reserveCapacity(ids.count)
        try Self.lookUp(
            ids, company: company, session,
            """
            SELECT no, booked, applied, set_aside, consumed, currency, customer FROM payment
            WHERE company = ? AND id = ?
            """
        ) { id, row in
            var balance = CashBalance()
            balance.booked = row.int(1)
            balance.applied = row.int(2)
            balance.setAside = row.int(3)
            balance.consumed = row.int(4)
            placeOfCash[id] = cash.count
            cash.append(
                Cash(
                    id: id, no: row.int(0),
                    stored: StoredCash(balance: balance, currency: row.text(5), customer: row.optionalText(6)),
                    balance: balance))
        }
    }

    /// What booking must know of an item.
    func facts(_ id: String) -> Booking.ItemFacts? { placeOfItem[id].map { items[$0].facts } }

    // MARK: Folding

    mutating func fold(_ entry: Entry, _ seq: Int64) throws {
        if let id = entry.item { try fold(entry, item: id, seq) }
        if let id = entry.payment { try fold(entry, payment: id, seq) }
        if let id = entry.counter {
            switch entry.kind {
            case .netted: try fold(entry, item: id, seq)
            case .consumed: try fold(entry, payment: id, seq)
            default: break
            }
        }
        if let customer = entry.customer { customers.insert(customer) }
    }

    private mutating func fold(_ entry: Entry, item id: String, _ seq: Int64) throws {
        guard let place = placeOfItem[id] else { throw StoreFailure("ITEM-UNKNOWN", "there is no open item \(id)") }
        guard items[place].facts.currency == entry.currency else {
            throw StoreFailure("INVARIANT-CURRENCY", "a \(entry.currency) entry on item \(id) in another currency")
        }
        if !items[place].isTouched {
            items[place].isTouched = true
            customers.insert(items[place].facts.customerID)
        }
        items[place].balance.apply(entry, item: id)
        items[place].decision = entry.decision
        if entry.kind == .invoiced || entry.kind == .opening, items[place].firstSeq == nil {
            items[place].firstSeq = seq
        }
    }

    private mutating func fold(_ entry: Entry, payment id: String, _ seq: Int64) throws {
        guard let place = placeOfCash[id] else { throw StoreFailure("PAYMENT-UNKNOWN", "there is no payment \(id)") }
        guard cash[place].stored.currency == entry.currency.code else {
            throw StoreFailure("INVARIANT-CURRENCY", "a \(entry.currency) entry on payment \(id) in another currency")
        }
        if !cash[place].isTouched {
            cash[place].isTouched = true
            if let customer = cash[place].stored.customer ?? cash[place].guess { customers.insert(customer) }
        }
        cash[place].balance.apply(entry, payment: id)
        if entry.kind == .received || entry.kind == .paidOut, cash[place].firstSeq == nil {
            cash[place].firstSeq = seq
        }
    }

    /// The machine's own guess, where nobody said whose money it is.
    mutating func guess(_ customer: String, payment id: String) {
        guard let place = placeOfCash[id], cash[place].stored.customer == nil, cash[place].guess == nil else { return }
        cash[place].guess = customer
        if cash[place].isTouched { customers.insert(customer) }
    }

    /// Throws where an invariant would not hold; nothing is written yet.
    func check() throws {
        for item in items where item.isTouched && item.balance.violation != nil {
            guard var refused = try session.item(company: company, id: item.id) else { continue }
            refused.balance = item.balance
            throw try slip().refusal(of: refused)
        }
        for cash in cash where cash.isTouched && cash.balance.violation != nil {
            var refused = cash.stored
            refused.balance = cash.balance
            throw try slip().refusal(of: refused, cash.id)
        }
    }

    /// Everything as it stood before.
    private func slip() throws -> Slip {
        var before: [String: OpenItem] = [:]
        for item in items where item.isTouched {
            before[item.id] = try session.item(company: company, id: item.id)
        }
        var payments: [String: StoredCash] = [:]
        for cash in cash where cash.isTouched { payments[cash.id] = cash.stored }
        return Slip(items: before, payments: payments)
    }

    // MARK: Writing

    func write() throws {
        try writeItems()
        try writeCash()
        try writeGuesses()
    }

    private func writeItems() throws {
        let statement = try session.compiled(
            """
            UPDATE item SET amount = ?, cash = ?, credit = ?, discount = ?, fee = ?, withholding = ?,
                write_off = ?, rounding = ?, exchange = ?, source = ?, stated = ?, stated_as_of = ?, open = ?,
                first_seq = COALESCE(first_seq, ?)
            WHERE no = ?
            """)
        for item in items.filter(\.isTouched).sorted(by: { $0.no < $1.no }) {
            let balance = item.balance
            var row = ColumnWriter(statement)
            row.place(balance.amount)
            row.place(balance.cash)
            row.place(balance.credit)
            row.place(balance.discount)
            row.place(balance.fee)
            row.place(balance.withholding)
            row.place(balance.writeOff)
            row.place(balance.rounding)
            row.place(balance.exchange)
            row.place(balance.source)
            row.place(balance.stated)
            row.place(balance.statedAsOf.map { Int64($0.number) })
            row.place(balance.open)
            row.place(item.firstSeq)
            row.place(item.no)
            try row.insert()
        }
        statement.reset()
    }

    private func writeCash() throws {
        let statement = try session.compiled(
            """
            UPDATE payment SET booked = ?, applied = ?, set_aside = ?, consumed = ?, unapplied = ?,
                first_seq = COALESCE(first_seq, ?), customer = COALESCE(customer, ?)
            WHERE no = ?
            """)
        for cash in cash.filter({ $0.isTouched || $0.guess != nil }).sorted(by: { $0.no < $1.no }) {
            var row = ColumnWriter(statement)
            row.place(cash.balance.booked)
            row.place(cash.balance.applied)
            row.place(cash.balance.setAside)
            row.place(cash.balance.consumed)
            row.place(cash.balance.unapplied)
            row.place(cash.firstSeq)
            row.place(cash.guess)
            row.place(cash.no)
            try row.insert()
        }
        statement.reset()
    }

    private func writeGuesses() throws {
        let statement = try session.compiled("INSERT INTO guessed_customer(payment) VALUES (?)")
        for cash in cash.filter({ $0.guess != nil }).sorted(by: { $0.no < $1.no }) {
            var row = ColumnWriter(statement)
            row.place(cash.no)
            try row.insert()
        }
        statement.reset()
    }
}
