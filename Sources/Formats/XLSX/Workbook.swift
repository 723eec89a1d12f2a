// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings

/// An opened workbook: its sheets by name, and what their cells refer to.
final class Workbook {
    struct Sheet: Hashable, Sendable {
        var name: String
        /// `visible`, `hidden`, or `veryHidden`, which only a program can show.
        var state: String
        fileprivate var part: String

        var isVisible: Bool { state == "visible" }
    }

    /// What one pass over a sheet kept.
    private struct Memory {
        var batches: [SheetBatch] = []
        var merges: [SheetRange] = []
        /// The first rows, for the header.
        var head: [HeadRow] = []
        /// The batches are all of the sheet.
        var isWhole = true
        var rows = 0
    }

    let sheets: [Sheet]
    let from1904: Bool
    private let file: SourceFile
    private let zip: ZipHandle
    private let texts: SharedTextsSink
    private let styles: [SheetStyle]
    private var memories: [String: Memory] = [:]

    /// Rows of a sheet are kept up to this many bytes, so that it is parsed once; a larger one is parsed in each pass.
    static let memoryMax = 64 << 20
    /// Parts other than sheets and texts.
    static let partMax = 32 << 20

    private init(
        _ file: SourceFile, _ zip: ZipHandle, _ sheets: [Sheet], from1904: Bool, _ texts: SharedTextsSink,
        _ styles: [SheetStyle]
    ) {
        self.file = file
        self.zip = zip
        self.sheets = sheets
        self.from1904 = from1904
        self.texts = texts
        self.styles = styles
    }

    /// Opens a file that begins like a zip archive, or says why it is no workbook that can be read.
    static func open(_ file: SourceFile) throws -> Result<Workbook, TableRefusal> {
        let zip: ZipHandle
        switch ZipHandle.open(path: file.path) {
        case .success(let opened): zip = opened
        case .failure(let error): return .failure(TableRefusal(faults: [error.fault]))
        }
        if let fault = try foreign(zip) { return .failure(TableRefusal(faults: [fault])) }
        do {
            return .success(try parts(file, zip))
        } catch let error as Fault.AsError {
            return .failure(TableRefusal(faults: [error.fault]))
        }
    }

    private static func parts(_ file: SourceFile, _ zip: ZipHandle) throws -> Workbook {
        func read(_ sink: PartSink, _ part: String) throws {
            let bytes = try zip.bytes(part, most: partMax).get()
            if bytes.isEmpty { return }
            if let fault = sink.read(bytes, of: part) { throw Fault.AsError(fault) }
        }
        let package = RelationshipsSink()
        try read(package, "_rels/.rels")
        let main = package.found.first { $0.type == "officeDocument" }.map { resolve($0.target, from: "") }
        let part = main ?? "xl/workbook.xml"
        if let fault = binary(part) { throw Fault.AsError(fault) }
        let relations = RelationshipsSink()
        try read(relations, relationships(of: part))
        let book = WorkbookSink()
        try read(book, part)
        func target(_ type: String) -> String? {
            relations.found.first { $0.type == type }.map { resolve($0.target, from: part) }
        }
        let styles = StylesSink()
        if let part = target("styles") { try read(styles, part) }
        let texts = SharedTextsSink()
        if let part = target("sharedStrings"), let entry = zip.entry(part), var handle = XMLHandle(sink: texts) {
            var fault: Fault?
            texts.reserve(entry.size)
            let damage = try zip.read(entry) { chunk in
                fault = handle.feed(chunk)
                return fault == nil && texts.refusal == nil
            }
            if let fault = damage ?? texts.refusal ?? fault ?? handle.finish() {
                throw Fault.AsError(fault.inside(part))
            }
        }
        var sheets: [Sheet] = []
        for sheet in book.sheets {
            guard let relation = relations.found.first(where: { $0.id == sheet.relationship }) else { continue }
            if relation.type == "xlMacrosheet" { throw Fault.AsError(macros("the sheet \"\(sheet.name)\" is one")) }
            guard relation.type == "worksheet" else { continue }
            sheets.append(
                Sheet(name: sheet.name, state: sheet.state, part: resolve(relation.target, from: part)))
        }
        guard !sheets.isEmpty else {
            throw Fault.AsError(
                Fault(
                    "XLSX-NO-SHEET", .refusal, at: .file, "the workbook has no sheet with cells",
                    hint: "Check that it is the export itself; export it again."))
        }
        return Workbook(file, zip, sheets, from1904: book.from1904, texts, styles.styles)
    }

