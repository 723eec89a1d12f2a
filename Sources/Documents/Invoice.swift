// SPDX-License-Identifier: Apache-2.0

/// An invoice, credit note, debit note or prepayment request as one source states it.
///
/// Amounts carry the sign of the claim: positive is owed to us, so every amount of a credit note is negative
/// whatever the source's own convention.
package struct Invoice: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case invoice
        case creditNote = "credit_note"
        case debitNote = "debit_note"
        case prepayment
    }

    package enum Status: String, Sendable, CaseIterable {
        case draft, open, paid, void, disputed
        case writtenOff = "written_off"
    }

    package enum Correction: String, Sendable, CaseIterable {
        /// Adds to or takes from the original, which stays.
        case difference
        /// Takes the original's place: the original's open amount is closed in the same entry.
        case replacement
    }

    package struct Instalment: Hashable, Sendable {
        /// 1, 2, 3 … in order of due day.
        package var n: Int
        package var dueOn: Day
        package var amount: Money
        package var open: Money?
        package var paidOn: Day?

        package init(n: Int, dueOn: Day, amount: Money, open: Money? = nil, paidOn: Day? = nil) {
            self.n = n
            self.dueOn = dueOn
            self.amount = amount
            self.open = open
            self.paidOn = paidOn
        }
    }

    /// An early-payment discount: `percent` (2 means 2 %) or `amount`, when paid on or before `until`.
    package struct Discount: Hashable, Sendable {
        package enum Base: String, Sendable, CaseIterable { case gross, net }
        package var percent: ScaledDecimal?
        package var amount: Money?
        package var base: Base
        package var until: Day

        package init(percent: ScaledDecimal? = nil, amount: Money? = nil, base: Base = .gross, until: Day) {
            self.percent = percent
            self.amount = amount
            self.base = base
            self.until = until
        }
    }

    package struct Tax: Hashable, Sendable {
        package var rate: ScaledDecimal
        package var net: Money
        package var tax: Money

        package init(rate: ScaledDecimal, net: Money, tax: Money) {
            self.rate = rate
            self.net = net
            self.tax = tax
        }
    }

    /// A file inside the document; the PDF among them is what `resend` sends.
    package struct Attachment: Hashable, Sendable {
        package var name: String
        package var mediaType: String
        package var bytes: [UInt8]

        package init(name: String, mediaType: String, bytes: [UInt8]) {
            self.name = name
            self.mediaType = mediaType
            self.bytes = bytes
        }
    }

    /// The source's own identifier; nil where it has none.
    package var id: String?
    /// The number the customer knows (EN 16931 BT-1); text, leading zeros kept.
    package var number: String
    package var kind: Kind
    package var currency: Currency
    package var customerID: String?
    package var customerName: String?
    package var reference: String?
    package var total: Money?
    /// What the source says is still open: a balance statement, never a movement.
    package var open: Money?
    package var issuedOn: Day
    package var dueOn: Day?
    package var provenance: Provenance
    var rest = Box()

    package init(number: String, kind: Kind, currency: Currency, issuedOn: Day, provenance: Provenance) {
        self.number = number
        self.kind = kind
        self.currency = currency
        self.issuedOn = issuedOn
        self.provenance = provenance
    }

    /// What enters receivables: the stated payable, else the total (`accounting.md`, Days: `invoiced`).
    package var receivable: Money? { payable ?? total }

    /// The day that drives ledger and aging: the source's posting day, else the issue day.
    package var postingDay: Day { postedOn ?? issuedOn }
}
