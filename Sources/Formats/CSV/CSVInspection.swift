// SPDX-License-Identifier: Apache-2.0
package import Documents
import Mappings
package import Trees

/// What a table is and how it would be read, without reading it into documents; what `inspect` prints.
package struct CSVInspection: Sendable {
    package struct Column: Sendable {
        package enum Kind: String, Sendable { case empty, text, amount, day, currency, number }

        package var name: String
        package var kind: Kind
        /// Why that is believed, or why it is in doubt.
        package var why: String
        /// The convention a mapping would declare; nil when nothing is to be declared or it is in doubt.
        package var convention: String?
        /// Fields that are not blank.
        package var filled: Int
        package var samples: [String]
    }

    package var encoding: EncodingChoice
    package var dialect: CSVDialect
    package var headerLine: Int
    package var rows: Int
    package var columns: [Column]
    /// The mapping that would read it; nil when none fits.
    package var mapping: String?
    /// Why no mapping would read it, and what is structurally wrong.
    package var faults: [Fault]

    package var node: Node {
        .compact([
            ("format", .text("csv")), ("encoding", .text(encoding.encoding.rawValue)),
            ("encoding_why", .text(encoding.reason)), ("delimiter", .text(delimiter)),
            ("delimiter_why", .text(dialect.reason)), ("header_row", .integer(headerLine)), ("rows", .integer(rows)),
            ("mapping", .text(mapping)),
            (
                "columns",
                .list(
                    columns.map { column in
                        .compact([
                            ("name", .text(column.name)), ("type", .text(column.kind.rawValue)),
                            ("why", .text(column.why)), ("convention", .text(column.convention)),
                            ("filled", .integer(column.filled)), ("samples", .list(column.samples.map { .text($0) })),
                        ])
                    })
            ), ("faults", faults.isEmpty ? .null : .list(faults.map(\.node))),
        ])
    }

    /// The same for people.
    package var text: String {
        let width = min(30, columns.map(\.name.count).max() ?? 0)
        var lines = [
            "format     csv", "encoding   \(encoding.encoding.rawValue): \(encoding.reason)",
            "delimiter  \(dialect.reason)", "header     line \(headerLine)", "rows       \(rows)",
            "mapping    \(mapping ?? "none fits")", "",
        ]
        for (index, column) in columns.enumerated() {
            let name = column.name.isEmpty ? "$\(index + 1)" : column.name
            let padded = name + String(repeating: " ", count: max(0, width - name.count))
            lines.append("  \(padded)  \(column.kind.rawValue): \(column.why)")
        }
        if !faults.isEmpty { lines.append("") }
        for fault in faults { lines.append("\(fault.code) at \(fault.at.text): \(fault.message) → \(fault.hint)") }
        return lines.joined(separator: "\n")
    }

    private var delimiter: String { String(decoding: [dialect.delimiter], as: UTF8.self) }
}

/// What one column's fields have in common.
struct ColumnCensus {
    private(set) var filled = 0
    private(set) var samples: [String] = []
    private var amounts = 0
    private var days = 0
    private var currencies = 0
    private var marked = false
    private var zeroLed = false
    private var amountEvidence = AmountEvidence()
    private var dayEvidence = DateEvidence()

    mutating func add(_ bytes: [UInt8], _ start: Int, _ end: Int, line: Int) {
        filled += 1
        if samples.count < 3 { samples.append(String(decoding: bytes[start..<min(end, start + 40)], as: UTF8.self)) }
        if Self.isDay(bytes, start, end) {
            days += 1
            dayEvidence.add(bytes, start, end, line: line)
        }
        if let isMarked = Self.amountMarks(bytes, start, end) {
            amounts += 1
            marked = marked || isMarked
            let second = start + 1 < end ? bytes[start + 1] : 0
            zeroLed = zeroLed || bytes[start] == 0x30 && second >= 0x30 && second <= 0x39
            amountEvidence.add(bytes, start, end, line: line)
        }
        if end - start == 3, Currency(String(decoding: bytes[start..<end], as: UTF8.self)) != nil { currencies += 1 }
    }

    private static func isDay(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
        guard bytes[start..<end].contains(where: { $0 == 0x2E || $0 == 0x2D || $0 == 0x2F }) else { return false }
        return DateConvention.yearFirst.read(bytes, start, end) != nil
            || DateConvention.dayFirst.read(bytes, start, end) != nil
            || DateConvention.monthFirst.read(bytes, start, end) != nil
    }

