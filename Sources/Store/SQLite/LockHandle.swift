// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc
import Synchronization

/// The advisory lock beside the database: one writer at a time, in one process or across processes.
///
/// SQLite 3.7.0 to 3.51.2 can lose committed pages when two connections write and checkpoint at the same moment; with
/// one holder at a time that cannot happen. The kernel releases the lock when a process dies.
final class LockHandle: Sendable {
    private let descriptor: Int32
    private let path: String
    /// `flock` belongs to the open file, so threads of this process share it: they take turns here first.
    private let turn = Mutex<Void>(())

    init(path: String) throws {
        self.path = path
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw StoreFailure("STORE-LOCK", "cannot open \(path) (error \(errno)): is the folder there and writable?")
        }
    }

    deinit { close(descriptor) }

    /// Runs `body` while this process holds the lock.
    /// - Parameter patienceSeconds: how long to wait for another process before `STORE-BUSY`.
    func hold<T>(patienceSeconds: Int = 120, _ body: () throws -> T) throws -> T {
        try turn.withLock { _ in
            var waited = 0
            while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
                let error = errno
                guard error == EWOULDBLOCK || error == EINTR else {
                    throw StoreFailure("STORE-LOCK", "cannot lock \(path) (error \(error))")
                }
                guard waited < patienceSeconds * 1000 else {
                    throw StoreFailure(
                        "STORE-BUSY", "another process has been writing for \(patienceSeconds) s; try again")
                }
                usleep(waited < 20 ? 1000 : 5000)
                waited += waited < 20 ? 1 : 5
            }
            defer { flock(descriptor, LOCK_UN) }
            return try body()
        }
    }
}
