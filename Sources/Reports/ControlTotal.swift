// SPDX-License-Identifier: Apache-2.0
package import Documents
import Ledger

/// A balance that the source states, of all customers or of one, to tie the books to.
package struct ControlTotal: Hashable, Sendable {
    package var account: String?
    package var customerID: String?
    package var asOf: Day
    package var amount: Money

    package init(account: String?, customerID: String?, asOf: Day, amount: Money) {
        self.account = account
        self.customerID = customerID
        self.asOf = asOf
        self.amount = amount
    }

    /// No report lists more causes than a person would follow up.
    private static let candidatesMax = 5

    private var name: String {
        "control total \(amount.currency.code)" + (customerID.map { " of \($0)" } ?? "")
    }

    package func check(_ books: BooksPosition) -> Report.Check {
        let held = held(books)
        let ours = Money(minorUnits: held, currency: amount.currency)
        let whose = customerID.map { " for \($0)" } ?? ""
        guard held != amount.minorUnits else {
            return Report.Check(
                name, holds: true, "The source states \(amount)\(whose) as of \(asOf); the books hold the same.")
        }
        let difference = Money(minorUnits: held &- amount.minorUnits, currency: amount.currency)
        let found = candidates(books)
        return Report.Check(
            name, holds: false,
            "The source states \(amount)\(whose) as of \(asOf); the books hold \(ours), \(difference) apart."
                + (found.isEmpty ? "" : " It is exactly: \(found.joined(separator: "; or ")).")
        )
    }

    /// Where every customer's balance agrees one sentence says so; each that does not is a check of its own.
    package static func checks(_ controls: [ControlTotal], _ books: BooksPosition) -> [Report.Check] {
        let whole = controls.filter { $0.customerID == nil }.map { $0.check(books) }
        let customers = controls.filter { $0.customerID != nil }.map { $0.check(books) }
        let agreeing = customers.count { $0.holds }
        guard agreeing > 0 else { return whole + customers }
        let words = agreeing == 1 ? "1 customer's balance is" : "\(agreeing) customers' balances are"
        return whole + [
            Report.Check("customers' balances", holds: true, "\(words) what the source states.")
        ] + customers.filter { !$0.holds }
    }

    private func held(_ books: BooksPosition) -> Int64 {
        guard let customerID else { return books.agingTotal(amount.currency).total }
        return books.aging(amount.currency).first { $0.customer == customerID }?.aging.total ?? 0
    }

    /// What by itself makes the difference, at most five: one item, one entry (a payment, an adjustment), a pair of
    /// items. Items come before entries, and those in the order of their numbers and days.
    package func candidates(_ books: BooksPosition) -> [String] {
        let gap = held(books) &- amount.minorUnits
        guard gap != 0 else { return [] }
        let items = books.items.filter {
            $0.currency == amount.currency && $0.balance.open != 0 && (customerID == nil || $0.customerID == customerID)
        }.sorted { ($0.number, $0.id) < ($1.number, $1.id) }
        func text(_ minor: Int64) -> String { "\(Money(minorUnits: minor, currency: amount.currency))" }
        var found: [String] = []
        for item in items where item.balance.open == gap {
            found.append("\(item.number) of \(item.customerID), \(text(gap)) open in the books")
        }
        if found.count < Self.candidatesMax { found += entries(of: gap, books, besides: items) }
        if found.count < Self.candidatesMax { found += pairs(of: gap, items) }
        return Array(found.prefix(Self.candidatesMax))
    }

    /// Single entries that the books have and the source may lack, the latest first.
    private func entries(of gap: Int64, _ books: BooksPosition, besides items: [OpenItem]) -> [String] {
        var numbers: [String: String] = [:]
        for item in books.items { numbers[item.id] = item.number }
        let owners = Dictionary(
            books.cash.compactMap { cash in cash.customerID.map { (cash.id, $0) } },
            uniquingKeysWith: { first, _ in first })
        let known = Set(items.filter { $0.balance.open == gap }.map(\.id))
        var found: [(day: Day, text: String)] = []
        for entry in books.entries
        where entry.currency == amount.currency && entry.undoes == nil && Chart.controlEffect(of: entry) == gap {
            guard entry.item.map({ !known.contains($0) }) ?? true else { continue }
            let owner = entry.customer ?? entry.payment.flatMap { owners[$0] }
            guard customerID == nil || owner == customerID else { continue }
            let name = entry.item.map { numbers[$0] ?? $0 } ?? entry.payment ?? ""
            found.append((entry.postingDay, "\(entry.kind.words) \(entry.money) \(name) on \(entry.postingDay)"))
        }
        return found.sorted { ($1.day, $0.text) < ($0.day, $1.text) }.map(\.text)
    }

    private func pairs(of gap: Int64, _ items: [OpenItem]) -> [String] {
        var byOpen: [Int64: [Int]] = [:]
        for (place, item) in items.enumerated() { byOpen[item.balance.open, default: []].append(place) }
        var found: [String] = []
        for (place, item) in items.enumerated() {
            let (rest, overflow) = gap.subtractingReportingOverflow(item.balance.open)
            guard !overflow, found.count < Self.candidatesMax else { continue }
            for other in byOpen[rest] ?? [] where other > place && found.count < Self.candidatesMax {
                let partner = items[other]
                let sum = Money(minorUnits: gap, currency: amount.currency)
                found.append(
                    "\(item.number) and \(partner.number), together \(sum)"
                )
            }
        }
        return found
    }
}
