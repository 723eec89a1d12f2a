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

    /// What was open of each item when something was said: what is open now and the cash that came since. What counts
    /// for a promise must not have lowered it as well.
    func openWhenSaid(
        _ items: [OpenItem], on day: Day, at takenAt: Timestamp?
    ) throws -> [PromiseToPay.Line] {
        try items.map { item in
            let since = try session.appliedCash(company: company, item: item.id).reduce(Int128(0)) { sum, cash in
                let isKnown = PromiseFacts.wasKnown(
                    recordedAt: cash.recordedAt, bookedOn: cash.bookedOn, takenAt: takenAt, promisedOn: day)
                return isKnown || cash.amount.currency != item.currency ? sum : sum + Int128(cash.amount.minorUnits)
            }
            let open = Int128(item.balance.open) + max(0, since)
            return PromiseToPay.Line(
                itemID: item.id, amount: Money(minorUnits: Int64(clamping: open), currency: item.currency))
        }
    }

    /// Takes a proposal down by the rules, with what it replaces and what a person must see.
    func record(_ proposal: PromiseProposal) throws -> PromiseRecording {
        let existing = try session.promises(company: company, customer: proposal.customerID)
        let items = try proposal.lines.compactMap { try session.item(company: company, id: $0.itemID) }
        let open = try openWhenSaid(items, on: proposal.promisedOn, at: proposal.takenAt)
        var recording = policy.promises.record(
            proposal, open: open, existing: existing.map(\.promise), calendar: workplace.company.calendar,
            on: workplace.today)
        if let known = recording.promise, proposal.confirmed,
            let confirmed = PromiseRules.confirming(known, existing: existing.map(\.promise), on: workplace.today),
            existing.contains(where: { $0.promise.id == known.id })
        {
            recording = confirmed
        }
        try keep(recording, existing: existing)
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

    /// Writes what recording came to: the promise, those whose place it took, and what goes on for the rest of them.
    func keep(_ recording: PromiseRecording, existing: [Session.StoredPromise]) throws {
        guard let promise = recording.promise else { return }
        for one in recording.replaced + [promise] + recording.rests {
            let known = existing.first { $0.promise.id == one.id }
            try session.save(one, at: known?.recordedAt ?? now)
            switch one.status {
            case .proposed: continue
            case .active: try answered(one.id, "the promise is active")
            case .closed: try answered(one.id, one.closeNote ?? Workplace.standing(one))
            }
        }
        for rest in recording.rests { try ask(about: rest) }
        try session.bumpAccountVersion(company: company, customer: promise.customerID)
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
    func judge(_ ahead: ReadAhead? = nil) throws -> (judged: [PromiseEvaluation], waiting: [PromiseEvaluation]) {
        var judged: [PromiseEvaluation] = []
        var waiting: [PromiseEvaluation] = []
        let covered = try CoverageReader(workplace, session, ahead).coveredThrough()
        // Closed without a verdict: nothing can change it any more.
        let asked = try session.promisesToJudge(company: company)
            .filter { $0.promise.status != .closed || $0.promise.state != .open }
        let items = try PromisedItems(session, company: company, of: asked.map(\.promise))
        let asks = try ["PROMISE-AT-HAND", "PROMISE-REVERSED"].map { kind in
            (kind: kind, of: try session.openSubjects(company: company, kind: kind))
        }
        var changes: [String: Int] = [:]
        for stored in asked {
            let promise = stored.promise
            let facts = try facts(promise, items, coveredThrough: covered)
            var evaluation = promise.evaluated(with: facts, on: workplace.today, at: now)
            if promise.status == .closed, evaluation.promise.status == .active { try giveWay(&evaluation) }
            for exception in evaluation.exceptions { try raise(try spoken(exception, promise.lines)) }
            if evaluation.promise != promise {
                try session.save(judged: evaluation.promise, before: promise)
                changes[promise.customerID, default: 0] += 1
                let isJudged = evaluation.promise.judgements != promise.judgements
                for (kind, subjects) in asks
                where subjects.contains(promise.id) && (isJudged || kind != "PROMISE-REVERSED")
                    && !evaluation.exceptions.contains(where: { $0.kind == kind })
                {
                    try session.resolveExceptions(
                        company: company, kind: kind, subject: promise.id, resolution: evaluation.why, at: now)
                }
                judged.append(evaluation)
            } else if promise.status != .closed {
                waiting.append(evaluation)
            }
        }
        for (customer, count) in changes.sorted(by: { $0.key < $1.key }) {
            try session.bumpAccountVersion(company: company, customer: customer, by: count)
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

    /// A promise that came to life again with its verdict gives way to what was promised for its items since.
    private func giveWay(_ evaluation: inout PromiseEvaluation) throws {
        let promise = evaluation.promise
        let others = try session.promises(company: company, customer: promise.customerID, openOnly: true)
        let overtaken = PromiseRules.givingWay(promise, to: others.map(\.promise), on: workplace.today)
        guard let overtaken, let old = overtaken.promise else { return }
        evaluation.promise = old
        evaluation.exceptions = []
        evaluation.why = old.closeNote ?? evaluation.why
        for rest in overtaken.rests { try session.save(rest, at: now) }
    }

    func facts(_ promise: PromiseToPay, _ items: PromisedItems, coveredThrough: Day?) throws -> PromiseFacts {
        var facts = PromiseFacts(cash: [], coveredThrough: coveredThrough)
        if promise.status == .closed {
            facts.isDecided = try session.acts(company: company, subject: promise.id)
                .contains { $0.verb.hasPrefix(Self.verdictVerb) }
        }
        for line in promise.lines {
            let known = items.cash(on: line.itemID)
            facts.cash += cash(known.cash, on: line.itemID, for: promise)
            if known.isReplaced { facts.replacedItems.append(line.itemID) }
            guard let (customer, open) = items.open(of: line.itemID) else { continue }
            facts.open.append(PromiseToPay.Line(itemID: line.itemID, amount: open))
            if customer != promise.customerID { facts.movedItems.append(line.itemID) }
        }
        facts.atHand = try items.unappliedCash(of: promise.customerID, session, company: company)
            .first { $0.currency == promise.currency }
        return facts
    }

    /// The cash of an item as a promise sees it; what takes a match back goes the way of that match.
    private func cash(_ applied: [AppliedCash], on item: String, for promise: PromiseToPay) -> [PromiseFacts.Cash] {
        let judgedAt = promise.judgements.last?.recordedAt
        var known: Set<Int64> = []
        return applied.sorted { $0.seq < $1.seq }.map { cash in
            let isKnown =
                cash.undoes.map(known.contains)
                ?? PromiseFacts.wasKnown(
                    recordedAt: cash.recordedAt, bookedOn: cash.bookedOn, takenAt: promise.takenAt,
                    promisedOn: promise.promisedOn)
            if isKnown { known.insert(cash.seq) }
            return PromiseFacts.Cash(
                itemID: item, valueDay: cash.valuedOn ?? cash.bookedOn, amount: cash.amount,
                inLedgerWhenTaken: isKnown,
                isUndo: cash.undoes != nil && judgedAt.map { cash.recordedAt >= $0 } ?? false)
        }
    }

    // MARK: Claims

    /// What money says to a claim.
    private struct ClaimAnswer {
        /// The last payment that went to what the claim names.
        var payment: String?
        /// What of it is paid, or was paid on since.
        var answered: [String] = []
        var isWhole = false
    }

    /// A claim is over when each item it names was paid on after it was made, or is not open any more; with an amount,
    /// when that much came. Until then it pauses what is not paid yet.
    func matchClaims() throws {
        for claim in try session.claimedPayments(company: company, openOnly: true) {
            let answer = try answer(to: claim)
            guard answer.isWhole || answer.payment != nil && answer.payment != claim.paymentID else { continue }
            var claim = claim
            if answer.isWhole {
                claim.state = .matched
                claim.resolvedOn = workplace.today
            }
            claim.paymentID = answer.payment
            try session.save(claim, company: company)
            try session.bumpAccountVersion(company: company, customer: claim.customerID)
            for subject in answer.isWhole ? claim.items + [claim.id] : answer.answered {
                try session.resolveExceptions(
                    company: company, kind: "CLAIM-LAPSED", subject: subject,
                    resolution: "The payment was found.", at: now)
            }
        }
    }

    private func answer(to claim: ClaimedPayment) throws -> ClaimAnswer {
        var items = claim.items
        if items.isEmpty {
            items = try session.accountItems(company: company, customer: claim.customerID).map(\.item.id)
        }
        var answer = ClaimAnswer()
        var paid: Int128 = 0
        var isOpen = false
        for id in items {
            var onItem: Int128 = 0
            for cash in try session.appliedCash(company: company, item: id).sorted(by: { $0.seq < $1.seq })
            where cash.recordedAt >= claim.recordedAt {
                if let amount = claim.amount, amount.currency != cash.amount.currency { continue }
                onItem += Int128(cash.amount.minorUnits)
                answer.payment = cash.paymentID
            }
            paid += onItem
            let isItemOpen = try session.item(company: company, id: id).map { $0.balance.open > 0 } ?? false
            isOpen = isOpen || isItemOpen
            if onItem > 0 || !isItemOpen { answer.answered.append(id) }
        }
        guard isOpen else {
            answer.isWhole = true
            return answer
        }
        guard paid > 0 else { return ClaimAnswer() }
        if let amount = claim.amount {
            answer.isWhole = paid >= Int128(amount.minorUnits)
        } else {
            answer.isWhole = claim.items.isEmpty || answer.answered.count == items.count
        }
        return answer
    }

    // MARK: What reconcile may expect

    /// Money that was promised or claimed, for ties between payers and amounts.
    func expectations() throws -> [AnnouncedMoney] {
        var result: [AnnouncedMoney] = []
        for promise in try session.activePromises(company: company) {
            result.append(
                AnnouncedMoney(
                    kind: .promise, customerID: promise.customerID, itemIDs: promise.lines.map(\.itemID),
                    currency: promise.currency, amount: promise.amount.minorUnits, from: promise.promisedOn,
                    through: promise.lastDay, day: promise.promisedFor))
        }
        for claim in try session.claimedPayments(company: company, openOnly: true) {
            guard let amount = claim.amount else { continue }
            result.append(
                AnnouncedMoney(
                    kind: .claimedPayment, customerID: claim.customerID, itemIDs: claim.items,
                    currency: amount.currency, amount: amount.minorUnits, from: claim.claimedOn - 10,
                    through: claim.through + 5, day: claim.claimedOn))
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
