// SPDX-License-Identifier: Apache-2.0
import Documents
package import Ledger

extension Session {
    /// Appends entries as one batch, or throws and leaves nothing of them.
    ///
    /// Every touched item and payment is folded by the core and must keep its invariants; items for which a source
    /// states an open amount get their source clearing derived anew; touched customers get a new account version.
    /// - Returns: The log positions of the given entries, in their order.
    @discardableResult
    package func append(_ entries: [Entry], batch info: BatchInfo) throws -> [Int64] {
        guard !entries.isEmpty else { return [] }
        let batch = try openBatch(info)
        let positions = try append(entries, to: batch)
        try closeBatch(batch)
        return positions
    }

    func append(_ entries: [Entry], to batch: OpenBatch) throws -> [Int64] {
        var touched = Touched(company: batch.info.company)
        let period = try period(company: batch.info.company)
        var positions: [Int64] = []
        for entry in entries { positions.append(try append(entry, to: batch, period: period, &touched)) }
        try touched.check()
        for entry in try clearings(after: entries, touched: touched, batch: batch, period: period) {
            _ = try append(entry, to: batch, period: period, &touched)
        }
        try touched.check()
        try write(touched)
        return positions
    }

    private func append(
        _ entry: Entry, to batch: OpenBatch, period: Period, _ touched: inout Touched
    ) throws -> Int64 {
        guard entry.company == batch.info.company else {
            throw StoreFailure("INVARIANT-COMPANY", "an entry of \(entry.company) in a batch of \(batch.info.company)")
        }
        if entry.movesMoney, let first = period.firstOpenDay, entry.postingDay < first {
            throw StoreFailure(
                "PERIOD-CLOSED",
                "an entry posted on \(entry.postingDay) lies in a closed month; the first open day is \(first)")
        }
        try Self.requireBalanced(entry)
        let seq = try insert(entry, batch: batch)
        if let id = entry.item { try fold(entry, item: id, seq, &touched) }
        if let id = entry.payment { try fold(entry, payment: id, seq, &touched) }
        if let id = entry.counter {
            switch entry.kind {
            case .netted: try fold(entry, item: id, seq, &touched)
            case .consumed: try fold(entry, payment: id, seq, &touched)
            default: break
            }
        }
        if let customer = entry.customer { touched.customers.insert(customer) }
        return seq
    }

    static func requireBalanced(_ entry: Entry) throws {
        guard Chart.postings(of: entry).reduce(Int128(0), { $0 + Int128($1.amount) }) == 0 else {
            throw StoreFailure("INVARIANT-UNBALANCED", "a \(entry.kind) entry of \(entry.money) does not balance")
        }
    }

    private func fold(_ entry: Entry, item id: String, _ seq: Int64, _ touched: inout Touched) throws {
        if touched.items[id] == nil {
            guard let item = try item(company: entry.company, id: id) else {
                throw StoreFailure("ITEM-UNKNOWN", "there is no open item \(id)")
            }
            touched.items[id] = item
            touched.before[id] = item
            touched.customers.insert(item.customerID)
        }
        guard touched.items[id]?.currency == entry.currency else {
            throw StoreFailure("INVARIANT-CURRENCY", "a \(entry.currency) entry on item \(id) in another currency")
        }
        touched.items[id]?.balance.apply(entry, item: id)
        if entry.kind == .invoiced || entry.kind == .opening, touched.firstSeqs[id] == nil {
            touched.firstSeqs[id] = seq
        }
    }

    private func fold(_ entry: Entry, payment id: String, _ seq: Int64, _ touched: inout Touched) throws {
        if touched.cash[id] == nil {
            guard let cash = try cashBalance(company: entry.company, payment: id) else {
                throw StoreFailure("PAYMENT-UNKNOWN", "there is no payment \(id)")
            }
            touched.cash[id] = cash
            touched.cashBefore[id] = cash
            if let customer = cash.customer { touched.customers.insert(customer) }
        }
        guard touched.cash[id]?.currency == entry.currency.code else {
            throw StoreFailure("INVARIANT-CURRENCY", "a \(entry.currency) entry on payment \(id) in another currency")
        }
        touched.cash[id]?.balance.apply(entry, payment: id)
        if entry.kind == .received || entry.kind == .paidOut, touched.firstCash[id] == nil {
            touched.firstCash[id] = seq
        }
    }

