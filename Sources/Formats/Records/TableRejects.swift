// SPDX-License-Identifier: Apache-2.0
import Mappings

/// The rows of a table that were left out, as a text that can be corrected and imported again.
///
/// UTF-8 with the table's header and delimiter; the header stands in the line where the mapping looks for it.
package struct TableRejects: Sendable {
    /// Rows that were left out.
    package private(set) var count = 0
    /// Rows that are in `bytes`; fewer than `count` past `bytesMax`.
    package private(set) var kept = 0
    package private(set) var bytes: [UInt8] = []
    private let delimiter: UInt8
    private let mapping: Mapping

    package static let bytesMax = 1 << 26

    init(_ place: TablePlace) {
        delimiter = place.delimiter
        mapping = place.mapping
        let line = mapping.source.headerRow ?? 1
        if line > 0 { header(place.header, line: line) }
    }

    private mutating func header(_ names: [String], line: Int) {
        bytes.append(contentsOf: repeatElement(0x0A, count: line - 1))
        for (index, name) in names.enumerated() {
            if index > 0 { bytes.append(delimiter) }
            append(Array(name.utf8)[...])
        }
        bytes.append(0x0A)
    }

    mutating func add(_ row: borrowing Record) {
        count += 1
        guard bytes.count < Self.bytesMax else { return }
        kept += 1
        for column in 0..<row.count {
            if column > 0 { bytes.append(delimiter) }
            if let text = mapping.asWritten(row, column) {
                append(Array(text.utf8)[...])
            } else {
                append(row.bytes[row.starts[column]..<row.ends[column]])
            }
        }
        bytes.append(0x0A)
    }

    private mutating func append(_ field: ArraySlice<UInt8>) {
        let quote = mapping.source.quote ?? 0x22
        guard field.contains(where: { $0 == delimiter || $0 == quote || $0 == 0x0A || $0 == 0x0D }) else {
            bytes.append(contentsOf: field)
            return
        }
        bytes.append(quote)
        for byte in field {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        bytes.append(quote)
    }
}
