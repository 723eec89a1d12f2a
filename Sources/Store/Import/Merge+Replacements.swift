// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// Replacements: the original's claim goes, and what settled it goes to the replacement.
///
///     071  500.00  ── applied 500.00 ──►  replaced −500.00, applied −500.00
///     072  550.00  ─────────────────────►  applied 500.00, 50.00 stays open
///
/// Whatever came first, the books come out the same: cash that arrives later finds the replacement by `replacedBy`.
extension Merge {
    /// A replacement closes the invoice it corrects, whichever of the two came first.
    func applyReplacements() throws {
        let pending = try session.rows(
            """
            \(Session.bearers.map { bearer in
                """
                SELECT b.id, m.corrects, b.customer FROM invoice_more m CROSS JOIN \(bearer) b
                WHERE b.no = m.no AND b.company = ? AND m.corrects IS NOT NULL AND m.correction = 'replacement'
                    AND m.corrected IS NULL AND b.basis IS NOT NULL
                """
            }.joined(separator: " UNION ALL "))
            """, [company, company]
        ) { (id: $0.text(0), corrects: $0.text(1), customer: $0.text(2)) }
        for replacement in pending.sorted(by: { $0.id < $1.id }) {
            try apply(replacement.id, replacing: replacement.corrects, replacement.customer)
        }
    }

    private func apply(_ replacement: String, replacing number: String, _ customer: String) throws {
        let items = try session.items(company: company, number: number).filter {
            $0.invoiceID != replacement && $0.customerID == customer && $0.kind != .creditNote
        }
        let newer = try session.items(company: company, invoice: replacement)
        guard let first = items.first, let newest = newer.first else { return }
        let entries = try ReplacementEntries(
            session: session, period: session.period(company: company), items: items, newer: newer,
            recordedAt: run.recordedAt, actor: run.actor
        ).make()
        _ = try session.append(entries, to: batch)
        if let bearer = try session.bearer(company: company, invoice: replacement) {
            try session.execute("UPDATE invoice_more SET corrected = 1 WHERE no = ?", [bearer.no])
        }
        let moved = entries.reduce(Int128(0)) { sum, entry in
            let isCash = entry.kind == .applied || entry.kind == .exchange && entry.payment != nil
            return isCash && entry.undoes == nil ? sum + Int128(entry.amount) : sum
        }
        let cash = Money(minorUnits: Int64(clamping: moved), currency: newest.currency)
        let look = try isSpokenOf(items) ? "; promises and messages about it need a look" : ""
        outcome.add(
            "REPLACED", first.invoiceID, customer: customer,
            "invoice \(number) was replaced by \(newest.number)"
                + (moved == 0 ? "" : ", and the \(cash) paid on it went there")
                + look)
    }

    /// Whether anything was promised or said about the items.
    private func isSpokenOf(_ items: [OpenItem]) throws -> Bool {
        try items.contains { item in
            try session.first(
                """
                SELECT 1 FROM promise_line WHERE company = ? AND item_id = ?
                UNION ALL SELECT 1 FROM message_item WHERE company = ? AND item_id = ? LIMIT 1
                """, [company, item.id, company, item.id]
            ) { $0.int(0) } != nil
        }
    }
}

/// The entries of one replacement, in the order in which they must be appended.
///
/// Each settlement of the original is taken back, cash and netted credits are put on the replacement as far as it goes;
/// the rest is the customer's again. A discount, fee or write-off was granted for the original's amount: whether it
/// holds for another amount, a person says.
private struct ReplacementEntries {
    let session: Session
    let period: Period
    let items: [OpenItem]
    let newer: [OpenItem]
    let recordedAt: Timestamp
    let actor: String

