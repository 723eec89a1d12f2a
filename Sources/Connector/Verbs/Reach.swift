// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Store

/// How much of the ledger a run of reconcile reads: a few payments against many items are decided on the items,
/// customers and earlier payments that they can have to do with. What is decided is the same (`Neighbourhood`), so
/// nobody chooses this; tests do.
package struct Reach: Sendable {
    /// Below so many items, reading them all takes no time.
    package var itemsMin: Int64
    /// How many items there are for each payment that waits, at least: at some sixty both ways would take the same time, be it a
    /// hundred thousand items or a million.
    package var itemsPerPayment: Int64
    /// How many entries the log has for each that is not proved yet, at least; else both identities are summed anew.
    package var entriesPerNew: Int64

    package init(itemsMin: Int64 = 20_000, itemsPerPayment: Int64 = 70, entriesPerNew: Int64 = 40) {
        self.itemsMin = itemsMin
        self.itemsPerPayment = itemsPerPayment
        self.entriesPerNew = entriesPerNew
    }

    /// Always all of it.
    package static let whole = Reach(itemsMin: .max, entriesPerNew: .max)

    func isSmall(_ session: Session, company: String) throws -> Bool {
        let items = try session.itemsMax()
        return try items >= itemsMin && session.waitingCount(company: company) * itemsPerPayment <= items
    }
}

extension Workplace {
    /// The part of the ledger for some payments, and for the charges behind the payouts among them.
    func near(_ payments: [MatchPayment], _ ledger: NearLedger, _ session: Session) throws -> Neighbourhood {
        let books = try session.settlementSources(company: company.id)
        let payouts = payments.filter { payment in
            !books.isEmpty && (payment.payerName.map { NameSearch($0).mayPayOut(books) } ?? false)
        }
        let charges = try payouts.isEmpty ? [] : session.settledCharges(company: company.id)
        var near = try ledger.neighbourhood(of: payments + Neighbourhood.charges(charges, behind: payouts))
        near.charges = charges
        near.expectations = try expectations(session)
        return near
    }
}
