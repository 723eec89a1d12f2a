// SPDX-License-Identifier: Apache-2.0
package import Documents

/// UBL 2 invoices, credit notes and remittance advices (EN 16931, Peppol, XRechnung, OIOUBL), one document a file.
package enum UBLFormat {
    package static let format = Format(name: "ubl", detect: detect, read: read)

    /// Recognises any UBL 2 document by its root, so that an order is refused by name.
    ///
    /// Any other XML is claimed faintly: what no other format wants gets a refusal that says what it is.
    package static func detect(head: [UInt8], name: String) -> Format.Detection {
        guard XMLRoot.looksLikeXML(head) else { return .none }
        guard let root = XMLRoot.sniff(head) else { return Format.Detection(10, "it begins like XML") }
        if root.namespace.hasPrefix(UBLRoot.namespacePrefix) {
            return Format.Detection(100, "the root element is UBL's \(root.name)")
        }
        if UBLRoot(rawValue: root.name) != nil {
            return Format.Detection(80, "the root element is \(root.name), as in UBL")
        }
        return Format.Detection(10, "it is XML with the root element \(root.name)")
    }

    /// Reads the one document of the file.
    /// - Throws: `ReadFailure` when the file cannot be read, and what `emit` throws.
    package static func read(
        _ file: SourceFile, _ context: ReadingContext, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        let origin = Provenance.Origin(sha256: file.sha256, name: file.name, format: "ubl")
        return try UBLVisitor(origin: origin, defaultCurrency: context.defaultCurrency)
            .read(.file(file), format: "ubl", emit)
    }

    /// The same on bytes in memory, in any pieces.
    package static func read(
        pieces: [[UInt8]], _ origin: Provenance.Origin, defaultCurrency: Currency? = nil,
        _ emit: (Document) throws -> Void
    ) throws -> Reading {
        try UBLVisitor(origin: origin, defaultCurrency: defaultCurrency).read(.pieces(pieces), format: "ubl", emit)
    }

    /// The same, with the rules of every specification checked, whatever the document claims to follow.
    package static func check(
        pieces: [[UInt8]], _ origin: Provenance.Origin, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        try UBLVisitor(origin: origin, everyRule: true).read(.pieces(pieces), format: "ubl", emit)
    }
}

/// The root elements that say something about receivables.
enum UBLRoot: String {
    case invoice = "Invoice"
    case creditNote = "CreditNote"
    case debitNote = "DebitNote"
    case selfBilledInvoice = "SelfBilledInvoice"
    case selfBilledCreditNote = "SelfBilledCreditNote"
    case remittanceAdvice = "RemittanceAdvice"

    static let namespacePrefix = "urn:oasis:names:specification:ubl:schema:xsd:"

    var isCredit: Bool { self == .creditNote || self == .selfBilledCreditNote }
}

/// Collects one UBL document while it is parsed.
final class UBLVisitor: InvoiceVisitor {
    let tree = XMLTree<UBLName>()
    private(set) var faults: [Fault] = []
    private(set) var documents: [Document] = []
    private let origin: Provenance.Origin
    private let everyRule: Bool
    private let defaultCurrency: Currency?
    private var kind: UBLRoot?
    private var lines = InvoiceLines()
    private var attachments = InvoiceAttachments()

    init(origin: Provenance.Origin, everyRule: Bool = false, defaultCurrency: Currency? = nil) {
        self.origin = origin
        self.everyRule = everyRule
        self.defaultCurrency = defaultCurrency
    }

    func begin(_ name: String, namespace: String) -> Fault? {
        kind = UBLRoot(rawValue: name)
        let isUBL = namespace.isEmpty || namespace.hasPrefix(UBLRoot.namespacePrefix)
        if kind != nil, isUBL { return nil }
        return OtherDocument.refusal(XMLRoot(name: name, namespace: namespace))
    }

    func closed(_ record: XMLNode<UBLName>) -> Fault? {
        switch record.name {
        case .invoiceLine, .creditNoteLine, .debitNoteLine:
            if let parent = record.parent, parent.parent == nil { lines.add(record) }
        case .embeddedDocument: attach(record)
        default:
            guard let kind, record.parent == nil else { return nil }
            if kind == .remittanceAdvice {
                var reader = UBLRemittance(root: record, origin: origin)
                documents = reader.allocations().map { .allocation($0) }
                faults = reader.faults
                return nil
            }
            let nodes = UBLDocument(root: record, kind: kind, lines: lines).nodes()
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

    private func attach(_ record: XMLNode<UBLName>) {
        guard let reference = record.parent?.parent, reference.name == .additionalDocumentReference else {
            return
        }
        attachments.add(record, names: [record[.filename], reference[.id]], mediaType: record[.mimeCode])
    }
}
