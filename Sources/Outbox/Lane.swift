// SPDX-License-Identifier: Apache-2.0

/// One customer's messages in order: only the head may be claimed, and it stays the head until it lets go.
///
/// A head pointer, not a search for earlier messages, so that a customer with many costs no more than one with few.
package struct Lane: Hashable, Sendable {
    package struct Head: Hashable, Sendable {
        package var messageID: String
        package var sequence: Int64

        package init(messageID: String, sequence: Int64) {
            self.messageID = messageID
            self.sequence = sequence
        }

        package init(_ delivery: Delivery) {
            self.init(messageID: delivery.messageID, sequence: delivery.sequence)
        }
    }

    package var key: String
    /// The earliest message that holds the lane; nil when it is empty.
    package var head: Head?

    package init(key: String, head: Head? = nil) {
        self.key = key
        self.head = head
    }

    /// `company:customer`; a colon in the company's id is escaped, so that two lanes never share a key.
    package static func key(company: String, customer: String) -> String {
        var key = ""
        for character in company {
            switch character {
            case ":": key += "%3A"
            case "%": key += "%25"
            case _: key.append(character)
            }
        }
        return "\(key):\(customer)"
    }

    /// A new message takes the head only of an empty lane, or when its sequence is lower.
    package mutating func enqueue(_ delivery: Delivery) {
        guard delivery.lane == key, delivery.state.holdsLane else { return }
        if head.map({ delivery.sequence < $0.sequence }) ?? true { head = Head(delivery) }
    }

    /// Whether this message may be claimed as far as order goes.
    package func admits(_ delivery: Delivery) -> Bool {
        delivery.lane == key && head?.messageID == delivery.messageID
    }

    /// Moves on when the head has let go.
    /// - Parameter next: The earliest message of the lane that still holds it, without `delivery`.
    /// - Returns: Whether the head changed.
    @discardableResult
    package mutating func advance(past delivery: Delivery, to next: Head?) -> Bool {
        guard admits(delivery), !delivery.state.holdsLane else { return false }
        head = next
        return true
    }

    /// The head as the rows say it, to rebuild or verify the pointer.
    package static func head(of deliveries: some Sequence<Delivery>) -> Head? {
        deliveries.filter(\.state.holdsLane).min { $0.sequence < $1.sequence }.map(Head.init)
    }
}
