// SPDX-License-Identifier: Apache-2.0

/// What the parser tells while it reads; one per file.
protocol XMLSink: AnyObject {
    /// The root element, before anything in it; false stops the reading (the sink knows why).
    func root(_ name: String, namespace: String) -> Bool
    /// Nil when nothing in elements (or attributes) of this local name is wanted. Asked once per name.
    func code(of name: String) -> Int32?
    /// All names that are wanted, where they are known beforehand: `code(of:)` is not asked then.
    var codes: XMLNameCodes? { get }
    /// What was parsed since the last time, in order; false stops the reading (the sink knows why).
    func take(_ events: XMLEvents) -> Bool
    /// Events that were taken and are done with, for their memory; nil where none are kept beyond `take`.
    func spare() -> XMLEvents?
    /// Whether namespaces are told.
    var wantsNamespaces: Bool { get }
    /// Whether white space that an element's text begins with, or that stands between elements, is told.
    var wantsBlanks: Bool { get }
}

extension XMLSink {
    var codes: XMLNameCodes? { nil }
    func spare() -> XMLEvents? { nil }
    var wantsNamespaces: Bool { false }
    var wantsBlanks: Bool { true }
}

/// Elements, attributes and text in the order of the file.
///
/// The parser calls back for each of them; gathered, a piece of the file costs its sink one call.
struct XMLEvents {
    enum Kind: UInt8 {
        case open
        /// Of the element opened last.
        case attribute
        /// Of the innermost element, in any pieces: UTF-8, entities and line ends resolved.
        case text
        case close
        /// Of the elements that open from now on, until it is told again; empty for none.
        case namespace
    }

    struct Event {
        var kind: Kind
        /// Of an element or attribute, as the sink gave it.
        var code: Int32 = 0
        /// Where a value is in `bytes`; of an element its line, of a namespace its place in `uris`.
        var start: Int32 = 0
        var end: Int32 = 0
    }

    /// The root element, in the first events of a file.
    var root: XMLRoot?
    private(set) var list: [Event] = []
    private(set) var bytes: [UInt8] = []
    private(set) var uris: [String] = []

    /// Room for a small file, which then grows no array.
    mutating func makeRoom() {
        list.reserveCapacity(512)
        bytes.reserveCapacity(8 << 10)
    }

    /// A text or an attribute's value.
    func value(_ event: Event) -> Range<Int> { Int(event.start)..<Int(event.end) }

    mutating func open(_ code: Int32, line: Int32) {
        list.append(Event(kind: .open, code: code, start: line))
    }

    mutating func attribute(_ code: Int32, _ value: Span<UInt8>) {
        let start = Int32(truncatingIfNeeded: bytes.count)
        // An ampersand in an attribute comes from libxml2 as `&#38;`, however it was written, as long as references are
        // left to whoever builds a tree (xmlParseAttValue without XML_PARSE_NOENT). Nothing else comes as a reference.
        var from = 0
        for index in value.indices where Self.isWrittenAmpersand(value, index) {
            bytes.append(copying: value.extracting(from..<(index + 1)))
            from = index + 5
        }
        bytes.append(copying: value.extracting(from..<value.count))
        list.append(Event(kind: .attribute, code: code, start: start, end: Int32(truncatingIfNeeded: bytes.count)))
    }

    /// Whether `&#38;` begins here.
    private static func isWrittenAmpersand(_ value: Span<UInt8>, _ index: Int) -> Bool {
        value[index] == 0x26 && index + 4 < value.count && value[index + 1] == 0x23 && value[index + 2] == 0x33
            && value[index + 3] == 0x38 && value[index + 4] == 0x3B
    }

    mutating func text(_ value: Span<UInt8>) {
        let start = Int32(truncatingIfNeeded: bytes.count)
        bytes.append(copying: value)
        list.append(Event(kind: .text, start: start, end: Int32(truncatingIfNeeded: bytes.count)))
    }

    mutating func close() { list.append(Event(kind: .close)) }

    mutating func namespace(_ uri: String) {
        list.append(Event(kind: .namespace, start: Int32(truncatingIfNeeded: uris.count)))
        uris.append(uri)
    }

    var isEmpty: Bool { list.isEmpty && root == nil }

    mutating func clear() {
        root = nil
        list.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        uris.removeAll(keepingCapacity: true)
    }
}

/// A sink that is told one event after the other.
protocol XMLEventSink: XMLSink {
    func open(_ code: Int32, line: Int)
    func attribute(_ code: Int32, _ value: Span<UInt8>)
    func text(_ bytes: Span<UInt8>)
    /// False stops the reading.
    func close() -> Bool
    func namespace(_ uri: String)
}

extension XMLEventSink {
    func namespace(_ uri: String) {}

    func take(_ events: XMLEvents) -> Bool {
        let bytes = events.bytes.span
        for event in events.list {
            switch event.kind {
            case .open: open(event.code, line: Int(event.start))
            case .attribute: attribute(event.code, bytes.extracting(events.value(event)))
            case .text: text(bytes.extracting(events.value(event)))
            case .close: if !close() { return false }
            case .namespace: namespace(events.uris[Int(event.start)])
            }
        }
        return true
    }
}
