// SPDX-License-Identifier: Apache-2.0
import Documents

/// The elements and attributes of one XML vocabulary that its reader looks at; others are skipped.
protocol XMLName: RawRepresentable<String>, Hashable, Sendable {
    /// Elements that come many times: a path always states their position.
    static var repeated: Set<Self> { get }
    /// Elements that a reader handles as they close, and which are then dropped from memory.
    static var records: Set<Self> { get }
}

/// What a reader does with the records of its vocabulary.
///
/// Each visitor is a final class of its own and so is the sink: events then reach a tree of a known type. (A
/// generic sink behind `any XMLSink` would run unspecialised, eight times slower.)
protocol XMLVisitor: XMLSink {
    associatedtype Name: XMLName
    var tree: XMLTree<Name> { get }
    /// Why a file with this root is not for this reader.
    func begin(_ root: String, namespace: String) -> Fault?
    /// A record closed; what it holds is valid until this returns. A fault refuses the file at once.
    func closed(_ record: XMLNode<Name>) -> Fault?
}

extension XMLVisitor {
    func root(_ name: String, namespace: String) -> Bool {
        tree.fault = begin(name, namespace: namespace)
        return tree.fault == nil
    }

    func code(of name: String) -> Int32? { tree.rows.code(of: name) }

    func open(_ code: Int32, line: Int) { tree.rows.open(code, line: line) }

    func attribute(_ code: Int32, _ value: Span<UInt8>) { tree.rows.attribute(code, value) }

    func text(_ bytes: Span<UInt8>) { tree.rows.text.append(copying: bytes) }

    func close() -> Bool {
        guard let index = tree.rows.close() else {
            if tree.rows.isTooLarge { tree.fault = tree.tooLarge }
            return tree.fault == nil
        }
        tree.fault = closed(tree.node(index))
        tree.rows.drop(from: index)
        return tree.fault == nil
    }
}

/// The part of a document that is open or not yet handled.
final class XMLTree<Name: XMLName> {
    fileprivate(set) var fault: Fault?
    // One struct, so that an event is one access to the class and not a dozen.
    fileprivate var rows = XMLRows<Name>()

    fileprivate var tooLarge: Fault {
        Fault(
            "XML-LIMIT", .refusal, at: node(0).position,
            "one document or entry has more than \(XMLRows<Name>.rowsMax) elements"
                + " or \(XMLRows<Name>.textMax >> 20) MB of text",
            hint: "No invoice or statement has that; ask the sender for the original file.")
    }

    /// A view on a record that closed; it must be gone before the tree changes, or the tree is copied.
    fileprivate func node(_ index: Int32) -> XMLNode<Name> {
        XMLNode(rows: rows.all, text: rows.text, index: index)
    }
}

/// The elements and attributes of a tree in one array, and their text in another: memory is that of one record.
struct XMLRows<Name: XMLName> {
    fileprivate var all: [XMLRow<Name>] = []
    /// UTF-8, entities and line ends resolved.
    fileprivate var text: [UInt8] = []
    private let records = Name.records
    private var names: [Name] = []
    /// By name code: the reader handles it as it closes.
    private var isRecord: [Bool] = []
    /// `text` up to here belongs to rows; what follows is text of the innermost element, so far.
    private var kept = 0
    private var opened: [Opened] = []
    /// Per depth and name code: which parent counts, and how many it had.
    private var ordinals: [[(parent: Int, count: Int32)]] = []
    private var nextSerial = 0

    /// What is held at once: lines, entries, details and embedded files are dropped as they close.
    static var rowsMax: Int { 1 << 20 }
    static var textMax: Int { 128 << 20 }
    fileprivate var isTooLarge: Bool { all.count > Self.rowsMax || text.count > Self.textMax }

    private struct Opened {
        var index: Int32
        var code: Int32
        var serial: Int
    }

    fileprivate mutating func code(of name: String) -> Int32? {
        guard let name = Name(rawValue: name) else { return nil }
        names.append(name)
        isRecord.append(records.contains(name))
        return Int32(names.count - 1)
    }

    fileprivate mutating func open(_ code: Int32, line: Int) {
        truncate(to: kept)
        let parent = opened.last?.index ?? -1
        if parent >= 0 { all[Int(parent)].hasElements = true }
        let row = XMLRow(
            name: names[Int(code)], parent: parent, start: kept, line: Int32(clamping: line),
            ordinal: ordinal(code))
        nextSerial += 1
        opened.append(Opened(index: append(row), code: code, serial: nextSerial))
    }

    fileprivate mutating func attribute(_ code: Int32, _ value: Span<UInt8>) {
        guard let element = opened.last?.index else { return }
        text.append(copying: value)
        var row = XMLRow(name: names[Int(code)], parent: element, start: kept, line: 0, ordinal: 1)
        kept = text.count
        row.end = kept
        _ = append(row)
        all[Int(element)].start = kept
    }

    /// The element that closed, when it is a record.
    fileprivate mutating func close() -> Int32? {
        guard let closing = opened.popLast() else { return nil }
        let index = Int(closing.index)
        if all[index].hasElements {
            truncate(to: kept)
            all[index].end = all[index].start
        } else {
            kept = text.count
            all[index].end = kept
        }
        return isRecord[Int(closing.code)] ? closing.index : nil
    }

