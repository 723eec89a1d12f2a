// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Trees

/// `reconciliation:` of a company in `tieout.yaml`: what the machine may settle by itself.
///
///     reconciliation:
///       review_rules: [NUMBER-FEE, PAYER-SET]
///       late_discount_max: 25.00
///       late_discount_days_max: 14
///
/// Amounts are in units of the payment's currency, with two decimals.
enum MatchingPolicy {
    private enum Key: String, CaseIterable {
        case reviewRules = "review_rules"
        case discountGraceDays = "discount_grace_days"
        case lateDiscountDaysMax = "late_discount_days_max"
        case lateDiscountMax = "late_discount_max"
        case appliesUnexplained = "apply_unexplained"
        case takesOldest = "oldest_of_equals"
        case partSharePermilleMin = "part_share_permille_min"
        case feeMax = "fee_max"
        case withheldMax = "withheld_max"
        case withheldShares = "withheld_shares"
        case prepaymentDaysMax = "prepayment_days_max"
        case returnDaysMax = "return_days_max"
        case repeatDays = "repeat_days"
        case roundUnits = "round_units"
        case rateBandPermille = "rate_band_permille"
        case accidentsPerBillionMax = "accidents_per_billion_max"
        case learnsTiers = "learn_tiers"
    }

    static func compile(_ node: Node) -> (Policy, [Fault]) {
        var policy = Policy()
        var values = Values()
        guard let entries = node.entries else {
            values.fault(node, "reconciliation must be a map, not \(node.kind).", "See docs/reconciliation.md.")
            return (policy, values.faults)
        }
        for entry in entries {
            guard let key = Key(rawValue: entry.key) else {
                values.faults.append(
                    Fault(
                        "CONFIG", .refusal, at: .line(entry.line, column: entry.column),
                        "“\(entry.key)” is no key of reconciliation.",
                        hint: "Known keys: \(Key.allCases.map(\.rawValue).joined(separator: ", "))."))
                continue
            }
            set(key, entry.value, &policy, &values)
        }
        return (policy, values.faults)
    }

    private static func set(_ key: Key, _ value: Node, _ policy: inout Policy, _ values: inout Values) {
        switch key {
        case .reviewRules: policy.reviewRules = Set(values.list(value) { $0.rule($1) })
        case .discountGraceDays: values.number(value, 0...60) { policy.discountGraceDays = Int($0) }
        case .lateDiscountDaysMax: values.number(value, 0...3650) { policy.lateDiscountDaysMax = Int($0) }
        case .lateDiscountMax: values.amount(value) { policy.lateDiscountMax = $0 }
        case .appliesUnexplained: values.flag(value) { policy.appliesUnexplained = $0 }
        case .takesOldest: values.flag(value) { policy.takesOldest = $0 }
        case .partSharePermilleMin: values.number(value, 0...1000) { policy.partSharePermilleMin = $0 }
        case .feeMax: values.amount(value) { policy.feeMax = $0 }
        case .withheldMax: values.amount(value) { policy.withheldMax = $0 }
        case .withheldShares: policy.withheldShares = values.list(value) { $0.share($1) }
        case .prepaymentDaysMax: values.number(value, 0...3650) { policy.prepaymentDaysMax = Int($0) }
        case .returnDaysMax: values.number(value, 0...3650) { policy.returnDaysMax = Int($0) }
        case .repeatDays: values.number(value, 0...3650) { policy.repeatDays = Int($0) }
        case .roundUnits: values.number(value, 1...1_000_000_000) { policy.roundUnits = $0 }
        case .rateBandPermille: values.number(value, 0...500) { policy.rateBandPermille = $0 }
        case .accidentsPerBillionMax:
            values.number(value, 0...1_000_000_000) { policy.accidentsPerBillionMax = $0 }
        case .learnsTiers: values.flag(value) { policy.learnsTiers = $0 }
        }
    }

    /// Values as they are written, and what is wrong with them.
    private struct Values {
        var faults: [Fault] = []

        mutating func fault(_ node: Node, _ message: String, _ hint: String) {
            faults.append(Fault("CONFIG", .refusal, at: .line(node.line, column: node.column), message, hint: hint))
        }

        mutating func number(_ node: Node, _ range: ClosedRange<Int64>, _ set: (Int64) -> Void) {
            if let value = node.scalar.flatMap({ Int64($0) }), range.contains(value) { return set(value) }
            fault(
                node, "“\(node.scalar ?? node.kind)” is no number from \(range.lowerBound) to \(range.upperBound).",
                "Correct the value.")
        }

        mutating func amount(_ node: Node, _ set: (Int64) -> Void) {
            let value = node.scalar.flatMap { ScaledDecimal($0) }?.money(.eur)
            if let value, !value.isNegative { return set(value.minorUnits) }
            fault(node, "“\(node.scalar ?? node.kind)” is no amount.", "Write it as 25.00.")
        }

        mutating func flag(_ node: Node, _ set: (Bool) -> Void) {
            switch node.scalar {
            case "true": set(true)
            case "false": set(false)
            default: fault(node, "“\(node.scalar ?? node.kind)” is neither true nor false.", "Write true or false.")
            }
        }

        /// One value stands for a list of it.
        mutating func list<Value>(_ node: Node, _ read: (inout Values, Node) -> Value?) -> [Value] {
            (node.items ?? [node]).compactMap { read(&self, $0) }
        }

        mutating func rule(_ node: Node) -> Rule? {
            if let rule = node.scalar.flatMap({ Rule(rawValue: $0) }) { return rule }
            let known = Rule.allCases.map(\.rawValue).joined(separator: ", ")
            fault(node, "“\(node.scalar ?? node.kind)” is no rule.", "Known rules: \(known).")
            return nil
        }

        mutating func share(_ node: Node) -> WithheldShare? {
            if let share = node.scalar.flatMap({ WithheldShare($0) }) { return share }
            fault(
                node, "“\(node.scalar ?? node.kind)” is no share of an invoice up to a third.",
                "Write 20/122 for 20 % of a net amount with 22 % VAT, or 6.15%.")
            return nil
        }
    }
}
