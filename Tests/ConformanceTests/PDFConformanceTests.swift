// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// Reads every hybrid PDF of the corpus and compares the invoice inside with the oracle.
@Suite("Hybrid PDFs agree with the corpus")
struct PDFConformanceTests {
    @Test("Every PDF's invoice agrees on every field, or the difference is argued")
    func agrees() throws {
        guard let corpus = Corpus.open("PDF") else { return }
        var tally = Corpus.Tally(name: "PDF")
        let allowed = try Corpus.allowed("PDF")
        for record in try corpus.oracle() where record.file.hasPrefix("facturx-pdf/") {
            guard record.text("doc") != nil else { continue }
            let bytes = try corpus.bytes(record.file)
            let (invoice, faults) = try read(bytes, record.file)
            guard let invoice else {
                if allowed["\(record.file)\trefused"] == nil {
                    tally.refuse(record.file, faults)
                } else {
                    print("refused rightly: \(record.file): \(faults.map(\.code))")
                }
                continue
            }
            tally.add(record.file, CIIConformanceTests.differences(invoice, record), allowed: allowed)
            #expect(invoice.attachments.first?.mediaType == "application/pdf", "\(record.file)")
            #expect(invoice.attachments.first?.bytes == bytes, "\(record.file)")
        }
        print(tally.summary)
        #expect(tally.perMille >= 990, "\(tally.summary)")
        #expect(tally.unexplained.isEmpty, "\(tally.unexplained.joined(separator: "\n"))")
        #expect(tally.agreed > 20)
    }

    @Test("What has no readable invoice inside is refused with a reason")
    func refuses() throws {
        guard let corpus = Corpus.open("PDF refusals") else { return }
        for record in try corpus.oracle() where record.file.hasPrefix("facturx-pdf/") && record.text("doc") == nil {
            let (invoice, faults) = try read(corpus.bytes(record.file), record.file)
            #expect(invoice == nil, "\(record.file)")
            #expect(faults.contains { $0.severity == .refusal }, "\(record.file)")
            print("PDF refused: \(record.file): \(faults.map { "\($0.code) \($0.message)" })")
        }
    }

    @Test("However a PDF of the corpus is cut, it is read or refused")
    func truncated() throws {
        guard let corpus = Corpus.open("PDF truncated") else { return }
        for file in corpus.files(ending: ".pdf").prefix(12) {
            let bytes = try corpus.bytes(file)
            for part in [1, 2, 3, 5, 8, 13] {
                let (invoice, faults) = try read(Array(bytes.prefix(bytes.count * part / 14)), file)
                #expect(invoice != nil || faults.contains { $0.severity == .refusal }, "\(file) cut at \(part)/14")
            }
        }
    }

    private func read(_ bytes: [UInt8], _ file: String) throws -> (Invoice?, [Fault]) {
        var found: Invoice?
        let origin = Provenance.Origin(sha256: "", name: file, format: "pdf")
        let reading = try PDFFormat.read(pieces: [bytes], origin) {
            if case .invoice(let invoice) = $0 { found = invoice }
        }
        return (found, reading.faults)
    }
}
