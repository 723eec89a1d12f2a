// SPDX-License-Identifier: Apache-2.0
import Documents

/// Reads amounts in the document's currency, with the sign of the claim.
struct InvoiceAmounts<Name: InvoiceName> {
    let currency: Currency
    /// -1 turns a credit note's positive amounts into what is owed to us.
    var sign = 1
    var faults: [Fault] = []

    init(currency: Currency) {
        self.currency = currency
    }

    /// The amount as stated, without `sign`; nil with a refusal in `faults`.
    mutating func required(_ node: XMLNode<Name>) -> Money? {
        read(node, .refusal)
    }

    /// Nil when absent, or with a warning in `faults` when unreadable.
    mutating func money(_ node: XMLNode<Name>?) -> Money? {
        guard let node, let money = read(node, .warning) else { return nil }
        return sign < 0 ? -money : money
    }

    private mutating func read(_ node: XMLNode<Name>, _ severity: Fault.Severity) -> Money? {
        if let code = node[Name.currencyID]?.text, code.uppercased() != currency.code {
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
