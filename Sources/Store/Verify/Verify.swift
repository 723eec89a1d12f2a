// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// Something that must hold and does not.
package struct Violation: Hashable, Sendable {
    /// `DIGEST-CHAIN`, `ITEM-BALANCE`, `CASH-BALANCE`, `BALANCE-ROWS`, `OVER-APPLIED`, `ACCOUNTS-ZERO`, `CASH-IDENTITY`,
    /// `ITEMS-IDENTITY`, `RUNNING-TOTALS`, `MONTH-DIGEST`, `ORIGINAL`, `SYNCHRONOUS`, `FOREIGN-KEYS`, `INTEGRITY`.
    package var invariant: String
    package var subject: String
    package var message: String
}

extension Session {
    /// Proves every invariant of the store again from the log; empty when all hold. The first one is the first cause.
    package func verify(company: String) throws -> [Violation] {
        var violations = try verifyChain()
        violations += try verifyFold(company: company)
        violations += try verifyMonths(company: company)
        violations += try verifyOriginals(company: company)
        violations += try verifyDatabase()
        return violations
    }

    private func verifyChain() throws -> [Violation] {
        var violations: [Violation] = []
        var previous = [UInt8](repeating: 0, count: 32)
        var counted: Int64 = 0
        let batches = try rows("SELECT no, previous, digest, count FROM batch ORDER BY no") {
            (no: $0.int(0), previous: $0.blob(1), digest: $0.blob(2), count: $0.int(3))
        }
        for batch in batches {
            if batch.previous != previous {
                violations.append(
                    Violation(
                        invariant: "DIGEST-CHAIN", subject: "batch \(batch.no)",
                        message: "it does not follow the batch before: one was removed or changed"))
            }
            let (digest, count) = try batchDigest(no: batch.no)
            if digest != batch.digest || count != batch.count {
                violations.append(
                    Violation(
                        invariant: "DIGEST-CHAIN", subject: "batch \(batch.no)",
                        message: "its \(count) entries do not have the digest that was sealed over \(batch.count)"))
            }
            counted += count
            previous = batch.digest
        }
        let all = try first("SELECT count(*) FROM log") { $0.int(0) } ?? 0
        if all != counted {
            violations.append(
                Violation(
                    invariant: "DIGEST-CHAIN", subject: "log",
                    message: "\(all) entries are stored, the batches seal \(counted)"))
        }
        return violations
    }

    private func verifyFold(company: String) throws -> [Violation] {
        var books = Books()
        try entries(company: company) { books.apply($0.entry) }
        return try verifyItems(company: company, books) + verifyCash(company: company, books)
            + verifyBalanceRows(company: company)
            + verifyIdentities(company: company, books) + verifyKeptTotals(company: company)
    }

    /// The sums that small runs go on from.
    private func verifyKeptTotals(company: String) throws -> [Violation] {
        guard let kept = try keptTotals(company: company) else { return [] }
        var whole = IdentityTotals(seq: kept.seq)
        for total in try movedTotals(company: company, through: kept.seq) {
            whole.moved[total.currency, default: [:]][total.kind] = total.amount
        }
        return Set(kept.currencies).union(whole.currencies).sorted().compactMap { currency in
            var (cash, items) = (CashIdentity(), ItemsIdentity())
            for entry in whole.entries(of: currency, company: company) {
                cash.add(entry)
                items.add(entry)
            }
            cash.unapplied = kept.unapplied[currency] ?? 0
            items.settled = kept.settled[currency] ?? 0
            let isSame =
                kept.entries(of: currency, company: company).filter { $0.amount != 0 }
                == whole.entries(of: currency, company: company).filter { $0.amount != 0 }
            guard !isSame || cash.difference != 0 || items.difference != 0 else { return nil }
            return Violation(
                invariant: "RUNNING-TOTALS", subject: currency.code,
                message: "the sums that are kept through entry \(kept.seq) are not those of the log")
        }
    }

    private func verifyItems(company: String, _ books: Books) throws -> [Violation] {
        var violations: [Violation] = []
        var seen = 0
        try each(
            "SELECT \(Self.itemColumns), i.open FROM item i WHERE i.company = ? ORDER BY i.id", [company]
        ) { row in
            let item = try Self.item(row)
            seen += 1
            let folded = books.items[item.id] ?? ItemBalance()
            if folded != item.balance || row.int("open") != folded.open {
                violations.append(
                    Violation(
                        invariant: "ITEM-BALANCE", subject: item.id,
                        message:
                            "stored open \(item.open), the log gives \(Money(minorUnits: folded.open, currency: item.currency))"
                    ))
            }
            if let violation = folded.violation {
                violations.append(Violation(invariant: "OVER-APPLIED", subject: item.id, message: violation))
            }
        }
        if seen < books.items.count {
            violations.append(
                Violation(
                    invariant: "ITEM-BALANCE", subject: company,
                    message: "the log knows \(books.items.count) items, \(seen) are stored"))
        }
        return violations
    }

    private func verifyCash(company: String, _ books: Books) throws -> [Violation] {
        var violations: [Violation] = []
        try each(
            """
            SELECT id, booked, applied, set_aside, consumed, unapplied FROM payment WHERE company = ? ORDER BY id
            """, [company]
        ) { row in
            var stored = CashBalance()
            stored.booked = row.int(1)
            stored.applied = row.int(2)
            stored.setAside = row.int(3)
            stored.consumed = row.int(4)
            let folded = books.cash[row.text(0)] ?? CashBalance()
            if folded != stored || folded.unapplied != row.int(5) {
                violations.append(
                    Violation(
                        invariant: "CASH-BALANCE", subject: row.text(0),
                        message: "stored unapplied \(row.int(5)), the log gives \(folded.unapplied) minor units"))
            }
            if let violation = folded.violation {
                violations.append(Violation(invariant: "OVER-APPLIED", subject: row.text(0), message: violation))
            }
        }
        return violations
    }

