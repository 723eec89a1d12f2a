// SPDX-License-Identifier: Apache-2.0
import Documents

/// Reads a UBL RemittanceAdvice: which invoices a customer says that its payment pays.
///
/// It announces and moves nothing: each line becomes a stated allocation, never cash.
struct UBLRemittance {
    typealias Node = XMLNode<UBLName>

    private let root: Node
    private let origin: Provenance.Origin
    private(set) var faults: [Fault] = []

    init(root: Node, origin: Provenance.Origin) {
        self.root = root
        self.origin = origin
    }

    mutating func allocations() -> [StatedAllocation] {
        guard let number = root[.id]?.line1 else {
            refuse("ADVICE-NUMBER", "the remittance advice has no number (ID)")
            return []
        }
        let lines = root.all(.remittanceAdviceLine)
        let amount = root[.totalPaymentAmount] ?? lines.lazy.compactMap { $0[.debitLineAmount] }.first
        guard let node = root[.documentCurrencyCode] ?? amount?[.currencyID], let currency = node.currencyCode else {
            refuse("ADVICE-CURRENCY", "the remittance advice states no currency of ISO 4217")
            return []
        }
        let means = root[.paymentMeans]
        // What the payment itself will carry, so that the bank's entry can be found by it.
        let payment =
            root[.paymentOrderReference]?[.id]?.line1 ?? means?[.paymentID]?.line1 ?? means?[.instructionID]?.line1
            ?? number
        let payer = root[.customer]?[.party]
        let name = payer?[.partyLegalEntity]?[.registrationName]?.line1 ?? payer?[.partyName]?[.name]?.line1
        let reason = "remittance advice \(number)" + (name.map { " of \($0)" } ?? "")
        var found: [StatedAllocation] = []
        for line in lines {
            guard let (invoice, amount) = read(line, currency) else { continue }
            var allocation = StatedAllocation(
                paymentID: payment, invoiceID: invoice, amount: amount,
                provenance: Provenance(origin, at: line.position))
            allocation.reason = reason
            allocation.postedOn = means?[.paymentDueDate]?.day
            found.append(allocation)
        }
        check(found, of: lines.count, currency)
        return found
    }

    private mutating func read(_ line: Node, _ currency: Currency) -> (invoice: String, amount: Money)? {
        var numbers: [String] = []
        for reference in line.all(.billingReference) {
            let document =
                reference[.invoiceDocumentReference] ?? reference[.selfBilledInvoiceDocumentReference]
                ?? reference[.creditNoteDocumentReference]
            if let number = document?[.id]?.line1, !numbers.contains(number) { numbers.append(number) }
        }
        if numbers.isEmpty, let number = line[.invoicingPartyReference]?.line1 { numbers = [number] }
        guard let number = numbers.first, numbers.count == 1 else {
            faults.append(
                Fault(
                    "ADVICE-INVOICE", .row, at: line.position,
                    numbers.isEmpty
                        ? "the line names no invoice" : "the line pays \(numbers.count) invoices with one amount",
                    hint: "It was left out; allocate that part by hand or ask the payer."))
            return nil
        }
        var amounts = InvoiceAmounts<UBLName>(currency: currency)
        let debit = amounts.money(line[.debitLineAmount])
        let credit = amounts.money(line[.creditLineAmount])
        faults += amounts.faults
        guard amounts.faults.isEmpty, let debit = debit ?? credit.map({ .zero($0.currency) }),
            let amount = debit.subtracting(credit ?? .zero(currency))
        else {
            faults.append(
                Fault(
                    "ADVICE-AMOUNT", .row, at: line.position, "the line for \(number) states no readable amount",
                    hint: "It was left out; allocate that part by hand or ask the payer."))
            return nil
        }
        return (number, amount)
    }

    private mutating func check(_ found: [StatedAllocation], of count: Int, _ currency: Currency) {
        guard let node = root[.totalPaymentAmount], let total = node.decimal, found.count == count, count > 0 else {
            return
        }
        let sum = found.reduce(Int128(0)) { $0 + Int128($1.amount.minorUnits) }
        let lines = ScaledDecimal(coefficient: sum, scale: currency.exponent)
        guard let off = total.adding(-lines), off.coefficient != 0 else { return }
        faults.append(
            Fault(
                "ADVICE-TOTAL", .warning, at: node.position,
                "the payment is stated as \(total.text), but the lines add up to \(lines.text)",
                hint: "The lines were taken as stated; ask the payer about the rest."))
    }

    private mutating func refuse(_ code: String, _ message: String) {
        faults.append(
            Fault(code, .refusal, at: root.position, message, hint: "Ask the payer for a corrected document."))
    }
}
