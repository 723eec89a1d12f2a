// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings

/// Rows of a sheet in one buffer: only cells that hold something.
struct SheetBatch: Sendable {
    struct Cell: Sendable {
        var column: Int32
        var start: Int32
        var end: Int32
        var kind: CellKind
    }

    struct Row: Sendable {
        /// The sheet's own number of the row, from 1.
        var line: Int32
        var first: Int32
        var count: Int32
    }

    var bytes: [UInt8] = []
    var cells: [Cell] = []
    var rows: [Row] = []

    /// A batch is handed on past this many bytes.
    static let bytesUsual = 1 << 18

    /// What it holds in memory, in bytes.
    var weight: Int { bytes.count + cells.count * 16 + rows.count * 12 }

    /// Makes a record of a row, at least `width` fields wide.
    func fill(_ record: inout Record, _ row: Row, width: Int) {
        let cells = cells[Int(row.first)..<Int(row.first + row.count)]
        let count = max(width, cells.last.map { Int($0.column) + 1 } ?? 0)
        record.line = Int(row.line)
        record.count = count
        while record.starts.count < count {
            record.starts.append(0)
            record.ends.append(0)
            record.kinds.append(.text)
        }
        for column in 0..<count {
            record.starts[column] = 0
            record.ends[column] = 0
            record.kinds[column] = .text
        }
        for cell in cells {
            record.starts[Int(cell.column)] = Int(cell.start)
            record.ends[Int(cell.column)] = Int(cell.end)
            record.kinds[Int(cell.column)] = cell.kind
        }
    }
}

/// Turns the XML of one sheet into batches of rows.
final class SheetSink: XMLEventSink {
    /// Whole batches, to be taken between pieces of the file.
    var full: [SheetBatch] = []
    private(set) var refusal: Fault?
    /// Ranges like `A1:A2`.
    private(set) var merges: [SheetRange] = []

    private let texts: SharedTextsSink
    private let styles: [SheetStyle]
    private let from1904: Bool
    private var batch = SheetBatch()
    private var open: [Name] = []
    private var row = 0
    private var column = -1
    private var type = CellType.number
    private var style = 0
    private var isFormula = false
    private var value: [UInt8] = []
    private var inline: [UInt8] = []
    private var cellCount = 0

    static let columnsMax = CSVScanner.columnsMax
    static let cellsMax = 50_000_000
    static let mergesMax = 1 << 16
    static let rowsMax = 1 << 20

    /// Elements and attributes; some names are both.
    private enum Name: Int32, CaseIterable {
        case worksheet, sheetData, row, c, v, f, inlineText, t, r, s, mergeCells, mergeCell, ref
        var text: String { self == .inlineText ? "is" : "\(self)" }
    }

    private enum CellType { case number, shared, text, inline, bool, error, day }

    init(texts: SharedTextsSink, styles: [SheetStyle], from1904: Bool) {
        self.texts = texts
        self.styles = styles
        self.from1904 = from1904
    }

    /// The rows after the last whole batch; called once, at the end.
    func rest() -> SheetBatch { batch }

    func root(_ name: String, namespace: String) -> Bool { true }

    func code(of name: String) -> Int32? { Name.allCases.first { $0.text == name }?.rawValue }

    func open(_ code: Int32, line: Int) {
        guard let name = Name(rawValue: code) else { return }
        open.append(name)
        switch name {
        case .row:
            row += 1
            column = -1
            batch.rows.append(
                SheetBatch.Row(line: Int32(clamping: row), first: Int32(clamping: batch.cells.count), count: 0))
        case .c:
            column += 1
            (type, style, isFormula) = (.number, 0, false)
            value.removeAll(keepingCapacity: true)
            inline.removeAll(keepingCapacity: true)
        case .f: isFormula = true
        default: break
        }
    }

    func attribute(_ code: Int32, _ value: Span<UInt8>) {
        switch (open.last, Name(rawValue: code)) {
        case (.c, .r): if let place = SheetRange.place(value) { column = place.column }
        case (.c, .t): type = Self.type(value)
        case (.c, .s): style = Self.number(value) ?? 0
        case (.row, .r):
            guard let number = Self.number(value), number > 0, let last = batch.rows.indices.last else { return }
            row = number
            batch.rows[last].line = Int32(clamping: number)
        case (.mergeCell, .ref):
            if let range = SheetRange(value), merges.count < Self.mergesMax { merges.append(range) }
        default: break
        }
    }

