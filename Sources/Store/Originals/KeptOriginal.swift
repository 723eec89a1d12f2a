// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization

/// A file's bytes on their way into the archive, compressed on a thread of their own beside the merge.
package final class KeptOriginal: Sendable {
    private let done = DispatchSemaphore(value: 0)
    private let failure = Mutex<(any Error)?>(nil)

    init(_ keep: @escaping @Sendable () throws -> Void) {
        DispatchQueue(label: "tieout.original").async { [self] in
            do { try keep() } catch { failure.withLock { $0 = error } }
            done.signal()
        }
    }

    /// Returns when the bytes are durable; throws what went wrong. Call it once.
    package func wait() throws {
        done.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}

extension StoreFile {
    /// Starts to keep a file's bytes beside the database; does nothing where originals are not kept.
    ///
    /// Wait for it before the transaction that names the digest commits. Bytes without a row do no harm and are
    /// found again.
    package func keepingOriginal(fileAt path: String, sha256: String) -> KeptOriginal {
        KeptOriginal { try self.keepOriginal(fileAt: path, sha256: sha256) }
    }
}
