// SPDX-License-Identifier: Apache-2.0

/// A closed month's pack goes on saying what it said.
enum MonthPackColumn {
    /// The tables of what lies beside the log, as they stood when the month was closed; null for one that was closed before.
    static let sql = "ALTER TABLE month_close ADD COLUMN pack TEXT;"
}
