// SPDX-License-Identifier: Apache-2.0
package import Documents

/// CODA, the Belgian coded statement of account (Febelfin standard, version 2): records of 128 columns.
///
/// Emits the payments of a statement in the order of its movements, then the statement itself. A globalised movement
/// is its details, where they add up to it.
package enum CODAFormat {
    package static let format = Format(
        name: "coda", isText: true, detect: { head, _ in detect(head) },
        read: { file, _, emit in
            let origin = Provenance.Origin(sha256: file.sha256, name: file.name, format: "coda")
            return try read(.file(file), origin, emit)
        })

    /// Reads bytes in memory, in any pieces.
    /// - Throws: What `emit` throws.
    package static func read(
        pieces: [[UInt8]], _ origin: Provenance.Origin, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        try read(.pieces(pieces), origin, emit)
    }

    /// The header record: `00000`, the day it was made, the bank, the application code 05.
    static func detect(_ head: [UInt8]) -> Format.Detection {
        let mark = TextEncoding.mark(of: head)?.length ?? 0
        let start = head.dropFirst(mark).drop { $0 <= 0x20 }
        let line = start.prefix { $0 != 0x0A && $0 != 0x0D }
        let isHeader =
            line.count >= 100 && line.count <= 140 && line.starts(with: Array("00000".utf8))
            && line.dropFirst(14).starts(with: Array("05".utf8))
            && line.dropFirst(5).prefix(6).allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        return isHeader
            ? Format.Detection(95, "the first record is a CODA header of 128 columns with the application code 05")
            : .none
    }

    private static func read(
        _ source: TextSource, _ origin: Provenance.Origin, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        var reading = Reading(format: "coda")
        let choice: EncodingChoice
        switch try EncodingChoice.choose(source) {
        case .success(let found): choice = found
        case .failure(let refusal):
            reading.faults.append(refusal.fault)
            return reading
        }
        var reader = CODAReader(origin: origin)
        if let warning = choice.warning { reader.faults.add(warning) }
        var (refusal, _) = try TextLines.run(source, choice) { line, number in
            let fault = reader.line(line, number)
            if fault == nil { for document in reader.take() { try emit(document) } }
            return fault
        }
        if refusal == nil { refusal = reader.finish() }
        if refusal == nil { for document in reader.take() { try emit(document) } }
        if let refusal { reader.faults.add(refusal) }
        reading.faults = reader.faults.list
        reading.records = reader.movements
        return reading
    }
}
