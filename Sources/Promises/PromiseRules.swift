// SPDX-License-Identifier: Apache-2.0
package import Documents

/// What policy allows a promise to be, whoever takes it: a misread sentence cannot stop collection.
package struct PromiseRules: Hashable, Sendable {
    package var graceDays = 2
    package var basis: PromiseToPay.Tolerance.Basis = .banking
    /// A shortfall up to this many whole currency units and decimals counts as paid.
    package var shortfall = ScaledDecimal(coefficient: 100, scale: 2)
    /// The same in percent of the promised amount.
    package var shortfallPercent = ScaledDecimal(coefficient: 0, scale: 0)
    /// Days from the day it is taken to the furthest day that may be promised.
    package var furthestDays = 30
    /// The smallest share of the open amount, in percent, that pauses an item altogether.
    package var fullHoldPercent = 50
    /// How many promises one item may have.
    package var timesMax = 3
    /// Days a proposed promise holds.
    package var proposedDays = 2
    /// Above this amount a person confirms, per currency, in the currencies' order.
    package var confirmAbove: [Money] = []

    package init() {}

    package func tolerance(currency: Currency, calendar: BankingCalendar.Name) -> PromiseToPay.Tolerance {
        PromiseToPay.Tolerance(
            graceDays: graceDays, basis: basis, calendar: calendar,
            shortfall: shortfall.money(currency, rounding: .down)?.minorUnits ?? 0,
            shortfallPercent: shortfallPercent)
    }
}

/// A promise as it was heard, before the rules have seen it.
package struct PromiseProposal: Hashable, Sendable {
    package var id: String?
    package var company: String
    package var customerID: String
    package var lines: [PromiseToPay.Line]
    package var promisedFor: Day
    package var promisedOn: Day
    /// The instant it was said; nil where only the day is known.
    package var takenAt: Timestamp?
    package var takenBy: String?
    package var channel: String?
    package var recordedBy: PromiseToPay.RecordedBy
    package var evidence: String?
    /// The customer's echoed yes.
    package var confirmed: Bool

    package init(
        id: String? = nil, company: String, customerID: String, lines: [PromiseToPay.Line],
        promisedFor: Day, promisedOn: Day, takenAt: Timestamp? = nil, takenBy: String? = nil, channel: String? = nil,
        recordedBy: PromiseToPay.RecordedBy, evidence: String? = nil, confirmed: Bool = false
    ) {
        self.id = id
        self.company = company
        self.customerID = customerID
        self.lines = lines
        self.promisedFor = promisedFor
        self.promisedOn = promisedOn
        self.takenAt = takenAt
        self.takenBy = takenBy
        self.channel = channel
        self.recordedBy = recordedBy
        self.evidence = evidence
        self.confirmed = confirmed
    }
}

/// What became of a proposal.
package struct PromiseRecording: Hashable, Sendable {
    package struct Refusal: Hashable, Sendable {
        /// `PROMISE-DAY-PAST`, `PROMISE-TOO-FAR` …
        package var rule: String
        package var sentence: String
    }

    /// Nil when it was refused.
    package var promise: PromiseToPay?
    /// Promises of the same items that this one closed.
    package var replaced: [PromiseToPay] = []
    /// New promises for what the newer ones do not speak of: each goes on as it was given.
    package var rests: [PromiseToPay] = []
    package var refusals: [Refusal] = []
    /// What policy would have refused from the agent; a person's word stands, and they are told.
    package var remarks: [Refusal] = []
    package var exceptions: [ExceptionRecord] = []
}

