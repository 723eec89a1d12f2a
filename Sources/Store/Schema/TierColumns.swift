// SPDX-License-Identifier: Apache-2.0

/// What had been counted of a rule when it changed, and who changed it where a person did. Changes that came before count as if
/// nothing had been: what was taken back before them is counted once more.
enum TierColumns {
    static let sql = """
        ALTER TABLE tier_change ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tier_change ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tier_change ADD COLUMN undone INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tier_change ADD COLUMN actor TEXT;
        ALTER TABLE tier_change ADD COLUMN reason TEXT;
        """
}
