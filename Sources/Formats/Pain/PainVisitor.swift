// SPDX-License-Identifier: Apache-2.0
import Documents

/// Collects the rejected and returned direct debits of one status report while it is parsed.
final class PainVisitor: XMLVisitor {
    let tree = XMLTree<PainName>()
    var faults = FileFaults()
    private(set) var transactions = 0
    private let origin: Provenance.Origin
    private var payments: [Payment] = []
    private var ids: Set<String> = []
    private var found = 0
    private var accepted = 0
    private var transfers = 0
    /// The transactions of the payment block that is open.
    private var inPayment = 0

    init(origin: Provenance.Origin) {
        self.origin = origin
    }

    /// The payments since the last call, in order.
    func take() -> [Payment] {
        defer { payments.removeAll(keepingCapacity: true) }
        return payments
    }

    func begin(_ name: String, namespace: String) -> Fault? {
        let message = CamtVisitor.message(namespace) ?? ""
        if name == "Document", namespace.isEmpty || message.hasPrefix("pain.002.") { return nil }
        return Fault(
            "FORMAT-UNSUPPORTED", .refusal, at: .path("/\(name)"),
            "the file is \(message.isEmpty ? "an XML document with the root \(name)" : message),"
                + " and no payment status report (pain.002)",
            hint: "Import the bank's pain.002, or the account's camt.053.")
    }

    func closed(_ record: XMLNode<PainName>) -> Fault? {
        switch record.name {
        case .transaction: transaction(record)
        case .payment: payment(record)
        case .document: return record.parent == nil ? document(record) : nil
        default: break
        }
        return nil
    }

    // MARK: The report

    private func document(_ record: XMLNode<PainName>) -> Fault? {
        guard let report = record[.statusReport] ?? record[.statusReportV2] ?? record[.statusReportV1] else {
            return Fault(
                "PAIN-NO-REPORT", .refusal, at: record.position,
                "the file has no CstmrPmtStsRpt: it is another ISO 20022 message than a payment status report",
                hint: "Import the bank's pain.002; if this was to be it, download it again.")
        }
        let group = report[.group]
        if transactions == 0, group?[.groupStatus]?.text == "RJCT" {
            warn(
                "PAIN-GROUP-REJECTED", group ?? report,
                "the bank rejected the whole file \(group?[.originalMessageID]?.line1 ?? "(no id stated)")"
                    + "\(reason(group).map { " (\($0))" } ?? "") and names no transaction of it",
                "No debit of it will be collected: correct the file and send it again.")
        } else if found == 0, transfers == 0, faults.list.isEmpty {
            warn(
                "PAIN-NOTHING-RETURNED", report,
                "\(accepted) of \(transactions) transactions are accepted or under way, and none is rejected or returned",
                "Nothing is to be done; the account's statement tells what was collected.")
        }
        if transfers > 0 {
            warn(
                "PAIN-CREDIT-TRANSFER", report,
                "\(transfers) rejected transactions are credit transfers of ours (pain.001), not collections from customers",
                "They were left out; correct and send them again if a customer waits for the money.")
        }
        return nil
    }

    /// A block that is rejected as a whole often lists no transaction.
    private func payment(_ record: XMLNode<PainName>) {
        defer { inPayment = 0 }
        guard inPayment == 0, record[.paymentStatus]?.text == "RJCT" else { return }
        warn(
            "PAIN-GROUP-REJECTED", record,
            "the bank rejected the collection \(record[.originalPaymentID]?.line1 ?? "(no id stated)")"
                + "\(reason(record).map { " (\($0))" } ?? "") and names no transaction of it",
            "No debit of it will be collected: correct it and send it again.")
    }

    private func warn(_ code: String, _ node: XMLNode<PainName>, _ message: String, _ hint: String) {
        faults.add(code, .warning, at: node.position, message, hint: hint)
    }

    /// The reason's code with the bank's own words.
    private func reason(_ node: XMLNode<PainName>?) -> String? {
        guard let information = node?[.statusReason] else { return nil }
        let parts = [Self.code(information), information[.additional]?.line1.map { String($0.prefix(140)) }]
        let text = parts.compactMap { $0 }.joined(separator: ": ")
        return text.isEmpty ? nil : text
    }

    private static func code(_ information: XMLNode<PainName>?) -> String? {
        guard let reason = information?[.reason] else { return nil }
        return (reason[.code] ?? reason[.proprietary])?.line1
    }

    // MARK: A transaction

