// SPDX-License-Identifier: Apache-2.0

/// Which part of a company's ledger matching reads: all of it, or what a `NearLedger` chose.
package enum Extent: Sendable {
    case whole, near

    var items: String { self == .whole ? "item i" : "near_item n CROSS JOIN item i ON i.no = n.no" }
    var payments: String { self == .whole ? "payment p" : "near_payment n CROSS JOIN payment p ON p.no = n.no" }
    var customers: String {
        self == .whole ? "customer c" : "near_customer n CROSS JOIN customer c ON c.company = n.company AND c.id = n.id"
    }
    /// Entries of payments.
    var settlements: String {
        self == .whole
            ? "log l" : "near_payment n CROSS JOIN log l ON l.payment = n.id"
    }
    /// Credit notes that were netted in payments' decisions.
    var nettings: String {
        self == .whole
            ? "log l JOIN decision d ON d.company = l.company AND d.id = l.decision"
            : """
            near_payment n CROSS JOIN decision d ON d.company = n.company AND d.payment_id = n.id
                CROSS JOIN log l ON l.company = d.company AND l.decision = d.id AND l.decision IS NOT NULL
            """
    }
    /// Decisions that took a payment back.
    var takings: String {
        self == .whole
            ? "decision d" : "near_payment n CROSS JOIN decision d ON d.counterpart_id = n.id"
    }

    /// The entries of an item behind the one that made it, in the words of their index.
    static let laterEntries = "l.item IS NOT NULL AND l.kind > 2"
}

/// Only the whole ledger can say.
package struct NotNear: Error {
    package init() {}
}
