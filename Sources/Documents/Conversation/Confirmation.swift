// SPDX-License-Identifier: Apache-2.0

/// What came back about a message that was handed over, whatever the provider and the order of arrival.
package struct Confirmation: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case accepted, sent, delivered, read, failed, replied

        /// How far the message got; a fold takes the highest. `failed` counts only below `delivered`.
        package var rank: Int {
            switch self {
            case .failed: 0
            case .accepted: 1
            case .sent: 2
            case .delivered: 3
            case .read: 4
            case .replied: 5
            }
        }
    }

    /// The sender's own id of this confirmation; doubled deliveries carry the same one.
    package var id: String?
    package var messageID: String
    package var kind: Kind
    package var provider: String?
    /// The provider's id of the message (`wamid…`).
    package var providerID: String?
    package var at: Timestamp
    /// The provider's error code, as it stands.
    package var errorCode: String?
    package var errorText: String?

    package init(
        id: String? = nil, messageID: String, kind: Kind, provider: String? = nil,
        providerID: String? = nil, at: Timestamp, errorCode: String? = nil, errorText: String? = nil
    ) {
        self.id = id
        self.messageID = messageID
        self.kind = kind
        self.provider = provider
        self.providerID = providerID
        self.at = at
        self.errorCode = errorCode
        self.errorText = errorText
    }
}
