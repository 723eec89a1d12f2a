// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings

/// The rows of one table below its header, the same each time they are asked for: of a text, or of a sheet.
protocol TableRows {
    /// Passes every row; a row's bytes are valid until the call returns.
    /// - Returns: What is structurally wrong and refuses the whole file.
    /// - Throws: `ReadFailure`, and what `body` throws.
    func each(_ body: (borrowing Record) throws -> Void) throws -> [Fault]
}

/// What pass 1 decided about a table, beside how its rows are cut.
struct TablePlace {
    /// The format's name in the catalogue.
    var format: String
    var mapping: Mapping
    /// 0 when the table has no header.
    var headerLine: Int
    var header: [String]
    /// What stands above the header.
    var preamble: [String] = []
    /// What a row is called in messages: `line` of a text, `row` of a sheet.
    var unit = "line"
    /// Written between the fields of rows that are kept to be corrected.
    var delimiter: UInt8 = 0x2C
}

/// Reads a table through a mapping: settles what only the columns' values can settle, then maps row by row.
struct TableReading<Rows: TableRows> {
    let file: SourceFile
    let context: ReadingContext
    let place: TablePlace
    let rows: Rows

    /// Ends pass 2 early; the fault that did it is in the reading.
    private struct Stop: Error {}

    func read(into reading: inout Reading, _ emit: (Document) throws -> Void) throws {
        reading.mapping = place.mapping.name
        reading.mappingDigest = place.mapping.digest
        reading.snapshot = place.mapping.isSnapshot
        reading.faults += unread()
        var setting = context.setting(file, format: place.format, place.mapping)
        setting.preamble = place.preamble
        var mapper: RecordMapper
        switch RecordMapper.bind(
            place.mapping, header: place.header, headerLine: place.headerLine, setting: setting)
        {
        case .success(let bound): mapper = bound
        case .failure(let failure):
            reading.faults += failure.faults
            return
        }
        let refusals = try settle(&mapper)
        guard refusals.isEmpty else {
            reading.faults += refusals
            return
        }
        try map(&mapper, into: &reading, emit)
        reading.finish(mapper, file: file, mapping: place.mapping)
    }

    /// Columns a mapping with optional columns does not know: perhaps a name was misspelt.
    private func unread() -> [Fault] {
        guard case .these = place.mapping.source.columns else { return [] }
        let named = place.mapping.columnsNamed
        let unknown = place.header.filter { !$0.isEmpty && !named.contains($0) }
        guard !unknown.isEmpty else { return [] }
        return [
            Fault(
                "COLUMN-UNREAD", .warning, at: .line(place.headerLine),
                "the mapping \(place.mapping.name) does not read \(HeaderFit.list(unknown))",
                hint: "Check for a misspelt column name; the `fields:` of the mapping list the names it knows.")
        ]
    }

    /// What the mapping leaves open is settled from all values of each column, or the file is refused.
    private func settle(_ mapper: inout RecordMapper) throws -> [Fault] {
        let open = mapper.unsettled
        guard !open.amounts.isEmpty || !open.dates.isEmpty else { return [] }
        let amountColumns = Array(Set(open.amounts)).sorted()
        let dateColumns = Array(Set(open.dates)).sorted()
        var amounts = amountColumns.map { _ in AmountEvidence() }
        var dates = dateColumns.map { _ in DateEvidence() }
        let judge = mapper
        _ = try rows.each { row in
            guard judge.isRecord(row), row.count >= place.header.count else { return }
            for (index, column) in amountColumns.enumerated() {
                guard !row.isNumber(column), let range = judge.range(column, row) else { continue }
                amounts[index].add(row.bytes, range.start, range.end, line: row.line)
            }
            for (index, column) in dateColumns.enumerated() {
                guard !row.isDay(column), let range = judge.range(column, row) else { continue }
                dates[index].add(row.bytes, range.start, range.end, line: row.line)
            }
        }
        var faults: [Fault] = []
        for (evidence, column) in zip(amounts, amountColumns) {
            switch evidence.settle(column: place.header[column]) {
            case .success(let convention): mapper.settle(column: column, amount: convention)
            case .failure(let refusal): faults.append(refusal.fault)
            }
        }
        // A program writes all days of a file in one order; where its columns disagree, each speaks for itself.
        let orders = Set(dates.compactMap(\.order))
        let shared = orders.count == 1 ? orders.first : nil
        for (evidence, column) in zip(dates, dateColumns) {
            switch evidence.settle(column: place.header[column], others: shared) {
            case .success(let convention): mapper.settle(column: column, date: convention)
            case .failure(let refusal): faults.append(refusal.fault)
            }
        }
        return faults
    }

