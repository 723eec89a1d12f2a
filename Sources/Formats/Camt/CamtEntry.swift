// SPDX-License-Identifier: Apache-2.0
import Documents

/// Turns one `Ntry` into payments whose booked amounts add up to exactly the entry.
struct CamtEntry {
    private let node: XMLNode<CamtName>
    private let details: CamtDetails
    private let origin: Provenance.Origin

    init(_ node: XMLNode<CamtName>, details: CamtDetails, origin: Provenance.Origin) {
        self.node = node
        self.details = details
        self.origin = origin
    }

    /// What all payments of the entry share.
    private struct Head {
        var amount: Money
        var status: Payment.Status
        var bookedOn: Day
        var valuedOn: Day?
        var servicerReference: String?
        var isReversal: Bool
        var bankCode: CamtBankCode?
        var additional: String?
        var isCredit: Bool { !amount.isNegative }
        /// What a reversal takes back; it is one whether or not the bank says of what.
        var reverses: String? { isReversal ? servicerReference ?? "RvslInd" : nil }
    }

    /// Adds one payment per detail, or one for the entry where its details cannot be told apart to the cent.
    func add(to documents: inout CamtOutlet, _ frame: inout CamtFrame, faults: inout FileFaults) {
        frame.entryCount += 1
        guard let head = head(&frame, &faults) else {
            frame.unread += 1
            return
        }
        _ = frame.add(head.amount, booked: head.status == .booked)
        guard details.count > 1 else {
            let detail = details.first
            if let detail { compare(detail, head, &faults) }
            var payment = payment(head, detail, amount: head.amount, frame.account)
            payment.id = frame.claim(detail?.servicerReference ?? head.servicerReference)
            payment.entryReference = head.servicerReference ?? detail?.servicerReference
            return documents.append(.payment(payment))
        }
        guard let split = split(head, &faults) else {
            var payment = merged(head, frame.account)
            payment.id = frame.claim(head.servicerReference)
            payment.entryReference = head.servicerReference
            return documents.append(.payment(payment))
        }
        let distinct = haveOwnReferences
        var index = 0
        details.each { detail in
            // Every one has this amount, or the entry would not be split.
            let amount = split.amount(of: detail, head) ?? .zero(head.amount.currency)
            var payment = payment(head, detail, amount: amount, frame.account)
            let id = distinct ? detail.servicerReference : shared(head, detail, index)
            payment.id = frame.claim(id)
            payment.entryReference = head.servicerReference
            payment.entryAmount = head.amount
            documents.append(.payment(payment))
            index += 1
            return true
        }
    }

    /// Each detail has a reference that no other one has.
    private var haveOwnReferences: Bool {
        // Their hashes: a hundred thousand texts would be as much as the details themselves.
        var hashes: [UInt64] = []
        hashes.reserveCapacity(details.count)
        details.each { detail in
            guard let reference = detail.servicerReference else { return false }
            hashes.append(CamtIDs.hash(reference))
            return true
        }
        guard hashes.count == details.count else { return false }
        hashes.sort()
        return !hashes.indices.dropFirst().contains { hashes[$0] == hashes[$0 - 1] }
    }

    /// The id of a part of an entry whose parts have no reference that is theirs alone.
    private func shared(_ head: Head, _ detail: CamtDetail, _ index: Int) -> String? {
        (head.servicerReference ?? detail.servicerReference).map { "\($0)/\(index + 1)" }
    }

    // MARK: The entry

    private func head(_ frame: inout CamtFrame, _ faults: inout FileFaults) -> Head? {
        guard let amount = amount(frame, &faults) else { return nil }
        let valuedOn = CamtDay.read(node[.valuedOn])
        let stated = CamtDay.read(node[.bookedOn])
        guard let bookedOn = stated ?? valuedOn ?? frame.day else {
            row(
                "CAMT-BOOKING-DAY", "the entry has no booking date, no value date, and the statement no day", &faults)
            return nil
        }
        if stated == nil { frame.dayMissing += 1 }
        let bankCode = CamtBankCode(node[.bankCode])
        return Head(
            amount: amount, status: status(&frame, &faults), bookedOn: bookedOn, valuedOn: valuedOn,
            servicerReference: CamtReference.real(node[.servicerReference]?.line1),
            isReversal: node[.reversal]?.text == "true" || node[.reversal]?.text == "1",
            bankCode: bankCode, additional: node[.additionalEntryInformation]?.line1)
    }

