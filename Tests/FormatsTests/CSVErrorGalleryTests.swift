// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing

/// Each bad input with the exact words it gets: `Tests/Fixtures/Errors/csv-<what>/input.csv`, or `xlsx-<what>/input.xlsx`,
/// and `expected.txt`.
///
/// A `mapping.yaml` beside it is the mapping that must be used; otherwise the shipped ones are tried.
@Suite("Bad tables and workbooks are told where, what and what to do") struct CSVErrorGalleryTests {
    static let folder = Place.path("Tests/Fixtures/Errors")

    static var specimens: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix("csv-") || $0.hasPrefix("xlsx-") }.sorted()
    }

    @Test("The gallery is there") func complete() { #expect(Self.specimens.count >= 65) }

    @Test("A specimen gets its message", arguments: specimens) func message(_ name: String) throws {
        let specimen = Self.folder + "/" + name
        var context = ReadingContext(asOf: Place.today)
        context.defaultCurrency = .eur
        context.mappings = try MappingFolder.load(folder: Place.path("mappings")).mappings
        var faults: [Fault] = []
        if FileManager.default.fileExists(atPath: specimen + "/mapping.yaml") {
            let (mapping, problems) = try MappingFolder.load(path: specimen + "/mapping.yaml")
            context.mapping = mapping
            faults = problems
        }
        var count = 0
        if faults.isEmpty {
            let file = try SourceFile(path: specimen + (name.hasPrefix("xlsx-") ? "/input.xlsx" : "/input.csv"))
            let reading = try Catalogue.read(file, context) { _ in count += 1 }
            faults = reading.faults
            if reading.refused { count = 0 }
        }
        let text =
            faults.map { "\($0.severity.rawValue) \($0.code) at \($0.at.text)\n  \($0.message)\n  \($0.hint)\n" }
            .joined()
            + "documents: \(count)\n"
        let expected = specimen + "/expected.txt"
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try Data(text.utf8).write(to: URL(fileURLWithPath: expected))
        } else {
            #expect(try text == String(contentsOfFile: expected, encoding: .utf8))
        }
        #expect(!faults.isEmpty)
    }
}