    // MARK: What is no workbook

    private static func foreign(_ zip: ZipHandle) throws -> Fault? {
        let names = zip.entries.map(\.name)
        if let macro = names.first(where: { $0.lowercased().hasSuffix("vbaproject.bin") }) {
            return macros("it holds \(macro)")
        }
        if names.contains(where: {
            $0.lowercased().hasSuffix("workbook.xml") || $0.lowercased().hasSuffix("workbook.bin")
        })
            || zip.entry("_rels/.rels") != nil
                && !names.contains(where: { $0.hasPrefix("word/") || $0.hasPrefix("ppt/") })
        {
            return nil
        }
        let mime = String(decoding: (try? zip.bytes("mimetype", most: 1024).get()) ?? [], as: UTF8.self)
        if mime.contains("opendocument") {
            return Fault(
                "FORMAT-UNSUPPORTED", .refusal, at: .file, "the file is an OpenDocument file (\(mime.prefix(80)))",
                hint: "Save it as .xlsx or CSV and import that.")
        }
        if names.contains(where: { $0.hasPrefix("word/") || $0.hasPrefix("ppt/") }) {
            return Fault(
                "FORMAT-UNSUPPORTED", .refusal, at: .file, "the file is a text document or a presentation",
                hint: "Export the table itself, as .xlsx or CSV.")
        }
        let shown = names.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
        return Fault(
            "FORMAT-UNSUPPORTED", .refusal, at: .file,
            "the file is a zip archive of \(names.count) files (\(shown)\(names.count > 5 ? ", …" : ""))",
            hint: "Unpack it and import the files, or the folder.")
    }

    private static func binary(_ part: String) -> Fault? {
        guard part.lowercased().hasSuffix(".bin") else { return nil }
        return Fault(
            "FORMAT-UNSUPPORTED", .refusal, at: .file, "the file is a binary workbook (.xlsb)",
            hint: "Save it as .xlsx or CSV and import that.")
    }

    private static func macros(_ why: String) -> Fault {
        Fault(
            "XLSX-MACRO", .refusal, at: .file, "the workbook has macros (\(why))",
            hint: "Programs do not belong into data: save it as .xlsx without macros, or as CSV.")
    }

    // MARK: Parts

    /// Where a target lies, relative to the part that names it; absolute ones begin with `/`.
    static func resolve(_ target: String, from part: String) -> String {
        let slashed = String(target.map { $0 == "\\" ? "/" : $0 })
        let base = slashed.hasPrefix("/") ? "" : part.split(separator: "/").dropLast().joined(separator: "/")
        var folders: [Substring] = []
        for step in (base + "/" + slashed).split(separator: "/") {
            if step == ".." { _ = folders.popLast() } else if step != "." { folders.append(step) }
        }
        return folders.joined(separator: "/")
    }

    private static func relationships(of part: String) -> String {
        var folders = part.split(separator: "/").map(String.init)
        let name = folders.popLast() ?? ""
        return (folders + ["_rels", name + ".rels"]).joined(separator: "/")
    }

    // MARK: Rows

