// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Store

/// Finds what people and the agent name by number or id.
struct NameFinder {
    let company: String
    let session: Session

    /// The customer's id.
    func customer(_ name: String) throws -> String {
        let found = try session.customerIDs(company: company, named: name)
        guard let only = found.first else {
            throw Failure(
                "CUSTOMER-UNKNOWN", "There is no customer “\(name)”.",
                hint: "Give the id or number as tieout list customers prints it.")
        }
        guard found.count == 1 else {
            throw Failure(
                "CUSTOMER-AMBIGUOUS",
                "“\(name)” is the number of \(found.count) customers: \(found.joined(separator: ", ")).",
                hint: "Give the id.")
        }
        return only
    }

    /// The instalments of one invoice, oldest due first.
    func items(_ name: String, customer: String? = nil) throws -> [AccountItem] {
        var found = try session.accountItems(company: company, named: name)
        if let customer { found.removeAll { $0.item.customerID != customer } }
        guard !found.isEmpty else {
            let whose = customer.map { " of customer \($0)" } ?? ""
            throw Failure(
                "INVOICE-UNKNOWN", "There is no invoice “\(name)”\(whose).",
                hint: "Give the number or id as tieout list invoices prints it.")
        }
        // An id is one thing; a number may be several.
        let exact = found.filter { $0.item.id == name || $0.item.invoiceID == name }
        if !exact.isEmpty { return exact }
        let invoices = Set(found.map(\.item.invoiceID)).sorted()
        guard invoices.count == 1 else {
            throw Failure(
                "INVOICE-AMBIGUOUS",
                "“\(name)” is the number of \(invoices.count) invoices: \(invoices.joined(separator: ", ")).",
                hint: "Give the id.")
        }
        return found
    }
}
