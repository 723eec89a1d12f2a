// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Ledger
import Store

/// What the accounting system's ledger says was paid (SAF-T, XAF, DATEV, and systems that are pulled).
///
/// Its payments are its copies of bank receipts: never cash, or the same money would be there twice once the bank's
/// file is read. What they settle lowers what the source states as open, so that it stands against source clearing
/// until a bank entry of that day or before proves it (`SourceClearing`); whichever of the two comes first, the books
/// are the same. One of a later day waits for a person.
struct BookSettlements {
    let company: Company
    let run: ImportRun
    let session: Session

    private static let rule = "SOURCE-ALLOCATION"

    /// A ledger's payment as it enters the books.
    static func entering(_ document: Document, from format: String) -> Document {
        guard case .payment(var payment) = document, payment.status == .booked, Catalogue.ledgers.contains(format),
            !payment.isCounterCash
        else { return document }
        payment.status = .information
        return .payment(payment)
    }

    /// Finds the invoices of what ledgers stated, in this import or before it, and states anew what is open of them.
    func perform(importNo: Int64?) throws {
        var touched = try touched(by: importNo)
        for settlement in try session.waitingSettlements(company: company.id, formats: Catalogue.ledgers) {
            guard let invoice = try invoice(of: settlement) else { continue }
            try session.save(settlement, invoice: invoice, company: company.id)
            touched.insert(invoice)
        }
        try restate(touched, importNo: importNo)
    }

    /// The same for a source that is pulled and states no open amounts, only what each of its payments pays.
    /// - Parameter readers: of the streams that bring its invoices.
    func perform(source: String, readers: [String], importNo: Int64?) throws {
        var touched = try touched(by: importNo)
        for (settlement, invoice) in try session.waitingSettlements(
            company: company.id, source: source, readers: readers)
        {
            try session.save(settlement, invoice: invoice, company: company.id)
            touched.insert(invoice)
        }
        try restate(touched, importNo: importNo)
    }

    /// Invoices that were settled before, and that an import states anew, or a payment of theirs.
    private func touched(by importNo: Int64?) throws -> Set<String> {
        guard let importNo else { return [] }
        return Set(try session.settledInvoices(company: company.id, importNo: importNo)).union(
            try session.invoicesSettledAnew(company: company.id, importNo: importNo))
    }

    private func restate(_ touched: Set<String>, importNo: Int64?) throws {
        let entries = try touched.sorted().flatMap { try restated($0) }
        guard !entries.isEmpty else { return }
        try session.append(
            entries,
            batch: BatchInfo(
                company: company.id, kind: "import", recordedAt: run.recordedAt, actor: run.actor, rule: Self.rule,
                importNo: importNo))
    }

    /// The invoice with that number: of the payment's customer and on the payment's side where there are several, and
    /// the latest that was issued by then.
    private func invoice(of settlement: StoredSettlement) throws -> String? {
        var items = try session.items(company: company.id, number: settlement.number).filter {
            $0.currency == settlement.amount.currency
        }
        for isBetter: (OpenItem) -> Bool in [
            { $0.customerID == settlement.customerID },
            { ($0.balance.amount < 0) == settlement.amount.isNegative },
            { item in settlement.postedOn.map { item.issuedOn <= $0 } ?? true },
        ] {
            let better = items.filter(isBetter)
            if !better.isEmpty { items = better }
        }
        return items.max { ($0.issuedOn, $0.invoiceID) < ($1.issuedOn, $1.invoiceID) }?.invoiceID
    }

    /// What is open of an invoice by the ledger's allocations: those that a statement of the open amount, or the
    /// opening at cut-over, knew already are not counted again.
    private func restated(_ invoice: String) throws -> [Entry] {
        let items = try session.items(company: company.id, invoice: invoice)
        var known: Day?
        var open: [Int64] = []
        var isSettled = false
        for item in items {
            let entries = try session.entryList(
                company: company.id, filter: EntryFilter(item: item.id, kinds: [.stated])
            ).map(\.entry)
            isSettled = isSettled || entries.contains { $0.rule == Self.rule }
            let stated = entries.filter { $0.rule != Self.rule }.max { $0.businessDay < $1.businessDay }
            open.append(stated?.amount ?? item.balance.amount)
            let isOpening = company.cutOver.map { item.issuedOn <= $0 } ?? false
            known = [known, stated?.businessDay, isOpening ? company.cutOver : nil].compactMap { $0 }.max()
        }
        let counted = try session.settlements(company: company.id, invoice: invoice).filter { settlement in
            guard let known else { return true }
            return settlement.postedOn.map { $0 > known } ?? false
        }
        // With no payment left that counts, what was stated by one is taken back.
        guard !counted.isEmpty || isSettled else { return [] }
        var paid = counted.reduce(Int64(0)) { $0 &+ $1.amount.minorUnits }
        for (index, item) in items.enumerated() {
            // In the order of the instalments; none below nothing, nor above its amount when a payment went back.
            let amount = item.balance.amount
            let left = min(max(open[index] &- paid, min(0, amount)), max(0, amount))
            paid &-= open[index] &- left
            open[index] = left
        }
        let asOf = counted.compactMap(\.postedOn).reduce(run.importedOn, max)
        let period = try session.period(company: company.id)
        return zip(items, open).compactMap { item, open in
            if let before = item.balance.statedAsOf {
                let isNew = open != item.balance.stated
                let isLater = asOf > before && SourceClearing.isDayRelevant(stated: open, amount: item.balance.amount)
                guard asOf >= before, isNew || isLater else { return nil }
            }
            return Entry(
                .stated, company: company.id, amount: Money(minorUnits: open, currency: item.currency), item: item.id,
                customer: item.customerID, postingDay: period.postingDay(for: asOf), businessDay: asOf,
                recordedAt: run.recordedAt, actor: run.actor, rule: Self.rule)
        }
    }
}
