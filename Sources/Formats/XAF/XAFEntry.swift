// SPDX-License-Identifier: Apache-2.0
import Documents

/// Whose audit file it is, and how its values are read.
struct XAFBook {
    let origin: Provenance.Origin
    let currency: Currency
    let start: Day?
    let terms: [String: XAFSurvey.Terms]

    /// Signed as a claim: a debit is owed to us.
    func amount(_ node: XMLNode<XAFName>, _ faults: inout FileFaults) -> Money? {
        guard let stated = node[.amount] else {
            faults.add(
                "XAF-AMOUNT", .row, at: node.position, "the line has no amount (amnt)",
                hint: "It was left out; export the audit file again.")
            return nil
        }
        let type = node[.amountType]?.text
        guard type == "D" || type == "C" else {
            faults.add(
                "XAF-AMOUNT", .row, at: node.position,
                "the line's amntTp is \((type ?? "missing").prefix(20)): D or C was expected",
                hint: "It was left out; export the audit file again.")
            return nil
        }
        switch XMLAmount.read(stated, currency, what: "the line's amount", severity: .row) {
        case .success(let money): return type == "C" ? -money : money
        case .failure(let failure):
            faults.add(failure.fault)
            return nil
        }
    }

    func invoice(
        _ number: String, _ amount: Money, _ customer: String, issuedOn: Day, at node: XMLNode<XAFName>
    ) -> Invoice {
        let stated = terms[XAFSurvey.key(customer, number)]
        var invoice = Invoice(
            number: number, kind: amount.isNegative ? .creditNote : .invoice, currency: currency,
            issuedOn: stated?.issuedOn ?? issuedOn, provenance: Provenance(origin, at: node.position))
        if invoice.issuedOn != issuedOn { invoice.postedOn = issuedOn }
        invoice.dueOn = stated?.dueOn
        invoice.customerID = customer
        invoice.total = amount
        invoice.statedNegated = amount.isNegative
        if let block = node[.currency], let foreign = block[.currencyCode]?.currencyCode, foreign != currency,
            let money = block[.currencyAmount]?.decimal?.money(foreign)
        {
            invoice.currency = foreign
            invoice.total = amount.isNegative ? -money.magnitude : money.magnitude
            invoice.totalBase = amount
        }
        return invoice
    }
}

/// Which ledger accounts are receivables; the file does not say it outright.
struct XAFAccounts {
    private var ids: Set<String> = []
    var isEmpty: Bool { ids.isEmpty }

    /// By its code in the Dutch reference chart (RGS `BVorDeb`), else by its name.
    mutating func add(_ node: XMLNode<XAFName>) {
        guard let id = node[.accountID]?.text, node[.accountType]?.text != "P" else { return }
        if let code = node[.leadCode]?.text, code.hasPrefix("BVor") {
            if code.hasPrefix("BVorDeb") { ids.insert(id) }
            return
        }
        let name = node[.accountName]?.text?.lowercased() ?? ""
        guard !["voorziening", "dubieuz", "crediteur", "tussenrekening"].contains(where: name.contains) else { return }
        if Self.names.contains(where: name.contains) { ids.insert(id) }
    }

    private static let names = [
        "debiteur", "handelsvordering", "accounts receivable", "trade receivable", "trade debtor", "debtors",
    ]

    /// A sales journal's counter account.
    mutating func salesOffset(_ id: String) { ids.insert(id) }

    func isReceivable(_ id: String) -> Bool { ids.contains(id) }
}

/// What one transaction does to one customer's account.
struct XAFEntry {
    enum Kind {
        case sale, money, purchase, other

        init(_ journalType: String?) {
            switch journalType {
            case "S": self = .sale
            case "B", "C": self = .money
            case "P": self = .purchase
            default: self = .other
            }
        }
    }

    let kind: Kind
    let customer: String
    let reference: String?
    /// Signed as a claim.
    var amount: Money
    let line: XMLNode<XAFName>

    /// What the lines of a transaction share; looked up once, as there may be many lines.
    struct Head {
        let node: XMLNode<XAFName>
        let day: Day?
        let description: String?
        /// Journal and number.
        let place: String
        let isCash: Bool

        init(_ transaction: XMLNode<XAFName>, _ journal: XMLNode<XAFName>) {
            node = transaction
            day = transaction[.day]?.day
            description = transaction[.description]?.line1
            place = [journal[.journalID]?.line1, transaction[.number]?.line1].compactMap { $0 }.joined(separator: "/")
            isCash = journal[.journalType]?.text == "C"
        }
    }

    func documents(_ head: Head, _ book: XAFBook, _ faults: inout FileFaults) -> [Document] {
        guard let day = head.day ?? line[.effectiveDay]?.day else {
            faults.add(
                "XAF-DAY", .row, at: head.node.position, "the transaction has no date (trDt)",
                hint: "It was left out; export the audit file again.")
            return []
        }
        return kind == .money
            ? money(
                day, "\(head.place)/\(line[.number]?.line1 ?? String(line.ordinal))", book, isCash: head.isCash)
            : claim(day, head, book)
    }

    /// A sale, or a posting of another journal that adds to or takes from an invoice without cash.
    private func claim(_ day: Day, _ head: Head, _ book: XAFBook) -> [Document] {
        let isCorrection = kind == .other && amount.isNegative && reference != nil
        let own = isCorrection || reference == nil ? head.place : reference ?? head.place
        var invoice = book.invoice(own, amount, customer, issuedOn: day, at: line)
        invoice.id = "\(head.place)/\(customer)/\(own)"
        invoice.reference = line[.description].map(\.line1) ?? head.description
        if isCorrection {
            invoice.corrects = reference
            invoice.correction = .difference
        }
        return [.invoice(invoice)]
    }

    private func money(_ day: Day, _ id: String, _ book: XAFBook, isCash: Bool) -> [Document] {
        var payment = Payment(amount: -amount, bookedOn: day, provenance: Provenance(book.origin, at: line.position))
        payment.id = id
        payment.valuedOn = line[.effectiveDay]?.day
        payment.customerID = customer
        payment.method = isCash ? Payment.cashMethod : nil
        payment.payerAccount = line[.offsetAccountNumber]?.text.map { String($0.filter { $0 != " " }) }
        let text = [reference, line[.description]?.line1].compactMap { $0 }
        payment.remittance = text.isEmpty ? nil : text.joined(separator: " ")
        guard let reference else { return [.payment(payment)] }
        var allocation = StatedAllocation(
            paymentID: id, invoiceID: reference, amount: -amount, provenance: payment.provenance)
        allocation.postedOn = day
        return [.payment(payment), .allocation(allocation)]
    }
}
