// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Mappings
import Testing

/// A workbook made of its parts, for tests: stored entries, no compression.
struct XLSXSample {
    struct Sheet {
        var name: String
        var state = "visible"
        /// What stands inside `<worksheet>`.
        var xml: String
    }

    var sheets: [Sheet]
    var texts: [String] = []
    /// `numFmt` codes from id 164 on, each with an `xf` of its own after the first, which is general.
    var formats: [String] = []
    var from1904 = false
    var prefix = ""
    var namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    var absolute = false
    /// Further entries by name.
    var others: [(String, String)] = []

    /// One sheet of rows given as the XML of their cells.
    init(_ rows: [String], after: String = "") {
        sheets = [Sheet(name: "Open", xml: Self.data(rows) + after)]
    }

    static func data(_ rows: [String]) -> String {
        "<sheetData>" + rows.enumerated().map { "<row r=\"\($0.offset + 1)\">\($0.element)</row>" }.joined()
            + "</sheetData>"
    }

    /// A row of inline texts, from column A on.
    static func row(_ texts: String...) -> String {
        texts.map { "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">\($0)</t></is></c>" }.joined()
    }

    static func number(_ value: String, style: Int = 0) -> String { "<c s=\"\(style)\"><v>\(value)</v></c>" }

    var bytes: [UInt8] {
        let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        let package = "http://schemas.openxmlformats.org/package/2006/relationships"
        func relation(_ id: String, _ type: String, _ target: String) -> String {
            "<Relationship Id=\"\(id)\" Type=\"\(relations)/\(type)\" Target=\"\(target)\"/>"
        }
        let folder = absolute ? "/xl/" : ""
        var entries: [(String, String)] = [
            ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
            (
                "_rels/.rels",
                "<Relationships xmlns=\"\(package)\">" + relation("r1", "officeDocument", "xl/workbook.xml")
                    + "</Relationships>"
            ),
        ]
        let list = sheets.enumerated().map { index, sheet in
            "<\(prefix)sheet name=\"\(sheet.name)\" sheetId=\"\(index + 1)\" state=\"\(sheet.state)\" "
                + "r:id=\"s\(index + 1)\"/>"
        }.joined()
        let bound = prefix.isEmpty ? "xmlns" : "xmlns:\(prefix.dropLast())"
        entries.append(
            (
                "xl/workbook.xml",
                "<\(prefix)workbook \(bound)=\"\(namespace)\" xmlns:r=\"\(relations)\">"
                    + "<\(prefix)workbookPr date1904=\"\(from1904 ? 1 : 0)\"/><\(prefix)sheets>\(list)"
                    + "</\(prefix)sheets></\(prefix)workbook>"
            ))
        var links = sheets.indices.map { relation("s\($0 + 1)", "worksheet", "\(folder)worksheets/sheet\($0 + 1).xml") }
        links.append(relation("st", "styles", "\(folder)styles.xml"))
        links.append(relation("tx", "sharedStrings", "\(folder)sharedStrings.xml"))
        entries.append(
            ("xl/_rels/workbook.xml.rels", "<Relationships xmlns=\"\(package)\">\(links.joined())</Relationships>"))
        let codes = formats.enumerated().map {
            "<numFmt numFmtId=\"\(164 + $0.offset)\" formatCode=\"\($0.element)\"/>"
        }
        let xfs = ["<xf numFmtId=\"0\"/>"] + formats.indices.map { "<xf numFmtId=\"\(164 + $0)\"/>" }
        entries.append(
            (
                "xl/styles.xml",
                "<styleSheet xmlns=\"\(namespace)\"><numFmts>\(codes.joined())</numFmts>"
                    + "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>\(xfs.joined())</cellXfs></styleSheet>"
            ))
        entries.append(
            (
                "xl/sharedStrings.xml",
                "<sst xmlns=\"\(namespace)\">\(texts.map { "<si>\($0)</si>" }.joined())</sst>"
            ))
        for (index, sheet) in sheets.enumerated() {
            entries.append(
                (
                    "xl/worksheets/sheet\(index + 1).xml",
                    "<worksheet xmlns=\"\(namespace)\">\(sheet.xml)</worksheet>"
                ))
        }
        return Self.zip(entries + others)
    }

    // MARK: The archive

    static func zip(_ entries: [(String, String)], declaring size: UInt32? = nil) -> [UInt8] {
        var out: [UInt8] = []
        var directory: [UInt8] = []
        for (name, text) in entries {
            let data = Array(text.utf8)
            let offset = UInt32(out.count)
            var fields = bytes(UInt16(20)) + bytes(UInt16(0)) + bytes(UInt16(0)) + bytes(UInt32(0)) + bytes(crc(data))
            fields += bytes(UInt32(data.count)) + bytes(size ?? UInt32(data.count))
            fields += bytes(UInt16(name.utf8.count)) + bytes(UInt16(0))
            out += bytes(UInt32(0x0403_4B50)) + fields + Array(name.utf8) + data
            directory += bytes(UInt32(0x0201_4B50)) + bytes(UInt16(20)) + fields + bytes(UInt16(0))
            directory += bytes(UInt16(0)) + bytes(UInt16(0)) + bytes(UInt32(0)) + bytes(offset) + Array(name.utf8)
        }
        let start = UInt32(out.count)
        out += directory
        out +=
            bytes(UInt32(0x0605_4B50)) + bytes(UInt32(0)) + bytes(UInt16(entries.count)) + bytes(UInt16(entries.count))
        out += bytes(UInt32(directory.count)) + bytes(start) + bytes(UInt16(0))
        return out
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<(value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func crc(_ data: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in data {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
