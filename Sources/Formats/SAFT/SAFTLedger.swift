// SPDX-License-Identifier: Apache-2.0
import Documents

/// Reads the ledger's lines on customers' accounts: a debit is a claim, a credit money or a credit note.
struct SAFTLedger {
    /// Accounts of cash and bank, by the standard account (19 in the Norwegian standard chart).
    private var cash: Set<String> = []
    private var numbers: Set<String> = []
    private var unclear = 0

    mutating func account(_ node: XMLNode<SAFTName>) {
        guard let id = node[.accountID]?.text else { return }
        let standard = node[.standardAccountID]?.text ?? id
        if standard.hasPrefix("19") { cash.insert(id) }
    }

    /// - Returns: The documents, and how many lines on customers' accounts there were.
    mutating func documents(
        of transaction: XMLNode<SAFTName>, _ book: SAFTBook, _ faults: inout FileFaults
    ) -> ([Document], Int) {
        let lines = transaction.all(.line)
        let own = lines.filter { $0[.customerID]?.line1 != nil }
        guard !own.isEmpty else { return ([], 0) }
        guard let day = transaction[.transactionDate]?.day else {
            faults.add(
                "SAFT-TRANSACTION-DATE", .row, at: transaction.position, "the transaction has no TransactionDate",
                hint: "Its lines were left out; export SAF-T again.")
            return ([], own.count)
        }
        let moneyIn = lines.contains { line in
            line[.accountID]?.text.map { cash.contains($0) || cash.isEmpty && $0.hasPrefix("19") } ?? false
        }
        var documents: [Document] = []
        for line in own {
            var problems: [Fault] = []
            guard let amount = amount(line, book, &problems) else {
                for fault in problems { faults.add(fault) }
                continue
            }
            guard !amount.isZero else { continue }
            if moneyIn {
                documents.append(.payment(payment(line, amount, day, transaction, book)))
            } else {
                documents.append(.invoice(invoice(line, amount, day, transaction, book)))
            }
        }
        return (documents, own.count)
    }

    func finish(_ root: XMLNode<SAFTName>, _ faults: inout FileFaults) {
        guard unclear > 0 else { return }
        faults.add(
            "SAFT-NUMBER-REPEATED", .warning, at: root.position,
            "\(unclear) postings on customers' accounts share their document number with another one",
            hint: "They were told apart by their transaction's number; check that each is an invoice of its own.")
    }

    /// Signed as a claim: a debit is owed to us.
    private func amount(_ line: XMLNode<SAFTName>, _ book: SAFTBook, _ faults: inout [Fault]) -> Money? {
        if let debit = line[.debitAmount] { return book.exact(debit, what: "a customer's debit", &faults) }
        if let credit = line[.creditAmount] {
            return book.exact(credit, what: "a customer's credit", &faults).map { -$0 }
        }
        faults.append(
            Fault(
                "SAFT-LINE-AMOUNT", .row, at: line.position, "the line has neither DebitAmount nor CreditAmount",
                hint: "It was left out; export SAF-T again."))
        return nil
    }

    private func number(_ line: XMLNode<SAFTName>, _ transaction: XMLNode<SAFTName>) -> String? {
        (line[.referenceNumber] ?? line[.sourceDocumentID])?.line1 ?? transaction[.transactionID]?.line1
    }

    private func id(_ line: XMLNode<SAFTName>, _ transaction: XMLNode<SAFTName>) -> String? {
        guard let transaction = transaction[.transactionID]?.line1 else { return nil }
        return line[.recordID]?.line1.map { "\(transaction)/\($0)" } ?? transaction
    }

    private mutating func invoice(
        _ line: XMLNode<SAFTName>, _ amount: Money, _ day: Day, _ transaction: XMLNode<SAFTName>, _ book: SAFTBook
    ) -> Invoice {
        let kind: Invoice.Kind = amount.isNegative ? .creditNote : .invoice
        let id = id(line, transaction)
        var number = number(line, transaction) ?? id ?? "\(day)"
        if !numbers.insert("\(kind.rawValue) \(number)").inserted {
            number = "\(number)-\(id ?? String(numbers.count))"
            unclear += 1
        }
        var invoice = Invoice(
            number: number, kind: kind, currency: book.currency, issuedOn: day,
            provenance: Provenance(book.origin, at: line.position))
        invoice.id = id
        invoice.postedOn = transaction[.postedOn]?.day
        invoice.dueOn = line[.dueDate]?.day
        invoice.customerID = line[.customerID]?.line1
        invoice.reference = line[.description]?.line1
        invoice.structuredReference = line[.cid]?.line1
        invoice.sellerName = book.seller
        invoice.sellerTaxID = book.sellerTaxID
        invoice.total = amount
        invoice.statedNegated = amount.isNegative
        return invoice
    }

    private func payment(
        _ line: XMLNode<SAFTName>, _ amount: Money, _ day: Day, _ transaction: XMLNode<SAFTName>, _ book: SAFTBook
    ) -> Payment {
        var payment = Payment(
            amount: -amount, bookedOn: line[.valueDate]?.day ?? day,
            provenance: Provenance(book.origin, at: line.position))
        payment.id = id(line, transaction)
        payment.postedOn = transaction[.postedOn]?.day
        payment.customerID = line[.customerID]?.line1
        let text = [line[.referenceNumber]?.line1, line[.description]?.line1].compactMap { $0 }
        payment.remittance = text.isEmpty ? nil : text.joined(separator: " ")
        payment.structuredReference = line[.cid]?.line1
        return payment
    }
}
