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
        let posting = try BatchPosting(self, batch, isDigested: true)
        let positions = try posting.post(entries)
        try posting.finish()
        try closeBatch(batch, written: posting.written)
        return positions
    }

    func append(_ entries: [Entry], to batch: OpenBatch) throws -> [Int64] {
        let posting = try BatchPosting(self, batch, isDigested: false)
        let positions = try posting.post(entries)
        try posting.finish()
        return positions
    }

    static func requireBalanced(_ entry: Entry) throws {
        let sides = Chart.sides(of: entry)
        guard sides.map({ Int128($0.debit.amount) + Int128($0.credit.amount) }) ?? 0 == 0 else {
            throw StoreFailure("INVARIANT-UNBALANCED", "a \(entry.kind) entry of \(entry.money) does not balance")
        }
    }

    /// Marks that something about the customer changed, so that a message decided before is decided again.
    package func bumpAccountVersion(company: String, customer: String, by changes: Int = 1) throws {
        try execute(
            """
            INSERT INTO account_version(company, customer, version) VALUES (?, ?, ?)
            ON CONFLICT (company, customer) DO UPDATE SET version = account_version.version + excluded.version
            """, [company, customer, changes])
    }

    package func accountVersion(company: String, customer: String) throws -> Int64 {
        try first(
            "SELECT version FROM account_version WHERE company = ? AND customer = ?", [company, customer]
        ) { $0.int(0) } ?? 0
    }
}
