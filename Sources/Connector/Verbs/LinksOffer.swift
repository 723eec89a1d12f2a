// SPDX-License-Identifier: Apache-2.0
import Documents
import PaymentRequests

/// Makes the ways to pay that a message carries: one per currency, over what is left to pay.
struct LinkOffer {
    let company: Company
    let day: Day
    /// The structured reference of an item, where its invoice has one.
    let references: [String: String]

    func ways(_ facts: Message.Facts) -> [Message.HowToPay] {
        facts.totals.compactMap { total in
            guard total.net.isPositive else { return nil }
            let lines = facts.lines.filter { $0.open.currency == total.net.currency }
            return way(lines, net: total.net)
        }
    }

    private func way(_ lines: [Message.Line], net: Money) -> Message.HowToPay? {
        // What credits settle is taken off the youngest lines: the customer pays the oldest first.
        var left = net.minorUnits
        var parts: [PaymentLink.Part] = []
        for line in lines where left > 0 {
            let amount = min(left, line.asked.minorUnits)
            guard amount > 0 else { continue }
            left -= amount
            parts.append(
                PaymentLink.Part(
                    item: line.itemID, number: line.number,
                    amount: Money(minorUnits: amount, currency: net.currency)))
        }
        guard !parts.isEmpty else { return nil }
        var request = PaymentLink.Request(parts: parts, createdOn: day)
        request.reference = parts.count == 1 ? references[parts[0].item] : nil
        let reference = request.reference ?? lines.map(\.number).joined(separator: " ")
        guard let link = PaymentLink.make(for: company, request).value else {
            let account = company.accounts.first { ($0.currency ?? net.currency) == net.currency }
            return account.map {
                Message.HowToPay(
                    kind: "transfer", payload: "", amount: net, account: $0.id, holder: $0.holder ?? company.legalName,
                    reference: reference)
            }
        }
        let account = company.accounts.first { account in
            (account.currency ?? net.currency) == net.currency
                && (link.kind == .pix ? account.pixKey != nil : IBAN(account.id) != nil)
        }
        return Message.HowToPay(
            kind: link.kind.rawValue, payload: link.payload, amount: link.amount, account: account?.id,
            holder: account?.holder, reference: link.reference ?? reference)
    }
}