    /// Whether a field is digits with amount marks, and whether it has a decimal or group mark; nil when it is not.
    private static func amountMarks(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool? {
        let isDigits = [
            AmountConvention(decimal: 0x2C, group: .mark(0x2E)), AmountConvention(decimal: 0x2E, group: .mark(0x2C)),
        ]
        .contains { if case .value = AmountText.read(bytes, start, end, $0) { true } else { false } }
        guard isDigits else { return nil }
        return bytes[start..<end].contains { $0 == 0x2C || $0 == 0x2E }
    }

    func column(_ name: String) -> CSVInspection.Column {
        var column = CSVInspection.Column(
            name: name, kind: .text, why: "text as it stands", filled: filled, samples: samples)
        if filled == 0 {
            (column.kind, column.why) = (.empty, "every field is blank")
        } else if days == filled {
            column.kind = .day
            switch dayEvidence.settle(column: name) {
            case .success(let convention):
                (column.why, column.convention) = (convention.description, convention.pattern(samples[0]))
            case .failure(let refusal): column.why = "in doubt: \(refusal.message)"
            }
        } else if currencies == filled {
            (column.kind, column.why) = (.currency, "every field is an ISO 4217 code")
        } else if amounts == filled, marked, !zeroLed {
            column.kind = .amount
            switch amountEvidence.settle(column: name) {
            case .success(let convention):
                (column.why, column.convention) = (convention.description, convention.decimal == 0x2C ? "," : ".")
            case .failure(let refusal): column.why = "in doubt: \(refusal.message)"
            }
        } else if amounts == filled, !zeroLed {
            (column.kind, column.why) = (.number, "whole numbers: amounts, counts or identifiers")
        }
        return column
    }
}

extension DateConvention {
    /// The pattern of a column whose first field is given, as `read.date` would say it.
    fileprivate func pattern(_ sample: String) -> String? {
        let mark = sample.first { "./-".contains($0) } ?? "-"
        let parts = sample.prefix(10).split(separator: mark)
        guard parts.count == 3 else { return nil }
        let isPadded = parts.allSatisfy { $0.utf8.count != 1 }
        let (day, month) = isPadded ? ("dd", "MM") : ("d", "M")
        switch self {
        case .yearFirst, .iso: return mark == "-" ? "iso" : "yyyy\(mark)\(month)\(mark)\(day)"
        case .dayFirst: return "\(day)\(mark)\(month)\(mark)yyyy"
        case .monthFirst: return "\(month)\(mark)\(day)\(mark)yyyy"
        default: return nil
        }
    }
}

extension CSVFormat {
    /// Looks at the whole file: what it is, and what each column's fields have in common.
    package static func inspect(_ file: SourceFile, _ context: ReadingContext) throws -> CSVInspection? {
        try CSVReader(file: file, context: context).inspect()
    }
}

extension CSVReader {
    /// Nil when the file's text cannot be decoded at all.
    func inspect() throws -> CSVInspection? {
        let head = try file.head(Catalogue.headSize)
        var faults: [Fault] = []
        var mapping: String?
        var layout: CSVLayout?
        switch CSVLayoutFinder(file: file, context: context, head: head).find() {
        case .success(let found): (layout, mapping) = (found, found.mapping.name)
        case .failure(let refusal): faults = refusal.faults
        }
        guard let encoding = layout?.encoding ?? (try? EncodingChoice.choose(file, head: head, declared: []).get())
        else {
            return nil
        }
        var decoder = TextDecoder(encoding)
        let text = decoder.decode(head)
        let isWhole = head.count >= file.size
        let dialect = layout?.dialect ?? CSVDialect.sniff(text, isWhole: isWhole)
        let rows = CSVDialect.rows(text, isWhole: isWhole, delimiter: dialect.delimiter, quote: dialect.quote)
        let likely = CSVLayoutFinder.likelyHeader(rows, naming: context.mappings.flatMap(\.columnsNamed))
        let header = layout?.header ?? likely?.fields ?? []
        let place = CSVPlace(
            encoding: encoding, dialect: dialect, headerLine: layout?.headerLine ?? likely?.line ?? 0,
            width: header.count)
        var censuses = header.map { _ in ColumnCensus() }
        var count = 0
        let end = try eachRow(place) { scanner in
            guard scanner.row.count >= header.count else { return }
            count += 1
            for column in header.indices {
                let (start, end) = Self.trimmed(scanner.row, column)
                if start < end { censuses[column].add(scanner.row.bytes, start, end, line: scanner.row.line) }
            }
        }
        if let failure = end.failure, !faults.contains(where: { $0.code == failure.fault.code }) {
            faults.append(failure.fault)
        }
        return CSVInspection(
            encoding: encoding, dialect: dialect, headerLine: place.headerLine, rows: count,
            columns: zip(header, censuses).map { $1.column($0) }, mapping: mapping, faults: faults)
    }

    private static func trimmed(_ row: Record, _ column: Int) -> (Int, Int) {
        var (start, end) = (row.starts[column], row.ends[column])
        while start < end, row.bytes[start] <= 0x20 { start += 1 }
        while start < end, row.bytes[end - 1] <= 0x20 { end -= 1 }
        return (start, end)
    }
}
