// SPDX-License-Identifier: Apache-2.0

package import Documents

// What matching is told. The caller (Store, Connector) fills these from the ledger; matching knows no store.

/// One open item, or a closed one that a text may still name.
package struct MatchItem: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case invoice
        case creditNote = "credit_note"
        case debitNote = "debit_note"
        case prepayment
    }

    /// An early-payment discount in money, worked out by the caller from the document's terms.
    package struct Discount: Hashable, Sendable {
        package enum Base: String, Sendable { case gross, net }
        /// 2 means 2 %; nil when only the amount is stated.
        package var percent: ScaledDecimal?
        /// Minor units off the item; nil when only the percentage is stated.
        package var amount: Int64?
        /// Minor units the percentage is taken of; nil for the item's total.
        package var base: Int64?
        package var until: Day

        package init(percent: ScaledDecimal? = nil, amount: Int64? = nil, base: Int64? = nil, until: Day) {
            self.percent = percent
            self.amount = amount
            self.base = base
            self.until = until
        }
    }

    /// The open item's id.
    package var id: String
    package var invoiceID: String
    /// The number the customer knows; instalments of one invoice share it.
    package var number: String
    package var customerID: String?
    package var kind: Kind
    package var currency: Currency
    package var issuedOn: Day
    package var dueOn: Day?
    /// Minor units; positive is owed to us, negative for a credit.
    package var total: Int64
    /// Minor units still open, with the sign of the claim.
    package var open: Int64
    /// Minor units the accounting system calls settled without showing its cash (same sign as `open`). A payment
    /// booked on or before `statedAsOf` may prove it, and then replaces that clearing instead of paying again.
    package var provable: Int64 = 0
    package var statedAsOf: Day?
    /// Minor units that the document takes off as paid in advance (EN 16931 BT-113), until a receipt is linked to it.
    package var prepaid: Int64 = 0
    /// The item that took this one's place.
    package var replacedBy: String?
    /// The number of the invoice that a credit note says it corrects.
    package var corrects: String?
    package var structuredReference: String?
    package var purchaseOrder: String?
    package var discounts: [Discount] = []

    /// Nothing is left to pay and nothing to prove.
    package var isClosed: Bool { open == 0 && provable == 0 }

    package init(
        id: String, invoiceID: String, number: String, customerID: String?, kind: Kind = .invoice,
        currency: Currency, issuedOn: Day, dueOn: Day? = nil, total: Int64, open: Int64
    ) {
        self.id = id
        self.invoiceID = invoiceID
        self.number = number
        self.customerID = customerID
        self.kind = kind
        self.currency = currency
        self.issuedOn = issuedOn
        self.dueOn = dueOn
        self.total = total
        self.open = open
    }
}

/// Who may pay: the master data that a payment's counterparty is compared with.
package struct MatchCustomer: Hashable, Sendable {
    package var id: String
    package var number: String?
    package var name: String?
    /// Known accounts: IBANs or local numbers, any spacing.
    package var accounts: [String] = []
    package var parentName: String?
    package var parentAccount: String?

    package init(id: String, number: String? = nil, name: String? = nil) {
        self.id = id
        self.number = number
        self.name = name
    }
}

/// One movement of money to decide on.
package struct MatchPayment: Hashable, Sendable {
    package var id: String
    /// Minor units; positive came in, negative went out.
    package var amount: Int64
    package var currency: Currency
    /// What the payer ordered, before the bank changed the currency; minor units.
    package var originalAmount: Money?
    /// Nil where the source states nothing beside the amount.
    package var stated: StatedParts?
    package var bookedOn: Day
    package var valuedOn: Day?
    package var payerName: String?
    package var payerAccount: String?
    package var remittance: String?
    package var structuredReference: String?
    package var endToEndID: String?
    package var bankCode: String?
    /// An end-to-end id or payment id that this movement takes back.
    package var reverses: String?
    package var returnReason: String?
    /// The customer, where the source itself says so.
    package var customerID: String?
    /// The amount is what is left of it: another part was used before.
    package var isPart = false
    /// The other side's account is known, and is not the one that it is booked on.
    package var isBetweenAccounts = false

    package init(id: String, amount: Int64, currency: Currency, bookedOn: Day) {
        self.id = id
        self.amount = amount
        self.currency = currency
        self.bookedOn = bookedOn
    }
}