    /// The amount with the direction of the booking; `RvslInd` flips nothing.
    private func amount(_ frame: CamtFrame, _ faults: inout FileFaults) -> Money? {
        guard let stated = node[.amount] else {
            row("CAMT-AMOUNT", "the entry has no amount (Amt)", &faults)
            return nil
        }
        let code = stated[.currency]
        guard let currency = code == nil ? frame.currency : code?.currencyCode else {
            let said = code?.text ?? "not stated"
            row("CAMT-CURRENCY", "the entry's currency is \(said.prefix(10)), which is none of ISO 4217", &faults)
            return nil
        }
        guard let isCredit = CamtDetail.isCredit(node) else {
            let said = node[.indicator]?.text ?? "missing"
            row("CAMT-INDICATOR", "the entry's CdtDbtInd is \(said.prefix(20)): CRDT or DBIT was expected", &faults)
            return nil
        }
        switch XMLAmount.read(stated, currency, what: "the entry's amount", severity: .row) {
        case .success(let money):
            guard !money.isNegative else {
                let what = "the entry's amount \(money) is negative; its direction is CdtDbtInd's to say"
                row("CAMT-AMOUNT", what, &faults)
                return nil
            }
            return isCredit ? money : -money
        case .failure(let failure):
            faults.add(failure.fault)
            return nil
        }
    }

    private func status(_ frame: inout CamtFrame, _ faults: inout FileFaults) -> Payment.Status {
        // Text up to version 001.07, then a code.
        guard let code = (node[.status, .code] ?? node[.status, .proprietary] ?? node[.status])?.text else {
            frame.statusMissing += 1
            return .booked
        }
        switch code {
        case "BOOK": return .booked
        case "PDNG", "FUTR": return .pending
        case "INFO": return .information
        default:
            faults.add(
                "CAMT-STATUS", .warning, at: node.position,
                "the entry's status \(code.prefix(20)) is not BOOK, PDNG, INFO or FUTR",
                hint: "It was not counted as booked; ask the bank what it means.")
            return .information
        }
    }

    private func row(_ code: String, _ message: String, _ faults: inout FileFaults) {
        faults.add(
            code, .row, at: node.position, message,
            hint: "This entry was left out, so the balances will not connect; ask the bank for a corrected file.")
    }

    // MARK: The details

    /// How the details' amounts are read so that they add up to the entry.
    private struct Split {
        /// Which of a detail's amounts, in the order in which they are tried.
        enum Reading: CaseIterable { case likeliest, transaction, instructed }

        var reading: Reading
        /// In the entry's direction, and not each in its own.
        var isAlike = false

        func amount(of detail: CamtDetail, _ head: Head) -> Money? {
            let stated =
                switch reading {
                case .likeliest: detail.direct ?? detail.transaction ?? detail.instructed
                case .transaction: detail.transaction
                case .instructed: detail.instructed
                }
            guard let money = stated?.money(head.amount.currency) else { return nil }
            let isCredit = isAlike ? head.isCredit : detail.isCredit ?? head.isCredit
            return isCredit ? money : -money
        }
    }

    /// How the details add up to the entry; nil (with a warning) when they do not.
    private func split(_ head: Head, _ faults: inout FileFaults) -> Split? {
        var stated = false
        for reading in Split.Reading.allCases {
            let own = Split(reading: reading)
            guard let sum = sum(own, head) else { continue }
            stated = true
            if sum == Int128(head.amount.minorUnits) { return own }
            let alike = Split(reading: reading, isAlike: true)
            if self.sum(alike, head) == Int128(head.amount.minorUnits) {
                faults.add(
                    "CAMT-DETAIL-SIGN", .warning, at: node.position,
                    "the details add up to the entry only in the entry's direction, not in their own",
                    hint: "The entry's direction was taken for all of them.")
                return alike
            }
        }
        let what = stated ? "do not add up to it" : "do not all state an amount in \(head.amount.currency.code)"
        faults.add(
            stated ? "CAMT-DETAIL-SUM" : "CAMT-DETAIL-AMOUNT", .warning, at: node.position,
            "the entry of \(head.amount) has \(details.count) details that \(what)",
            hint: "It is one payment of the entry's amount, with the text of all details; allocate it by hand.")
        return nil
    }

    /// Nil when a detail does not state such an amount.
    private func sum(_ split: Split, _ head: Head) -> Int128? {
        var sum: Int128 = 0
        var isWhole = true
        details.each { detail in
            guard let amount = split.amount(of: detail, head) else {
                isWhole = false
                return false
            }
            sum += Int128(amount.minorUnits)
            return true
        }
        return isWhole ? sum : nil
    }

