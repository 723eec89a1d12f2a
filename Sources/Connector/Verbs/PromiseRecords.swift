// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Promises
import Store
import Trees

// Promises as files state them, until they are promises by the rules; and the person who says yes or no to one.
extension PromiseDesk {
    /// What of a row is not in the books yet, and what to do.
    struct Missing {
        var sentence: String
        var hint: String
    }

    enum Found {
        /// Of one currency, and the row's amount in it.
        case items([AccountItem], Money)
        case missing(Missing)
    }

    /// Takes up rows that are no promise yet. One whose invoice or customer is not known yet waits, with an exception
    /// until it comes; one that policy refuses waits for a person. A person's no is final.
    func importRecords(_ ahead: ReadAhead? = nil) throws {
        let records =
            try ahead?.promiseRecords.take() ?? session.promiseRecordsWaiting(company: company, isRetry: true)
        for record in records {
            guard let id = record.id, try !isRejected(id) else { continue }
            let (items, amount): ([AccountItem], Money)
            switch try find(record) {
            case .missing(let missing):
                try raiseOnce("PROMISE-WAITING", id, nil, "\(try place(id)) \(missing.sentence) \(missing.hint)")
                continue
            case .items(let found, let promised):
                (items, amount) = (found, promised)
            }
            guard let owner = items.first?.item.customerID, try !waitsForPerson(id, owner) else { continue }
            let recording = try take(
                record, amount, id: id, items: items, owner: owner, by: .file(takenBy: record.takenBy))
            if let promise = recording.promise {
                try session.resolveExceptions(
                    company: company, kind: "PROMISE-WAITING", subject: id, resolution: "taken up", at: now)
                try ask(about: promise)
            } else if recording.exceptions.isEmpty {
                try raiseOnce(
                    "PROMISE-REFUSED", id, owner,
                    recording.refusals.map(\.sentence).joined(separator: " ") + " The row is kept, not the promise.")
            }
        }
    }

    private func take(
        _ record: PromiseRecord, _ amount: Money, id: String, items: [AccountItem], owner: String,
        by: PromiseToPay.RecordedBy
    ) throws -> PromiseRecording {
        let open = try openWhenSaid(items.map(\.item), on: record.promisedOn, at: nil)
        return try self.record(
            PromiseProposal(
                id: id, company: company, customerID: owner, lines: PromiseSpread.lines(amount, over: open),
                promisedFor: record.promisedFor, promisedOn: record.promisedOn, takenBy: record.takenBy,
                channel: record.channel, recordedBy: by))
    }

    /// A proposed promise that nobody will ask about in a conversation is a person's to confirm or to refuse.
    func ask(about promise: PromiseToPay) throws {
        guard promise.status == .proposed else { return }
        try raiseOnce(
            "PROMISE-PROPOSED", promise.id, promise.customerID,
            "\(promise.amount) for \(promise.promisedFor.text) is proposed: reminders pause through "
                + "\(promise.proposedThrough.text), then it lapses. Say yes or no: tieout promise confirm "
                + "\(promise.id), or tieout promise reject \(promise.id).")
    }

    /// Whatever was asked about a promise has its answer.
    func answered(_ id: String, _ resolution: String) throws {
        let asked = [
            "PROMISE-PROPOSED", "PROMISE-CONFIRM", "PROMISE-OFF-POLICY", "PROMISE-WAITING", "PROMISE-REFUSED",
            "PROMISE-ITEM-MOVED", "PROMISE-ITEM-REPLACED", "PROMISE-AT-HAND",
        ]
        for kind in asked {
            try session.resolveExceptions(
                company: company, kind: kind, subject: id, resolution: resolution, at: now)
        }
    }

    private func raiseOnce(_ kind: String, _ id: String, _ customer: String?, _ message: String) throws {
        let exception = ExceptionRecord(
            kind, company: company, customerID: customer, subject: id, message: message,
            dueOn: workplace.dueDay(policy))
        guard try session.exception(company: company, id: exception.id) == nil else { return }
        try session.raise(exception, on: workplace.today, at: now)
    }

