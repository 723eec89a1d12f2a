// SPDX-License-Identifier: Apache-2.0
package import Documents

/// ISO 20022 `camt.053` bank statements, versions 001.02 to 001.13.
///
/// Emits the payments of a statement in the order of its entries, then the statement itself.
package enum CamtFormat {
    package static let format = Format(name: "camt.053", detect: detect, read: read)

    package static func detect(head: [UInt8], name: String) -> Format.Detection {
        guard let root = XMLRoot.sniff(head), root.name == "Document" else { return .none }
        guard let message = CamtVisitor.message(root.namespace) else {
            return root.namespace.isEmpty
                ? Format.Detection(60, "the root element is Document, as in ISO 20022") : .none
        }
        return Format.Detection(100, "the namespace is ISO 20022 \(message)")
    }

    /// Reads every statement of the file.
    /// - Throws: `ReadFailure` when the file cannot be read, and what `emit` throws.
    package static func read(
        _ file: SourceFile, _ context: ReadingContext, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        let origin = Provenance.Origin(sha256: file.sha256, name: file.name, format: "camt.053")
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
        let visitor = CamtVisitor(origin: origin)
        var reading = Reading(format: "camt.053")
        let refusal = try XMLReading.run(visitor, over: input) {
            for document in visitor.take() { try emit(document) }
        }
        reading.faults = visitor.faults.list
        if let refusal { reading.faults.append(refusal) }
        reading.records = visitor.entries
        return reading
    }
}

/// Faults in the order of the file, bounded: a file of a million bad rows is not a million sentences.
struct CamtFaults {
    private var kept: [Fault] = []
    private var left = 0

    mutating func add(_ code: String, _ severity: Fault.Severity, at: Position, _ message: String, hint: String) {
        add(Fault(code, severity, at: at, message, hint: hint))
    }

    mutating func add(_ fault: Fault) {
        if kept.count < Reading.faultsMax || fault.severity == .refusal { kept.append(fault) } else { left += 1 }
    }

    var list: [Fault] {
        guard left > 0 else { return kept }
        return kept + [
            Fault(
                "FAULTS-MORE", .warning, at: .file, "\(left) more faults of this file are not listed",
                hint: "Correct the listed ones first.")
        ]
    }
}