    /// The first rows of a sheet, with what is merged downwards in each row it covers.
    func head(_ sheet: Sheet) throws -> Result<[HeadRow], TableRefusal> {
        if let memory = memories[sheet.part] { return .success(memory.head) }
        var memory = Memory()
        var weight = 0
        let other = memories.values.reduce(0) { $0 + $1.batches.reduce(0) { $0 + $1.weight } }
        let (fault, merges) = try parse(sheet) { batch in
            weight += batch.weight
            if memory.isWhole, weight + other > Self.memoryMax {
                memory.isWhole = false
                memory.batches = []
            }
            if memory.isWhole { memory.batches.append(batch) }
            memory.rows += batch.rows.count { $0.count > 0 }
            var record = Record()
            record.bytes = batch.bytes
            for row in batch.rows where row.count > 0 && memory.head.count < CSVDialect.sampleRowsMax {
                batch.fill(&record, row, width: 0)
                memory.head.append(HeadRow(line: record.line, fields: record.texts.map(CSVDialect.trimmed)))
            }
        }
        if let fault { return .failure(TableRefusal(faults: [fault.inside("sheet \"\(sheet.name)\"")])) }
        memory.merges = merges
        Self.spread(merges, over: &memory.head)
        memories[sheet.part] = memory
        return .success(memory.head)
    }

    /// Rows that hold something; known once `head` was asked for.
    func rowCount(_ sheet: Sheet) -> Int { memories[sheet.part]?.rows ?? 0 }

    /// Cells that are merged over others; known once `head` was asked for.
    func merges(_ sheet: Sheet) -> [SheetRange] { memories[sheet.part]?.merges ?? [] }

    private static func spread(_ merges: [SheetRange], over head: inout [HeadRow]) {
        for range in merges where range.lastRow > range.firstRow && range.lastRow - range.firstRow < 20 {
            guard let top = head.first(where: { $0.line == range.firstRow }), range.firstColumn < top.fields.count
            else { continue }
            let text = top.fields[range.firstColumn]
            for index in head.indices where (range.firstRow + 1...range.lastRow).contains(head[index].line) {
                while head[index].fields.count <= range.firstColumn { head[index].fields.append("") }
                if head[index].fields[range.firstColumn].isEmpty { head[index].fields[range.firstColumn] = text }
            }
        }
    }

    /// Passes every batch of a sheet: those that are kept, else parsed anew.
    func each(_ sheet: Sheet, _ body: (SheetBatch) throws -> Void) throws -> Fault? {
        if let memory = memories[sheet.part], memory.isWhole {
            for batch in memory.batches { try body(batch) }
            return nil
        }
        return try parse(sheet, body).fault
    }

    /// Forgets the rows of every sheet but one.
    func keep(only sheet: Sheet) {
        for part in memories.keys where part != sheet.part { memories[part]?.isWhole = false }
        for part in memories.keys where part != sheet.part { memories[part]?.batches = [] }
    }

    private func parse(
        _ sheet: Sheet, _ body: (SheetBatch) throws -> Void
    ) throws -> (fault: Fault?, merges: [SheetRange]) {
        let sink = SheetSink(texts: texts, styles: styles, from1904: from1904)
        guard let entry = zip.entry(sheet.part) else {
            let fault = Fault(
                "ZIP-DAMAGED", .refusal, at: .file, "the part \(sheet.part) is missing",
                hint: "The file was damaged or cut off on the way: download or save it again.")
            return (fault, [])
        }
        guard var handle = XMLHandle(sink: sink) else { return (nil, []) }
        var fault: Fault?
        let damage = try zip.read(entry) { chunk in
            fault = handle.feed(chunk)
            guard fault == nil, sink.refusal == nil else { return false }
            for batch in sink.full { try body(batch) }
            sink.full.removeAll(keepingCapacity: true)
            return true
        }
        if let fault = damage ?? sink.refusal ?? fault ?? handle.finish() ?? sink.refusal { return (fault, []) }
        for batch in sink.full + [sink.rest()] { try body(batch) }
        return (nil, sink.merges)
    }
}
