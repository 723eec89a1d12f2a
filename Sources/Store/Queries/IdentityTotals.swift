// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Ledger

/// What both identities are made of, through one entry of the log.
///
/// Sums that were proved are kept. A later run adds what the log got since, and proves of each item and payment which
/// that names that its stored balance is the fold of its entries. So the identities hold through the last entry as they
/// held through the one before; and `verify` proves the kept sums themselves.
package struct IdentityTotals: Hashable, Sendable {
    /// The last entry that counts.
    package var seq: Int64
    /// What the log moved, in minor units.
    package var moved: [Currency: [Entry.Kind: Int64]] = [:]
    /// Over the payments' balances.
    package var unapplied: [Currency: Int64] = [:]
    /// Over the items' balances: amount − open − source clearing.
    package var settled: [Currency: Int64] = [:]

    package var currencies: [Currency] { Set(moved.keys).union(unapplied.keys).union(settled.keys).sorted() }

    /// The sum of each kind of entry, as one entry.
    package func entries(of currency: Currency, company: String) -> [Entry] {
        (moved[currency] ?? [:]).sorted { $0.key.rawValue < $1.key.rawValue }.map { kind, amount in
            Entry(
                kind, company: company, amount: Money(minorUnits: amount, currency: currency),
                postingDay: Day(number: 0), recordedAt: Timestamp(milliseconds: 0), actor: "", rule: "")
        }
    }
}

extension Session {
    /// Summed over everything.
    /// - Parameter moved: what was summed of the log already.
    package func wholeTotals(company: String, since moved: MovedSums = MovedSums()) throws -> IdentityTotals {
        var totals = IdentityTotals(seq: try nextSeq() - 1)
        for total in try movedTotals(company: company, since: moved) {
            totals.moved[total.currency, default: [:]][total.kind] = total.amount
        }
        for (currency, sum) in try unappliedTotals(company: company) { totals.unapplied[currency] = sum }
        for (currency, sum) in try settledTotals(company: company) { totals.settled[currency] = sum }
        return totals
    }

    /// The kept sums with what the log got since, proved as far as that goes; nil where nothing is kept, or where it got
    /// so much that summing everything is less work.
    /// - Parameter entriesPerNew: how many entries there are for each new one, at least; 0 for any number.
    package func advancedTotals(company: String, entriesPerNew: Int64) throws -> IdentityTotals? {
        guard let kept = try keptTotals(company: company) else { return nil }
        let last = try nextSeq() - 1
        guard entriesPerNew == 0 || last - kept.seq < last / entriesPerNew else { return nil }
        var advance = Advance(session: self, company: company, totals: kept)
        try advance.perform(through: last)
        return advance.totals
    }

    /// Those that were proved last.
    package func keptTotals(company: String) throws -> IdentityTotals? {
        guard let seq = try first("SELECT seq FROM proved_state WHERE company = ?", [company], { $0.int(0) }) else {
            return nil
        }
        var totals = IdentityTotals(seq: seq)
        try each("SELECT currency, kind, amount FROM proved_entries WHERE company = ?", [company]) { row in
            guard let kind = Entry.Kind(rawValue: Int(row.int(1))) else {
                throw StoreFailure("STORE-DAMAGED", "the proved sums have an unknown kind; run verify")
            }
            totals.moved[try row.currency(0), default: [:]][kind] = row.int(2)
        }
        try each("SELECT currency, unapplied, settled FROM proved_balances WHERE company = ?", [company]) { row in
            let currency = try row.currency(0)
            totals.unapplied[currency] = row.int(1)
            totals.settled[currency] = row.int(2)
        }
        return totals
    }

    /// Keeps sums of which both identities hold.
    package func keep(_ totals: IdentityTotals, company: String) throws {
        for table in ["proved_state", "proved_entries", "proved_balances"] {
            try execute("DELETE FROM \(table) WHERE company = ?", [company])
        }
        try execute("INSERT INTO proved_state(company, seq) VALUES (?, ?)", [company, totals.seq])
        for currency in totals.currencies {
            for entry in totals.entries(of: currency, company: company) {
                try execute(
                    "INSERT INTO proved_entries(company, currency, kind, amount) VALUES (?, ?, ?, ?)",
                    [company, currency, entry.kind.rawValue, entry.amount])
            }
            try execute(
                "INSERT INTO proved_balances(company, currency, unapplied, settled) VALUES (?, ?, ?, ?)",
                [company, currency, totals.unapplied[currency] ?? 0, totals.settled[currency] ?? 0])
        }
    }
}

/// Takes sums on to the log's last entry.
private struct Advance {
    let session: Session
    let company: String
    var totals: IdentityTotals

