// SPDX-License-Identifier: Apache-2.0
import Documents
import Store

extension ReconcileRun {
    /// A pair that a person refused and nobody forgot since.
    struct Refusal {
        var payment: String
        /// Nil where nothing was named.
        var item: String?
        /// Nothing was proposed: a person looked at it.
        var isLookedAt: Bool
        var id: String { "declined/" + payment + (item.map { "/" + $0 } ?? "") }
    }

    static func standingRefusals(_ session: Session, company: String) throws -> [Refusal] {
        var forgotten: [String: Timestamp] = [:]
        for row in try session.forgottenLessons(company: company) { forgotten[row.lesson] = row.recordedAt }
        return try session.refusals(company: company).compactMap { row in
            let refusal = Refusal(payment: row.payment, item: row.item, isLookedAt: row.isLookedAt)
            if let since = forgotten[refusal.id], row.recordedAt <= since { return nil }
            return refusal
        }
    }

    /// Per payment what is not booked by itself any more: items, the payment that went back, and its own id for what
    /// names neither, as setting it aside.
    static func refused(_ refusals: [Refusal]) -> [String: Set<String>] {
        var refused: [String: Set<String>] = [:]
        for refusal in refusals { refused[refusal.payment, default: []].insert(refusal.item ?? refusal.payment) }
        return refused
    }

    /// Per payment the items that a person saw as alternatives and did not take; none where it had no alternatives.
    static func lookedAt(_ refusals: [Refusal]) -> [String: Set<String>] {
        var seen: [String: Set<String>] = [:]
        for refusal in refusals where refusal.isLookedAt {
            seen[refusal.payment, default: []].formUnion(refusal.item.map { [$0] } ?? [])
        }
        return seen
    }
}
