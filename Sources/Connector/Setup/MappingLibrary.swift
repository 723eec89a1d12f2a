// SPDX-License-Identifier: Apache-2.0
package import Documents
import Formats
import FoundationEssentials
package import Mappings

/// The mappings that ship in `mappings/`, and those a user brings.
package struct MappingLibrary: Sendable {
    /// In order of names.
    package let mappings: [Mapping]

    package init(share: String) throws {
        let folder = share + "/mappings"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        mappings = try names.filter { $0.hasSuffix(".yaml") }.sorted().map { try Self.load(folder + "/" + $0) }
    }

    /// A mapping by name, or a file by path.
    package func find(_ nameOrPath: String) throws -> Mapping {
        if let found = mappings.first(where: { $0.name == nameOrPath }) { return found }
        guard FileManager.default.fileExists(atPath: nameOrPath) else {
            throw Failure(
                "MAPPING-MISSING", "There is no mapping “\(nameOrPath)”.",
                hint: "Give a path, or one of: \(mappings.map(\.name).joined(separator: ", ")).")
        }
        return try Self.load(nameOrPath)
    }

    package static func load(_ path: String) throws -> Mapping {
        let (mapping, faults) = try compile(path)
        guard let mapping, faults.allSatisfy({ $0.severity == .warning }) else {
            throw Workplace.refused(path, faults)
        }
        return mapping
    }

    /// Reads and compiles, all faults at once.
    package static func compile(_ path: String) throws -> (Mapping?, [Fault]) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure("MAPPING-MISSING", "The mapping \(path) cannot be read.", hint: "Check the path.")
        }
        let bytes = [UInt8](data)
        let text = String(decoding: bytes, as: UTF8.self)
        let (node, faults) = YAMLReader.read(text)
        guard let node, faults.isEmpty else { return (nil, faults) }
        var (mapping, problems) = Mapping.compile(node)
        mapping?.digest = SourceFile.digest(bytes)
        mapping?.text = text
        return (mapping, problems)
    }
}
