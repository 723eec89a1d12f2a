// SPDX-License-Identifier: Apache-2.0
package import Documents

/// ISO 20022 bank reports, versions 001.01 to 001.13: `camt.053` statements, `camt.052` intraday reports and `camt.054`
/// notifications.
///
/// Emits the payments of each in the order of its entries, then the statement itself. An entry has the same payment in
/// all three messages, and is told apart by its bank reference; only a statement proves the days it covers.
package enum CamtFormat {
    /// `camt.053`
    package static let format = of(.statement)
    /// `camt.052`
    package static let report = of(.report)
    /// `camt.054`
    package static let notification = of(.notification)

    private static func of(_ message: CamtMessage) -> Format {
        Format(
            name: message.rawValue,
            detect: { head, _ in detect(head, message) },
            read: { file, _, emit in
                let origin = Provenance.Origin(sha256: file.sha256, name: file.name, format: message.rawValue)
                return try read(.file(file), origin, emit)
            })
    }

    /// How sure the likeliest of the three messages is.
    package static func detect(head: [UInt8], name: String) -> Format.Detection {
        CamtMessage.allCases.map { detect(head, $0) }.max { $0.confidence < $1.confidence } ?? .none
    }

    private static func detect(_ head: [UInt8], _ message: CamtMessage) -> Format.Detection {
        guard let root = XMLRoot.sniff(head), root.name == "Document" else { return .none }
        if let named = CamtVisitor.message(root.namespace) {
            if CamtMessage(named) == message { return Format.Detection(100, "the namespace is ISO 20022 \(named)") }
            // What no format reads is refused by name.
            return message == .statement ? Format.Detection(40, "the namespace is ISO 20022 \(named)") : .none
        }
        guard root.namespace.isEmpty else { return .none }
        guard let found = CamtMessage(head: head) else {
            return message == .statement
                ? Format.Detection(60, "the root element is Document, as in ISO 20022") : .none
        }
        return found == message
            ? Format.Detection(90, "the document has a \(message.container.rawValue), as in ISO 20022") : .none
    }

    /// Reads every statement, report or notification in bytes in memory, in any pieces.
    /// - Throws: What `emit` throws.
    package static func read(
        pieces: [[UInt8]], _ origin: Provenance.Origin, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        try read(.pieces(pieces), origin, emit)
    }

    private static func read(
        _ input: XMLInput, _ origin: Provenance.Origin, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        // The visitor passes on what it has in the midst of a large entry, and is gone when this returns.
        try withoutActuallyEscaping(emit) { try read(CamtVisitor(origin: origin, emit: $0), input) }
    }

    private static func read(_ visitor: CamtVisitor, _ input: XMLInput) throws -> Reading {
        let refusal = try XMLReading.run(visitor, over: input) { try visitor.drain() }
        var reading = Reading(format: (visitor.message ?? .statement).rawValue)
        reading.faults = visitor.faults.list
        if let refusal { reading.faults.append(refusal) }
        reading.records = visitor.entries
        return reading
    }
}
