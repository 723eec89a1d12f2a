// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Store

/// How far each rule is trusted: it starts as policy says, and its own record moves it.
///
/// A rule that goes to people acts by itself once they agreed with it so often that Wilson's lower bound reaches
/// 99.5 %; one that acts by itself goes back to people when some of its decisions were taken back and the bound of the
/// rest is below 99 %. A person may put it back to what policy says. Counting begins anew at each change.
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
        let last = try lastChanges()
        // order-free: each rule by itself
        for (rule, change) in last { Self.set(rule, change.isAutomatic, &policy) }
        let counts = try session.personCounts(company: company)
        var changes: [TierChange] = []
        for rule in Rule.allCases {
            guard let count = counts[rule] else { continue }
            let until = last[rule]?.until ?? TierCount()
            var trial = policy
            trial.reviewRules.remove(rule)
            guard trial.isAuto(rule) else { continue }
            let isAutomatic = policy.isAuto(rule)
            // What is refused while a rule acts by itself are its doubts.
            let failed = count.undone - until.undone + (isAutomatic ? 0 : count.refused - until.refused)
            if isAutomatic, failed <= 0 { continue }
            // Only what people confirmed counts toward a promotion; what stands by itself is counted when it is asked.
            let agreed =
                isAutomatic
                ? try session.automaticCount(company: company, rule: rule) : max(0, count.confirmed - until.confirmed)
            let before = isAutomatic ? Self.measuredBefore : 0
            let bound = WilsonBound.low(agreed + before, of: agreed + before + failed)
            guard isAutomatic ? bound < Self.demoteBelow : bound >= Self.promoteAt else { continue }
            let change = TierChange(
                rule: rule, isAutomatic: !isAutomatic, agreed: agreed, counted: agreed + failed, bound: bound,
                until: count, recordedAt: now)
            try session.save(change, company: company)
            Self.set(rule, change.isAutomatic, &policy)
            changes.append(change)
        }
        return (policy, changes)
    }

    private func lastChanges() throws -> [Rule: TierChange] {
        var last: [Rule: TierChange] = [:]
        for change in try session.tierChanges(company: company) { last[change.rule] = change }
        return last
    }

    /// The last change of each rule that is trusted otherwise than policy says.
    func standing(_ base: Policy) throws -> [Rule: TierChange] {
        guard base.learnsTiers else { return [:] }
        return try lastChanges().filter { $1.isAutomatic != base.isAuto($0) }
    }

    /// Puts a rule back to what policy says: a person takes back what was measured.
    func putBack(_ change: TierChange, actor: String, reason: String, at now: Timestamp) throws {
        let until = try session.personCounts(company: company)[change.rule] ?? TierCount()
        try session.save(
            TierChange(
                rule: change.rule, isAutomatic: !change.isAutomatic, agreed: 0, counted: 0, bound: 0, until: until,
                recordedAt: now, actor: actor, reason: reason), company: company)
        try session.resolveExceptions(
            company: company, kind: "TIER-CHANGED", subject: change.rule.rawValue, resolution: "\(actor): \(reason)",
            at: now)
    }

    private static func set(_ rule: Rule, _ isAutomatic: Bool, _ policy: inout Policy) {
        if isAutomatic { policy.reviewRules.remove(rule) } else { policy.reviewRules.insert(rule) }
    }
}

extension TierChange {
    /// For people: what happened and by which counts.
    var sentence: String {
        if let actor, let reason {
            return "\(rule.rawValue) \(isAutomatic ? "acts by itself" : "goes to people") again: \(actor), \(reason)"
        }
        return isAutomatic
            ? "\(rule.rawValue) now acts by itself: people agreed with \(agreed) of \(counted), at least \(share)."
            : "\(rule.rawValue) now goes to people: \(takenBack)"
    }

    /// Of a rule that was sent to people: why what it finds waits.
    var standing: String {
        actor == nil ? "\(rule.rawValue) goes to people: \(takenBack)" : sentence
    }

    /// Under which a person puts the rule back (`memory forget`).
    var id: String { "tier/\(rule.rawValue)" }

    private var takenBack: String {
        "\(counted - agreed) of \(counted) were taken back; with what the rule measured before, at least \(share) are right."
    }

    private var share: String { "\(bound / 1000).\(bound % 1000 / 100)\(bound % 100 / 10) %" }
}