    /// Balances have tables of their own: each row belongs to a document's, and what both say of a payment is the same.
    private func verifyBalanceRows(company: String) throws -> [Violation] {
        let questions = [
            (
                "balances of items that are not there",
                "SELECT s.no FROM item_settled s LEFT JOIN item_row r ON r.no = s.no WHERE r.no IS NULL LIMIT 1"
            ),
            (
                "balances of payments that are not there",
                "SELECT b.no FROM payment_balance b LEFT JOIN payment_row r ON r.no = b.no WHERE r.no IS NULL LIMIT 1"
            ),
            (
                "payments without a balance, or with one of another company or customer",
                """
                SELECT r.no FROM payment_row r LEFT JOIN payment_balance b ON b.no = r.no
                WHERE b.no IS NULL OR b.company <> r.company OR r.customer IS NOT NULL AND b.customer IS NOT r.customer
                LIMIT 1
                """
            ),
        ]
        return try questions.compactMap { what, sql in
            guard let no = try first(sql, [], { $0.int(0) }) else { return nil }
            return Violation(
                invariant: "BALANCE-ROWS", subject: "row \(no)", message: "it is the first of \(what)")
        }
    }

    private func verifyIdentities(company: String, _ books: Books) throws -> [Violation] {
        var violations: [Violation] = []
        var cash: [Currency: Int64] = [:]
        var items = books.itemsIdentity
        try each("SELECT currency, SUM(unapplied) FROM payment WHERE company = ? GROUP BY currency", [company]) {
            cash[try $0.currency("currency")] = $0.int(1)
        }
        try each("SELECT \(Self.itemColumns) FROM item i WHERE i.company = ? AND i.amount >= 0", [company]) { row in
            let item = try Self.item(row)
            items[item.currency, default: ItemsIdentity()].add(item.balance, open: item.balance.open)
        }
        for currency in books.currencies {
            let sum = (books.accounts[currency] ?? [:]).values.reduce(0, +)
            if sum != 0 {
                violations.append(
                    Violation(
                        invariant: "ACCOUNTS-ZERO", subject: currency.code,
                        message: "the accounts sum to \(Money(minorUnits: sum, currency: currency))"))
            }
            var identity = books.cashIdentity[currency] ?? CashIdentity()
            identity.unapplied = cash[currency] ?? 0
            if identity.difference != 0 {
                violations.append(
                    Violation(
                        invariant: "CASH-IDENTITY", subject: currency.code,
                        message:
                            "received, applied and unapplied differ by \(Money(minorUnits: identity.difference, currency: currency))"
                    ))
            }
        }
        return violations
    }

    private func verifyMonths(company: String) throws -> [Violation] {
        try monthCloses(company: company).filter { $0.reopenedAt == nil }.compactMap { close in
            try monthDigest(company: company, close.month) == close.digest
                ? nil
                : Violation(
                    invariant: "MONTH-DIGEST", subject: close.month.text,
                    message: "the closed month does not have the digest it was frozen with")
        }
    }

    private func verifyOriginals(company: String) throws -> [Violation] {
        guard let archive else { return [] }
        var violations: [Violation] = []
        let digests = try rows(
            """
            SELECT DISTINCT o.sha256 FROM original o JOIN import_run r ON r.sha256 = o.sha256
            WHERE r.company = ? AND o.is_kept = 1 AND r.status = 'done'
            UNION SELECT sha256 FROM attachment WHERE company = ? AND bytes IS NULL ORDER BY 1
            """, [company, company]
        ) { $0.text(0) }
        for digest in digests {
            do {
                guard try archive.bytes(sha256: digest) == nil else { continue }
                violations.append(
                    Violation(
                        invariant: "ORIGINAL", subject: digest, message: "the kept original is not there any more"))
            } catch let failure as StoreFailure {
                violations.append(Violation(invariant: "ORIGINAL", subject: digest, message: failure.message))
            }
        }
        return violations
    }

    private func verifyDatabase() throws -> [Violation] {
        var violations: [Violation] = []
        let broken = try rows("PRAGMA foreign_key_check") { $0.text(0) }
        if let table = broken.first {
            violations.append(
                Violation(invariant: "FOREIGN-KEYS", subject: table, message: "\(broken.count) rows point at nothing"))
        }
        let integrity = try first("PRAGMA quick_check(1)") { $0.text(0) } ?? ""
        if integrity != "ok" {
            violations.append(Violation(invariant: "INTEGRITY", subject: "database", message: integrity))
        }
        return violations
    }
}

extension StoreFile {
    /// `Session.verify`, and what only the writer's own connection can tell: that a commit survives a power cut.
    package func verify(company: String) throws -> [Violation] {
        let violations = try read { try $0.verify(company: company) }
        guard mode == .readWrite else { return violations }
        let synchronous = try write { try $0.synchronous() }
        guard synchronous != 2 else { return violations }
        return violations + [
            Violation(
                invariant: "SYNCHRONOUS", subject: "database",
                message: "the writer's synchronous is \(synchronous), not 2 (FULL): a power cut could undo a commit")
        ]
    }
}
