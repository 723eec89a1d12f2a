// SPDX-License-Identifier: Apache-2.0
package import Documents
import Ledger
import Promises

/// Makes the ways to pay for the facts of a message; the edges know accounts, keys and providers.
package typealias PaymentOffer = (Message.Facts) -> [Message.HowToPay]

extension DunningPolicy {
    /// What to say to one customer on a day, what not to say, and why.
    ///
    /// At most one reminder comes out of it, for all of the customer's items together, at the highest purpose that
    /// applies: returned, promise follow-up, overdue, due, before due. Items that a gate takes out come as lines of
    /// their own. Payment confirmations and copies of invoices are messages beside it.
    /// - Parameters:
    ///   - day: the business day the books are read for.
    ///   - local: the customer's own day and minute; nil when their time zone is not known, which holds the message.
    package func plan(
        for snapshot: AccountSnapshot, on day: Day, local: LocalTime?, howToPay: PaymentOffer = { _ in [] }
    ) -> [PlanLine] {
        let context = GateContext(snapshot: snapshot, policy: self, day: day, local: local)
        return reminders(context, howToPay: howToPay) + confirmations(context) + copies(context)
    }

    private func reminders(_ bare: GateContext, howToPay: PaymentOffer) -> [PlanLine] {
        let standings = bare.snapshot.chaseable.map { standing(of: $0, in: bare.snapshot, on: bare.day) }
        let wished = standings.filter { $0.wish != nil }
        guard !wished.isEmpty || standings.contains(where: \.isExhausted) else { return [] }
        var context = bare
        context.cover = CreditCover(bare, standings)

        let account = Gates.account.map { $0.decide(context, wished.isEmpty ? standings : wished) }
        if let no = account.first(where: { !$0.allows }), !wished.isEmpty {
            return heldByAccount(no, standings, account, context)
        }
        var kept: [Standing] = []
        var refused: [(standing: Standing, no: GateDecision)] = []
        var answers: [GateDecision] = []
        for gate in Gates.item {
            let noes = standings.compactMap { gate.decide(context, $0) }
            answers += noes.isEmpty ? [GateDecision(gate.rule, .allow, gate.yes)] : noes
        }
        for standing in standings {
            if let no = answers.first(where: { !$0.allows && $0.subject == standing.id }) {
                refused.append((standing, no))
            } else {
                kept.append(standing)
            }
        }
        var lines = refusedLines(refused, account, context)
        if account.allSatisfy(\.allows) {
            lines += message(for: kept, gates: account + answers, context, howToPay: howToPay)
        }
        return lines
    }

    /// What is not said because of the customer as a whole: one line at the step of what is not paid yet, and what is a
    /// person's turn, or covered, beside it.
    private func heldByAccount(
        _ no: GateDecision, _ standings: [Standing], _ account: [GateDecision], _ context: GateContext
    ) -> [PlanLine] {
        let unpaid = standings.filter { !context.cover.isCovered($0.id) }
        let asked = unpaid.contains { $0.wish != nil } ? unpaid : standings
        guard let top = asked.compactMap(\.wish).max() else { return [] }
        let spoken = Set(speaking(top, of: asked).map(\.id))
        let about = asked.filter { spoken.contains($0.id) || $0.wish?.isUrgent == true }
        var line = held(about, top, no, account, context)
        if no.rule == "DO-NOT-AUTOMATE" { line.exceptions = [exception(no, context, line.lines)] }
        // What is a person's turn already does not wait for what holds the others.
        let named = Set(about.map(\.id))
        let others = standings.filter { standing in
            !named.contains(standing.id)
                && (standing.isExhausted || context.cover.isCovered(standing.id) && standing.wish != nil)
        }
        let refused = others.compactMap { standing in
            Gates.item.lazy.compactMap { $0.decide(context, standing) }.first { !$0.allows }.map { (standing, $0) }
        }
        return [line] + refusedLines(refused, account, context)
    }

