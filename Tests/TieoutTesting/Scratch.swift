// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// A folder of a test's own, removed with the value that holds it.
package final class ScratchFolder: Sendable {
    package let url: URL

    package init(_ name: String = "tieout") throws {
        var generator = SystemRandomNumberGenerator()
        let unique = String(generator.next(), radix: 36)
        url = FileManager.default.temporaryDirectory.appending(path: "\(name)-\(unique)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    package func path(_ name: String) -> String { url.appending(path: name).path }

    /// Writes a file and returns its path.
    package func write(_ text: String, to name: String) throws -> String {
        try write([UInt8](text.utf8), to: name)
    }

    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file.path
    }
}

/// How hard a test should try: `make long` raises every repeat count.
package enum Effort {
    package static let isLong = ProcessInfo.processInfo.environment["TIEOUT_LONG"] == "1"

    package static func repeats(_ usual: Int, long: Int) -> Int { isLong ? long : usual }
}
