// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Where things are: the package's root, the fixtures, and the shared test material beside the checkout.
package enum Repository {
    /// The folder of `Package.swift`, with symbolic links resolved.
    package static let root: URL = {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
        while folder.path.count > 1 {
            folder = folder.deletingLastPathComponent()
            if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) { break }
        }
        return folder
    }()

    package static func url(_ path: String) -> URL { root.appending(path: path) }

    package static func fixture(_ path: String) -> URL { url("Tests/Fixtures/" + path) }

    package static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url(path))) }

    package static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: url(path)), as: UTF8.self)
    }

    /// A folder or file of the shared test material, or nil after printing why the test is skipped.
    ///
    /// It lies in `shared/` beside the checkout, or where `TIEOUT_SHARED` says.
    package static func shared(_ path: String, skipping test: String = #function) -> URL? {
        let base =
            ProcessInfo.processInfo.environment["TIEOUT_SHARED"].map { URL(filePath: $0) }
            ?? root.deletingLastPathComponent().appending(path: "shared")
        let url = base.appending(path: path)
        guard FileManager.default.fileExists(atPath: url.path) else {
            print("skipped: \(test): shared/\(path) is not beside this checkout")
            return nil
        }
        return url
    }

    /// Every file under a folder whose name ends so, as paths relative to it, sorted by their bytes.
    package static func files(under folder: URL, ending suffix: String = "") -> [String] {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        return paths.filter { path in
            var isFolder: Bool = false
            guard path.hasSuffix(suffix) else { return false }
            return FileManager.default.fileExists(
                atPath: folder.appending(path: path).path, isDirectory: &isFolder) && !isFolder
        }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
