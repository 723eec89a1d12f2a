// SPDX-License-Identifier: Apache-2.0

private import FoundationEssentials

/// Compares a result with the file that holds what it must be; `RECORD=1` writes the file instead.
package enum Golden {
    /// Nil when equal, else what differs: `#expect(Golden.difference(text, "ubl/plain.txt") == nil)`.
    /// - Parameter path: under `Tests/Fixtures`.
    package static func difference(_ actual: String, _ path: String) throws -> String? {
        let file = Repository.fixture(path)
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(actual.utf8).write(to: file)
            return nil
        }
        guard let data = try? Data(contentsOf: file) else {
            return "Tests/Fixtures/\(path) is not there; run once with RECORD=1, then read what it wrote"
        }
        return difference(actual, expected: String(decoding: data, as: UTF8.self), name: path)
    }

    /// Nil when equal, else the first line that differs with three lines of context on both sides.
    package static func difference(_ actual: String, expected: String, name: String) -> String? {
        guard actual != expected else { return nil }
        let left = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let right = actual.split(separator: "\n", omittingEmptySubsequences: false)
        var index = 0
        while index < min(left.count, right.count), left[index] == right[index] { index += 1 }
        func excerpt(_ lines: [Substring], _ mark: String) -> String {
            lines[min(max(0, index - 3), lines.count)..<min(lines.count, index + 4)]
                .map { "\(mark) \($0)" }.joined(separator: "\n")
        }
        return """
            \(name) differs from line \(index + 1) on (RECORD=1 writes it anew):
            \(excerpt(left, "expected"))
            \(excerpt(right, "actual  "))
            """
    }
}
