// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Store

/// Every decision with its lines: `payment_id,invoice_id,amount,decision,rule,explanation`.
enum AllocationRegister {
    static func csv(_ session: Session, company: String) throws -> String {
        let invoices = try session.invoiceOfItem(company: company)
        var text = "payment_id,invoice_id,amount,decision,rule,explanation\n"
        for stored in try session.decisions(company: company) {
            let decision = stored.decision
            let word: String
            switch stored.state {
            case .committed: word = "auto"
            case .waiting: word = "review"
            case .rejected, .undone: continue
            case .noted: word = "none"
            }
            func row(_ item: String, _ amount: Int64) {
                let money = Money(minorUnits: amount, currency: stored.amount.currency).amountText
                text += [decision.paymentID, item, money, word, decision.rule.rawValue, decision.sentence].map(field)
                    .joined(separator: ",")
                text += "\n"
            }
            var shown: [String] = []
            for line in decision.lines where line.cash != 0 {
                row(invoices[line.itemID] ?? line.itemID, line.cash)
                shown.append(line.itemID)
            }
            if stored.state == .waiting {
                for line in decision.alternatives.flatMap(\.lines) where line.cash != 0 && !shown.contains(line.itemID)
                {
                    row(invoices[line.itemID] ?? line.itemID, line.cash)
                    shown.append(line.itemID)
                }
            }
            if shown.isEmpty { row("", 0) }
        }
        return text
    }

    private static func field(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
