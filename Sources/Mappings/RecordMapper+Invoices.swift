// SPDX-License-Identifier: Apache-2.0
import Documents

extension RecordMapper {
    mutating func invoice(_ emission: Emission, _ record: Record) throws(RecordFault) -> Document {
        let currency = try recordCurrency(emission, record)
        var invoice = Invoice(
            number: "", kind: .invoice, currency: currency, issuedOn: Day(number: 0),
            provenance: Provenance(setting.origin, at: record.position))
        var issuedOn: Day?
        var hasKind = false
        for field in emission.fields {
            let rule = field.rule
            switch field.target {
            case .number: invoice.number = try identifier(rule, record) ?? ""
            case .issuedOn:
                issuedOn = try day(rule, record)
            case .kind:
                if let kind: Invoice.Kind = try choice(rule, record) { (invoice.kind, hasKind) = (kind, true) }
            case .status: invoice.status = try status(rule, record)
            case .correction: invoice.correction = try choice(rule, record)
            case .id, .customerID, .structuredReference, .poNumber, .taxID, .sellerTaxID, .corrects:
                try set(field.target, identifier(rule, record), on: &invoice)
            case .customerName, .reference, .document, .collectionMethod, .assignedTo:
                try set(field.target, text(rule, record), on: &invoice)
            case .total, .net, .tax, .payable, .prepaid, .rounding, .open, .paid, .inTransit:
                try set(field.target, money(rule, record, currency), on: &invoice)
            case .totalBase, .openBase:
                // In the company's home currency by definition; where nobody says which that is, it means nothing.
                guard let home = setting.defaultCurrency else { break }
                try set(field.target, money(rule, record, home), on: &invoice)
            case .rate: invoice.rate = try decimal(rule, record)
            case .postedOn: invoice.postedOn = try day(rule, record)
            case .dueOn: invoice.dueOn = try day(rule, record)
            case .paidOn: invoice.paidOn = try day(rule, record)
            case .lastDunnedOn: invoice.lastDunnedOn = try day(rule, record)
            case .dunningLevel: invoice.dunningLevel = try integer(rule, record)
            case .modifiedAt: invoice.modifiedAt = try timestamp(rule, record)
            case .deleted: invoice.deleted = try bool(rule, record) ?? false
            case .disputed: invoice.disputed = try bool(rule, record) ?? false
            case .dunningBlocked: invoice.dunningBlocked = try bool(rule, record) ?? false
            default: break
            }
        }
        guard !invoice.number.isEmpty else { throw missing(.number, emission, "an invoice") }
        guard let issuedOn else { throw missing(.issuedOn, emission, "an invoice") }
        invoice.issuedOn = issuedOn
        for element in emission.elements { try add(element, to: &invoice, record) }
        try judge(&invoice, hasKind: hasKind, emission, record)
        return .invoice(invoice)
    }

    private func set(_ target: Target, _ text: String?, on invoice: inout Invoice) {
        switch target {
        case .id: invoice.id = text
        case .customerID: invoice.customerID = text
        case .structuredReference: invoice.structuredReference = text
        case .poNumber: invoice.purchaseOrder = text
        case .taxID: invoice.taxID = text
        case .sellerTaxID: invoice.sellerTaxID = text
        case .corrects: invoice.corrects = text
        case .customerName: invoice.customerName = text
        case .reference: invoice.reference = text
        case .document: invoice.document = text
        case .collectionMethod: invoice.collectionMethod = text
        case .assignedTo: invoice.assignedTo = text
        default: break
        }
    }

    private func set(_ target: Target, _ money: Money?, on invoice: inout Invoice) {
        switch target {
        case .total: invoice.total = money
        case .net: invoice.net = money
        case .tax: invoice.tax = money
        case .payable: invoice.payable = money
        case .prepaid: invoice.prepaid = money
        case .rounding: invoice.rounding = money
        case .open: invoice.open = money
        case .paid: invoice.paid = money
        case .inTransit: invoice.inTransit = money
        case .totalBase: invoice.totalBase = money
        case .openBase: invoice.openBase = money
        default: break
        }
    }

    private mutating func add(
        _ element: Emission.Element, to invoice: inout Invoice, _ record: Record
    ) throws(RecordFault) {
        for part in parts(element.each, record) {
            switch element.target {
            case .instalments: try addInstalment(element, to: &invoice, part)
            case .discounts: try addDiscount(element, to: &invoice, part)
            case .taxes: try addTax(element, to: &invoice, part)
            default: break
            }
        }
    }

