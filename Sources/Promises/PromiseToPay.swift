// SPDX-License-Identifier: Apache-2.0
package import Documents

/// A customer's word to pay named open items by a day, and what became of it.
///
///     status  proposed ──► active ──► closed
///     state   open ──► kept | partially kept | broken        by evaluation only
///
/// The two axes are those of the field (SAP FSCM promise to pay): a withdrawn promise is closed and still `open`,
/// because nobody ever judged it. Paid late is an outcome of a broken promise, not a state.
package struct PromiseToPay: Hashable, Sendable {
    package enum Status: String, Sendable, CaseIterable { case proposed, active, closed }

    package enum State: String, Sendable, CaseIterable {
        case open, kept
        case partiallyKept = "partially_kept"
        case broken
    }

    package enum CloseReason: String, Sendable, CaseIterable {
        case kept
        case partiallyKept = "partially_kept"
        case broken, withdrawn
        /// A newer promise took its place.
        case replaced
        /// A credit note, a write-off or the source cleared what was promised.
        case clearedOtherwise = "cleared_otherwise"
        case cancelledInError = "cancelled_in_error"
        case disputed
        /// Proposed, and nobody confirmed it in time.
        case lapsed
    }

    package enum RecordedBy: String, Sendable {
        /// The agent read it in the conversation.
        case agent
        case person
        case imported

        /// Who a file's promise counts as recorded by: the agent where the file says that it took it, so that the same
        /// policy holds as in the conversation; otherwise the file's own word, a person's.
        package static func file(takenBy: String?) -> RecordedBy {
            let words = (takenBy ?? "").lowercased().split { !$0.isLetter }.map(String.init)
            return !words.isEmpty && words.allSatisfy(machine.contains) ? .agent : .imported
        }

        private static let machine: Set<String> = [
            "agent", "ai", "assistant", "automated", "automatic", "bot", "chat", "chatbot", "machine", "tieout",
            "virtual",
            "voice", "voicebot", "whatsapp",
        ]
    }

    package struct Line: Hashable, Sendable {
        package var itemID: String
        package var amount: Money

        package init(itemID: String, amount: Money) {
            self.itemID = itemID
            self.amount = amount
        }
    }

    /// The rules of the day on which the promise was taken; a later policy does not change how it is judged.
    package struct Tolerance: Hashable, Sendable {
        package enum Basis: String, Sendable { case banking, calendar }

        package var graceDays: Int
        package var basis: Basis
        package var calendar: BankingCalendar.Name
        /// A shortfall up to this many minor units counts as paid.
        package var shortfall: Int64
        /// The same as a share of the promised amount, in percent; the larger of the two counts.
        package var shortfallPercent: ScaledDecimal

        package init(
            graceDays: Int = 2, basis: Basis = .banking, calendar: BankingCalendar.Name = .target,
            shortfall: Int64 = 0, shortfallPercent: ScaledDecimal = ScaledDecimal(coefficient: 0, scale: 0)
        ) {
            self.graceDays = graceDays
            self.basis = basis
            self.calendar = calendar
            self.shortfall = shortfall
            self.shortfallPercent = shortfallPercent
        }
    }

    /// One verdict; a promise that is judged again keeps the earlier ones.
    package struct Judgement: Hashable, Sendable {
        package var on: Day
        package var recordedAt: Timestamp
        package var state: State
        /// Cash valued in the window, as far as it counts for the promised items.
        package var paid: Money
        /// What was promised after credit notes.
        package var promised: Money
        package var why: String

        package init(on: Day, recordedAt: Timestamp, state: State, paid: Money, promised: Money, why: String) {
            self.on = on
            self.recordedAt = recordedAt
            self.state = state
            self.paid = paid
            self.promised = promised
            self.why = why
        }
    }

    package var id: String
    package var company: String
    package var customerID: String
    /// One line per item, all in one currency, in the items' order.
    package var lines: [Line]
    package var currency: Currency
    package var promisedFor: Day
    package var promisedOn: Day
    /// The instant it was said; nil for one of which only the day is known.
    package var takenAt: Timestamp?
    /// Who took it: an employee, the agent.
    package var takenBy: String?
    package var channel: String?
    package var recordedBy: RecordedBy
    /// The message in which the customer said it.
    package var evidence: String?
    /// 1 for the first promise of an item; one higher after each that was not kept.
    package var level: Int
    package var tolerance: Tolerance
    /// Large enough a share of the open amount to pause the items altogether.
    package var holdsFully: Bool
    /// The last day on which it holds while it is only proposed.
    package var proposedThrough: Day
    package var status: Status
    package var state: State = .open
    package var closeReason: CloseReason?
    package var closedOn: Day?
    /// Why a person or a newer promise closed it.
    package var closeNote: String?
    package var supersedes: String?
    package var supersededBy: String?
    package var judgements: [Judgement] = []
    /// The value day on which a promise that was not kept was paid after all.
    package var paidLateOn: Day?

    package init(
        id: String? = nil, company: String, customerID: String, lines: [Line], currency: Currency,
        promisedFor: Day, promisedOn: Day, takenAt: Timestamp? = nil, takenBy: String? = nil, channel: String? = nil,
        recordedBy: RecordedBy, evidence: String? = nil, level: Int = 1, tolerance: Tolerance = Tolerance(),
        holdsFully: Bool = true, proposedThrough: Day? = nil, status: Status
    ) {
        let sorted = lines.sorted { $0.itemID < $1.itemID }
        self.id =
            id
            ?? Self.id(
                company: company, customerID: customerID, lines: sorted, promisedFor: promisedFor,
                promisedOn: promisedOn)
        self.company = company
        self.customerID = customerID
        self.lines = sorted
        self.currency = currency
        self.promisedFor = promisedFor
        self.promisedOn = promisedOn
        self.takenAt = takenAt
        self.takenBy = takenBy
        self.channel = channel
        self.recordedBy = recordedBy
        self.evidence = evidence
        self.level = level
        self.tolerance = tolerance
        self.holdsFully = holdsFully
        self.proposedThrough = proposedThrough ?? promisedOn + 2
        self.status = status
    }

    /// The same promise, told twice, has the same id.
    package static func id(
        company: String, customerID: String, lines: [Line], promisedFor: Day, promisedOn: Day
    ) -> String {
        var builder = Fingerprint.Builder()
        builder.add("promise")
        builder.add(company)
        builder.add(customerID)
        builder.add(promisedFor.text)
        builder.add(promisedOn.text)
        for line in lines.sorted(by: { $0.itemID < $1.itemID }) {
            builder.add(line.itemID)
            builder.add(line.amount.currency.code)
            builder.add(line.amount.minorUnits)
        }
        return builder.finish().base32
    }

    /// What was promised when it was taken, in minor units added up over the lines.
    package var amount: Money {
        let sum = lines.reduce(Int128(0)) { $0 + Int128($1.amount.minorUnits) }
        return Money(minorUnits: Int64(clamping: sum), currency: currency)
    }

    /// The last day on which cash may be valued and still count.
    package var lastDay: Day {
        switch tolerance.basis {
        case .calendar: promisedFor + max(0, tolerance.graceDays)
        case .banking: BankingCalendar(tolerance.calendar).adding(tolerance.graceDays, to: promisedFor)
        }
    }

    /// The last banking day whose cash must be known before the promise can be judged.
    package var coverageNeeded: Day { BankingCalendar(tolerance.calendar).onOrBefore(lastDay) }

    package func names(_ itemID: String) -> Bool { lines.contains { $0.itemID == itemID } }

    /// Whether it was said after another; of two said on one day without an instant nobody knows.
    package func wasSaid(after other: PromiseToPay) -> Bool {
        if promisedOn != other.promisedOn { return promisedOn > other.promisedOn }
        guard let takenAt, let earlier = other.takenAt else { return false }
        return takenAt > earlier
    }

    /// Given and not taken for a mistake since; one whose place a newer promise took speaks through that one.
    var wasGiven: Bool {
        switch status {
        case .proposed: false
        case .active: true
        case .closed: ![.replaced, .lapsed, .cancelledInError].contains(closeReason)
        }
    }

    /// The promise for what a newer one does not speak of, nil when nothing is left.
    func rest(beside items: [String], of newer: String) -> PromiseToPay? {
        let left = lines.filter { !items.contains($0.itemID) }
        guard !left.isEmpty else { return nil }
        var builder = Fingerprint.Builder()
        for part in ["promise-rest", company, id, newer] { builder.add(part) }
        var rest = self
        rest.id = builder.finish().base32
        rest.lines = left
        rest.supersedes = id
        rest.judgements = []
        return rest
    }

    /// What the promise says about an item, zero when it says nothing.
    package func promised(for itemID: String) -> Money {
        let sum = lines.lazy.filter { $0.itemID == itemID }.reduce(Int128(0)) { $0 + Int128($1.amount.minorUnits) }
        return Money(minorUnits: Int64(clamping: sum), currency: currency)
    }

    /// True while it keeps the machine from reminding: active until it is judged, proposed for its days only.
    package func pauses(on day: Day) -> Bool {
        switch status {
        case .proposed: day <= proposedThrough
        case .active: true
        case .closed: false
        }
    }

    /// The level of the next promise for the same item (`channel.md` C2).
    package var nextLevel: Int {
        switch closeReason {
        case .kept, .clearedOtherwise, .cancelledInError, .lapsed, .disputed: level
        case .partiallyKept, .broken, .withdrawn, .replaced, nil: level + 1
        }
    }
}

// What people and newer promises do. Each returns false, and changes nothing, where the status does not allow it.
extension PromiseToPay {
    /// The customer's echoed yes, or a person's.
    package mutating func confirm() -> Bool {
        guard status == .proposed else { return false }
        status = .active
        return true
    }

    package mutating func withdraw(on day: Day, note: String) -> Bool { close(.withdrawn, on: day, note: note) }

    package mutating func cancelInError(on day: Day, note: String) -> Bool {
        close(.cancelledInError, on: day, note: note)
    }

    package mutating func dispute(on day: Day, note: String) -> Bool { close(.disputed, on: day, note: note) }

    /// - Parameter rest: the promise that goes on for what the newer one does not speak of.
    package mutating func supersede(by newer: String, goesOnAs rest: String? = nil, on day: Day) -> Bool {
        let goesOn = rest.map { ", and goes on as \($0) for the rest" } ?? ""
        guard close(.replaced, on: day, note: "replaced by \(newer)" + goesOn) else { return false }
        supersededBy = newer
        return true
    }

    mutating func close(_ reason: CloseReason, on day: Day, note: String?) -> Bool {
        guard status != .closed else { return false }
        status = .closed
        closeReason = reason
        closedOn = day
        closeNote = note
        return true
    }
}
