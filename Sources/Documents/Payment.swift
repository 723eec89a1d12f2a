// SPDX-License-Identifier: Apache-2.0

/// One movement of money as a bank, a provider or an accounting system states it.
///
/// Positive came in, negative went out (a return, a refund, or money that is no customer's).
package struct Payment: Hashable, Sendable {
    package enum Status: String, Sendable, CaseIterable {
        case booked
        /// Announced, authorised or failed: not cash.
        case pending, failed, information
    }

    /// The source's own identifier (camt `AcctSvcrRef`, a provider's charge id); nil where it has none.
    package var id: String?
    package var amount: Money
    package var originalAmount: Money?
    package var fee: Money?
    /// Interest and fine for late payment, and the discount for early payment, inside `amount` as the source states
    /// them (CNAB: juros de mora, multa, desconto).
    package var interest: Money?
    package var fine: Money?
    package var discount: Money?
    /// The bank's reference of the account entry that this movement is, or is a part of (camt `Ntry/AcctSvcrRef`).
    package var entryReference: String?
    /// The entry's whole amount, where this movement is one of several that it books together.
    package var entryAmount: Money?
    /// Our account it was booked on, the external book this payment is identified within.
    package var account: String?
    package var payerName: String?
    /// The other side's account, IBAN without spaces where it is one.
    package var payerAccount: String?
    package var remittance: String?
    package var structuredReference: String?
    package var endToEndID: String?
    /// The bank's own code: camt `BkTxCd` as `PMNT/RCDT/ESCT`, or a proprietary text.
    package var bankCode: String?
    package var customerID: String?
    package var method: String?
    /// What this movement takes back: an end-to-end id, a payment id, or a reason code when the source names only that.
    package var reverses: String?
    /// ISO 20022 external return reason (`AC04`, `MD06`), when the source says it is a return.
    package var returnReason: String?
    package var status: Status = .booked
    package var bookedOn: Day
    package var valuedOn: Day?
    package var postedOn: Day?
    package var provenance: Provenance

    package init(amount: Money, bookedOn: Day, provenance: Provenance) {
        self.amount = amount
        self.bookedOn = bookedOn
        self.provenance = provenance
    }

    package var postingDay: Day { postedOn ?? bookedOn }
    package var valueDay: Day { valuedOn ?? bookedOn }
}

/// A bank statement's frame: the balances its entries must connect. Of a report or a notification, what it adds up to.
package struct Statement: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// The account's book for its days: every booked entry.
        case statement
        /// Intraday (camt.052): some entries, some of them not booked yet.
        case report
        /// Single entries or their details (camt.054).
        case notification
    }

    package var kind: Kind = .statement
    /// The source's own identifier of the statement.
    package var id: String?
    package var account: String
    package var currency: Currency
    package var number: String?
    package var sequence: Int?
    package var from: Day?
    package var to: Day?
    package var openingBalance: Money?
    package var closingBalance: Money?
    package var openingOn: Day?
    package var closingOn: Day?
    /// All entries the statement lists, whatever their status.
    package var entryCount = 0
    package var credits: Money
    package var debits: Money
    /// Only entries with status booked: the ones the balances are made of.
    package var bookedCredits: Money
    package var bookedDebits: Money
    package var provenance: Provenance

    package init(account: String, currency: Currency, provenance: Provenance) {
        self.account = account
        self.currency = currency
        self.credits = .zero(currency)
        self.debits = .zero(currency)
        self.bookedCredits = .zero(currency)
        self.bookedDebits = .zero(currency)
        self.provenance = provenance
    }

    /// The entries are all of the days it names: a statement's, or those between two booked balances.
    package var provesDays: Bool { kind == .statement || openingBalance != nil && closingBalance != nil }
}
