// SPDX-License-Identifier: Apache-2.0
import Documents

/// The second pass: customers, and the lines on the receivables account.
final class XAFVisitor: XMLVisitor {
    let tree = XMLTree<XAFName>()
    var faults = FileFaults()
    private(set) var records = 0
    private let origin: Provenance.Origin
    private let terms: [String: XAFSurvey.Terms]
    private var documents: [Document] = []
    private var book: XAFBook?
    private let accounts: XAFAccounts
    private var suppliers: Set<String> = []
    private var openings = 0
    private var openingLines = 0
    private var unnamed = 0

    init(origin: Provenance.Origin, terms: [String: XAFSurvey.Terms], accounts: XAFAccounts) {
        self.origin = origin
        self.accounts = accounts
        self.terms = terms
    }

    /// The documents since the last call, in order.
    func take() -> [Document] {
        defer { documents.removeAll(keepingCapacity: true) }
        return documents
    }

    func begin(_ name: String, namespace: String) -> Fault? { XAFFormat.refusal(name, namespace) }

    func closed(_ record: XMLNode<XAFName>) -> Fault? {
        switch record.name {
        case .header: return header(record)
        case .customerSupplier:
            guard let book else { return noHeader(record) }
            customer(record, book)
        case .openingLine:
            if let id = record[.accountID]?.text, accounts.isReceivable(id) { openings += 1 }
        case .openingSubledgerLine:
            guard let book else { return noHeader(record) }
            opening(record, book)
        case .transaction:
            guard let book else { return noHeader(record) }
            transaction(record, book)
        case .auditFile: return record.parent == nil ? finish(record) : nil
        default: break
        }
        return nil
    }

    // MARK: Parts

    private func header(_ record: XMLNode<XAFName>) -> Fault? {
        guard let currency = record[.currencyCode]?.currencyCode else {
            return Fault(
                "XAF-CURRENCY", .refusal, at: record.position,
                "the file states no currency of ISO 4217 (header/curCode)",
                hint: "Export the audit file again.")
        }
        book = XAFBook(origin: origin, currency: currency, start: record[.startDate]?.day, terms: terms)
        return nil
    }

    private func noHeader(_ record: XMLNode<XAFName>) -> Fault {
        Fault(
            "XAF-HEADER", .refusal, at: record.position, "the file has no header before its records",
            hint: "Export the audit file again: the header says in which currency it is.")
    }

    private func customer(_ record: XMLNode<XAFName>, _ book: XAFBook) {
        guard let id = record[.customerID]?.line1 else { return }
        // S is a supplier only; B is both, and O and nothing may be a customer.
        guard record[.customerType]?.text != "S" else {
            suppliers.insert(id)
            return
        }
        records += 1
        var customer = Customer(id: id, provenance: Provenance(origin, at: record.position))
        customer.number = id
        customer.name = record[.customerName]?.line1
        customer.taxID = record[.taxID]?.line1
        customer.phone = record[.telephone]?.line1
        customer.email = record[.email]?.line1
        let country = (record[.streetAddress] ?? record[.postalAddress])?[.country]?.text
        customer.country = country.flatMap { $0.utf8.count == 2 ? $0.uppercased() : nil }
        customer.account = record[.bankAccount]?[.accountNumber]?.text.map { String($0.filter { $0 != " " }) }
        documents.append(.customer(customer))
    }

    /// An invoice that was open on the first day.
    private func opening(_ record: XMLNode<XAFName>, _ book: XAFBook) {
        guard record[.purchaseOrSale]?.text != "P", let customer = record[.customerID]?.line1,
            !suppliers.contains(customer)
        else { return }
        records += 1
        openingLines += 1
        let day = record[.invoiceDay]?.day ?? record.parent?.parent?.parent?[.openingDay]?.day ?? book.start
        guard let amount = book.amount(record, &faults), !amount.isZero else { return }
        guard let number = (record[.invoiceReference] ?? record[.documentReference])?.line1, let day else {
            faults.add(
                "XAF-OPENING-LINE", .row, at: record.position,
                "an open item of customer \(customer) has no invoice number (invRef) or no day",
                hint: "It was left out; import that invoice from another export.")
            return
        }
        var invoice = book.invoice(number, amount, customer, issuedOn: day, at: record)
        invoice.dueOn = record[.dueDay]?.day ?? invoice.dueOn
        documents.append(.invoice(invoice))
    }

    // MARK: Transactions

    private func transaction(_ record: XMLNode<XAFName>, _ book: XAFBook) {
        guard let journal = record.parent, journal.name == .journal else { return }
        let kind = XAFEntry.Kind(journal[.journalType]?.text)
        guard kind != .purchase else { return }
        var entries: [XAFEntry] = []
        var places: [String: Int] = [:]
        for line in record.all(.line) {
            guard let account = line[.accountID]?.text, accounts.isReceivable(account) else { continue }
            guard let customer = line[.customerID]?.line1 else {
                unnamed += 1
                continue
            }
            guard !suppliers.contains(customer), let amount = book.amount(line, &faults) else { continue }
            let reference = (line[.invoiceReference] ?? (kind == .money ? nil : line[.documentReference]))?.line1
            // An invoice's claim may be posted in several lines.
            let claim = XAFSurvey.key(customer, reference ?? "")
            if kind != .money, let place = places[claim], let sum = entries[place].amount.adding(amount) {
                entries[place].amount = sum
            } else {
                // A sum past all money begins anew; the first one stays where more is added.
                if places[claim] == nil { places[claim] = entries.count }
                entries.append(
                    XAFEntry(kind: kind, customer: customer, reference: reference, amount: amount, line: line))
            }
        }
        records += entries.count
        let head = XAFEntry.Head(record, journal)
        for entry in entries where !entry.amount.isZero {
            documents += entry.documents(head, book, &faults)
        }
    }

    private func finish(_ record: XMLNode<XAFName>) -> Fault? {
        if unnamed > 0 {
            faults.add(
                "XAF-NO-CUSTOMER", .warning, at: record.position,
                "\(unnamed) lines on the receivables account name no customer (custSupID)",
                hint: "They were left out; compare the account's balance with the open items.")
        }
        if openings > 0, openingLines == 0 {
            faults.add(
                "XAF-OPENING", .warning, at: record.position,
                "receivables have an opening balance, and the file has no subledger that says of which invoices",
                hint: "Import the open items of that day, or the audit file of the year before.")
        }
        if accounts.isEmpty, records > 0 {
            faults.add(
                "XAF-NO-RECEIVABLES", .warning, at: record.position,
                "no ledger account is known as receivables: none is called debtors, and no sales journal names one",
                hint: "Only customers were read; import the open items from another export.")
        }
        guard records == 0 else { return nil }
        return Fault(
            "XAF-NOTHING", .refusal, at: record.position,
            "the file has no customers and no lines on a receivables account",
            hint: "Export the audit file with relations and with the transactions' customers.")
    }
}
