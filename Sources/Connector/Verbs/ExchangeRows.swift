// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reports
import Store

extension Workplace {
    /// Items of the month that cash in home currency settled: each with what the invoice was worth and what came.
    ///
    /// A decision that settled several items says no single rate, so it is left out.
    func realisedExchanges(_ books: BooksPosition, month: Month, _ session: Session) throws -> [RealisedExchange] {
        guard let home = company.homeCurrency else { return [] }
        var settled: [String: [String: Int64]] = [:]
        var received: [String: (amount: Int64, on: Day, posted: Day)] = [:]
        for entry in books.entries where entry.kind == .exchange || entry.kind == .converted {
            guard let decision = entry.decision else { continue }
            if entry.kind == .exchange, let item = entry.item {
                settled[decision, default: [:]][item, default: 0] &+= entry.amount
            } else if entry.kind == .converted, entry.currency == home {
                let sum = (received[decision]?.amount ?? 0) &+ entry.amount
                received[decision] = (sum, entry.businessDay, entry.postingDay)
            }
        }
        var rows: [RealisedExchange] = []
        for decision in received.keys.sorted() {
            guard let cash = received[decision], cash.amount > 0, Month(of: cash.posted) == month,
                let items = settled[decision]?.filter({ $0.value > 0 }), items.count == 1,
                let (id, amount) = items.first,
                let item = books.items.first(where: { $0.id == id }), item.currency != home
            else { continue }
            let invoice = try session.invoice(company: company.id, id: item.invoiceID)?.invoice
            let money = Money(minorUnits: amount, currency: item.currency)
            let total = invoice.flatMap { $0.payable ?? $0.total }
            let base = invoice?.totalBase.flatMap { stated -> Money? in
                guard stated.currency == home, let total else { return nil }
                return RealisedExchange.share(of: stated, settled: money, total: total)
            }
            rows.append(
                RealisedExchange(
                    number: item.number, customerID: item.customerID, settled: money, rate: invoice?.rate,
                    atInvoice: base, bookedOn: cash.on,
                    received: Money(minorUnits: cash.amount, currency: home)))
        }
        return rows.sorted { ($0.bookedOn, $0.number) < ($1.bookedOn, $1.number) }
    }
}
