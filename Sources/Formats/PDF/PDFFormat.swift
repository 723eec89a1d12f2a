// SPDX-License-Identifier: Apache-2.0
package import Documents

/// Hybrid PDF invoices (ZUGFeRD, Factur-X, XRechnung in a PDF): the XML inside is the invoice, the PDF its document.
///
/// A PDF of pages alone is refused: its pictures and words are no figures.
package enum PDFFormat {
    package static let format = Format(name: name, detect: detect, read: read)
    private static let name = "pdf"

    package static func detect(head: [UInt8], name: String) -> Format.Detection {
        // The header may follow other bytes, within the first 1024 (ISO 32000-1, implementation note 13).
        let mark = Array("%PDF-".utf8)
        let isThere = head.prefix(1024).indices.contains {
            head[$0] == 0x25 && $0 + mark.count <= head.count && head[$0..<($0 + mark.count)].elementsEqual(mark)
        }
        return isThere ? Format.Detection(100, "it begins like a PDF") : .none
    }

    /// Reads the invoice that the PDF carries.
    /// - Throws: `ReadFailure` when the file cannot be read, and what `emit` throws.
    package static func read(
        _ file: SourceFile, _ context: ReadingContext, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        let origin = Provenance.Origin(sha256: file.sha256, name: file.name, format: name)
        guard file.size <= PDFLimits.file else { return refusal(tooLarge(file.size)) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(file.size)
        try file.chunks { bytes += $0 }
        return try read(bytes, origin, defaultCurrency: context.defaultCurrency, emit)
    }

    /// The same on bytes in memory, in any pieces.
    package static func read(
        pieces: [[UInt8]], _ origin: Provenance.Origin, defaultCurrency: Currency? = nil,
        _ emit: (Document) throws -> Void
    ) throws -> Reading {
        let size = pieces.reduce(0) { $0 + $1.count }
        guard size <= PDFLimits.file else { return refusal(tooLarge(size)) }
        return try read(Array(pieces.joined()), origin, defaultCurrency: defaultCurrency, emit)
    }

    private static func read(
        _ bytes: [UInt8], _ origin: Provenance.Origin, defaultCurrency currency: Currency?,
        _ emit: (Document) throws -> Void
    ) throws -> Reading {
        guard PDFObjectStreams.areBounded(bytes) else {
            return refusal(
                Fault(
                    "PDF-LIMIT", .refusal, at: .file,
                    "the PDF's own structure decompresses to more than \(PDFLimits.attachment >> 20) MB",
                    hint: "No invoice has that; ask the sender for the original file."))
        }
        let embedded: (found: [PDFAttachment], isWhole: Bool)
        do throws(PDFHandle.Trouble) {
            embedded = try PDFHandle(bytes).attachments()
        } catch {
            return refusal(fault(error))
        }
        let invoice: (index: Int, bytes: [UInt8])
        let choice = PDFInvoice.choose(embedded.found, isWhole: embedded.isWhole) {
            PDFInvoice.gist($0, origin, defaultCurrency: currency)
        }
        switch choice {
        case .success(let chosen): invoice = chosen
        case .failure(let failure): return refusal(failure.fault)
        }
        var faults: [Fault] = []
        let pdf = Invoice.Attachment(name: origin.name, mediaType: "application/pdf", bytes: bytes)
        let others = beside(embedded.found, except: invoice.index, &faults)
        var reading = try PDFInvoice.read(invoice.bytes, origin, defaultCurrency: currency) { document in
            guard case .invoice(var found) = document else { return try emit(document) }
            // First, so that it is what a reminder sends.
            found.attachments = [pdf] + found.attachments + others
            try emit(.invoice(found))
        }
        reading.format = name
        reading.faults += faults
        return reading
    }

    /// What the PDF carries beside the invoice: time sheets, delivery notes.
    private static func beside(
        _ all: [PDFAttachment], except invoice: Int, _ faults: inout [Fault]
    ) -> [Invoice.Attachment] {
        var kept: [Invoice.Attachment] = []
        for (index, attachment) in all.enumerated() where index != invoice {
            let file = attachment.name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init)
            let name = file ?? attachment.name
            switch attachment.content {
            case .bytes(let bytes):
                kept.append(
                    Invoice.Attachment(
                        name: name, mediaType: attachment.mediaType ?? "application/octet-stream", bytes: bytes))
            case .tooLong:
                left(name, "is longer than \(PDFLimits.attachment >> 20) MB (all: \(PDFLimits.attachments >> 20) MB)")
            case .unread(let why): left(name, "cannot be read: \(why)")
            }
        }
        func left(_ name: String, _ why: String) {
            faults.append(
                Fault(
                    "PDF-ATTACHMENT", .warning, at: .file, "the embedded file \(name.prefix(80)) \(why)",
                    hint: "It was left out; the PDF itself still has it."))
        }
        return kept
    }

    // MARK: Refusals

    private static func refusal(_ fault: Fault) -> Reading {
        var reading = Reading(format: name)
        reading.faults = [fault]
        return reading
    }

    private static func tooLarge(_ size: Int) -> Fault {
        Fault(
            "PDF-LIMIT", .refusal, at: .file,
            "the PDF has \(size >> 20) MB; up to \(PDFLimits.file >> 20) MB are read",
            hint: "Ask the sender for the invoice alone, without its scanned enclosures.")
    }

    private static func fault(_ trouble: PDFHandle.Trouble) -> Fault {
        switch trouble {
        case .noMemory:
            Fault(
                "PDF-LIMIT", .refusal, at: .file, "there is no memory to open the PDF",
                hint: "Close other programs and try again.")
        case .encrypted:
            Fault(
                "PDF-ENCRYPTED", .refusal, at: .file, "the PDF is encrypted or protected by a password",
                hint: "Save it without protection, or ask the sender for one without, or for its XML.")
        case .damaged(let why):
            Fault(
                "PDF-DAMAGED", .refusal, at: .file,
                "the PDF cannot be opened (\(why.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(200)))",
                hint: "It was cut off or altered on the way: download or ask for it again.")
        }
    }
}
