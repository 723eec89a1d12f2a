// SPDX-License-Identifier: Apache-2.0
import Documents

/// A payment that is written on the invoice itself (`DocumentTotals/Payment`): an invoice-receipt.
struct SAFTReceipt {
    let mechanism: String?
    let amount: XMLNode<SAFTName>?
    let paidOn: Day?

    init(_ node: XMLNode<SAFTName>) {
        mechanism = node[.paymentMechanism]?.text
        amount = node[.paymentAmount]
        paidOn = node[.paymentDate]?.day
    }
}

/// Maps one `SalesInvoices/Invoice`, with the receipts that stand on it.
struct SAFTInvoice {
    private let node: XMLNode<SAFTName>
    private let book: SAFTBook
    private(set) var faults: [Fault] = []

    private var totals: XMLNode<SAFTName>? { node[.totals] ?? node[.invoiceTotals] }

    init(_ node: XMLNode<SAFTName>, _ book: SAFTBook) {
        self.node = node
        self.book = book
    }

    /// The invoice, then its payments and what they pay; nothing when a fault leaves it out.
    mutating func documents(_ receipts: [SAFTReceipt]) -> [Document] {
        guard let number = node[.invoiceNumber]?.line1 else {
            leftOut("SAFT-INVOICE-NUMBER", "the invoice has no number (InvoiceNo)")
            return []
        }
        guard let issuedOn = node[.invoiceDate]?.day else {
            let said = node[.invoiceDate]?.text.map { "\"\($0.prefix(40))\", which is no date" } ?? "missing"
            leftOut("SAFT-INVOICE-DATE", "the date of invoice \(number) is \(said)")
            return []
        }
        guard let stated = totals?[.grossTotal] else {
            leftOut("SAFT-INVOICE-TOTAL", "invoice \(number) has no total (DocumentTotals/GrossTotal)")
            return []
        }
        guard let gross = book.exact(stated, what: "the total of invoice \(number)", &faults) else { return [] }
        let type = node[.invoiceType]?.text ?? ""
        let (kind, sign) = Self.role(type, gross)
        var invoice = Invoice(
            number: number, kind: kind, currency: book.currency, issuedOn: issuedOn,
            provenance: Provenance(book.origin, at: node.position))
        invoice.statedNegated = sign < 0
        invoice.postedOn = node[.postedOn]?.day
        invoice.customerID = (node[.customerID] ?? node[.customerInfo]?[.customerID])?.line1
        invoice.customerName = node[.customerInfo]?[.name]?.line1
        invoice.sellerName = book.seller
        invoice.sellerTaxID = book.sellerTaxID
        amounts(&invoice, gross, sign)
        terms(&invoice)
        corrected(&invoice)
        // A was cancelled; F is claimed by another invoice of the same table, and is in no control total either
        // (Portaria 302/2016, 4.1.4.3.1 and 4.1.2).
        let isVoid = ["A", "F"].contains((node[.status, .invoiceStatus] ?? node[.invoiceStatus])?.text)
        if isVoid { invoice.status = .void }
        guard !isVoid, sign > 0, Self.paidTypes.contains(type) || !receipts.isEmpty else { return [.invoice(invoice)] }
        return paid(invoice, receipts, isWhole: Self.paidTypes.contains(type))
    }

    /// Invoice-receipts and cash sales (`VD`, before 2013) are paid as they are issued.
    private static let paidTypes: Set<String> = ["FR", "VD", "TV"]
    private static let creditTypes: Set<String> = [
        "NC", "TD", "DA", "CN", "381", "CREDITNOTE", "CREDIT NOTE", "KREDITNOTA",
    ]

    private static func role(_ type: String, _ gross: Money) -> (Invoice.Kind, Int) {
        if creditTypes.contains(type.uppercased()) { return (.creditNote, gross.isNegative ? 1 : -1) }
        if gross.isNegative { return (.creditNote, 1) }
        return (type == "ND" || type == "383" ? .debitNote : .invoice, 1)
    }

