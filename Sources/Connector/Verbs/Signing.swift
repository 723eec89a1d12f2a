// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger

/// Who does something, and who besides: every act of a person has a name and a reason, and two people are two names.
package enum Signing {
    /// Nothing that could be read as a name or a reason.
    package static func isBlank(_ text: String) -> Bool {
        !text.contains { $0.isLetter || $0.isNumber || $0.isSymbol }
    }

    /// Whether two names are one person's, however they are spelled: case, blanks, width and composition do not count.
    package static func isSame(_ one: String, _ other: String) -> Bool { folded(one) == folded(other) }

    static func require(_ actor: String, _ reason: String) throws {
        guard !isBlank(actor), !isBlank(reason) else {
            throw Failure("ACTOR", "An act of a person needs a name and a reason.", hint: "Give --actor and --reason.")
        }
    }

    /// - Parameter what: the subject of the sentence: `A write-off of 700.00 EUR`.
    static func requireSecond(_ second: String?, besides actor: String, for what: String) throws {
        guard let second, !isBlank(second), !isSame(second, actor) else {
            throw Failure(
                "SECOND-PERSON", "\(what) needs a second person.",
                hint: "Add --second-person NAME, somebody other than \(actor).")
        }
    }

    /// Letters and digits only, without case; both ways of writing an accent are one to `Character`.
    private static func folded(_ name: String) -> [Character] {
        let kept = name.filter { $0.isLetter || $0.isNumber }
        let half = String(
            String.UnicodeScalarView(
                (kept.isEmpty ? name : kept).unicodeScalars.map { scalar in
                    // Full-width Latin letters and digits are the same ones, wider.
                    (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
                }))
        return Array(half.uppercased().lowercased())
    }
}

extension Signing {
    /// What is given away by hand above the policy's limit, or a large amount booked by hand, needs somebody besides
    /// the actor; what the parts of one act come to is added up, so that none slips below it.
    static func requireSecond(_ second: String?, besides actor: String, _ entries: [Entry], _ policy: DunningPolicy)
        throws
    {
        func sums(_ kinds: Set<Entry.Kind>) -> [Money] {
            Set(entries.map(\.currency)).sorted().compactMap { currency in
                let found = entries.filter { $0.currency == currency && kinds.contains($0.kind) }
                let sum = found.reduce(Int128(0)) { $0 + Int128($1.amount.magnitude) }
                return found.isEmpty ? nil : Money(minorUnits: Int64(clamping: sum), currency: currency)
            }
        }
        let isConverted = entries.contains { $0.kind == .converted }
        // What settles an item with cash of another currency is that cash; without such cash it is given away.
        let given: Set<Entry.Kind> = [.writeOff, .discount, .fee, .withholding, .rounding]
        let booked: Set<Entry.Kind> = [.applied, .charged, .converted]
        let rules = policy.secondPerson
        let large =
            sums(given.union(isConverted ? [] : [.exchange])).filter { rules.needsSecond(adjustment: $0) }
            .map { "\(word(entries)) of \($0)" }
            + sums(booked.union(isConverted ? [.exchange] : [])).filter { rules.needsSecond(allocation: $0) }
            .map { "Booking \($0) by hand" }
        if let first = large.first { try requireSecond(second, besides: actor, for: first) }
    }

    /// Rounding is for cents; more than that is something else and has to be called so.
    static func requireSmall(_ entries: [Entry], _ policy: DunningPolicy) throws {
        for entry in entries where entry.kind == .rounding {
            let limit = policy.roundingLimit(entry.currency)
            guard entry.money.magnitude.minorUnits > limit.minorUnits else { continue }
            throw Failure(
                "ROUNDING-LARGE", "\(entry.money) is no rounding difference: they end at \(limit).",
                hint: "Say what it is: --write-off, --discount, --fee or --withholding.")
        }
    }

    /// A write-off, a discount …; several kinds in one act are adjustments.
    private static func word(_ entries: [Entry]) -> String {
        let kinds = Set(
            entries.map(\.kind).filter {
                [.writeOff, .discount, .fee, .withholding, .rounding, .exchange].contains($0)
            })
        guard kinds.count == 1, let only = kinds.first else { return "Adjusting by a sum" }
        switch only {
        case .writeOff: return "A write-off"
        case .discount: return "A discount"
        case .fee: return "A fee"
        case .withholding: return "Withholding"
        case .rounding: return "A rounding"
        default: return "An exchange difference"
        }
    }
}
