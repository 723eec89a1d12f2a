// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Store

/// How far each rule is trusted: it starts as policy says, and its own record moves it.
///
/// A rule that goes to people acts by itself once they agreed with it so often that Wilson's lower bound reaches
/// 99.5 %; one that acts by itself goes back to people when some of its decisions were taken back and the bound of the
/// rest is below 99 %. Counting begins anew at each change.
struct Tiers {
    static let promoteAt: Int64 = 99_500
    static let demoteBelow: Int64 = 99_000
    /// A rule that acts by itself was measured on workloads before it came here; that counts like so many decisions
    /// nobody took back, so that one act of a person condemns no rule, and two in a small ledger do.
    static let measuredBefore = 600

    let company: String
    let session: Session

    /// The policy with every change so far, and the changes of now, which are kept.
    func current(_ base: Policy, at now: Timestamp) throws -> (policy: Policy, changes: [TierChange]) {
        var policy = base
        guard base.learnsTiers else { return (policy, []) }
        var last: [Rule: TierChange] = [:]
        var spent: [Rule: (confirmed: Int, failed: Int)] = [:]
        for change in try session.tierChanges(company: company) {
            last[change.rule] = change
            let before = spent[change.rule] ?? (0, 0)
            let failed = change.counted - change.agreed
            // Only what people confirmed counts toward a promotion; what stands by itself is counted when it is asked.
            spent[change.rule] = (before.confirmed + (change.isAutomatic ? change.agreed : 0), before.failed + failed)
        }
        // order-free: each rule by itself
        for (rule, change) in last { Self.set(rule, change.isAutomatic, &policy) }
        let counts = try session.personCounts(company: company)
        var changes: [TierChange] = []
        for rule in Rule.allCases {
            guard let count = counts[rule] else { continue }
            let done = spent[rule] ?? (0, 0)
            var trial = policy
            trial.reviewRules.remove(rule)
            guard trial.isAuto(rule) else { continue }
            let isAutomatic = policy.isAuto(rule)
            let failed = max(0, count.undone + (isAutomatic ? 0 : count.refused) - done.failed)
            if isAutomatic, failed == 0 { continue }
            let agreed =
                isAutomatic
                ? try session.automaticCount(company: company, rule: rule) : max(0, count.confirmed - done.confirmed)
            let before = isAutomatic ? Self.measuredBefore : 0
            let bound = WilsonBound.low(agreed + before, of: agreed + before + failed)
            guard isAutomatic ? bound < Self.demoteBelow : bound >= Self.promoteAt else { continue }
            let change = TierChange(
                rule: rule, isAutomatic: !isAutomatic, agreed: agreed, counted: agreed + failed, bound: bound,
                recordedAt: now)
            try session.save(change, company: company)
            Self.set(rule, change.isAutomatic, &policy)
            changes.append(change)
        }
        return (policy, changes)
    }

    private static func set(_ rule: Rule, _ isAutomatic: Bool, _ policy: inout Policy) {
        if isAutomatic { policy.reviewRules.remove(rule) } else { policy.reviewRules.insert(rule) }
    }
}

extension TierChange {
    /// For people: what happened and by which counts.
    var sentence: String {
        isAutomatic
            ? "\(rule.rawValue) now acts by itself: people agreed with \(agreed) of \(counted), at least \(share)."
            : "\(rule.rawValue) now goes to people: \(takenBack)"
    }

    /// Of a rule that was sent to people: why what it finds waits.
    var standing: String { "\(rule.rawValue) goes to people: \(takenBack)" }

    private var takenBack: String {
        "\(counted - agreed) of \(counted) were taken back; with what the rule measured before, at least \(share) are right."
    }

    private var share: String { "\(bound / 1000).\(bound % 1000 / 100)\(bound % 100 / 10) %" }
}
