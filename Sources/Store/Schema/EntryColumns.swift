// SPDX-License-Identifier: Apache-2.0

/// Which entry of a bank account a payment is, or is a part of: what its report, statement and notification share.
enum EntryColumns {
    private static let added: [(name: String, type: String)] = [
        ("entry_reference", "TEXT"), ("entry_amount", "INTEGER"),
    ]

    static let sql: [String] = added.map { "ALTER TABLE payment ADD COLUMN \($0.name) \($0.type)" }

    /// What a payment's source states, in the order in which staging binds it.
    static let paymentStated = SchemaV1.paymentStated + added + ChargeColumns.added
}

/// What a payment's source states inside its amount: interest and fine for paying late, and what was taken off.
enum ChargeColumns {
    static let added: [(name: String, type: String)] = [
        ("interest", "INTEGER"), ("fine", "INTEGER"), ("discount", "INTEGER"),
    ]

    static let sql: [String] = added.map { "ALTER TABLE payment ADD COLUMN \($0.name) \($0.type)" }
}
