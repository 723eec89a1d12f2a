// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// What a further statement about a known invoice does to its open items.
///
/// The amount is the best that any source stated: an amount due before a total before an open amount, in whatever
/// order they came. Open amounts are balance statements; `append` derives source clearing from them.
struct InvoiceUpdate {
    let merge: Merge
    let id: String
    let new: StoredInvoice
    let old: StoredInvoice
    /// The statement comes from the source and reader that brought the invoice.
    let isOwn: Bool

    private var session: Session { merge.session }
    private var run: ImportRun { merge.run }

    func perform() throws {
        let items = try session.items(company: merge.company, invoice: id)
        let receivable = Receivable.entering(new.invoice, cutOver: run.company.cutOver)
        if items.isEmpty {
            if isOwn, let receivable { try enter(receivable) }
            return
        }
        if isOwn, new.invoice.deleted || new.invoice.status == .void || new.invoice.status == .draft {
            try void(items)
            return
        }
        let beside = try besideStatements(items)
        // A replacement took its place: what is said of it now is said of nothing that is owed.
        if beside.isReplaced { return }
        let (total, basis) = try bestAmount(items)
        let parts = receivable?.items ?? []
        if items.count == 1, parts.count > 1, receivable?.amount == total {
            if items[0].balance.settled == 0 {
                try divide(items[0], receivable, basis: basis)
            } else {
                merge.conflict(id, old, "states \(parts.count) instalments of an item that is partly settled, not one")
            }
            return
        }
        try move(items, to: total, beside: beside.advance, basis: basis, receivable: receivable)
    }

    /// What the books hold of the items that no statement of the invoice says: that it was replaced, and the advance
    /// that was linked to it and is part of its claim since.
    private func besideStatements(_ items: [OpenItem]) throws -> (isReplaced: Bool, advance: Int64) {
        guard old.invoice.prepaid != nil || items.contains(where: { $0.balance.amount == 0 }) else { return (false, 0) }
        var advance: Int64 = 0
        for item in items {
            for logged in try session.entryList(company: merge.company, filter: EntryFilter(item: item.id)) {
                if logged.entry.kind == .replaced, logged.entry.item == item.id { return (true, 0) }
                if logged.entry.kind == .amended, logged.entry.decision != nil { advance += logged.entry.amount }
            }
        }
        return (false, advance)
    }

    private func bestAmount(_ items: [OpenItem]) throws -> (Int64, Receivable.Basis) {
        let current = items.reduce(Int64(0)) { $0 &+ $1.balance.amount }
        if let cutOver = run.company.cutOver, new.invoice.issuedOn <= cutOver {
            guard old.basis != .opening, let stated = Receivable.statedOpen(new.invoice) else {
                return (current, old.basis ?? .opening)
            }
            return (stated, .opening)
        }
        // As the row stands now: replaced by its own source, completed by another.
        let payable = isOwn ? new.invoice.payable : old.invoice.payable ?? new.invoice.payable
        let stated = isOwn ? new.invoice.total : old.invoice.total ?? new.invoice.total
        let others = try session.rows(
            "SELECT payable, total FROM source_state WHERE company = ? AND invoice_id = ? ORDER BY no",
            [merge.company, id]
        ) { (payable: $0.optionalInt(0), total: $0.optionalInt(1)) }
        if let payable = payable?.minorUnits ?? others.compactMap(\.payable).first { return (payable, .payable) }
        if let total = stated?.minorUnits ?? others.compactMap(\.total).first { return (total, .total) }
        return (Self.amount(current, open: Receivable.statedOpen(new.invoice) ?? current), .open)
    }

    /// Only open amounts were ever stated: a lower one is a settlement at the source, a higher one a new amount.
    static func amount(_ current: Int64, open: Int64) -> Int64 {
        current < 0 ? min(current, open) : max(current, open)
    }

