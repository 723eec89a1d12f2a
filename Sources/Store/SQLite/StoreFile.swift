// SPDX-License-Identifier: Apache-2.0
import Dispatch
import FoundationEssentials
import GRDB
import Synchronization

/// The database file, its lock (`<db>.lock`) and the originals beside it (`<db>.d/`).
package final class StoreFile: Sendable {
    package enum Mode: Sendable { case readWrite, readOnly }

    package let path: String
    package let mode: Mode
    private let pool: any DatabaseReader & Sendable
    private let writer: WriterConnection?
    private let archive: Archive?
    private let queue = Mutex(WriteQueue())

    /// Opens or creates the database, and brings its schema up to date under the writer's lock.
    ///
    /// Fails with `STORE-NEWER` for a schema that a later version wrote, `STORE-OLDER` for an older one in read-only
    /// mode, `STORE-MISSING` where there is nothing to read.
    /// - Parameter keepOriginals: keep imported bytes, content-addressed, beside the database.
    package convenience init(path: String, mode: Mode = .readWrite, keepOriginals: Bool = true) throws {
        do {
            try self.init(opening: path, mode: mode, keepOriginals: keepOriginals)
        } catch let error as DatabaseError {
            throw StoreFailure(
                "STORE-OPEN",
                "\(path) cannot be opened as a database (\(error.message ?? "SQLite error \(error.resultCode.rawValue)")); "
                    + "name another file with --db")
        }
    }

    /// `STORE-MISSING` where there is no such file.
    package static func requireThere(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreFailure("STORE-MISSING", "\(path) is not there; import something first, or name it with --db")
        }
    }

    private init(opening path: String, mode: Mode, keepOriginals: Bool) throws {
        precondition(SQLiteHandle.isPrepared)
        self.path = path
        self.mode = mode
        archive = keepOriginals ? Archive(folder: path + ".d") : nil
        var configuration = Configuration()
        configuration.busyMode = .timeout(TimeInterval(Self.patienceSeconds))
        configuration.foreignKeysEnabled = true
        configuration.readonly = mode == .readOnly
        configuration.label = "tieout"
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            let handle = try SQLiteHandle(database, path: path)
            try handle.setDefensive()
            try handle.keepScratch()
            // Only a new file takes it: a million rows load a fifth faster than with pages of 4 KB.
            try handle.run("PRAGMA page_size=8192")
        }
        switch mode {
        case .readOnly:
            try Self.requireThere(path)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            pool = queue
            writer = nil
            try queue.read { try Self.checkReadable($0, path: path) }
        case .readWrite:
            let lock = try LockHandle(path: path + ".lock")
            let archive = archive
            let configured = configuration
            (pool, writer) = try lock.hold {
                let pool = try DatabasePool(path: path, configuration: configured)
                let writer = try pool.writeWithoutTransaction { database in
                    let session = Session(try SQLiteHandle(database, path: path), archive: archive)
                    try Self.prepareWriter(session)
                    try Migrations.run(session)
                    return WriterConnection(pool: pool, session: session, lock: lock)
                }
                return (pool, writer)
            }
        }
    }

    // What cannot be closed here is closed by the kernel; nobody is left to hear of it.
    deinit { try? close() }

    /// Closes every connection under the lock. Safe to call twice.
    package func close() throws {
        if let writer {
            try writer.lock.hold {
                writer.pool.writeWithoutTransaction { _ in
                    guard !writer.isClosed else { return }
                    writer.isClosed = true
                    // Where this fails, the log is longer than it need be, and nothing else.
                    if writer.isLogLarge { try? writer.emptyLog() }
                    writer.session.close()
                }
                try writer.pool.close()
            }
        } else {
            try pool.close()
        }
    }

    /// Runs `body` in one write transaction and returns when it is committed and durable.
    ///
    /// The contract is that of a group commit: bodies of several threads that arrive together (up to 100, or as many
    /// as start within 2 ms) share one transaction, each in a savepoint of its own, and every result appears only
    /// after COMMIT. So a body has no effect outside its `Session`; it may run on another thread; and it must not
    /// call `write` itself. A body that throws undoes its own part only.
    /// - Parameter dryRun: the same code, rolled back at the end; runs alone.
    package func write<T>(dryRun: Bool = false, _ body: (Session) throws -> T) throws -> T {
        guard let writer else {
            throw StoreFailure("STORE-READONLY", "\(path) was opened for reading only")
        }
        return try withoutActuallyEscaping(body) { body in
            var result: T?
            let job = WriteJob(isDryRun: dryRun) { result = try body($0) }
            if queue.withLock({ $0.enqueue(job) }) == .follow { job.turn.wait() }
            if !job.isDone { lead(writer, until: job) }
            if let failure = job.failure { throw failure }
            guard let result else { preconditionFailure("a write that did not fail has a result") }
            return result
        }
    }

    /// Runs `body` on one unchanging state of the database, beside a writer.
    package func read<T>(_ body: (Session) throws -> T) throws -> T {
        try pool.read { database in
            let session = Session(try SQLiteHandle(database, path: path), archive: archive)
            defer { session.close() }
            return try body(session)
        }
    }

    /// Reads what a transaction committed that left it in SQLite's log (`Session.leavesLog`), while another thread copies
    /// it from there into the database and empties the log: of a large run that takes about as long.
    package func readCommitted<T>(_ body: (Session) throws -> T) throws -> T {
        guard let writer else { return try read(body) }
        let copy = LogCopy(writer)
        defer { copy.wait() }
        return try pool.unsafeRead { database in
            let session = Session(try SQLiteHandle(database, path: path), archive: archive)
            defer { session.close() }
            return try copy.reading(session) { try body(session) }
        }
    }

    /// Takes jobs from the queue until the own one is done, then hands the lead to whoever waits next.
    private func lead(_ writer: WriterConnection, until own: WriteJob) {
        while !own.isDone {
            let batch = queue.withLock { $0.takeBatch() }
            writer.run(batch)
            for job in batch where job !== own { job.turn.signal() }
        }
        queue.withLock { $0.next() }?.turn.signal()
    }

    /// How long a connection waits for another one.
    static let patienceSeconds = 5

    /// Of the writer, in KB with a minus before it, as SQLite takes it.
    static let cacheSize = -32_768

    private static func prepareWriter(_ session: Session) throws {
        // GRDB sets NORMAL while it opens; only FULL survives a power cut (docs/DECISIONS.md).
        try session.script(
            """
            PRAGMA synchronous=FULL; PRAGMA cache_size=\(cacheSize); PRAGMA temp_store=FILE;
            PRAGMA journal_size_limit=67108864
            """)
        guard try session.synchronous() == 2 else {
            throw StoreFailure("STORE-SYNC", "SQLite did not accept synchronous=FULL")
        }
    }

    private static func checkReadable(_ database: Database, path: String) throws {
        let session = Session(try SQLiteHandle(database, path: path), archive: nil)
        defer { session.close() }
        let version = try Migrations.version(session)
        guard version <= Migrations.current else { throw Migrations.newer(version) }
        guard version == Migrations.current else {
            throw StoreFailure(
                "STORE-OLDER",
                "\(path) has schema \(version), this program reads \(Migrations.current); write to it once to update it"
            )
        }
    }
}

extension Session {
    /// 2 is FULL.
    package func synchronous() throws -> Int64 {
        try first("PRAGMA synchronous") { $0.int(0) } ?? -1
    }
}

extension StoreFile {
    /// Keeps a file's bytes beside the database, durable when this returns; does nothing where originals are not kept.
    ///
    /// Call it before the transaction that names the digest. Bytes without a row do no harm and are found again.
    package func keepOriginal(fileAt path: String, sha256: String) throws {
        try archive?.keep(fileAt: path, sha256: sha256)
    }

    package func keepOriginal(_ bytes: [UInt8], sha256: String) throws {
        try archive?.keep(bytes, sha256: sha256)
    }

    /// The kept bytes, checked against the digest; nil when there are none.
    package func original(sha256: String) throws -> [UInt8]? {
        try Archive(folder: path + ".d").bytes(sha256: sha256)
    }
}
