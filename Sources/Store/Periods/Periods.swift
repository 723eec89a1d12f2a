// SPDX-License-Identifier: Apache-2.0
import Crypto
package import Documents
package import Ledger

/// A frozen month.
package struct MonthClose: Hashable, Sendable {
    package var month: Month
    package var closedAt: Timestamp
    package var closedBy: String
    /// SHA-256 over the month's roll-forward per currency and the log through its last day.
    package var digest: String
    package var reopenedAt: Timestamp?
    package var reopenedBy: String?
    package var reason: String?
    /// What the closer kept of the month besides the log, as it was written.
    package var pack: String?
}

extension Session {
    /// Which months of the company are frozen.
    package func period(company: String) throws -> Period {
        let last = try first(
            "SELECT month FROM month_close WHERE company = ? AND reopened_at IS NULL ORDER BY month DESC LIMIT 1",
            [company]
        ) { $0.text(0) }
        return Period(closedThrough: last.flatMap { Month($0) })
    }

    /// Freezes a month: nothing is posted in it any more, and its digest can be proved again.
    ///
    /// Fails with `CLOSE-ORDER` when it is not the month after the last frozen one, `CLOSE-DIFFERENCE` when the
    /// roll-forward does not tie.
    /// - Parameter pack: What the month's report shows besides the log, kept as it is.
    package func closeMonth(
        company: String, _ month: Month, at time: Timestamp, actor: String, pack: String? = nil
    ) throws -> String {
        let period = try period(company: company)
        guard period.canClose(month) else {
            throw StoreFailure(
                "CLOSE-ORDER",
                "\(month.text) cannot be closed: \(period.closedThrough.map { "the next month is \($0.next.text)" } ?? "no month was closed yet")"
            )
        }
        let digest = try monthDigest(company: company, month)
        let currency = try homeCurrency(company: company)
        try append(
            [
                Entry(
                    .monthClosed, company: company, amount: .zero(currency), postingDay: month.lastDay,
                    recordedAt: time, actor: actor, reason: digest, rule: "CLOSE")
            ],
            batch: BatchInfo(company: company, kind: "close", recordedAt: time, actor: actor, rule: "CLOSE"))
        try execute(
            "INSERT INTO month_close(company, month, closed_at, closed_by, digest, pack) VALUES (?, ?, ?, ?, ?, ?)",
            [company, month.text, time, actor, digest, pack])
        return digest
    }

    /// Opens the last frozen month again. Who may, and who agrees, is the caller's to check.
    package func reopenMonth(
        company: String, _ month: Month, at time: Timestamp, actor: String, reason: String
    ) throws {
        guard try period(company: company).closedThrough == month else {
            throw StoreFailure(
                "REOPEN-ORDER", "\(month.text) is not the last closed month; months open in reverse order")
        }
        try execute(
            """
            UPDATE month_close SET reopened_at = ?, reopened_by = ?, reason = ?
            WHERE company = ? AND month = ? AND reopened_at IS NULL
            """, [time, actor, reason, company, month.text])
        let currency = try homeCurrency(company: company)
        try append(
            [
                Entry(
                    .monthReopened, company: company, amount: .zero(currency), postingDay: month.lastDay,
                    recordedAt: time, actor: actor, reason: reason, rule: "REOPEN")
            ],
            batch: BatchInfo(company: company, kind: "reopen", recordedAt: time, actor: actor, rule: "REOPEN"))
    }

    package func monthCloses(company: String) throws -> [MonthClose] {
        try rows("SELECT * FROM month_close WHERE company = ? ORDER BY no", [company]) { row in
            guard let month = Month(row.text("month")) else {
                throw StoreFailure("STORE-DAMAGED", "the stored month “\(row.text("month"))” is none; run verify")
            }
            return MonthClose(
                month: month, closedAt: row.time("closed_at"), closedBy: row.text("closed_by"),
                digest: row.text("digest"), reopenedAt: row.optionalTime("reopened_at"),
                reopenedBy: row.optionalText("reopened_by"), reason: row.optionalText("reason"),
                pack: row.optionalText("pack"))
        }
    }

    /// What freezing seals: the roll-forward's lines and every entry posted in the month.
    func monthDigest(company: String, _ month: Month) throws -> String {
        var builder = SHA256()
        func add(_ text: String) { builder.update(data: [UInt8]((text + "\n").utf8)) }
        var rolls: [Currency: RollForward] = [:]
        try entries(company: company, filter: EntryFilter(postingThrough: month.lastDay)) { logged in
            guard logged.entry.movesMoney else { return }
            rolls[logged.entry.currency, default: RollForward()].add(logged.entry, month: month)
            guard logged.entry.postingDay >= month.firstDay else { return }
            let entry = logged.entry
            add(
                "\(logged.seq) \(entry.kind.rawValue) \(entry.money) \(entry.item ?? "") \(entry.payment ?? "") \(entry.postingDay)"
            )
        }
        for (currency, roll) in rolls.sorted(by: { $0.key < $1.key }) {
            guard roll.difference == 0 else {
                throw StoreFailure(
                    "CLOSE-DIFFERENCE",
                    "the roll-forward of \(month.text) in \(currency) differs by \(Money(minorUnits: roll.difference, currency: currency))"
                )
            }
            add("\(currency) \(roll.opening) \(roll.lines) \(roll.closing)")
        }
        return builder.finalize().hex
    }

    private func homeCurrency(company: String) throws -> Currency {
        try first("SELECT currency FROM log WHERE company = ? ORDER BY seq LIMIT 1", [company]) {
            try $0.currency("currency")
        } ?? .eur
    }
}
