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
protocol XMLVisitor: AnyObject {
    associatedtype Name: XMLName
    /// Why a file with this root is not for this reader.
    func root(_ name: String, namespace: String) -> Fault?
    /// A record closed; what it holds is valid until this returns. A fault refuses the file at once.
    func closed(_ record: XMLNode<Name>) -> Fault?
}

/// The part of a document that is open or not yet handled, in one array: memory is that of one record.
final class XMLTree<Visitor: XMLVisitor>: XMLSink {
    typealias Name = Visitor.Name

    let text = XMLText()
    private(set) var fault: Fault?
    private let visitor: Visitor
    private let rows = XMLRows<Name>()
    private let records = Name.records
    private var names: [Name] = []
    /// `text` up to here belongs to rows; what follows is text of the innermost element, so far.
    private var kept = 0
    private var opened: [Int32] = []
    /// Per depth and name code: which parent counts, and how many it had.
    private var ordinals: [[(parent: Int, count: Int32)]] = []
    private var serials: [Int] = []
    private var nextSerial = 0
    /// 64 Mi rows of one record: far beyond any real one.
    private static var rowsMax: Int { 1 << 26 }

    init(visitor: Visitor) {
        self.visitor = visitor
    }

    func root(_ name: String, namespace: String) -> Bool {
        fault = visitor.root(name, namespace: namespace)
        return fault == nil
    }

    func code(of name: String) -> Int32? {
        guard let name = Name(rawValue: name) else { return nil }
        names.append(name)
        return Int32(names.count - 1)
    }

    func open(_ code: Int32, line: Int) {
        text.truncate(to: kept)
        let parent = opened.last ?? -1
        if parent >= 0 { rows.all[Int(parent)].hasElements = true }
        let index = rows.append(
            XMLRow(
                name: names[Int(code)], parent: parent, start: kept, line: Int32(clamping: line),
                ordinal: ordinal(code)))
        opened.append(index)
        nextSerial += 1
        serials.append(nextSerial)
    }

    func attribute(_ code: Int32, from start: Int) {
        guard let element = opened.last else { return }
        kept = text.bytes.count
        var row = XMLRow(name: names[Int(code)], parent: element, start: start, line: 0, ordinal: 1)
        row.end = kept
        _ = rows.append(row)
        rows.all[Int(element)].start = kept
    }

    func close() -> Bool {
        guard let index = opened.popLast() else { return true }
        serials.removeLast()
        if rows.all[Int(index)].hasElements {
            text.truncate(to: kept)
            rows.all[Int(index)].end = rows.all[Int(index)].start
        } else {
            kept = text.bytes.count
            rows.all[Int(index)].end = kept
        }
        guard records.contains(rows.all[Int(index)].name) else { return rows.all.count < Self.rowsMax }
        rows.text = text
        fault = visitor.closed(XMLNode(rows: rows, index: index))
        if let start = rows.drop(from: index) {
            kept = start
            text.truncate(to: kept)
        }
        return fault == nil
    }

    /// The position of a new element among its namesakes, from 1.
    private func ordinal(_ code: Int32) -> Int32 {
        let depth = opened.count
        let parent = serials.last ?? 0
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

/// The rows of a tree, shared by its nodes.
final class XMLRows<Name: XMLName> {
    fileprivate(set) var all: [XMLRow<Name>] = []
    fileprivate(set) var text = XMLText()

    fileprivate func append(_ row: XMLRow<Name>) -> Int32 {
        let index = Int32(all.count)
        all.append(row)
        guard row.parent >= 0 else { return index }
        let parent = Int(row.parent)
        let last = all[parent].last
        all[Int(index)].previous = last
        if last >= 0 { all[Int(last)].next = index } else { all[parent].first = index }
        all[parent].last = index
        return index
    }

    /// Forgets a row and what came after it; returns where its text began.
    fileprivate func drop(from index: Int32) -> Int? {
        let row = all[Int(index)]
        // Its attributes' values lie before its own text.
        let start = row.first >= 0 ? min(row.start, all[Int(row.first)].start) : row.start
        if row.parent >= 0 {
            all[Int(row.parent)].last = row.previous
            if row.previous >= 0 {
                all[Int(row.previous)].next = -1
            } else {
                all[Int(row.parent)].first = -1
            }
        }
        all.removeLast(all.count - Int(index))
        return start
    }
}

/// An element or attribute of a record, to be read by name.
struct XMLNode<Name: XMLName> {
    private let rows: XMLRows<Name>
    private let index: Int32

    fileprivate init(rows: XMLRows<Name>, index: Int32) {
        self.rows = rows
        self.index = index
    }

    private var row: XMLRow<Name> { rows.all[Int(index)] }
    var name: Name { row.name }
    var line: Int { Int(row.line) }
    /// Its position among its namesakes, from 1.
    var ordinal: Int { Int(row.ordinal) }

    /// The first child (or the attribute) of that name.
    subscript(_ name: Name) -> XMLNode? {
        var child = row.first
        while child >= 0 {
            if rows.all[Int(child)].name == name { return XMLNode(rows: rows, index: child) }
            child = rows.all[Int(child)].next
        }
        return nil
    }

    /// The first element at the end of a path of names.
    subscript(_ names: Name...) -> XMLNode? {
        var node = self
        for name in names {
            guard let child = node[name] else { return nil }
            node = child
        }
        return node
    }

    /// The children of that name, in document order.
    func all(_ name: Name) -> [XMLNode] {
        var found: [XMLNode] = []
        var child = row.first
        while child >= 0 {
            if rows.all[Int(child)].name == name { found.append(XMLNode(rows: rows, index: child)) }
            child = rows.all[Int(child)].next
        }
        return found
    }

    var parent: XMLNode? { row.parent >= 0 ? XMLNode(rows: rows, index: row.parent) : nil }

    /// Its own bytes, untrimmed.
    var bytes: ArraySlice<UInt8> { rows.text.bytes[row.start..<row.end] }

    /// Its text without white space around it; nil when nothing is left.
    var text: String? {
        let row = row
        var start = row.start
        var end = row.end
        while start < end, Self.isSpace(rows.text.bytes[start]) { start += 1 }
        while end > start, Self.isSpace(rows.text.bytes[end - 1]) { end -= 1 }
        return start < end ? String(decoding: rows.text.bytes[start..<end], as: UTF8.self) : nil
    }

    /// Its text on one line: each run of line ends, tabs and the blanks around them becomes one blank.
    var line1: String? {
        guard let text else { return nil }
        guard text.utf8.contains(where: { $0 < 0x20 }) else { return text }
        return text.split(whereSeparator: { $0 == "\n" || $0 == "\r" || $0 == "\t" || $0 == "\r\n" })
            .map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// An XPath of local names with positions.
    var path: String {
        let row = row
        let above = parent?.path ?? ""
        let position = row.ordinal > 1 || Name.repeated.contains(row.name) ? "[\(row.ordinal)]" : ""
        return "\(above)/\(row.name.rawValue)\(position)"
    }

    /// Where it is, for a fault or a provenance.
    var position: Position { .path(path) }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
