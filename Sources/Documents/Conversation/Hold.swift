// SPDX-License-Identifier: Apache-2.0

/// Somebody decided that a customer, or some of their items, is not to be reminded for a while.
package struct Hold: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case hardship
        case wrongParty = "wrong_party"
        case insolvency, deceased, complaint
        /// Set by a person for a reason of their own.
        case manual
    }

    package var id: String
    package var company: String
    package var customerID: String
    /// Empty when the whole customer is held.
    package var items: [String]
    package var kind: Kind
    package var reason: String
    package var setBy: String
    package var from: Day
    /// The last day it holds; nil until a person lifts it.
    package var through: Day?

    package init(
        id: String, company: String, customerID: String, items: [String] = [], kind: Kind,
        reason: String, setBy: String, from: Day, through: Day? = nil
    ) {
        self.id = id
        self.company = company
        self.customerID = customerID
        self.items = items
        self.kind = kind
        self.reason = reason
        self.setBy = setBy
        self.from = from
        self.through = through
    }

    package func holds(on day: Day) -> Bool { from <= day && through.map { day <= $0 } ?? true }
}

/// A customer's objection to an invoice; it holds the whole invoice until a person resolves it.
package struct Dispute: Hashable, Sendable {
    package enum State: String, Sendable { case open, resolved }

    package var id: String
    package var company: String
    package var customerID: String
    /// Invoice id: a dispute holds every instalment.
    package var invoiceID: String
    /// `price`, `quantity`, `quality`, `not_received`, `already_paid`, `not_mine`, `duplicate`, `tax`, `other`.
    package var reason: String
    package var amount: Money?
    package var openedOn: Day
    package var state: State
    package var resolution: String?
    package var resolvedOn: Day?

    package init(
        id: String, company: String, customerID: String, invoiceID: String, reason: String,
        amount: Money? = nil, openedOn: Day, state: State = .open, resolution: String? = nil,
        resolvedOn: Day? = nil
    ) {
        self.id = id
        self.company = company
        self.customerID = customerID
        self.invoiceID = invoiceID
        self.reason = reason
        self.amount = amount
        self.openedOn = openedOn
        self.state = state
        self.resolution = resolution
        self.resolvedOn = resolvedOn
    }
}
