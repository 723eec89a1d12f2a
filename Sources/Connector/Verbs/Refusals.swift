// SPDX-License-Identifier: Apache-2.0
import Documents
import Store

extension ReconcileRun {
    /// A pair that a person refused and nobody forgot since.
    struct Refusal {
        var payment: String
        var item: String?
        var id: String { "declined/" + payment + (item.map { "/" + $0 } ?? "") }
    }

    static func standingRefusals(_ session: Session, company: String) throws -> [Refusal] {
        var forgotten: [String: Timestamp] = [:]
        for row in try session.forgottenLessons(company: company) { forgotten[row.lesson] = row.recordedAt }
        return try session.refusals(company: company).compactMap { payment, item, recordedAt in
            let refusal = Refusal(payment: payment, item: item)
            if let since = forgotten[refusal.id], recordedAt <= since { return nil }
            return refusal
        }
    }
}