    /// A row that policy refused is asked about once.
    private func waitsForPerson(_ id: String, _ owner: String) throws -> Bool {
        try ["PROMISE-OFF-POLICY", "PROMISE-REFUSED"].contains { kind in
            let key = ExceptionRecord(
                kind, company: company, customerID: owner, subject: id, message: "", dueOn: workplace.today
            ).id
            return try session.exception(company: company, id: key) != nil
        }
    }

    func isRejected(_ id: String) throws -> Bool {
        try session.acts(company: company, subject: id).contains { $0.verb == "promise reject" }
    }

    /// `Q3 (promises.csv, line 3)`
    func place(_ id: String) throws -> String {
        guard let record = try session.promiseRecord(company: company, id: id) else { return "Promise \(id)" }
        return "Promise \(id) (\(record.provenance.origin.name), \(record.provenance.at.text))"
    }

    /// The items a row speaks of, or what is missing for it.
    func find(_ record: PromiseRecord) throws -> Found {
        let customers = try record.customerID.map { try session.customerIDs(company: company, named: $0) }
        let customer = customers?.count == 1 ? customers?.first : nil
        if let invoice = record.invoiceID {
            let named = try session.accountItems(company: company, named: invoice).filter { !$0.item.isCredit }
            let (found, amount) = inItsCurrency(
                record, named.filter { customer == nil || $0.item.customerID == customer })
            if found.isEmpty {
                return .missing(
                    inItsCurrency(record, named).items.isEmpty
                        ? Missing(
                            sentence:
                                "names invoice \(invoice), which is not in the books in \(record.amount.currency).",
                            hint: "It is taken up when that invoice is imported; or correct the row.")
                        : Missing(
                            sentence: "names invoice \(invoice), which is not customer \(record.customerID ?? "")’s.",
                            hint: "Correct the row and import it under a new id."))
            }
            guard Set(found.map(\.item.invoiceID)).count == 1 else {
                return .missing(
                    Missing(
                        sentence: "names invoice \(invoice), and several invoices have that number.",
                        hint: "Record it by the invoice's id: tieout promise record --invoice ID."))
            }
            return .items(found, amount)
        }
        guard let customer else {
            let name = record.customerID.map { "customer \($0)" } ?? "neither a customer nor an invoice"
            let several = (customers?.count ?? 0) > 1
            return .missing(
                Missing(
                    sentence: several
                        ? "names \(name), which several customers are called." : "names \(name), not in the books.",
                    hint: "It is taken up when the customer and an invoice are imported; or correct the row."))
        }
        let (open, amount) = inItsCurrency(
            record,
            try session.accountItems(company: company, customer: customer).filter {
                $0.item.balance.open > 0 && !$0.item.isCredit
            })
        let overdue = open.filter { $0.item.dueOn < record.promisedOn }
        let chosen = overdue.isEmpty ? open : overdue
        guard chosen.isEmpty else { return .items(chosen, amount) }
        return .missing(
            Missing(
                sentence: "is of customer \(customer), who has nothing open in \(record.amount.currency).",
                hint: "It is taken up when an invoice of theirs is imported; or correct the row."))
    }

    /// What of these is in the row's currency. A row that states none is in the company's, or in the one currency of all of
    /// them: who promises to pay an invoice speaks of what it asks for.
    private func inItsCurrency(_ record: PromiseRecord, _ items: [AccountItem]) -> (items: [AccountItem], amount: Money)
    {
        let stated = record.amount
        let fitting = items.filter { $0.item.currency == stated.currency }
        let digits = ScaledDecimal(coefficient: Int128(stated.minorUnits), scale: stated.currency.exponent)
        guard !record.isCurrencyStated, fitting.isEmpty, let currency = items.first?.item.currency,
            items.allSatisfy({ $0.item.currency == currency }), let amount = digits.money(currency)
        else { return (fitting, stated) }
        return (items, amount)
    }

    // MARK: A person's yes and no

