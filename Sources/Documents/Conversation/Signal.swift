// SPDX-License-Identifier: Apache-2.0

/// What a customer meant, as the agent understood it: a claim with its evidence, never a booking.
package struct Signal: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case promise
        case claimedPayment = "claimed_payment"
        case dispute
        case invoiceRequest = "invoice_request"
        case optOut = "opt_out"
        /// An explicit message takes the opt-out back.
        case optIn = "opt_in"
        case hardship
        case wrongParty = "wrong_party"
        /// The person answered that the number is theirs.
        case identityConfirmed = "identity_confirmed"
        case planRequest = "plan_request"
        case callback
        /// Anything else goes to a person.
        case other
    }

    /// The agent's own id; a doubled delivery carries the same one.
    package var id: String
    package var company: String
    package var customerID: String
    package var kind: Kind
    package var at: Timestamp
    /// Invoice numbers or ids; empty when the customer named none.
    package var invoices: [String] = []
    package var amount: Money?
    package var promisedFor: Day?
    /// The customer's echoed yes to the promise as it was read back.
    package var confirmed = false
    /// The message this answers.
    package var messageID: String?
    /// The customer's own words, or where they are kept.
    package var text: String?
    /// Between 0 and 1, as the agent states it; nil when a person entered the signal.
    package var confidence: ScaledDecimal?

    package init(id: String, company: String, customerID: String, kind: Kind, at: Timestamp) {
        self.id = id
        self.company = company
        self.customerID = customerID
        self.kind = kind
        self.at = at
    }
}