    private func transaction(_ record: XMLNode<PainName>) {
        transactions += 1
        let block = record.parent?.name == .payment ? record.parent : nil
        if block != nil { inPayment += 1 }
        let report = block?.parent ?? record.parent
        let group = report?[.group]
        let status = (record[.status] ?? block?[.paymentStatus] ?? group?[.groupStatus])?.text ?? ""
        guard status == "RJCT" || status == "CANC" || status == "RTND" else {
            accepted += 1
            return
        }
        let original = record[.original]
        guard isDebit(group?[.originalMessageName]?.text, original) else {
            transfers += 1
            return
        }
        let references = [record[.originalEndToEndID], record[.originalInstructionID], record[.originalTransactionID]]
        let reference = references.lazy.compactMap { CamtReference.real($0?.line1) }.first
        let code =
            Self.code(record[.statusReason]) ?? Self.code(block?[.statusReason]) ?? Self.code(group?[.statusReason])
        guard let money = amount(original, record, reference, code) else { return }
        let created = report?[.header]?[.createdAt]?.day
        guard let day = created ?? original?[.settledOn]?.day ?? collection(original) else {
            faults.add(
                "PAIN-DAY", .row, at: record.position, "the report states no day: no CreDtTm and no settlement date",
                hint: "This status was left out; ask the bank for a corrected file.")
            return
        }
        found += 1
        var payment = Payment(amount: -money, bookedOn: day, provenance: Provenance(origin, at: record.position))
        payment.status = status == "RTND" || isAfterCollection(original, code, created) ? .pending : .failed
        payment.id = claim(record[.statusID]?.line1, report?[.header]?[.messageID]?.line1, reference)
        payment.reverses = reference ?? code
        payment.returnReason = code
        payment.account = Self.account(original?[.creditorAccount])
        let debtor = original?[.debtor]
        payment.payerName = (debtor?[.name] ?? debtor?[.party]?[.name])?.line1
        payment.payerAccount = Self.account(original?[.debtorAccount])
        let remittance = original?[.remittance]
        let text = remittance?.all(.unstructured).compactMap(\.line1).joined(separator: " ") ?? ""
        payment.remittance = text.isEmpty ? reason(record) : text
        payment.structuredReference = remittance?[.structured]?[.creditorReferenceInformation]?[.reference]?.line1
        payment.method = "direct_debit"
        payments.append(payment)
    }

    /// Of a direct debit initiation, or with what only a direct debit has.
    private func isDebit(_ message: String?, _ original: XMLNode<PainName>?) -> Bool {
        let message = message?.lowercased() ?? ""
        if message.contains("001") && message.hasPrefix("pain.001") || message.hasPrefix("pain001") { return false }
        if message.hasPrefix("pain.008") || message.hasPrefix("pain008") || message.hasPrefix("pacs.003") {
            return true
        }
        return original?[.mandate] != nil || original?[.collectionOn] != nil
    }

    private func amount(
        _ original: XMLNode<PainName>?, _ record: XMLNode<PainName>, _ reference: String?, _ code: String?
    ) -> Money? {
        let which =
            "the rejected direct debit \(reference ?? "(no reference stated)")"
            + (code.map { " (\($0))" } ?? "")
        guard let stated = original?[.amount]?[.instructedAmount] ?? original?[.settledAmount] else {
            faults.add(
                "PAIN-AMOUNT", .row, at: record.position, "\(which) states no amount (OrgnlTxRef/Amt)",
                hint: "Look the collection up by that reference; ask the bank to report the original transaction.")
            return nil
        }
        guard let currency = stated[.currency]?.currencyCode else {
            faults.add(
                "PAIN-AMOUNT", .row, at: stated.position, "\(which) states an amount without a currency of ISO 4217",
                hint: "This status was left out; ask the bank for a corrected file.")
            return nil
        }
        switch XMLAmount.read(stated, currency, what: "the amount of \(which)", severity: .row) {
        case .success(let money): return money.magnitude
        case .failure(let failure):
            faults.add(failure.fault)
            return nil
        }
    }

    private func collection(_ original: XMLNode<PainName>?) -> Day? {
        (original?[.collectionOn]?[.day] ?? original?[.collectionOn])?.day
    }

    /// The money had been collected: the reason exists only then, or the report is younger than the collection.
    private func isAfterCollection(_ original: XMLNode<PainName>?, _ code: String?, _ created: Day?) -> Bool {
        // MD06: refund on the debtor's demand (ISO 20022 external status reasons).
        if code == "MD06" { return true }
        guard let created, let due = original?[.settledOn]?.day ?? collection(original) else { return false }
        return created > due
    }

    /// One id for each status, however often a bank repeats its own.
    private func claim(_ status: String?, _ message: String?, _ reference: String?) -> String? {
        let made = message.flatMap { message in reference.map { "\(message)/\($0)" } }
        guard let id = CamtReference.real(status) ?? made else { return nil }
        var free = id
        var n = 1
        while !ids.insert(free).inserted {
            n += 1
            free = "\(id)~\(n)"
        }
        return free
    }

    private static func account(_ node: XMLNode<PainName>?) -> String? {
        guard let id = node?[.id] else { return nil }
        if let iban = id[.iban]?.text { return String(iban.filter { $0 != " " }) }
        return id[.other]?[.id]?.line1
    }
}
