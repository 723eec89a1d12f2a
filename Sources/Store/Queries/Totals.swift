// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Ledger

/// The log's entries, summed by kind and currency through one of them.
package struct MovedSums: Sendable {
    fileprivate var sums = CurrencySums()
    /// The last entry that counts.
    fileprivate var seq: Int64 = 0

    package init() {}
}

/// Sums over whole tables, one pass each: grouping in SQL would sort every row.
extension Session {
    /// With what the log has since.
    package func movedSums(company: String, since before: MovedSums = MovedSums(), through seq: Int64 = .max) throws
        -> MovedSums
    {
        var moved = before
        try each(
            "SELECT currency, kind, amount FROM log WHERE seq > ? AND seq <= ? AND company = ?",
            [before.seq, seq, company]
        ) { row in
            moved.sums.add(row.int(2), row.int(1), row)
        }
        moved.seq = min(seq, try nextSeq() - 1)
        return moved
    }

    /// The log's entries that move money, summed by kind and currency.
    package func movedTotals(
        company: String, since before: MovedSums = MovedSums(), through seq: Int64 = .max
    ) throws -> [Entry] {
        var moved = try movedSums(company: company, since: before, through: seq)
        return try moved.sums.sorted().map { code, kind, sum in
            guard let currency = Currency(code), let kind = Entry.Kind(rawValue: Int(kind)) else {
                throw StoreFailure("STORE-DAMAGED", "a log row has an unknown kind or currency; run verify")
            }
            return Entry(
                kind, company: company, amount: Money(minorUnits: sum, currency: currency),
                postingDay: Day(number: 0), recordedAt: Timestamp(milliseconds: 0), actor: "", rule: "")
        }.filter(\.movesMoney)
    }

    /// Sums over the payments' balances per currency, of those of which something waits.
    package func unappliedTotals(company: String) throws -> [(Currency, Int64)] {
        try totals(
            """
            SELECT p.currency, b.unapplied FROM payment_balance b CROSS JOIN payment_row p ON p.no = b.no
            WHERE +b.company = ? AND b.unapplied <> 0 AND p.booked <> 0
            """, company)
    }

    /// Sums over the claims' balances per currency: amount − open − source clearing, which is all that settled them, as what
    /// is open is not kept beside it. A credit note has no credit of its own. What nothing settled is not read.
    package func settledTotals(company: String) throws -> [(Currency, Int64)] {
        try totals(
            """
            SELECT r.currency, \(BalanceTables.settling.map { "s.\($0)" }.joined(separator: " + "))
                - CASE WHEN r.amount < 0 THEN s.credit ELSE 0 END
            FROM item_settled s CROSS JOIN item_row r ON r.no = s.no WHERE r.company = ?
            """, company)
    }

    private func totals(_ sql: String, _ company: String) throws -> [(Currency, Int64)] {
        var sums = CurrencySums()
        try each(sql, [company]) { sums.add($0.int(1), 0, $0) }
        return try sums.sorted().map { code, _, sum in
            guard let currency = Currency(code) else {
                throw StoreFailure("STORE-DAMAGED", "the stored currency “\(code)” is no ISO 4217 code; run verify")
            }
            return (currency, sum)
        }
    }
}

/// Sums by currency, the first column of a row, and kind; rows of one currency mostly follow each other.
private struct CurrencySums: Sendable {
    private var codes: [String] = []
    /// The codes as numbers: making a text for each row takes longer than reading it.
    private var letters: [UInt32?] = []
    private var sums: [[Int64: Int64]] = []
    private var last = 0
    /// Of the currency and kind of the row before.
    private var run: (kind: Int64, sum: Int64) = (0, 0)

    mutating func add(_ amount: Int64, _ kind: Int64, _ row: Row) {
        let found = row.statement.letters(0)
        if found == nil || last >= letters.count || letters[last] != found || run.kind != kind {
            flush()
            last = place(of: row.text(0), found)
            run = (kind, 0)
        }
        run.sum += amount
    }

    private mutating func flush() {
        if last < sums.count { sums[last][run.kind, default: 0] += run.sum }
        run.sum = 0
    }

    private mutating func place(of code: String, _ found: UInt32?) -> Int {
        if let known = codes.firstIndex(of: code) { return known }
        codes.append(code)
        letters.append(found)
        sums.append([:])
        return codes.count - 1
    }

    mutating func sorted() -> [(code: String, kind: Int64, sum: Int64)] {
        flush()
        var result: [(code: String, kind: Int64, sum: Int64)] = []
        for (code, kinds) in zip(codes, sums) {
            for kind in kinds.keys.sorted() { result.append((code, kind, kinds[kind] ?? 0)) }
        }
        return result.sorted { ($0.code, $0.kind) < ($1.code, $1.kind) }
    }
}
