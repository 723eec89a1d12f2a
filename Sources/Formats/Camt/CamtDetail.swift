// SPDX-License-Identifier: Apache-2.0
import Documents

/// What one `TxDtls` says, taken out of the tree so that an entry of any length needs little memory.
///
/// A class: a value with a dozen texts would be copied text by text, several times a payment.
final class CamtDetail {
    /// An amount as stated, before its currency is known to be ours.
    struct Stated {
        var value: ScaledDecimal
        var currency: Currency?

        /// Nil in another currency, or with digits that the currency does not have.
        func money(_ wanted: Currency) -> Money? {
            (currency ?? wanted) == wanted ? value.money(wanted) : nil
        }
    }

    struct Party {
        var name: String?
        var account: String?
    }

    let path: String
    let servicerReference: String?
    let endToEndID: String?
    /// True for CRDT, false for DBIT, nil when the detail has no indicator of its own.
    let isCredit: Bool?
    /// `Amt`, from version 001.03 on.
    let direct: Stated?
    let transaction: Stated?
    let instructed: Stated?
    let charges: CamtCharges?
    let bankCode: CamtBankCode?
    let debtor: Party
    let creditor: Party
    /// Distinct creditor references, in order.
    let structured: [String]
    /// What the payer wrote, in order, and the numbers of the documents that were named.
    let remittance: [String]
    let additional: String?
    let isReturn: Bool
    let returnReason: String?

    init(_ node: XMLNode<CamtName>) {
        path = node.path
        servicerReference = CamtReference.real(node[.references, .servicerReference]?.line1)
        endToEndID = CamtReference.real(node[.references, .endToEndID]?.line1)
        isCredit = Self.isCredit(node)
        direct = Self.stated(node[.amount])
        transaction = Self.stated(node[.amountDetails, .transactionAmount, .amount])
        instructed = Self.stated(node[.amountDetails, .instructedAmount, .amount])
        charges = CamtCharges(node)
        bankCode = CamtBankCode(node[.bankCode])
        let parties = node[.parties]
        debtor = Party(
            name: Self.name(parties?[.debtor]) ?? Self.name(parties?[.ultimateDebtor]),
            account: CamtFrame.account(parties?[.debtorAccount]))
        creditor = Party(
            name: Self.name(parties?[.creditor]) ?? Self.name(parties?[.ultimateCreditor]),
            account: CamtFrame.account(parties?[.creditorAccount]))
        (structured, remittance) = Self.remittance(node[.remittance])
        additional = node[.additionalTransactionInformation]?.line1
        let returned = node[.returnInformation]
        isReturn = returned != nil || (bankCode?.isReturn ?? false)
        returnReason = (returned?[.reason, .code] ?? returned?[.reason, .proprietary])?.line1
    }

    init(
        path: String, servicerReference: String?, endToEndID: String?, isCredit: Bool?, direct: Stated?,
        transaction: Stated?, instructed: Stated?, charges: CamtCharges?, bankCode: CamtBankCode?, debtor: Party,
        creditor: Party, structured: [String], remittance: [String], additional: String?, isReturn: Bool,
        returnReason: String?
    ) {
        self.path = path
        self.servicerReference = servicerReference
        self.endToEndID = endToEndID
        self.isCredit = isCredit
        self.direct = direct
        self.transaction = transaction
        self.instructed = instructed
        self.charges = charges
        self.bankCode = bankCode
        self.debtor = debtor
        self.creditor = creditor
        self.structured = structured
        self.remittance = remittance
        self.additional = additional
        self.isReturn = isReturn
        self.returnReason = returnReason
    }

    static func isCredit(_ node: XMLNode<CamtName>) -> Bool? {
        switch node[.indicator]?.text {
        case "CRDT": true
        case "DBIT": false
        default: nil
        }
    }

    static func stated(_ node: XMLNode<CamtName>?) -> Stated? {
        guard let node, let value = node.decimal else { return nil }
        return Stated(value: value, currency: node[.currency]?.currencyCode)
    }

