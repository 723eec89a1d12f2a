// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// Further statements of invoices by the source that brought them, where one item stands for the invoice and nothing
/// has settled it: nearly every changed row of a repeated export.
///
/// What has to be known of them is a few columns that one query reads beside each other, so that a changed row costs
/// a few statements on row numbers; any other one goes through `InvoiceUpdate`. The core decides in both, by the same
/// rules, and the entries are the same.
final class Restatements {
    private let session: Session
    private let run: ImportRun
    private let importNo: Int64
    private let period: Period
    private let entries: PreparedStatement
    private let changes: PreparedStatement
    /// The item with its document, and its balance alone.
    private let whole: PreparedStatement
    private let balances: PreparedStatement
    private let batch: OpenBatch
    /// Whose account has changed.
    private var customers: Set<String> = []

    /// SQL over `k` (a known row), `s` (as it is staged), `p` (its customer) and `i` (the item that bears its
    /// document): nothing but the amounts, the due day and the reference can differ, and nobody has decided anything
    /// about it. Its parameter is the cut-over.
    /// - Parameter sameSource: all known rows are further statements by their own source, so that what the merge writes
    ///   about one invoice says nothing of another: what no row of the books has is not looked for row by row then.
    static func isPlain(_ session: Session, company: String, sameSource: Bool) throws -> String {
        let lookUps = [
            ("invoice_more", "no > 0", "x.no = i.no"),
            ("source_state", "company = ?", "x.company = i.company AND x.invoice_id = i.id"),
            (
                "log", "company = ? AND item > '' AND kind > 2",
                """
                x.company = i.company AND x.item = i.id AND x.kind > 2 AND (x.decision IS NOT NULL
                    OR x.kind NOT IN (\(Entry.Kind.amended.rawValue), \(Entry.Kind.sourceClearing.rawValue),
                        \(Entry.Kind.stated.rawValue)))
                """
            ),
            ("log", "company = ? AND counter > ''", "x.company = i.company AND x.counter = i.id"),
        ]
        var absent: [String] = []
        for (table, some, same) in lookUps
        where try !sameSource
            || session.first(
                "SELECT 1 FROM \(table) WHERE \(some) LIMIT 1", some.contains("?") ? [company] : [], { _ in true })
                ?? false
        {
            absent.append("AND NOT EXISTS (SELECT 1 FROM \(table) x WHERE \(same))")
        }
        return """
            k.how = 1 AND i.import_no IS NOT NULL AND s.items = 1 AND s.states_more = 0 AND s.currency = i.currency
                AND s.number = i.number AND s.kind = i.kind AND s.issued_on = i.issued_on AND s.issued_on > ?
                AND p.customer = i.customer AND i.first_seq IS NOT NULL AND i.amount <> 0
                AND NOT EXISTS (SELECT 1 FROM item_settled t WHERE t.no = i.no)
                AND NOT EXISTS (SELECT 1 FROM item_row o
                    WHERE o.company = i.company AND o.id > i.id || '/' AND o.id < i.id || '0' AND o.parent_id = i.id)
                \(absent.joined(separator: " "))
            """
    }

    /// What `Restated` reads, in its order.
    static let columns = """
        i.no, i.id, i.customer, i.currency, i.posting_day, i.due_on, i.amount, i.source, i.stated, i.stated_as_of,
            i.reference, i.total, i.stated_open, i.stated_due_on, s.position, s.content, s.reference, s.total,
            s.open, s.due_on, s.item_due, s.stated
        """

    init(_ merge: Merge) throws {
        session = merge.session
        run = merge.run
        importNo = merge.importNo
        batch = merge.batch
        period = try session.period(company: run.company.id)
        entries = try session.insert(
            into: "log",
            [
                "company", "batch", "kind", "currency", "amount", "item", "customer", "posting_day", "business_day",
                "reason", "rule",
            ])
        changes = try session.insert(
            into: "document_change", ["company", "entity", "id", "import_no", "field", "before", "after"])
        let balance = "basis = ?, due_on = ?, amount = ?, source = ?, stated = ?, stated_as_of = ?"
        whole = try session.prepare(
            """
            UPDATE item_row SET import_no = ?, position = ?, content = ?, reference = ?, total = ?, stated_open = ?,
                stated_due_on = ?, \(balance) WHERE no = ?
            """)
        balances = try session.prepare("UPDATE item_row SET \(balance) WHERE no = ?")
    }

    /// - Parameters:
    ///   - row: `columns`, from column `first` on.
    ///   - isSame: nothing in the document changed; the same statement on a later day.
    /// - Returns: False when it has to be compared more closely; nothing was written then.
    func perform(_ row: Row, from first: Int, isSame: Bool) throws -> Bool {
        let new = try Restated(row, from: first)
        var balance = new.balance
        let current = balance.amount
        let (amount, basis): (Int64, Receivable.Basis)
        if let total = new.total {
            (amount, basis) = (total, .total)
        } else if let open = new.stated {
            (amount, basis) = (InvoiceUpdate.amount(current, open: open), .open)
        } else {
            return false
        }
        // Turning a claim into a credit, or to nothing, is for a closer look.
        guard amount == current || amount.signum() == current.signum() else { return false }
        if !isSame { try recordChanges(new) }
        var touched = false
        if amount != current {
            let entry = entry(
                .amended, amount - current, new, postingDay: period.postingDay(for: new.postingDay),
                businessDay: new.postingDay, reason: basis.rawValue)
            try append(entry, new, &balance)
            touched = true
        }
        if let stated = new.stated,
            InvoiceUpdate.isNews(stated, amount: amount, before: new.balance, on: run.importedOn)
        {
            let entry = entry(
                .stated, stated, new, postingDay: period.postingDay(for: run.importedOn), businessDay: run.importedOn)
            try append(entry, new, &balance)
            touched = true
        }
        if touched { try clear(new, &balance) }
        if touched || new.itemDue != new.dueOn { customers.insert(new.customer) }
        try save(balance, basis: basis, new, isSame: isSame)
        return true
    }

