// SPDX-License-Identifier: Apache-2.0
import Documents

/// The invoice among the files that a PDF carries.
enum PDFInvoice {
    /// The names that ZUGFeRD 1 and 2, Factur-X and XRechnung prescribe, in lower case; the later standard first.
    private static let names = ["factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml"]
    private static let cii = ["CrossIndustryInvoice", "CrossIndustryDocument"]

    /// - Parameter gist: What an XML says that decides whether another is the same invoice; nil when it is unreadable.
    static func choose(
        _ all: [PDFAttachment], isWhole: Bool, gist: ([UInt8]) -> String?
    ) -> Result<(index: Int, bytes: [UInt8]), Fault.AsError> {
        let named = names.flatMap { name in all.indices.filter { all[$0].name.lowercased() == name } }
        let candidates = named.isEmpty ? all.indices.filter { isInvoice(all[$0]) } : named
        guard let index = candidates.first else { return refuse(none(all, isWhole)) }
        // Some programs write one invoice by the old standard and by the new one.
        if candidates.count > 1, Set(candidates.map { all[$0].bytes }).count > 1,
            !isSame(candidates.map { all[$0].bytes.flatMap(gist) })
        {
            let listed = candidates.prefix(5).map { all[$0].name }.joined(separator: ", ")
            return refuse(
                Fault(
                    "PDF-INVOICE-SEVERAL", .refusal, at: .file,
                    "the PDF carries \(candidates.count) different invoices (\(listed)), and only one can be its own",
                    hint: "Save the right XML from the PDF's attachments and import it, or ask the sender."))
        }
        switch all[index].content {
        case .bytes(let bytes): return .success((index, bytes))
        case .tooLong:
            return refuse(
                Fault(
                    "PDF-LIMIT", .refusal, at: .file,
                    "the embedded \(all[index].name) is longer than \(PDFLimits.attachment >> 20) MB",
                    hint: "No invoice has that; ask the sender for the original file."))
        case .unread(let why):
            return refuse(
                Fault(
                    "PDF-DAMAGED", .refusal, at: .file, "the embedded \(all[index].name) cannot be read: \(why)",
                    hint: "Download or ask for the PDF again, or for its XML."))
        }
    }

    private static func isSame(_ gists: [String?]) -> Bool { Set(gists).count == 1 && gists.first != .some(nil) }

    /// Number, day, currency and the amount to be paid.
    static func gist(
        _ bytes: [UInt8], _ origin: Provenance.Origin, defaultCurrency: Currency?
    ) -> String? {
        var found: [String] = []
        let reading = try? read(bytes, origin, defaultCurrency: defaultCurrency) { document in
            guard case .invoice(let invoice) = document else { return }
            let due = invoice.receivable.map { "\($0)" } ?? ""
            found.append("\(invoice.number) \(invoice.issuedOn) \(invoice.kind) \(due)")
        }
        return reading?.refused == false && found.count == 1 ? found[0] : nil
    }

    private static func none(_ all: [PDFAttachment], _ isWhole: Bool) -> Fault {
        let listed = all.prefix(5).map { String($0.name.prefix(60)) }.joined(separator: ", ")
        let what =
            all.isEmpty
            ? "no embedded file" : "no invoice among its embedded files (\(listed)\(all.count > 5 ? ", …" : ""))"
        return Fault(
            "PDF-NO-INVOICE", .refusal, at: .file,
            "the PDF has pages, but \(what)\(isWhole ? "" : " that were looked at")",
            hint:
                "Only a hybrid PDF (ZUGFeRD, Factur-X) can be read: ask for one or for the XML, or import the invoice "
                + "from the accounting system's export.")
    }

    private static func isInvoice(_ attachment: PDFAttachment) -> Bool {
        guard let bytes = attachment.bytes, let root = root(bytes) else { return false }
        return cii.contains(root.name)
            || UBLRoot(rawValue: root.name) != nil && root.namespace.hasPrefix(UBLRoot.namespacePrefix)
    }

    private static func root(_ bytes: [UInt8]) -> XMLRoot? {
        let head = Array(bytes.prefix(Catalogue.headSize))
        return XMLRoot.looksLikeXML(head) ? XMLRoot.sniff(head) : nil
    }

    /// Reads the XML by its root element.
    static func read(
        _ bytes: [UInt8], _ origin: Provenance.Origin, defaultCurrency: Currency?, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        let isUBL = root(bytes).map { UBLRoot(rawValue: $0.name) != nil } ?? false
        return try isUBL
            ? UBLFormat.read(pieces: [bytes], origin, defaultCurrency: defaultCurrency, emit)
            : CIIFormat.read(pieces: [bytes], origin, defaultCurrency: defaultCurrency, emit)
    }

    private static func refuse<T>(_ fault: Fault) -> Result<T, Fault.AsError> { .failure(Fault.AsError(fault)) }
}
