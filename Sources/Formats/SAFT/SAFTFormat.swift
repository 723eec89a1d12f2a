// SPDX-License-Identifier: Apache-2.0
package import Documents

/// SAF-T audit files (OECD core, Portugal, Angola, Norway): customers, sales invoices, payments with what they pay.
///
/// Portugal and the OECD core list sales documents; the financial files of Norway and Denmark have only the ledger, so
/// there the lines on customers' accounts are read.
package enum SAFTFormat {
    package static let format = Format(name: name, isLedger: true, detect: detect, read: read)
    private static let name = "saf-t"

    package static func detect(head: [UInt8], name: String) -> Format.Detection {
        guard XMLRoot.looksLikeXML(head), let root = XMLRoot.sniff(head), root.name == "AuditFile" else { return .none }
        return SAFTVisitor.isSAFT(root.namespace)
            ? Format.Detection(100, "the root element is AuditFile of \(root.namespace)")
            : Format.Detection(root.namespace.isEmpty ? 60 : 0, "the root element is AuditFile, as in SAF-T")
    }

    /// Reads the whole audit file, a document at a time.
    /// - Throws: `ReadFailure` when the file cannot be read, and what `emit` throws.
    package static func read(
        _ file: SourceFile, _ context: ReadingContext, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        let origin = Provenance.Origin(sha256: file.sha256, name: file.name, format: name)
        return try read(.file(file), origin, emit)
    }

    /// The same on bytes in memory, in any pieces.
    package static func read(
        pieces: [[UInt8]], _ origin: Provenance.Origin, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        try read(.pieces(pieces), origin, emit)
    }

    private static func read(
        _ input: XMLInput, _ origin: Provenance.Origin, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        let visitor = SAFTVisitor(origin: origin)
        var reading = Reading(format: name)
        let refusal = try XMLReading.run(visitor, over: input) {
            for document in visitor.take() { try emit(document) }
        }
        reading.faults = visitor.faults.list
        if let refusal { reading.faults.append(refusal) }
        reading.records = visitor.records
        return reading
    }
}
