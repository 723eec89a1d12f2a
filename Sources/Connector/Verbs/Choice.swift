// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Store

/// What a person chose of what a decision shows. The books keep what is true of the choice: a sentence, evidence and what
/// was not taken, and nothing that was said of another one.
struct Choice {
    let stored: StoredDecision
    /// As people count; nil for the proposal.
    let alternative: Int?

    /// What is booked, before a person's name and reason are put to it.
    func decision(_ session: Session, company: String) throws -> Decision {
        var decision = stored.decision
        decision.evidence = DecisionText.evidence(stored)
        guard let alternative else { return decision }
        let proposed = stored.decision.lines
        try take(alternative, &decision)
        let isProposed =
            decision.lines == proposed && !proposed.isEmpty
            && (decision.kind != .return || decision.counterpartID == stored.decision.counterpartID)
        guard !isProposed else { return decision }
        decision.sentence = try sentence(alternative, decision, session, company)
        decision.evidence = try evidence(of: decision, session, company)
        if !proposed.isEmpty, !decision.alternatives.contains(where: { $0.lines == proposed }) {
            decision.alternatives.append(Alternative(lines: proposed))
        }
        return decision
    }

    private func take(_ alternative: Int, _ decision: inout Decision) throws {
        let returned = decision.kind == .return ? DecisionText.returnedPayments(stored) : []
        let count = max(decision.alternatives.count, returned.count)
        guard alternative >= 1, alternative <= count else {
            throw Failure(
                "REVIEW-ALTERNATIVE", "\(stored.id) has no alternative \(alternative).",
                hint: "It has \(count); see `tieout review show \(stored.id)`.")
        }
        let place = alternative - 1
        decision.lines = place < decision.alternatives.count ? decision.alternatives[place].lines : []
        guard decision.kind == .return else { return }
        decision.counterpartID = place < returned.count ? returned[place] : nil
        decision.customerID = nil
    }

    /// What was chosen, what reconcile would have done, and why it left that to a person.
    private func sentence(
        _ alternative: Int, _ decision: Decision, _ session: Session, _ company: String
    ) throws -> String {
        let currency = stored.amount.currency
        var parts = try decision.lines.isEmpty ? [] : [ReviewJSON.words(decision.lines, currency, session, company)]
        if decision.kind == .return, let payment = decision.counterpartID {
            parts.append("payment \(payment) goes back")
        }
        let count = max(decision.alternatives.count, DecisionText.returnedPayments(stored).count)
        var text = "Alternative \(alternative) of \(count) was chosen: \(parts.joined(separator: "; "))."
        let proposed = stored.decision.lines
        guard !proposed.isEmpty else { return "\(text) \(stored.decision.sentence)" }
        text += " Proposed was \(try ReviewJSON.words(proposed, currency, session, company))."
        if let why = DecisionText.parts(stored.decision.sentence).why { text += " \(why)" }
        return text
    }

    /// What speaks of the payment itself, of the items that were chosen, and of a payer who is theirs. How the amount fitted
    /// was said of the proposal.
    private func evidence(of decision: Decision, _ session: Session, _ company: String) throws -> [Evidence] {
        let known = DecisionText.evidence(stored)
        let chosen = Set(decision.lines.map(\.itemID))
        let proposed = stored.decision.lines
        // Where nothing was proposed, all was said of the one thing that was shown.
        if proposed.isEmpty, stored.decision.alternatives.count == 1, decision.kind != .return { return known }
        func customers(_ lines: [Line]) throws -> Set<String> {
            Set(try lines.compactMap { try session.itemFacts(company: company, item: $0.itemID)?.customerID })
        }
        let isSameCustomer = try !proposed.isEmpty && customers(proposed) == customers(decision.lines)
        return known.filter { fact in
            if let item = fact.itemID { return fact.code != "ALSO-FITS" && chosen.contains(item) }
            return Self.ofPayment.contains(fact.code) || isSameCustomer && Self.ofPayer.contains(fact.code)
        }
    }

    private static let ofPayment: Set<String> = [
        "PROVIDER", "PAYOUT", "ORDERED-AMOUNT", "LATE-CHARGES", "STATED-FEE", "STATED-DISCOUNT", Return.possible,
    ]
    private static let ofPayer: Set<String> = [
        "CUSTOMER-STATED", "CUSTOMER-NUMBER", "CUSTOMER-REFERENCE", "PAYER-ACCOUNT", "PARENT-ACCOUNT",
        "LEARNED-ACCOUNT", "LEARNED-NAME", "PAYER-NAME", "PAYER-OTHER",
    ]
}
