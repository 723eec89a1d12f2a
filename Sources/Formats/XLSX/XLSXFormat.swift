// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings

/// Workbooks (ECMA-376, ISO 29500 transitional and strict) through a mapping: one sheet is a table like any other.
package enum XLSXFormat {
    package static let format = Format(
        name: "xlsx", detect: { detect($0, $1) },
        read: { file, context, emit in try XLSXReader(file: file, context: context).read(emit) })

    static let compound: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

    private static func detect(_ head: [UInt8], _ name: String) -> Format.Detection {
        if head.starts(with: compound) {
            return Format.Detection(90, "a compound file, as old or protected workbooks are")
        }
        guard head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06]) else {
            return .none
        }
        for part in ["xl/", "[Content_Types].xml", "_rels/.rels"] where head.contains(part) {
            return Format.Detection(95, "a zip archive with a workbook's parts (\(part))")
        }
        return Format.Detection(30, "a zip archive")
    }
}

extension [UInt8] {
    /// Whether some bytes are in it, one after the other.
    fileprivate func contains(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard let first = wanted.first, count >= wanted.count else { return false }
        return (0...(count - wanted.count)).contains { self[$0] == first && self[$0...].starts(with: wanted) }
    }
}

/// One reading of one workbook.
struct XLSXReader {
    let file: SourceFile
    let context: ReadingContext

    func read(_ emit: (Document) throws -> Void) throws -> Reading {
        var reading = Reading(format: "xlsx")
        switch try open() {
        case .failure(let refusal): reading.faults = refusal.faults
        case .success(let workbook):
            switch try XLSXLayoutFinder(file: file, context: context, workbook: workbook).find() {
            case .failure(let refusal): reading.faults = refusal.faults
            case .success(let layout): try read(workbook, layout, into: &reading, emit)
            }
        }
        // libzip reads the file by itself: the bytes must still be those of the first pass.
        try file.chunks { _ in }
        return reading
    }

    /// The workbook, or why the file is none.
    func open() throws -> Result<Workbook, TableRefusal> {
        guard try file.head(8).starts(with: XLSXFormat.compound) else { return try Workbook.open(file) }
        return .failure(TableRefusal(faults: [try compound()]))
    }

    private func read(
        _ workbook: Workbook, _ layout: XLSXLayout, into reading: inout Reading, _ emit: (Document) throws -> Void
    ) throws {
        reading.faults += unread(workbook, layout)
        workbook.keep(only: layout.sheet)
        let place = TablePlace(
            format: "xlsx", mapping: layout.mapping, headerLine: layout.headerLine, header: layout.header,
            preamble: layout.preamble, unit: "row")
        let rows = XLSXRows(
            workbook: workbook, sheet: layout.sheet, headerLine: layout.headerLine, width: layout.header.count)
        try TableReading(file: file, context: context, place: place, rows: rows).read(into: &reading, emit)
    }

    /// Sheets that hold rows and were not read: nobody shall wonder where they went.
    private func unread(_ workbook: Workbook, _ layout: XLSXLayout) -> [Fault] {
        let others = workbook.sheets.filter { $0.name != layout.sheet.name }
        let visible = others.filter { $0.isVisible && workbook.rowCount($0) > 0 }
        let hidden = others.filter { !$0.isVisible }
        guard !visible.isEmpty || !hidden.isEmpty else { return [] }
        var parts: [String] = []
        if !visible.isEmpty { parts.append("the sheets not read are \(HeaderFit.list(visible.map(\.name)))") }
        if !hidden.isEmpty { parts.append("hidden are \(HeaderFit.list(hidden.map(\.name)))") }
        return [
            Fault(
                "SHEET-UNREAD", .warning, at: .file,
                "only the sheet \"\(layout.sheet.name)\" was read; \(parts.joined(separator: "; "))",
                hint: "If one of them holds records, read it with a mapping that says `sheet:`.")
        ]
    }

