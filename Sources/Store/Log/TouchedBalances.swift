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
        /// As it was read.
        fileprivate let stored: ItemBalance
        /// Whether `item_settled` has a row of it.
        fileprivate let isSettled: Bool
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
    /// The one that was noted last: most entries of a payment are one customer's.
    private var lastCustomer = ""

    init(_ session: Session, company: String) {
        self.session = session
        self.company = company
    }

    /// Forgets everything; the room stays for what comes next.
    mutating func forget() {
        items.removeAll(keepingCapacity: true)
        cash.removeAll(keepingCapacity: true)
        placeOfItem.removeAll(keepingCapacity: true)
        placeOfCash.removeAll(keepingCapacity: true)
        customers.removeAll(keepingCapacity: true)
        lastCustomer = ""
    }

    // MARK: Reading

    /// Reads what entries may name; an id that is not there is missed when an entry names it.
    mutating func load(items ids: [String], payments: [String]) throws {
        try loadItems(Self.unique(ids).filter { placeOfItem[$0] == nil })
        try loadCash(Self.unique(payments).filter { placeOfCash[$0] == nil })
    }

    /// A payment of which nothing is used, and of which nobody knows whose it is, needs no reading.
    mutating func take(_ id: String, untouched cash: Session.UndecidedCash, row: Int64) {
        guard placeOfCash[id] == nil else { return }
        var balance = CashBalance()
        if cash.isBooked { balance.booked = cash.unapplied }
        placeOfCash[id] = self.cash.count
        self.cash.append(
            Cash(
                id: id, no: row, stored: StoredCash(balance: balance, currency: cash.amount.currency, customer: nil),
                balance: balance))
    }

    /// An item that nothing but its document has touched needs no reading.
    mutating func take(_ id: String, untouched item: UntouchedItems.Item) {
        guard placeOfItem[id] == nil else { return }
        var balance = ItemBalance()
        balance.amount = item.amount
        placeOfItem[id] = items.count
        items.append(
            Item(id: id, no: item.row, facts: item.facts, stored: balance, isSettled: false, balance: balance))
    }

    private static func unique(_ ids: [String]) -> [String] {
        var result: [String] = []
        result.reserveCapacity(ids.count)
        for id in ids.sorted() where id != result.last { result.append(id) }
        return result
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
    /// - Parameters:
    ///   - ids: sorted, each once.
    ///   - table: with a company and an id, as `t`.
    ///   - balances: SQL that joins them.
    ///   - columns: of both.
    private static func lookUp(
        _ ids: [String], company: String, _ session: Session, _ table: String,
        _ balances: String, _ columns: String, _ body: (String, Row) throws -> Void
    ) throws {
        var last: Int?
        try session.each(
            of: ids,
            """
            SELECT \(columns), r.c1 FROM tieout_rows(?1) r CROSS JOIN \(table) t ON t.id = r.c0 AND t.company = ?2
                \(balances)
            """, [company]
        ) { row in
            let place = last ?? row.statement.columnCount - 1
            last = place
            try body(ids[Int(row.int(place))], row)
        }
    }

    private mutating func loadItems(_ ids: [String]) throws {
        placeOfItem.reserveCapacity(ids.count)
        try Self.lookUp(
            ids, company: company, session, "item_row", "LEFT JOIN item_settled s ON s.no = t.no",
            """
            t.no, t.customer, t.currency, t.posting_day, t.amount, s.cash, s.credit, s.discount, s.fee, s.withholding,
            s.write_off, s.rounding, s.exchange, t.source, t.stated, t.stated_as_of, s.provider, s.no
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
            balance.provider = row.int(16)
            // Where nothing has settled it, the joined columns are null, which read as 0.
            placeOfItem[id] = items.count
            items.append(
                Item(
                    id: id, no: row.int(0),
                    facts: Booking.ItemFacts(
                        customerID: row.text(1), postingDay: row.day(3), currency: try row.currency(2)),
                    stored: balance, isSettled: !row.isNull(17), balance: balance))
        }
    }

    private mutating func loadCash(_ ids: [String]) throws {
        placeOfCash.reserveCapacity(ids.count)
        try Self.lookUp(
            ids, company: company, session, "payment_row", "CROSS JOIN payment_balance b ON b.no = t.no",
            "t.no, t.booked, b.applied, b.set_aside, b.consumed, t.currency, b.customer"
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
                    stored: StoredCash(balance: balance, currency: try row.currency(5), customer: row.optionalText(6)),
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
        if let customer = entry.customer { note(customer) }
    }

    private mutating func note(_ customer: String) {
        guard customer != lastCustomer else { return }
        lastCustomer = customer
        customers.insert(customer)
    }

    private mutating func fold(_ entry: Entry, item id: String, _ seq: Int64) throws {
        guard let place = placeOfItem[id] else { throw StoreFailure("ITEM-UNKNOWN", "there is no open item \(id)") }
        guard items[place].facts.currency == entry.currency else {
            throw StoreFailure("INVARIANT-CURRENCY", "a \(entry.currency) entry on item \(id) in another currency")
        }
        if !items[place].isTouched {
            items[place].isTouched = true
            note(items[place].facts.customerID)
        }
        items[place].balance.apply(entry, item: id)
        items[place].decision = entry.decision
        if entry.kind == .invoiced || entry.kind == .opening, items[place].firstSeq == nil {
            items[place].firstSeq = seq
        }
    }

    private mutating func fold(_ entry: Entry, payment id: String, _ seq: Int64) throws {
        guard let place = placeOfCash[id] else { throw StoreFailure("PAYMENT-UNKNOWN", "there is no payment \(id)") }
        // What was settled in another currency names the payment that did, and moves none of its money.
        guard cash[place].stored.currency == entry.currency || entry.kind == .exchange else {
            throw StoreFailure("INVARIANT-CURRENCY", "a \(entry.currency) entry on payment \(id) in another currency")
        }
        if !cash[place].isTouched {
            cash[place].isTouched = true
            if let customer = cash[place].stored.customer ?? cash[place].guess { note(customer) }
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
        if cash[place].isTouched { note(customer) }
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
        let touched = items.indices.filter { items[$0].isTouched }.sorted { items[$0].no < items[$1].no }
        try writeDocumented(touched)
        try writeSettled(touched)
        let used = cash.indices.filter { cash[$0].isTouched || cash[$0].guess != nil }
            .sorted { cash[$0].no < cash[$1].no }
        try writeBooked(used)
        try writeUsed(used)
    }

    /// What documents say: few entries of a run change it.
    /// - Parameter touched: places of items, in the order of their rows.
    private func writeDocumented(_ touched: [Int]) throws {
        let statement = try session.compiled(
            """
            UPDATE item_row SET amount = ?, source = ?, stated = ?, stated_as_of = ?,
                first_seq = COALESCE(first_seq, ?)
            WHERE no = ?
            """)
        for place in touched {
            let balance = items[place].balance
            guard items[place].firstSeq != nil || !balance.isDocumented(as: items[place].stored) else { continue }
            statement.bind(0, balance.amount)
            statement.bind(1, balance.source)
            statement.bind(2, balance.stated)
            statement.bind(3, balance.statedAsOf.map { Int64($0.number) })
            statement.bind(4, items[place].firstSeq)
            statement.bind(5, items[place].no)
            try statement.run()
        }
    }

    // One row at a time: UPDATE … FROM keeps all new values in a table of its own before it writes the first.
    private func writeSettled(_ touched: [Int]) throws {
        let columns = [
            "cash", "credit", "discount", "fee", "withholding", "write_off", "rounding", "exchange", "provider",
        ]
        let insert = try session.compiled(
            """
            INSERT OR FAIL INTO item_settled(\(columns.joined(separator: ", ")), no)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        let update = try session.compiled(
            "UPDATE item_settled SET \(columns.map { "\($0) = ?" }.joined(separator: ", ")) WHERE no = ?")
        for place in touched {
            let balance = items[place].balance
            guard !balance.isSettled(as: items[place].stored) else { continue }
            let statement = items[place].isSettled ? update : insert
            statement.bind(0, balance.cash)
            statement.bind(1, balance.credit)
            statement.bind(2, balance.discount)
            statement.bind(3, balance.fee)
            statement.bind(4, balance.withholding)
            statement.bind(5, balance.writeOff)
            statement.bind(6, balance.rounding)
            statement.bind(7, balance.exchange)
            statement.bind(8, balance.provider)
            statement.bind(9, items[place].no)
            try statement.run()
        }
    }

    /// Money that came is booked when it is imported; money that went, when somebody knows what it is.
    private func writeBooked(_ used: [Int]) throws {
        let statement = try session.compiled(
            "UPDATE payment_row SET booked = ?, first_seq = COALESCE(first_seq, ?) WHERE no = ?")
        for place in used {
            let booked = cash[place].balance.booked
            guard cash[place].firstSeq != nil || booked != cash[place].stored.balance.booked else { continue }
            statement.bind(0, booked)
            statement.bind(1, cash[place].firstSeq)
            statement.bind(2, cash[place].no)
            try statement.run()
        }
    }

    private func writeUsed(_ used: [Int]) throws {
        let statement = try session.compiled(
            """
            UPDATE payment_balance SET applied = ?, set_aside = ?, consumed = ?, unapplied = ?,
                customer = COALESCE(customer, ?)
            WHERE no = ?
            """)
        for place in used {
            let balance = cash[place].balance
            statement.bind(0, balance.applied)
            statement.bind(1, balance.setAside)
            statement.bind(2, balance.consumed)
            statement.bind(3, balance.unapplied)
            if let guess = cash[place].guess { statement.bind(4, guess) } else { statement.bindNull(4) }
            statement.bind(5, cash[place].no)
            try statement.run()
        }
    }
}

extension ItemBalance {
    /// Whether documents say the same.
    fileprivate func isDocumented(as other: ItemBalance) -> Bool {
        amount == other.amount && source == other.source && stated == other.stated && statedAsOf == other.statedAsOf
    }

    /// Whether the same has settled it.
    fileprivate func isSettled(as other: ItemBalance) -> Bool {
        cash == other.cash && credit == other.credit && discount == other.discount && fee == other.fee
            && withholding == other.withholding && writeOff == other.writeOff && rounding == other.rounding
            && exchange == other.exchange && provider == other.provider
    }
}