    func make() throws -> [Entry] {
        var entries: [Entry] = []
        var room = newer.map { $0.balance.amount - $0.balance.settled }
        // Decisions that settled the original in another currency, and fit on the replacement as a whole.
        var fitting: Set<String> = []
        for item in items where item.currency == newer[0].currency {
            for logged in try settlements(of: item) {
                let entry = logged.entry
                if entry.kind == .converted {
                    let whole = try exchanged(by: entry, on: item)
                    if whole <= room.reduce(0, +) {
                        fitting.insert(entry.decision ?? "")
                        continue
                    }
                }
                let day = max(entry.postingDay, newer[0].postingDay)
                entries.append(takenBack(logged, on: day))
                let isMoved =
                    [.applied, .netted, .providerClearing].contains(entry.kind)
                    || entry.kind == .exchange && fitting.contains(entry.decision ?? "")
                guard isMoved else { continue }
                var left = entry.amount
                for (place, target) in newer.enumerated() where left != 0 {
                    let part = share(of: left, room: room[place], amount: target.balance.amount)
                    guard part != 0 else { continue }
                    left -= part
                    room[place] -= part
                    entries.append(moved(logged, part, to: target, on: day))
                }
            }
            // What the source said of the original's open amount was said of a claim that is gone.
            guard item.balance.amount != 0 else { continue }
            let day = max(item.postingDay, newer[0].postingDay)
            entries.append(
                Entry(
                    .replaced, company: item.company,
                    amount: Money(minorUnits: 0 - item.balance.amount, currency: item.currency), item: item.id,
                    counter: newer[0].id, customer: item.customerID, postingDay: period.postingDay(for: day),
                    businessDay: day, recordedAt: recordedAt, actor: actor, reason: "replacement", rule: "IMPORT"))
        }
        return entries
    }

    /// What settles the item and was not taken back.
    private func settlements(of item: OpenItem) throws -> [LoggedEntry] {
        let logged = try session.entryList(company: item.company, filter: EntryFilter(item: item.id))
        let undone = Set(logged.compactMap(\.entry.undoes))
        return logged.filter { logged in
            guard logged.entry.undoes == nil, !undone.contains(logged.seq) else { return false }
            if logged.entry.kind == .converted { return logged.entry.counter == item.id }
            guard logged.entry.item == item.id else { return false }
            switch logged.entry.kind {
            case .applied, .netted, .discount, .fee, .withholding, .writeOff, .recovered, .rounding, .exchange,
                .providerClearing:
                return true
            default: return false
            }
        }
    }

    /// What the cash of a `converted` entry settled of the item, in the item's currency.
    private func exchanged(by converted: Entry, on item: OpenItem) throws -> Int64 {
        try session.entryList(company: item.company, filter: EntryFilter(decision: converted.decision ?? ""))
            .filter { $0.entry.kind == .exchange && $0.entry.item == item.id }.reduce(0) { $0 + $1.entry.amount }
    }

    private func takenBack(_ logged: LoggedEntry, on day: Day) -> Entry {
        var entry = logged.entry.undone(
            position: logged.seq, on: period.postingDay(for: day), at: recordedAt, actor: actor,
            reason: "replaced by \(newer[0].number)")
        entry.businessDay = day
        return entry
    }

    /// The same decision, so that taking it back takes the money off the replacement.
    private func moved(_ logged: LoggedEntry, _ part: Int64, to target: OpenItem, on day: Day) -> Entry {
        var entry = logged.entry
        entry.amount = part
        entry.item = target.id
        entry.postingDay = period.postingDay(for: max(day, target.postingDay))
        entry.recordedAt = recordedAt
        entry.actor = actor
        entry.reason = "\(target.number) replaces \(number(of: logged.entry))"
        return entry
    }

    private func number(of entry: Entry) -> String {
        items.first { $0.id == entry.item }?.number ?? newer[0].number
    }

    /// As much as there is room for; what a return took back leaves again as far as it is there.
    private func share(of left: Int64, room: Int64, amount: Int64) -> Int64 {
        if left > 0 { return min(left, max(0, room)) }
        return max(left, min(0, room - amount))
    }
}