    /// Forgets a row, what came after it, and their text.
    fileprivate mutating func drop(from index: Int32) {
        let row = all[Int(index)]
        // Its attributes' values lie before its own text.
        kept = row.first >= 0 ? min(row.start, all[Int(row.first)].start) : row.start
        if row.parent >= 0 {
            all[Int(row.parent)].last = row.previous
            if row.previous >= 0 {
                all[Int(row.previous)].next = -1
            } else {
                all[Int(row.parent)].first = -1
            }
        }
        all.removeLast(all.count - Int(index))
        truncate(to: kept)
    }

    private mutating func append(_ row: XMLRow<Name>) -> Int32 {
        let index = Int32(all.count)
        let parent = Int(row.parent)
        all.append(row)
        guard parent >= 0 else { return index }
        let last = all[parent].last
        all[Int(index)].previous = last
        if last >= 0 { all[Int(last)].next = index } else { all[parent].first = index }
        all[parent].last = index
        return index
    }

    private mutating func truncate(to count: Int) {
        if text.count > count { text.removeLast(text.count - count) }
    }

    /// The position of a new element among its namesakes, from 1.
    private mutating func ordinal(_ code: Int32) -> Int32 {
        let depth = opened.count
        let parent = opened.last?.serial ?? 0
        while ordinals.count <= depth { ordinals.append([]) }
        while ordinals[depth].count <= Int(code) { ordinals[depth].append((-1, 0)) }
        let counter = ordinals[depth][Int(code)]
        let count = counter.parent == parent ? counter.count + 1 : 1
        ordinals[depth][Int(code)] = (parent, count)
        return count
    }
}

/// One element or attribute.
struct XMLRow<Name: XMLName> {
    var name: Name
    var parent: Int32
    var first: Int32 = -1
    var last: Int32 = -1
    var next: Int32 = -1
    var previous: Int32 = -1
    /// Where its text is in the tree's bytes.
    var start: Int
    var end: Int = 0
    var line: Int32
    var ordinal: Int32
    var hasElements = false

    init(name: Name, parent: Int32, start: Int, line: Int32, ordinal: Int32) {
        self.name = name
        self.parent = parent
        self.start = start
        self.end = start
        self.line = line
        self.ordinal = ordinal
    }
}

/// An element or attribute of a record, to be read by name.
struct XMLNode<Name: XMLName> {
    private let rows: [XMLRow<Name>]
    private let content: [UInt8]
    private let index: Int

    fileprivate init(rows: [XMLRow<Name>], text: [UInt8], index: Int32) {
        self.rows = rows
        self.content = text
        self.index = Int(index)
    }

    private func at(_ index: Int32) -> XMLNode { XMLNode(rows: rows, text: content, index: index) }

    var name: Name { rows[index].name }
    var line: Int { Int(rows[index].line) }
    /// Its position among its namesakes, from 1.
    var ordinal: Int { Int(rows[index].ordinal) }

    /// The first child (or the attribute) of that name.
    subscript(_ name: Name) -> XMLNode? {
        var child = rows[index].first
        while child >= 0 {
            if rows[Int(child)].name == name { return at(child) }
            child = rows[Int(child)].next
        }
        return nil
    }

    /// The children of that name, in document order.
    func all(_ name: Name) -> [XMLNode] {
        var found: [XMLNode] = []
        var child = rows[index].first
        while child >= 0 {
            if rows[Int(child)].name == name { found.append(at(child)) }
            child = rows[Int(child)].next
        }
        return found
    }

    var parent: XMLNode? { rows[index].parent >= 0 ? at(rows[index].parent) : nil }

    /// Its own bytes, untrimmed.
    var bytes: ArraySlice<UInt8> { content[rows[index].start..<rows[index].end] }

    /// Its bytes without white space around them.
    var trimmed: ArraySlice<UInt8> {
        var start = rows[index].start
        var end = rows[index].end
        while start < end, Self.isSpace(content[start]) { start += 1 }
        while end > start, Self.isSpace(content[end - 1]) { end -= 1 }
        return content[start..<end]
    }

    /// Its text without white space around it; nil when nothing is left.
    var text: String? {
        let bytes = trimmed
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Its text on one line: each run of line ends, tabs and the blanks around them becomes one blank.
    var line1: String? {
        let bytes = trimmed
        guard !bytes.isEmpty else { return nil }
        guard bytes.contains(where: { $0 < 0x20 }) else { return String(decoding: bytes, as: UTF8.self) }
        return String(decoding: bytes, as: UTF8.self)
            .split(whereSeparator: { $0 == "\n" || $0 == "\r" || $0 == "\t" || $0 == "\r\n" })
            .map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// An XPath of local names with positions.
    var path: String {
        let row = rows[index]
        var path = parent?.path ?? ""
        path += "/"
        path += row.name.rawValue
        if row.ordinal > 1 || Name.repeated.contains(row.name) {
            path += "["
            path += String(row.ordinal)
            path += "]"
        }
        return path
    }

    /// Where it is, for a fault or a provenance.
    var position: Position { .path(path) }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
