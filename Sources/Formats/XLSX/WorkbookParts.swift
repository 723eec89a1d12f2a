// SPDX-License-Identifier: Apache-2.0
import Documents

/// What the small parts of a workbook share: names to codes, and the text of the innermost element.
class PartSink: XMLEventSink {
    private(set) var names: [String] = []
    fileprivate var value: [UInt8] = []
    fileprivate var stack: [String] = []
    /// Set to stop the reading.
    var refusal: Fault?

    /// Names of elements and attributes that are looked at.
    var wanted: Set<String> { [] }

    func root(_ name: String, namespace: String) -> Bool { true }

    func code(of name: String) -> Int32? {
        guard wanted.contains(name) else { return nil }
        names.append(name)
        return Int32(names.count - 1)
    }

    func open(_ code: Int32, line: Int) {
        value.removeAll(keepingCapacity: true)
        stack.append(names[Int(code)])
        opened(names[Int(code)])
    }

    func attribute(_ code: Int32, _ value: Span<UInt8>) {
        var bytes: [UInt8] = []
        bytes.append(copying: value)
        attribute(names[Int(code)], String(decoding: bytes, as: UTF8.self))
    }

    func text(_ bytes: Span<UInt8>) { value.append(copying: bytes) }

    func close() -> Bool {
        if let name = stack.popLast() { closed(name) }
        value.removeAll(keepingCapacity: true)
        return refusal == nil
    }

    func opened(_ name: String) {}
    func attribute(_ name: String, _ value: String) {}
    func closed(_ name: String) {}

    /// Parses a whole part.
    func read(_ bytes: [UInt8], of part: String) -> Fault? {
        guard var handle = XMLHandle(sink: self) else { return nil }
        let fault = handle.feed(bytes) ?? handle.finish()
        return refusal ?? fault?.inside(part)
    }
}

extension Fault {
    /// The same, saying which part of the workbook it is in.
    func inside(_ part: String) -> Fault {
        var fault = self
        fault.message = "\(part): \(message)"
        return fault
    }
}

/// `*.rels`: which part is which.
final class RelationshipsSink: PartSink {
    struct Relationship: Hashable, Sendable {
        var id = ""
        /// The last word of its type: `worksheet`, `sharedStrings`.
        var type = ""
        var target = ""
    }

    private(set) var found: [Relationship] = []
    private var one = Relationship()
    override var wanted: Set<String> { ["Relationships", "Relationship", "Id", "Type", "Target"] }

    override func opened(_ name: String) { if name == "Relationship" { one = Relationship() } }

    override func attribute(_ name: String, _ value: String) {
        switch name {
        case "Id": one.id = value
        case "Type": one.type = value.split(separator: "/").last.map(String.init) ?? ""
        case "Target": one.target = value
        default: break
        }
    }

    override func closed(_ name: String) { if name == "Relationship" { found.append(one) } }
}

/// `workbook.xml`: the sheets in their order, and where days are counted from.
final class WorkbookSink: PartSink {
    struct Sheet: Hashable, Sendable {
        var name = ""
        var state = "visible"
        var relationship = ""
    }

    private(set) var sheets: [Sheet] = []
    private(set) var from1904 = false
    private var one = Sheet()
    override var wanted: Set<String> {
        ["workbook", "workbookPr", "date1904", "sheets", "sheet", "name", "state", "id"]
    }

    override func opened(_ name: String) { if name == "sheet" { one = Sheet() } }

    override func attribute(_ name: String, _ value: String) {
        switch (stack.last, name) {
        case ("workbookPr", "date1904"): from1904 = value == "1" || value == "true"
        case ("sheet", "name"): one.name = value
        case ("sheet", "state"): one.state = value
        case ("sheet", "id"): one.relationship = value
        default: break
        }
    }

    override func closed(_ name: String) { if name == "sheet" { sheets.append(one) } }
}

/// `styles.xml`: what each cell format makes of a number.
final class StylesSink: PartSink {
    private(set) var styles: [SheetStyle] = []
    private var codes: [Int: SheetStyle] = [:]
    private var format = (id: 0, code: "")
    // `cellStyleXfs` has elements of the same name and is not looked at.
    override var wanted: Set<String> {
        ["styleSheet", "numFmts", "numFmt", "numFmtId", "formatCode", "cellXfs", "xf"]
    }
    static let stylesMax = 1 << 17

    override func opened(_ name: String) { if name == "numFmt" || name == "xf" { format = (0, "") } }

    override func attribute(_ name: String, _ value: String) {
        if name == "numFmtId" { format.id = Int(value) ?? 0 }
        if name == "formatCode" { format.code = value }
    }

    override func closed(_ name: String) {
        // The currency of a format that every workbook has is the reader's own, whatever is written here.
        if name == "numFmt" {
            let style = SheetStyle(code: format.code)
            if case .money = style, format.id < 164 { codes[format.id] = .plain } else { codes[format.id] = style }
        }
        if name == "xf", styles.count < Self.stylesMax {
            styles.append(codes[format.id] ?? SheetStyle(builtIn: format.id))
        }
    }
}

/// `sharedStrings.xml`: the texts of a workbook, each once, in one buffer.
final class SharedTextsSink: XMLEventSink {
    private(set) var bytes: [UInt8] = []
    /// The byte after each text.
    private var ends: [UInt32] = []
    private(set) var refusal: Fault?
    private var isText = false
    private var isFull = false
    private var depth = 0
    private static let names = ["sst", "si", "r", "t"]
    static let bytesMax = 256 << 20
    static let textsMax = 1 << 24

    /// The bytes of a text; nil past the last.
    func range(_ index: Int) -> Range<Int>? {
        guard index >= 0, index < ends.count else { return nil }
        return (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
    }

    /// Room for the whole part at once: doubled step by step, it would be held twice.
    func reserve(_ size: UInt64) { bytes.reserveCapacity(Int(min(size, UInt64(Self.bytesMax)))) }

    func root(_ name: String, namespace: String) -> Bool { true }
    // Phonetic runs (`rPh`) hold the same text in another script and are not looked at.
    func code(of name: String) -> Int32? { Self.names.firstIndex(of: name).map(Int32.init) }
    func open(_ code: Int32, line: Int) {
        depth += 1
        isText = code == 3
        if code == 1 { ends.append(UInt32(bytes.count)) }
    }
    func attribute(_ code: Int32, _ value: Span<UInt8>) {}

    func text(_ text: Span<UInt8>) {
        guard isText, let last = ends.indices.last else { return }
        guard bytes.count + text.count <= Self.bytesMax else {
            isFull = true
            return
        }
        bytes.append(copying: text)
        ends[last] = UInt32(bytes.count)
    }

    func close() -> Bool {
        isText = false
        depth -= 1
        // `si` inside `sst` closed.
        if depth == 1, let last = ends.indices.last {
            SheetText.unescape(&bytes, from: last == 0 ? 0 : Int(ends[last - 1]))
            ends[last] = UInt32(bytes.count)
        }
        if isFull || ends.count > Self.textsMax {
            refusal = Fault(
                "XLSX-LIMIT", .refusal, at: .file,
                "the workbook has more than \(Self.bytesMax >> 20) MB of text, or \(Self.textsMax) texts",
                hint: "Split it, or save the sheet as CSV and import that.")
        }
        return refusal == nil
    }
}
