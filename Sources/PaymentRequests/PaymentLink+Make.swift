// SPDX-License-Identifier: Apache-2.0
package import Documents

extension PaymentLink {
    /// What a link is asked for.
    package struct Request: Hashable, Sendable {
        package var parts: [Part]
        package var customer: String?
        /// The reference the customer should quote: ISO 11649 goes into its field, any other into the text.
        package var reference: String?
        /// Counts up when the same parts need another link, after a cancellation or an expiry.
        package var revision = 1
        package var createdOn: Day
        package var expiresOn: Day?
        /// One of the company's accounts; nil takes the first that fits.
        package var account: String?

        package init(parts: [Part], createdOn: Day) {
            self.parts = parts
            self.createdOn = createdOn
        }
    }

    /// A link to the company's own account, over what the parts sum to.
    ///
    /// Refused: no parts, an item twice, an assigned item, an amount that is not above zero, two currencies, no
    /// account that fits. EUR goes to an IBAN with a holder as EPC, BRL to a Pix key with holder and city.
    package static func make(for company: Company, _ request: Request) -> Checked<PaymentLink> {
        var found = FaultList()
        guard let total = total(of: request, into: &found), found.faults.isEmpty else {
            return .invalid(found.faults)
        }
        guard let (kind, account) = destination(company, request.account, total.currency) else {
            found.add(
                "LINK-ACCOUNT", at: .path("/account"),
                "\(company.id) has no account that takes \(total.currency) by EPC or Pix.",
                hint: "Give the account its holder and IBAN, or its Pix key and city, in the configuration.")
            return .invalid(found.faults)
        }
        let parts = request.parts.sorted()
        let id = Self.id(company: company.id, kind: kind, parts: parts, revision: request.revision)
        let payload: String
        let reference: String?
        switch kind {
        case .epc:
            switch epc(account, total, request) {
            case .invalid(let faults): return .invalid(faults)
            case .valid(let value): (payload, reference) = (value.payload, value.reference ?? value.text)
            }
        case .pix:
            switch pix(account, total, request, id: id) {
            case .invalid(let faults): return .invalid(faults)
            case .valid(let value): (payload, reference) = (value.payload, value.transactionID)
            }
        }
        return .valid(
            PaymentLink(
                id: id, company: company.id, customer: request.customer, kind: kind, payload: payload, amount: total,
                items: parts, reference: reference, revision: request.revision, createdOn: request.createdOn,
                expiresOn: request.expiresOn))
    }

    private static func total(of request: Request, into found: inout FaultList) -> Money? {
        guard let first = request.parts.first else {
            found.add("LINK-EMPTY", at: .path("/items"), "No open item is named.", hint: "Name at least one.")
            return nil
        }
        var total = Money.zero(first.amount.currency)
        var seen: Set<String> = []
        for (index, part) in request.parts.enumerated() {
            let place = Position.path("/items/\(index)")
            let name = part.number ?? part.item
            if !seen.insert(part.item).inserted {
                found.add("LINK-TWICE", at: place, "\(name) is named twice.", hint: "Name each open item once.")
            }
            if let holder = part.assignedTo {
                found.add(
                    "LINK-ASSIGNED", at: place, "\(name) is assigned to \(holder): it is not paid to us.",
                    hint: "Leave it out; the holder asks for it.")
            }
            if !part.amount.isPositive {
                found.add("LINK-AMOUNT", at: place, "\(name) asks for \(part.amount).", hint: "Ask for more than zero.")
            }
            guard let sum = total.adding(part.amount), sum.minorUnits <= Money.magnitudeMax else {
                found.add(
                    "LINK-CURRENCY", at: place, "\(part.amount) cannot be added to \(total).",
                    hint: "Make one link per currency.")
                return nil
            }
            total = sum
        }
        if let last = request.expiresOn, last < request.createdOn {
            found.add(
                "LINK-EXPIRES", at: .path("/expires"), "It ends on \(last), before it begins.",
                hint: "Choose a later day.")
        }
        return total
    }

    private static func destination(
        _ company: Company, _ wanted: String?, _ currency: Currency
    ) -> (Kind, Company.Account)? {
        for account in company.accounts where wanted.map({ $0 == account.id }) ?? true {
            guard (account.currency ?? currency) == currency else { continue }
            if currency == .eur, account.holder?.nonEmpty != nil, IBAN(account.id) != nil {
                return (.epc, account)
            }
            if currency == .brl, account.holder?.nonEmpty != nil, account.pixKey?.nonEmpty != nil,
                account.city?.nonEmpty != nil
            {
                return (.pix, account)
            }
        }
        return nil
    }

    private static func epc(
        _ account: Company.Account, _ total: Money, _ request: Request
    ) -> Checked<EPCPayload> {
        let creditor = request.reference.flatMap { CreditorReference($0) }
        return EPCPayload.make(
            name: account.holder ?? "", iban: account.id, bic: account.bic, amount: total,
            reference: creditor?.text,
            text: creditor == nil ? request.reference?.nonEmpty ?? numbers(request.parts, max: 140) : nil)
    }

    /// Holder and city are folded to ASCII and cut to what the code holds: payers see the directory's name.
    private static func pix(
        _ account: Company.Account, _ total: Money, _ request: Request, id: String
    ) -> Checked<PixPayload> {
        let key = account.pixKey ?? ""
        let room = 99 - 18 - 4 - (PixKey(key)?.text.utf8.count ?? 0) - 4
        let information = numbers(request.parts, max: max(0, min(room, 72)))?.foldedToASCII
        return PixPayload.make(
            key: key, name: cut(account.holder ?? "", PixPayload.nameCountMax),
            city: cut(account.city ?? "", PixPayload.cityCountMax), amount: total,
            transactionID: transactionID(request, id: id), information: information)
    }

    private static func cut(_ text: String, _ max: Int) -> String {
        String(text.foldedToASCII.prefix(max)).trimmed
    }

    /// The reference, else the only invoice's number, in letters and digits; what is too long, the link's own id.
    private static func transactionID(_ request: Request, id: String) -> String {
        let only = request.parts.count == 1 ? request.parts[0].number : nil
        let letters = (request.reference ?? only ?? "").utf8.filter(\.isLetterOrDigit)
        let fits = (1...PixPayload.transactionIDCountMax).contains(letters.count)
        return fits
            ? String(decoding: letters, as: UTF8.self) : String(id.suffix(PixPayload.transactionIDCountMax))
    }

    /// The invoice numbers in item order, as many whole ones as fit, then how many more there are.
    private static func numbers(_ parts: [Part], max: Int) -> String? {
        let all = parts.sorted().compactMap(\.number)
        var text = ""
        for (index, number) in all.enumerated() {
            let next = text.isEmpty ? number : "\(text) \(number)"
            let left = all.count - index - 1
            let tail = left > 0 ? " +\(left)".utf8.count : 0
            guard next.utf8.count + tail <= max else {
                return text.isEmpty ? nil : "\(text) +\(all.count - index)"
            }
            text = next
        }
        return text.nonEmpty
    }
}
