// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A file that is written in pieces, and stands under its name only when it is whole.
final class PartialFile: Sendable {
    private let path: String
    private let file: FileHandle

    private var partial: String { path + ".part" }

    init(_ path: String) throws {
        self.path = path
        guard FileManager.default.createFile(atPath: path + ".part", contents: nil),
            let file = FileHandle(forWritingAtPath: path + ".part")
        else { throw Self.failure(path) }
        self.file = file
    }

    func add(_ text: [UInt8]) throws {
        do { try file.write(contentsOf: Data(text)) } catch { throw Self.failure(path) }
    }

    func finish() throws {
        try? file.close()
        try? FileManager.default.removeItem(atPath: path)
        do { try FileManager.default.moveItem(atPath: partial, toPath: path) } catch { throw Self.failure(path) }
    }

    /// What was begun goes; nothing stands under the name.
    func discard() { try? FileManager.default.removeItem(atPath: partial) }

    private static func failure(_ path: String) -> Failure {
        Failure("FILE-WRITE", "\(path) cannot be written.", hint: "Check the folder and its rights.")
    }
}
