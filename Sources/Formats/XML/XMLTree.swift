// SPDX-License-Identifier: Apache-2.0
import Documents

/// The elements and attributes of one XML vocabulary that its reader looks at; others are skipped.
protocol XMLName: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// `XMLVocabulary()`, made once.
    static var vocabulary: XMLVocabulary<Self> { get }
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
    /// Decided in `take`, which may be on another thread than the parser.
    func root(_ name: String, namespace: String) -> Bool { true }

    func code(of name: String) -> Int32? { Name.vocabulary.codes.code(of: Array(name.utf8).span) }
    var codes: XMLNameCodes? { Name.vocabulary.codes }

    /// Readers of documents trim what they read.
    var wantsBlanks: Bool { false }

    func take(_ events: XMLEvents) -> Bool {
        let tree = tree
        if let root = events.root {
            tree.fault = begin(root.name, namespace: root.namespace)
            if tree.fault != nil { return false }
        }
        var next = 0
        while let index = tree.rows.advance(events, from: &next) {
            tree.fault = closed(tree.node(index))
            tree.rows.drop(from: index)
            if tree.fault != nil { return false }
        }
        if tree.rows.isTooLarge { tree.fault = tree.tooLarge }
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
        XMLNode(content: XMLContent(rows: rows.all, text: rows.text), index: index)
    }
}

/// The elements and attributes of a tree in one array, and their text in another: memory is that of one record.
struct XMLRows<Name: XMLName> {
    fileprivate var all: [XMLRow<Name>] = []
    /// UTF-8, entities and line ends resolved.
    fileprivate var text: [UInt8] = []
    private let names = Name.vocabulary.names
    private let isRecord = Name.vocabulary.isRecord
    private let isCounted = Name.vocabulary.isCounted
    private let isRepeated = Name.vocabulary.isRepeated
    /// `text` up to here belongs to rows; what follows is text of the innermost element, so far.
    private var kept = 0
    private var opened: [Opened] = []
    /// Of what is counted as it opens; per depth and name code: which parent counts, and how many it had.
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

    /// Takes events until a record has closed.
    /// - Returns: The record, which is dropped before the next call; nil at the end of the events.
    fileprivate mutating func advance(_ events: XMLEvents, from next: inout Int) -> Int32? {
        let bytes = events.bytes.span
        while next < events.list.count {
            let event = events.list[next]
            next += 1
            switch event.kind {
            case .open: open(event.code, line: event.start)
            case .attribute: attribute(event.code, bytes.extracting(events.value(event)))
            case .text: text.append(copying: bytes.extracting(events.value(event)))
            case .close: if let record = close() { return record }
            case .namespace: break
            }
        }
        return nil
    }

    private mutating func open(_ code: Int32, line: Int32) {
        truncate(to: kept)
        let parent = opened.last?.index ?? -1
        if parent >= 0 { all[Int(parent)].hasElements = true }
        var row = XMLRow(
            name: names[Int(code)], code: code, parent: parent, start: kept, line: line,
            ordinal: isCounted[Int(code)] ? ordinal(code) : 0)
        row.isRepeated = isRepeated[Int(code)]
        nextSerial += 1
        opened.append(Opened(index: append(row), code: code, serial: nextSerial))
    }

    private mutating func attribute(_ code: Int32, _ value: Span<UInt8>) {
        guard let element = opened.last?.index else { return }
        text.append(copying: value)
        var row = XMLRow(
            name: names[Int(code)], code: code, parent: element, start: kept, line: 0, ordinal: 1)
        kept = text.count
        row.end = kept
        _ = append(row)
        all[Int(element)].start = kept
    }

    /// The element that closed, when it is a record.
    private mutating func close() -> Int32? {
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
        var row = row
        let last = parent >= 0 ? all[parent].last : -1
        row.previous = last
        all.append(row)
        guard parent >= 0 else { return index }
        var rows = all.mutableSpan
        if last >= 0 { rows[Int(last)].next = index } else { rows[parent].first = index }
        rows[parent].last = index
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
    /// The name's number in its vocabulary.
    var code: Int16
    var parent: Int32
    var first: Int32 = -1
    var last: Int32 = -1
    var next: Int32 = -1
    var previous: Int32 = -1
    /// Where its text is in the tree's bytes.
    var start: Int
    var end: Int = 0
    var line: Int32
    /// Its position among its namesakes, from 1; 0 where its namesakes are all in the tree and can be counted.
    var ordinal: Int32
    var hasElements = false
    /// A path states its position even where it is 1.
    var isRepeated = false

    init(name: Name, code: Int32, parent: Int32, start: Int, line: Int32, ordinal: Int32) {
        self.name = name
        self.code = Int16(truncatingIfNeeded: code)
        self.parent = parent
        self.start = start
        self.end = start
        self.line = line
        self.ordinal = ordinal
    }
}

/// The rows and the text that the nodes of one record look at; one reference, so that a node is cheap to pass.
final class XMLContent<Name: XMLName> {
    fileprivate let rows: [XMLRow<Name>]
    fileprivate let text: [UInt8]

