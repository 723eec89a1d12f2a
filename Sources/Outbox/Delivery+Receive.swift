// SPDX-License-Identifier: Apache-2.0
package import Documents

extension Delivery {
    /// Takes one event at `now`, by the database's clock, and says what to do.
    ///
    /// Whatever comes back other than `.begun` after `begin` means: do not call the provider.
    package mutating func receive(
        _ event: Event, at now: Timestamp, policy: DeliveryPolicy,
        using generator: inout some RandomNumberGenerator
    ) -> Effect {
        clamp(at: now)
        switch event {
        case .claim(let token, let milliseconds): return claim(token, milliseconds, now, policy)
        case .begin(let token): return begin(token, now)
        case .ack(let token, let message): return ack(token, message, now)
        case .fail(let token, let errorClass, let code, let retryAfter):
            return fail(
                token, Failure(errorClass, code: code, at: now), retryAfter, now, policy, &generator)
        case .leaseExpired: return endLease(now)
        case .settle(let settlement): return settle(settlement, now, policy)
        case .confirm(let confirmation): return confirm(confirmation, now)
        case .cancel(let reason): return withdraw(Withdrawal(.cancelled, reason: reason), now)
        case .supersede(let other): return withdraw(Withdrawal(.superseded, reason: other), now)
        case .expire: return expire(now)
        }
    }

    private mutating func claim(
        _ token: String, _ milliseconds: Int64, _ now: Timestamp, _ policy: DeliveryPolicy
    ) -> Effect {
        switch state {
        case .queued: return grant(token, milliseconds, now, policy)
        case .leased:
            if let lease, lease.until > now { return .refused(.leased(until: lease.until)) }
            _ = endLease(now)
            return grant(token, milliseconds, now, policy)
        case .begun:
            if let lease, lease.until > now { return .refused(.leased(until: lease.until)) }
            return endLease(now)
        case .unknown: return .refused(.unknown)
        case .accepted, .sent, .delivered, .read, .failed, .dead, .cancelled, .superseded, .expired:
            return .refused(.finished(state))
        }
    }

    private mutating func grant(
        _ token: String, _ milliseconds: Int64, _ now: Timestamp, _ policy: DeliveryPolicy
    ) -> Effect {
        if isPastDeadline(now) { return close(.expired, now) }
        if let dueAt, dueAt > now { return .refused(.notDue(dueAt)) }
        guard attempts < policy.attemptsMax, claims < policy.claimsMax else { return die(now) }
        let granted = min(max(1, milliseconds), policy.leaseMillisecondsMax)
        claims += 1
        wait = nil
        state = .leased
        lease = Lease(token: token, until: now + granted, milliseconds: granted)
        return .granted(token: token, until: now + granted)
    }

    private mutating func begin(_ token: String, _ now: Timestamp) -> Effect {
        switch state {
        case .leased:
            guard let lease, lease.token == token else { return .refused(.staleToken) }
            if lease.until <= now {
                _ = endLease(now)
                return .refused(.leaseExpired)
            }
            if isPastDeadline(now) { return close(.expired, now) }
            state = .begun
            begunToken = token
            attempts += 1
            claims = 0
            return .begun(until: lease.until)
        case .begun:
            if let lease, lease.until <= now { return endLease(now) }
            return .refused(begunToken == token ? .alreadyBegun : .staleToken)
        case .queued: return .refused(.staleToken)
        case .unknown: return .refused(.unknown)
        case .accepted, .sent, .delivered, .read, .failed, .dead, .cancelled, .superseded, .expired:
            return .refused(.finished(state))
        }
    }

    /// An ack by the last one that began is proof that it went out, however late. Any other is news of an attempt
    /// that no longer counts.
    private mutating func ack(_ token: String, _ message: ProviderMessage?, _ now: Timestamp) -> Effect {
        guard token == begunToken else {
            return state == .leased && lease?.token == token ? .refused(.notBegun) : .recordedLate
        }
        let before = self
        if let message {
            self.message = message
            // A failure that names another message was another attempt's.
            if let failed = failure?.message, failed.id != message.id { failure = nil }
        }
        rank = max(rank, 1)
        return settleByEvidence(since: before, now)
    }

