// SPDX-License-Identifier: Apache-2.0
package import Documents

/// What judging a promise came to.
package struct PromiseEvaluation: Hashable, Sendable {
    package var promise: PromiseToPay
    package var exceptions: [ExceptionRecord]
    /// One sentence: the verdict, or what it still waits for.
    package var why: String
}

extension PromiseToPay {
    /// Judges the promise by value-dated cash.
    ///
    /// - Kept as soon as the promised amount, less the tolerance, is there.
    /// - Broken or partially kept only after the last day of grace, and only when every receiving account is covered
    ///   through it; money at hand that would cover the shortfall keeps it open, as an exception.
    /// - Cash valued in the window but imported later judges it again; both verdicts stay.
    /// - A return after a verdict never flips it: it is an exception, and a person says what the verdict is.
    /// - A match that is undone takes the verdict it gave with it: the promise is judged anew.
    package func evaluated(with facts: PromiseFacts, on day: Day, at time: Timestamp) -> PromiseEvaluation {
        switch status {
        case .proposed: return lapsing(on: day)
        case .active: break
        case .closed:
            guard state != .open else { return unchanged("closed without a verdict") }
            return judgedAgain(with: facts, on: day, at: time)
        }
        let count = PromiseCount(self, facts)
        var copy = self
        if let replaced = lines.first(where: { facts.replacedItems.contains($0.itemID) }) {
            return needsPerson(
                "PROMISE-ITEM-REPLACED",
                "The invoice behind item \(replaced.itemID) was replaced by another; "
                    + "decide whether the promise stands.", count, on: day)
        }
        if let moved = lines.first(where: { facts.movedItems.contains($0.itemID) }) {
            return needsPerson(
                "PROMISE-ITEM-MOVED",
                "The invoice behind item \(moved.itemID) is another customer’s now, and nothing is judged by what they pay: "
                    + "take the promise back (tieout promise withdraw \(id)) and record it anew for what "
                    + "\(customerID) still owes.", count, on: day)
        }
        if count.promised == 0 {
            _ = copy.close(.clearedOtherwise, on: day, note: "nothing of what was promised is open any more")
            return PromiseEvaluation(promise: copy, exceptions: [], why: "cleared otherwise")
        }
        if count.isKept {
            return copy.judging(.kept, count, facts, on: day, at: time)
        }
        guard day > lastDay else { return unchanged("its last day of grace is \(lastDay.text)") }
        guard let covered = facts.coveredThrough, covered >= coverageNeeded else {
            let known = facts.coveredThrough.map { "all cash is known through \($0.text) only" }
            return unchanged(
                "\(known ?? "nothing says through which day all cash is known"), and it must be through "
                    + "\(coverageNeeded.text) to judge the promise")
        }
        if let atHand = facts.atHand, atHand.currency == currency, atHand.isPositive,
            Int128(atHand.minorUnits) >= count.shortfall
        {
            return needsPerson(
                "PROMISE-AT-HAND",
                "\(atHand) of this payer is not matched yet and would cover what is missing; "
                    + "match it before the promise is judged.", count, on: day)
        }
        return copy.judging(count.paid > 0 ? .partiallyKept : .broken, count, facts, on: day, at: time)
    }

    private func unchanged(_ why: String) -> PromiseEvaluation {
        PromiseEvaluation(promise: self, exceptions: [], why: why)
    }

    private func lapsing(on day: Day) -> PromiseEvaluation {
        guard day > proposedThrough else { return unchanged("proposed, waits for a yes") }
        var copy = self
        _ = copy.close(.lapsed, on: day, note: "nobody confirmed it by \(proposedThrough.text)")
        return PromiseEvaluation(promise: copy, exceptions: [], why: "lapsed: nobody confirmed it")
    }

    private mutating func judging(
        _ verdict: State, _ count: PromiseCount, _ facts: PromiseFacts, on day: Day, at time: Timestamp
    ) -> PromiseEvaluation {
        let why = sentence(count, facts)
        state = verdict
        judgements.append(
            Judgement(
                on: day, recordedAt: time, state: verdict, paid: money(count.paid),
                promised: money(count.promised), why: why))
        status = .closed
        closedOn = day
        closeReason =
            switch verdict {
            case .kept: .kept
            case .partiallyKept: .partiallyKept
            case .broken, .open: .broken
            }
        paidLateOn = verdict == .kept ? nil : count.paidLateOn
        return PromiseEvaluation(promise: self, exceptions: [], why: why)
    }

    private func judgedAgain(
        with facts: PromiseFacts, on day: Day, at time: Timestamp
    ) -> PromiseEvaluation {
        guard let last = judgements.last else { return unchanged("closed") }
        let stands = "verdict of \(last.on.text) stands"
        if lines.contains(where: { facts.movedItems.contains($0.itemID) }) { return unchanged(stands) }
        let count = PromiseCount(self, facts)
        var copy = self
        if facts.isDecided {
            if state != .kept, count.promised > 0 { copy.paidLateOn = copy.paidLateOn ?? count.paidLateOn }
            return PromiseEvaluation(promise: copy, exceptions: [], why: stands)
        }
        if count.paid < Int128(last.paid.minorUnits),
            PromiseCount(self, facts.beforeUndo).paid >= Int128(last.paid.minorUnits)
        {
            copy.reopen(count, on: day, at: time)
            return copy.evaluated(with: facts, on: day, at: time)
        }
        if count.paid > Int128(last.paid.minorUnits), state != .kept {
            return copy.judging(count.isKept ? .kept : .partiallyKept, count, facts, on: day, at: time)
        }
        if count.stillThere < Int128(last.paid.minorUnits), count.stillThere < count.promised {
            return needsPerson(
                "PROMISE-REVERSED",
                "Money that counted for this promise was taken back after the verdict "
                    + "\(state.rawValue) of \(last.on.text); the verdict stands until a person changes it: "
                    + "tieout promise judge \(id) --as broken.",
                count, on: day)
        }
        if state != .kept, count.promised > 0 { copy.paidLateOn = copy.paidLateOn ?? count.paidLateOn }
        return PromiseEvaluation(promise: copy, exceptions: [], why: stands)
    }

