// SPDX-License-Identifier: Apache-2.0
import Documents
import Store

extension ReconcileRun {
    /// A pair that a person refused and nobody forgot since.
    struct Refusal {
        /// Or the decision that netted a credit note without one.
        var payment: String
        /// Nil where nothing was named.
        var item: String?
        /// Nothing was proposed: a person looked at it.
        var isLookedAt: Bool
        /// The credit note, where it is one.
        var credit: String? {
            payment.hasPrefix(Self.netting) ? String(payment.dropFirst(Self.netting.count)) : nil
        }
        /// What the id of a decision begins with that netted a credit note without a payment.
        static let netting = "credit:"
        var id: String { "declined/" + payment + (item.map { "/" + $0 } ?? "") }
    }

    static func standingRefusals(_ session: Session, company: String) throws -> [Refusal] {
        var forgotten: [String: Timestamp] = [:]
        for row in try session.forgottenLessons(company: company) { forgotten[row.lesson] = row.recordedAt }
        let rows =
            try session.refusals(company: company) + session.refusedReturns(company: company)
            + session.refusedNettings(company: company)
        var standing: [Refusal] = []
        func add(_ item: String?, _ row: Session.RefusedRow, isLookedAt: Bool) -> Bool {
            let refusal = Refusal(payment: row.payment, item: item, isLookedAt: isLookedAt)
            if let since = forgotten[refusal.id], row.recordedAt <= since { return false }
            standing.append(refusal)
            return true
        }
        for row in rows where add(row.item, row, isLookedAt: row.isLookedAt) {
            // What took the item's place is no more what the payment is for, and may have got its cash before.
            guard let item = row.item else { continue }
            for successor in try session.successors(company: company, of: item) {
                _ = add(successor, row, isLookedAt: false)
            }
        }
        return standing
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
