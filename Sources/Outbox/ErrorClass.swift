// SPDX-License-Identifier: Apache-2.0

/// What a provider's error means for the message that met it; the names are kept in the store.
package enum ErrorClass: String, Sendable, CaseIterable {
    case retryBackoff = "retry_backoff"
    /// Too many messages to this one recipient.
    case retryPair = "retry_pair"
    /// The code covers both a bad request and a server fault.
    case retryOnce = "retry_once"
    /// The 24-hour window is closed: another form of the same message may go.
    case switchToTemplate = "switch_to_template"
    /// The provider chose not to deliver today; an early retry only repeats the error.
    case deferDay = "defer_24h"
    case reuploadThenRetryOnce = "reupload_then_retry_once"
    /// The request was written and no answer came: it may have been sent.
    case ambiguous
    case finalOptOutMarketing = "final_optout_marketing"
    case finalRecipient = "final_recipient"
    case finalMessage = "final_message"
    case finalTemplate = "final_template"
    case finalRequest = "final_request"
    case holdTemplate = "hold_template"
    case pauseQuality = "pause_quality"
    case haltAuth = "halt_auth"
    case haltBilling = "halt_billing"
    case haltConfig = "halt_config"
    case haltPolicy = "halt_policy"
    /// Concerns a message that came in, none that goes out.
    case inboundMediaFailed = "inbound_media_failed"

    /// What happens to the message.
    package enum Disposition: Hashable, Sendable {
        /// Waits by the policy's backoff.
        case retry
        case retryPair
        case retryOnce
        case retryAtOnce
        case deferDay
        /// Nobody knows whether it went out: it is not sent again until that is settled.
        case ambiguous
        /// Never sent again.
        case final
        /// Not the message's fault: it waits, no attempt is counted, and whoever runs the sender is told.
        case hold
    }

    package var disposition: Disposition {
        switch self {
        case .retryBackoff: .retry
        case .retryPair: .retryPair
        case .retryOnce, .reuploadThenRetryOnce: .retryOnce
        case .switchToTemplate: .retryAtOnce
        case .deferDay: .deferDay
        case .ambiguous: .ambiguous
        case .finalOptOutMarketing, .finalRecipient, .finalMessage, .finalTemplate, .finalRequest,
            .inboundMediaFailed:
            .final
        case .holdTemplate, .pauseQuality, .haltAuth, .haltBilling, .haltConfig, .haltPolicy: .hold
        }
    }

    /// Classifies a WhatsApp Cloud API error by its code, never by the HTTP status when the code is known:
    /// throttling is documented as 400.
    /// - Parameter httpStatus: Decides only for a code that is not in the table.
    package static func classify(code: Int?, httpStatus: Int? = nil) -> ErrorClass {
        if let code, let row = codes.first(where: { $0.codes.contains(code) }) { return row.errorClass }
        switch httpStatus {
        case .some(408), .some(409), .some(425), .some(429), .some(500...599): return .retryBackoff
        case .some(400...499): return .finalRequest
        // A code nobody knows, without a status that says more: it is not sent again blindly.
        case .some, .none: return .ambiguous
        }
    }

    /// Meta's error codes (page of 2025-12-12) with the class each one gets.
    package static let codes: [(codes: ClosedRange<Int>, errorClass: ErrorClass)] = [
        (0...0, .haltAuth), (1...1, .retryOnce), (2...2, .retryBackoff), (3...3, .haltAuth),
        (4...4, .retryBackoff), (10...10, .haltAuth), (33...33, .haltConfig), (100...100, .finalRequest),
        (190...190, .haltAuth), (200...299, .haltAuth), (368...368, .haltPolicy), (80007...80007, .retryBackoff),
        (130429...130429, .retryBackoff), (130472...130472, .finalMessage), (130497...130497, .finalRecipient),
        (131000...131000, .retryBackoff), (131005...131005, .haltAuth), (131008...131009, .finalRequest),
        (131016...131016, .retryBackoff), (131021...131021, .finalRequest), (131026...131026, .finalRecipient),
        (131031...131031, .haltPolicy), (131037...131037, .haltConfig), (131042...131042, .haltBilling),
        (131045...131045, .haltConfig), (131047...131047, .switchToTemplate), (131048...131048, .pauseQuality),
        (131049...131049, .deferDay), (131050...131050, .finalOptOutMarketing), (131051...131051, .finalRequest),
        (131052...131052, .inboundMediaFailed), (131053...131053, .reuploadThenRetryOnce),
        (131056...131056, .retryPair), (131057...131057, .retryBackoff), (131062...131062, .finalRequest),
        (131063...131063, .haltConfig), (131064...131064, .pauseQuality), (132000...132001, .finalTemplate),
        (132005...132005, .finalRequest), (132007...132007, .finalTemplate), (132012...132012, .finalTemplate),
        (132015...132015, .holdTemplate), (132016...132016, .finalTemplate), (132018...132018, .finalTemplate),
        (132068...132068, .finalTemplate), (132069...132069, .retryBackoff), (133004...133004, .retryBackoff),
        (133010...133010, .haltConfig), (133015...133015, .retryBackoff), (133016...133016, .haltConfig),
        (135000...135000, .finalRequest), (2_494_100...2_494_100, .retryBackoff),
    ]
}
