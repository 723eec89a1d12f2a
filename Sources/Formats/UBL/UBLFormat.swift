// SPDX-License-Identifier: Apache-2.0
package import Documents

/// UBL 2 invoices and credit notes (EN 16931, Peppol, XRechnung, OIOUBL), one document a file.
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
        let visitor = UBLVisitor(origin: origin)
        var reading = Reading(format: "ubl")
        if let fault = try XMLReading.run(visitor, over: input, drain: {}) {
            // What was noted of a document that cannot be read to its end means nothing.
            reading.faults = [fault]
            return reading
        }
        reading.faults = visitor.faults
        reading.records = 1
        if let invoice = visitor.invoice, !reading.refused { try emit(.invoice(invoice)) }
        return reading
    }
}

/// The root elements that are receivables.
enum UBLRoot: String {
    case invoice = "Invoice"
    case creditNote = "CreditNote"
    case debitNote = "DebitNote"
    case selfBilledInvoice = "SelfBilledInvoice"
    case selfBilledCreditNote = "SelfBilledCreditNote"

    static let namespacePrefix = "urn:oasis:names:specification:ubl:schema:xsd:"

    var isCredit: Bool { self == .creditNote || self == .selfBilledCreditNote }

    /// What an XML document is that is no receivable, in words; nil when it is not known here.
    static func notReceivable(_ root: String) -> String? {
        switch root {
        case "Order", "OrderChange", "OrderCancellation", "OrderResponse", "OrderResponseSimple":
            "an order document"
        case "Quotation", "RequestForQuotation", "Catalogue": "an offer or a catalogue"
        case "DespatchAdvice", "ReceiptAdvice", "Waybill", "BillOfLading", "Forecast", "FreightInvoice":
            "a logistics document"
        case "Reminder": "a reminder of invoices that exist already"
        case "Statement": "an account statement that lists invoices"
        case "RemittanceAdvice": "a remittance advice: it names what a customer pays"
        case "ApplicationResponse": "an answer to a document"
        case "UtilityStatement": "the consumption behind a utility invoice"
        case "SCRDMCCBDACIOMessageStructure", "CrossIndustryOrder": "an Order-X order"
        default: nil
        }
    }
}

/// Collects one UBL document while it is parsed.
final class UBLVisitor: XMLVisitor {
    let tree = XMLTree<UBLName>()
    private(set) var faults: [Fault] = []
    private(set) var invoice: Invoice?
    private let origin: Provenance.Origin
    private var kind: UBLRoot?
    private var lines = UBLLines()
    private var attachments: [Invoice.Attachment] = []

    init(origin: Provenance.Origin) {
        self.origin = origin
    }

    func begin(_ name: String, namespace: String) -> Fault? {
        kind = UBLRoot(rawValue: name)
        let isUBL = namespace.isEmpty || namespace.hasPrefix(UBLRoot.namespacePrefix)
        if kind != nil, isUBL { return nil }
        if let what = UBLRoot.notReceivable(name) {
            return Fault(
                "XML-NOT-RECEIVABLE", .refusal, at: .path("/\(name)"),
                "the document is \(what) (\(name)), no invoice or credit note",
                hint: "Import the invoice itself.")
        }
        if name == "CrossIndustryInvoice" || name == "CrossIndustryDocument" {
            return Fault(
                "FORMAT-UNSUPPORTED", .refusal, at: .path("/\(name)"),
                "the file is a UN/CEFACT \(name) (ZUGFeRD, Factur-X, XRechnung-CII), which is not read",
                hint: "Ask for the invoice in UBL, or import an export of the accounting system.")
        }
        return Fault(
            "FORMAT-UNSUPPORTED", .refusal, at: .path("/\(name)"),
            "the root element \(name)\(namespace.isEmpty ? "" : " of \(namespace)") is no UBL invoice or credit note",
            hint: "Ask for the document as UBL 2 Invoice or CreditNote, or import an export with a mapping.")
    }

    func closed(_ record: XMLNode<UBLName>) -> Fault? {
        switch record.name {
        case .invoiceLine, .creditNoteLine, .debitNoteLine:
            if let parent = record.parent, parent.parent == nil { lines.add(record) }
        case .embeddedDocument: attach(record)
        default:
            guard let kind, record.parent == nil else { return nil }
            var reader = UBLDocument(root: record, kind: kind, lines: lines, origin: origin)
            invoice = reader.invoice()
            invoice?.attachments = attachments
            faults += reader.faults
        }
        return nil
    }

    private func attach(_ record: XMLNode<UBLName>) {
        guard let reference = record.parent?.parent, reference.name == .additionalDocumentReference else {
            return
        }
        let stated = record[.filename]?.text ?? reference[.id]?.text ?? "attachment-\(attachments.count + 1)"
        // A name is a name: folders in it are not followed anywhere.
        let name = stated.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? stated
        guard let bytes = Base64.decode(record.bytes) else {
            faults.append(
                Fault(
                    "ATTACHMENT-ENCODING", .warning, at: record.position,
                    "the embedded file \(name) is not base64 and was left out",
                    hint: "Ask the sender for the file if it is to be sent on."))
            return
        }
        attachments.append(
            Invoice.Attachment(
                name: name, mediaType: record[.mimeCode]?.text ?? "application/octet-stream", bytes: bytes))
    }
}

/// The lines of a document, summed: nothing else of them is needed.
struct UBLLines {
    private(set) var count = 0
    /// Nil when a line's amount is missing or unreadable.
    private(set) var sum: ScaledDecimal? = ScaledDecimal(coefficient: 0, scale: 0)

    mutating func add(_ line: XMLNode<UBLName>) {
        count += 1
        guard let amount = line[.lineExtensionAmount]?.decimal else {
            sum = nil
            return
        }
        sum = sum?.adding(amount)
    }
}
