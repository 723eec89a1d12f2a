// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Testing

/// Each bad input with the exact words it gets: `Tests/Fixtures/Errors/<what>/input.*` and `expected.txt`.
@Suite("Bad audit files, exports, status reports and PDFs are told where, what and what to do")
struct FileErrorGalleryTests {
    static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/Errors")

    /// Formats whose specimens another suite reads, because they need more than the file.
    static let elsewhere: Set<String> = ["csv", "xlsx", "xml", "ubl", "cii", "camt", "mt940", "ofx", "coda", "cnab"]

    /// Every other format of the catalogue, by what its specimens begin with: its name without version and hyphens.
    static let formats: [(prefix: String, format: Format)] = Catalogue.all.compactMap { format in
        let prefix = String(format.name.prefix { $0 != "." }.filter { $0 != "-" })
        return elsewhere.contains(prefix) ? nil : (prefix, format)
    }

    static var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }
    }

    static func prefix(_ name: String) -> String { String(name.prefix { $0 != "-" }) }

    static var specimens: [String] {
        names.filter { name in formats.contains { $0.prefix == prefix(name) } }.sorted()
    }

    @Test("Every specimen is some suite's: one that none reads would prove nothing", arguments: names)
    func isRead(_ name: String) {
        let prefix = Self.prefix(name)
        #expect(Self.elsewhere.contains(prefix) || Self.formats.contains { $0.prefix == prefix })
    }

    @Test("The gallery is there")
    func complete() {
        #expect(Self.specimens.count >= 60)
    }

    @Test("A specimen gets its message", arguments: specimens)
    func message(_ name: String) throws {
        let format = try #require(Self.formats.first { $0.prefix == Self.prefix(name) }).format
        let specimen = Self.folder.appendingPathComponent(name)
        let files = try FileManager.default.contentsOfDirectory(atPath: specimen.path)
        let input = try #require(files.first { $0.hasPrefix("input.") })
        let file = try SourceFile(path: specimen.appendingPathComponent(input).path)
        var documents: [Document] = []
        let reading = try format.read(file, ReadingContext(asOf: try #require(Day("2026-03-31")))) {
            documents.append($0)
        }
        let text =
            reading.faults.map {
                "\($0.severity.rawValue) \($0.code) at \($0.at.text)\n  \($0.message)\n  \($0.hint)\n"
            }
            .joined() + "documents: \(reading.refused ? 0 : documents.count)\n"
        let expected = specimen.appendingPathComponent("expected.txt")
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try Data(text.utf8).write(to: expected)
        } else {
            #expect(try text == String(contentsOf: expected, encoding: .utf8))
        }
        #expect(!reading.faults.isEmpty)
        #expect(reading.faults.allSatisfy { $0.code == $0.code.uppercased() && !$0.hint.isEmpty })
    }
}
