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

    static let formats: [(prefix: String, format: Format, suffix: String)] = [
        ("pain-", PainFormat.format, "xml"), ("saft-", SAFTFormat.format, "xml"), ("xaf-", XAFFormat.format, "xml"),
        ("datev-", DATEVFormat.format, "csv"), ("pdf-", PDFFormat.format, "pdf"),
    ]

    static var specimens: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { name in formats.contains { name.hasPrefix($0.prefix) } }.sorted()
    }

    @Test("The gallery is there")
    func complete() {
        #expect(Self.specimens.count >= 60)
    }

    @Test("A specimen gets its message", arguments: specimens)
    func message(_ name: String) throws {
        let (_, format, suffix) = try #require(Self.formats.first { name.hasPrefix($0.prefix) })
        let specimen = Self.folder.appendingPathComponent(name)
        let file = try SourceFile(path: specimen.appendingPathComponent("input.\(suffix)").path)
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