    /// Of a single detail the entry's amount and direction win; a difference is told.
    private func compare(_ detail: CamtDetail, _ head: Head, _ faults: inout FileFaults) {
        if let isCredit = detail.isCredit, isCredit != head.isCredit, !head.amount.isZero {
            faults.add(
                "CAMT-DETAIL-SIGN", .warning, at: node.position,
                "the entry is \(head.isCredit ? "CRDT" : "DBIT"), and its only detail says the opposite",
                hint: "The entry's direction was taken.")
        }
        guard let money = detail.direct?.money(head.amount.currency), money != head.amount.magnitude,
            fee(detail.charges, gross: money, head) == nil
        else { return }
        faults.add(
            "CAMT-DETAIL-SUM", .warning, at: node.position,
            "the entry is \(head.amount.magnitude), and its only detail \(money)",
            hint: "The entry's amount was taken: it is what was booked.")
    }

    private func payment(_ head: Head, _ detail: CamtDetail?, amount: Money, _ account: String) -> Payment {
        var payment = Payment(
            amount: amount, bookedOn: head.bookedOn,
            provenance: Provenance(origin, at: .path(detail?.path ?? node.path)))
        payment.account = account
        payment.valuedOn = head.valuedOn
        // Zero moves nothing: the line is kept for its text.
        payment.status = amount.isZero && head.status == .booked ? .information : head.status
        payment.bankCode = (detail?.bankCode ?? head.bankCode)?.text
        payment.remittance = head.additional
        let isReturn = head.isReversal || (detail?.isReturn ?? head.bankCode?.isReturn ?? false)
        guard let detail else {
            if isReturn { payment.reverses = head.reverses ?? head.servicerReference }
            return payment
        }
        payment.endToEndID = detail.endToEndID
        payment.structuredReference = detail.structured.first
        payment.remittance = text(of: detail) ?? detail.additional ?? head.additional
        let other = Self.counterparty(detail, amount.isNegative, isReturn, account)
        payment.payerName = other.name
        payment.payerAccount = other.account
        let gross = detail.instructed ?? detail.transaction ?? detail.direct
        if let gross, let money = gross.value.money(gross.currency ?? amount.currency), money != amount.magnitude {
            payment.originalAmount = amount.isNegative ? -money : money
        }
        let stated = (detail.direct ?? detail.transaction ?? detail.instructed)?.money(amount.currency)
        payment.fee = fee(detail.charges ?? (details.count == 1 ? CamtCharges(node) : nil), gross: stated, head)
        if isReturn {
            payment.returnReason = detail.returnReason
            payment.reverses = detail.endToEndID ?? detail.returnReason ?? detail.servicerReference ?? head.reverses
        }
        return payment
    }

    /// What the payer wrote, and the references after the first.
    private func text(of detail: CamtDetail) -> String? {
        if detail.structured.count < 2, detail.remittance.count < 2 { return detail.remittance.first }
        let text = detail.remittance + detail.structured.dropFirst()
        return text.isEmpty ? nil : text.joined(separator: " ")
    }

    /// Charges that are already inside the booked amount; others are booked by themselves.
    private func fee(_ charges: CamtCharges?, gross: Money?, _ head: Head) -> Money? {
        guard let charges, let fee = charges.total.money(head.amount.currency), fee.isPositive else { return nil }
        if charges.included { return fee }
        guard let gross, details.count == 1 else { return nil }
        let net = head.isCredit ? gross.subtracting(fee) : gross.adding(fee)
        return net == head.amount.magnitude ? fee : nil
    }

    /// The other side: whoever does not hold our account, else by the direction of the money.
    ///
    /// A return names the parties of the payment it takes back, so the direction is turned round then.
    private static func counterparty(
        _ detail: CamtDetail, _ isDebit: Bool, _ isReturn: Bool, _ account: String
    ) -> CamtDetail.Party {
        if detail.creditor.account == account, detail.debtor.account != account { return detail.debtor }
        if detail.debtor.account == account, detail.creditor.account != account { return detail.creditor }
        let (first, second) =
            isDebit == isReturn ? (detail.debtor, detail.creditor) : (detail.creditor, detail.debtor)
        guard isReturn, first.name == nil, first.account == nil else { return first }
        return second
    }

    /// One payment for details that cannot be told apart: the entry's amount, the text of all.
    private func merged(_ head: Head, _ account: String) -> Payment {
        var payment = payment(head, nil, amount: head.amount, account)
        var text = ""
        var length = 0
        var names: Set<String> = []
        details.each { detail in
            for word in detail.structured + detail.remittance where length <= Self.mergedTextMax {
                text += text.isEmpty ? word : " " + word
                length += word.count + 1
            }
            if names.count < 2, let name = Self.counterparty(detail, !head.isCredit, detail.isReturn, account).name {
                names.insert(name)
            }
            return names.count < 2 || length <= Self.mergedTextMax
        }
        if !text.isEmpty { payment.remittance = String(text.prefix(Self.mergedTextMax)) }
        if names.count == 1 { payment.payerName = names.first }
        return payment
    }

    /// Characters; 30 details of 140.
    private static let mergedTextMax = 4200
}
