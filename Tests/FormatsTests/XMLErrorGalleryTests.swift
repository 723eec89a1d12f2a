// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Testing

/// Each bad input with the exact words it gets: `Tests/Fixtures/Errors/<what>/input.xml` and `expected.txt`.
@Suite("Bad XML files are told where, what and what to do")
struct XMLErrorGalleryTests {
    static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/Errors")

    static var specimens: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let kinds = ["xml-", "ubl-", "cii-", "camt-"]
        return names.filter { name in kinds.contains { name.hasPrefix($0) } }.sorted()
    }

    @Test("The gallery is there")
    func complete() {
        #expect(Self.specimens.count >= 60)
    }

    @Test("A specimen gets its message", arguments: specimens)
    func message(_ name: String) throws {
        let specimen = Self.folder.appendingPathComponent(name)
        let bytes = [UInt8](try Data(contentsOf: specimen.appendingPathComponent("input.xml")))
        let origin = Provenance.Origin(sha256: "", name: "input.xml", format: "")
        var documents: [Document] = []
        let emit = { documents.append($0) }
        let reading =
            switch name.prefix(4) {
            case "camt": try CamtFormat.read(pieces: [bytes], origin, emit)
            case "cii-": try CIIFormat.read(pieces: [bytes], origin, emit)
            default: try UBLFormat.read(pieces: [bytes], origin, emit)
            }
        let landed = reading.refused ? 0 : documents.count
        let text =
            reading.faults.map {
                "\($0.severity.rawValue) \($0.code) at \($0.at.text)\n  \($0.message)\n  \($0.hint)\n"
            }
            .joined() + "documents: \(landed)\n"
        let expected = specimen.appendingPathComponent("expected.txt")
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try Data(text.utf8).write(to: expected)
        } else {
            #expect(try text == String(contentsOf: expected, encoding: .utf8))
        }
        #expect(!reading.faults.isEmpty)
    }
}
