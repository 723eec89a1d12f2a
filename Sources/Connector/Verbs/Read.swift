// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
package import Trees

extension Workplace {
    /// Prints what files say, one document at a time; nothing is stored.
    ///
    /// A file is staged in memory only as JSON lines until it is known not to be refused.
    /// - Returns: whether any file was refused.
    package func read(
        _ paths: [String], mapping: String?, kind: String?, _ print: (Node) -> Void
    ) throws -> Bool {
        let library = try MappingLibrary(share: environment.share)
        let context = try readingContext(library, mapping: mapping, kind: kind)
        var anyRefused = false
        for input in try InputFiles.expand(paths) {
            let file = try SourceFile(path: input.path, name: input.name)
            var lines: [Node] = []
            let reading = try Catalogue.read(file, context) { document in
                lines.append(DocumentJSON.read(document, file: input.shown))
            }
            if reading.refused {
                anyRefused = true
                print(
                    .object([
                        ("file", .text(input.shown)), ("type", .text("refused")),
                        ("faults", .list(reading.faults.map(DocumentJSON.fault))),
                    ]))
                continue
            }
            lines.forEach(print)
            let rows = reading.faults.filter { $0.severity == .row }
            anyRefused = anyRefused || !rows.isEmpty
            if !reading.faults.isEmpty {
                print(
                    .object([
                        ("file", .text(input.shown)), ("type", .text("faults")),
                        ("faults", .list(reading.faults.map(DocumentJSON.fault))),
                    ]))
            }
        }
        return anyRefused
    }

    func readingContext(_ library: MappingLibrary, mapping: String?, kind: String?) throws -> ReadingContext {
        var context = ReadingContext(asOf: today)
        context.defaultCurrency = company.homeCurrency
        context.kindHint = kind
        context.mapping = try mapping.map { try library.find($0) }
        context.mappings = library.mappings
        context.config = books.mappingValues
        context.zoneOffset = { ZonedTime.offset(zone: $0, milliseconds: $1) }
        return context
    }
}
