// SPDX-License-Identifier: Apache-2.0
import Documents

/// Reads amounts in the document's currency, with the sign of the claim.
struct UBLAmounts {
    let currency: Currency
    /// -1 turns a credit note's positive amounts into what is owed to us.
    var sign = 1
    var faults: [Fault] = []

    init(currency: Currency) {
        self.currency = currency
    }

    /// The amount as stated, without `sign`; nil with a refusal in `faults`.
    mutating func required(_ node: XMLNode<UBLName>) -> Money? {
        read(node, .refusal)
    }

    /// Nil when absent, or with a warning in `faults` when unreadable.
    mutating func money(_ node: XMLNode<UBLName>?) -> Money? {
        guard let node, let money = read(node, .warning) else { return nil }
        return sign < 0 ? -money : money
    }

    private mutating func read(_ node: XMLNode<UBLName>, _ severity: Fault.Severity) -> Money? {
        if let code = node[.currencyID]?.text, code.uppercased() != currency.code {
            faults.append(
                Fault(
                    "PEPPOL-EN16931-R051", severity, at: node.position,
                    "\(node.name.rawValue) is in \(code.prefix(10)), while the document's currency is \(currency.code)",
                    hint: severity == .refusal
                        ? "Which of the two is owed cannot be known: ask the sender for a corrected document."
                        : "This amount was left out."))
            return nil
        }
        switch XMLAmount.read(node, currency, what: node.name.rawValue, severity: severity) {
        case .success(let money): return money
        case .failure(let failure):
            faults.append(failure.fault)
            return nil
        }
    }
}

/// Checks the arithmetic between a document's stated totals. What is stated stands; a contradiction is a
/// warning under the id of the rule of EN 16931-1 that it breaks.
struct UBLTotals {
    let root: XMLNode<UBLName>
    let totals: XMLNode<UBLName>?
    let lines: UBLLines
    let currency: Currency
    /// Older UBL gives TaxExclusiveAmount another meaning (OIOUBL: the tax itself).
    let isNorm: Bool
    private var faults: [Fault] = []

    init(
        root: XMLNode<UBLName>, totals: XMLNode<UBLName>?, lines: UBLLines, currency: Currency, isNorm: Bool
    ) {
        self.root = root
        self.totals = totals
        self.lines = lines
        self.currency = currency
        self.isNorm = isNorm
    }

    mutating func check() -> [Fault] {
        let zero = ScaledDecimal(coefficient: 0, scale: 0)
        let lineTotal = stated(.lineExtensionAmount)
        let net = stated(.taxExclusiveAmount)
        let gross = stated(.taxInclusiveAmount)
        let tax = taxTotal()
        if lines.count > 0, let lineTotal, let sum = lines.sum {
            expect("BR-CO-10", "sum of line net amounts (BT-106)", lineTotal, sum, "the lines add up to")
        }
        let allowances = documentLevel(charge: false)
        let charges = documentLevel(charge: true)
        if let total = stated(.allowanceTotalAmount), let allowances {
            expect("BR-CO-11", "sum of allowances (BT-107)", total, allowances, "the allowances add up to")
        }
        if let total = stated(.chargeTotalAmount), let charges {
            expect("BR-CO-12", "sum of charges (BT-108)", total, charges, "the charges add up to")
        }
        if isNorm {
            if let net, let lineTotal {
                let less = -(stated(.allowanceTotalAmount) ?? zero)
                let computed = lineTotal.adding(less)?.adding(stated(.chargeTotalAmount) ?? zero)
                expect("BR-CO-13", "total without VAT (BT-109)", net, computed, "BT-106 - BT-107 + BT-108 is")
            }
            if let tax, let subtotals = taxSubtotals() {
                expect("BR-CO-14", "total VAT (BT-110)", tax, subtotals, "the VAT breakdown adds up to")
            }
            if let gross, let net {
                expect("BR-CO-15", "total with VAT (BT-112)", gross, net.adding(tax ?? zero), "BT-109 + BT-110 is")
            }
        }
        if let payable = stated(.payableAmount), let gross {
            let paid = -(stated(.prepaidAmount) ?? zero)
            let computed = gross.adding(paid)?.adding(stated(.payableRoundingAmount) ?? zero)
            expect("BR-CO-16", "amount due for payment (BT-115)", payable, computed, "BT-112 - BT-113 + BT-114 is")
        }
        return faults
    }

    private func stated(_ name: UBLName) -> ScaledDecimal? {
        totals?[name]?.decimal
    }

    private func documentLevel(charge: Bool) -> ScaledDecimal? {
        var sum: ScaledDecimal? = ScaledDecimal(coefficient: 0, scale: 0)
        for item in root.all(.allowanceCharge) {
            let indicator = item[.chargeIndicator]?.text
            guard (indicator == "true" || indicator == "1") == charge else { continue }
            guard let amount = item[.amount]?.decimal else { return nil }
            sum = sum?.adding(amount)
        }
        return sum
    }

    /// The tax totals in the document's currency.
    private var ownTaxTotals: [XMLNode<UBLName>] {
        root.all(.taxTotal).filter { ($0[.taxAmount]?[.currencyID]?.text ?? currency.code) == currency.code }
    }

    private func taxTotal() -> ScaledDecimal? {
        sum(ownTaxTotals.map { $0[.taxAmount] })
    }

    private func taxSubtotals() -> ScaledDecimal? {
        let subtotals = ownTaxTotals.flatMap { $0.all(.taxSubtotal) }
        return subtotals.isEmpty ? nil : sum(subtotals.map { $0[.taxAmount] })
    }

    private func sum(_ nodes: [XMLNode<UBLName>?]) -> ScaledDecimal? {
        guard !nodes.isEmpty else { return nil }
        var sum: ScaledDecimal? = ScaledDecimal(coefficient: 0, scale: 0)
        for node in nodes {
            guard let amount = node?.decimal else { return nil }
            sum = sum?.adding(amount)
        }
        return sum
    }

    private mutating func expect(
        _ rule: String, _ what: String, _ stated: ScaledDecimal, _ computed: ScaledDecimal?, _ how: String
    ) {
        // Compared as decimals of the currency, as the norm's own checks round; no wider tolerance.
        let scale = max(currency.exponent, 2)
        guard let computed, let left = stated.rounded(scale: scale, .halfUp),
            let right = computed.rounded(scale: scale, .halfUp), left.coefficient != right.coefficient
        else { return }
        faults.append(
            Fault(
                rule, .warning, at: (totals ?? root).position,
                "the \(what) is stated as \(left.text), but \(how) \(right.text)",
                hint: "The stated amount due was taken; ask the sender if it is disputed."))
    }
}