    func text(_ bytes: Span<UInt8>) {
        switch open.last {
        case .v: value.append(copying: bytes)
        case .t: inline.append(copying: bytes)
        default: return
        }
        if value.count + inline.count > CSVScanner.fieldBytesMax {
            limit("FIELD-TOO-LONG", "a cell in row \(row) has more than \(CSVScanner.fieldBytesMax) bytes")
        }
    }

    func close() -> Bool {
        switch open.popLast() {
        case .c: closeCell()
        case .row: closeRow()
        default: break
        }
        return refusal == nil
    }

    // MARK: Cells

    private func closeCell() {
        let start = batch.bytes.count
        let kind = render()
        let end = batch.bytes.count
        guard end > start else { return }
        guard column < Self.columnsMax else {
            return limit("COLUMNS-TOO-MANY", "row \(row) has a value beyond column \(Self.columnsMax)")
        }
        guard let last = batch.rows.indices.last else { return }
        // A cell that states a place left of the one before it would not be found by its place.
        if batch.rows[last].count > 0, let before = batch.cells.last, Int(before.column) >= column {
            return limit("XLSX-FORM", "row \(row) has its cells out of order")
        }
        batch.cells.append(
            SheetBatch.Cell(
                column: Int32(clamping: column), start: Int32(clamping: start), end: Int32(clamping: end), kind: kind))
        batch.rows[last].count += 1
        cellCount += 1
        if cellCount > Self.cellsMax { limit("XLSX-LIMIT", "the sheet has more than \(Self.cellsMax) cells") }
    }

    private func closeRow() {
        if row > Self.rowsMax { limit("XLSX-LIMIT", "the sheet has more than \(Self.rowsMax) rows") }
        guard batch.bytes.count >= SheetBatch.bytesUsual else { return }
        full.append(batch)
        batch = SheetBatch()
    }

    /// Appends the cell's text.
    private func render() -> CellKind {
        switch type {
        case .shared:
            guard let index = Int(String(decoding: value, as: UTF8.self)) else { return .text }
            guard let range = texts.range(index) else {
                batch.bytes.append(contentsOf: "#TEXT!".utf8)
                return .error
            }
            batch.bytes.append(contentsOf: texts.bytes[range])
            return .text
        case .inline, .text:
            let start = batch.bytes.count
            batch.bytes.append(contentsOf: type == .inline && !inline.isEmpty ? inline : value)
            SheetText.unescape(&batch.bytes, from: start)
            return .text
        case .bool:
            guard let first = value.first else { return .text }
            batch.bytes.append(contentsOf: (first == 0x31 || first == 0x74 ? "true" : "false").utf8)
            return .text
        case .error:
            batch.bytes.append(contentsOf: value)
            return .error
        case .day:
            batch.bytes.append(contentsOf: value)
            return .day
        case .number: return renderNumber()
        }
    }

    private func renderNumber() -> CellKind {
        guard !value.isEmpty else {
            // A program wrote the formula and nobody has computed it: nothing is known of the cell, and it is not empty.
            if isFormula { batch.bytes.append(contentsOf: "no value yet".utf8) }
            return isFormula ? .error : .text
        }
        let style = style >= 0 && style < styles.count ? styles[style] : .plain
        if style == .plain, Self.isPlainDigits(value) {
            batch.bytes.append(contentsOf: value)
            return .number
        }
        guard let number = SheetNumber(value[...]) else {
            batch.bytes.append(contentsOf: value)
            return .text
        }
        switch style {
        case .day:
            let start = batch.bytes.count
            if number.appendDay(to: &batch.bytes, from1904: from1904) {
                // A time of day alone is no day.
                return batch.bytes.count - start > 8 ? .day : .text
            }
        case .padded(let width):
            if number.isWhole, let whole = number.whole, whole >= 0 {
                let digits = String(whole)
                batch.bytes.append(contentsOf: repeatElement(0x30, count: max(0, width - digits.utf8.count)))
                batch.bytes.append(contentsOf: digits.utf8)
                return .text
            }
        case .plain, .money: break
        }
        number.append(to: &batch.bytes)
        if case .money(let mark) = style { batch.bytes.append(contentsOf: [0x20] + mark.utf8) }
        return .number
    }

