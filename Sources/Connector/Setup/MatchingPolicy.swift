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
        var faults: [Fault] = []
        func fault(_ node: Node, _ message: String, _ hint: String) {
            faults.append(Fault("CONFIG", .refusal, at: .line(node.line, column: node.column), message, hint: hint))
        }
        func number(_ node: Node, _ range: ClosedRange<Int64>, _ set: (Int64) -> Void) {
            if let value = node.scalar.flatMap({ Int64($0) }), range.contains(value) { return set(value) }
            fault(
                node, "“\(node.scalar ?? node.kind)” is no number from \(range.lowerBound) to \(range.upperBound).",
                "Correct the value.")
        }
        func amount(_ node: Node, _ set: (Int64) -> Void) {
            let value = node.scalar.flatMap { ScaledDecimal($0) }?.money(.eur)
            if let value, !value.isNegative { return set(value.minorUnits) }
            fault(node, "“\(node.scalar ?? node.kind)” is no amount.", "Write it as 25.00.")
        }
        func flag(_ node: Node, _ set: (Bool) -> Void) {
            switch node.scalar {
            case "true": set(true)
            case "false": set(false)
            default: fault(node, "“\(node.scalar ?? node.kind)” is neither true nor false.", "Write true or false.")
            }
        }
        guard let entries = node.entries else {
            fault(node, "reconciliation must be a map, not \(node.kind).", "See docs/reconciliation.md.")
            return (policy, faults)
        }
        for entry in entries {
            guard let key = Key(rawValue: entry.key) else {
                faults.append(
                    Fault(
                        "CONFIG", .refusal, at: .line(entry.line, column: entry.column),
                        "“\(entry.key)” is no key of reconciliation.",
                        hint: "Known keys: \(Key.allCases.map(\.rawValue).joined(separator: ", "))."))
                continue
            }
            let value = entry.value
            switch key {
            case .reviewRules:
                for name in value.items ?? [value] {
                    if let rule = name.scalar.flatMap({ Rule(rawValue: $0) }) {
                        policy.reviewRules.insert(rule)
                    } else {
                        let known = Rule.allCases.map(\.rawValue).joined(separator: ", ")
                        fault(name, "“\(name.scalar ?? name.kind)” is no rule.", "Known rules: \(known).")
                    }
                }
            case .discountGraceDays: number(value, 0...60) { policy.discountGraceDays = Int($0) }
            case .lateDiscountDaysMax: number(value, 0...3650) { policy.lateDiscountDaysMax = Int($0) }
            case .lateDiscountMax: amount(value) { policy.lateDiscountMax = $0 }
            case .appliesUnexplained: flag(value) { policy.appliesUnexplained = $0 }
            case .takesOldest: flag(value) { policy.takesOldest = $0 }
            case .partSharePermilleMin: number(value, 0...1000) { policy.partSharePermilleMin = Int64($0) }
            case .feeMax: amount(value) { policy.feeMax = $0 }
            case .withheldMax: amount(value) { policy.withheldMax = $0 }
            case .prepaymentDaysMax: number(value, 0...3650) { policy.prepaymentDaysMax = Int($0) }
            case .returnDaysMax: number(value, 0...3650) { policy.returnDaysMax = Int($0) }
            case .repeatDays: number(value, 0...3650) { policy.repeatDays = Int($0) }
            case .roundUnits: number(value, 1...1_000_000_000) { policy.roundUnits = $0 }
            case .rateBandPermille: number(value, 0...500) { policy.rateBandPermille = $0 }
            case .accidentsPerBillionMax: number(value, 0...1_000_000_000) { policy.accidentsPerBillionMax = $0 }
            case .learnsTiers: flag(value) { policy.learnsTiers = $0 }
            }
        }
        return (policy, faults)
    }
}
