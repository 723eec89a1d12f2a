// SPDX-License-Identifier: Apache-2.0
import Dispatch
import GRDB
import Synchronization

/// What a write transaction found when it began, for other connections to read while it runs.
struct BesideReader {
    let pool: DatabasePool
    let path: String
    /// The writer's, when the transaction began.
    let changes: Int64
}

/// Something that is read on a thread of its own; a value of it is there once.
package final class Aside<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let group = DispatchGroup()

    fileprivate init(_ read: @escaping @Sendable () throws -> Value) {
        DispatchQueue.global().async(group: group) { [self] in
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
    /// Begins to read on another connection and another thread.
    /// - Returns: Nil where that would not see what this transaction changed already.
    package func beside<Value: Sendable>(_ body: @escaping @Sendable (Session) throws -> Value) -> Aside<Value>? {
        guard let reader, reader.changes == database.totalChanges else { return nil }
        let (pool, path) = (reader.pool, reader.path)
        return Aside {
            try pool.read { database in
                let session = Session(try SQLiteHandle(database, path: path), archive: nil)
                defer { session.close() }
                return try body(session)
            }
        }
    }
}
