// SPDX-License-Identifier: Apache-2.0
import Dispatch
import FoundationEssentials
import GRDB

/// One closure on its way through the writer.
///
/// Unchecked: the thread that made it waits on `turn` until whoever runs it is done, so the two never touch it at once.
final class WriteJob: @unchecked Sendable {
    let isDryRun: Bool
    /// Gone when the job is done: the caller's closure must not outlive its call.
    private(set) var body: ((Session) throws -> Void)?
    let turn = DispatchSemaphore(value: 0)
    var failure: (any Error)?
    private(set) var isDone = false

    init(isDryRun: Bool, _ body: @escaping (Session) throws -> Void) {
        self.isDryRun = isDryRun
        self.body = body
    }

    func run(_ session: Session) throws { try body?(session) }

    func finish() {
        body = nil
        isDone = true
    }
}

/// Who writes next. The first to come leads: it runs its own closure and those that came meanwhile.
struct WriteQueue {
    enum Role { case lead, follow }

    static let batchMax = 100
    private var waiting: [WriteJob] = []
    private var isLed = false

    mutating func enqueue(_ job: WriteJob) -> Role {
        waiting.append(job)
        guard !isLed else { return .follow }
        isLed = true
        return .lead
    }

    /// The jobs of the next transaction; a dry run is alone in its own.
    mutating func takeBatch() -> [WriteJob] {
        let end =
            waiting.first?.isDryRun == true
            ? 1 : min(Self.batchMax, waiting.firstIndex { $0.isDryRun } ?? waiting.count)
        let batch = Array(waiting.prefix(end))
        waiting.removeFirst(batch.count)
        return batch
    }

    /// The job that leads from now on, left in the queue; nil when nobody waits.
    mutating func next() -> WriteJob? {
        guard let next = waiting.first else {
            isLed = false
            return nil
        }
        return next
    }
}

/// The writer's connection with its lock.
///
/// Unchecked: the session is used only on the connection's own queue, inside `writeWithoutTransaction`.
final class WriterConnection: @unchecked Sendable {
    let pool: DatabasePool
    let session: Session
    let lock: LockHandle
    var isClosed = false

    init(pool: DatabasePool, session: Session, lock: LockHandle) {
        self.pool = pool
        self.session = session
        self.lock = lock
    }

    /// One transaction: every job gets its failure or its result, and is done when COMMIT has returned.
    func run(_ batch: [WriteJob]) {
        do {
            try lock.hold {
                try pool.writeWithoutTransaction { _ in try transact(batch) }
            }
        } catch {
            // COMMIT or the lock failed: nothing of the batch happened.
            for job in batch where job.failure == nil { job.failure = error }
        }
        for job in batch { job.finish() }
    }

    private func transact(_ batch: [WriteJob]) throws {
        let database = session.database
        let isDryRun = batch.first?.isDryRun ?? false
        session.isDryRun = isDryRun
        session.leavesLog = false
        defer {
            do {
                try session.detachAll()
            } catch {
                // The next transaction would find the name taken; better a clear stop than a wrong file.
                preconditionFailure("a staging file cannot be detached: \(error)")
            }
        }
        try database.run("BEGIN IMMEDIATE")
        session.before = (CommittedState(pool), database.totalChanges)
        defer { session.before = nil }
        do {
            for job in batch {
                do {
                    if batch.count == 1 {
                        // The transaction is its savepoint: keeping each page as it was would be work for nothing.
                        try job.run(session)
                    } else {
                        try session.savepoint { try job.run(session) }
                    }
                } catch {
                    job.failure = error
                    // SQLite rolls everything back by itself on a full disk or an I/O error.
                    if !database.isInTransaction { throw error }
                }
            }
            try end(isUndone: isDryRun || batch.allSatisfy { $0.failure != nil })
        } catch {
            if database.isInTransaction { try database.run("ROLLBACK") }
            throw error
        }
    }
    private func end(isUndone: Bool) throws {
        // As many pages as SQLite sets by itself.
        if session.leavesLog { try session.script("PRAGMA wal_autocheckpoint=0") }
        defer { if session.leavesLog { try? session.script("PRAGMA wal_autocheckpoint=1000") } }
        try session.database.run(isUndone ? "ROLLBACK" : "COMMIT")
    }

    /// Copies what is committed from SQLite's log into the database, and empties the log where it is large. Where that fails,
    /// or another process writes, the log is longer than it need be until the next commit, and nothing else.
    /// - Parameters:
    ///   - alone: called when nobody else can write, until this returns.
    ///   - copied: called when the database has all of it; returns when nobody reads the log any more.
    func copyLog(alone: () -> Void, copied: () -> Void) {
        try? lock.hold(patienceSeconds: 1) {
            alone()
            try pool.writeWithoutTransaction { _ in
                guard !isClosed else { return }
                let isWhole = try session.first("PRAGMA wal_checkpoint(PASSIVE)") {
                    $0.int(0) == 0 && $0.int(1) == $0.int(2)
                }
                guard isWhole == true else { return }
                copied()
                if isLogLarge { try emptyLog() }
            }
        }
    }

    /// A larger log is emptied once it is copied, or when the writer closes. What was copied from it into the database is done
    /// with; but whoever opens the two first reads all of the log again, and copies it again when it writes.
    private static let logSizeKept = 16 << 20

    var isLogLarge: Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: pool.path + "-wal")
        return (attributes?[.size] as? Int ?? 0) > Self.logSizeKept
    }

    /// Where somebody reads it at the moment, it stays as it is.
    func emptyLog() throws {
        try session.script("PRAGMA busy_timeout=0")
        defer { try? session.script("PRAGMA busy_timeout=\(StoreFile.patienceSeconds * 1000)") }
        try session.script("PRAGMA wal_checkpoint(TRUNCATE)")
    }
}
