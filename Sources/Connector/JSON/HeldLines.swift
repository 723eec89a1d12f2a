// SPDX-License-Identifier: Apache-2.0
import Documents
import Foundation
import Synchronization
import Trees

/// JSON lines of one file that wait until the file is known not to be refused: first in memory, then on disk.
///
/// They are written on a thread of their own, so that the reader of the file need not wait for them.
final class HeldLines: Sendable {
    private struct State {
        var writer = JSONWriter()
        var spool: FileHandle?
    }

    private let file: String
    private let state = Mutex(State())
    /// Beside the state, which is locked as long as a batch is written.
    private let failure = Mutex<(any Error)?>(nil)
    private let pending = Mutex<[Document]>([])
    private let queue = DispatchQueue(label: "tieout.lines")
    private let room = DispatchSemaphore(value: batchesMax)

    /// Bytes held in memory.
    private static let memoryMax = 1 << 18
    /// Documents passed to the other thread at once, and how often before the reader waits.
    private static let batchMax = 128
    private static let batchesMax = 4

    /// - Parameter file: What the lines call it.
    init(file: String) { self.file = file }

    /// - Throws: What went wrong with earlier lines.
    func append(_ document: Document) throws {
        let batch = pending.withLock { pending -> [Document]? in
            pending.append(document)
            guard pending.count >= Self.batchMax else { return nil }
            defer { pending = [] }
            return pending
        }
        guard let batch else { return }
        write(batch)
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func write(_ batch: [Document]) {
        room.wait()
        queue.async { [self] in
            defer { room.signal() }
            state.withLock { state in
                guard failure.withLock({ $0 == nil }) else { return }
                do {
                    let documents = batch.span
                    for index in documents.indices { try Self.hold(documents[index], file, &state) }
                } catch {
                    failure.withLock { $0 = error }
                }
            }
        }
    }

    private static func hold(_ document: Document, _ file: String, _ state: inout State) throws {
        DocumentJSON.writeLine(document, file: file, to: &state.writer)
        guard state.writer.bytes.count > memoryMax else { return }
        let spool = try state.spool ?? makeSpool()
        state.spool = spool
        try spool.write(contentsOf: state.writer.bytes)
        state.writer.clear()
    }

    /// Passes all lines on, in pieces that may end anywhere.
    func pass(to print: ([UInt8]) throws -> Void) throws {
        write(pending.withLock { $0 })
        queue.sync {}
        try state.withLock { state in
            if let failure = failure.withLock({ $0 }) { throw failure }
            if let spool = state.spool {
                try spool.seek(toOffset: 0)
                while let piece = try spool.read(upToCount: Self.memoryMax), !piece.isEmpty {
                    try print([UInt8](piece))
                }
            }
            if !state.writer.bytes.isEmpty { try print(state.writer.bytes) }
        }
    }

    /// A file without a name: it is gone when the handle is.
    private static func makeSpool() throws -> FileHandle {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("tieout-\(UUID().uuidString).lines")
        guard FileManager.default.createFile(atPath: url.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else {
            throw Failure("SPOOL", "Results cannot be kept at \(url.path).", hint: "Check the temporary folder.")
        }
        defer { try? FileManager.default.removeItem(at: url) }
        return try FileHandle(forUpdating: url)
    }
}