/// What a source states to be inside a payment's amount, or taken off it, beside the principal (CNAB: juros, multa,
/// desconto and abatimento; camt: charges that are inside the amount); minor units of the payment's currency, none of them negative.
///
/// A class: hardly one payment in a thousand has it.
package final class StatedParts: Hashable, Sendable {
    package let interest: Int64
    package let fine: Int64
    package let discount: Int64
    /// What the bank kept for itself.
    package let fee: Int64

    /// Nil where all are zero.
    package init?(interest: Int64, fine: Int64, discount: Int64, fee: Int64 = 0) {
        guard interest > 0 || fine > 0 || discount > 0 || fee > 0 else { return nil }
        self.interest = max(0, interest)
        self.fine = max(0, fine)
        self.discount = max(0, discount)
        self.fee = max(0, fee)
    }

    package static func == (left: StatedParts, right: StatedParts) -> Bool {
        left.interest == right.interest && left.fine == right.fine && left.discount == right.discount
            && left.fee == right.fee
    }

    /// The same for a fee that is no part of the claim: it may have been taken beside the amount.
    var withoutFee: StatedParts? { StatedParts(interest: interest, fine: fine, discount: discount) }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(interest)
        hasher.combine(fine)
        hasher.combine(discount)
        hasher.combine(fee)
    }

    var charges: Int64 { interest &+ fine }

    /// What a payment of this amount pays of a claim; nil where the parts do not fit into it.
    func principal(of amount: Int64) -> Int64? {
        let most = Money.magnitudeMax
        guard max(interest, fine, discount, fee, amount) <= most, charges < amount else { return nil }
        let principal = amount - charges + discount + fee
        return principal <= most ? principal : nil
    }
}

/// A payment that was decided before this run, with what it settled; `open` amounts already hold its effect.
package struct PastPayment: Hashable, Sendable {
    package var payment: MatchPayment
    package var lines: [Line]
    /// Taken back by a return since.
    package var isReturned: Bool
    /// The rule that decided it; nil when it is not known.
    package var rule: Rule?
    /// A person decided it, or agreed to what was proposed.
    package var isByPerson: Bool
    /// Minor units of it that wait; nil for what its lines leave.
    package var rest: Int64?

    package init(
        payment: MatchPayment, lines: [Line], isReturned: Bool = false, rule: Rule? = nil, isByPerson: Bool = false,
        rest: Int64? = nil
    ) {
        self.rule = rule
        self.isByPerson = isByPerson
        self.rest = rest
        self.payment = payment
        self.lines = lines
        self.isReturned = isReturned
    }
}

/// Money a customer said will come: an active promise or a claimed payment. Evidence, never an order.
package struct AnnouncedMoney: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case promise
        case claimedPayment = "claimed payment"
    }

    package var kind: Kind
    package var customerID: String
    /// The items it is for; empty for the whole balance.
    package var itemIDs: [String]
    package var currency: Currency
    package var amount: Int64
    /// Between these days money counts as what was announced.
    package var from: Day
    package var through: Day
    /// For which day it was promised, or on which day it was said to be paid.
    package var day: Day?

    package init(
        kind: Kind, customerID: String, itemIDs: [String], currency: Currency, amount: Int64, from: Day,
        through: Day, day: Day? = nil
    ) {
        self.day = day
        self.kind = kind
        self.customerID = customerID
        self.itemIDs = itemIDs
        self.currency = currency
        self.amount = amount
        self.from = from
        self.through = through
    }

    /// `for 2026-09-08`: as it was said, and not how long money may come that counts as this.
    var told: String {
        guard let day else { return "through \(through)" }
        return kind == .promise ? "for \(day)" : "as said on \(day)"
    }
}

/// One charge, refund or fee behind a provider's payout.
package struct SettledCharge: Hashable, Sendable {
    package enum Kind: String, Sendable { case charge, refund, chargeback, fee, reserve, adjustment }

    /// What the books say of it before its payout comes.
    package enum Standing: Hashable, Sendable {
        /// Nothing.
        case none
        /// It stands on this item against the provider's clearing.
        case booked(itemID: String)
        /// A payout brought it already, a person took it off its item, or it lies on several: no payout is sure of it.
        case elsewhere
    }

    package var kind = Kind.charge
    /// Whose book it is from: the configured source's id, or the mapping's name; empty where nobody says.
    package var source = ""
    package var payoutID: String
    package var currency: Currency
    /// Minor units before the provider's fee; negative for a refund or chargeback.
    package var gross: Int64
    package var fee: Int64
    /// Minor units that the payout carries: gross less fee.
    package var net: Int64
    /// What the shop or the payer gave as reference: an invoice number or an order.
    package var reference: String?
    package var customerName: String?
    package var occurredOn: Day

    package var standing = Standing.none

    package init(payoutID: String, currency: Currency, gross: Int64, fee: Int64, net: Int64, occurredOn: Day) {
        self.payoutID = payoutID
        self.currency = currency
        self.gross = gross
        self.fee = fee
        self.net = net
        self.occurredOn = occurredOn
    }
}

/// What one unit of `base` was worth in `quote` on a day, by a source that can be named.
package struct QuotedRate: Hashable, Sendable {
    package var base: Currency
    package var quote: Currency
    package var day: Day
    package var value: ScaledDecimal
    package var origin: String

    package init(base: Currency, quote: Currency, day: Day, value: ScaledDecimal, origin: String) {
        self.base = base
        self.quote = quote
        self.day = day
        self.value = value
        self.origin = origin
    }
}

/// What a person said that a payment is not for, or took back: items, the payment that went back, or the payment's own id
/// for what names neither; and of each what they did, as a sentence begins: `anna took this match back (wrong customer)`.
package typealias RefusedThings = [String: String]