    private mutating func fail(
        _ token: String, _ error: Failure, _ retryAfter: Int64?, _ now: Timestamp, _ policy: DeliveryPolicy,
        _ generator: inout some RandomNumberGenerator
    ) -> Effect {
        switch state {
        case .leased: guard lease?.token == token else { return .refused(.staleToken) }
        case .begun: guard begunToken == token else { return .refused(.staleToken) }
        case .unknown:
            guard begunToken == token else { return .refused(.staleToken) }
            if error.errorClass.disposition == .ambiguous { return .unchanged }
        case .queued, .accepted, .sent, .delivered, .read, .failed, .dead, .cancelled, .superseded, .expired:
            return begunToken == token ? .unchanged : .refused(.staleToken)
        }
        lastError = error
        let asked = min(max(0, retryAfter ?? 0), policy.retryAfterMillisecondsMax)
        switch error.errorClass.disposition {
        case .retry:
            return requeue(max(asked, policy.backoff(attempt: attempts, using: &generator)), now, policy)
        case .retryPair: return requeue(max(asked, policy.pairWaitMilliseconds), now, policy)
        case .retryOnce:
            if attempts > 1 { return die(now) }
            return requeue(max(asked, policy.backoff(attempt: attempts, using: &generator)), now, policy)
        case .retryAtOnce: return requeue(asked, now, policy)
        case .deferDay: return requeue(max(asked, policy.deferMilliseconds), now, policy)
        case .ambiguous:
            guard state == .begun else {
                // Nothing was written before `begin`.
                return requeue(max(asked, policy.backoff(attempt: attempts, using: &generator)), now, policy)
            }
            lease = nil
            state = .unknown
            return .unknown
        case .final: return die(now)
        case .hold:
            if state != .leased { attempts = max(0, attempts - 1) }
            return requeue(max(asked, policy.holdWaitMilliseconds), now, policy)
        }
    }

    private mutating func endLease(_ now: Timestamp) -> Effect {
        switch state {
        case .leased:
            if let lease, lease.until > now { return .refused(.notDue(lease.until)) }
            lease = nil
            state = .queued
            return .requeued(at: now)
        case .begun:
            if let lease, lease.until > now { return .refused(.notDue(lease.until)) }
            lease = nil
            state = .unknown
            return .unknown
        case .queued, .unknown, .accepted, .sent, .delivered, .read, .failed, .dead, .cancelled, .superseded,
            .expired:
            return .unchanged
        }
    }

    private mutating func settle(
        _ settlement: Settlement, _ now: Timestamp, _ policy: DeliveryPolicy
    ) -> Effect {
        switch state {
        case .unknown:
            switch settlement {
            case .sent(let message):
                let before = self
                if self.message == nil { self.message = message }
                rank = max(rank, 1)
                return settleByEvidence(since: before, now)
            case .notSent: return requeue(0, now, policy)
            }
        case .queued, .leased, .begun, .accepted, .sent, .delivered, .read, .failed, .dead, .cancelled,
            .superseded, .expired:
            return .refused(.notUnknown(state))
        }
    }

    private mutating func withdraw(_ wish: Withdrawal, _ now: Timestamp) -> Effect {
        switch state {
        case .queued, .leased:
            withdrawal = wish
            return close(wish.kind.state, now)
        case .begun, .unknown:
            guard withdrawal == nil else { return .unchanged }
            withdrawal = wish
            return .noted
        case .accepted, .sent, .delivered, .read, .failed, .dead, .cancelled, .superseded, .expired:
            return .unchanged
        }
    }

    private mutating func expire(_ now: Timestamp) -> Effect {
        switch state {
        case .queued, .leased:
            guard let notAfter else { return .unchanged }
            return isPastDeadline(now) ? close(.expired, now) : .refused(.notDue(notAfter))
        case .begun, .unknown, .accepted, .sent, .delivered, .read, .failed, .dead, .cancelled, .superseded,
            .expired:
            return .unchanged
        }
    }
}

extension Delivery {
    private func isPastDeadline(_ now: Timestamp) -> Bool { notAfter.map { $0 <= now } ?? false }

    /// Back to the head of its lane, unless it was withdrawn, has no attempt left, or its time would be over.
    private mutating func requeue(_ milliseconds: Int64, _ now: Timestamp, _ policy: DeliveryPolicy) -> Effect {
        if let withdrawal { return close(withdrawal.kind.state, now) }
        guard attempts < policy.attemptsMax else { return die(now) }
        let at = now + milliseconds
        if isPastDeadline(at) { return close(.expired, now) }
        lease = nil
        state = .queued
        wait = milliseconds > 0 ? Wait(until: at, milliseconds: milliseconds) : nil
        return .requeued(at: max(at, notBefore ?? at))
    }

    private mutating func die(_ now: Timestamp) -> Effect {
        if let withdrawal { return close(withdrawal.kind.state, now) }
        _ = close(.dead, now)
        return .deadLettered(lastError?.errorClass)
    }

    mutating func close(_ next: State, _ now: Timestamp) -> Effect {
        lease = nil
        wait = nil
        state = next
        if doneAt == nil { doneAt = now }
        return .closed(next)
    }
}

extension Delivery.Withdrawal.Kind {
    fileprivate var state: Delivery.State {
        switch self {
        case .cancelled: .cancelled
        case .superseded: .superseded
        }
    }
}
