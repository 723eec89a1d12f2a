// SPDX-License-Identifier: Apache-2.0

/// A write of several steps is taken up where it stopped.
enum PostStepColumn {
    /// How many of its writing steps are done and were noted.
    static let sql = "ALTER TABLE post_order ADD COLUMN written INTEGER NOT NULL DEFAULT 0;"
}
