// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Ledger
package import Reconciliation

/// Where the books stood on a day, as they were known at a time: items, cash and customers joined with the folded log.
package struct BooksPosition: Sendable {
    /// What is known of one payment besides its balance.
    package struct Cash: Hashable, Sendable {
        package var id: String
        package var customerID: String?
        package var currency: Currency
        package var bookedOn: Day
        package var unapplied: Int64
        package var payer: String?
        package var reason: String
        package var standing: Standing

        package init(
            id: String, customerID: String?, currency: Currency, bookedOn: Day, unapplied: Int64,
            payer: String?, reason: String, standing: Standing = Standing()
        ) {
            self.id = id
            self.customerID = customerID
            self.currency = currency
            self.bookedOn = bookedOn
            self.unapplied = unapplied
            self.payer = payer
            self.reason = reason
            self.standing = standing
        }
    }

    /// Where what is left of a payment stands: with whom, by which rule, and the doubt where it is the same for many.
    package struct Standing: Hashable, Sendable {
        package enum State: String, Sendable, CaseIterable {
            case waiting, rejected, undone
            /// Booked, but for this rest.
            case rest
            case unexplained
            case undecided
        }

        package var state = State.undecided
        package var rule: Rule?
        package var doubt: String?

        package init() {}
    }

    package var company: String
    package var day: Day
    /// In order of item id, balances as of `day`.
    package var items: [OpenItem]
    package var cash: [Cash]
    package var customerNames: [String: String]
    /// The company's entries up to `day`, in log order.
    package var entries: [Entry]

    package init(
        company: String, day: Day, items: [OpenItem], cash: [Cash], customerNames: [String: String],
        entries: [Entry]
    ) {
        self.company = company
        self.day = day
        self.items = items
        self.cash = cash
        self.customerNames = customerNames
        self.entries = entries
    }

    package var currencies: [Currency] {
        var seen = Set<Currency>()
        for item in items { seen.insert(item.currency) }
        for payment in cash { seen.insert(payment.currency) }
        for entry in entries where entry.movesMoney { seen.insert(entry.currency) }
        return seen.sorted()
    }

    /// Who a row without a customer is called.
    package static let unknownCustomer = "(unknown)"

    /// The aged balance per customer in one currency, customers in order of id.
    package func aging(_ currency: Currency) -> [(customer: String, aging: Aging)] {
        var byCustomer: [String: Aging] = [:]
        for item in items where item.currency == currency && item.balance.open != 0 {
            byCustomer[item.customerID, default: Aging()].add(
                open: item.balance.open, isCredit: item.isCredit, dueOn: item.dueOn, asOf: day)
        }
        for payment in cash where payment.currency == currency && payment.unapplied != 0 {
            byCustomer[payment.customerID ?? Self.unknownCustomer, default: Aging()].add(
                unapplied: payment.unapplied)
        }
        return byCustomer.keys.sorted().map { ($0, byCustomer[$0] ?? Aging()) }
    }

    package func agingTotal(_ currency: Currency) -> Aging {
        aging(currency).reduce(Aging()) { $0 + $1.aging }
    }

    package func name(_ customer: String?) -> String {
        customer.flatMap { customerNames[$0] } ?? customer ?? Self.unknownCustomer
    }
}
