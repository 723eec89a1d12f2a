// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reports
import Store

extension Workplace {
    /// The books on a day, as they were known at a time: the log folded again, joined with items and payments.
    func position(on day: Day, knownAt: Timestamp?, _ session: Session) throws -> BooksPosition {
        var items: [String: ItemBalance] = [:]
        var cash: [String: CashBalance] = [:]
        var entries: [Entry] = []
        try session.entries(
            company: company.id, filter: EntryFilter(postingThrough: day, knownAt: knownAt)
        ) { logged in
            let entry = logged.entry
            entries.append(entry)
            if let item = entry.item { items[item, default: ItemBalance()].apply(entry, item: item) }
            if entry.kind == .netted, let counter = entry.counter {
                items[counter, default: ItemBalance()].apply(entry, item: counter)
            }
            if let payment = entry.payment { cash[payment, default: CashBalance()].apply(entry, payment: payment) }
            if entry.kind == .consumed, let counter = entry.counter {
                cash[counter, default: CashBalance()].apply(entry, payment: counter)
            }
        }
        let open = try session.openItems(company: company.id, onlyOpen: false).compactMap { item -> OpenItem? in
            guard let balance = items[item.id] else { return nil }
            var copy = item
            copy.balance = balance
            return copy
        }.sorted { $0.id < $1.id }
        let payments = try session.cashFacts(company: company.id).compactMap { facts -> BooksPosition.Cash? in
            guard let balance = cash[facts.id], balance.unapplied != 0 else { return nil }
            return BooksPosition.Cash(
                id: facts.id, customerID: facts.customerID, currency: facts.currency, bookedOn: facts.bookedOn,
                unapplied: balance.unapplied, payer: facts.payer, reason: facts.reason ?? "not reconciled yet",
                standing: Self.standing(facts))
        }
        return BooksPosition(
            company: company.id, day: day, items: open, cash: payments,
            customerNames: try session.customerNames(company: company.id), entries: entries)
    }

    private static func standing(_ facts: Session.CashFacts) -> BooksPosition.Standing {
        var standing = BooksPosition.Standing()
        standing.rule = facts.rule
        standing.doubt = facts.reason.flatMap(DecisionText.commonDoubt)
        standing.state =
            switch facts.state {
            case .waiting: .waiting
            case .noted: .unexplained
            case .rejected: .rejected
            case .undone: .undone
            case .committed: .rest
            case nil: .undecided
            }
        return standing
    }

    /// Control totals as of a day: the latest of each account that is not later.
    func controls(on day: Day, _ session: Session) throws -> [ControlTotal] {
        try session.controlTotals(company: company.id, on: day).map {
            ControlTotal(account: $0.account, customerID: $0.customerID, asOf: $0.asOf, amount: $0.amount)
        }
    }
}
