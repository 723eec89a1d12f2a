// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import FoundationEssentials
package import Mappings

/// The mappings that ship in `mappings/`, and those a user brings.
package struct MappingLibrary: Sendable {
    /// In order of names.
    package let mappings: [Mapping]

    /// Mappings that do not compile are left out; `tieout mapping check` says what is wrong with them.
    package init(share: String) throws { mappings = try MappingFolder.load(folder: share + "/mappings").mappings }

    /// A mapping by name, or a file by path.
    package func find(_ nameOrPath: String) throws -> Mapping {
        if let found = mappings.first(where: { $0.name == nameOrPath }) { return found }
        guard FileManager.default.fileExists(atPath: nameOrPath) else {
            throw Failure(
                "MAPPING-MISSING", "There is no mapping “\(nameOrPath)”.",
                hint: "Give a path, or one of: \(mappings.map(\.name).joined(separator: ", ")).")
        }
        let (mapping, faults) = try MappingFolder.load(path: nameOrPath)
        guard let mapping else { throw Workplace.refused(nameOrPath, faults) }
        return mapping
    }
}
