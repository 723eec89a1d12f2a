// SPDX-License-Identifier: Apache-2.0
package import Documents

/// SWIFT MT940 customer statements and MT942 interim reports, in the dialects of German, Dutch, Belgian, Nordic and
/// Polish banks.
///
/// Emits the payments of a message in the order of its entries, then the statement itself. The entries of an interim
/// report are pending: they come again, booked, in the statement.
package enum MT940Format {
    package static let format = Format(
        name: "mt940", isText: true, detect: { head, _ in detect(head) },
        read: { file, context, emit in
            let origin = Provenance.Origin(sha256: file.sha256, name: file.name, format: "mt940")
            return try read(.file(file), origin, context.defaultCurrency, emit)
        })

    /// Reads bytes in memory, in any pieces.
    /// - Throws: What `emit` throws.
    package static func read(
        pieces: [[UInt8]], _ origin: Provenance.Origin, defaultCurrency: Currency? = nil,
        _ emit: (Document) throws -> Void
    ) throws -> Reading {
        try read(.pieces(pieces), origin, defaultCurrency, emit)
    }

    static func detect(_ head: [UInt8]) -> Format.Detection {
        var tags: Set<String> = []
        var isFirst = true
        var opensWithTag = false
        for line in head.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let text = MT940Line.content(Array(line.prefix(200)))
            guard !text.isEmpty else { continue }
            if let field = MT940Line.tag(text) {
                tags.insert(field.tag)
                if isFirst { opensWithTag = true }
            }
            isFirst = false
        }
        if tags.contains("20"), !tags.isDisjoint(with: ["25", "60F", "60M", "61", "13D", "34F"]) {
            return Format.Detection(95, "lines begin with the tags :20: and :25:, as in SWIFT MT940")
        }
        return opensWithTag ? Format.Detection(60, "the first line begins with a tag of SWIFT MT940") : .none
    }

    private static func read(
        _ source: TextSource, _ origin: Provenance.Origin, _ currency: Currency?, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        var reading = Reading(format: "mt940")
        let choice: EncodingChoice
        switch try EncodingChoice.choose(source) {
        case .success(let found): choice = found
        case .failure(let refusal):
            reading.faults.append(refusal.fault)
            return reading
        }
        var reader = MT940Reader(origin: origin, defaultCurrency: currency)
        if let warning = choice.warning { reader.faults.add(warning) }
        let (stopped, isCut) = try TextLines.run(source, choice) { line, number in
            let fault = reader.line(line, number)
            if fault == nil { for document in reader.take() { try emit(document) } }
            return fault
        }
        var refusal = stopped
        if refusal == nil { refusal = reader.finish(isCut: isCut) }
        if refusal == nil { for document in reader.take() { try emit(document) } }
        if let refusal { reader.faults.add(refusal) }
        reading.faults = reader.faults.list
        reading.records = reader.records
        return reading
    }
}
