// SPDX-License-Identifier: Apache-2.0
import Crypto
import FoundationEssentials

/// The imported bytes, kept by their digest: `<db>.d/sha256/ab/cdef…`, gzip.
package struct Archive: Sendable {
    let folder: String

    /// Writes and syncs the bytes unless they are there. Call it before the transaction that names them commits.
    package func keep(fileAt path: String, sha256: String) throws {
        let source = try DescriptorHandle(path, .read)
        try keep(sha256) { try source.read(atMost: 1 << 20) }
    }

    package func keep(_ bytes: [UInt8], sha256: String) throws {
        var pending: [UInt8]? = bytes
        try keep(sha256) {
            defer { pending = nil }
            return pending ?? []
        }
    }

    /// The bytes again, checked against their digest; nil when they are not kept (or were erased).
    package func bytes(sha256: String) throws -> [UInt8]? {
        let path = place(of: sha256)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let file = try DescriptorHandle(path, .read)
        let gzip = try GzipHandle(.inflate)
        var bytes: [UInt8] = []
        while !gzip.isFinished {
            let piece = try file.read(atMost: 1 << 18)
            guard !piece.isEmpty else { break }
            try gzip.feed(piece, last: false) { bytes.append(contentsOf: $0) }
        }
        guard SHA256.hash(data: bytes).hex == sha256 else {
            throw StoreFailure("ORIGINAL-DAMAGED", "the kept original \(sha256) does not have its digest any more")
        }
        return bytes
    }

    package func remove(sha256: String) throws {
        let path = place(of: sha256)
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }

    func place(of sha256: String) -> String { "\(folder)/sha256/\(sha256.prefix(2))/\(sha256.dropFirst(2))" }

    private func keep(_ sha256: String, _ next: () throws -> [UInt8]) throws {
        guard sha256.utf8.count == 64, sha256.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x61 && $0 <= 0x66 })
        else { throw StoreFailure("ORIGINAL-DIGEST", "“\(sha256)” is no SHA-256 in lower-case hexadecimal") }
        let path = place(of: sha256)
        let files = FileManager.default
        guard !files.fileExists(atPath: path) else { return }
        let parent = "\(folder)/sha256/\(sha256.prefix(2))"
        try files.createDirectory(atPath: parent, withIntermediateDirectories: true)
        // Unique per process and digest; a crash leaves at most a file that the next try overwrites.
        let temporary = "\(path).part-\(ProcessInfo.processInfo.processIdentifier)"
        try compress(to: temporary, next)
        // Where somebody else kept the same bytes meanwhile, the same name means the same content.
        guard DescriptorHandle.replace(path, with: temporary) else {
            throw StoreFailure("FILE-RENAME", "cannot move \(temporary) into place")
        }
        for folder in [parent, "\(folder)/sha256", folder] { try DescriptorHandle(folder, .folder).sync() }
    }

    private func compress(to path: String, _ next: () throws -> [UInt8]) throws {
        let file = try DescriptorHandle(path, .create)
        let gzip = try GzipHandle(.deflate)
        while true {
            let piece = try next()
            try gzip.feed(piece, last: piece.isEmpty) { try file.write($0) }
            if piece.isEmpty { break }
        }
        try file.sync()
    }
}

extension Digest {
    /// Lower-case hexadecimal.
    var hex: String {
        var letters: [UInt8] = []
        for byte in self {
            for nibble in [byte >> 4, byte & 15] { letters.append(nibble < 10 ? 0x30 + nibble : 0x57 + nibble) }
        }
        return String(decoding: letters, as: UTF8.self)
    }
}
