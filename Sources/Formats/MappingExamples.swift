// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Mappings
import Trees

/// Runs the `tests:` of a mapping: each sample must give exactly the documents its expected file lists.
package enum MappingExamples {
    package struct Result: Hashable, Sendable {
        package var input: String
        /// One JSON object a line: documents, then faults.
        package var actual: String
        package var expected: String?
        package var passed: Bool { actual == expected }

        /// The first line that differs, from both sides; nil when it passed.
        package var difference: String? {
            guard !passed else { return nil }
            guard let expected else { return "there is no expected file; `tieout mapping test --record` writes it" }
            let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
            let given = actual.split(separator: "\n", omittingEmptySubsequences: false)
            let index = zip(wanted, given).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            let at = index ?? min(wanted.count, given.count)
            func line(_ lines: [Substring]) -> Substring { at < lines.count ? lines[at] : "(nothing)" }
            return "line \(at + 1)\n  must be \(line(wanted))\n  is      \(line(given))"
        }
    }

    /// Runs the examples of a mapping in a file; paths are looked for beside it, then beside its folder.
    /// - Parameter record: writes the expected files anew.
    /// - Throws: `ReadFailure` when a sample cannot be read or an expected file cannot be written.
    package static func run(_ mapping: Mapping, beside path: String, asOf: Day, record: Bool = false) throws -> [Result]
    {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let near = folder.isEmpty ? path.hasPrefix("/") ? "/" : "." : folder
        let place = [near, near + "/.."].first { place in
            mapping.examples.allSatisfy { (try? FileBytes.head(path: place + "/" + $0.input, count: 1)) != nil }
        }
        let results = try run(mapping, folder: place ?? near, asOf: asOf)
        guard record else { return results }
        for (example, result) in zip(mapping.examples, results) where !result.passed {
            try FileBytes.write(Array(result.actual.utf8), to: (place ?? near) + "/" + example.output)
        }
        return try run(mapping, folder: place ?? near, asOf: asOf)
    }

    /// - Parameter folder: What the paths in `tests:` are relative to.
    /// - Throws: `ReadFailure` when a sample cannot be read; an expected file that is absent fails its test.
    package static func run(_ mapping: Mapping, folder: String, asOf: Day) throws -> [Result] {
        try mapping.examples.map { example in
            var context = ReadingContext(asOf: asOf)
            context.mapping = mapping
            let actual = try transcript(SourceFile(path: folder + "/" + example.input), context)
            let expected = try? FileBytes.head(path: folder + "/" + example.output, count: 1 << 24)
            return Result(
                input: example.input, actual: actual, expected: expected.map { String(decoding: $0, as: UTF8.self) })
        }
    }

    /// What a file comes to, one line each: documents with their place, then faults.
    package static func transcript(_ file: SourceFile, _ context: ReadingContext) throws -> String {
        var lines = JSONWriter()
        let reading = try Catalogue.read(file, context) { $0.writeLine(to: &lines) }
        if reading.refused { lines.clear() }
        for fault in reading.faults {
            lines.write(fault.node)
            lines.mark(0x0A)
        }
        return String(decoding: lines.bytes, as: UTF8.self)
    }
}
