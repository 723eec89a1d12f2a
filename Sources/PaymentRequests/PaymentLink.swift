// SPDX-License-Identifier: Apache-2.0
package import Documents

/// Something a customer can pay certain open items with: a payload, its amount, and whether it still counts.
///
/// ```
/// active ──► paid | superseded | cancelled | expired
/// superseded, cancelled, expired ──► paid      (a static payload cannot be called back: it is an exception)
/// ```
package struct PaymentLink: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case epc, pix
    }

    package enum State: String, Sendable, CaseIterable {
        case active, superseded, cancelled, paid, expired
    }

    /// One open item's share.
    package struct Part: Hashable, Sendable, Comparable {
        /// The ledger's identifier of the open item.
        package var item: String
        /// The invoice's number, as the customer knows it.
        package var number: String?
        package var amount: Money
        /// Sold or assigned: whoever holds it now, it is not paid to us.
        package var assignedTo: String?

        package init(item: String, number: String? = nil, amount: Money, assignedTo: String? = nil) {
            self.item = item
            self.number = number
            self.amount = amount
            self.assignedTo = assignedTo
        }

        package static func < (left: Part, right: Part) -> Bool {
            (left.item, left.amount.minorUnits) < (right.item, right.amount.minorUnits)
        }
    }

    package var id: String
    package var company: String
    package var customer: String?
    package var kind: Kind
    package var payload: String
    package var amount: Money
    /// In order of item id.
    package var items: [Part]
    /// What the payload carries to find the payment by: an ISO 11649 reference, a Pix txid, or the text.
    package var reference: String?
    package var revision: Int
    package var createdOn: Day
    /// The last day on which it counts; nil for no end.
    package var expiresOn: Day?
    package var state = State.active
    package var supersededBy: String?
    package var closedReason: String?
    package var closedOn: Day?

    package init(
        id: String, company: String, customer: String?, kind: Kind, payload: String, amount: Money, items: [Part],
        reference: String?, revision: Int, createdOn: Day, expiresOn: Day?
    ) {
        self.id = id
        self.company = company
        self.customer = customer
        self.kind = kind
        self.payload = payload
        self.amount = amount
        self.items = items
        self.reference = reference
        self.revision = revision
        self.createdOn = createdOn
        self.expiresOn = expiresOn
    }

    /// What can happen to a link.
    package enum Event: Hashable, Sendable {
        /// A payment for it was booked.
        case paid
        /// Items or amounts changed, and another link says so.
        case superseded(by: String?)
        case cancelled(reason: String)
        /// A day began.
        case dayBegan
    }

    package enum Effect: Hashable, Sendable {
        case unchanged
        case closed(State)
        /// Paid although it no longer counted in this state: a person looks at the money.
        case paidAfter(State)
        /// Paid twice with one payload: a person looks at the money.
        case paidAgain
    }

    /// Takes one event; `today` is the company's day.
    package mutating func receive(_ event: Event, on today: Day) -> Effect {
        switch event {
        case .paid:
            let before = state
            guard before != .paid else { return .paidAgain }
            close(.paid, on: today)
            return before == .active ? .closed(.paid) : .paidAfter(before)
        case .superseded(let other):
            guard state == .active else { return .unchanged }
            supersededBy = other
            return close(.superseded, on: today)
        case .cancelled(let reason):
            guard state == .active else { return .unchanged }
            closedReason = reason
            return close(.cancelled, on: today)
        case .dayBegan:
            guard state == .active, let last = expiresOn, last < today else { return .unchanged }
            return close(.expired, on: today)
        }
    }

    /// Compares it with what is open on its items, in minor units: a link is for what is open, never for more.
    /// - Parameters:
    ///   - isPaid: cash settled one of them.
    ///   - isReplaced: another invoice took the place of one of them.
    package mutating func compare(
        open: [String: Int64], isPaid: Bool, isReplaced: Bool = false, on today: Day
    ) -> Effect {
        guard state == .active else { return .unchanged }
        if isReplaced {
            closedReason = "an invoice that it asks for was replaced"
            return receive(.superseded(by: nil), on: today)
        }
        let left = items.map { max(0, open[$0.item] ?? 0) }
        guard left.contains(where: { $0 > 0 }) else {
            return receive(isPaid ? .paid : .cancelled(reason: "nothing is open on it any more"), on: today)
        }
        guard zip(items, left).contains(where: { $0.amount.minorUnits > $1 }) else { return .unchanged }
        closedReason = "less is open than it asks for"
        return receive(.superseded(by: nil), on: today)
    }

    @discardableResult
    private mutating func close(_ next: State, on day: Day) -> Effect {
        state = next
        closedOn = day
        return .closed(next)
    }

    /// The identifier of a link over these parts: the same parts and revision are the same link, in any order.
    package static func id(company: String, kind: Kind, parts: [Part], revision: Int) -> String {
        var builder = Fingerprint.Builder()
        builder.add("payment-link")
        builder.add(company)
        builder.add(kind.rawValue)
        for part in parts.sorted() {
            builder.add(part.item)
            builder.add(part.amount.minorUnits)
            builder.add(part.amount.currency.code)
        }
        builder.add(Int64(revision))
        return builder.finish().base32
    }
}
