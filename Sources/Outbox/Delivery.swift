// SPDX-License-Identifier: Apache-2.0
package import Documents

/// How far one message has come on its way to the customer.
///
/// ```
///            claim          begin         ack           confirm
///   queued ────────► leased ───────► begun ──────► accepted ──► sent ──► delivered ──► read
///     ▲ ▲  lease ends  │               │ lease ends    └────────┴──► failed (until delivered)
///     │ └──────────────┘               ▼
///     │   settle: not sent          unknown ──► settle: sent, a late ack, a confirmation
///     └────────────────────────────────┘
///   queued, leased ──► cancelled | superseded | expired       fail ──► queued (waits) | dead
/// ```
///
/// The store keeps one row per value and writes back what `receive` made of it.
package struct Delivery: Hashable, Sendable {
    package enum State: String, Sendable, CaseIterable {
        /// Waits for its turn and its time.
        case queued
        /// An agent has it and has not called the provider: it may be taken back.
        case leased
        /// The provider is being called.
        case begun
        /// Nobody knows whether it went out; never sent again until that is settled.
        case unknown
        /// The provider took it over.
        case accepted
        case sent, delivered, read
        /// The provider took it over and then could not deliver it.
        case failed
        /// Given up; a person sees it.
        case dead
        /// Withdrawn before it went out.
        case cancelled, superseded, expired

        /// Nothing later in its lane may go out.
        package var holdsLane: Bool {
            switch self {
            case .queued, .leased, .begun, .unknown: true
            case .accepted, .sent, .delivered, .read, .failed, .dead, .cancelled, .superseded, .expired: false
            }
        }
    }

    /// Who may send it, and until when. The token fences: only its holder begins.
    package struct Lease: Hashable, Sendable {
        package var token: String
        package var until: Timestamp
        /// As it was granted, so that a clock stepping back cannot lengthen it.
        package var milliseconds: Int64

        package init(token: String, until: Timestamp, milliseconds: Int64) {
            self.token = token
            self.until = until
            self.milliseconds = milliseconds
        }
    }

    /// A wait after a failure.
    package struct Wait: Hashable, Sendable {
        package var until: Timestamp
        /// As it was granted, so that a clock stepping back cannot lengthen it.
        package var milliseconds: Int64

        package init(until: Timestamp, milliseconds: Int64) {
            self.until = until
            self.milliseconds = milliseconds
        }
    }

    /// The provider's name for the message.
    package struct ProviderMessage: Hashable, Sendable {
        package var provider: String?
        package var id: String

        package init(provider: String? = nil, id: String) {
            self.provider = provider
            self.id = id
        }
    }

    package struct Failure: Hashable, Sendable {
        package var errorClass: ErrorClass
        package var code: String?
        /// The provider's message that failed, where a confirmation said so.
        package var message: ProviderMessage?
        package var at: Timestamp

        package init(
            _ errorClass: ErrorClass, code: String? = nil, message: ProviderMessage? = nil, at: Timestamp
        ) {
            self.errorClass = errorClass
            self.code = code
            self.message = message
            self.at = at
        }
    }

    /// A wish to withdraw that came after `begin`: it takes effect when the message would be tried again.
    package struct Withdrawal: Hashable, Sendable {
        package enum Kind: String, Sendable, CaseIterable { case cancelled, superseded }
        package var kind: Kind
        /// Why it was cancelled, or the message that takes its place.
        package var reason: String?

        package init(_ kind: Kind, reason: String?) {
            self.kind = kind
            self.reason = reason
        }
    }

    package var messageID: String
    /// Messages of one lane go out in order of `sequence`, one at a time.
    package var lane: String
    package var sequence: Int64
    package var state = State.queued
    /// Times the provider was called.
    package var attempts = 0
    /// Claims since the last `begin`.
    package var claims = 0
    /// While leased or begun.
    package var lease: Lease?
    /// The token of the last `begin`: its holder alone knows what became of it.
    package var begunToken: String?
    /// Planned: not to be sent earlier than this.
    package var notBefore: Timestamp?
    /// Planned: not to be sent at or after this.
    package var notAfter: Timestamp?
    package var wait: Wait?
    package var message: ProviderMessage?
    /// What the provider confirmed: 0 nothing, 1 accepted, 2 sent, 3 delivered, 4 read.
    package var rank = 0
    /// When the provider says the highest rank was reached.
    package var rankAt: Timestamp?
    /// What the provider reported after taking it over; gone once it was delivered after all.
    package var failure: Failure?
    /// The last error of a call.
    package var lastError: Failure?
    package var withdrawal: Withdrawal?
    /// When it first let go of its lane.
    package var doneAt: Timestamp?

    package init(messageID: String, lane: String, sequence: Int64) {
        self.messageID = messageID
        self.lane = lane
        self.sequence = sequence
    }

    /// When the store should look at it again: due while queued, the lease's end while leased or begun.
    package var dueAt: Timestamp? {
        switch state {
        case .queued:
            let earliest = notBefore ?? Timestamp(milliseconds: 0)
            return wait.map { max($0.until, earliest) } ?? earliest
        case .leased, .begun: return lease?.until
        case .unknown, .accepted, .sent, .delivered, .read, .failed, .dead, .cancelled, .superseded, .expired:
            return nil
        }
    }

    /// Cuts a lease or wait that reaches further than it was granted for: the clock stepped back.
    ///
    /// `receive` does it first; the store also does it on each tick, for rows that nothing else would touch.
    /// - Returns: Whether anything changed.
    @discardableResult
    package mutating func clamp(at now: Timestamp) -> Bool {
        let before = self
        if let lease {
            self.lease?.until = min(lease.until, now + lease.milliseconds)
        }
        if let wait {
            self.wait?.until = min(wait.until, now + wait.milliseconds)
        }
        return self != before
    }
}
