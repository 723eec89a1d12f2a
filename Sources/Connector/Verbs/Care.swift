// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Promises
import Store
import Trees

// What people decide beside the books: each act keeps its name and reason.
extension Workplace {
    package func assignException(
        _ id: String, owner: String, due: String?, actor: String, reason: String
    ) throws -> Answer {
        let dueOn = try due.map { try Self.day($0, "--due") }
        return try onException(id, verb: "exception assign to \(owner)", actor, reason) { session, _ in
            try session.assignException(company: self.company.id, id: id, owner: owner, dueOn: dueOn)
        }
    }

    /// Closes an exception with what was done. A lapsed claim it was about is the person's matter from then on.
    package func resolveException(_ id: String, actor: String, reason: String) throws -> Answer {
        try onException(id, verb: "exception resolve", actor, reason) { session, stored in
            guard stored.record.state == .open else {
                throw Failure(
                    "EXCEPTION-RESOLVED", "Exception \(id) is resolved already.",
                    hint: "See tieout exception list --all.")
            }
            try session.resolveException(
                company: self.company.id, id: id, resolution: reason, by: actor, at: self.environment.now())
            guard stored.record.kind == "CLAIM-LAPSED", let customer = stored.record.customerID else { return }
            for claim in try session.claimedPayments(company: self.company.id, customer: customer)
            where claim.state == .open && (claim.items.isEmpty || claim.items.contains(stored.record.subject)) {
                var claim = claim
                claim.state = .lapsed
                claim.resolvedOn = self.today
                try session.save(claim, company: self.company.id)
            }
            try session.bumpAccountVersion(company: self.company.id, customer: customer)
        }
    }

    private func onException(
        _ id: String, verb: String, _ actor: String, _ reason: String,
        _ act: (Session, StoredException) throws -> Void
    ) throws -> Answer {
        let stored = try openStore().write { session in
            guard let stored = try session.exception(company: self.company.id, id: id) else {
                throw Failure(
                    "EXCEPTION-UNKNOWN", "There is no exception \(id).", hint: "See tieout exception list --all.")
            }
            try act(session, stored)
            try CareDesk(self, session).keep(verb, id, actor, reason)
            return try session.exception(company: self.company.id, id: id) ?? stored
        }
        let record = stored.record
        return Answer(
            json: exceptionJSON(stored),
            text: "\(record.kind) \(record.subject): \(record.state.rawValue), \(record.owner ?? "nobody") by "
                + "\(record.dueOn.text)")
    }

    /// Holds a whole invoice until the dispute is resolved.
    package func openDispute(_ invoice: String, kind: String, actor: String, reason: String) throws -> Answer {
        let kinds = [
            "price", "quantity", "quality", "not_received", "already_paid", "not_mine", "duplicate", "tax", "other",
        ]
        guard kinds.contains(kind) else {
            throw Failure(
                "DISPUTE-KIND", "“\(kind)” is no kind of dispute.",
                hint: "Use one of: \(kinds.joined(separator: ", ")).")
        }
        let policy = try PolicyFile.load(self).policy
        let dispute = try openStore().write { session in
            let finder = NameFinder(company: self.company.id, session: session)
            guard let item = try finder.items(invoice).first?.item else { throw Self.noDispute(invoice) }
            var builder = Fingerprint.Builder()
            for part in ["dispute", self.company.id, item.invoiceID, self.today.text] { builder.add(part) }
            let dispute = Dispute(
                id: builder.finish().base32, company: self.company.id, customerID: item.customerID,
                invoiceID: item.invoiceID, reason: kind, openedOn: self.today)
            try session.save(dispute, actor: actor, note: reason, at: self.environment.now())
            let desk = CareDesk(self, session)
            try desk.closePromises(on: item.invoiceID, customer: item.customerID, note: "disputed: \(reason)")
            try session.raise(
                ExceptionRecord(
                    "DISPUTE", company: self.company.id, customerID: item.customerID, subject: item.invoiceID,
                    message:
                        "Invoice \(item.number) is disputed (\(kind)); it is not chased until you resolve the dispute.",
                    context: [.init("words", reason)], owner: actor, dueOn: self.dueDay(policy)),
                on: self.today, at: self.environment.now())
            try desk.keep("dispute open", item.invoiceID, actor, reason)
            try session.bumpAccountVersion(company: self.company.id, customer: item.customerID)
            return dispute
        }
        return try answer(dispute)
    }

    /// Ends a dispute: `credit` when we were wrong, `valid` when the invoice stands.
    package func resolveDispute(_ id: String, outcome: String, actor: String, reason: String) throws -> Answer {
        guard ["credit", "valid"].contains(outcome) else {
            throw Failure("DISPUTE-OUTCOME", "“\(outcome)” is no outcome.", hint: "Use credit or valid.")
        }
        let dispute = try openStore().write { session in
            let open = try session.disputes(company: self.company.id).filter { $0.state == .open }
            var matching = open.filter { $0.id == id || $0.invoiceID == id }
            if matching.isEmpty {
                let finder = NameFinder(company: self.company.id, session: session)
                let invoices = Set(try finder.items(id).map(\.item.invoiceID))
                matching = open.filter { invoices.contains($0.invoiceID) }
            }
            guard let first = matching.first else { throw Self.noDispute(id) }
            for found in matching where found.invoiceID == first.invoiceID {
                var dispute = found
                dispute.state = .resolved
                dispute.resolution = outcome
                dispute.resolvedOn = self.today
                try session.save(dispute, actor: actor, note: reason, at: self.environment.now())
            }
            try session.resolveExceptions(
                company: self.company.id, kind: "DISPUTE", subject: first.invoiceID,
                resolution: "\(outcome): \(reason)", at: self.environment.now())
            try CareDesk(self, session).keep("dispute resolve \(outcome)", first.invoiceID, actor, reason)
            try session.bumpAccountVersion(company: self.company.id, customer: first.customerID)
            return try session.disputes(company: self.company.id).first { $0.id == first.id } ?? first
        }
        return try answer(dispute)
    }

