// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc

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
                throw Failure("FILE-MISSING", "There is no file \(path).", hint: "Check the path; nothing was imported.")
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
        var found: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted() where !name.hasPrefix(".") {
            let child = path.hasSuffix("/") ? path + name : path + "/" + name
            var isFolder = false
            _ = FileManager.default.fileExists(atPath: child, isDirectory: &isFolder)
            found += isFolder ? try folder(child).map(\.path) : [child]
        }
        return found.map { Input(shown: $0, path: $0, name: lastName($0)) }
    }

    static func lastName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    private static func spool() throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/tieout-stdin-\(getpid()).spool"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        guard let output = OutputFile(path: path) else {
            throw Failure("SPOOL", "Standard input cannot be kept at \(path).", hint: "Check the temporary folder.")
        }
        try output.copyStandardInput()
        return path
    }
}

/// Standard input, copied to disk in pieces so that its size does not matter.
private struct OutputFile: ~Copyable {
    private let descriptor: Int32

    init?(path: String) {
        descriptor = unsafe open(path, O_WRONLY | O_TRUNC | O_CREAT, 0o600)
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    func copyStandardInput() throws {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(0, &buffer, buffer.count)
            guard count > 0 else { break }
            guard unsafe write(descriptor, buffer, count) == count else {
                throw Failure("SPOOL", "Standard input cannot be kept on disk.", hint: "Free some space and try again.")
            }
        }
    }
}
