// SPDX-License-Identifier: Apache-2.0

/// Whose books these are.
package struct Company: Hashable, Sendable {
    package enum Authority: String, Sendable {
        /// The accounting system is the book of record; its open amounts are balance statements.
        case source
        /// Tieout keeps the book of record: the exports have no open amounts.
        case tieout
    }

    /// A receiving account that coverage watches.
    package struct Account: Hashable, Sendable {
        /// IBAN without spaces, or the provider's name.
        package var id: String
        /// The exact holder's name, for EPC and Pix payloads.
        package var holder: String?
        package var bic: String?
        package var currency: Currency?
        /// A Pix key, for Brazilian creditors.
        package var pixKey: String?
        package var city: String?

        package init(id: String) { self.id = id }
    }

    package var id: String
    package var legalName: String?
    package var address: String?
    package var taxID: String?
    package var accounts: [Account] = []
    package var homeCurrency: Currency?
    package var country: String?
    package var authority: Authority = .tieout
    /// Items open on this day enter with one opening entry at the source's open amount.
    package var cutOver: Day?
    package var calendar: BankingCalendar.Name = .target
    /// Declared by the creditor: its own invoices, not somebody else's debts. Without it nothing is sent.
    package var firstParty = false
    package var timeZone: String?

    package init(id: String) { self.id = id }
}