    /// - Returns: the promise as it stands; nil when there is none of that id.
    func confirm(_ id: String, actor: String, reason: String) throws -> PromiseRecording? {
        let kept: PromiseRecording
        if let stored = try session.promise(company: company, id: id) {
            let existing = try session.promises(company: company, customer: stored.promise.customerID)
            guard
                let recording = PromiseRules.confirming(
                    stored.promise, existing: existing.map(\.promise), on: workplace.today)
            else {
                throw Failure(
                    "PROMISE-NOT-PROPOSED", "Promise \(id) is \(Workplace.standing(stored.promise)).",
                    hint: "Only a proposed promise is confirmed; record it anew with `tieout promise record`.")
            }
            try answered(id, "confirmed by \(actor): \(reason)")
            try keep(recording, existing: existing)
            kept = recording
        } else {
            guard let record = try session.promiseRecord(company: company, id: id) else { return nil }
            switch try find(record) {
            case .missing(let missing):
                throw Failure("PROMISE-WAITING", "\(try place(id)) \(missing.sentence)", hint: missing.hint)
            case .items(let items, let amount):
                let owner = items.first?.item.customerID ?? ""
                kept = try take(record, amount, id: id, items: items, owner: owner, by: .person)
            }
            guard kept.promise != nil else {
                throw Failure(
                    kept.refusals.first?.rule ?? "PROMISE-REFUSED",
                    kept.refusals.map(\.sentence).joined(separator: " "),
                    hint: "Nobody can confirm that; agree on another day or amount.")
            }
        }
        try answered(id, "confirmed by \(actor): \(reason)")
        try CareDesk(workplace, session).keep("promise confirm", id, actor, reason)
        return kept
    }

    /// A promise that is not one, or a row that shall not become one.
    func reject(_ id: String, actor: String, reason: String) throws -> PromiseToPay? {
        var rejected: PromiseToPay?
        if let stored = try session.promise(company: company, id: id) {
            var promise = stored.promise
            guard promise.status == .proposed, promise.cancelInError(on: workplace.today, note: "\(actor): \(reason)")
            else {
                throw Failure(
                    "PROMISE-NOT-PROPOSED", "Promise \(id) is \(Workplace.standing(stored.promise)).",
                    hint: "One that stands is taken back with `tieout promise withdraw`.")
            }
            try session.save(promise, at: stored.recordedAt)
            try session.bumpAccountVersion(company: company, customer: promise.customerID)
            rejected = promise
        } else if try session.promiseRecord(company: company, id: id) == nil {
            throw Failure("PROMISE-UNKNOWN", "There is no promise \(id).", hint: "See tieout promise list.")
        }
        try answered(id, "rejected by \(actor): \(reason)")
        try CareDesk(workplace, session).keep("promise reject", id, actor, reason)
        return rejected
    }

    /// A person's verdict in the place of the one that stands: money that had counted was taken back.
    func judge(_ id: String, as verdict: PromiseToPay.State, actor: String, reason: String) throws -> PromiseToPay {
        guard let stored = try session.promise(company: company, id: id) else {
            throw Failure("PROMISE-UNKNOWN", "There is no promise \(id).", hint: "See tieout promise list.")
        }
        let items = try PromisedItems(session, company: company, of: [stored.promise])
        let facts = try facts(stored.promise, items, coveredThrough: nil)
        guard
            let judged = stored.promise.decided(
                verdict, with: facts, on: workplace.today, at: now, why: "\(actor): \(reason)")
        else {
            throw Failure(
                "PROMISE-NO-VERDICT", "Promise \(id) is \(Workplace.standing(stored.promise)), and has no verdict.",
                hint:
                    "A verdict is changed once there is one; one that is active is taken back: tieout promise withdraw."
            )
        }
        try session.save(judged, at: stored.recordedAt)
        try session.bumpAccountVersion(company: company, customer: judged.customerID)
        try session.resolveExceptions(
            company: company, kind: "PROMISE-REVERSED", subject: id,
            resolution: "\(verdict.rawValue), says \(actor): \(reason)", at: now)
        try CareDesk(workplace, session).keep("\(Self.verdictVerb) as \(verdict.rawValue)", id, actor, reason)
        return judged
    }

