// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Store

/// Rules that could act by themselves and do not: the company keeps them for people, or decisions of theirs were taken
/// back too often.
struct PeoplesRules {
    private let kept: Set<Rule>
    private var changed: [Rule: TierChange] = [:]

    init(_ policy: Policy, _ session: Session, company: String) throws {
        kept = policy.reviewRules
        guard policy.learnsTiers else { return }
        for change in try session.tierChanges(company: company) { changed[change.rule] = change }
    }

    /// Why a decision waits that its rule would have booked; nil where the rule may act.
    func why(_ stored: StoredDecision) -> String? {
        let rule = stored.decision.rule
        guard stored.state == .waiting, let change = changed[rule] else {
            return stored.state == .waiting && kept.contains(rule)
                ? "The company keeps \(rule.rawValue) for people (review_rules)." : nil
        }
        return change.isAutomatic ? nil : change.standing
    }
}

extension Workplace {
    func peoplesRules(_ session: Session) throws -> PeoplesRules {
        try PeoplesRules(books.matching, session, company: company.id)
    }
}
