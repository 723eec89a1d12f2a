// SPDX-License-Identifier: Apache-2.0
package import Documents

/// CNAB 240 and CNAB 400 return files (retorno de cobrança): what became of a company's boletos at a Brazilian bank.
///
/// Emits a payment for each title that was paid, then a frame that counts them. The file is no account statement: it
/// has no balances, and its frame proves no days. Remessa files, which go to the bank, are refused.
package enum CNABFormat {
    package static let format = Format(
        name: "cnab", isText: true, detect: { head, _ in detect(head) },
        read: { file, _, emit in
            let origin = Provenance.Origin(sha256: file.sha256, name: file.name, format: "cnab")
            return try read(.file(file), origin, emit)
        })

    /// Reads bytes in memory, in any pieces.
    /// - Throws: What `emit` throws.
    package static func read(
        pieces: [[UInt8]], _ origin: Provenance.Origin, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        try read(.pieces(pieces), origin, emit)
    }

    static func detect(_ head: [UInt8]) -> Format.Detection {
        let mark = TextEncoding.mark(of: head)?.length ?? 0
        let lines = head.dropFirst(mark).split(maxSplits: 2, omittingEmptySubsequences: true) {
            $0 == 0x0A || $0 == 0x0D
        }
        // Some programs cut the blanks at the end of a record: what is left reaches the day it was made.
        guard let first = lines.first, first.count >= 150, first.count <= 450 else { return .none }
        let line = FixedLine(Array(first), number: 1, width: 0)
        switch CNABHeader.layout(line) {
        case .narrow: return Format.Detection(90, "the first record is a CNAB 240 file header (batch 0000, type 0)")
        case .wide: return Format.Detection(95, "the first record is a CNAB 400 header (RETORNO or REMESSA, COBRANCA)")
        case nil: return .none
        }
    }

    private static func read(
        _ source: TextSource, _ origin: Provenance.Origin, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        var reading = Reading(format: "cnab")
        let choice: EncodingChoice
        switch try EncodingChoice.choose(source, declared: .windows1252) {
        case .success(let found): choice = found
        case .failure(let refusal):
            reading.faults.append(refusal.fault)
            return reading
        }
        var reader = CNABReader(origin: origin)
        var (refusal, _) = try TextLines.run(source, choice) { line, number in
            let fault = reader.line(line, number)
            if fault == nil { for document in reader.take() { try emit(document) } }
            return fault
        }
        if refusal == nil { refusal = reader.finish() }
        if refusal == nil { for document in reader.take() { try emit(document) } }
        if let refusal { reader.faults.add(refusal) }
        reading.faults = reader.faults.list
        reading.records = reader.titles
        return reading
    }
}