    private func amounts(_ invoice: inout Invoice, _ gross: Money, _ sign: Int) {
        func signed(_ money: Money?) -> Money? { money.map { sign < 0 ? -$0 : $0 } }
        // Issued in another currency: that is what the customer owes; the book's own currency stands beside it.
        if let block = totals?[.currency], let currency = block[.currencyCode]?.currencyCode,
            currency != book.currency, let amount = block[.currencyAmount]?.decimal?.money(currency)
        {
            invoice.currency = currency
            invoice.total = signed(gross.isNegative ? -amount.magnitude : amount)
            invoice.totalBase = signed(gross)
            invoice.rate = block[.exchangeRate]?.decimal
            return
        }
        invoice.total = signed(gross)
        invoice.net = signed(book.rounded(totals?[.netTotal]))
        invoice.tax = signed(book.rounded(totals?[.taxPayable]))
    }

    private func terms(_ invoice: inout Invoice) {
        let settlements = (totals?.all(.settlement) ?? []) + node.all(.settlement)
        invoice.dueOn =
            node[.dueDate]?.day ?? settlements.lazy.compactMap { $0[.settlementDue]?.day ?? $0[.paymentTerms]?.day }
            .first
            ?? node[.paymentTerms]?.day
        guard invoice.kind != .creditNote, invoice.currency == book.currency else { return }
        for settlement in settlements {
            guard let until = settlement[.settlementDate]?.day,
                let amount = book.rounded(settlement[.settlementAmount]),
                amount.isPositive
            else { continue }
            invoice.discounts.append(Invoice.Discount(amount: amount, until: until))
        }
    }

    /// The invoice that a credit or debit note names on its lines, when it is one.
    private mutating func corrected(_ invoice: inout Invoice) {
        guard invoice.kind == .creditNote || invoice.kind == .debitNote else { return }
        var numbers: [String] = []
        for line in node.all(.line) + node.all(.invoiceLine) {
            for references in line.all(.references) {
                let named = references.all(.reference) + references.all(.creditNote).flatMap { $0.all(.reference) }
                for number in named.compactMap(\.line1) where !numbers.contains(number) { numbers.append(number) }
            }
        }
        guard numbers.count == 1 else {
            if numbers.count > 1 {
                faults.append(
                    Fault(
                        "SAFT-CORRECTS-SEVERAL", .warning, at: node.position,
                        "\(invoice.number) refers to \(numbers.count) invoices: "
                            + numbers.prefix(5).joined(separator: ", "),
                        hint: "It stays open; allocate it to them by hand."))
            }
            return
        }
        invoice.corrects = numbers[0]
        invoice.correction = .difference
    }

    // MARK: Invoice-receipts

    private mutating func paid(_ stated: Invoice, _ receipts: [SAFTReceipt], isWhole: Bool) -> [Document] {
        var invoice = stated
        guard invoice.currency == book.currency, !receipts.isEmpty else {
            if isWhole {
                invoice.status = .paid
                invoice.paid = invoice.total
                invoice.open = .zero(invoice.currency)
            }
            return [.invoice(invoice)]
        }
        var documents: [Document] = []
        for (index, receipt) in receipts.enumerated() {
            guard let node = receipt.amount,
                let amount = book.exact(node, what: "a payment of invoice \(invoice.number)", &faults), !amount.isZero
            else { continue }
            let id = receipts.count == 1 ? invoice.number : "\(invoice.number)/\(index + 1)"
            let day = receipt.paidOn ?? invoice.issuedOn
            var payment = Payment(amount: amount, bookedOn: day, provenance: invoice.provenance)
            payment.id = id
            payment.customerID = invoice.customerID
            payment.method = receipt.mechanism
            payment.remittance = invoice.number
            var allocation = StatedAllocation(
                paymentID: id, invoiceID: invoice.number, amount: amount, provenance: invoice.provenance)
            allocation.postedOn = day
            documents += [.payment(payment), .allocation(allocation)]
        }
        return [.invoice(invoice)] + documents
    }

    private mutating func leftOut(_ code: String, _ message: String) {
        faults.append(
            Fault(
                code, .row, at: node.position, message,
                hint: "It was left out; correct it in the program and export SAF-T again."))
    }
}
