// SPDX-License-Identifier: Apache-2.0
import Dispatch
import GRDB
import Synchronization

/// What was committed before a write transaction began, for other connections to read until the transaction ends: nobody
/// else writes meanwhile. What the transaction writes, they do not see.
package final class CommittedState: Sendable {
    private let pool: DatabasePool
    /// Readings that follow each other.
    private let queue = DispatchQueue(label: "tieout.committed")

    init(_ pool: DatabasePool) { self.pool = pool }

    /// Begins to read on another connection and another thread.
    /// - Parameter isInTurn: when what was begun in turn before is done.
    package func read<Value: Sendable>(
        isInTurn: Bool = false, _ body: @escaping @Sendable (Session) throws -> Value
    ) -> Aside<Value> {
        let pool = pool
        return Aside(on: isInTurn ? queue : .global()) {
            try pool.read { database in
                let session = Session(try SQLiteHandle(database, path: pool.path), archive: nil)
                defer { session.close() }
                return try body(session)
            }
        }
    }
}

/// Something that is read on a thread of its own; a value of it is there once.
package final class Aside<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let group = DispatchGroup()

    fileprivate init(on queue: DispatchQueue, _ read: @escaping @Sendable () throws -> Value) {
        queue.async(group: group) { [self] in
            let read = Result { try read() }
            result.withLock { $0 = read }
        }
    }

    /// Waits for it and hands it over: a second call has nothing.
    package func take() throws -> Value? {
        group.wait()
        return try result.withLock { kept in
            defer { kept = nil }
            return try kept?.get()
        }
    }
}

extension Session {
    /// What was committed; nil where that is not what the caller finds, as this transaction changed something already.
    package var committed: CommittedState? {
        guard let before, before.changes == database.totalChanges else { return nil }
        return before.state
    }

    /// Begins to read on another connection and another thread.
    /// - Returns: Nil where that would not see what this transaction changed already.
    package func beside<Value: Sendable>(_ body: @escaping @Sendable (Session) throws -> Value) -> Aside<Value>? {
        committed?.read(body)
    }
}