    /// Whether an open amount says something that the item does not know yet.
    /// - Parameters:
    ///   - amount: the item's amount as it is now stated.
    ///   - before: its balance as it was.
    static func isNews(_ stated: Int64, amount: Int64, before: ItemBalance, on day: Day) -> Bool {
        guard let asOf = before.statedAsOf else { return true }
        guard day >= asOf else { return false }
        return stated != before.stated || amount != before.amount
            || day > asOf && SourceClearing.isDayRelevant(stated: stated, amount: amount)
    }

    private func enter(_ receivable: Receivable) throws {
        var entries: [Entry] = []
        let customer = new.customerID
        let isOne = receivable.items.count == 1
        let period = try session.period(company: merge.company)
        let postingDay = period.postingDay(for: receivable.postingDay)
        for item in receivable.items {
            let itemID = isOne ? id : "\(id)/\(item.n)"
            if try session.item(company: merge.company, id: itemID) == nil {
                try session.insert(
                    OpenItem(
                        company: merge.company, id: itemID, invoiceID: id, number: new.invoice.number,
                        kind: new.invoice.kind, instalment: item.n, customerID: customer,
                        currency: new.invoice.currency, issuedOn: new.invoice.issuedOn, dueOn: item.dueOn,
                        postingDay: postingDay))
            }
            entries.append(
                entry(
                    receivable.kind, item.amount, itemID, customer: customer, postingDay: postingDay,
                    businessDay: receivable.postingDay))
            if let stated = item.stated { entries.append(self.stated(stated, itemID, customer, period)) }
        }
        _ = try session.append(entries, to: merge.batch)
        try save(receivable.basis)
    }

    /// What was applied stays; the rest of the claim goes.
    private func void(_ items: [OpenItem]) throws {
        var entries: [Entry] = []
        let period = try session.period(company: merge.company)
        for item in items where item.balance.amount != item.balance.settled {
            entries.append(
                entry(
                    .amended, item.balance.settled - item.balance.amount, item.id, customer: item.customerID,
                    postingDay: period.postingDay(for: max(item.postingDay, run.importedOn)), reason: "void"))
        }
        _ = try session.append(entries, to: merge.batch)
        if let item = items.first(where: { $0.balance.settled != 0 }) {
            merge.outcome.add(
                "VOID-WITH-CASH", item.id, customer: item.customerID,
                "invoice \(new.invoice.number) was voided at its source, but \(Money(minorUnits: item.balance.settled, currency: item.currency)) is applied to it"
            )
        }
    }

    /// One item becomes its instalments; nothing was settled on it yet.
    private func divide(_ item: OpenItem, _ receivable: Receivable?, basis: Receivable.Basis) throws {
        guard var receivable else { return }
        let amended = entry(
            .amended, 0 - item.balance.amount, item.id, customer: item.customerID, postingDay: item.postingDay,
            reason: "instalments")
        var entries = [amended]
        let period = try session.period(company: merge.company)
        entries[0].postingDay = period.postingDay(for: item.postingDay)
        if item.balance.stated != nil {
            entries.append(stated(0, item.id, item.customerID, period))
            if receivable.items.contains(where: { $0.stated == nil }), let open = item.balance.stated {
                Receivable.spread(open, over: &receivable.items)
            }
        }
        _ = try session.append(entries, to: merge.batch)
        receivable.basis = basis
        try enter(receivable)
    }

