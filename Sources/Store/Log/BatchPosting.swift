// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// Posts entries to an open batch, one group after the other: each group's rows are written and digested, its balances
/// folded, checked and written. What follows from all of them comes at the end.
final class BatchPosting {
    let batch: OpenBatch
    private let session: Session
    private let period: Period
    private let rows: EntryRows
    /// Touched items of which a source states what is open, and the decision of the last entry on each.
    private var stated: [String: String?] = [:]
    private var customers: Set<String> = []

    /// - Parameter isDigested: when nobody else writes rows of the batch meanwhile.
    init(_ session: Session, _ batch: OpenBatch, isDigested: Bool) throws {
        self.session = session
        self.batch = batch
        period = try session.period(company: batch.info.company)
        rows = try EntryRows(session, batch, digest: isDigested ? RowsDigest() : nil)
    }

    /// The rows, where they are digested.
    var written: DigestedRows? { rows.written }

    /// - Returns: The log positions of the entries, in their order.
    func post(_ entries: [Entry]) throws -> [Int64] {
        var touched = TouchedBalances(session, company: batch.info.company)
        try touched.load(for: entries)
        let positions = try entries.map { try post($0, &touched) }
        try close(touched)
        return positions
    }

    /// An entry of a group whose balances are read already; `close` ends the group.
    @discardableResult
    func post(_ entry: Entry, _ touched: inout TouchedBalances) throws -> Int64 {
        guard entry.company == batch.info.company else {
            throw StoreFailure("INVARIANT-COMPANY", "an entry of \(entry.company) in a batch of \(batch.info.company)")
        }
        if entry.movesMoney, let first = period.firstOpenDay, entry.postingDay < first {
            throw StoreFailure(
                "PERIOD-CLOSED",
                "an entry posted on \(entry.postingDay) lies in a closed month; the first open day is \(first)")
        }
        try Session.requireBalanced(entry)
        let seq = try rows.write(entry)
        try touched.fold(entry, seq)
        return seq
    }

    func close(_ touched: TouchedBalances) throws {
        try touched.check()
        try rows.flush()
        try touched.write()
        customers.formUnion(touched.customers)
        for item in touched.items where item.isTouched && item.balance.stated != nil {
            stated[item.id] = .some(item.decision)
        }
    }

    /// What follows from all entries: source clearing, and a new version of each touched account.
    func finish() throws {
        let clearings = try clearings()
        if !clearings.isEmpty { _ = try post(clearings) }
        for customer in customers.sorted() {
            try session.bumpAccountVersion(company: batch.info.company, customer: customer)
        }
    }

    /// The entries that bring source clearing to where it should stand.
    private func clearings() throws -> [Entry] {
        var result: [Entry] = []
        for (id, decision) in stated.sorted(by: { $0.key < $1.key }) {
            guard let item = try session.item(company: batch.info.company, id: id), let stated = item.balance.stated,
                let asOf = item.balance.statedAsOf
            else { continue }
            let all = try session.entryList(company: item.company, filter: EntryFilter(item: id)).map(\.entry)
            // The entries of this batch are written already.
            let target = SourceClearing.target(
                item: id, amount: item.balance.amount, entries: all, stated: stated, asOf: asOf)
            guard target != item.balance.source else { continue }
            // On the day of the statement, taken back too: a day before it never shows the item opened by its proof.
            let day = max(asOf, item.postingDay)
            result.append(
                Entry(
                    .sourceClearing, company: item.company,
                    amount: Money(minorUnits: target - item.balance.source, currency: item.currency), item: id,
                    customer: item.customerID, postingDay: period.postingDay(for: day), businessDay: day,
                    recordedAt: batch.info.recordedAt,
                    actor: batch.info.actor, rule: "SOURCE-CLEARING", decision: decision))
        }
        return result
    }
}

/// Inserts entries as rows of a batch, many at a time, and digests them from the bytes that they are bound from.
final class EntryRows {
    private let batch: OpenBatch
    private let insert: BulkInsert
    private let digest: RowsDigest?
    private let rows = RowBytes()
    private var nextSeq: Int64
    /// The currency of the row before and its code: making a text of it each time costs as much as packing it.
    private var currency: (value: Currency, code: String)?

    private static let sizeMax = 1 << 20

    init(_ session: Session, _ batch: OpenBatch, digest: RowsDigest?) throws {
        self.batch = batch
        self.digest = digest
        nextSeq = try session.nextSeq()
        insert = try BulkInsert(
            session.database, target: 0, into: "log", Session.digestedColumns,
            same: [("batch", .integer(batch.no))])
    }

    /// The rows through the last flush.
    var written: DigestedRows? { digest.map { DigestedRows(digest: $0, through: nextSeq - 1) } }

    /// The row is in the log after `flush` at the latest.
    func write(_ entry: Entry) throws -> Int64 {
        if rows.size > Self.sizeMax { try flush() }
        let seq = nextSeq
        pack(entry, seq)
        nextSeq += 1
        return seq
    }

    func flush() throws {
        try insert.write(rows)
        if let digest {
            var place = 0
            while let row = rows.row(at: place) {
                digest.add(rows, row)
                place = row.end
            }
        }
        rows.clear()
    }

    /// In the order of `Session.digestedColumns`.
    private func pack(_ entry: Entry, _ seq: Int64) {
        rows.add(0) { row in
            row.place(seq)
            row.place(entry.company)
            row.place(Int64(entry.kind.rawValue))
            row.place(code(of: entry.currency))
            row.place(entry.amount)
            row.place(entry.item)
            row.place(entry.payment)
            row.place(entry.counter)
            row.place(entry.customer)
            row.place(Int64(entry.postingDay.number))
            row.place(entry.businessDay == entry.postingDay ? nil : Int64(entry.businessDay.number))
            row.place(entry.recordedAt == batch.info.recordedAt ? nil : entry.recordedAt.milliseconds)
            row.place(entry.actor == batch.info.actor ? nil : entry.actor)
            row.place(entry.reason)
            row.place(entry.rule == batch.info.rule ? nil : entry.rule)
            row.place(entry.decision)
            row.place(entry.undoes)
        }
    }

    private func code(of currency: Currency) -> String {
        if let known = self.currency, known.value == currency { return known.code }
        let code = currency.code
        self.currency = (currency, code)
        return code
    }
}