    private static func noDispute(_ name: String) -> Failure {
        Failure("DISPUTE-UNKNOWN", "There is no open dispute of “\(name)”.", hint: "Give the invoice's number or id.")
    }

    private func answer(_ dispute: Dispute) throws -> Answer {
        let number = try openStore(readOnly: true).read {
            try $0.number(company: company.id, named: dispute.invoiceID)
        }
        return Answer(
            json: .compact([
                ("id", .text(dispute.id)), ("customer_id", .text(dispute.customerID)),
                ("invoice_id", .text(dispute.invoiceID)), ("reason", .text(dispute.reason)),
                ("amount", .text(dispute.amount?.amountText)), ("currency", .text(dispute.amount?.currency.code)),
                ("opened_on", .text(dispute.openedOn.text)), ("state", .text(dispute.state.rawValue)),
                ("resolution", .text(dispute.resolution)), ("resolved_on", .text(dispute.resolvedOn?.text)),
            ]),
            text:
                "dispute \(dispute.id) of \(number ?? dispute.invoiceID) (\(dispute.reason)): \(dispute.state.rawValue)"
                + (dispute.resolution.map { " as \($0)" } ?? ""))
    }

    /// Holds every message to a customer that asks for money.
    package func setHold(_ customer: String, until: String?, actor: String, reason: String) throws -> Answer {
        let through = try until.map { try Self.day($0, "--until") }
        if let through, through < today {
            throw Failure("HOLD-PAST", "\(through.text) is past.", hint: "Give a day from \(today.text) on.")
        }
        let hold = try openStore().write { session in
            let id = try NameFinder(company: self.company.id, session: session).customer(customer)
            var builder = Fingerprint.Builder()
            for part in ["hold", self.company.id, id, self.environment.now().text, reason] { builder.add(part) }
            let hold = Hold(
                id: builder.finish().base32, company: self.company.id, customerID: id, kind: .manual, reason: reason,
                setBy: actor, from: self.today, through: through)
            try session.save(hold, at: self.environment.now())
            try CareDesk(self, session).keep("hold set", id, actor, reason)
            try session.bumpAccountVersion(company: self.company.id, customer: id)
            return hold
        }
        return Answer(
            json: .compact([
                ("id", .text(hold.id)), ("customer_id", .text(hold.customerID)), ("kind", .text(hold.kind.rawValue)),
                ("reason", .text(hold.reason)), ("set_by", .text(hold.setBy)), ("from", .text(hold.from.text)),
                ("through", .text(hold.through?.text)),
            ]),
            text: "\(hold.customerID) is on hold \(hold.through.map { "through \($0.text)" } ?? "until you lift it")")
    }

    package func liftHold(_ customer: String, actor: String, reason: String) throws -> Answer {
        let (id, count) = try openStore().write { session in
            let id = try NameFinder(company: self.company.id, session: session).customer(customer)
            let count = try session.liftHolds(company: self.company.id, customer: id, by: actor)
            guard count > 0 else {
                throw Failure("HOLD-NONE", "Customer \(id) is not on hold.", hint: "There is nothing to lift.")
            }
            for kind in ["HARDSHIP", "WRONG-PARTY", "DISPUTE"] {
                try session.resolveExceptions(
                    company: self.company.id, kind: kind, subject: id, resolution: "hold lifted: \(reason)",
                    at: self.environment.now())
            }
            try CareDesk(self, session).keep("hold lift", id, actor, reason)
            try session.bumpAccountVersion(company: self.company.id, customer: id)
            return (id, count)
        }
        return Answer(
            json: .object([("customer_id", .text(id)), ("lifted", .integer(count))]),
            text: "\(count) holds of \(id) lifted")
    }
}

/// What several acts of people share, inside one transaction.
struct CareDesk {
    private let workplace: Workplace
    private let session: Session

    init(_ workplace: Workplace, _ session: Session) {
        self.workplace = workplace
        self.session = session
    }

    func keep(_ verb: String, _ subject: String, _ actor: String, _ reason: String) throws {
        try Signing.require(actor, reason)
        try session.recordAct(
            company: workplace.company.id, verb: verb, subject: subject, actor: actor, reason: reason,
            on: workplace.today, at: workplace.environment.now())
    }

    /// A dispute ends the promises of its invoice without a verdict.
    func closePromises(on invoice: String, customer: String, note: String) throws {
        let company = workplace.company.id
        let items = Set(try session.accountItems(company: company, named: invoice).map(\.item.id))
        for stored in try session.promises(company: company, customer: customer, openOnly: true)
        where stored.promise.lines.contains(where: { items.contains($0.itemID) }) {
            var promise = stored.promise
            guard promise.dispute(on: workplace.today, note: note) else { continue }
            try session.save(promise, at: stored.recordedAt)
        }
    }
}