    private func addInstalment(
        _ element: Emission.Element, to invoice: inout Invoice, _ record: Record
    ) throws(RecordFault) {
        var (n, dueOn, paidOn): (Int?, Day?, Day?) = (nil, nil, nil)
        var (amount, open): (Money?, Money?) = (nil, nil)
        for field in element.fields {
            switch field.target {
            case .n: n = try integer(field.rule, record)
            case .dueOn: dueOn = try day(field.rule, record)
            case .paidOn: paidOn = try day(field.rule, record)
            case .amount: amount = try money(field.rule, record, invoice.currency)
            case .open: open = try money(field.rule, record, invoice.currency)
            default: break
            }
        }
        if amount == nil, dueOn == nil { return }
        guard let amount, let dueOn else {
            throw RecordFault(
                "REQUIRED-MISSING", "an instalment needs both its amount and its due day",
                hint: "Complete the row in the source.")
        }
        invoice.instalments.append(
            Invoice.Instalment(
                n: n ?? invoice.instalments.count + 1, dueOn: dueOn, amount: amount, open: open, paidOn: paidOn))
    }

    private func addDiscount(
        _ element: Emission.Element, to invoice: inout Invoice, _ record: Record
    ) throws(RecordFault) {
        var (percent, amount, until): (ScaledDecimal?, Money?, Day?) = (nil, nil, nil)
        var base = Invoice.Discount.Base.gross
        for field in element.fields {
            switch field.target {
            case .percent: percent = try decimal(field.rule, record)
            case .amount: amount = try money(field.rule, record, invoice.currency)
            case .until: until = try day(field.rule, record)
            case .base: base = try choice(field.rule, record) ?? .gross
            default: break
            }
        }
        // A discount of nothing is how many exports write "no discount".
        if amount?.isZero ?? true, (percent?.coefficient ?? 0) == 0 { return }
        guard let until else {
            throw RecordFault(
                "REQUIRED-MISSING", "a discount needs the day until which it holds",
                hint: "Complete the row in the source, or map `until`.")
        }
        invoice.discounts.append(Invoice.Discount(percent: percent, amount: amount, base: base, until: until))
    }

    private func addTax(
        _ element: Emission.Element, to invoice: inout Invoice, _ record: Record
    ) throws(RecordFault) {
        var (rate, net, tax): (ScaledDecimal?, Money?, Money?) = (nil, nil, nil)
        for field in element.fields {
            switch field.target {
            case .rate: rate = try decimal(field.rule, record)
            case .net: net = try money(field.rule, record, invoice.currency)
            case .tax: tax = try money(field.rule, record, invoice.currency)
            default: break
            }
        }
        if rate == nil, net == nil, tax == nil { return }
        guard let rate, let net, let tax else {
            throw RecordFault(
                "REQUIRED-MISSING", "a tax line needs rate, net and tax", hint: "Complete the row in the source.")
        }
        invoice.taxes.append(Invoice.Tax(rate: rate, net: net, tax: tax))
    }

    /// What no single field can tell: the kind by the sign, a credit note's sign, one row per invoice line.
    private mutating func judge(
        _ invoice: inout Invoice, hasKind: Bool, _ emission: Emission, _ record: Record
    ) throws(RecordFault) {
        let amount = invoice.payable ?? invoice.total ?? invoice.open
        guard let amount else {
            throw RecordFault(
                "REQUIRED-MISSING", "invoice \(invoice.number) has neither total, payable nor open amount",
                hint: "Complete the row in the source.")
        }
        if !hasKind, amount.isNegative { invoice.kind = .creditNote }
        if invoice.kind == .creditNote, amount.isPositive {
            throw RecordFault(
                "CREDIT-NOTE-SIGN",
                "credit note \(invoice.number) has the positive amount \(amount); a credit note's amounts are negative",
                hint: "Add `negate_when: { <kind column>: <credit> }` to the amount rules, or correct the row.")
        }
        let isSame =
            record.tree.isEmpty && previous.number == invoice.number && previous.kind == invoice.kind
            && previous.id == invoice.id
        if isSame, previous.total != invoice.total || previous.open != invoice.open {
            var fault = RecordFault(
                "ROWS-PER-LINE",
                "lines \(previous.line) and \(record.line) are both \(invoice.kind.rawValue) \(invoice.number), with "
                    + "different amounts: this file has one row per invoice line, not per invoice",
                hint: "Export one row per invoice; a line's amount is not what the customer owes.")
            fault.severity = .refusal
            throw fault
        }
        previous = PreviousInvoice(
            id: invoice.id, number: invoice.number, kind: invoice.kind, total: invoice.total, open: invoice.open,
            line: record.line)
    }
}
