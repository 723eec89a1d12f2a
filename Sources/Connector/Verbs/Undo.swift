// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reconciliation
import Store
import Trees

extension Workplace {
    /// Takes a committed decision back. Cash, items and promises stand as before it; in a closed month the undo posts
    /// as prior period.
    ///
    /// - Parameter id: a decision, or a payment or a credit note: then the latest of what is booked of it, whatever else of
    ///   it waits.
    package func undo(_ id: String, actor: String, reason: String) throws -> Answer {
        try Signing.require(actor, reason)
        return try act { session in
            let acts = try self.acts(of: id, session) + self.nettings(of: id, session)
            let key = acts.last ?? id
            let live = try self.live(session.entryList(company: self.company.id, filter: EntryFilter(decision: key)))
            if let charge = try session.chargeBooking(company: self.company.id, decision: key), let paid = charge.paidBy
            {
                throw Failure(
                    "UNDO-PAID-OUT", "The payout \(charge.payoutID ?? "") brought the money of \(id): payment \(paid).",
                    hint: "Take that back first: tieout review undo \(paid).")
            }
            guard !live.isEmpty else { throw try self.nothingToUndo(id, session) }
            try self.requireNotTakenBack(live, by: key, session)
            let now = self.environment.now()
            let period = try session.period(company: self.company.id)
            let entries = live.reversed().map {
                $0.entry.undone(
                    position: $0.seq, on: period.postingDay(for: $0.entry.postingDay), at: now, actor: actor,
                    reason: reason)
            }
            try self.append(entries, session, actor: actor, rule: "UNDO")
            try session.reviveWaiting(
                company: self.company.id, payments: Set(entries.flatMap { [$0.payment, $0.counter] }.compactMap { $0 }))
            try session.endCharge(company: self.company.id, decision: key)
            if let decision = try session.decision(company: self.company.id, idOrPayment: key)?.decision,
                decision.kind == .return
            {
                try session.resolveExceptions(
                    company: self.company.id, kind: "PAYMENT-RETURNED", subject: decision.paymentID,
                    resolution: "taken back by \(actor): \(reason)", at: now)
            }
            try session.setState(.undone, decision: key, company: self.company.id, actor: actor, reason: reason)
            for payment in Set(entries.flatMap { [$0.payment, $0.counter] }.compactMap { $0 }).sorted() {
                guard let candidate = try session.matchCandidate(company: self.company.id, id: payment) else {
                    continue
                }
                try self.keepWaiting(candidate, "Taken back by \(actor): \(reason).", session)
            }
            let others = acts.dropLast()
            let rest =
                others.isEmpty
                ? "" : "\nStill booked of \(id), the latest first: \(others.reversed().joined(separator: ", "))."
            return Answer(
                json: .compact([
                    ("decision", .text(key)), ("state", .text("undone")), ("entries", .integer(entries.count)),
                    ("still_booked", others.isEmpty ? .null : .list(others.reversed().map { .text($0) })),
                ]),
                text:
                    "Taken back: \(entries.count) \(entries.count == 1 ? "entry" : "entries") reversed, decision \(key).\(rest)"
            )
        }
    }

    /// What the bank took back is not there to be used again: first the return has to be taken back.
    private func requireNotTakenBack(_ live: [LoggedEntry], by key: String, _ session: Session) throws {
        for payment in Set(live.compactMap(\.entry.payment)).sorted() {
            guard let back = try session.return(of: payment, company: company.id, besides: key) else { continue }
            throw Failure(
                "UNDO-RETURNED", "\(payment) was taken back by \(back).",
                hint: "Take that back first: tieout review undo \(back).")
        }
    }

    /// The decisions of a payment that stand in the books, in the order in which they were booked; none for any other
    /// id. What went back with an outgoing payment is that one's act.
    private func acts(of id: String, _ session: Session) throws -> [String] {
        guard try session.payment(company: company.id, id: id) != nil else { return [] }
        let own = try live(session.entryList(company: company.id, filter: EntryFilter(payment: id))).filter {
            $0.entry.kind == .consumed ? $0.entry.counter == id : $0.entry.payment == id
        }
        var acts: [String] = []
        for key in own.compactMap(\.entry.decision) {
            acts.removeAll { $0 == key }
            acts.append(key)
        }
        return acts
    }

