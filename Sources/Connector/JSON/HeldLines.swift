// SPDX-License-Identifier: Apache-2.0
import Documents
import Foundation
import Trees

/// JSON lines of one file that wait until the file is known not to be refused: first in memory, then on disk.
struct HeldLines {
    private var writer = JSONWriter()
    private var spool: FileHandle?

    /// Bytes held in memory.
    private static let memoryMax = 1 << 20

    mutating func append(_ document: Document, file: String) throws {
        DocumentJSON.writeLine(document, file: file, to: &writer)
        guard writer.bytes.count > Self.memoryMax else { return }
        let spool = try spool ?? Self.makeSpool()
        self.spool = spool
        try spool.write(contentsOf: writer.bytes)
        writer.clear()
    }

    /// Passes all lines on, in pieces that may end anywhere, and forgets them.
    mutating func pass(to print: ([UInt8]) throws -> Void) throws {
        if let spool {
            try spool.seek(toOffset: 0)
            while let piece = try spool.read(upToCount: Self.memoryMax), !piece.isEmpty { try print([UInt8](piece)) }
        }
        if !writer.bytes.isEmpty { try print(writer.bytes) }
        forget()
    }

    mutating func forget() {
        spool = nil
        writer.clear()
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
