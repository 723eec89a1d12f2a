// SPDX-License-Identifier: Apache-2.0
package import Documents

/// What customers owe, one instalment at a time: the unit that is due, aged, paid and promised.
package struct OpenItem: Hashable, Sendable {
    package var company: String
    /// The invoice's id, with `/n` behind it when the invoice has several instalments.
    package var id: String
    package var invoiceID: String
    package var number: String
    package var kind: Invoice.Kind
    package var instalment: Int
    package var customerID: String
    package var currency: Currency
    package var issuedOn: Day
    package var dueOn: Day
    /// The day it entered the ledger.
    package var postingDay: Day
    package var balance: ItemBalance

    package init(
        company: String, id: String, invoiceID: String, number: String, kind: Invoice.Kind,
        instalment: Int, customerID: String, currency: Currency, issuedOn: Day, dueOn: Day,
        postingDay: Day, balance: ItemBalance = ItemBalance()
    ) {
        self.company = company
        self.id = id
        self.invoiceID = invoiceID
        self.number = number
        self.kind = kind
        self.instalment = instalment
        self.customerID = customerID
        self.currency = currency
        self.issuedOn = issuedOn
        self.dueOn = dueOn
        self.postingDay = postingDay
        self.balance = balance
    }

    /// What is open, with the sign of the claim: negative for a credit note.
    package var open: Money { Money(minorUnits: balance.open, currency: currency) }
    package var isCredit: Bool { balance.amount < 0 || kind == .creditNote }
    package func daysOverdue(on day: Day) -> Int { max(0, day - dueOn) }
}

/// The fold of one item's entries, in minor units, each term with the sign in which it lowers a claim.
package struct ItemBalance: Hashable, Sendable {
    /// Invoiced, opening and amendments.
    package var amount: Int64 = 0
    package var cash: Int64 = 0
    package var credit: Int64 = 0
    package var discount: Int64 = 0
    package var fee: Int64 = 0
    package var withholding: Int64 = 0
    package var writeOff: Int64 = 0
    package var rounding: Int64 = 0
    package var exchange: Int64 = 0
    /// Paid by a provider's word, whose payout has not taken its place yet; negative for what it took back again.
    package var provider: Int64 = 0
    /// Settled at the source without its cash; a bank entry that proves it takes its place.
    package var source: Int64 = 0
    /// What the source stated last, and as of which day.
    package var stated: Int64?
    package var statedAsOf: Day?

    package init() {}

    package var adjustments: Int64 { discount + fee + withholding + writeOff + rounding + exchange }
    /// Everything but source clearing.
    package var settled: Int64 { cash + credit + adjustments + provider }
    package var open: Int64 { amount - settled - source }

    /// Folds one entry that names the item as `item` or `counter`.
    package mutating func apply(_ entry: Entry, item: String) {
        if entry.item != item {
            // The credit note's side of a netting: it is used up by what the invoice gains.
            if entry.kind == .netted, entry.counter == item { credit -= entry.amount }
            return
        }
        switch entry.kind {
        case .invoiced, .opening, .amended, .replaced: amount += entry.amount
        case .applied: cash += entry.amount
        case .netted: credit += entry.amount
        case .discount: discount += entry.amount
        case .fee: fee += entry.amount
        case .withholding: withholding += entry.amount
        case .writeOff, .recovered: writeOff += entry.amount
        case .rounding: rounding += entry.amount
        case .exchange: exchange += entry.amount
        case .providerClearing: provider += entry.amount
        case .sourceClearing, .closedBySource: source += entry.amount
        case .stated:
            if statedAsOf.map({ entry.businessDay >= $0 }) ?? true {
                stated = entry.amount
                statedAsOf = entry.businessDay
            }
        case .received, .paidOut, .returned, .refunded, .setAside, .charged, .consumed, .converted, .monthClosed,
            .monthReopened:
            break
        }
    }
}

/// The fold of one payment's entries, in minor units with the payment's own sign.
package struct CashBalance: Hashable, Sendable {
    /// What became customer cash: received, returned or refunded. Zero for an outgoing entry nobody identified.
    package var booked: Int64 = 0
    package var applied: Int64 = 0
    /// What is on no item: no customer's money, and late charges.
    package var setAside: Int64 = 0
    /// Used for a refund or a return (positive on the cash that went back, negative on what took it).
    package var consumed: Int64 = 0

    package init() {}

    /// What is still to be applied, with the payment's sign.
    package var unapplied: Int64 { booked - applied - setAside - consumed }

    package mutating func apply(_ entry: Entry, payment: String) {
        if entry.payment != payment {
            if entry.kind == .consumed, entry.counter == payment { consumed -= entry.amount }
            return
        }
        switch entry.kind {
        case .received, .returned, .refunded: booked += entry.amount
        case .setAside, .charged: setAside += entry.amount
        case .applied, .converted: applied += entry.amount
        case .consumed: consumed += entry.amount
        case .paidOut, .invoiced, .opening, .amended, .replaced, .netted, .discount, .fee, .withholding,
            .writeOff, .rounding, .exchange, .recovered, .providerClearing, .sourceClearing, .closedBySource, .stated,
            .monthClosed, .monthReopened:
            break
        }
    }
}