    /// What set a credit note off without a payment and stands in the books, in the order in which it was booked; none for
    /// the id of anything else. What a payment was decided with is that payment's.
    private func nettings(of id: String, _ session: Session) throws -> [String] {
        guard try session.payment(company: company.id, id: id) == nil else { return [] }
        var acts: [String] = []
        for entry in try self.netted(id, session) {
            guard let key = entry.decision, try session.decision(company: company.id, idOrPayment: key) == nil
            else { continue }
            acts.removeAll { $0 == key }
            acts.append(key)
        }
        return acts
    }

    /// What stands of a credit note, named by its number or id, against what it was set off.
    private func netted(_ id: String, _ session: Session) throws -> [Entry] {
        var credits = try session.items(company: company.id, number: id)
        if credits.isEmpty { credits = try session.item(company: company.id, id: id).map { [$0] } ?? [] }
        credits = credits.filter(\.isCredit)
        guard Set(credits.map(\.invoiceID)).count == 1 else { return [] }
        return try credits.flatMap { credit in
            try live(session.entryList(company: company.id, filter: EntryFilter(item: credit.id))).filter {
                $0.entry.kind == .netted && $0.entry.counter == credit.id
            }
        }.sorted { $0.seq < $1.seq }.map(\.entry)
    }

    /// What stands of some entries: neither taken back nor taking back, and no derived clearing.
    func live(_ logged: [LoggedEntry]) -> [LoggedEntry] {
        let undone = Set(logged.compactMap(\.entry.undoes))
        return logged.filter {
            $0.entry.undoes == nil && !undone.contains($0.seq) && $0.entry.kind != .sourceClearing
        }
    }

    private func nothingToUndo(_ id: String, _ session: Session) throws -> Failure {
        let back = try session.entryList(company: company.id, filter: EntryFilter(payment: id))
        if let refund = live(back).last(where: { $0.entry.kind == .consumed && $0.entry.payment == id })?.entry.counter
        {
            return Failure(
                "UNDO-NOTHING", "\(id) settled nothing: its money went back with \(refund).",
                hint: "Take that back: tieout review undo \(refund).")
        }
        if let key = try netted(id, session).last?.decision,
            let payment = try session.decision(company: company.id, idOrPayment: key)?.decision.paymentID
        {
            return Failure(
                "UNDO-NOTHING", "\(id) was set off in the decision on payment \(payment).",
                hint: "Take that back: tieout review undo \(key).")
        }
        guard try isKnown(id, session) else {
            return Failure(
                "UNDO-UNKNOWN", "There is no decision, payment or credit note “\(id)”.",
                hint: "`tieout explain PAYMENT` names the decisions that can be taken back.")
        }
        let payment = try session.decision(company: company.id, idOrPayment: id)?.decision.paymentID
        let booked = try payment.map { try acts(of: $0, session) } ?? []
        guard let payment, let last = booked.last, payment != id else {
            return Failure(
                "UNDO-NOTHING", "\(id) has nothing in the books to take back.",
                hint: "See `tieout review show \(id)` for where it stands.")
        }
        return Failure(
            "UNDO-NOTHING", "Nothing of the decision \(id) is in the books.",
            hint: "Booked of \(payment) is \(last): tieout review undo \(last).")
    }

    /// Whether the books have anything of this name: a document, a decision, or an act by hand, which only its entries tell of.
    private func isKnown(_ id: String, _ session: Session) throws -> Bool {
        try session.decision(company: company.id, idOrPayment: id) != nil
            || !session.resolve(company: company.id, id).isEmpty
            || !session.entryList(company: company.id, filter: EntryFilter(decision: id)).isEmpty
    }
}
