// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Testing

/// Reads DATEV's own sample batch, and tells this and its neighbours' files apart by content.
@Suite("DATEV agrees with the corpus")
struct DATEVConformanceTests {
    @Test("The sample batch has one invoice; a booking without a debtor is passed by")
    func sample() throws {
        guard let corpus = Corpus.open("DATEV") else { return }
        let path = corpus.root.appendingPathComponent("csv-invoices/ledermann__datev/examples/EXTF_Buchungsstapel.csv")
            .path
        var documents: [Document] = []
        let context = ReadingContext(asOf: try #require(Day("2018-03-31")))
        let reading = try DATEVFormat.read(SourceFile(path: path), context) { documents.append($0) }
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(reading.records == 2)
        let invoices = documents.compactMap { if case .invoice(let one) = $0 { one } else { nil } }
        #expect(documents.count == 1)
        #expect(invoices.map(\.number) == ["RE201802-135"])
        #expect(invoices.map(\.customerID) == ["10000"])
        #expect(invoices.map(\.total) == [Money(minorUnits: 595_000, currency: .eur)])
        #expect(invoices.map(\.issuedOn.text) == ["2018-02-22"])
    }

    @Test(
        "Each file is known by what is in it, whatever its name",
        arguments: [
            ("camt/", "xml", ["camt.052", "camt.053", "camt.054"]), ("pain002/", "xml", ["pain.002"]),
            ("saft/joaomfrebelo", "xml", ["saf-t"]), ("saft/Skatteetaten", "xml", ["saf-t"]),
            ("facturx-pdf/", "pdf", ["pdf"]), ("csv-invoices/ledermann", "csv", ["datev"]),
        ])
    func detects(_ folder: String, _ suffix: String, _ names: [String]) throws {
        guard let corpus = Corpus.open("detection") else { return }
        let files = corpus.files(ending: ".\(suffix)").filter { $0.hasPrefix(folder) }
        #expect(!files.isEmpty)
        for file in files {
            let found = try Catalogue.detect(
                SourceFile(path: corpus.root.appendingPathComponent(file).path, name: "upload"))
            #expect(
                names.contains(found.format?.name ?? ""),
                "\(file): \(found.format?.name ?? "none") (\(found.why.reason))")
        }
    }
}
