// SPDX-License-Identifier: Apache-2.0

/// The indexes in which each row that a run writes has a place of its own, and the one that each payment leaves.
///
/// Before many rows they are dropped, and made anew behind them: once they outgrow the cache, finding each place costs
/// ten times what sorting all rows does. All of it is part of the run's transaction.
struct RunIndexes {
    private let session: Session
    private var isLogWithout = true
    private var areDecisionsWithout = true

    private static let decisionsMin = 20_000
    /// So many rows of the log to a new decision are worth reading again.
    private static let entriesMax: Int64 = 20

    /// Nil where they stay: for few rows, or where many more are in them already.
    init?(_ session: Session, expecting decisions: Int) throws {
        guard decisions >= Self.decisionsMin else { return nil }
        let known = try session.first("SELECT COALESCE(MAX(no), 0) FROM decision") { $0.int(0) } ?? 0
        guard known <= Int64(decisions), try session.nextSeq() / Self.entriesMax <= Int64(decisions) else { return nil }
        self.session = session
        try session.script(
            "DROP INDEX decision_id; DROP INDEX decision_payment; DROP INDEX log_item; DROP INDEX log_payment; "
                + "DROP INDEX log_decision; DROP INDEX payment_waiting")
    }

    /// What is derived from a batch's entries asks for them by their item.
    mutating func makeLogIndexes() throws {
        guard isLogWithout else { return }
        isLogWithout = false
        try session.makeIndexes(LogIndexes.all)
    }

    mutating func makeAll() throws {
        try makeLogIndexes()
        guard areDecisionsWithout else { return }
        areDecisionsWithout = false
        try session.makeIndexes(DecisionTables.rowIndexes + [BalanceTables.waitingIndex])
    }
}
