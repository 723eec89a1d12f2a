// SPDX-License-Identifier: Apache-2.0
package import Documents

/// UN/CEFACT Cross Industry Invoices: ZUGFeRD 1 and 2, Factur-X in every profile, XRechnung; one document a file.
package enum CIIFormat {
    package static let format = Format(name: "cii", detect: detect, read: read)

    /// Recognises every message of UN/CEFACT's supply chain by its root, so that an order is refused by name.
    package static func detect(head: [UInt8], name: String) -> Format.Detection {
        guard XMLRoot.looksLikeXML(head), let root = XMLRoot.sniff(head) else { return .none }
        if CIIRoot(root) != nil {
            return Format.Detection(100, "the root element is UN/CEFACT's \(root.name)")
        }
        if root.namespace.hasPrefix(CIIRoot.namespacePrefix) {
            return Format.Detection(90, "the root element \(root.name) is one of UN/CEFACT's messages")
        }
        return .none
    }

    /// Reads the one document of the file.
    /// - Throws: `ReadFailure` when the file cannot be read, and what `emit` throws.
    package static func read(
        _ file: SourceFile, _ context: ReadingContext, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        let origin = Provenance.Origin(sha256: file.sha256, name: file.name, format: "cii")
        return try CIIVisitor(origin: origin, defaultCurrency: context.defaultCurrency)
            .read(.file(file), format: "cii", emit)
    }

    /// The same on bytes in memory, in any pieces.
    package static func read(
        pieces: [[UInt8]], _ origin: Provenance.Origin, defaultCurrency: Currency? = nil,
        _ emit: (Document) throws -> Void
    ) throws -> Reading {
        try CIIVisitor(origin: origin, defaultCurrency: defaultCurrency).read(.pieces(pieces), format: "cii", emit)
    }

    /// The same, with the rules of every specification checked, whatever the document claims to follow.
    package static func check(
        pieces: [[UInt8]], _ origin: Provenance.Origin, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        try CIIVisitor(origin: origin, everyRule: true).read(.pieces(pieces), format: "cii", emit)
    }
}

/// The root elements of the invoice messages.
enum CIIRoot {
    /// ZUGFeRD 2, Factur-X, XRechnung and any other subset of UN/CEFACT D16B.
    case invoice
    /// ZUGFeRD 1, and the draft before it (`CBFBUY:5`), whose root is a bare `Invoice`.
    case document

    static let namespacePrefix = "urn:un:unece:uncefact:"

    init?(_ root: XMLRoot) {
        switch root.name {
        case "CrossIndustryInvoice": self = .invoice
        case "CrossIndustryDocument": self = .document
        case "Invoice" where root.namespace.hasPrefix(Self.namespacePrefix): self = .document
        default: return nil
        }
    }
}

/// Collects one Cross Industry Invoice while it is parsed.
final class CIIVisitor: InvoiceVisitor {
    let tree = XMLTree<CIIName>()
    private(set) var faults: [Fault] = []
    private(set) var documents: [Document] = []
    private let origin: Provenance.Origin
    private let everyRule: Bool
    private let defaultCurrency: Currency?
    private var lines = InvoiceLines()
    private var attachments = InvoiceAttachments()

    init(origin: Provenance.Origin, everyRule: Bool = false, defaultCurrency: Currency? = nil) {
        self.origin = origin
        self.everyRule = everyRule
        self.defaultCurrency = defaultCurrency
    }

    func begin(_ name: String, namespace: String) -> Fault? {
        let root = XMLRoot(name: name, namespace: namespace)
        return CIIRoot(root) == nil ? OtherDocument.refusal(root) : nil
    }

    func closed(_ record: XMLNode<CIIName>) -> Fault? {
        switch record.name {
        case .line: lines.add(record)
        case .attachment: attach(record)
        default:
            guard record.parent == nil else { return nil }
            let nodes = CIIDocument(root: record, lines: lines).nodes()
            var reader = InvoiceReader(
                nodes, origin: origin, everyRule: everyRule, defaultCurrency: defaultCurrency)
            if var invoice = reader.invoice() {
                invoice.attachments = attachments.all
                documents = [.invoice(invoice)]
            }
            faults = attachments.faults + reader.faults
        }
        return nil
    }

    private func attach(_ record: XMLNode<CIIName>) {
        guard let reference = record.parent, reference.name == .additionalDocument else { return }
        attachments.add(
            record, names: [record[.filename], reference[.issuerAssignedID], reference[.id]],
            mediaType: record[.mimeCode])
    }
}
