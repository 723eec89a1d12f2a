// SPDX-License-Identifier: Apache-2.0
import Reconciliation
import Store

/// What matching reads of all of a company's books, but for charges and for the payments that wait.
///
/// It may be read beside the transaction that books the charges: what is known of items is brought up to date afterwards,
/// and nothing else of it changes by them.
struct WholeLedger: Sendable {
    let history: [PastPayment]
    private(set) var items: StoredItems
    let customers: [MatchCustomer]

    init(_ session: Session, company: String) throws {
        history = try session.pastPayments(company: company)
        items = try StoredItems(session, company: company)
        customers = try session.matchCustomers(company: company)
    }

    /// Hands the items over, so that nobody keeps them twice.
    mutating func takeItems() -> ItemShelf { items.takeShelf() }

    /// As it was read beside the transaction, with what the transaction booked since; or read now.
    static func taken(_ read: Aside<WholeLedger>?, _ session: Session, company: String) throws -> WholeLedger {
        guard var ledger = try read?.take() else { return try WholeLedger(session, company: company) }
        try ledger.items.update(session, company: company)
        return ledger
    }
}
