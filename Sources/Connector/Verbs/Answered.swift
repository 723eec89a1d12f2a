// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import PaymentRequests
import Reconciliation
import Store

// What the books have answered by themselves, after cash or credit was booked: nobody needs to look at it any more.
extension Workplace {
    func settleMatters(_ session: Session) throws {
        try closeAnswered(session)
        try closeLinks(session)
    }

    /// Money that was taken back and came again; money that came twice and was used or went back.
    private func closeAnswered(_ session: Session) throws {
        let open = try ["PAYMENT-RETURNED", "DUPLICATE-PAYMENT"].flatMap {
            try session.openExceptions(company: company.id, kind: $0)
        }
        for stored in open {
            let subject = stored.record.subject
            let answer: String?
            switch stored.record.kind {
            case "PAYMENT-RETURNED": answer = try isSettledAgain(subject, session) ? "what it reopened is paid" : nil
            case "DUPLICATE-PAYMENT":
                let left = try session.payment(company: company.id, id: subject)?.balance.unapplied
                answer = left == 0 ? "its money was used or went back" : nil
            default: answer = nil
            }
            guard let answer else { continue }
            try session.resolveExceptions(
                company: company.id, kind: stored.record.kind, subject: subject, resolution: answer,
                at: environment.now())
        }
    }

    /// Whether nothing is open on what the returned payment had settled; on what it names, where it had settled nothing.
    private func isSettledAgain(_ payment: String, _ session: Session) throws -> Bool {
        // A rest of it may have been set aside since: what it reopened stands in another of its decisions.
        let booked = try session.committedDecisions(company: company.id, payment: payment)
        guard let stored = try booked.last ?? session.decision(company: company.id, idOrPayment: payment) else {
            return false
        }
        let lines = booked.flatMap(\.decision.lines).map(\.itemID)
        let items = try (lines.isEmpty ? DecisionText.items(stored) : lines).compactMap {
            try session.item(company: company.id, id: $0)
        }
        return !items.isEmpty && items.allSatisfy { $0.balance.open == 0 }
    }

    /// Links follow what is open: paid when cash settled all they ask for, withdrawn when something else did, and
    /// superseded when they ask for more than is left.
    func closeLinks(_ session: Session) throws {
        for found in try session.activeLinks(company: company.id) {
            let link = try current(found, session)
            if link != found { try session.save(link, at: environment.now()) }
        }
    }

    /// A link as the books of now have it, stored or not.
    func current(_ stored: PaymentLink, _ session: Session) throws -> PaymentLink {
        let items = try stored.items.compactMap { try session.item(company: company.id, id: $0.item) }
        guard stored.state == .active, !items.isEmpty else { return stored }
        var link = stored
        let open = Dictionary(items.map { ($0.id, $0.balance.open) }) { first, _ in first }
        let isPaid = items.contains { $0.balance.cash > 0 || $0.balance.exchange != 0 }
        let isReplaced = try items.contains { try session.isReplaced(company: company.id, item: $0.id) }
        _ = link.compare(open: open, isPaid: isPaid, isReplaced: isReplaced, on: today)
        return link
    }
}
