// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Store
import Synchronization

/// Makes text of the register's pieces, each while the next one is read.
final class RegisterPieces: Sendable {
    private let write: @Sendable (RegisterPiece, inout [UInt8]) throws -> Void
    private let queue = DispatchQueue(label: "tieout.register")
    private let room = DispatchSemaphore(value: 4)
    /// The queue's own, used again for each piece.
    private let text = Mutex(Array(AllocationRegister.header.utf8))
    private let failure = Mutex<(any Error)?>(nil)

    /// - Parameter write: makes text of a piece behind what is there, and writes all of it.
    init(_ write: @escaping @Sendable (RegisterPiece, inout [UInt8]) throws -> Void) { self.write = write }

    func add(_ piece: RegisterPiece) throws {
        if let failure = failure.withLock({ $0 }) { throw failure }
        room.wait()
        queue.async { [self] in
            defer { room.signal() }
            guard failure.withLock({ $0 == nil }) else { return }
            do {
                try text.withLock { text in
                    try write(piece, &text)
                    text.removeAll(keepingCapacity: true)
                }
            } catch {
                failure.withLock { $0 = error }
            }
        }
    }

    /// Everything is written.
    func finish() throws {
        queue.sync {}
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}
