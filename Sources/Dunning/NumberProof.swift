// SPDX-License-Identifier: Apache-2.0
package import Documents

/// Whose telephone number it is, as far as anybody said. Proof belongs to the number: what reached an earlier one, or one
/// at which somebody else answered, proves nothing about the number that the customer has now.
package struct NumberProof: Hashable, Sendable {
    /// When the number in the master data was last changed; nil when it is still the first.
    package var changedAt: Timestamp?
    /// When somebody last answered that the number is theirs.
    package var confirmedAt: Timestamp?
    /// When somebody else last answered.
    package var deniedAt: Timestamp?

    package init(changedAt: Timestamp? = nil, confirmedAt: Timestamp? = nil, deniedAt: Timestamp? = nil) {
        self.changedAt = changedAt
        self.confirmedAt = confirmedAt
        self.deniedAt = deniedAt
    }

    /// The number is the customer's by their own word.
    package var isConfirmed: Bool { confirmedAt.map(counts) ?? false }

    /// Whether what happened then says something about the number of now.
    package func counts(_ time: Timestamp) -> Bool {
        (changedAt.map { time > $0 } ?? true) && (deniedAt.map { time > $0 } ?? true)
    }
}
