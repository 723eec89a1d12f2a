// SPDX-License-Identifier: Apache-2.0
import Formats
import FoundationEssentials
package import Trees

/// Small files and lines that are read as trees outside an import.
package enum StoryFile {
    package static func tree(_ path: String) throws -> Node {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure("FILE-MISSING", "There is no file \(path).", hint: "Check the installation's share folder.")
        }
        let (node, faults) = YAMLReader.read(String(decoding: data, as: UTF8.self))
        guard let node, faults.isEmpty else { throw Workplace.refused(path, faults) }
        return node
    }

    package static func json(_ line: String) -> Node? { JSONReader.read(Array(line.utf8)).node }
}

extension Environment {
    package func fileExists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
