// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Outbox
import Store
import Trees

/// The outbox inside one transaction: puts messages in, decides them again, and raises what a person must see.
struct OutboxDesk {
    let workplace: Workplace
    let session: Session
    let policy: DunningPolicy
    /// When decisions and leases are made: the business day's clock.
    let clock: Timestamp
    let delivery = DeliveryPolicy()
    private let reader: SnapshotReader
    private var generator: EnvironmentGenerator

    private var company: String { workplace.company.id }

    init(_ workplace: Workplace, _ session: Session, policy: DunningPolicy) throws {
        self.workplace = workplace
        self.session = session
        self.policy = policy
        clock = workplace.decisionTime()
        reader = try SnapshotReader(workplace, session, policy: policy)
        generator = EnvironmentGenerator(draw: workplace.environment.random)
    }

    func account(_ customer: String) throws -> AccountView { try reader.account(customer) }

    func offer(_ view: AccountView) -> LinkOffer {
        LinkOffer(company: workplace.company, day: workplace.today, references: view.references)
    }

    // MARK: In

    /// Puts a message into its lane, or its new revision in the place of the one that waits.
    func enqueue(_ planned: Message, _ view: AccountView) throws -> Message {
        var message = planned
        message.notBefore = view.instant(message.notBeforeLocal)
        message.notAfter = view.instant(message.notAfterLocal)
        let version = try session.accountVersion(company: company, customer: message.customerID)
        let stored = try session.message(company: company, id: message.id)
        let waiting = try session.delivery(company: company, message: message.id)
        if let stored, var waiting, waiting.state == .queued || waiting.state == .leased {
            if stored.revision == message.revision {
                try session.refresh(
                    message: message.id, company: company, accountVersion: version, freshUntil: message.freshUntil)
                return message
            }
            try keep(message, version: version)
            waiting.notBefore = message.notBefore
            waiting.notAfter = message.notAfter
            try session.save(waiting, company: company)
            return message
        }
        try keep(message, version: version)
        let lane = Lane.key(company: company, customer: message.customerID)
        var fresh = Delivery(
            messageID: message.id, lane: lane, sequence: try session.nextSequence(company: company, lane: lane))
        fresh.notBefore = message.notBefore
        fresh.notAfter = message.notAfter
        try session.save(fresh, company: company)
        return message
    }

    private func keep(_ message: Message, version: Int64) throws {
        try session.save(
            message, payload: MessageJSON.payload(message).json, plannedOn: workplace.today, accountVersion: version,
            at: workplace.environment.now())
    }

    // MARK: Deciding again

    func redecide(_ stored: StoredMessage) throws -> (decision: Redecision, view: AccountView) {
        guard let message = try stored.decoded() else {
            throw Failure("STORE-DAMAGED", "The payload of \(stored.id) cannot be read.", hint: "Run tieout verify.")
        }
        let view = try account(stored.customerID)
        let offer = offer(view)
        let decision = policy.redecide(
            message, for: view.snapshot, on: workplace.today, local: view.local, howToPay: offer.ways)
        return (decision, view)
    }

    /// Keeps a redecision with its gates, for `why`.
    func note(_ decision: Redecision, _ stored: StoredMessage) throws {
        var row = StoredRedecision(
            revision: stored.revision, at: clock, day: workplace.today, verdict: "send", detail: "[]")
        switch decision {
        case .send(let message): row.detail = Self.gates(message.decidedBy)
        case .revise(let message):
            row.verdict = "revise"
            row.revision = message.revision
            row.detail = Self.gates(message.decidedBy)
        case .hold(let rule, let sentence, _):
            row.verdict = "hold"
            row.rule = rule
            row.sentence = sentence
        case .cancel(let rule, let sentence):
            row.verdict = "cancel"
            row.rule = rule
            row.sentence = sentence
        }
        try session.add(row, message: stored.id, company: company)
    }

    static func gates(_ gates: [GateDecision]) -> String { Node.list(gates.map(MessageJSON.gate)).json }

    /// Takes a message out before it went; one whose provider is being called is only marked.
    mutating func cancel(_ waiting: Delivery, rule: String, sentence: String) throws {
        var waiting = waiting
        let effect = receive(.cancel(reason: rule), &waiting)
        try session.save(waiting, company: company)
        guard effect != .unchanged else { return }
        try session.setCancelReason("\(rule): \(sentence)", message: waiting.messageID, company: company)
    }