    /// One line per rule that took items out, for those items something would have been said about.
    private func refusedLines(
        _ refused: [(standing: Standing, no: GateDecision)], _ account: [GateDecision], _ context: GateContext
    ) -> [PlanLine] {
        let order = Gates.item.map(\.rule)
        return order.compactMap { rule -> PlanLine? in
            let group = refused.filter { $0.no.rule == rule && ($0.standing.wish != nil || $0.standing.isExhausted) }
            guard let first = group.first else { return nil }
            let last = Wish(.overdue, step: lastOverdueStep)
            let top = group.compactMap(\.standing.wish).max() ?? last
            let speaks = group.filter { $0.standing.wish != nil || rule == "STEPS-EXHAUSTED" }
            var line = held(group.map(\.standing), top, first.no, account + group.map(\.no), context)
            if rule == "STEPS-EXHAUSTED" { line.verdict = .person }
            line.exceptions = speaks.compactMap { entry in
                let goesToPerson = ["STEPS-EXHAUSTED", "LIMITATION-AGE", "CLAIMED-PAYMENT"].contains(rule)
                guard goesToPerson, entry.no.verdict == .deny else { return nil }
                return exception(entry.no, context, [self.line(entry.standing, context)])
            }
            return line
        }
    }

    /// The one reminder, or the lines that say why there is none.
    private func message(
        for kept: [Standing], gates: [GateDecision], _ context: GateContext, howToPay: PaymentOffer
    ) -> [PlanLine] {
        var left = kept
        var lines: [PlanLine] = []
        while let top = left.compactMap(\.wish).max() {
            let listed = speaking(top, of: left)
            let net = NetPosition(listed.map { line($0, context) }, policy: self)
            let triggers = listed.filter { $0.wish == top && !net.refused.contains($0.item.item.currency) }
            if triggers.isEmpty {
                let no =
                    net.decisions.first { !$0.allows } ?? GateDecision("NET-ZERO", .hold, "Nothing is left to pay.")
                lines.append(held(listed, top, no, gates + net.decisions, context))
                let gone = Set(listed.map(\.id))
                left.removeAll { gone.contains($0.id) }
                continue
            }
            let spoken = listed.filter { !net.refused.contains($0.item.item.currency) }
            let asked = gates + net.decisions + laterCourtesies(left, listed: listed, top: top)
            lines.append(
                said(top, spoken, triggers: triggers, totals: net.totals, gates: asked, context, howToPay: howToPay))
            lines += unspoken(left, listed: listed, net: net, top: top, gates: asked, context)
            break
        }
        return lines
    }

    /// What is merely due, or soon, and has no place in this message: its own gates say that it was left out.
    private func laterCourtesies(_ left: [Standing], listed: [Standing], top: Wish) -> [GateDecision] {
        let known = Set(listed.map(\.id))
        return left.compactMap { standing in
            guard let wish = standing.wish, !wish.isUrgent, !known.contains(standing.id) else { return nil }
            return GateDecision(
                "ONE-REMINDER", .hold, subject: standing.id,
                "Invoice \(standing.item.item.number) is left for a message of its own "
                    + "(\(Message.stepName(wish.purpose, wish.step))); this one speaks of "
                    + "\(Message.stepName(top.purpose, top.step)).")
        }
    }

    /// What the one reminder leaves out: nothing that is overdue goes without a word of why.
    private func unspoken(
        _ left: [Standing], listed: [Standing], net: NetPosition, top: Wish, gates: [GateDecision],
        _ context: GateContext
    ) -> [PlanLine] {
        var lines: [PlanLine] = []
        let settled = listed.filter { net.refused.contains($0.item.item.currency) }
        if let no = net.decisions.first(where: { !$0.allows }), !settled.isEmpty {
            lines.append(held(settled, top, no, gates, context))
        }
        let known = Set(listed.map(\.id))
        let later = left.filter { !known.contains($0.id) && $0.wish?.isUrgent == true }
        guard let wish = later.compactMap(\.wish).max() else { return lines }
        let no = GateDecision(
            "ONE-REMINDER", .hold,
            "Another reminder goes first (\(Message.stepName(top.purpose, top.step))); one a day.")
        lines.append(held(later, wish, no, gates + [no], context))
        return lines
    }