extension PromiseRules {
    /// Takes a promise down, or says why not.
    ///
    /// What cannot be a promise is refused whoever says so. What only policy forbids is refused from the agent, as an
    /// exception, and accepted from a person: a person's decision outranks the machine's. What was said later stands,
    /// in whatever order it is told: an older promise is superseded from the start for what a newer one speaks of.
    /// - Parameters:
    ///   - open: what was open per item when it was said; an item that is absent is not checked against it.
    ///   - existing: the customer's promises, any status.
    package func record(
        _ proposal: PromiseProposal, open: [PromiseToPay.Line], existing: [PromiseToPay],
        calendar: BankingCalendar.Name, on day: Day
    ) -> PromiseRecording {
        var recording = PromiseRecording()
        recording.refusals = Self.impossible(proposal)
        guard recording.refusals.isEmpty, let currency = proposal.lines.first?.amount.currency else { return recording }
        var promise = self.promise(proposal, in: currency, open: open, calendar: calendar)
        if let known = existing.first(where: { $0.id == promise.id }) {
            recording.promise = known
            return recording
        }
        let earlier = Self.sharing(existing, promise).filter { !$0.wasSaid(after: promise) }
        promise.level = earlier.map(\.nextLevel).max() ?? 1
        let closing = max(day, proposal.promisedOn)
        if let overtaken = Self.givingWay(promise, to: existing, on: closing), overtaken.rests.isEmpty {
            return overtaken
        }
        if proposal.recordedBy == .agent {
            recording.refusals = offPolicy(promise, open: open, on: day)
            if !recording.refusals.isEmpty {
                recording.exceptions = [exception("PROMISE-OFF-POLICY", promise, recording.refusals, on: day)]
                return recording
            }
            let limit = confirmAbove.first { $0.currency == currency }
            if let limit, promise.amount.minorUnits > limit.minorUnits {
                promise.status = .proposed
                let why = PromiseRecording.Refusal(
                    rule: "PROMISE-CONFIRM", sentence: "\(promise.amount) is above \(limit): a person confirms it.")
                recording.exceptions = [exception("PROMISE-CONFIRM", promise, [why], on: day)]
            }
        }
        if proposal.recordedBy == .person {
            // More than is owed is no term to grant: a slip of the pen, and a promise that nothing could keep.
            recording.refusals = overOpen(promise, open: open)
            guard recording.refusals.isEmpty else { return recording }
            recording.remarks = offPolicy(promise, open: open, on: day)
        }
        if let overtaken = Self.givingWay(promise, to: existing, on: closing) {
            recording.exceptions = []
            recording.promise = overtaken.promise
            for var rest in overtaken.rests {
                Self.replace(Self.sharing(earlier, rest), by: &rest, on: closing, in: &recording)
                rest.supersedes = promise.id
                recording.rests.append(rest)
            }
            return recording
        }
        Self.replace(earlier, by: &promise, on: closing, in: &recording)
        recording.promise = promise
        return recording
    }

    /// Why something is no promise, whoever says so.
    private static func impossible(_ proposal: PromiseProposal) -> [PromiseRecording.Refusal] {
        guard let currency = proposal.lines.first?.amount.currency,
            proposal.lines.allSatisfy({ $0.amount.currency == currency && $0.amount.isPositive }),
            Set(proposal.lines.map(\.itemID)).count == proposal.lines.count
        else {
            return [
                .init(
                    rule: "PROMISE-AMOUNT",
                    sentence: "A promise names each item once, with an amount above zero in one currency.")
            ]
        }
        guard proposal.promisedFor < proposal.promisedOn else { return [] }
        return [
            .init(
                rule: "PROMISE-DAY-PAST",
                sentence: "The promised day \(proposal.promisedFor.text) is before \(proposal.promisedOn.text), "
                    + "the day it was promised.")
        ]
    }

    private func promise(
        _ proposal: PromiseProposal, in currency: Currency, open: [PromiseToPay.Line], calendar: BankingCalendar.Name
    ) -> PromiseToPay {
        PromiseToPay(
            id: proposal.id, company: proposal.company, customerID: proposal.customerID,
            lines: proposal.lines, currency: currency, promisedFor: proposal.promisedFor,
            promisedOn: proposal.promisedOn, takenAt: proposal.takenAt, takenBy: proposal.takenBy,
            channel: proposal.channel, recordedBy: proposal.recordedBy, evidence: proposal.evidence,
            tolerance: tolerance(currency: currency, calendar: calendar),
            holdsFully: holdsFully(proposal.lines, open: open),
            proposedThrough: proposal.promisedOn + proposedDays,
            status: proposal.recordedBy == .agent && !proposal.confirmed ? .proposed : .active)
    }

    /// A promise that gives way to those that were said later; it goes on for what they do not speak of.
    /// Nil when none of them speaks of its items.
    package static func givingWay(
        _ promise: PromiseToPay, to existing: [PromiseToPay], on day: Day
    ) -> PromiseRecording? {
        let later = sharing(existing, promise).filter { other in
            other.wasSaid(after: promise)
                && (other.wasGiven || other.status == .proposed && promise.status == .proposed)
        }
        let newest = later.max { $1.wasSaid(after: $0) || !$0.wasSaid(after: $1) && $0.id < $1.id }
        guard let newest else { return nil }
        let spokenOf = later.flatMap { $0.lines.map(\.itemID) }
        var recording = PromiseRecording()
        var old = promise
        let rest = promise.rest(beside: spokenOf, of: newest.id)
        guard old.supersede(by: newest.id, goesOnAs: rest?.id, on: day) else { return nil }
        recording.promise = old
        recording.rests = [rest].compactMap(\.self)
        return recording
    }