    /// Moves a waiting message to a later moment; a quarter of an hour when nobody knows a better one.
    mutating func postpone(_ waiting: Delivery, until: Timestamp?) throws {
        var waiting = waiting
        release(&waiting)
        waiting.notBefore = max(until ?? clock + delivery.holdWaitMilliseconds, clock + 60_000)
        try session.save(waiting, company: company)
    }

    /// Gives a lease back before the provider was called.
    mutating func release(_ waiting: inout Delivery) {
        guard waiting.state == .leased else { return }
        waiting.lease?.until = clock
        _ = receive(.leaseExpired, &waiting)
    }

    // MARK: The machine

    mutating func receive(_ event: Delivery.Event, _ row: inout Delivery) -> Delivery.Effect {
        row.receive(event, at: clock, policy: delivery, using: &generator)
    }

    mutating func token(for message: String) -> String {
        LeaseToken.make([generator.next(), generator.next()], for: message)
    }

    /// Leases that ended after `begin` are unknown outcomes; a clock that stepped back lengthens no wait.
    mutating func expireLeases() throws {
        for row in try session.begunPast(company: company, now: clock) {
            var row = row
            let effect = receive(.leaseExpired, &row)
            try session.save(row, company: company)
            try tell(effect, row)
        }
        guard clock == workplace.environment.now() else { return }
        let horizon = clock + delivery.retryAfterMillisecondsMax
        for row in try session.deliveriesWaitingBeyond(company: company, horizon) {
            var row = row
            if row.clamp(at: clock) { try session.save(row, company: company) }
        }
    }

    /// Raises or closes what a person must see after an effect.
    /// - Returns: what was raised.
    @discardableResult
    func tell(_ effect: Delivery.Effect, _ row: Delivery) throws -> ExceptionRecord? {
        let kind: String
        let sentence: String
        switch effect {
        case .unknown:
            (kind, sentence) = (
                "DELIVERY-UNKNOWN",
                "The provider was called and nobody knows whether message \(row.messageID) went out; look it up and "
                    + "settle it as sent or not-sent. It is not sent again by itself."
            )
        case .deadLettered(let error):
            (kind, sentence) = (
                "DELIVERY-DEAD",
                "Message \(row.messageID) was given up after \(row.attempts) attempts"
                    + "\(error.map { " (\($0.rawValue))" } ?? ""); reach the customer another way."
            )
        case .deliveryFailed(let error):
            (kind, sentence) = (
                "DELIVERY-FAILED",
                "The provider took message \(row.messageID) and could not deliver it (\(error.rawValue)); check the number."
            )
        case .contradicted(let state):
            (kind, sentence) = (
                "DELIVERY-CONTRADICTED",
                "Message \(row.messageID) went out although it was \(state.rawValue); see whether it needs a correction."
            )
        case .closed, .recorded:
            if row.state != .dead {
                try session.resolveExceptions(
                    company: company, kind: "DELIVERY-UNKNOWN", subject: row.messageID,
                    resolution: "It is \(row.state.rawValue).", at: workplace.environment.now())
            }
            return nil
        case .granted, .begun, .requeued, .recordedLate, .noted, .unchanged, .refused: return nil
        }
        let stored = try session.message(company: company, id: row.messageID)
        let record = ExceptionRecord(
            kind, company: company, customerID: stored?.customerID, subject: row.messageID, message: sentence,
            context: [
                .init("purpose", stored?.purpose.rawValue ?? ""), .init("attempts", "\(row.attempts)"),
                .init("error", row.lastError?.code ?? row.failure?.code ?? ""),
            ].filter { !$0.value.isEmpty }, dueOn: workplace.dueDay(policy))
        try session.raise(record, on: workplace.today, at: workplace.environment.now())
        return record
    }
}

/// Chance from the environment, in the form the standard library asks for.
struct EnvironmentGenerator: RandomNumberGenerator {
    let draw: @Sendable () -> UInt64
    mutating func next() -> UInt64 { draw() }
}

extension Workplace {
    /// The day by which a person should have looked at something raised today.
    func dueDay(_ policy: DunningPolicy) -> Day {
        BankingCalendar(company.calendar).adding(policy.exceptionDueDays, to: today)
    }
}
