// SPDX-License-Identifier: Apache-2.0
import Documents

/// Whose audit file it is, and how its values are read.
struct SAFTBook {
    let origin: Provenance.Origin
    let currency: Currency
    let seller: String?
    let sellerTaxID: String?
    /// The period's last day, where it is stated as one.
    let end: Day?

    static func open(_ header: XMLNode<SAFTName>, _ origin: Provenance.Origin) -> Result<SAFTBook, Fault.AsError> {
        let stated = header[.currencyCode] ?? header[.defaultCurrencyCode]
        guard let currency = stated?.currencyCode else {
            let said = stated?.text.map { "is \($0.prefix(10)), no currency of ISO 4217" } ?? "is not stated"
            return .failure(
                Fault.AsError(
                    Fault(
                        "SAFT-CURRENCY", .refusal, at: (stated ?? header).position, "the file's currency \(said)",
                        hint: "Export SAF-T again with its currency (CurrencyCode, DefaultCurrencyCode).")))
        }
        let company = header[.company]
        return .success(
            SAFTBook(
                origin: origin, currency: currency,
                seller: (header[.companyName] ?? company?[.name])?.line1,
                sellerTaxID: (header[.taxRegistrationNumber] ?? company?[.taxRegistration]?[.taxRegistrationNumber]
                    ?? company?[.registrationNumber])?.line1,
                end: (header[.endDate] ?? header[.selection]?[.selectionEnd])?.day))
    }

    // MARK: Values

    /// An amount that must be exact, in the element itself or in its `Amount`.
    func exact(
        _ node: XMLNode<SAFTName>, what: String, _ faults: inout [Fault]
    ) -> Money? {
        switch XMLAmount.read(node[.amount] ?? node, currency, what: what, severity: .row) {
        case .success(let money): return money
        case .failure(let failure):
            faults.append(failure.fault)
            return nil
        }
    }

    /// A part's amount; parts may have more decimals than the currency, and are rounded as their total was.
    func rounded(_ node: XMLNode<SAFTName>?) -> Money? {
        guard let node else { return nil }
        return (node[.amount] ?? node).decimal?.money(currency, rounding: .halfUp)
    }

    /// Text, unless it says that there is none (`Desconhecido` is prescribed in Portugal).
    static func known(_ node: XMLNode<SAFTName>?) -> String? {
        guard let text = node?.line1, text.lowercased() != "desconhecido" else { return nil }
        return text
    }

    // MARK: Customers

    func customer(_ node: XMLNode<SAFTName>) -> Customer? {
        guard let id = node[.customerID]?.line1 else { return nil }
        var customer = Customer(id: id, provenance: Provenance(origin, at: node.position))
        customer.number = id
        customer.name = Self.known(node[.companyName] ?? node[.name])
        let taxID =
            node[.customerTaxID] ?? node[.taxRegistration]?[.taxRegistrationNumber] ?? node[.registrationNumber]
        // The number of all who have not given one: "consumidor final".
        customer.taxID = Self.known(taxID).flatMap { Set(["999999990", "999999999"]).contains($0) ? nil : $0 }
        let country = Self.known((node[.billingAddress] ?? node[.address])?[.country])
        customer.country = country.flatMap { $0.utf8.count == 2 ? $0.uppercased() : nil }
        customer.phone = Self.known(node[.telephone] ?? node[.contact]?[.telephone])
        customer.email = Self.known(node[.email] ?? node[.contact]?[.email])
        customer.account = node[.bankAccount]?[.iban]?.text.map { String($0.filter { $0 != " " }) }
        return customer
    }

    private func balance(
        _ node: XMLNode<SAFTName>, _ debit: SAFTName, _ credit: SAFTName
    ) -> Money? {
        let places = [node] + node.all(.balanceAccount)
        for place in places {
            if let money = rounded(place[debit]) { return money }
            if let money = rounded(place[credit]) { return -money }
        }
        return nil
    }

    /// What the customer owes at the period's end, to be compared with the books.
    func closing(_ node: XMLNode<SAFTName>, _ customer: String) -> Balance? {
        guard let end, let amount = balance(node, .closingDebit, .closingCredit) else { return nil }
        var balance = Balance(asOf: end, amount: amount, provenance: Provenance(origin, at: node.position))
        balance.customerID = customer
        return balance
    }

    func hasOpening(_ node: XMLNode<SAFTName>) -> Bool {
        balance(node, .openingDebit, .openingCredit).map { !$0.isZero } ?? false
    }
}