    /// What a person's verdict is kept under; the machine does not judge that promise again.
    static let verdictVerb = "promise judge"
}

extension Workplace {
    /// A person's verdict: `kept`, `partially_kept` or `broken`.
    package func judgePromise(_ id: String, as verdict: String, actor: String, reason: String) throws -> Answer {
        try Signing.require(actor, reason)
        guard let state = PromiseToPay.State(rawValue: verdict), state != .open else {
            throw Failure(
                "PROMISE-VERDICT", "“\(verdict)” is no verdict.", hint: "Use kept, partially_kept or broken.")
        }
        let policy = try PolicyFile.load(self).policy
        let promise = try openStore().write { session in
            try PromiseDesk(self, session, policy: policy).judge(id, as: state, actor: actor, reason: reason)
        }
        return Self.answer(promise, self)
    }

    /// A person's yes: a proposed promise becomes active, and a row that policy refused becomes a promise.
    package func confirmPromise(_ id: String, actor: String, reason: String) throws -> Answer {
        try Signing.require(actor, reason)
        let policy = try PolicyFile.load(self).policy
        let recording = try openStore().write { session in
            try PromiseDesk(self, session, policy: policy).confirm(id, actor: actor, reason: reason)
        }
        guard let recording, let promise = recording.promise else {
            throw Failure("PROMISE-UNKNOWN", "There is no promise \(id).", hint: "See tieout promise list.")
        }
        return Self.answer(promise, self, remarks: recording.remarks)
    }

    /// A person's no.
    package func rejectPromise(_ id: String, actor: String, reason: String) throws -> Answer {
        try Signing.require(actor, reason)
        let policy = try PolicyFile.load(self).policy
        let promise = try openStore().write { session in
            try PromiseDesk(self, session, policy: policy).reject(id, actor: actor, reason: reason)
        }
        return promise.map { Self.answer($0, self) }
            ?? Answer(
                json: .object([("id", .text(id)), ("status", .text("rejected"))]),
                text: "\(id) is rejected; the row is kept and becomes no promise.")
    }

    static func standing(_ promise: PromiseToPay) -> String {
        promise.status == .closed ? closeReason(promise.closeReason) ?? "closed" : promise.status.rawValue
    }

    /// Rows that are no promise (yet), as `list promises` and `explain` show them.
    func waitingPromises(_ session: Session, customer: String? = nil, id: String? = nil) throws -> [Node] {
        let desk = PromiseDesk(self, session, policy: try PolicyFile.load(self).policy)
        return try session.promiseRecordsWaiting(company: company.id).compactMap { record in
            guard let key = record.id, id == nil || id == key, customer == nil || customer == record.customerID
            else { return nil }
            var why = "a person decides: tieout promise confirm \(key), or tieout promise reject \(key)"
            if case .missing(let missing) = try desk.find(record) { why = "\(missing.sentence) \(missing.hint)" }
            let isRejected = try desk.isRejected(key)
            let stated = try session.promiseRecord(company: company.id, id: key)
            return .compact([
                ("id", .text(key)), ("customer_id", .text(record.customerID)), ("invoice_id", .text(record.invoiceID)),
                ("amount", .text(record.amount.amountText)), ("currency", .text(record.amount.currency.code)),
                ("promised_for", .text(record.promisedFor.text)), ("promised_on", .text(record.promisedOn.text)),
                ("status", .text(isRejected ? "rejected" : "waiting")), ("why", .text(isRejected ? nil : why)),
                ("taken_by", .text(record.takenBy)), ("channel", .text(record.channel)),
                ("recorded_by", .text("imported")),
                ("import", .text(stated?.provenance.origin.name)), ("at", .text(stated?.provenance.at.text)),
                ("sha256", .text(stated?.provenance.origin.sha256)),
            ])
        }
    }
}
