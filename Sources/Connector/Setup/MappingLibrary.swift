// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import FoundationEssentials
package import Mappings
import Synchronization

/// The mappings that ship in `mappings/`, and those a user brings. They are read when the first one is asked for.
package final class MappingLibrary: Sendable {
    private let folder: String
    private let loaded = Mutex<[Mapping]?>(nil)

    package init(share: String) throws {
        folder = share + "/mappings"
        guard FileManager.default.fileExists(atPath: folder) else {
            throw Failure(
                "FILE-OPEN", "There is no folder \(folder) with the mappings that come with Tieout.",
                hint: "Set TIEOUT_SHARE to the folder that has mappings/ and policies/ in it, or install Tieout again.")
        }
    }

    /// In order of names. Mappings that do not compile are left out; `tieout mapping check` says what is wrong with them.
    /// - Throws: `ReadFailure` when the folder or a file cannot be read.
    package func mappings() throws -> [Mapping] {
        try loaded.withLock { loaded in
            if let loaded { return loaded }
            let found = try MappingFolder.load(folder: folder).mappings
            loaded = found
            return found
        }
    }

    /// A mapping by name, or a file by path.
    package func find(_ nameOrPath: String) throws -> Mapping {
        let mappings = try mappings()
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
