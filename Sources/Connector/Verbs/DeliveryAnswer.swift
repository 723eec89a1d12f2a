// SPDX-License-Identifier: Apache-2.0
import Documents
import Outbox
import Store
import Trees

/// What an outbox verb came to.
struct DeliveryAnswer {
    let row: Delivery
    let stored: StoredMessage
    let effect: Delivery.Effect
    let raised: ExceptionRecord?

    var answer: Answer {
        let (word, detail, failed) = words
        var code: String?
        if case .refused(let refusal) = effect { code = refusal.words.code }
        var answer = Answer(
            json: .compact([
                ("message_id", .text(row.messageID)), ("state", .text(row.state.rawValue)), ("effect", .text(word)),
                ("code", .text(code)), ("detail", .text(detail)), ("attempts", .integer(row.attempts)),
                ("lease_until", .text(row.lease?.until.text)), ("due_at", .text(row.dueAt?.text)),
                ("exception", .text(raised?.kind)),
            ]),
            text: "\(row.messageID) is \(row.state.rawValue) (\(word))\(detail.map { ": \($0)" } ?? "")"
                + (code.map { " [\($0)]" } ?? ""))
        answer.failed = failed
        return answer
    }

    /// The effect's name, more about it, and whether it says no to what was asked.
    private var words: (String, String?, Bool) {
        switch effect {
        case .granted(_, let until): ("granted", until.text, false)
        case .begun(let until): ("begun", "call the provider now; the lease ends \(until.text)", false)
        case .closed(let state):
            (state.rawValue, stored.cancelReason, false)
        case .requeued(let at): ("requeued", "it waits until \(at.text)", false)
        case .deadLettered(let error): ("dead", error?.rawValue, false)
        case .unknown: ("unknown", "it is not sent again until that is settled", false)
        case .recorded(let state): ("recorded", state.rawValue, false)
        case .deliveryFailed(let error): ("failed", error.rawValue, false)
        case .contradicted(let state): ("contradicted", "it was \(state.rawValue)", false)
        case .recordedLate: ("recorded_late", "news of an attempt that no longer counts", false)
        case .noted: ("noted", nil, false)
        case .unchanged: ("unchanged", nil, false)
        case .refused(let refusal): ("refused", refusal.words.sentence, true)
        }
    }
}

extension Delivery.Effect {
    var isRefused: Bool {
        if case .refused = self { return true }
        return false
    }
}

extension Delivery.Refusal {
    /// A code that stays, and what to do.
    var words: (code: String, sentence: String) {
        switch self {
        case .notDue(let until): ("NOT-DUE", "it waits until \(until.text)")
        case .leased(let until): ("LEASED", "another agent holds it until \(until.text)")
        case .staleToken:
            ("STALE-TOKEN", "this token does not hold it; send nothing with it, and claim again")
        case .leaseExpired: ("LEASE-EXPIRED", "the lease had ended before begin; send nothing, and claim again")
        case .notBegun: ("NOT-BEGUN", "begin was never called with this token; call it before the provider")
        case .alreadyBegun:
            ("ALREADY-BEGUN", "begin was called before; the provider may have it, so do not call it again")
        case .unknown:
            ("OUTCOME-UNKNOWN", "nobody knows whether it went out; look it up and settle it as sent or not-sent")
        case .notUnknown(let state): ("NOT-UNKNOWN", "there is nothing to settle: it is \(state.rawValue)")
        case .finished(let state): ("FINISHED", "it is \(state.rawValue) and is not sent any more")
        }
    }
}
