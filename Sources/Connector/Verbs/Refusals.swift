// SPDX-License-Identifier: Apache-2.0
import Documents
import Reconciliation
import Store

extension ReconcileRun {
    /// A pair that a person refused and nobody forgot since.
    struct Refusal {
        /// Or the decision that netted a credit note without one.
        var payment: String
        /// Nil where nothing was named.
        var item: String?
        /// A person saw it and did not want it; false for what was booked and taken back.
        var isLookedAt: Bool
        /// Who did what, and why.
        var word: String
        var recordedAt: Timestamp
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
            let refusal = Refusal(
                payment: row.payment, item: item, isLookedAt: isLookedAt, word: word(row), recordedAt: row.recordedAt)
            if let since = forgotten[refusal.id], row.recordedAt <= since { return false }
            standing.append(refusal)
            return true
        }
        for row in try rows + notTakenBack(session, company) where add(row.item, row, isLookedAt: row.isLookedAt) {
            // What took the item's place is no more what the payment is for, and may have got its cash before.
            guard let item = row.item else { continue }
            for successor in try session.successors(company: company, of: item) {
                _ = add(successor, row, isLookedAt: false)
            }
        }
        return standing
    }

    /// Of returns for which nothing was proposed any more, the payments that were shown and that a person did not take.
    private static func notTakenBack(_ session: Session, _ company: String) throws -> [Session.RefusedRow] {
        try session.decisions(company: company, state: .rejected)
            .filter { $0.decision.kind == .return && $0.decision.counterpartID == nil }
            .flatMap { stored in
                DecisionText.returnedPayments(stored).map {
                    Session.RefusedRow(
                        payment: stored.decision.paymentID, item: $0, isLookedAt: true, actor: stored.actor,
                        reason: stored.reason, recordedAt: stored.recordedAt)
                }
            }
    }

    private static func word(_ row: Session.RefusedRow) -> String {
        let reason = row.reason.map { " (\($0))" } ?? ""
        return "\(row.actor) \(row.isLookedAt ? "refused this match" : "took this match back")\(reason)"
    }

    /// Per payment what is not booked by itself any more, with the latest word on it: items, the payment that went back,
    /// and its own id for what names neither, as setting it aside.
    static func refused(_ refusals: [Refusal]) -> [String: RefusedThings] {
        var refused: [String: RefusedThings] = [:]
        var latest: [String: Timestamp] = [:]
        for refusal in refusals {
            let (thing, id) = (refusal.item ?? refusal.payment, refusal.id)
            if let other = latest[id], refusal.recordedAt < other { continue }
            latest[id] = refusal.recordedAt
            refused[refusal.payment, default: [:]][thing] = refusal.word
        }
        return refused
    }

    /// Per payment what a person saw of it and did not want: items, and payments that went back; nothing where nothing was
    /// shown.
    static func lookedAt(_ refusals: [Refusal]) -> [String: Set<String>] {
        var seen: [String: Set<String>] = [:]
        for refusal in refusals where refusal.isLookedAt {
            seen[refusal.payment, default: []].formUnion(refusal.item.map { [$0] } ?? [])
        }
        return seen
    }
}