    /// The verdict goes with the match that gave it; both stay written.
    private mutating func reopen(_ count: PromiseCount, on day: Day, at time: Timestamp) {
        judgements.append(
            Judgement(
                on: day, recordedAt: time, state: .open, paid: money(count.paid), promised: money(count.promised),
                why: "the verdict \(state.rawValue) is taken back: a match that it counted was undone"))
        (status, state) = (.active, .open)
        (closeReason, closedOn, closeNote, paidLateOn) = (nil, nil, nil, nil)
    }

    /// A person's verdict in the place of the machine's; nil where the promise was not judged yet.
    package func decided(
        _ verdict: State, with facts: PromiseFacts, on day: Day, at time: Timestamp, why: String
    ) -> PromiseToPay? {
        guard status == .closed, state != .open, verdict != .open else { return nil }
        let count = PromiseCount(self, facts)
        var copy = self
        _ = copy.judging(verdict, count, facts, on: day, at: time)
        if let last = copy.judgements.indices.last {
            copy.judgements[last].paid = money(min(count.paid, count.stillThere))
            copy.judgements[last].why = why
        }
        return copy
    }

    private func needsPerson(
        _ kind: String, _ message: String, _ count: PromiseCount, on day: Day
    ) -> PromiseEvaluation {
        let record = ExceptionRecord(
            kind, company: company, customerID: customerID, subject: id, message: message,
            context: [
                .init("promised_for", promisedFor.text), .init("promised", "\(money(count.promised))"),
                .init("paid_in_window", "\(money(count.paid))"),
                .init("items", lines.map(\.itemID).joined(separator: " ")),
            ], dueOn: BankingCalendar(tolerance.calendar).next(after: day))
        return PromiseEvaluation(promise: self, exceptions: [record], why: message)
    }

    private func sentence(_ count: PromiseCount, _ facts: PromiseFacts) -> String {
        let known = facts.coveredThrough.map { "; accounts known through \($0.text)" } ?? ""
        return "\(money(count.paid)) of \(money(count.promised)) valued by \(lastDay.text)\(known)"
    }

    private func money(_ minor: Int128) -> Money {
        Money(minorUnits: Int64(clamping: minor), currency: currency)
    }
}

/// The sums behind a verdict, in minor units of the promise's currency.
struct PromiseCount {
    /// What is promised after credit notes: never more than is open plus what was paid since.
    let promised: Int128
    /// Valued inside the window, per item at most what was promised for it.
    let paid: Int128
    /// The same at any day: what late payments and returns left.
    let stillThere: Int128
    let allowance: Int128
    /// The first value day after the window on which the promise was paid after all.
    let paidLateOn: Day?

    /// A tolerance forgives cents that are missing, not a payment that never came.
    var isKept: Bool { paid > 0 && paid >= promised - allowance }
    var shortfall: Int128 { max(0, promised - allowance - paid) }

    init(_ promise: PromiseToPay, _ facts: PromiseFacts) {
        let counted = facts.cash.filter { cash in
            cash.amount.currency == promise.currency && !cash.inLedgerWhenTaken
        }
        func sum(_ itemID: String, through day: Day?) -> Int128 {
            counted.reduce(0) { total, cash in
                guard cash.itemID == itemID, day.map({ cash.valueDay <= $0 }) ?? true else { return total }
                return total + Int128(cash.amount.minorUnits)
            }
        }
        let effective: [(item: String, amount: Int128)] = promise.lines.map { line in
            let amount = Int128(line.amount.minorUnits)
            guard let open = facts.open.first(where: { $0.itemID == line.itemID }) else {
                return (line.itemID, amount)
            }
            let most = Int128(max(0, open.amount.minorUnits)) + sum(line.itemID, through: nil)
            return (line.itemID, max(0, min(amount, most)))
        }
        func paid(through day: Day?) -> Int128 {
            effective.reduce(0) { $0 + max(0, min($1.amount, sum($1.item, through: day))) }
        }
        let promised = effective.reduce(0) { $0 + $1.amount }
        let percent = promise.tolerance.shortfallPercent
        let share =
            percent.coefficient > 0
            ? promised.multipliedReportingOverflow(by: percent.coefficient)
            : (partialValue: 0, overflow: false)
        let divisor = ScaledDecimal.power(of: min(percent.scale, 18)) * 100
        self.promised = promised
        self.paid = paid(through: promise.lastDay)
        self.stillThere = paid(through: nil)
        self.allowance = max(
            Int128(max(0, promise.tolerance.shortfall)), share.overflow ? 0 : share.partialValue / divisor)
        let goal = promised - allowance
        let lateDays = Set(counted.map(\.valueDay)).filter { $0 > promise.lastDay }.sorted()
        self.paidLateOn = lateDays.first { promised > 0 && paid(through: $0) > 0 && paid(through: $0) >= goal }
    }
}
