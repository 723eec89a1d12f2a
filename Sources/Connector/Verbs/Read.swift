// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats

extension Workplace {
    /// Prints what files say, one JSON object a line; nothing is stored.
    ///
    /// Lines come in pieces of bytes. Those of a file are held until it is known not to be refused.
    /// - Returns: whether any file was refused.
    package func read(
        _ paths: [String], mapping: String?, kind: String?, _ print: ([UInt8]) throws -> Void
    ) throws -> Bool {
        let library = try MappingLibrary(share: environment.share)
        let context = try readingContext(library, mapping: mapping, kind: kind)
        let inputs = try InputFiles.expand(paths)
        var anyRefused = false
        for start in stride(from: 0, to: inputs.count, by: ReadRound.filesMax) {
            let round = ReadRound(inputs: Array(inputs[start..<min(inputs.count, start + ReadRound.filesMax)]), context)
            var lines: [UInt8] = []
            for said in round.outcomes() {
                switch said {
                case .lines(let bytes, let refused):
                    anyRefused = anyRefused || refused
                    lines += bytes
                case .large(let file, let shown):
                    try print(lines)
                    lines.removeAll(keepingCapacity: true)
                    let refused = try readLarge(file, shown, context, print)
                    anyRefused = anyRefused || refused
                case .failed(let error):
                    try print(lines)
                    throw error
                }
            }
            try print(lines)
        }
        return anyRefused
    }

    /// A file by itself, whose lines may need the disk.
    private func readLarge(
        _ file: SourceFile, _ shown: String, _ context: ReadingContext, _ print: ([UInt8]) throws -> Void
    ) throws -> Bool {
        let lines = HeldLines(file: shown)
        let reading = try Catalogue.read(file, context) { try lines.append($0) }
        if !reading.refused { try lines.pass(to: print) }
        let remarks = ReadRound.remarks(reading, shown)
        if !remarks.isEmpty { try print(remarks) }
        return ReadRound.isRefused(reading)
    }

    func readingContext(_ library: MappingLibrary, mapping: String?, kind: String?) throws -> ReadingContext {
        var context = ReadingContext(asOf: today)
        context.defaultCurrency = company.homeCurrency
        context.kindHint = kind
        context.mapping = try mapping.map { try library.find($0) }
        context.library = { try library.mappings() }
        context.config = books.mappingValues
        context.zoneOffset = { ZonedTime.offset(zone: $0, milliseconds: $1) }
        return context
    }
}
