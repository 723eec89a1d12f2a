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
        var lines: [String] = []
        let reading = try Catalogue.read(file, context) { document in
            lines.append(
                Node.compact(
                    [("at", .text(document.provenance.at.text))] + [("type", .text(document.entity))]
                        + document.fields
                ).json)
        }
        if reading.refused { lines = [] }
        lines += reading.faults.map { $0.node.json }
        return lines.map { $0 + "\n" }.joined()
    }
}
