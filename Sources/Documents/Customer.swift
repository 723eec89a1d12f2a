// SPDX-License-Identifier: Apache-2.0

/// Who owes: the master data of one customer as a source states it.
package struct Customer: Hashable, Sendable {
    package enum PartyType: String, Sendable, CaseIterable {
        case business, consumer
        case soleTrader = "sole_trader"
    }

    package var id: String
    package var number: String?
    package var name: String?
    package var legalName: String?
    /// Unknown counts as consumer.
    package var partyType: PartyType?
    /// E.164 with `+` where it could be read so, else the text as given.
    package var phone: String?
    package var email: String?
    /// ISO 3166-1 alpha-2.
    package var country: String?
    /// BCP 47: `nl`, `pt-BR`.
    package var language: String?
    /// IANA name: `Europe/Amsterdam`.
    package var timeZone: String?
    package var account: String?
    package var taxID: String?
    package var parentID: String?
    package var parentName: String?
    package var parentAccount: String?
    package var segment: String?
    package var tags: [String] = []
    package var optedIn: Bool?
    package var optedOut: Bool?
    package var doNotAutomate: Bool?
    package var provenance: Provenance

    package init(id: String, provenance: Provenance) {
        self.id = id
        self.provenance = provenance
    }
}

/// A promise to pay as a file or a person states it, before the promise machine has seen it.
package struct PromiseRecord: Hashable, Sendable {
    package var id: String?
    package var customerID: String?
    /// Invoice number or id; nil promises the customer's whole overdue balance.
    package var invoiceID: String?
    /// In the company's currency where `isCurrencyStated` is false.
    package var amount: Money
    /// Else the amount is in the currency of what it is promised for.
    package var isCurrencyStated = true
    package var promisedFor: Day
    package var promisedOn: Day
    package var takenBy: String?
    package var channel: String?
    package var provenance: Provenance

    package init(amount: Money, promisedFor: Day, promisedOn: Day, provenance: Provenance) {
        self.amount = amount
        self.promisedFor = promisedFor
        self.promisedOn = promisedOn
        self.provenance = provenance
    }
}

/// A control total: what the source says the balance is.
package struct Balance: Hashable, Sendable {
    package var account: String?
    /// Nil for the whole company.
    package var customerID: String?
    package var asOf: Day
    package var amount: Money
    package var provenance: Provenance

    package init(asOf: Day, amount: Money, provenance: Provenance) {
        self.asOf = asOf
        self.amount = amount
        self.provenance = provenance
    }
}

/// What a source says a payment paid.
package struct StatedAllocation: Hashable, Sendable {
    package var paymentID: String
    package var invoiceID: String
    package var amount: Money
    package var reason: String?
    package var postedOn: Day?
    package var provenance: Provenance

    package init(paymentID: String, invoiceID: String, amount: Money, provenance: Provenance) {
        self.paymentID = paymentID
        self.invoiceID = invoiceID
        self.amount = amount
        self.provenance = provenance
    }
}

/// A provider's line behind a payout.
package struct SettlementLine: Hashable, Sendable {
    package var payoutID: String
    package var id: String?
    package var kind: String
    package var gross: Money
    package var fee: Money
    package var net: Money
    package var reference: String?
    package var customerName: String?
    package var occurredOn: Day
    package var status: String?
    package var provenance: Provenance

    package init(
        payoutID: String, kind: String, gross: Money, fee: Money, net: Money, occurredOn: Day,
        provenance: Provenance
    ) {
        self.payoutID = payoutID
        self.kind = kind
        self.gross = gross
        self.fee = fee
        self.net = net
        self.occurredOn = occurredOn
        self.provenance = provenance
    }
}

/// An exchange rate with its source: one `base` is `value` `quote`.
package struct Rate: Hashable, Sendable {
    package var day: Day
    package var base: Currency
    package var quote: Currency
    package var value: ScaledDecimal
    package var origin: String?
    package var provenance: Provenance

    package init(day: Day, base: Currency, quote: Currency, value: ScaledDecimal, provenance: Provenance) {
        self.day = day
        self.base = base
        self.quote = quote
        self.value = value
        self.provenance = provenance
    }
}
