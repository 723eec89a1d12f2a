// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization

/// SQLite's log on its way into the database, on a thread of its own, while somebody reads what was committed.
///
/// A log can be emptied when nobody reads it. A reading that began while it was full goes on in a second transaction, once
/// everything is in the database: on the same state, as the copying thread keeps others from writing until it has done so.
final class LogCopy: Sendable {
    private let group = DispatchGroup()
    /// Nobody else can write, or it cannot be had.
    private let begun = DispatchSemaphore(value: 0)
    /// Nobody reads the log here any more.
    private let left = DispatchSemaphore(value: 0)
    private struct Progress {
        var isAlone = false
        var isCopied = false
    }
    private let progress = Mutex(Progress())

    /// Whoever has the lock longer than that is waited for by the copying only.
    private static let patience = DispatchTimeInterval.seconds(StoreFile.patienceSeconds)

    init(_ writer: WriterConnection) {
        DispatchQueue.global().async(group: group) { [self] in
            writer.copyLog(
                alone: {
                    progress.withLock { $0.isAlone = true }
                    begun.signal()
                },
                copied: {
                    progress.withLock { $0.isCopied = true }
                    left.wait()
                })
            begun.signal()
        }
    }

    /// Whoever read is done, or never came to it.
    func wait() {
        left.signal()
        group.wait()
    }

    /// Runs `body` on one state; between its statements it may call `Session.moveOn`.
    func reading<T>(_ session: Session, _ body: () throws -> T) throws -> T {
        let database = session.database
        _ = begun.wait(timeout: .now() + Self.patience)
        var mayMove = progress.withLock { $0.isAlone }
        func begin() throws {
            try database.run("BEGIN")
            // Only what is read takes a state.
            _ = try session.first("SELECT 1 FROM sqlite_schema LIMIT 1") { $0.int(0) }
        }
        defer {
            session.movingOn = nil
            if database.isInTransaction { try? database.run("COMMIT") }
        }
        try begin()
        session.movingOn = { [self] in
            guard mayMove, progress.withLock({ $0.isCopied }) else { return }
            mayMove = false
            try database.run("COMMIT")
            try begin()
            left.signal()
        }
        return try body()
    }
}
