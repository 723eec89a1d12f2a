// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings

/// Character-separated text through a mapping, in two passes.
///
/// Pass 1 decides encoding, dialect, mapping, header and what the columns' values settle; pass 2 maps.
package enum CSVFormat {
    package static let format = Format(
        name: "csv", detect: { detect($0, $1) },
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

    /// Ends pass 2 early; the fault that did it is in the reading.
    private struct Stop: Error {}

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
        switch CSVLayoutFinder(file: file, context: context, head: head).find() {
        case .success(let found): layout = found
        case .failure(let refusal):
            reading.faults = refusal.faults
            return reading
        }
        reading.mapping = layout.mapping.name
        reading.mappingDigest = layout.mapping.digest
        reading.snapshot = layout.mapping.isSnapshot
        if let warning = layout.encoding.warning { reading.faults.append(warning) }
        reading.faults += unread(layout)
        var mapper: RecordMapper
        switch RecordMapper.bind(
            layout.mapping, header: layout.header, headerLine: layout.headerLine, setting: setting(layout))
        {
        case .success(let bound): mapper = bound
        case .failure(let failure):
            reading.faults += failure.faults
            return reading
        }
        let refusals = try settle(&mapper, layout)
        guard refusals.isEmpty else {
            reading.faults += refusals
            return reading
        }
        try map(&mapper, layout, into: &reading, emit)
        finish(&reading, mapper, layout)
        return reading
    }

    private func isBlank(_ head: [UInt8]) -> Bool {
        let length = TextEncoding.mark(of: head)?.length ?? 0
        return head.count >= file.size && head.dropFirst(length).allSatisfy { $0 <= 0x20 && $0 != 0 }
    }

    private func setting(_ layout: CSVLayout) -> RecordMapper.Setting {
        var setting = RecordMapper.Setting(
            origin: Provenance.Origin(
                sha256: file.sha256, name: file.name, format: "csv", mapping: layout.mapping.name,
                mappingDigest: layout.mapping.digest),
            asOf: context.asOf)
        setting.defaultCurrency = context.defaultCurrency
        setting.config = context.config
        setting.offset = context.zoneOffset
        return setting
    }

    /// Columns a mapping with optional columns does not know: perhaps a name was misspelt.
    private func unread(_ layout: CSVLayout) -> [Fault] {
        guard case .these = layout.mapping.source.columns else { return [] }
        let named = layout.mapping.columnsNamed
        let unknown = layout.header.filter { !$0.isEmpty && !named.contains($0) }
        guard !unknown.isEmpty else { return [] }
        return [
            Fault(
                "COLUMN-UNREAD", .warning, at: .line(layout.headerLine),
                "the mapping \(layout.mapping.name) does not read \(CSVLayoutFinder.list(unknown))",
                hint: "Check for a misspelt column name; the `fields:` of the mapping list the names it knows.")
        ]
    }

    // MARK: Passes

    /// Every row after the header, each pass the same way.
    func eachRow(
        _ layout: CSVPlace, _ body: (borrowing CSVScanner) throws -> Void
    ) throws -> (failure: CSVFailure?, badLine: Int?) {
        var decoder = TextDecoder(layout.encoding)
        var scanner = CSVScanner(delimiter: layout.dialect.delimiter, quote: layout.dialect.quote)
        var isPreamble = layout.headerLine > 0
        func drain() throws {
            while try scanner.next() {
                if isPreamble {
                    isPreamble = scanner.row.line != layout.headerLine
                    continue
                }
                if layout.width > 1, scanner.row.count == 1, isBlankField(scanner) { continue }
                try body(scanner)
            }
        }
        do {
            try file.chunks { chunk in
                scanner.feed(decoder.decode(chunk))
                try drain()
            }
            scanner.feed(decoder.decode([], isLast: true))
            scanner.finish()
            try drain()
        } catch let failure as CSVFailure {
            return (failure, decoder.badLine)
        } catch is Stop {
            return (nil, decoder.badLine)
        }
        return (nil, decoder.badLine)
    }

    /// A line of blanks, or the ^Z that old programs end a file with.
    private func isBlankField(_ scanner: borrowing CSVScanner) -> Bool {
        scanner.row.bytes[scanner.row.starts[0]..<scanner.row.ends[0]].allSatisfy { $0 <= 0x20 }
    }

    /// What the mapping leaves open is settled from all values of each column, or the file is refused.
    private func settle(_ mapper: inout RecordMapper, _ layout: CSVLayout) throws -> [Fault] {
        let open = mapper.unsettled
        guard !open.amounts.isEmpty || !open.dates.isEmpty else { return [] }
        let amountColumns = Array(Set(open.amounts)).sorted()
        let dateColumns = Array(Set(open.dates)).sorted()
        var amounts = amountColumns.map { _ in AmountEvidence() }
        var dates = dateColumns.map { _ in DateEvidence() }
        let judge = mapper
        _ = try eachRow(layout.place) { scanner in
            guard judge.isRecord(scanner.row), scanner.row.count >= layout.header.count else { return }
            for (index, column) in amountColumns.enumerated() {
                guard let range = judge.range(column, scanner.row) else { continue }
                amounts[index].add(scanner.row.bytes, range.start, range.end, line: scanner.row.line)
            }
            for (index, column) in dateColumns.enumerated() {
                guard let range = judge.range(column, scanner.row) else { continue }
                dates[index].add(scanner.row.bytes, range.start, range.end, line: scanner.row.line)
            }
        }
        var faults: [Fault] = []
        for (evidence, column) in zip(amounts, amountColumns) {
            switch evidence.settle(column: layout.header[column]) {
            case .success(let convention): mapper.settle(column: column, amount: convention)
            case .failure(let refusal): faults.append(refusal.fault)
            }
        }
        for (evidence, column) in zip(dates, dateColumns) {
            switch evidence.settle(column: layout.header[column]) {
            case .success(let convention): mapper.settle(column: column, date: convention)
            case .failure(let refusal): faults.append(refusal.fault)
            }
        }
        return faults
    }

    private func map(
        _ mapper: inout RecordMapper, _ layout: CSVLayout, into reading: inout Reading,
        _ emit: (Document) throws -> Void
    ) throws {
        var dropped = 0
        let width = layout.header.count
        let end = try eachRow(layout.place) { scanner in
            if scanner.row.count != width, mapper.isRecord(scanner.row), !hasOnlyBlanks(scanner, after: width) {
                reading.records += 1
                mapper.leftOut()
                reading.add(ragged(scanner, width), &dropped)
                return
            }
            let outcome = try mapper.map(scanner.row, emit)
            if outcome == .mapped || outcome == .faulty { reading.records += 1 }
            guard !mapper.faults.isEmpty else { return }
            for fault in mapper.faults { reading.add(fault, &dropped) }
            if mapper.faults.contains(where: { $0.severity == .refusal }) { throw Stop() }
        }
        if let failure = end.failure { reading.faults.append(failure.fault) }
        if let line = end.badLine {
            reading.faults.append(
                Fault(
                    "ENCODING-WRONG", .refusal, at: .line(line),
                    "line \(line) has bytes that mean nothing in \(layout.encoding.encoding.rawValue)",
                    hint: "Declare the encoding the program writes, or export as UTF-8."))
        }
        if dropped > 0 {
            reading.faults.append(
                Fault(
                    "FAULTS-MORE", .warning, at: .file, "\(dropped) more rows are at fault and not listed",
                    hint: "Correct what is listed first; the cause is probably the same."))
        }
    }

    private func hasOnlyBlanks(_ scanner: borrowing CSVScanner, after width: Int) -> Bool {
        guard scanner.row.count > width else { return false }
        return (width..<scanner.row.count).allSatisfy { scanner.row.starts[$0] == scanner.row.ends[$0] }
    }

    private func ragged(_ scanner: borrowing CSVScanner, _ width: Int) -> Fault {
        Fault(
            "ROW-RAGGED", .row, at: .line(scanner.row.line),
            "line \(scanner.row.line) has \(scanner.row.count) fields, the header has \(width)",
            hint: scanner.row.count > width
                ? "A field holds the delimiter without quotes around it: correct the export."
                : "The row is cut short, or is no record: correct it, or add it to `skip:` in the mapping.")
    }

    private func finish(_ reading: inout Reading, _ mapper: RecordMapper, _ layout: CSVLayout) {
        reading.totals = mapper.agreed.map {
            Reading.Total(target: $0.target.rawValue, currency: $0.currency, amount: $0.amount)
        }
        guard !reading.refused else { return }
        guard reading.records > 0 else {
            reading.faults.append(
                Fault(
                    "FILE-NO-ROWS", reading.snapshot ? .refusal : .warning, at: .file,
                    "\(file.name) has a header and no row below it",
                    hint: reading.snapshot
                        ? "An empty snapshot would settle everything: export it again."
                        : "Nothing was imported; check the export's filter if you expected rows."))
            return
        }
        if mapper.hasTotals, mapper.totalRowCount == 0 {
            reading.faults.append(
                Fault(
                    "TOTAL-ABSENT", .warning, at: .file,
                    "the mapping \(layout.mapping.name) knows a total row, and the file has none",
                    hint: "The file may be cut short: compare the sum with the program it comes from."))
        }
    }
}

extension Reading {
    /// Appends a fault, or counts it when there are too many to list; refusals are always listed.
    fileprivate mutating func add(_ fault: Fault, _ dropped: inout Int) {
        if fault.severity == .refusal || faults.count < Self.faultsMax { faults.append(fault) } else { dropped += 1 }
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
