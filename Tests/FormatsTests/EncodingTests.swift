// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing
import Trees

@Suite("Encodings") struct EncodingTests {
    static func mapping(_ encoding: String) -> String {
        Desk.payments(
            "read: { decimal: \".\", date: iso }",
            file: encoding.isEmpty ? "format: csv" : "format: csv, encoding: \(encoding)")
    }

    static let text = "d;a;n\r\n2026-01-02;1.00;Köhler & Söhne Größe\r\n"

    static func utf16(_ text: String, big: Bool) -> [UInt8] {
        let units = [0xFEFF] + Array(text.utf16)
        return units.flatMap { big ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }
    }

    static func bytes(_ text: String, _ table: [Unicode.Scalar: UInt8]) -> [UInt8] {
        text.unicodeScalars.map { table[$0] ?? UInt8(truncatingIfNeeded: $0.value) }
    }

    static let cases: [(String, String, [UInt8], String)] = [
        ("UTF-8", "", Array(text.utf8), "Köhler & Söhne Größe"),
        ("UTF-8 with a mark", "", [0xEF, 0xBB, 0xBF] + Array(text.utf8), "Köhler & Söhne Größe"),
        ("UTF-16 little endian", "", utf16(text, big: false), "Köhler & Söhne Größe"),
        ("UTF-16 big endian", "", utf16(text, big: true), "Köhler & Söhne Größe"),
        ("windows-1252", "windows-1252", bytes("d;a;n\n2026-01-02;1;5 € Ž\n", ["€": 0x80, "Ž": 0x8E]), "5 € Ž"),
        ("windows-1250", "cp1250", bytes("d;a;n\n2026-01-02;1;Łódź\n", ["Ł": 0xA3, "ó": 0xF3, "ź": 0x9F]), "Łódź"),
        ("ISO 8859-1", "iso-8859-1", bytes("d;a;n\n2026-01-02;1;Größe\n", [:]), "Größe"),
        ("ISO 8859-15", "iso-8859-15", bytes("d;a;n\n2026-01-02;1;5 €\n", ["€": 0xA4]), "5 €"),
        ("a list, tried in order", "[utf-8, windows-1252]", bytes("d;a;n\n2026-01-02;1;Größe\n", [:]), "Größe"),
    ]

    @Test("Names come out right", arguments: cases)
    func reads(_ title: String, _ declared: String, _ bytes: [UInt8], _ name: String) throws {
        let (reading, documents) = try Desk.read(bytes, mapping: Self.mapping(declared))
        #expect(reading.faults == [])
        #expect(documents.first?.node["payer_name"]?.scalar == name)
    }

    @Test("A character over two pieces of the file stays whole") func seam() throws {
        let row = "2026-01-02;1.00;" + String(repeating: "ö€", count: 30) + "\n"
        let text = "d;a;n\n" + String(repeating: row, count: 8000)
        let (reading, documents) = try Desk.read(Self.utf16(text, big: false), mapping: Self.mapping(""))
        #expect(reading.faults == [])
        #expect(Set(documents.compactMap { $0.node["payer_name"]?.scalar }) == [String(repeating: "ö€", count: 30)])
        #expect(documents.count == 8000)
    }

    static let latin = bytes("d;a;n\n2026-01-02;1;Größe\n", [:])

    @Test("Undeclared bytes that are not UTF-8 are read as windows-1252, with a warning") func guessed() throws {
        let (reading, documents) = try Desk.read(Self.latin, mapping: Self.mapping(""))
        #expect(reading.faults.map(\.code) == ["ENCODING-GUESSED"])
        #expect(reading.faults.first?.at == .line(2))
        #expect(documents.first?.node["payer_name"]?.scalar == "Größe")
    }

    @Test("UTF-8 under another name is read as what it is, with a warning") func differs() throws {
        let (reading, documents) = try Desk.read(Array(Self.text.utf8), mapping: Self.mapping("windows-1252"))
        #expect(reading.faults.map(\.code) == ["ENCODING-DIFFERS"])
        #expect(documents.first?.node["payer_name"]?.scalar == "Köhler & Söhne Größe")
    }

    @Test("Bytes the declared encoding does not have refuse the file") func wrong() throws {
        var (reading, documents) = try Desk.read(Self.latin, mapping: Self.mapping("utf-8"))
        #expect(reading.faults.map(\.code) == ["ENCODING-WRONG"])
        #expect(documents.isEmpty)
        let undefined = Array("d;a;n\n2026-01-02;1;x\n2026-01-02;1;".utf8) + [0x81, 0x0A]
        (reading, documents) = try Desk.read(undefined, mapping: Self.mapping("windows-1252"))
        #expect(reading.faults.map(\.code) == ["ENCODING-WRONG"])
        #expect(reading.faults.first?.at == .line(3))
        #expect(documents.isEmpty)
    }

    @Test("NUL bytes are no text") func nul() throws {
        let bytes = Array("d;a;n\n2026-01-02;1;x\n".utf8) + [0]
        #expect(try Desk.read(bytes, mapping: Self.mapping("")).reading.faults.map(\.code) == ["NUL-BYTE"])
        let utf16 = Array(Self.utf16(Self.text, big: false).dropFirst(2))
        #expect(try Desk.read(utf16, mapping: Self.mapping("")).reading.faults.map(\.code) == ["NUL-BYTE"])
    }
}