    fileprivate init(rows: [XMLRow<Name>], text: [UInt8]) {
        self.rows = rows
        self.text = text
    }

    /// A row's position among its namesakes, from 1.
    fileprivate func ordinal(of index: Int) -> Int {
        guard rows[index].ordinal == 0 else { return Int(rows[index].ordinal) }
        let name = rows[index].name
        var ordinal = 1
        var before = rows[index].previous
        while before >= 0 {
            // An attribute of that name is no namesake.
            if rows[Int(before)].name == name, rows[Int(before)].ordinal == 0 { ordinal += 1 }
            before = rows[Int(before)].previous
        }
        return ordinal
    }

    /// By index and not by node: every payment states its path, of six steps and more.
    fileprivate func appendPath(of index: Int, to steps: inout [UInt8]) {
        if rows[index].parent >= 0 { appendPath(of: Int(rows[index].parent), to: &steps) }
        steps.append(contentsOf: Name.vocabulary.steps[Int(rows[index].code)])
        let ordinal = ordinal(of: index)
        guard ordinal > 1 || rows[index].isRepeated else { return }
        steps.append(0x5B)
        Self.append(ordinal, to: &steps)
        steps.append(0x5D)
    }

    /// The first row of that name among a row's children and attributes; -1 where there is none.
    ///
    /// By index, like what follows, and not by node: a node counts as a reference to this, and a payment is read by
    /// some sixty names.
    fileprivate func child(of index: Int, _ name: Name) -> Int {
        var child = Int(rows[index].first)
        while child >= 0, rows[child].name != name { child = Int(rows[child].next) }
        return child
    }

    /// Where a row's text is, without white space around it.
    fileprivate func trimmed(_ index: Int) -> Range<Int> {
        var start = rows[index].start
        var end = rows[index].end
        while start < end, Self.isSpace(text[start]) { start += 1 }
        while end > start, Self.isSpace(text[end - 1]) { end -= 1 }
        return start..<end
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private static func append(_ number: Int, to steps: inout [UInt8]) {
        if number > 9 { append(number / 10, to: &steps) }
        steps.append(0x30 + UInt8(truncatingIfNeeded: number % 10))
    }
}

/// An element or attribute of a record, to be read by name.
struct XMLNode<Name: XMLName> {
    private let content: XMLContent<Name>
    private let index: Int

    fileprivate init(content: XMLContent<Name>, index: Int32) {
        self.content = content
        self.index = Int(index)
    }

    private func at(_ index: Int32) -> XMLNode { XMLNode(content: content, index: index) }
    private var row: XMLRow<Name> { content.rows[index] }

    var name: Name { content.rows[index].name }
    var line: Int { Int(content.rows[index].line) }

    /// Its position among its namesakes, from 1.
    var ordinal: Int { content.ordinal(of: index) }

    /// The first child (or the attribute) of that name.
    subscript(_ name: Name) -> XMLNode? {
        let child = content.child(of: index, name)
        return child >= 0 ? at(Int32(child)) : nil
    }

    /// `self[first]?[second]`
    subscript(_ first: Name, _ second: Name) -> XMLNode? {
        let child = content.child(of: index, first)
        let next = child >= 0 ? content.child(of: child, second) : -1
        return next >= 0 ? at(Int32(next)) : nil
    }

    /// `self[first]?[second]?[third]`
    subscript(_ first: Name, _ second: Name, _ third: Name) -> XMLNode? {
        let child = content.child(of: index, first)
        let next = child >= 0 ? content.child(of: child, second) : -1
        let last = next >= 0 ? content.child(of: next, third) : -1
        return last >= 0 ? at(Int32(last)) : nil
    }

    /// The children of that name, in document order.
    func all(_ name: Name) -> [XMLNode] {
        var found: [XMLNode] = []
        var child = content.rows[index].first
        while child >= 0 {
            if content.rows[Int(child)].name == name { found.append(at(child)) }
            child = content.rows[Int(child)].next
        }
        return found
    }

    var parent: XMLNode? { row.parent >= 0 ? at(row.parent) : nil }

    /// Its own bytes, with white space as it is inside and after them.
    var bytes: ArraySlice<UInt8> {
        let row = row
        return content.text[row.start..<row.end]
    }

    /// Its bytes without white space around them.
    var trimmed: ArraySlice<UInt8> { content.text[content.trimmed(index)] }

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
        var steps: [UInt8] = []
        steps.reserveCapacity(128)
        content.appendPath(of: index, to: &steps)
        return String(decoding: steps, as: UTF8.self)
    }

    /// Where it is, for a fault or a provenance.
    var position: Position { .path(path) }
}
