// SPDX-License-Identifier: Apache-2.0
import Formats
import Foundation
import Synchronization

/// The files behind the paths of a command line: folders opened in order of names, standard input spooled.
struct InputFiles: Sendable {
    struct Input: Hashable, Sendable {
        /// As the user gave it, for results.
        let shown: String
        /// Where the bytes lie.
        let path: String
        let name: String
    }

    static func expand(_ paths: [String]) throws -> [Input] {
        var inputs: [Input] = []
        for path in paths {
            if path == "-" {
                inputs.append(Input(shown: "-", path: try spool(), name: "stdin"))
                continue
            }
            var isFolder = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw Failure(
                    "FILE-MISSING", "There is no file \(path).", hint: "Check the path; nothing was imported.")
            }
            if isFolder {
                inputs += try folder(path)
            } else {
                inputs.append(Input(shown: path, path: path, name: lastName(path)))
            }
        }
        return inputs
    }

    /// All files below a folder, by their path; hidden ones are left out.
    private static func folder(_ path: String) throws -> [Input] {
        var found: [Input] = []
        for entry in try FolderEntry.all(in: path).sorted(by: { $0.name < $1.name }) where !entry.name.hasPrefix(".") {
            let child = path.hasSuffix("/") ? path + entry.name : path + "/" + entry.name
            var isFolder = entry.kind == .folder
            if entry.kind == .other { _ = FileManager.default.fileExists(atPath: child, isDirectory: &isFolder) }
            if isFolder {
                found += try folder(child)
            } else {
                found.append(Input(shown: child, path: child, name: entry.name))
            }
        }
        return found
    }

    static func lastName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Copies standard input to disk in pieces, so that its size does not matter. The copy is nobody else's to read, and
    /// goes with the process.
    private static func spool() throws -> String {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tieout-\(ProcessInfo.processInfo.processIdentifier).spool")
        let isOwners = [FileAttributeKey.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: url.path, contents: nil, attributes: isOwners) else {
            throw Failure("SPOOL", "Standard input cannot be kept at \(url.path).", hint: "Check the temporary folder.")
        }
        _ = removesAtExit
        spooled.withLock { $0.append(url.path) }
        let output = try FileHandle(forWritingTo: url)
        defer { try? output.close() }
        while let piece = try FileHandle.standardInput.read(upToCount: 1 << 16), !piece.isEmpty {
            try output.write(contentsOf: piece)
        }
        return url.path
    }

    private static let spooled = Mutex<[String]>([])
    private static let removesAtExit: Int32 = atexit {
        for path in InputFiles.spooled.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
    }
}

/// `*` and `?` on file names.
package enum Glob {
    package static func matches(_ name: String, _ pattern: String) -> Bool {
        matches(Array(name.utf8)[...], Array(pattern.utf8)[...])
    }

    private static func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        let rest = pattern.dropFirst()
        if first == 0x2A {
            return (name.startIndex...name.endIndex).contains { matches(name[$0...], rest) }
        }
        guard let letter = name.first, first == 0x3F || first == letter else { return false }
        return matches(name.dropFirst(), rest)
    }
}
