// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing

/// The mappings that ship for records of JSON; `CSVShippedMappingTests` has those of tables.
@Suite("The mappings of records that ship") struct RecordsShippedMappingTests {
    static let names = [
        "moneybird-sales-invoices", "sage-accounting-open-items", "sage-accounting-payments", "sicredi-boletos",
    ]

    @Test("None ships without being tried here") func listed() throws {
        let mappings = try MappingFolder.load(folder: Place.path("mappings")).mappings
        #expect(mappings.filter { $0.source.format == .json || $0.source.format == .xml }.map(\.name) == Self.names)
    }

    @Test("Each gives what its own tests expect", arguments: names) func examples(_ name: String) throws {
        let mapping = try #require(try MappingFolder.load(path: Place.path("mappings/\(name).yaml")).mapping)
        #expect(!mapping.examples.isEmpty)
        for result in try MappingExamples.run(mapping, folder: Place.root.path, asOf: Place.today) {
            #expect(result.actual == result.expected)
        }
    }

    @Test("Detection by content picks the right one for each sample", arguments: names)
    func detection(_ name: String) throws {
        var context = ReadingContext(asOf: Place.today)
        context.mappings = try MappingFolder.load(folder: Place.path("mappings")).mappings
        let mapping = try #require(context.mappings.first { $0.name == name })
        for example in mapping.examples {
            // The name says nothing here: content alone decides.
            let file = try SourceFile(path: Place.path(example.input), name: "upload-7.dat")
            var count = 0
            let reading = try Catalogue.read(file, context) { _ in count += 1 }
            #expect(reading.mapping == name)
            #expect(reading.faults == [])
            #expect(count > 0)
        }
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