    /// Up to 15 digits and nothing else: the text needs no work.
    private static func isPlainDigits(_ value: [UInt8]) -> Bool {
        guard value.count <= SheetNumber.digitsMax, value[0] != 0x30 || value.count == 1 else { return false }
        for byte in value where byte &- 0x30 > 9 { return false }
        return true
    }

    private static func type(_ value: Span<UInt8>) -> CellType {
        guard value.count > 0 else { return .number }
        switch (value.count, value[0]) {
        case (1, 0x73): return .shared
        case (3, 0x73): return .text
        case (1, 0x62): return .bool
        case (1, 0x65): return .error
        case (1, 0x64): return .day
        case (_, 0x69): return .inline
        default: return .number
        }
    }

    private static func number(_ value: Span<UInt8>) -> Int? {
        guard value.count > 0, value.count < 10 else { return nil }
        var number = 0
        for index in 0..<value.count {
            guard value[index] &- 0x30 <= 9 else { return nil }
            number = number * 10 + Int(value[index] - 0x30)
        }
        return number
    }

    private func limit(_ code: String, _ what: String) {
        guard refusal == nil else { return }
        refusal = Fault(
            code, .refusal, at: .line(max(1, row)), what, hint: "Save the sheet as CSV, with its own columns only.")
    }
}

/// Cells from one corner to the other, rows from 1 and columns from 0.
struct SheetRange: Hashable, Sendable {
    var firstRow: Int
    var firstColumn: Int
    var lastRow: Int
    var lastColumn: Int

    init?(_ text: Span<UInt8>) {
        guard let (column, row, end) = Self.place(text, from: 0), end < text.count, text[end] == 0x3A,
            let (lastColumn, lastRow, _) = Self.place(text, from: end + 1)
        else { return nil }
        (firstRow, firstColumn, self.lastRow, self.lastColumn) = (row, column, lastRow, lastColumn)
    }

    /// `BC12` is column 54 of row 12.
    static func place(_ text: Span<UInt8>) -> (column: Int, row: Int)? {
        place(text, from: 0).map { ($0.column, $0.row) }
    }

    private static func place(_ text: Span<UInt8>, from start: Int) -> (column: Int, row: Int, end: Int)? {
        var index = start
        var column = 0
        var row = 0
        while index < text.count, index - start < 4, (0x41...0x5A).contains(text[index] & 0xDF) {
            column = column * 26 + Int(text[index] & 0xDF) - 0x40
            index += 1
        }
        let digits = index
        while index < text.count, index - digits < 8, text[index] &- 0x30 <= 9 {
            row = row * 10 + Int(text[index] - 0x30)
            index += 1
        }
        return column > 0 ? (column - 1, row, index) : nil
    }
}

/// Texts as a workbook writes them.
enum SheetText {
    /// `_x000D_` stands for a character that XML cannot hold (ECMA-376 part 1, 22.9.2.19).
    static func unescape(_ bytes: inout [UInt8], from start: Int) {
        guard bytes.count - start >= 7, bytes[start...].contains(0x5F) else { return }
        var write = start
        var read = start
        while read < bytes.count {
            if bytes[read] == 0x5F, let scalar = escaped(bytes, read) {
                for byte in String(Character(scalar)).utf8 {
                    bytes[write] = byte
                    write += 1
                }
                read += 7
            } else {
                bytes[write] = bytes[read]
                (write, read) = (write + 1, read + 1)
            }
        }
        bytes.removeLast(bytes.count - write)
    }

    private static func escaped(_ bytes: [UInt8], _ at: Int) -> Unicode.Scalar? {
        guard at + 6 < bytes.count, bytes[at + 1] == 0x78, bytes[at + 6] == 0x5F else { return nil }
        guard let code = UInt32(String(decoding: bytes[(at + 2)..<(at + 6)], as: UTF8.self), radix: 16) else {
            return nil
        }
        return Unicode.Scalar(code)
    }
}