    /// Marks that something about these customers changed.
    func finish() throws {
        for customer in customers.sorted() {
            try session.bumpAccountVersion(company: run.company.id, customer: customer)
        }
    }

    /// Brings source clearing to where it should stand (`Session.append` for items that something has settled).
    private func clear(_ new: Restated, _ balance: inout ItemBalance) throws {
        guard let stated = balance.stated, let asOf = balance.statedAsOf else { return }
        let target = SourceClearing.target(
            item: new.id, amount: balance.amount, entries: [], stated: stated, asOf: asOf)
        guard target != balance.source else { return }
        let day = max(asOf, new.postingDay)
        try append(
            entry(
                .sourceClearing, target - balance.source, new, postingDay: period.postingDay(for: day),
                businessDay: day, rule: "SOURCE-CLEARING"), new, &balance)
    }

    private func entry(
        _ kind: Entry.Kind, _ amount: Int64, _ new: Restated, postingDay: Day, businessDay: Day,
        reason: String? = nil, rule: String? = nil
    ) -> Entry {
        Entry(
            kind, company: run.company.id, amount: Money(minorUnits: amount, currency: new.currency), item: new.id,
            customer: new.customer, postingDay: postingDay, businessDay: businessDay, recordedAt: run.recordedAt,
            actor: run.actor, reason: reason, rule: rule ?? batch.info.rule)
    }

    private func append(_ entry: Entry, _ new: Restated, _ balance: inout ItemBalance) throws {
        try Session.requireBalanced(entry)
        balance.apply(entry, item: new.id)
        var row = ColumnWriter(entries)
        row.place(entry.company)
        row.place(batch.no)
        row.place(Int64(entry.kind.rawValue))
        row.place(new.code)
        row.place(entry.amount)
        row.place(new.id)
        row.place(new.customer)
        row.place(Int64(entry.postingDay.number))
        row.place(entry.businessDay == entry.postingDay ? nil : Int64(entry.businessDay.number))
        row.place(entry.reason)
        row.place(entry.rule == batch.info.rule ? nil : entry.rule)
        try row.insert()
    }

    private func recordChanges(_ new: Restated) throws {
        try change("reference", new.oldReference, new.reference, new)
        try change("total", new.oldTotal.map { String($0) }, new.total.map { String($0) }, new)
        try change("open", new.oldOpen.map { String($0) }, new.open.map { String($0) }, new)
        try change("due_on", new.oldDue.map { String($0) }, new.due.map { String($0) }, new)
    }

    private func change(_ field: String, _ before: String?, _ after: String?, _ new: Restated) throws {
        guard before != after else { return }
        var row = ColumnWriter(changes)
        row.place(run.company.id)
        row.place("invoice")
        row.place(new.id)
        row.place(importNo)
        row.place(field)
        row.place(before)
        row.place(after)
        try row.insert()
    }

    private func save(_ balance: ItemBalance, basis: Receivable.Basis, _ new: Restated, isSame: Bool) throws {
        if let violation = balance.violation {
            throw StoreFailure("INVARIANT-OVERAPPLIED", "item \(new.id): \(violation)")
        }
        var row = ColumnWriter(isSame ? balances : whole)
        if !isSame {
            row.place(importNo)
            row.place(new.place)
            row.place(new.content)
            row.place(new.reference)
            row.place(new.total)
            row.place(new.open)
            row.place(new.due)
        }
        row.place(basis.rawValue)
        row.place(Int64(new.itemDue.number))
        row.place(balance.amount)
        row.place(balance.source)
        row.place(balance.stated)
        row.place(balance.statedAsOf.map { Int64($0.number) })
        row.place(new.no)
        try row.insert()
    }
}

/// A staged statement beside the item that it is about.
private struct Restated {
    let no: Int64
    let id: String
    let customer: String
    let code: String
    let currency: Currency
    let postingDay: Day
    let dueOn: Day
    let balance: ItemBalance
    let oldReference: String?
    let oldTotal: Int64?
    let oldOpen: Int64?
    let oldDue: Int64?
    let place: String
    let content: Int64
    let reference: String?
    let total: Int64?
    let open: Int64?
    let due: Int64?
    let itemDue: Day
    /// What the source states as still open, however it says so.
    let stated: Int64?

    init(_ row: Row, from first: Int) throws {
        no = row.int(first)
        id = row.text(first + 1)
        customer = row.text(first + 2)
        code = row.text(first + 3)
        currency = try row.currency(first + 3)
        postingDay = row.day(first + 4)
        dueOn = row.day(first + 5)
        var balance = ItemBalance()
        balance.amount = row.int(first + 6)
        balance.source = row.int(first + 7)
        balance.stated = row.optionalInt(first + 8)
        balance.statedAsOf = row.optionalDay(first + 9)
        self.balance = balance
        oldReference = row.optionalText(first + 10)
        oldTotal = row.optionalInt(first + 11)
        oldOpen = row.optionalInt(first + 12)
        oldDue = row.optionalInt(first + 13)
        place = row.text(first + 14)
        content = row.int(first + 15)
        reference = row.optionalText(first + 16)
        total = row.optionalInt(first + 17)
        open = row.optionalInt(first + 18)
        due = row.optionalInt(first + 19)
        itemDue = row.day(first + 20)
        stated = row.optionalInt(first + 21)
    }
}
