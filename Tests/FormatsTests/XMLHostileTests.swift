// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// Files that are meant to harm: refused at once, in little time and memory.
@Suite("Hostile XML is refused")
struct XMLHostileTests {
    private func faults(_ pieces: [[UInt8]]) throws -> [Fault] {
        let origin = Provenance.Origin(sha256: "", name: "hostile.xml", format: "ubl")
        var documents = 0
        let reading = try UBLFormat.read(pieces: pieces, origin) { _ in documents += 1 }
        #expect(documents == 0)
        return reading.faults
    }

    private func faults(_ text: String) throws -> [Fault] { try faults([Array(text.utf8)]) }

    static let doctypes = [
        "<!DOCTYPE Invoice [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>",
        "<!DOCTYPE Invoice SYSTEM \"http://127.0.0.1:1/x.dtd\">",
        "<!DOCTYPE Invoice [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE Invoice [<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]>",
        "<!DOCTYPE Invoice PUBLIC \"-//X//Y\" \"x.dtd\" [<!ATTLIST Invoice a CDATA \"b\">]>",
        "<!DOCTYPE Invoice>",
    ]

    @Test("Any document type declaration is refused before it is read", arguments: doctypes)
    func doctype(_ declaration: String) throws {
        let text =
            "<?xml version=\"1.0\"?>\n<!-- \(String(repeating: "x", count: 500)) -->\n\(declaration)\n<Invoice>&x;</Invoice>"
        #expect(try faults(text).map(\.code) == ["XML-DOCTYPE"])
        // Byte by byte, and in UTF-16, too.
        #expect(try faults(text.utf8.map { [$0] }).map(\.code) == ["XML-DOCTYPE"])
        let wide = text.replacing("<?xml version=\"1.0\"?>", with: "").utf16.flatMap {
            [UInt8($0 >> 8), UInt8($0 & 255)]
        }
        #expect(try faults([[0xFE, 0xFF] + wide]).map(\.code) == ["XML-DOCTYPE"])
    }

    @Test("A hundred thousand elements inside each other are refused")
    func depth() throws {
        #expect(try faults("<Invoice>" + String(repeating: "<a>", count: 100_000)).map(\.code) == ["XML-LIMIT"])
        #expect(try faults("<Invoice>" + String(repeating: "<Party>", count: 100_000)).map(\.code) == ["XML-LIMIT"])
    }

    @Test("128 elements inside each other are allowed, 129 are not")
    func depthLimit() throws {
        let at = String(repeating: "<a>", count: 127) + String(repeating: "</a>", count: 127)
        #expect(try faults("<Invoice>\(at)</Invoice>").map(\.code).contains("XML-LIMIT") == false)
        #expect(try faults("<Invoice><a>\(at)</a></Invoice>").map(\.code) == ["XML-LIMIT"])
    }

    @Test("Too many attributes are refused", arguments: [257, 30_000, 200_000])
    func attributes(_ count: Int) throws {
        let all = (0..<count).map { " a\($0)=\"\"" }.joined()
        #expect(try faults("<Invoice\(all)/>").map(\.code) == ["XML-LIMIT"])
    }

    @Test("Too many namespace declarations are refused")
    func namespaces() throws {
        let all = (0..<400).map { " xmlns:a\($0)=\"urn:x\"" }.joined()
        #expect(try faults("<Invoice\(all)/>").map(\.code) == ["XML-LIMIT"])
    }

    @Test("A name of more than a kilobyte and a file of too many names are refused")
    func names() throws {
        #expect(try faults("<Invoice><\(String(repeating: "n", count: 1025))/></Invoice>").map(\.code) == ["XML-LIMIT"])
        let many = (0..<20_000).map { "<n\($0)/>" }.joined()
        #expect(try faults("<Invoice>\(many)</Invoice>").map(\.code) == ["XML-LIMIT"])
    }

    @Test(
        "A comment, tag or instruction without an end is refused while it still arrives",
        arguments: ["<!--", "<a b=\"", "<?pi "])
    func endless(_ start: String) throws {
        let megabyte = [UInt8](repeating: 0x78, count: 1 << 20)
        #expect(try faults([Array("<Invoice>\(start)".utf8), megabyte, megabyte]).map(\.code) == ["XML-LIMIT"])
    }

    @Test("More than 64 MB of text in one element is refused")
    func text() throws {
        let megabyte = [UInt8](repeating: 0x78, count: 1 << 20)
        let pieces = [Array("<Invoice><ID>".utf8)] + Array(repeating: megabyte, count: 66)
        #expect(try faults(pieces).map(\.code) == ["XML-LIMIT"])
    }

    @Test("A document of more than a million elements outside its lines is refused")
    func elements() throws {
        let many = Array(String(repeating: "<Note/>", count: 100_000).utf8)
        let pieces = [Array("<Invoice>".utf8)] + Array(repeating: many, count: 12)
        #expect(try faults(pieces).map(\.code) == ["XML-LIMIT"])
    }

    @Test("Text that nobody wants is passed by without being kept")
    func unwanted() throws {
        let megabyte = [UInt8](repeating: 0x78, count: 1 << 20)
        let pieces =
            [Array("<Invoice><Unknown>".utf8)] + Array(repeating: megabyte, count: 70)
            + [Array("</Unknown></Invoice>".utf8)]
        #expect(try faults(pieces).map(\.code).first == "BR-02")
    }
}
