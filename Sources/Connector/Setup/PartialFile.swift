// SPDX-License-Identifier: Apache-2.0
import Foundation
import Store

/// A file that is written in pieces, and stands under its name only when it is whole.
final class PartialFile: Sendable {
    private let path: String
    private let file: FileHandle

    private var partial: String { path + ".part" }

    /// - Throws: `FILE-WRITE`, also where something else than a file has the name: it would be lost.
    init(_ path: String) throws {
        self.path = path
        let kind = Self.kind(path)
        if path.hasSuffix("/") || kind == .typeDirectory {
            throw Failure("FILE-WRITE", "\(path) is a folder.", hint: "Name the file that is to be written in it.")
        }
        guard kind == nil || kind == .typeRegular else {
            throw Failure("FILE-WRITE", "\(path) is not a file.", hint: "Name a file; it is replaced when it is there.")
        }
        guard FileManager.default.createFile(atPath: path + ".part", contents: nil),
            let file = FileHandle(forWritingAtPath: path + ".part")
        else { throw Self.failure(path) }
        self.file = file
    }

    func add(_ text: [UInt8]) throws {
        do { try file.write(contentsOf: text) } catch { throw Self.failure(path) }
    }

    func finish() throws {
        try? file.close()
        // One step: under the name stands what was there, or the whole new file.
        guard DescriptorHandle.replace(path, with: partial) else { throw Self.failure(path) }
    }

    /// What was begun goes; nothing stands under the name.
    func discard() { try? FileManager.default.removeItem(atPath: partial) }

    /// Nil where nothing has the name.
    private static func kind(_ path: String) -> FileAttributeType? {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return try? FileManager.default.attributesOfItem(atPath: target)[.type] as? FileAttributeType
    }

    private static func failure(_ path: String) -> Failure {
        Failure("FILE-WRITE", "\(path) cannot be written.", hint: "Check the folder and its rights.")
    }
}
