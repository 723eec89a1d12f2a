// SPDX-License-Identifier: Apache-2.0
package import Documents

extension Delivery {
    /// What can happen to a message.
    package enum Event: Hashable, Sendable {
        /// An agent asks for it; the store asks only for the head of a lane.
        case claim(token: String, leaseMilliseconds: Int64)
        /// The agent is about to call the provider.
        case begin(token: String)
        /// The provider took it over.
        case ack(token: String, ProviderMessage?)
        /// The provider refused, or the agent could not call it.
        case fail(token: String, ErrorClass, code: String?, retryAfterMilliseconds: Int64?)
        /// The lease's time may have come: its effect depends on `begin`.
        case leaseExpired
        /// A person or a look-up says what became of an unknown one.
        case settle(Settlement)
        /// The provider reports, in any order, doubled or late.
        case confirm(Confirmation)
        case cancel(reason: String)
        case supersede(by: String?)
        /// The last moment to send it may have passed.
        case expire
    }

    package enum Settlement: Hashable, Sendable {
        case sent(ProviderMessage?)
        case notSent
    }

    package struct Confirmation: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case accepted, sent, delivered, read
            case failed(ErrorClass, code: String?)
        }

        package var kind: Kind
        package var message: ProviderMessage?
        /// By the provider's clock.
        package var at: Timestamp

        package init(_ kind: Kind, message: ProviderMessage? = nil, at: Timestamp) {
            self.kind = kind
            self.message = message
            self.at = at
        }
    }

    /// What the store and the agent do next.
    package enum Effect: Hashable, Sendable {
        /// Hand it to the agent.
        case granted(token: String, until: Timestamp)
        /// Call the provider now.
        case begun(until: Timestamp)
        /// It let go of its lane in this state: the next one may go.
        case closed(State)
        /// It waits until then, at the head of its lane.
        case requeued(at: Timestamp)
        /// Given up: it let go of its lane, and a person sees it.
        case deadLettered(ErrorClass?)
        /// It holds its lane until somebody settles it: a person sees it.
        case unknown
        /// A confirmation changed what is known of a message that was already out.
        case recorded(State)
        /// The provider took it over and could not deliver it: a person sees it.
        case deliveryFailed(ErrorClass)
        /// It went out although it had been closed in this state: a person sees it.
        case contradicted(State)
        /// News of an attempt that no longer counts: kept in the history, nothing else.
        case recordedLate
        /// Too late to withdraw: noted, and it will not be tried again.
        case noted
        case unchanged
        case refused(Refusal)
    }

    package enum Refusal: Hashable, Sendable {
        case notDue(Timestamp)
        case leased(until: Timestamp)
        case staleToken
        case leaseExpired
        case notBegun
        /// The same token began before: the provider may have been called.
        case alreadyBegun
        case unknown
        case notUnknown(State)
        case finished(State)
    }
}
