// SPDX-License-Identifier: Apache-2.0

/// Whether a number is proven follows from what was heard of it, number by number; consent says nothing of it.
enum ConsentColumn {
    static let sql = "ALTER TABLE consent DROP COLUMN proven;"
}