    private func said(
        _ wish: Wish, _ standings: [Standing], triggers: [Standing], totals: [Message.Total],
        gates: [GateDecision], _ context: GateContext, howToPay: PaymentOffer
    ) -> PlanLine {
        let key = self.key(wish, triggers: triggers, context)
        let timing = self.timing(wish.purpose, context)
        let asked = gates + [GateDecision("ALREADY-SAID", .allow, "This step was not said yet.")] + timing.decisions
        let lines = standings.map { line($0, context) }
        if let no = timing.decisions.first(where: { !$0.allows }) {
            return held(standings, wish, no, asked, context)
        }
        var facts = Message.Facts(asOf: context.snapshot.booksAsOf(context.day))
        facts.lines = lines
        facts.totals = totals
        state(&facts, wish, triggers, context)
        var message = compose(key, facts: facts, context: context, howToPay: howToPay)
        message.decidedBy = asked
        message.notBeforeLocal = timing.opens
        message.notAfterLocal = timing.closes
        message.revision = revision(of: message, context)
        var plan = PlanLine(
            customerID: context.snapshot.customer.id, purpose: wish.purpose, step: wish.step, verdict: .say,
            lines: lines, gates: asked, message: message)
        plan.replaces = context.snapshot.pending.filter { $0.purpose.isReminder && $0.key != key }.map(\.id).sorted()
        if wish.purpose == .returned {
            plan.exceptions = triggers.map { trigger in
                let no = GateDecision(
                    "RETURNED", .allow, subject: trigger.id,
                    "A payment of invoice \(trigger.item.item.number) was taken back on "
                        + "\(trigger.anchor.text); find out why before it is asked for again.")
                return exception(no, context, [line(trigger, context)])
            }
        }
        return plan
    }

    /// What a purpose states beside its lines.
    private func state(
        _ facts: inout Message.Facts, _ wish: Wish, _ triggers: [Standing], _ context: GateContext
    ) {
        switch wish.purpose {
        case .promiseFollowUp:
            let promises = triggers.compactMap { followUp(for: $0.item, in: context.snapshot, on: context.day) }
            let first = promises.min { ($0.promisedFor, $0.id) < ($1.promisedFor, $1.id) }
            facts.promisedFor = first?.promisedFor
            facts.amount = first?.amount
        case .returned:
            facts.occurredOn = triggers.compactMap(\.item.returnedOn).min()
            facts.amount = triggers.first?.item.returned
        case .beforeDue, .due, .overdue, .paymentConfirmation, .invoiceResend: break
        }
    }

    /// The items a message of this purpose speaks of: those that ask for it and those it also answers.
    private func speaking(_ top: Wish, of standings: [Standing]) -> [Standing] {
        standings.filter { standing in
            switch top.purpose {
            // Everything that has fallen due, so that one message answers for all of it.
            case .overdue:
                (standing.isOverdueReached && !standing.isExhausted || standing.wish?.purpose == .due)
                    && !isTooEarly(standing, for: top)
            default: standing.wish == top
            }
        }
    }

    /// Whether a message of a higher step would be a tightening for this item. An item that was held back (a dispute
    /// that was resolved, a promise, a late start) has steps of its own to go, and they come by themselves; and the last
    /// warning is nobody's first contact.
    private func isTooEarly(_ standing: Standing, for top: Wish) -> Bool {
        let own = max(standing.level, standing.wish?.purpose == .overdue ? standing.wish?.step ?? 0 : 0)
        guard own < top.step else { return false }
        return own < standing.reachedStep || standing.isUnspoken && top.step > 1 && top.step == lastOverdueStep
    }

    /// The key of the message. A message of the same step that still waits in the outbox keeps its own; a period that
    /// was already said about other items gets a number behind it.
    private func key(_ wish: Wish, triggers: [Standing], _ context: GateContext) -> Message.Key {
        let snapshot = context.snapshot
        let waiting = snapshot.pending.filter { $0.purpose == wish.purpose && $0.step == wish.step }
        if let waiting = waiting.min(by: { ($0.period, $0.id) < ($1.period, $1.id) }) { return waiting.key }
        let days = triggers.map { trigger in
            wish.purpose == .promiseFollowUp
                ? followUp(for: trigger.item, in: snapshot, on: context.day)?.promisedFor ?? trigger.anchor
                : trigger.anchor
        }
        let period = (days.min() ?? context.day).text
        var key = Message.Key(
            company: snapshot.company.id, customerID: snapshot.customer.id, purpose: wish.purpose, step: wish.step,
            period: period)
        var occurrence = 2
        while snapshot.said.contains(where: { $0.key == key }) {
            key.period = "\(period).\(occurrence)"
            occurrence += 1
        }
        return key
    }

