// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Reconciliation
import Store
import Trees

/// A decision as a finance person reads it: what spoke for it, what against, what else it might have been, who decided.
enum DecisionText {
    /// One stored piece of evidence.
    private struct Fact {
        var code: String
        var text: String
        var item: String?
        var bits: Int

        init?(_ node: Node) {
            guard let code = node["code"]?.scalar else { return nil }
            self.code = code
            text = node["text"]?.scalar ?? ""
            item = node["item"]?.scalar
            bits = node["bits"]?.scalar.flatMap { Int($0) } ?? 0
        }
    }

    static func lines(_ stored: StoredDecision, _ session: Session, company: String) throws -> [String] {
        let facts = facts(stored).filter { $0.code != Return.possible }
        let numbers = try session.numbers(company: company, items: facts.compactMap(\.item))
        func sentence(_ fact: Fact) -> String {
            let number = fact.item.map { numbers[$0] ?? $0 }
            let words = words[fact.code] ?? fact.code.lowercased()
            let shown = fact.text.isEmpty || fact.text == number ? "" : " “\(fact.text)”"
            return words + shown + (number.map { " (\($0))" } ?? "")
        }
        let runnersUp = facts.filter { $0.code == "ALSO-FITS" }
        let against = facts.filter { $0.bits < 0 && $0.code != "ALSO-FITS" }
        var lines: [String] = []
        for fact in facts where fact.bits >= 0 {
            lines.append("  speaks for it: \(sentence(fact)), weight \(fact.bits)")
        }
        for fact in against { lines.append("  speaks against: \(sentence(fact)), weight \(fact.bits)") }
        if against.isEmpty { lines.append("  speaks against: nothing") }
        if let runnerUp = runnersUp.first {
            lines.append(
                "  runner-up: \(sentence(runnerUp)), weight \(runnerUp.bits); the evidence above is not for it")
        } else if stored.state == .committed {
            lines.append("  runner-up: none; nothing else explains the amount and the text")
        }
        lines.append("  " + decider(stored))
        return lines
    }

    /// The payments that a return may take back, one for each alternative.
    static func returnedPayments(_ stored: StoredDecision) -> [String] {
        facts(stored).filter { $0.code == Return.possible }.map(\.text)
    }

    /// The provider's payout that a bank entry was taken for.
    static func payout(_ stored: StoredDecision) -> String? {
        stored.decision.kind == .payout ? facts(stored).first { $0.code == "PAYOUT" }?.text : nil
    }

    /// What the evidence of a decision is about.
    static func items(_ stored: StoredDecision) -> [String] { facts(stored).compactMap(\.item) }

    private static func facts(_ stored: StoredDecision) -> [Fact] {
        (JSONReader.read(Array(stored.evidence.utf8)).node?.items ?? []).compactMap { Fact($0) }
    }

    private static func decider(_ stored: StoredDecision) -> String {
        let rule = stored.decision.rule.rawValue
        let reason = stored.reason.map { " (\($0))" } ?? ""
        let isMachine = stored.actor == "reconcile"
        switch stored.state {
        case .committed:
            return isMachine
                ? "decided by the rule \(rule) on \(stored.decidedOn), no person"
                : "decided by \(stored.actor) on \(stored.decidedOn)\(reason)"
        case .waiting: return "waits for a person since \(stored.decidedOn), proposed by the rule \(rule)"
        case .rejected: return "refused by \(stored.actor)\(reason)"
        case .undone: return "taken back by \(stored.actor)\(reason)"
        case .noted: return "noted by \(stored.actor) on \(stored.decidedOn), nothing was booked\(reason)"
        }
    }

    private static let words: [String: String] = [
        "REF-FIELD": "the reference field holds the reference that was issued",
        "REF-TEXT": "the text holds the reference that was issued",
        "NUMBER": "the text names the number",
        "NUMBER-WRAPPED": "the text names the number, broken by a blank",
        "NUMBER-RANGE": "a range in the text covers the number",
        "NUMBER-SHORTENED": "the text names the end of the number behind another one",
        "NUMBER-CORE": "the text has the running part of the number",
        "NUMBER-MISTYPED": "the text is one slip away from the number",
        "MONTH-NAMED": "the text names the month the item is of",
        "ORDER": "the text names the purchase order",
        "AMOUNT-EXACT": "the amount is exactly what is open",
        "DISCOUNT-IN-TERMS": "the amount is what is open less the discount, in time",
        "DISCOUNT-LATE": "the discount is late by",
        "LATE-CHARGES": "the bank states what came on top of the amount:",
        "STATED-DISCOUNT": "the bank states what was taken off the amount:",
        "WITHHOLDING-HABIT": "the customer withheld the same share",
        "FEE-HABIT": "the customer's bank kept a fee",
        "AMOUNT-PART": "the amount is a part",
        "AMOUNT-DIFFERS": "the amount differs",
        "CUSTOMER-STATED": "the source names the customer",
        "CUSTOMER-NUMBER": "the text names the customer's number",
        "PAYER-ACCOUNT": "the account is the customer's",
        "PARENT-ACCOUNT": "the account is the customer's parent company's",
        "LEARNED-ACCOUNT": "the account paid for this customer before",
        "PAYER-NAME": "the payer's name fits the customer's",
        "PAYER-OTHER": "the account belongs to another customer",
        "PROMISED": "the customer promised this amount",
        "CLAIMED-PAID": "the customer said that this was paid",
        "ALSO-FITS": "the same amount is open on",
        "RATE": "the amount is its worth",
        "RATE-DIFFERS": "the amount is not its worth",
        "ORDERED-AMOUNT": "the payer ordered",
        "RETURNED-ID": "the bank names the payment that it takes back",
        "RETURNED-ITEM": "the text names what that payment settled",
        "RETURNED-ACCOUNT": "the account is that payment's",
        "RETURNED-NAME": "the name is that payment's",
        "PROVIDER": "the counterparty pays out other people's money",
        "PAYOUT": "the payout is",
        "CHARGE": "a charge is matched:",
        "CHARGE-OPEN": "a charge is not matched:",
        "NEVER-CUSTOMER": "a person set money of this account aside before",
    ]
}
