// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Testing

/// Each bad bank file with the exact words it gets: `Tests/Fixtures/Errors/<what>/input.*` and `expected.txt`.
@Suite("Bad bank files are told where, what and what to do")
struct MT940ErrorGalleryTests {
    static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/Errors")

    /// The beginning of a specimen's name, and its input's ending.
    static let kinds = ["mt940": "sta", "ofx": "ofx", "coda": "cod", "cnab": "txt"]

    static var specimens: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { name in kinds.keys.contains { name.hasPrefix($0 + "-") } }.sorted()
    }

    @Test("The gallery is there")
    func complete() {
        #expect(Self.specimens.count >= 65)
    }

    @Test("A specimen gets its message", arguments: specimens)
    func message(_ name: String) throws {
        let kind = String(name.prefix { $0 != "-" })
        let specimen = Self.folder.appendingPathComponent(name)
        let input = "input.\(Self.kinds[kind] ?? "")"
        let bytes = [UInt8](try Data(contentsOf: specimen.appendingPathComponent(input)))
        let origin = Provenance.Origin(sha256: "", name: input, format: kind)
        var documents: [Document] = []
        func emit(_ document: Document) { documents.append(document) }
        let reading =
            switch kind {
            case "mt940": try MT940Format.read(pieces: [bytes], origin, emit)
            case "ofx": try OFXFormat.read(pieces: [bytes], origin, emit)
            case "coda": try CODAFormat.read(pieces: [bytes], origin, emit)
            default: try CNABFormat.read(pieces: [bytes], origin, emit)
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
