// SPDX-License-Identifier: Apache-2.0
import Documents

extension Delivery {
    /// Folds one confirmation into what is known: the highest rank wins, a failure counts only below `delivered`,
    /// and the earliest time of a rank is kept. The result is the same in any order, doubled or late.
    ///
    /// Proof that it went out also ends a lease or a wait: it must not go out twice.
    mutating func confirm(_ confirmation: Confirmation, _ now: Timestamp) -> Effect {
        let before = self
        switch confirmation.kind {
        case .accepted: raise(to: 1, at: confirmation.at)
        case .sent: raise(to: 2, at: confirmation.at)
        case .delivered: raise(to: 3, at: confirmation.at)
        case .read: raise(to: 4, at: confirmation.at)
        case .failed(let errorClass, let code):
            switch state {
            case .queued, .leased, .dead, .cancelled, .superseded, .expired:
                // Only an earlier attempt can have failed, and that is known.
                return .recordedLate
            case .begun, .unknown, .accepted, .sent, .delivered, .read, .failed: break
            }
            if let known = message, let named = confirmation.message, known.id != named.id {
                return .recordedLate
            }
            addFailure(Failure(errorClass, code: code, message: confirmation.message, at: confirmation.at))
        }
        if message == nil { message = confirmation.message }
        return settleByEvidence(since: before, now)
    }

    private mutating func raise(to next: Int, at time: Timestamp) {
        if next > rank {
            rank = next
            rankAt = time
        } else if next == rank {
            rankAt = rankAt.map { min($0, time) } ?? time
        }
        if rank >= 3 { failure = nil }
    }

    private mutating func addFailure(_ new: Failure) {
        guard rank < 3 else { return }
        guard let known = failure else {
            failure = new
            return
        }
        let isEarlier =
            (new.at, new.code ?? "", new.errorClass.rawValue)
            < (known.at, known.code ?? "", known.errorClass.rawValue)
        if isEarlier { failure = new }
    }

    /// The state that rank and failure together mean; nil while nothing is proved.
    private var proved: State? {
        guard rank < 3 else { return rank == 3 ? .delivered : .read }
        guard failure == nil else { return .failed }
        return rank == 2 ? .sent : rank == 1 ? .accepted : nil
    }

    /// Moves to the proved state and says what that means, coming from `before`.
    mutating func settleByEvidence(since before: Delivery, _ now: Timestamp) -> Effect {
        guard let proved else { return .unchanged }
        let effect = close(proved, now)
        switch before.state {
        case .queued, .leased, .begun, .unknown:
            return failure.map { .deliveryFailed($0.errorClass) } ?? effect
        case .accepted, .sent, .delivered, .read, .failed:
            guard self != before else { return .unchanged }
            if proved == .failed, before.state != .failed, let failure {
                return .deliveryFailed(failure.errorClass)
            }
            return .recorded(proved)
        case .dead, .cancelled, .superseded, .expired: return .contradicted(before.state)
        }
    }
}
