// SPDX-License-Identifier: Apache-2.0
package import Documents

/// ISO 20022 `pain.002` payment status reports: the direct debits that a bank rejects or that come back.
///
/// A status moves no cash: the account's statement books the money that comes back. So a rejection before the collection
/// is a `failed` payment and a return after it a `pending` one, each naming the debit it takes back and why.
package enum PainFormat {
    package static let format = Format(name: name, detect: detect, read: read)
    private static let name = "pain.002"

    package static func detect(head: [UInt8], name: String) -> Format.Detection {
        guard let root = XMLRoot.sniff(head), root.name == "Document" else { return .none }
        if let message = CamtVisitor.message(root.namespace) {
            return message.hasPrefix("pain.002")
                ? Format.Detection(100, "the namespace is ISO 20022 \(message)") : .none
        }
        let wanted = Array("<CstmrPmtStsRpt".utf8)
        let isThere = head.indices.contains {
            head[$0] == 0x3C && $0 + wanted.count <= head.count
                && head[$0..<($0 + wanted.count)].elementsEqual(wanted)
        }
        return isThere ? Format.Detection(90, "the document has a CstmrPmtStsRpt, as in ISO 20022 pain.002") : .none
    }

    /// Reads every transaction status of the file.
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
        let visitor = PainVisitor(origin: origin)
        var reading = Reading(format: name)
        let refusal = try XMLReading.run(visitor, over: input) {
            for payment in visitor.take() { try emit(.payment(payment)) }
        }
        reading.faults = visitor.faults.list
        if let refusal { reading.faults.append(refusal) }
        reading.records = visitor.transactions
        return reading
    }
}