    private func move(
        _ items: [OpenItem], to total: Int64, beside: Int64, basis: Receivable.Basis, receivable: Receivable?
    ) throws {
        let parts = receivable?.amount == total && receivable?.items.count == items.count ? receivable?.items : nil
        let period = try session.period(company: merge.company)
        var entries: [Entry] = []
        var amounts = items.map(\.balance.amount)
        if let parts {
            amounts = parts.map(\.amount)
        } else if let last = amounts.indices.last {
            amounts[last] += total - amounts.reduce(0, +)
        }
        if let last = amounts.indices.last { amounts[last] += beside }
        for (index, item) in items.enumerated() {
            amounts[index] = floor(amounts[index], item)
            guard amounts[index] != item.balance.amount else { continue }
            entries.append(
                entry(
                    .amended, amounts[index] - item.balance.amount, item.id, customer: item.customerID,
                    postingDay: period.postingDay(for: item.postingDay), businessDay: item.postingDay,
                    reason: basis.rawValue))
        }
        entries += restated(items, amounts: amounts, parts: parts, period: period)
        _ = try session.append(entries, to: merge.batch)
        try save(basis)
        try moveDueDays(items, parts: parts)
    }

    /// An item is never amended below what is settled on it.
    private func floor(_ amount: Int64, _ item: OpenItem) -> Int64 {
        let settled = item.balance.settled
        let isBelow = item.balance.amount >= 0 ? amount < settled : amount > settled
        guard isBelow else { return amount }
        merge.outcome.add(
            "AMOUNT-BELOW-SETTLED", item.id, customer: item.customerID,
            "its source now states \(Money(minorUnits: amount, currency: item.currency)), but \(Money(minorUnits: settled, currency: item.currency)) is settled"
        )
        return settled
    }

    private func restated(
        _ items: [OpenItem], amounts: [Int64], parts: [Receivable.Item]?, period: Period
    ) -> [Entry] {
        guard let open = Receivable.statedOpen(new.invoice) else { return [] }
        var shares = parts ?? []
        if shares.contains(where: { $0.stated == nil }) || shares.isEmpty {
            shares = zip(items, amounts).map { Receivable.Item(n: $0.instalment, dueOn: $0.dueOn, amount: $1) }
            if shares.count == 1 {
                shares[0].stated = open
            } else {
                Receivable.spread(open, over: &shares)
            }
        }
        var entries: [Entry] = []
        for (index, (item, share)) in zip(items, shares).enumerated() {
            guard let stated = share.stated else { continue }
            guard Self.isNews(stated, amount: amounts[index], before: item.balance, on: run.importedOn) else {
                continue
            }
            entries.append(self.stated(stated, item.id, item.customerID, period))
        }
        return entries
    }

    private func moveDueDays(_ items: [OpenItem], parts: [Receivable.Item]?) throws {
        guard isOwn || old.invoice.dueOn == nil else { return }
        guard
            let parts = parts
                ?? (items.count == 1 ? [Receivable.Item(n: 1, dueOn: Receivable.dueDay(new.invoice), amount: 0)] : nil)
        else { return }
        for (item, part) in zip(items, parts) where item.dueOn != part.dueOn {
            try session.execute(
                "UPDATE item_row SET due_on = ? WHERE company = ? AND id = ?", [part.dueOn, merge.company, item.id])
            try session.bumpAccountVersion(company: merge.company, customer: item.customerID)
        }
    }

    private func save(_ basis: Receivable.Basis) throws {
        guard let bearer = try session.bearer(company: merge.company, invoice: id) else { return }
        try session.execute("UPDATE \(bearer.table) SET basis = ? WHERE no = ?", [basis.rawValue, bearer.no])
    }

    private func stated(_ amount: Int64, _ item: String, _ customer: String, _ period: Period) -> Entry {
        entry(
            .stated, amount, item, customer: customer, postingDay: period.postingDay(for: run.importedOn),
            businessDay: run.importedOn)
    }

    private func entry(
        _ kind: Entry.Kind, _ amount: Int64, _ item: String, customer: String, postingDay: Day,
        businessDay: Day? = nil, reason: String? = nil
    ) -> Entry {
        Entry(
            kind, company: merge.company, amount: Money(minorUnits: amount, currency: new.invoice.currency),
            item: item, customer: customer, postingDay: postingDay, businessDay: businessDay,
            recordedAt: run.recordedAt, actor: run.actor, reason: reason, rule: "IMPORT")
    }
}