    /// `Nm`, from version 001.08 on inside `Pty`, for a bank inside `Agt/FinInstnId`.
    private static func name(_ node: XMLNode<CamtName>?) -> String? {
        guard let node else { return nil }
        return (node[.name] ?? node[.party, .name] ?? node[.agent, .institution, .name])?.line1
    }

    private static func remittance(_ node: XMLNode<CamtName>?) -> (structured: [String], text: [String]) {
        guard let node else { return ([], []) }
        var references: [String] = []
        var text = node.all(.unstructured).compactMap(\.line1)
        for part in node.all(.structured) {
            let reference = (part[.creditorReferenceInformation, .reference] ?? part[.creditorReference])?.line1
            if let reference = CamtReference.real(reference), !references.contains(reference) {
                references.append(reference)
            }
            for document in part.all(.referredDocument) {
                if let number = (document[.number] ?? document[.id])?.line1 { text.append(number) }
            }
            text += part.all(.additionalRemittance).compactMap(\.line1)
        }
        return (references, text)
    }
}

/// References, and what banks write where there is none.
enum CamtReference {
    static func real(_ text: String?) -> String? {
        guard let text, let first = text.utf8.first else { return text }
        // The placeholders begin with one of these.
        guard first == 0x4E || first == 0x6E || first == 0x2D || first == 0x30 else { return text }
        return text.utf8.count <= longest && placeholders.contains(text.uppercased()) ? nil : text
    }

    private static let longest = 12
    private static let placeholders: Set<String> = [
        "NOTPROVIDED", "NOT PROVIDED", "NOTPROV", "NONREF", "NONE", "NOREF", "N/A", "-", "0",
    ]
}

/// `BkTxCd`.
struct CamtBankCode {
    /// `PMNT/RCDT/ESCT`, or the bank's own code.
    let text: String
    /// The sub-families of returned payments: returns and unpaid direct debits.
    let isReturn: Bool

    init(text: String, isReturn: Bool) {
        self.text = text
        self.isReturn = isReturn
    }

    init?(_ node: XMLNode<CamtName>?) {
        guard let node else { return nil }
        if let domain = node[.domain], let code = domain[.code]?.text {
            let group = domain[.family, .code]?.text
            let detail = domain[.family, .subFamily]?.text
            var joined = code
            if let group { joined += "/" + group }
            if let detail { joined += "/" + detail }
            text = joined
            isReturn = group != nil && (detail == "RRTN" || detail == "UPDD")
            return
        }
        guard let own = node[.proprietary, .code]?.line1 else { return nil }
        text = own
        isReturn = false
    }
}

/// `Chrgs`: of version 001.02 one or many with an amount, later one with records.
struct CamtCharges {
    let total: CamtDetail.Stated
    /// The charges are already taken off (or put on) the entry's amount.
    let included: Bool

    init(total: CamtDetail.Stated, included: Bool) {
        self.total = total
        self.included = included
    }

    init?(_ node: XMLNode<CamtName>) {
        let all = node.all(.charges)
        guard !all.isEmpty else { return nil }
        let records = all.flatMap { $0.all(.chargeRecord) }
        let single = (all + records).compactMap { CamtDetail.stated($0[.amount]) }
        guard let first = all.compactMap({ CamtDetail.stated($0[.chargesTotal]) }).first ?? Self.sum(single) else {
            return nil
        }
        total = first
        included = (all + records).contains { $0[.chargeIncluded]?.text == "true" || $0[.chargeIncluded]?.text == "1" }
    }

    private static func sum(_ parts: [CamtDetail.Stated]) -> CamtDetail.Stated? {
        guard var sum = parts.first else { return nil }
        for part in parts.dropFirst() {
            guard part.currency == sum.currency, let value = sum.value.adding(part.value) else { return nil }
            sum.value = value
        }
        return sum
    }
}
