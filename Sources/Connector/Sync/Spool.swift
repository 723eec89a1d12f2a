// SPDX-License-Identifier: Apache-2.0
import Crypto
import Foundation
import Store

/// What a system answered, page by page, in a file: the original that a pull's documents come from.
///
/// A line of JSON that says what was pulled and when, then for each page a line with its length and its bytes. The
/// first line makes every pull's digest its own: the same answers on another day are another statement.
final class Spool {
    let path: String
    private let file: FileHandle
    private var digest = SHA256()
    private(set) var size: Int64 = 0

    private static let prefix = ".pull-"

    init(folder: String, header: String) throws {
        Staging.removeOrphans(in: folder, prefix: Self.prefix)
        var generator = SystemRandomNumberGenerator()
        let process = ProcessInfo.processInfo.processIdentifier
        path = "\(folder)/\(Self.prefix)\(process)-\(String(generator.next(), radix: 36))"
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: path)
        else {
            throw Failure(
                "FILE-WRITE", "A file beside the database cannot be written.", hint: "Check the folder \(folder).")
        }
        self.file = file
        try write(Array((header + "\n").utf8))
    }

    deinit {
        // Nothing is lost with it: what mattered was kept by its digest.
        try? file.close()
        try? FileManager.default.removeItem(atPath: path)
    }

    func add(page number: Int, _ body: [UInt8]) throws {
        try write(Array("page \(number), \(body.count) bytes\n".utf8))
        try write(body + [0x0A])
    }

    /// SHA-256 of everything written.
    func finish() throws -> String {
        try file.synchronize()
        return digest.finalize().map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0" + text : text
        }.joined()
    }

    private func write(_ bytes: [UInt8]) throws {
        let data = Data(bytes)
        try file.write(contentsOf: data)
        digest.update(data: data)
        size += Int64(bytes.count)
    }
}