    /// What a compound file is: a workbook under a password, or one of before 2007.
    private func compound() throws -> Fault {
        let wanted: [UInt8] = "EncryptedPackage".utf8.flatMap { letter -> [UInt8] in [letter, 0] }
        var isEncrypted = false
        var tail: [UInt8] = []
        try file.chunks { chunk in
            let bytes = tail + chunk
            tail = Array(bytes.suffix(wanted.count - 1))
            guard !isEncrypted, bytes.count >= wanted.count else { return }
            for start in 0...(bytes.count - wanted.count) where bytes[start] == wanted[0] {
                if bytes[start...].starts(with: wanted) { isEncrypted = true }
            }
        }
        if isEncrypted {
            return Fault(
                "XLSX-PASSWORD", .refusal, at: .file, "the workbook is protected with a password",
                hint: "Open it, take the password away (File, Info, Protect Workbook), save it and import it again.")
        }
        return Fault(
            "FORMAT-UNSUPPORTED", .refusal, at: .file, "the file is a workbook in the format of before 2007 (.xls)",
            hint: "Open it, save it as .xlsx or CSV, and import that.")
    }
}

/// The rows of one sheet below its header.
struct XLSXRows: TableRows {
    let workbook: Workbook
    let sheet: Workbook.Sheet
    let headerLine: Int
    /// Columns of the header.
    let width: Int

    func each(_ body: (borrowing Record) throws -> Void) throws -> [Fault] {
        var record = Record()
        let fault = try workbook.each(sheet) { batch in
            record.bytes = batch.bytes
            for row in batch.rows where row.count > 0 && Int(row.line) > headerLine {
                batch.fill(&record, row, width: width)
                if width > 1, record.isBlank { continue }
                try body(record)
            }
        }
        return fault.map { [$0] } ?? []
    }
}

/// Which sheet is read by which mapping, and where its header is.
struct XLSXLayout {
    var sheet: Workbook.Sheet
    var mapping: Mapping
    var headerLine: Int
    var header: [String]
    /// What stands above the header.
    var preamble: [String]
}

/// Tries every mapping on every sheet in sight; the best fit wins, and two sheets that fit are no choice of ours.
struct XLSXLayoutFinder {
    let file: SourceFile
    let context: ReadingContext
    let workbook: Workbook

    func find() throws -> Result<XLSXLayout, TableRefusal> {
        var heads: [(sheet: Workbook.Sheet, rows: [HeadRow])] = []
        for sheet in workbook.sheets {
            switch try workbook.head(sheet) {
            case .success(let rows): heads.append((sheet, rows))
            // A hidden sheet that cannot be read is none of our business.
            case .failure(let refusal): if sheet.isVisible { return .failure(refusal) }
            }
        }
        if let forced = context.mapping {
            guard forced.readsTables else {
                return .failure(TableRefusal(faults: [forced.readsOther("a workbook (xlsx)")]))
            }
            return layout(forced, heads)
        }
        let choice = MappingChoice(context: context, fileName: file.name, format: .xlsx)
        let candidates = try choice.candidates([.xlsx, .csv])
        let best = choice.best(of: candidates) { mapping -> (layout: Mapping, line: Int, header: [String])? in
            guard let first = fitting(mapping, heads).first else { return nil }
            return (mapping, first.headerLine, first.header)
        }
        switch best {
        case .success(let mapping?): return layout(mapping, heads)
        case .success(nil):
            let rows = likeliest(heads, candidates.flatMap(\.columnsNamed))?.rows ?? []
            guard !rows.isEmpty else { return .failure(TableRefusal(faults: [empty])) }
            return .failure(TableRefusal(faults: [HeaderFit(rows: rows).none(candidates)]))
        case .failure(let refusal): return .failure(refusal)
        }
    }

