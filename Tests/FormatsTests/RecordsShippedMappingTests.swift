// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing

@Suite("The mappings of XML and JSON that ship") struct RecordsShippedMappingTests {
    static let names = [
        "exact-payments", "lexware-contacts", "lexware-payments", "lexware-vouchers", "moneybird-sales-invoices",
        "sage-accounting-open-items", "sage-accounting-payments", "sicredi-boletos", "twinfield-customer-list",
        "twinfield-customers",
    ]

    static func mapping(_ name: String) throws -> Mapping {
        try #require(try MappingFolder.load(path: Place.path("mappings/\(name).yaml")).mapping)
    }

    @Test("None ships without being tried here") func complete() throws {
        let mappings = try MappingFolder.load(folder: Place.path("mappings")).mappings
        #expect(mappings.filter { $0.source.format != .csv }.map(\.name) == Self.names)
    }

    @Test("Each gives what its own tests expect", arguments: names) func examples(_ name: String) throws {
        let mapping = try Self.mapping(name)
        #expect(!mapping.examples.isEmpty)
        for result in try MappingExamples.run(mapping, folder: Place.root.path, asOf: Place.today) {
            #expect(result.actual == result.expected)
        }
    }

    @Test("Detection by content picks the right one for each sample", arguments: names)
    func detection(_ name: String) throws {
        let mapping = try Self.mapping(name)
        let sample = try #require(mapping.examples.first).input
        var context = ReadingContext(asOf: Place.today)
        context.mappings = try MappingFolder.load(folder: Place.path("mappings")).mappings
        // The name says nothing of the format here; one mapping takes the voucher's id from it.
        let file = try SourceFile(
            path: Place.path(sample), name: "upload-0f1e2d3c-0000-4000-8000-000000000001.dat")
        var count = 0
        let reading = try Catalogue.read(file, context) { _ in count += 1 }
        #expect(reading.mapping == name)
        #expect(reading.faults == [])
        #expect(count > 0)
        #expect(reading.format == mapping.source.format.rawValue)
    }

    /// Reads a shipped sample with a part of it replaced, under a name that a saved answer could have.
    private func read(_ sample: String, _ old: String, _ new: String) throws -> (Reading, [Document]) {
        let text = try String(contentsOfFile: Place.path("samples/mappings/\(sample)"), encoding: .utf8)
        #expect(text.contains(old))
        var context = ReadingContext(asOf: Place.today)
        context.mappings = try MappingFolder.load(folder: Place.path("mappings")).mappings
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("tieout-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: path) }
        try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: path)
        var documents: [Document] = []
        let file = try SourceFile(path: path.path, name: sample)
        let reading = try Catalogue.read(file, context) { documents.append($0) }
        return (reading, documents)
    }

    @Test("Twinfield's list of suppliers is no list of customers") func suppliers() throws {
        let (reading, documents) = try read("twinfield-customer-list.xml", "type=\"DEB\"", "type=\"CRD\"")
        #expect(reading.mapping == nil)
        #expect(documents.isEmpty)
    }

    @Test("Exact's receivables without the type of their transactions are not taken for payments")
    func untyped() throws {
        let (reading, documents) = try read("exact-payments.json", "\"TransactionType\"", "\"Type\"")
        #expect(reading.faults.map(\.code) == ["MAPPING-NONE"])
        #expect(documents.isEmpty)
    }

    @Test("Lexware's payments of a purchase are left out, those of a credit note went out")
    func voucherTypes() throws {
        let sample = "lexware-payments-0f1e2d3c-0000-4000-8000-000000000001.json"
        let type = "\"voucherType\": \"invoice\""
        let purchase = try read(sample, type, "\"voucherType\": \"purchaseinvoice\"")
        #expect(purchase.1.isEmpty)
        let credit = try read(sample, type, "\"voucherType\": \"creditnote\"")
        let payments = credit.1.compactMap { if case .payment(let one) = $0 { one } else { nil } }
        #expect(payments.map(\.amount.minorUnits) == [-35000, -10000, -4000])
    }

    @Test("What Moneybird says of a payment that is not known there is a fault, no cash") func unknownPayment() throws {
        let sample = try String(
            contentsOfFile: Place.path("samples/mappings/moneybird-sales-invoices.json"), encoding: .utf8)
        let text = sample.replacingOccurrences(of: "\"cash_payment\"", with: "\"novelty\"")
        #expect(text != sample)
        var context = ReadingContext(asOf: Place.today)
        context.mapping = try MappingFolder.load(path: Place.path("mappings/moneybird-sales-invoices.yaml")).mapping
        let path = NSTemporaryDirectory() + "tieout-\(UUID().uuidString).json"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var booked = 0
        let reading = try Catalogue.read(try SourceFile(path: path), context) { document in
            if case .payment(let payment) = document, payment.status == .booked { booked += 1 }
        }
        #expect(reading.faults.map(\.code) == ["VALUE-UNMAPPED"])
        #expect(booked == 0)
    }
}
