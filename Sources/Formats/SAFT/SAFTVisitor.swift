// SPDX-License-Identifier: Apache-2.0
import Documents

/// Collects the documents of one audit file while it is parsed.
final class SAFTVisitor: XMLVisitor {
    let tree = XMLTree<SAFTName>()
    var faults = FileFaults()
    private(set) var records = 0
    private let origin: Provenance.Origin
    private var documents: [Document] = []
    private var book: SAFTBook?
    /// Ledger lines stand for invoices where a file has no sales documents.
    private var readsLedger = false
    private var customers: Set<String> = []
    private var strangers: Set<String> = []
    private var numbers: Set<String> = []
    private var receipts: [SAFTReceipt] = []
    private var ledger = SAFTLedger()
    private var openings = 0

    init(origin: Provenance.Origin) {
        self.origin = origin
    }

    /// The documents since the last call, in order.
    func take() -> [Document] {
        defer { documents.removeAll(keepingCapacity: true) }
        return documents
    }

    static func isSAFT(_ namespace: String) -> Bool {
        namespace.contains("StandardAuditFile") || namespace.contains("standardauditfile")
            || namespace.contains("SAF-T")
            || namespace.contains("saf-t") || namespace.contains("SAFT")
            // Romania's declaration D406 is the OECD core.
            || namespace.contains("d406")
    }

    func begin(_ name: String, namespace: String) -> Fault? {
        guard name == "AuditFile", namespace.isEmpty || Self.isSAFT(namespace) else {
            return Fault(
                "FORMAT-UNSUPPORTED", .refusal, at: .path("/\(name)"),
                "the root element \(name)\(namespace.isEmpty ? "" : " of \(namespace)") is no SAF-T audit file",
                hint: "Export SAF-T again, or import another export with a mapping.")
        }
        readsLedger = namespace.contains("Taxation-Financial")
        return nil
    }

    func closed(_ record: XMLNode<SAFTName>) -> Fault? {
        switch record.name {
        case .header: return record.parent?.parent == nil ? header(record) : nil
        case .customer:
            let parent = record.parent?.name
            return parent == .masterFiles || parent == .customers ? customer(record) : nil
        case .account:
            if record.parent?.name == .generalLedgerAccounts, readsLedger { ledger.account(record) }
        case .invoice: return record.parent?.name == .salesInvoices ? invoice(record) : nil
        case .payment:
            if record.parent?.name == .totals {
                receipts.append(SAFTReceipt(record))
            } else if record.parent?.name == .payments {
                return payment(record)
            }
        case .transaction: return readsLedger ? transaction(record) : nil
        case .auditFile: return record.parent == nil ? finish(record) : nil
        default: break
        }
        return nil
    }

    // MARK: Parts

    private func header(_ record: XMLNode<SAFTName>) -> Fault? {
        switch SAFTBook.open(record, origin) {
        case .success(let opened): book = opened
        case .failure(let failure): return failure.fault
        }
        return nil
    }

    /// What every part needs; without a header nothing has a currency.
    private func opened(_ record: XMLNode<SAFTName>) -> Result<SAFTBook, Fault.AsError> {
        if let book { return .success(book) }
        let fault = Fault(
            "SAFT-HEADER", .refusal, at: record.position, "the file has no Header before its records",
            hint: "Export SAF-T again: the header says whose file it is and in which currency.")
        return .failure(Fault.AsError(fault))
    }

    private func customer(_ record: XMLNode<SAFTName>) -> Fault? {
        let book: SAFTBook
        switch opened(record) {
        case .success(let value): book = value
        case .failure(let failure): return failure.fault
        }
        records += 1
        guard let customer = book.customer(record) else {
            faults.add(
                "SAFT-CUSTOMER-ID", .row, at: record.position, "the customer has no CustomerID",
                hint: "It was left out; its invoices name their customer by that id.")
            return nil
        }
        guard customers.insert(customer.id).inserted else {
            faults.add(
                "SAFT-CUSTOMER-REPEATED", .row, at: record.position, "a second customer has the id \(customer.id)",
                hint: "Only the first one counts; correct the master data.")
            return nil
        }
        documents.append(.customer(customer))
        if let balance = book.closing(record, customer.id) { documents.append(.balance(balance)) }
        if book.hasOpening(record) { openings += 1 }
        return nil
    }

    private func invoice(_ record: XMLNode<SAFTName>) -> Fault? {
        defer { receipts.removeAll() }
        switch opened(record) {
        case .failure(let failure): return failure.fault
        case .success(let book):
            records += 1
            var reader = SAFTInvoice(record, book)
            let found = reader.documents(receipts)
            for fault in reader.faults { faults.add(fault) }
            guard case .invoice(let invoice)? = found.first else { return nil }
            guard isNew(invoice.number, record) else { return nil }
            known(invoice.customerID, record)
            documents += found
        }
        return nil
    }

    private func payment(_ record: XMLNode<SAFTName>) -> Fault? {
        switch opened(record) {
        case .failure(let failure): return failure.fault
        case .success(let book):
            records += 1
            var reader = SAFTPayment(record, book)
            let found = reader.documents()
            for fault in reader.faults { faults.add(fault) }
            if case .payment(let payment)? = found.first { known(payment.customerID, record) }
            documents += found
        }
        return nil
    }

    private func transaction(_ record: XMLNode<SAFTName>) -> Fault? {
        switch opened(record) {
        case .failure(let failure): return failure.fault
        case .success(let book):
            let (found, lines) = ledger.documents(of: record, book, &faults)
            records += lines
            for document in found {
                if case .invoice(let invoice) = document { known(invoice.customerID, record) }
            }
            documents += found
        }
        return nil
    }

    private func isNew(_ number: String, _ record: XMLNode<SAFTName>) -> Bool {
        guard !numbers.insert(number).inserted else { return true }
        faults.add(
            "SAFT-NUMBER-REPEATED", .row, at: record.position, "a second invoice has the number \(number)",
            hint: "Only the first one was taken; a number may be used once: ask the program's vendor.")
        return false
    }

    /// Tells once of each customer without master data.
    private func known(_ customer: String?, _ record: XMLNode<SAFTName>) {
        guard let customer, !customers.contains(customer), strangers.insert(customer).inserted else { return }
        faults.add(
            "SAFT-CUSTOMER-MISSING", .warning, at: record.position,
            "the customer \(customer) is not among the file's customers",
            hint: "Its documents were taken without a name; import the customer, or export SAF-T with all of them.")
    }

    private func finish(_ record: XMLNode<SAFTName>) -> Fault? {
        if openings > 0 {
            faults.add(
                "SAFT-OPENING", .warning, at: record.position,
                "\(openings) customers owed something before the file's first day, and its invoices are not in the file",
                hint: "Import the open items of that day, or the SAF-T of the period before.")
        }
        ledger.finish(record, &faults)
        guard records == 0 else { return nil }
        return Fault(
            "SAFT-NOTHING", .refusal, at: record.position,
            "the file has no customers, sales invoices or payments of customers",
            hint: "Export SAF-T with sales documents (Portugal: type I or F), not purchases or accounting alone.")
    }
}