    /// The entries that bring source clearing to where it should stand after `entries`.
    private func clearings(
        after entries: [Entry], touched: Touched, batch: OpenBatch, period: Period
    ) throws -> [Entry] {
        var result: [Entry] = []
        for id in touched.items.keys.sorted() {
            guard let item = touched.items[id], let stated = item.balance.stated,
                let asOf = item.balance.statedAsOf
            else { continue }
            let all = try entryList(company: item.company, filter: EntryFilter(item: id)).map(\.entry)
            // The entries of this call are written already; only an item that is new has no first_seq yet, and its
            // first entry settles nothing.
            let target = SourceClearing.target(
                item: id, amount: item.balance.amount, entries: all, stated: stated, asOf: asOf)
            guard target != item.balance.source else { continue }
            let causes = entries.filter { $0.item == id || $0.counter == id }
            // On the day of the statement, taken back too: a day before it never shows the item opened by its proof.
            let day = max(asOf, item.postingDay)
            result.append(
                Entry(
                    .sourceClearing, company: item.company,
                    amount: Money(minorUnits: target - item.balance.source, currency: item.currency), item: id,
                    customer: item.customerID, postingDay: period.postingDay(for: day), businessDay: day,
                    recordedAt: batch.info.recordedAt,
                    actor: batch.info.actor, rule: "SOURCE-CLEARING", decision: causes.last?.decision))
        }
        return result
    }

    private func insert(_ entry: Entry, batch: OpenBatch) throws -> Int64 {
        try execute(
            """
            INSERT INTO log(company, batch, kind, currency, amount, item, payment, counter, customer, posting_day,
                business_day, recorded_at, actor, reason, rule, decision, undoes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                entry.company, batch.no, entry.kind.rawValue, entry.currency, entry.amount, entry.item,
                entry.payment, entry.counter, entry.customer, entry.postingDay,
                entry.businessDay == entry.postingDay ? nil : entry.businessDay,
                entry.recordedAt == batch.info.recordedAt ? nil : entry.recordedAt,
                entry.actor == batch.info.actor ? nil : entry.actor, entry.reason,
                entry.rule == batch.info.rule ? nil : entry.rule, entry.decision, entry.undoes,
            ])
        return lastInsertRowID
    }

    private func write(_ touched: Touched) throws {
        for (id, item) in touched.items.sorted(by: { $0.key < $1.key }) {
            try update(item, firstSeq: touched.firstSeqs[id])
        }
        for (id, cash) in touched.cash.sorted(by: { $0.key < $1.key }) {
            try update(cash.balance, company: touched.company, payment: id, firstSeq: touched.firstCash[id])
        }
        for customer in touched.customers.sorted() {
            try bumpAccountVersion(company: touched.company, customer: customer)
        }
    }

    /// Marks that something about the customer changed, so that a message decided before is decided again.
    package func bumpAccountVersion(company: String, customer: String) throws {
        try execute(
            """
            INSERT INTO account_version(company, customer, version) VALUES (?, ?, 1)
            ON CONFLICT (company, customer) DO UPDATE SET version = account_version.version + 1
            """, [company, customer])
    }

    package func accountVersion(company: String, customer: String) throws -> Int64 {
        try first(
            "SELECT version FROM account_version WHERE company = ? AND customer = ?", [company, customer]
        ) { $0.int(0) } ?? 0
    }
}

/// The balances that a group of entries touches, folded in memory and written once.
private struct Touched {
    let company: String
    var items: [String: OpenItem] = [:]
    var cash: [String: StoredCash] = [:]
    /// As they stood before the first entry.
    var before: [String: OpenItem] = [:]
    var cashBefore: [String: StoredCash] = [:]
    var firstSeqs: [String: Int64] = [:]
    var firstCash: [String: Int64] = [:]
    var customers: Set<String> = []

    init(company: String) { self.company = company }

    func check() throws {
        for (_, item) in items.sorted(by: { $0.key < $1.key }) where item.balance.violation != nil {
            throw Slip(items: before, payments: cashBefore).refusal(of: item)
        }
        for (id, cash) in cash.sorted(by: { $0.key < $1.key }) where cash.balance.violation != nil {
            throw Slip(items: before, payments: cashBefore).refusal(of: cash, id)
        }
    }
}
