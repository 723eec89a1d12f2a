// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings

/// Character-separated text through a mapping, in two passes.
///
/// Pass 1 decides encoding, dialect, mapping, header and what the columns' values settle; pass 2 maps.
package enum CSVFormat {
    package static let format = Format(
        name: "csv", isText: true, detect: { detect($0, $1) },
        read: { file, context, emit in try CSVReader(file: file, context: context).read(emit) })

    /// Beginnings that are certainly another thing.
    private static let foreign: [[UInt8]] = [
        Array("<".utf8), Array("{".utf8), Array("%PDF".utf8), [0x50, 0x4B, 0x03, 0x04], [0x1F, 0x8B],
        [0xD0, 0xCF, 0x11, 0xE0], Array("SQLite format 3".utf8), [0x89, 0x50, 0x4E, 0x47],
    ]

    private static func detect(_ head: [UInt8], _ name: String) -> Format.Detection {
        guard !head.isEmpty else { return Format.Detection(10, "the file is empty") }
        let mark = TextEncoding.mark(of: head)
        let first = head.dropFirst(mark?.length ?? 0).drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        if foreign.contains(where: { first.starts(with: $0) }) { return .none }
        let isNamed = name.lowercased().hasSuffix(".csv") || name.lowercased().hasSuffix(".txt")
        if head.contains(0), mark == nil || mark?.encoding == .utf8 {
            return isNamed ? Format.Detection(15, "named as text, but it holds NUL bytes") : .none
        }
        if mark != nil, mark?.encoding != .utf8 { return Format.Detection(40, "UTF-16 text") }
        let dialect = CSVDialect.sniff(head, isWhole: head.count < Catalogue.headSize)
        let rows = CSVDialect.rows(
            head, isWhole: head.count < Catalogue.headSize, delimiter: dialect.delimiter, quote: dialect.quote)
        let usual = CSVDialect.usualCount(rows)
        guard usual.columns > 1 else { return Format.Detection(15, "text without columns") }
        return Format.Detection(50, dialect.reason)
    }
}

/// One reading of one file.
struct CSVReader {
    let file: SourceFile
    let context: ReadingContext

    func read(_ emit: (Document) throws -> Void) throws -> Reading {
        var reading = Reading(format: "csv")
        let head = try file.head(Catalogue.headSize)
        guard !isBlank(head) else {
            reading.faults.append(
                Fault(
                    "FILE-EMPTY", .refusal, at: .file, "\(file.name) is empty",
                    hint: "Export it again; if there was nothing to export, leave it out."))
            return reading
        }
        let layout: CSVLayout
        switch try CSVLayoutFinder(file: file, context: context, head: head).find() {
        case .success(let found): layout = found
        case .failure(let refusal):
            reading.faults = refusal.faults
            return reading
        }
        if let warning = layout.encoding.warning { reading.faults.append(warning) }
        let place = TablePlace(
            format: "csv", mapping: layout.mapping, headerLine: layout.headerLine, header: layout.header,
            preamble: layout.preamble, delimiter: layout.dialect.delimiter)
        try TableReading(
            file: file, context: context, place: place, rows: CSVRows(file: file, place: layout.place)
        ).read(into: &reading, emit)
        return reading
    }

    private func isBlank(_ head: [UInt8]) -> Bool {
        let length = TextEncoding.mark(of: head)?.length ?? 0
        return head.count >= file.size && head.dropFirst(length).allSatisfy { $0 <= 0x20 && $0 != 0 }
    }
}

/// The rows of a text, cut anew in each pass.
struct CSVRows: TableRows {
    let file: SourceFile
    let place: CSVPlace

    func each(_ body: (borrowing Record) throws -> Void) throws -> [Fault] {
        var decoder = TextDecoder(place.encoding)
        var scanner = CSVScanner(delimiter: place.dialect.delimiter, quote: place.dialect.quote)
        var isPreamble = place.headerLine > 0
        func drain() throws {
            while try scanner.next() {
                if isPreamble {
                    isPreamble = scanner.row.line != place.headerLine
                    continue
                }
                if place.width > 1, scanner.row.isBlank { continue }
                try body(scanner.row)
            }
        }
        var faults: [Fault] = []
        do {
            try file.chunks { chunk in
                scanner.feed(decoder.decode(chunk))
                try drain()
            }
            scanner.feed(decoder.decode([], isLast: true))
            scanner.finish()
            try drain()
        } catch let failure as CSVFailure {
            faults.append(failure.fault)
        }
        if let line = decoder.badLine {
            faults.append(
                Fault(
                    "ENCODING-WRONG", .refusal, at: .line(line),
                    "line \(line) has bytes that mean nothing in \(place.encoding.encoding.rawValue)",
                    hint: "Declare the encoding the program writes, or export as UTF-8."))
        }
        return faults
    }
}

extension CSVFailure {
    var fault: Fault {
        switch problem {
        case .quoteOpen:
            Fault(
                "QUOTE-OPEN", .refusal, at: .line(line),
                "a quote that is opened in line \(line) is never closed",
                hint: "Correct the quote in that line, or declare another `quote:` in the mapping.")
        case .textAfterQuote:
            Fault(
                "QUOTE-FORM", .refusal, at: .line(line),
                "in line \(line) text follows a closing quote: \(text)",
                hint: "A quote inside a quoted field must be doubled: correct the export.")
        case .fieldTooLong:
            Fault(
                "FIELD-TOO-LONG", .refusal, at: .line(line),
                "line \(line) has a field of more than \(CSVScanner.fieldBytesMax) bytes",
                hint: "Check that the file is a table of text and not cut wrongly.")
        case .rowTooLong:
            Fault(
                "ROW-TOO-LONG", .refusal, at: .line(line),
                "the row that begins in line \(line) has more than \(CSVScanner.rowBytesMax) bytes",
                hint: "Check that the file is a table of text and not cut wrongly.")
        case .tooManyColumns:
            Fault(
                "COLUMNS-TOO-MANY", .refusal, at: .line(line),
                "line \(line) has more than \(CSVScanner.columnsMax) columns",
                hint: "Check the delimiter, or export fewer columns.")
        }
    }
}