    private func map(
        _ mapper: inout RecordMapper, into reading: inout Reading, _ emit: (Document) throws -> Void
    ) throws {
        var dropped = 0
        let width = place.header.count
        var rejects = TableRejects(place)
        do {
            reading.faults += try rows.each { row in
                if row.count != width, mapper.isRecord(row), !hasOnlyBlanks(row, after: width) {
                    reading.records += 1
                    mapper.leftOut()
                    reading.add(ragged(row, width), &dropped)
                    rejects.add(row)
                    return
                }
                if row.hasErrors, let fault = mapper.cellError(row) {
                    reading.records += 1
                    mapper.leftOut()
                    reading.add(fault, &dropped)
                    rejects.add(row)
                    return
                }
                let outcome = try mapper.map(row, emit)
                if outcome == .mapped || outcome == .faulty { reading.records += 1 }
                guard !mapper.faults.isEmpty else { return }
                if outcome == .faulty { rejects.add(row) }
                for fault in mapper.faults { reading.add(fault, &dropped) }
                if mapper.faults.contains(where: { $0.severity == .refusal }) { throw Stop() }
            }
        } catch is Stop {}
        reading.note(dropped)
        if rejects.count > 0 { reading.rejects = rejects }
    }

    private func hasOnlyBlanks(_ row: borrowing Record, after width: Int) -> Bool {
        guard row.count > width else { return false }
        for column in width..<row.count where row.starts[column] < row.ends[column] { return false }
        return true
    }

    private func ragged(_ row: borrowing Record, _ width: Int) -> Fault {
        let isLong = row.count > width
        return Fault(
            "ROW-RAGGED", .row, at: .line(row.line),
            "\(place.unit) \(row.line) has \(row.count) fields, the header has \(width)",
            hint: isLong
                ? place.unit == "line"
                    ? "A field holds the delimiter without quotes around it: correct the export."
                    : "A value stands right of the table: move it away, or give its column a name in the header."
                : "The row is cut short, or is no record: correct it, or add it to `skip:` in the mapping.")
    }
}

extension ReadingContext {
    /// What this file and its caller add to a mapping.
    func setting(_ file: SourceFile, format: String, _ mapping: Mapping) -> RecordMapper.Setting {
        var setting = RecordMapper.Setting(
            origin: Provenance.Origin(
                sha256: file.sha256, name: file.name, format: format, mapping: mapping.name,
                mappingDigest: mapping.digest),
            asOf: asOf)
        setting.defaultCurrency = defaultCurrency
        setting.config = config
        setting.offset = zoneOffset
        return setting
    }
}

extension Reading {
    /// Appends a fault, or counts it when there are too many to list; refusals are always listed.
    mutating func add(_ fault: Fault, _ dropped: inout Int) {
        if fault.severity == .refusal || faults.count < Self.faultsMax { faults.append(fault) } else { dropped += 1 }
    }

    /// Says how many faults are not listed.
    mutating func note(_ dropped: Int) {
        guard dropped > 0 else { return }
        faults.append(
            Fault(
                "FAULTS-MORE", .warning, at: .file, "\(dropped) more rows are at fault and not listed",
                hint: "Correct what is listed first; the cause is probably the same."))
    }

    /// What can only be said once every record was seen.
    mutating func finish(_ mapper: RecordMapper, file: SourceFile, mapping: Mapping) {
        totals = mapper.agreed.map {
            Reading.Total(target: $0.target.rawValue, currency: $0.currency, amount: $0.amount)
        }
        guard !refused else { return }
        guard records > 0 else {
            let isTable = mapping.source.format == .csv || mapping.source.format == .xlsx
            faults.append(
                Fault(
                    "FILE-NO-ROWS", snapshot ? .refusal : .warning, at: .file,
                    isTable
                        ? "\(file.name) has a header and no row below it"
                        : "\(file.name) has no record at \(mapping.recordsText)",
                    hint: snapshot
                        ? "An empty snapshot would settle everything: export it again."
                        : "Nothing was imported; check the export's filter if you expected rows."))
            return
        }
        if mapper.hasTotals, mapper.totalRowCount == 0 {
            faults.append(
                Fault(
                    "TOTAL-ABSENT", .warning, at: .file,
                    "the mapping \(mapping.name) knows a total row, and the file has none",
                    hint: "The file may be cut short: compare the sum with the program it comes from."))
        }
    }
}

extension Record {
    /// A row of nothing but blanks, which sets others apart, or the ^Z that old programs end a file with.
    var isBlank: Bool {
        for field in 0..<count {
            for at in starts[field]..<ends[field] where bytes[at] > 0x20 { return false }
        }
        return true
    }
}
