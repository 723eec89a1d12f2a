// SPDX-License-Identifier: Apache-2.0

/// The log's indexes of what settles items, ids first: what is compared first while sorting should differ.
enum LogIndexes {
    static let all = [
        "CREATE INDEX log_item ON log(item, company) WHERE item IS NOT NULL AND kind > 2",
        "CREATE INDEX log_payment ON log(payment, company) WHERE payment IS NOT NULL AND kind NOT IN (10, 11)",
        "CREATE INDEX log_decision ON log(decision, company) WHERE decision IS NOT NULL",
    ]

    static let sql = ["DROP INDEX log_item", "DROP INDEX log_payment", "DROP INDEX log_decision"] + all
}