    mutating func perform(through last: Int64) throws {
        var (items, payments): (Set<String>, Set<String>) = ([], [])
        var moved = totals.moved
        try session.each(
            "SELECT kind, currency, amount, item, payment, counter FROM log WHERE seq > ? AND company = ?",
            [totals.seq, company]
        ) { row in
            guard let kind = Entry.Kind(rawValue: Int(row.int(0))) else { throw Self.damaged("a log row", "kind") }
            let currency = try row.currency(1)
            if kind.movesMoney { moved[currency, default: [:]][kind, default: 0] += row.int(2) }
            if let item = row.optionalText(3) { items.insert(item) }
            if let payment = row.optionalText(4) { payments.insert(payment) }
            guard let counter = row.optionalText(5) else { return }
            switch kind {
            case .netted: items.insert(counter)
            case .consumed: payments.insert(counter)
            default: break
            }
        }
        totals.moved = moved
        for item in items.sorted() { try prove(item: item) }
        for payment in payments.sorted() { try prove(payment: payment) }
        totals.seq = last
    }

    private static func damaged(_ what: String, _ why: String) -> StoreFailure {
        StoreFailure("STORE-DAMAGED", "\(what) does not have the \(why) that its entries give; run verify")
    }

    private static let columns = """
        SELECT seq, kind, amount, item, payment, counter, COALESCE(business_day, posting_day), currency FROM log
        """

    /// - Parameter isWhole: reads the log through, as a document's first entry may not be its only one of its kind.
    private func entries(
        _ column: String, _ id: String, first: Int64?, isWhole: Bool
    ) throws -> [(seq: Int64, entry: Entry)] {
        let known = column == "item" ? "item IS NOT NULL AND kind > 2" : "payment IS NOT NULL AND kind NOT IN (10, 11)"
        let sql =
            isWhole
            ? "\(Self.columns) WHERE company = ? AND (+\(column) = ? OR +counter = ?) ORDER BY seq"
            : """
            \(Self.columns) WHERE company = ? AND \(column) = ? AND \(known)
            UNION ALL \(Self.columns) WHERE company = ? AND counter = ? AND counter IS NOT NULL
            UNION ALL \(Self.columns) WHERE seq = ? ORDER BY seq
            """
        return try session.rows(sql, isWhole ? [company, id, id] : [company, id, company, id, first]) { row in
            guard let kind = Entry.Kind(rawValue: Int(row.int(1))) else { throw Self.damaged("a log row", "kind") }
            return (
                row.int(0),
                Entry(
                    kind, company: company, amount: Money(minorUnits: row.int(2), currency: try row.currency(7)),
                    item: row.optionalText(3), payment: row.optionalText(4), counter: row.optionalText(5),
                    postingDay: row.day(6), recordedAt: Timestamp(milliseconds: 0), actor: "", rule: "")
            )
        }
    }

    private mutating func prove(item id: String) throws {
        let stored = try session.first(
            "SELECT \(Session.itemColumns), i.open, i.first_seq FROM item i WHERE i.company = ? AND i.id = ?",
            [company, id]
        ) { (item: try Session.item($0), open: $0.int(24), first: $0.optionalInt(25)) }
        guard let stored else { throw StoreFailure("STORE-DAMAGED", "item \(id) of the log is missing; run verify") }
        for isWhole in [false, true] {
            var (before, after) = (ItemBalance(), ItemBalance())
            for (seq, entry) in try entries("item", id, first: stored.first, isWhole: isWhole) {
                if seq <= totals.seq { before.apply(entry, item: id) }
                after.apply(entry, item: id)
            }
            guard after == stored.item.balance, after.open == stored.open else { continue }
            totals.settled[stored.item.currency, default: 0] += Self.settled(after) - Self.settled(before)
            return
        }
        throw Self.damaged("item \(id)", "balance")
    }

    /// As `settledTotals` sums it.
    private static func settled(_ balance: ItemBalance) -> Int64 {
        balance.amount - balance.open - balance.source - (balance.amount < 0 ? balance.credit : 0)
    }

    private mutating func prove(payment id: String) throws {
        let stored = try session.first(
            """
            SELECT booked, applied, set_aside, consumed, unapplied, currency, first_seq FROM payment
            WHERE company = ? AND id = ?
            """, [company, id]
        ) { row in
            var balance = CashBalance()
            balance.booked = row.int(0)
            balance.applied = row.int(1)
            balance.setAside = row.int(2)
            balance.consumed = row.int(3)
            return (
                balance: balance, unapplied: row.int(4), currency: try row.currency(5), first: row.optionalInt(6)
            )
        }
        guard let stored else { throw StoreFailure("STORE-DAMAGED", "payment \(id) of the log is missing; run verify") }
        for isWhole in [false, true] {
            var (before, after) = (CashBalance(), CashBalance())
            for (seq, entry) in try entries("payment", id, first: stored.first, isWhole: isWhole) {
                if seq <= totals.seq { before.apply(entry, payment: id) }
                after.apply(entry, payment: id)
            }
            guard after == stored.balance, after.unapplied == stored.unapplied else { continue }
            totals.unapplied[stored.currency, default: 0] += Self.unapplied(after) - Self.unapplied(before)
            return
        }
        throw Self.damaged("payment \(id)", "balance")
    }

    /// As `unappliedTotals` sums it: an outgoing entry that nobody identified is no customer's cash.
    private static func unapplied(_ balance: CashBalance) -> Int64 { balance.booked == 0 ? 0 : balance.unapplied }
}
