// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Promises
import Reconciliation
import Store

/// Promises and claimed payments inside one transaction.
struct PromiseDesk {
    let workplace: Workplace
    let session: Session
    let policy: DunningPolicy

    var company: String { workplace.company.id }
    var now: Timestamp { workplace.environment.now() }

    init(_ workplace: Workplace, _ session: Session, policy: DunningPolicy) {
        self.workplace = workplace
        self.session = session
        self.policy = policy
    }

    // MARK: Recording

    /// Takes a proposal down by the rules, with what it replaces and what a person must see.
    func record(_ proposal: PromiseProposal, takenAt: Timestamp?) throws -> PromiseRecording {
        let existing = try session.promises(company: company, customer: proposal.customerID)
        let open = try proposal.lines.compactMap { line in
            try session.item(company: company, id: line.itemID).map {
                PromiseToPay.Line(itemID: $0.id, amount: $0.open)
            }
        }
        var recording = policy.promises.record(
            proposal, open: open, existing: existing.map(\.promise), calendar: workplace.company.calendar,
            on: workplace.today)
        if let known = recording.promise, proposal.confirmed,
            let confirmed = PromiseRules.confirming(known, existing: existing.map(\.promise), on: workplace.today),
            existing.contains(where: { $0.promise.id == known.id })
        {
            recording = confirmed
        }
        if let promise = recording.promise {
            for old in recording.replaced {
                let stored = existing.first { $0.promise.id == old.id }
                try session.save(old, takenAt: stored?.takenAt, at: stored?.recordedAt ?? now)
                try answered(old.id, "replaced by \(promise.id)")
            }
            let known = existing.first { $0.promise.id == promise.id }
            try session.save(promise, takenAt: known?.takenAt ?? takenAt, at: known?.recordedAt ?? now)
            if promise.status == .active { try answered(promise.id, "the promise is active") }
            try session.bumpAccountVersion(company: company, customer: promise.customerID)
        }
        for index in recording.refusals.indices {
            recording.refusals[index].sentence = try spoken(recording.refusals[index].sentence, proposal.lines)
        }
        for index in recording.remarks.indices {
            recording.remarks[index].sentence = try spoken(recording.remarks[index].sentence, proposal.lines)
        }
        for index in recording.exceptions.indices {
            recording.exceptions[index] = try spoken(recording.exceptions[index], proposal.lines)
            try session.raise(recording.exceptions[index], on: workplace.today, at: now)
        }
        return recording
    }

    /// A person reads invoice numbers; the core knows items by their ids only.
    func spoken(_ sentence: String, _ lines: [PromiseToPay.Line]) throws -> String {
        try lines.reduce(sentence) { text, line in
            let number = try session.number(company: company, named: line.itemID)
            return number.map { text.replacing(line.itemID, with: $0) } ?? text
        }
    }

    private func spoken(_ exception: ExceptionRecord, _ lines: [PromiseToPay.Line]) throws -> ExceptionRecord {
        var copy = exception
        copy.message = try spoken(exception.message, lines)
        return copy
    }

    // MARK: Judging

    /// - Returns: those whose status or verdict changed, and those that stay open with what they wait for.
    func judge() throws -> (judged: [PromiseEvaluation], waiting: [PromiseEvaluation]) {
        var judged: [PromiseEvaluation] = []
        var waiting: [PromiseEvaluation] = []
        let covered = try CoverageReader(workplace, session).coveredThrough()
        // Closed without a verdict: nothing can change it any more.
        let asked = try session.promisesToJudge(company: company)
            .filter { $0.promise.status != .closed || $0.promise.state != .open }
        let items = try PromisedItems(session, company: company, of: asked.map(\.promise))
        for stored in asked {
            let promise = stored.promise
            let facts = try facts(stored, items, coveredThrough: covered)
            let evaluation = promise.evaluated(with: facts, on: workplace.today, at: now)
            for exception in evaluation.exceptions { try raise(try spoken(exception, promise.lines)) }
            if evaluation.promise != promise {
                try session.save(evaluation.promise, takenAt: stored.takenAt, at: stored.recordedAt)
                try session.bumpAccountVersion(company: company, customer: promise.customerID)
                try session.resolveExceptions(
                    company: company, kind: "PROMISE-AT-HAND", subject: promise.id, resolution: evaluation.why, at: now)
                judged.append(evaluation)
            } else if promise.status != .closed {
                waiting.append(evaluation)
            }
        }
        try session.keepJudged(company: company)
        return (judged, waiting)
    }

