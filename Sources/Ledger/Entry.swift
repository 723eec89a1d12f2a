// SPDX-License-Identifier: Apache-2.0
package import Documents

/// One fact of the append-only log: who did what to which item and which cash, on which day, and why.
///
///     log ──► Entry ──► postings (Chart)      every entry balances
///                  └──► ItemBalance            what is open on one item
///                  └──► CashBalance            what is left of one payment
///
/// An entry never changes. A mistake is undone by an entry with the opposite amount that names it in `undoes`.
package struct Entry: Hashable, Sendable {
    /// What happened. The raw value is stored; never renumber.
    package enum Kind: Int, Sendable, CaseIterable {
        /// An item entered receivables: `amount` is positive for a claim, negative for a credit note.
        case invoiced = 1
        /// An item that was open at cut-over, at the source's open amount.
        case opening = 2
        /// The item's amount changed by `amount` (a changed row, a void: minus what was left of it).
        case amended = 3
        /// A replacement took the original's place: the original's open amount, negative.
        case replaced = 4

        /// Money came in: `payment` has `amount` to spend.
        case received = 10
        /// Money went out and nobody has said yet what it was: no customer's cash until then.
        case paidOut = 11
        /// An outgoing entry is a return or chargeback: `amount` is negative and will reopen what it takes back.
        case returned = 12
        /// An outgoing entry is a refund: `amount` is negative and consumes unapplied cash or an open credit.
        case refunded = 13
        /// Money that came in and is not a customer's (`amount` positive).
        case setAside = 14
        /// The part of `payment` that paid interest and fines for paying `item` late (`amount` positive): income, and no
        /// part of any claim.
        case charged = 15

        /// Cash of `payment` on `item`; negative when a return takes it back.
        case applied = 20
        /// A credit note (`counter`) netted against an invoice (`item`).
        case netted = 21
        /// Cash of `payment` used up by the outgoing `counter` (a refund or return of unapplied cash).
        case consumed = 22
        /// Cash of `payment` that settled an item in another currency: the cash's side, in the cash's currency. The
        /// item's side is an `exchange` entry in its own currency under the same decision.
        case converted = 23
        /// A payment provider's word that `item` was paid, against the provider's clearing: positive for a charge, negative
        /// for a refund or chargeback, and the opposite with the `payment` that is the payout and brings the cash instead.
        /// `counter` is the charge's decision.
        case providerClearing = 24

        case discount = 30
        case fee = 31
        case withholding = 32
        case writeOff = 33
        case rounding = 34
        /// Settled by what came in another currency, of which `payment` is the cash (see `converted`); without a payment, a
        /// difference that a person books.
        case exchange = 35
        /// A written-off amount that came back to life because somebody paid it (`amount` negative: reopens).
        case recovered = 36

        /// The source states less open than we hold: the part without its cash, against source clearing.
        case sourceClearing = 40
        /// Absent from a complete snapshot: closed by source, cause unknown. Never cash, never a write-off.
        case closedBySource = 41
        /// What the source states as open for `item` as of `businessDay`. A memo: it moves nothing.
        case stated = 42

        /// `postingDay` is the last day of the month that was frozen; `note` holds the digest.
        case monthClosed = 50
        case monthReopened = 51

        package var movesMoney: Bool {
            switch self {
            case .stated, .monthClosed, .monthReopened: false
            default: true
            }
        }
    }

    package var kind: Kind
    package var company: String
    package var currency: Currency
    /// Minor units; the sign is the kind's own, as documented there.
    package var amount: Int64
    package var item: String?
    package var payment: String?
    /// The other document of a two-sided entry.
    package var counter: String?
    /// Opaque customer id; never a name.
    package var customer: String?
    /// Drives ledger, aging and roll-forward; never inside a closed month.
    package var postingDay: Day
    /// The day the fact belongs to by itself: the cash's booking day, the document's posting day, the as-of day.
    /// Differs from `postingDay` only where a closed month moved it (prior period).
    package var businessDay: Day
    package var recordedAt: Timestamp
    package var actor: String
    /// A stable reason code: `short_pay`, `bank_fee`, `person:goodwill`.
    package var reason: String?
    /// The rule that decided: `NUMBER-EXACT`, `PERSON`, `IMPORT`.
    package var rule: String
    /// Groups the entries of one decision, so that it can be undone as one.
    package var decision: String?
    /// The log position of the entry that this one takes back.
    package var undoes: Int64?

    package init(
        _ kind: Kind, company: String, amount: Money, item: String? = nil, payment: String? = nil,
        counter: String? = nil, customer: String? = nil, postingDay: Day, businessDay: Day? = nil,
        recordedAt: Timestamp, actor: String, reason: String? = nil, rule: String, decision: String? = nil,
        undoes: Int64? = nil
    ) {
        self.kind = kind
        self.company = company
        self.currency = amount.currency
        self.amount = amount.minorUnits
        self.item = item
        self.payment = payment
        self.counter = counter
        self.customer = customer
        self.postingDay = postingDay
        self.businessDay = businessDay ?? postingDay
        self.recordedAt = recordedAt
        self.actor = actor
        self.reason = reason
        self.rule = rule
        self.decision = decision
        self.undoes = undoes
    }

    package var money: Money { Money(minorUnits: amount, currency: currency) }

    /// Posted later than the day it belongs to, because that day's month was closed.
    package var isPriorPeriod: Bool {
        Month(of: businessDay) < Month(of: postingDay) && movesMoney
    }

    package var movesMoney: Bool { kind.movesMoney }

    /// The entry that takes this one back, dated and signed by who undoes it.
    package func undone(
        position: Int64, on day: Day, at time: Timestamp, actor: String, reason: String
    ) -> Entry {
        var copy = self
        copy.amount = 0 - amount
        copy.postingDay = max(day, postingDay)
        copy.recordedAt = time
        copy.actor = actor
        copy.reason = reason
        copy.rule = "UNDO"
        copy.undoes = position
        return copy
    }
}