    private func fitting(_ mapping: Mapping, _ heads: [(sheet: Workbook.Sheet, rows: [HeadRow])]) -> [XLSXLayout] {
        heads.compactMap { sheet, rows in
            guard mapping.source.sheet.map({ $0 == sheet.name }) ?? sheet.isVisible else { return nil }
            let fit = HeaderFit(rows: rows)
            guard case .success(let (line, header)) = fit.header(mapping) else { return nil }
            return XLSXLayout(
                sheet: sheet, mapping: mapping, headerLine: line, header: header,
                preamble: fit.preamble(before: line))
        }
    }

    private func layout(
        _ mapping: Mapping, _ heads: [(sheet: Workbook.Sheet, rows: [HeadRow])]
    ) -> Result<XLSXLayout, TableRefusal> {
        let fits = fitting(mapping, heads)
        if fits.count > 1 {
            let names = HeaderFit.list(fits.map(\.sheet.name))
            return .failure(
                TableRefusal(faults: [
                    Fault(
                        "SHEET-AMBIGUOUS", .refusal, at: .file,
                        "the mapping \(mapping.name) fits the sheets \(names) of the workbook",
                        hint: "Say which in a copy of the mapping (`sheet: …`), or save each as a file of its own.")
                ]))
        }
        if let fit = fits.first { return .success(fit) }
        if let name = mapping.source.sheet, !heads.contains(where: { $0.sheet.name == name }) {
            return .failure(
                TableRefusal(faults: [
                    Fault(
                        "SHEET-MISSING", .refusal, at: .file,
                        "the mapping \(mapping.name) reads the sheet \"\(name)\"; the workbook has "
                            + HeaderFit.list(heads.map(\.sheet.name)),
                        hint: "Correct `sheet:` in the mapping, or export the sheet.")
                ]))
        }
        let concealed = heads.filter { sheet, rows in
            guard mapping.source.sheet == nil, !sheet.isVisible else { return false }
            if case .success = HeaderFit(rows: rows).header(mapping) { return true }
            return false
        }
        if !concealed.isEmpty { return .failure(TableRefusal(faults: [hidden(mapping, concealed)])) }
        let sheets = mapping.source.sheet.map { name in heads.filter { $0.sheet.name == name } } ?? heads
        guard let (_, rows) = likeliest(sheets, mapping.columnsNamed), !rows.isEmpty else {
            return .failure(TableRefusal(faults: [empty]))
        }
        if case .failure(let refusal) = HeaderFit(rows: rows).header(mapping) { return .failure(refusal) }
        return .failure(TableRefusal(faults: [hidden(mapping, heads)]))
    }

    /// The sheet whose first rows have most of the names; visible ones first.
    func likeliest(
        _ heads: [(sheet: Workbook.Sheet, rows: [HeadRow])], _ names: [String]
    ) -> (sheet: Workbook.Sheet, rows: [HeadRow])? {
        let known = Set(names)
        func score(_ rows: [HeadRow]) -> Int {
            rows.prefix(HeaderFit.rowsMax).map { $0.fields.count { known.contains($0) } }.max() ?? 0
        }
        let visible = heads.filter { $0.sheet.isVisible && !$0.rows.isEmpty }
        let pool = visible.isEmpty ? heads : visible
        let best = pool.map { score($0.rows) }.max() ?? 0
        return pool.first { score($0.rows) == best }
    }

    private func hidden(_ mapping: Mapping, _ heads: [(sheet: Workbook.Sheet, rows: [HeadRow])]) -> Fault {
        let names = HeaderFit.list(heads.filter { !$0.sheet.isVisible }.map(\.sheet.name))
        return Fault(
            "SHEET-HIDDEN", .refusal, at: .file,
            "what the mapping \(mapping.name) reads is on a hidden sheet (\(names))",
            hint: "Show the sheet and save the workbook, or name it in the mapping (`sheet: …`).")
    }

    private var empty: Fault {
        Fault(
            "FILE-EMPTY", .refusal, at: .file, "\(file.name) is a workbook without a row in it",
            hint: "Export it again; if there was nothing to export, leave it out.")
    }
}
