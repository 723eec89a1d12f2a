// SPDX-License-Identifier: Apache-2.0

import Foundation
import TieoutTesting

/// Each format's own way to be hostile: lines and fields without end, nesting without bottom, NUL bytes, bytes of
/// another encoding, archives that inflate.
extension HostileFileTests {
    static let formats = texts + banks + records + archives

    private static let wide = "<?xml version=\"1.0\" encoding=\"UTF-32\"?><Invoice>x</Invoice>".unicodeScalars
    private static let texts: [Hostile] = [
        Hostile(
            name: "latin.xml", code: "XML-ENCODING", head: "<Invoice>", tail: [0x4D, 0xFC, 0x6C] + unit("</Invoice>")),
        Hostile(
            name: "wide.xml", code: "XML-ENCODING",
            tail: wide.flatMap { [0, 0, UInt8($0.value >> 8 & 255), UInt8($0.value & 255)] }),
        Hostile(
            name: "field.datev.csv", code: "QUOTE-OPEN", head: datev + "\"", unit: unit("x"), megabytes: megabytes),
        Hostile(name: "row.datev.csv", code: "COLUMNS-TOO-MANY", head: datev, unit: unit("1;"), megabytes: 20),
        Hostile(name: "nul.datev.csv", code: "NUL-BYTE", head: datev, unit: [0], megabytes: megabytes),
    ]

    private static let datev = first("datev-amount/input.csv", lines: 2)
    private static let statement = ":20:A\r\n:25:NL91ABNA0417164300\r\n:28C:1\r\n:60F:C260301EUR1,00\r\n"
    private static let ofx =
        "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\n\r\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR"
    private static let coda = first("coda-truncated/input.cod", lines: 1)
    private static let cnab = first("cnab-truncated/input.txt", lines: 1)

    private static let banks: [Hostile] = [
        Hostile(
            name: "line.sta", code: "LINE-LENGTH", head: statement + ":61:", unit: unit("x"), megabytes: fieldMegabytes),
        Hostile(
            name: "field.sta", code: "MT940-FIELD-LIMIT",
            head: statement + ":61:2603020302C1,00NTRFNONREF\r\n:86:x\r\n",
            unit: unit("more\r\n"), megabytes: megabytes),
        Hostile(name: "nul.sta", code: "NUL-BYTE", head: statement, unit: [0], megabytes: megabytes),
        Hostile(name: "cut.sta", code: "MT940-TRUNCATED", head: statement + ":61:2603020302C1,00NTRF"),
        Hostile(
            name: "text.ofx", code: "OFX-LIMIT", head: ofx + "<BANKACCTFROM><ACCTID>", unit: unit("x"),
            megabytes: fieldMegabytes),
        Hostile(name: "tag.ofx", code: "OFX-LIMIT", head: ofx + "<", unit: unit("x"), megabytes: megabytes),
        Hostile(name: "deep.ofx", code: "OFX-LIMIT", head: ofx, unit: unit("<STATUS>"), megabytes: megabytes),
        Hostile(name: "nul.ofx", code: "NUL-BYTE", head: ofx, unit: [0], megabytes: megabytes),
        Hostile(
            name: "line.cod", code: "LINE-LENGTH", head: coda + "21", unit: unit("0"), megabytes: fieldMegabytes),
        Hostile(name: "nul.cod", code: "NUL-BYTE", head: coda, unit: [0], megabytes: megabytes),
        Hostile(name: "line.ret", code: "LINE-LENGTH", head: cnab + "1", unit: unit("0"), megabytes: fieldMegabytes),
        Hostile(name: "nul.ret", code: "NUL-BYTE", head: cnab, unit: [0], megabytes: megabytes),
    ]

    private static let json = (format: "json", records: "*", number: "n")
    private static let xml = (format: "xml", records: "/a/b", number: "@n")
    // One value is held up to 64 MB.
    private static let records: [Hostile] = [
        Hostile(
            name: "string.json", code: "JSON-LIMIT", head: "[{\"n\":\"", unit: unit("x"),
            megabytes: max(80, fieldMegabytes), tail: unit("\"}]"), peakMegabytes: 160, mapping: json),
        Hostile(
            name: "members.json", code: "JSON-LIMIT", head: "[{", unit: unit("\"a\":1,"), megabytes: 80,
            peakMegabytes: 160, mapping: json),
        Hostile(
            // Below the limit of one value, which answers first above it.
            name: "deep.json", code: "JSON-FORM", unit: unit("["), megabytes: min(48, megabytes), peakMegabytes: 160,
            mapping: json),
        Hostile(
            name: "text.record.xml", code: "XML-LIMIT", head: "<a><b n=\"1\"><t>", unit: unit("x"),
            megabytes: max(80, fieldMegabytes), peakMegabytes: 256, mapping: xml),
        Hostile(
            name: "attribute.record.xml", code: "XML-LIMIT", head: "<a><b n=\"", unit: unit("x"), megabytes: megabytes,
            mapping: xml),
        Hostile(
            name: "nodes.record.xml", code: "XML-LIMIT", head: "<a><b>", unit: unit("<t/>"), megabytes: megabytes,
            peakMegabytes: 160, mapping: xml),
    ]

    // A workbook's texts are held up to 256 MB; a PDF as it is, up to 64 MB, and its invoice.
    private static let archives: [Hostile] = [
        Hostile(name: "bomb.xlsx", code: "ZIP-LIMIT", isMade: true),
        Hostile(name: "columns.xlsx", code: "COLUMNS-TOO-MANY", isMade: true),
        Hostile(name: "field.xlsx", code: "FIELD-TOO-LONG", isMade: true),
        Hostile(name: "texts.xlsx", code: "XLSX-LIMIT", peakMegabytes: 360, isMade: true),
        Hostile(name: "entity.xlsx", code: "XML-DOCTYPE", isMade: true),
        Hostile(name: "bomb.pdf", code: "PDF-LIMIT", peakMegabytes: 128, isMade: true),
        Hostile(name: "entity.pdf", code: "XML-DOCTYPE", isMade: true),
    ]

    /// The beginning of a file of the error gallery, with its line ends.
    private static func first(_ path: String, lines: Int) -> String {
        let url = Repository.root.appending(path: "Tests/Fixtures/Errors/\(path)")
        guard let bytes = try? Data(contentsOf: url) else { return "" }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).prefix(lines).map { $0 + "\r\n" }.joined()
    }
}