    /// The waiting message's own revision when it says the same, one more when it does not.
    func revision(of message: Message, _ context: GateContext) -> Int {
        if let waiting = context.snapshot.pending.first(where: { $0.key == message.key }) {
            return waiting.saysTheSame(as: message) ? waiting.revision : waiting.revision + 1
        }
        let cancelled = context.snapshot.history.filter { $0.key == message.key }.map(\.revision).max()
        return (cancelled ?? 0) + 1
    }
}

extension DunningPolicy {
    /// What an item would be asked for if nothing were to the customer's credit, in minor units, not below zero.
    func asked(_ standing: Standing, _ context: GateContext) -> Int64 {
        let item = standing.item.item
        var asked = Int128(item.balance.open)
        if let transit = standing.item.inTransit, transit.currency == item.currency {
            asked -= Int128(max(0, transit.minorUnits))
        }
        for promise in context.snapshot.promises where promise.status == .active && !promise.holdsFully {
            guard promise.currency == item.currency else { continue }
            asked -= Int128(promise.promised(for: item.id).minorUnits)
        }
        if standing.wish?.purpose == .promiseFollowUp, item.daysOverdue(on: context.day) == 0,
            let promise = followUp(for: standing.item, in: context.snapshot, on: context.day)
        {
            asked = min(asked, Int128(promise.missing(on: item.id, of: context.snapshot.chaseable)))
        }
        return Int64(clamping: max(0, asked))
    }

    func line(_ standing: Standing, _ context: GateContext) -> Message.Line {
        let item = standing.item.item
        let credited = context.cover.credited(item.id)
        let asked = asked(standing, context) - (credited?.minorUnits ?? 0)
        return Message.Line(
            itemID: item.id, number: item.number, dueOn: item.dueOn, open: item.open,
            asked: Money(minorUnits: asked, currency: item.currency), credited: credited,
            daysOverdue: item.daysOverdue(on: context.day))
    }

    func held(
        _ standings: [Standing], _ wish: Wish, _ no: GateDecision, _ gates: [GateDecision], _ context: GateContext
    ) -> PlanLine {
        PlanLine(
            customerID: context.snapshot.customer.id, purpose: wish.purpose, step: wish.step, verdict: .held,
            rule: no.rule, lines: standings.map { line($0, context) }, gates: gates, until: no.until)
    }

    func exception(_ no: GateDecision, _ context: GateContext, _ lines: [Message.Line]) -> ExceptionRecord {
        let calendar = BankingCalendar(context.snapshot.company.calendar)
        return ExceptionRecord(
            no.rule == "CLAIMED-PAYMENT" ? "CLAIM-LAPSED" : no.rule, company: context.snapshot.company.id,
            customerID: context.snapshot.customer.id, subject: no.subject ?? context.snapshot.customer.id,
            message: no.sentence,
            context: lines.map { .init($0.number, "\($0.open), due \($0.dueOn.text)") },
            dueOn: calendar.adding(exceptionDueDays, to: context.day))
    }
}

extension PromiseToPay {
    /// What of a promise that was not kept is missing on an item, in minor units: the shortfall of its verdict, spread
    /// over what is still open of its items, the oldest due first. It was promised, and is asked for, before it is due.
    fileprivate func missing(on item: String, of items: [AccountSnapshot.Item]) -> Int64 {
        var left = judgements.last.map { max(0, $0.promised.minorUnits - $0.paid.minorUnits) } ?? amount.minorUnits
        for other in items where names(other.item.id) {
            let share = min(left, promised(for: other.item.id).minorUnits, other.item.balance.open)
            if other.item.id == item { return share }
            left -= share
        }
        return 0
    }
}
