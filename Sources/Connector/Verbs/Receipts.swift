// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Store

// What answers a customer: receipts for money, and copies of invoices.
extension SnapshotReader {
    /// Payments a confirmation may be due for, and copies that were asked for.
    func addAnswers(to view: inout AccountView) throws {
        let id = view.snapshot.customer.id
        let since = workplace.today - policy.confirmPaymentsWithinDays
        let claims = try session.claimedPayments(company: company.id, customer: id)
        let claimed = Set(claims.compactMap(\.paymentID))
        let payments =
            switch policy.confirmPayments {
            case .never: [String]()
            case .afterClaim: claimed.sorted()
            case .always: try session.receivedSince(company: company.id, customer: id, since: since)
            }
        for payment in payments {
            guard let receipt = try receipt(payment, for: id, since: since, answersClaim: claimed.contains(payment))
            else { continue }
            view.snapshot.receipts.append(receipt)
        }
        for request in try session.copyRequests(company: company.id, customer: id)
        where workplace.today - request.requestedOn <= 30 {
            guard let item = try session.item(company: company.id, id: request.itemID) else { continue }
            view.snapshot.copyRequests.append(
                AccountSnapshot.CopyRequest(id: request.id, line: line(item), document: request.document))
        }
    }

    /// What of a payment went to one customer. One payment may settle invoices of several: each hears of their own, and
    /// of the money that went to those.
    private func receipt(
        _ payment: String, for customer: String, since: Day, answersClaim: Bool
    ) throws -> AccountSnapshot.Receipt? {
        guard let found = try session.payment(company: company.id, id: payment), found.payment.bookedOn >= since
        else { return nil }
        var receipt = AccountSnapshot.Receipt(
            paymentID: payment, amount: found.payment.amount, bookedOn: found.payment.bookedOn, lines: [],
            answersClaim: answersClaim)
        var own: Int64 = 0
        var (isShared, isExchanged) = (found.customerID != customer, false)
        for line in try session.appliedItems(company: company.id, payment: payment) where line.amount.minorUnits > 0 {
            guard let item = try session.item(company: company.id, id: line.item), item.customerID == customer else {
                isShared = true
                continue
            }
            if line.amount.currency != receipt.amount.currency { isExchanged = true }
            own += line.amount.minorUnits
            receipt.lines.append(self.line(item))
            if let back = try session.lastReturn(company: company.id, item: item.id), back.day >= receipt.bookedOn {
                receipt.isReturned = true
            }
        }
        // How much of its money went to an item of another currency, nothing says.
        if isShared, isExchanged { return nil }
        if isShared { receipt.amount = Money(minorUnits: own, currency: receipt.amount.currency) }
        return receipt.lines.isEmpty ? nil : receipt
    }
}