    /// Money at hand may come and go; what a person has settled about a verdict is not asked again.
    private func raise(_ exception: ExceptionRecord) throws {
        if exception.kind != "PROMISE-AT-HAND", try session.exception(company: company, id: exception.id) != nil {
            return
        }
        try session.raise(exception, on: workplace.today, at: now)
    }

    private func facts(
        _ stored: Session.StoredPromise, _ items: PromisedItems, coveredThrough: Day?
    ) throws -> PromiseFacts {
        let promise = stored.promise
        var facts = PromiseFacts(cash: [], coveredThrough: coveredThrough)
        for line in promise.lines {
            guard let item = items[line.itemID] else { continue }
            for cash in item.cash {
                facts.cash.append(
                    PromiseFacts.Cash(
                        itemID: line.itemID, valueDay: cash.valuedOn ?? cash.bookedOn, amount: cash.amount,
                        inLedgerWhenTaken: PromiseFacts.wasKnown(
                            recordedAt: cash.recordedAt, bookedOn: cash.bookedOn, takenAt: stored.takenAt,
                            promisedOn: promise.promisedOn)))
            }
            if let open = item.open { facts.open.append(PromiseToPay.Line(itemID: line.itemID, amount: open)) }
            if item.isReplaced { facts.replacedItems.append(line.itemID) }
        }
        facts.atHand = try session.unappliedCash(company: company, customer: promise.customerID)
            .first { $0.currency == promise.currency }
        return facts
    }

    // MARK: Claims

    /// A claim is over when money was applied to what it names after it was made, or nothing of that is open.
    func matchClaims() throws {
        for claim in try session.claimedPayments(company: company, openOnly: true) {
            guard let payment = try answer(to: claim) else { continue }
            var claim = claim
            claim.state = .matched
            claim.resolvedOn = workplace.today
            claim.paymentID = payment.isEmpty ? nil : payment
            try session.save(claim, company: company)
            try session.bumpAccountVersion(company: company, customer: claim.customerID)
            for subject in claim.items + [claim.id] {
                try session.resolveExceptions(
                    company: company, kind: "CLAIM-LAPSED", subject: subject,
                    resolution: "The payment was found.", at: now)
            }
        }
    }

    /// The payment that answers a claim, empty when the items were settled otherwise; nil while nothing does.
    private func answer(to claim: ClaimedPayment) throws -> String? {
        var items = claim.items
        if items.isEmpty {
            items = try session.accountItems(company: company, customer: claim.customerID).map(\.item.id)
            guard !items.isEmpty else { return "" }
        }
        var paid: Int128 = 0
        var last: String?
        var isOpen = false
        for id in items {
            if let item = try session.item(company: company, id: id), item.balance.open > 0 { isOpen = true }
            for cash in try session.appliedCash(company: company, item: id) where cash.recordedAt >= claim.recordedAt {
                if let amount = claim.amount, amount.currency != cash.amount.currency { continue }
                paid += Int128(cash.amount.minorUnits)
                last = cash.paymentID
            }
        }
        if !isOpen { return last ?? "" }
        guard let last, paid > 0 else { return nil }
        if let amount = claim.amount { return paid >= Int128(amount.minorUnits) ? last : nil }
        return last
    }

    // MARK: What reconcile may expect

    /// Money that was promised or claimed, for ties between payers and amounts.
    func expectations() throws -> [AnnouncedMoney] {
        var result: [AnnouncedMoney] = []
        for promise in try session.promises(company: company, openOnly: true).map(\.promise)
        where promise.status == .active {
            result.append(
                AnnouncedMoney(
                    kind: .promise, customerID: promise.customerID, itemIDs: promise.lines.map(\.itemID),
                    currency: promise.currency, amount: promise.amount.minorUnits, from: promise.promisedOn,
                    through: promise.lastDay))
        }
        for claim in try session.claimedPayments(company: company, openOnly: true) {
            guard let amount = claim.amount else { continue }
            result.append(
                AnnouncedMoney(
                    kind: .claimedPayment, customerID: claim.customerID, itemIDs: claim.items,
                    currency: amount.currency, amount: amount.minorUnits, from: claim.claimedOn - 10,
                    through: claim.through + 5))
        }
        return result
    }
}

extension Workplace {
    /// What customers said they would pay or had paid, for reconcile.
    func expectations(_ session: Session) throws -> [AnnouncedMoney] {
        try PromiseDesk(self, session, policy: try PolicyFile.load(self).policy).expectations()
    }
}