    /// Other promises about one of its items, as they were said.
    private static func sharing(_ existing: [PromiseToPay], _ promise: PromiseToPay) -> [PromiseToPay] {
        existing.filter { old in old.id != promise.id && promise.lines.contains { old.names($0.itemID) } }
            .sorted { ($0.promisedOn, $0.level, $0.id) < ($1.promisedOn, $1.level, $1.id) }
    }

    /// Turns a proposed promise into an active one, which then takes the place of the active ones of its items.
    /// Nil when it is not proposed any more.
    package static func confirming(
        _ promise: PromiseToPay, existing: [PromiseToPay], on day: Day
    ) -> PromiseRecording? {
        var promise = promise
        guard promise.confirm() else { return nil }
        var recording = PromiseRecording()
        replace(sharing(existing, promise), by: &promise, on: day, in: &recording)
        recording.promise = promise
        return recording
    }

    /// At most one active promise per item; an earlier one goes on for the items that the newer does not name. One
    /// that is only proposed replaces proposals, not what was agreed.
    private static func replace(
        _ earlier: [PromiseToPay], by promise: inout PromiseToPay, on day: Day, in recording: inout PromiseRecording
    ) {
        for var old in earlier where old.status == .proposed || promise.status == .active {
            let rest = old.rest(beside: promise.lines.map(\.itemID), of: promise.id)
            if old.supersede(by: promise.id, goesOnAs: rest?.id, on: day) {
                recording.replaced.append(old)
                if let rest { recording.rests.append(rest) }
                promise.supersedes = old.id
            }
        }
    }

    private func offPolicy(
        _ promise: PromiseToPay, open: [PromiseToPay.Line], on day: Day
    ) -> [PromiseRecording.Refusal] {
        var refusals: [PromiseRecording.Refusal] = []
        if promise.promisedFor < day {
            refusals.append(
                .init(rule: "PROMISE-DAY-PAST", sentence: "The promised day \(promise.promisedFor.text) is past."))
        }
        if promise.promisedFor > promise.promisedOn + furthestDays {
            refusals.append(
                .init(
                    rule: "PROMISE-TOO-FAR",
                    sentence: "\(promise.promisedFor.text) is more than \(furthestDays) days away."))
        }
        if promise.level > timesMax {
            refusals.append(
                .init(
                    rule: "PROMISE-TOO-OFTEN",
                    sentence: "This would be promise number \(promise.level) for the same item; "
                        + "policy allows \(timesMax)."))
        }
        return refusals + overOpen(promise, open: open)
    }

    private func overOpen(_ promise: PromiseToPay, open: [PromiseToPay.Line]) -> [PromiseRecording.Refusal] {
        promise.lines.compactMap { line in
            guard let item = open.first(where: { $0.itemID == line.itemID }),
                line.amount.minorUnits > item.amount.minorUnits || line.amount.currency != item.amount.currency
            else { return nil }
            return .init(
                rule: "PROMISE-OVER-OPEN",
                sentence: "\(line.amount) is promised for \(line.itemID), of which \(item.amount) is open.")
        }
    }

    private func holdsFully(_ lines: [PromiseToPay.Line], open: [PromiseToPay.Line]) -> Bool {
        var promised: Int128 = 0
        var owed: Int128 = 0
        for line in lines {
            guard let item = open.first(where: { $0.itemID == line.itemID }), item.amount.isPositive else { continue }
            promised += Int128(line.amount.minorUnits)
            owed += Int128(item.amount.minorUnits)
        }
        return promised * 100 >= owed * Int128(fullHoldPercent)
    }

    private func exception(
        _ kind: String, _ promise: PromiseToPay, _ reasons: [PromiseRecording.Refusal], on day: Day
    ) -> ExceptionRecord {
        ExceptionRecord(
            kind, company: promise.company, customerID: promise.customerID, subject: promise.id,
            message: reasons.map(\.sentence).joined(separator: " "),
            context: [
                .init("promised_for", promise.promisedFor.text), .init("amount", "\(promise.amount)"),
                .init("items", promise.lines.map(\.itemID).joined(separator: " ")),
            ], dueOn: BankingCalendar(promise.tolerance.calendar).next(after: day))
    }
}
