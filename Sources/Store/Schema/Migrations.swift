// SPDX-License-Identifier: Apache-2.0

/// The schema's versions, oldest first. To change the schema, append one line here and one file beside this one; a
/// version that was released never changes.
enum Migrations {
    /// Definitions per version, in SQLite's dialect. PostgreSQL will have a list of its own with the same numbers.
    static let all: [(version: Int64, sql: String)] = [
        (1, SchemaV1.books + SchemaV1.documents + SchemaV1.imports),
        (2, WorkflowTables.sql.joined(separator: ";\n") + ";"),
        (3, SyncTables.sql.joined(separator: ";\n") + ";"),
        (4, EntryColumns.sql.joined(separator: ";\n") + ";"),
        (5, SettlementTables.sql.joined(separator: ";\n") + ";"),
        (6, MatchingTables.sql.joined(separator: ";\n") + ";"),
        (7, PostTables.sql.joined(separator: ";\n") + ";"),
        (8, GuessTables.sql.joined(separator: ";\n") + ";"),
        (9, LookupIndexes.sql.joined(separator: ";\n") + ";"),
        (10, KeyTables.sql.joined(separator: ";\n") + ";"),
        (11, DecisionTables.sql.joined(separator: ";\n") + ";"),
        (12, RunningTables.sql.joined(separator: ";\n") + ";"),
        (13, ListingTables.sql.joined(separator: ";\n") + ";"),
        (14, ChargeColumns.sql.joined(separator: ";\n") + ";"),
        (15, ClearingTables.sql.joined(separator: ";\n") + ";"),
        (16, PostStepColumn.sql),
        (17, KeyTables.settling.joined(separator: ";\n") + ";"),
        (18, MonthPackColumn.sql),
        (19, SignalIndex.sql),
        (20, (BalanceTables.sql + LogIndexes.sql).joined(separator: ";\n") + ";"),
        (21, ConsentColumn.sql),
        (22, KeyTables.names),
        (23, PromiseCurrencyColumn.sql),
        (24, KeyTables.patterns),
        (25, TierColumns.sql),
    ]

    static var current: Int64 { all.last?.version ?? 0 }

    static func version(_ session: Session) throws -> Int64 {
        try session.first("PRAGMA user_version") { $0.int(0) } ?? 0
    }

    /// Brings the schema up to date, each version in a transaction of its own. The caller holds the writer's lock.
    static func run(_ session: Session, through last: Int64 = current) throws {
        let found = try version(session)
        guard found <= current else { throw newer(found) }
        for (version, sql) in all where version > found && version <= last {
            try session.script("BEGIN IMMEDIATE")
            do {
                try session.script(sql)
                try session.script("PRAGMA user_version=\(version)")
                try session.script("COMMIT")
            } catch {
                if session.database.isInTransaction { try session.script("ROLLBACK") }
                throw error
            }
        }
    }

    static func newer(_ found: Int64) -> StoreFailure {
        StoreFailure(
            "STORE-NEWER",
            "the database has schema \(found), this program knows up to \(current); use the program that wrote it, or a newer one"
        )
    }
}
