// SPDX-License-Identifier: Apache-2.0
import CXML2
import Documents

/// What XML may weigh. Past a limit the file is refused with `XML-LIMIT`.
struct XMLLimits: Sendable {
    /// Elements inside each other.
    var depth = 128
    /// Attributes (and namespace declarations) of one element.
    var attributes = 256
    /// Bytes of one element's or attribute's name.
    var name = 1024
    /// Distinct names in a file; real vocabularies have a few thousand.
    var distinctNames = 16_384
    /// Bytes of one element's text: an embedded PDF of 30 MB in base64 is 40 MB.
    var text = 64 << 20
    /// Bytes of one start tag, comment or instruction. The parser compares each attribute of a tag with each
    /// other before it shows the first, so this bounds that time, too.
    var markup = 256 << 10
}

extension [UInt8] {
    /// Appends all bytes of a span at once.
    mutating func append(copying bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}

/// One libxml2 push parser: bytes in, events to a sink, everything hostile refused.
///
/// The only place that touches libxml2. A DOCTYPE is refused before anything in it is read, so there are no
/// entities to expand or to load; the network is off; the limits are our own counters.
@safe struct XMLHandle: ~Copyable {
    private let context: xmlParserCtxtPtr
    // A pointer and no class: an event is then no checked access, and there are hundreds to a record.
    private let state: UnsafeMutablePointer<XMLSessionState>
    private let sink: any XMLSink
    private static let initialised: Void = tieout_xml_initialise()
    /// Bytes passed to libxml2 at once.
    private static let piece = 64 << 10

    /// Nil when the library cannot allocate a parser.
    init?(sink: any XMLSink, limits: XMLLimits = XMLLimits()) {
        _ = Self.initialised
        let state = UnsafeMutablePointer<XMLSessionState>.allocate(capacity: 1)
        unsafe state.initialize(to: XMLSessionState(sink: sink, limits: limits))
        let opened = unsafe tieout_xml_open(
            state, state.pointee.error,
            { user, name, _, uri, namespaces, _, count, _, attributes in
                unsafe XMLSessionState.at(user)?.pointee.start(name, uri, Int(namespaces), Int(count), attributes)
            },
            { user, _, _, _ in unsafe XMLSessionState.at(user)?.pointee.end() },
            { user, bytes, count in unsafe XMLSessionState.at(user)?.pointee.characters(bytes, Int(count)) },
            { user, name, _, _ in unsafe XMLSessionState.at(user)?.pointee.doctype(name) })
        guard let opened = unsafe opened else {
            unsafe state.pointee.error.deallocate()
            unsafe state.deinitialize(count: 1)
            unsafe state.deallocate()
            return nil
        }
        unsafe state.pointee.context = opened
        unsafe self.context = opened
        unsafe self.state = unsafe state
        self.sink = sink
    }

    deinit {
        unsafe xmlFreeParserCtxt(context)
        unsafe state.pointee.error.deallocate()
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }

    /// Parses the next bytes of the file; any split is fine.
    /// - Returns: Why the file is refused; after that nothing more is parsed.
    mutating func feed(_ bytes: [UInt8]) -> Fault? { feed(bytes[...]) }

    mutating func feed(_ bytes: ArraySlice<UInt8>) -> Fault? {
        var start = bytes.startIndex
        while start < bytes.endIndex {
            guard unsafe !state.pointee.stopped else { return stopped }
            let end = min(bytes.endIndex, start + Self.piece)
            unsafe bytes[start..<end].withUnsafeBytes { raw in
                guard let base = raw.baseAddress else { return }
                _ = unsafe tieout_xml_push(context, base.assumingMemoryBound(to: CChar.self), Int32(raw.count), 0)
            }
            unsafe state.pointee.seen += end - start
            if unsafe state.pointee.fault == nil, unsafe tieout_xml_pending(context) > state.pointee.limits.markup {
                let most = unsafe state.pointee.limits.markup >> 10
                unsafe state.pointee.refuse(
                    "XML-LIMIT", "one tag, comment or instruction is longer than \(most) KB",
                    hint: "No invoice or statement has that; ask the sender for the original file.")
            }
            tell()
            if unsafe state.pointee.error.pointee.set != 0 { return stopped }
            start = end
        }
        return stopped
    }

    /// Tells that the file has ended.
    mutating func finish() -> Fault? {
        if let fault = stopped { return fault }
        _ = unsafe tieout_xml_push(context, nil, 0, 1)
        unsafe state.pointee.ended = true
        tell()
        return stopped
    }

    /// Hands the sink what was parsed since the last time.
    private func tell() {
        var events = XMLEvents()
        unsafe swap(&events, &state.pointee.events)
        guard !events.isEmpty else { return }
        if !sink.take(events) {
            unsafe state.pointee.stopped = true
            unsafe xmlStopParser(context)
        }
        if let spare = sink.spare() { events = spare }
        events.clear()
        unsafe swap(&events, &state.pointee.events)
    }

    /// The root that a refused DOCTYPE named, as it is spelled there (`inv:Invoice`).
    var declaredRoot: String? { unsafe state.pointee.declaredRoot }

    private var stopped: Fault? { unsafe state.pointee.fault ?? state.pointee.parserFault }
}

/// The state behind the callbacks of one parser.
@safe private struct XMLSessionState {
    private let sink: any XMLSink
    let limits: XMLLimits
    var context: xmlParserCtxtPtr?
    let error: UnsafeMutablePointer<tieout_xml_error>
    var events = XMLEvents()
    var fault: Fault?
    /// There is a fault, or the sink wants no more.
    var stopped = false
    var declaredRoot: String?
    /// The file was told to have ended.
    var ended = false
    /// Bytes fed so far.
    var seen = 0

    /// Local names of the open elements; libxml2's dictionary keeps them as long as the parser lives.
    private var open: [UnsafePointer<xmlChar>] = unsafe []
    private var rootSeen = false
    private let known: XMLNameCodes?
    private let wantsNamespaces: Bool
    private let wantsBlanks: Bool
    /// The namespace told last; libxml2's dictionary keeps it.
    private var namespace: UnsafePointer<xmlChar>?
    /// Open elements inside (and with) the outermost one that is not wanted.
    private var skipped = 0
    private var textOfElement = 0
    private var codes: [UInt: Int32] = [:]
    private var recentNames = [UInt](repeating: 0, count: 512)
    private var recentCodes = [Int32](repeating: 0, count: 512)

    init(sink: any XMLSink, limits: XMLLimits) {
        self.sink = sink
        self.limits = limits
        events.makeRoom()
        known = sink.codes
        wantsNamespaces = sink.wantsNamespaces
        wantsBlanks = sink.wantsBlanks
        unsafe error = UnsafeMutablePointer<tieout_xml_error>.allocate(capacity: 1)
        unsafe error.initialize(to: tieout_xml_error())
    }

    static func at(_ user: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<XMLSessionState>? {
        unsafe user?.assumingMemoryBound(to: XMLSessionState.self)
    }

    mutating func start(
        _ name: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?, _ namespaces: Int, _ count: Int,
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        guard !stopped, let name = unsafe name else { return }
        unsafe open.append(name)
        guard unsafe open.count <= limits.depth else {
            return limit("elements are nested deeper than \(limits.depth)")
        }
        guard count <= limits.attributes, namespaces <= limits.attributes else {
            return limit("<\(unsafe text(name))> has more than \(limits.attributes) attributes")
        }
        if !rootSeen {
            rootSeen = true
            let root = XMLRoot(
                name: unsafe text(name), namespace: unsafe uri.map { text in unsafe self.text(text) } ?? "")
            events.root = root
            guard sink.root(root.name, namespace: root.namespace) else {
                stopped = true
                return unsafe xmlStopParser(context)
            }
        }
        guard skipped == 0, let code = unsafe self.code(name) else {
            skipped += 1
            return
        }
        textOfElement = 0
        if wantsNamespaces, unsafe uri != namespace {
            unsafe namespace = uri
            events.namespace(unsafe uri.map { uri in unsafe text(uri) } ?? "")
        }
        events.open(code, line: unsafe tieout_xml_line(context))
        guard let attributes = unsafe attributes else { return }
        for index in 0..<count {
            // Five pointers each: local name, prefix, URI, start and end of the value.
            guard let name = unsafe attributes[index * 5], let from = unsafe attributes[index * 5 + 3],
                let to = unsafe attributes[index * 5 + 4], let code = unsafe self.code(name)
            else { continue }
            let value = unsafe UnsafeBufferPointer(start: from, count: to - from)
            events.attribute(code, unsafe value.span)
        }
    }

    mutating func end() {
        guard !stopped, unsafe open.popLast() != nil else { return }
        if skipped > 0 {
            skipped -= 1
        } else {
            events.close()
        }
        textOfElement = 0
    }

    mutating func characters(_ bytes: UnsafePointer<xmlChar>?, _ count: Int) {
        guard !stopped, skipped == 0, count > 0, let bytes = unsafe bytes else { return }
        if textOfElement == 0, !wantsBlanks, unsafe isBlank(bytes, count) { return }
        textOfElement += count
        guard textOfElement <= limits.text else {
            return limit("the text of one element is longer than \(limits.text >> 20) MB")
        }
        let piece = unsafe UnsafeBufferPointer(start: bytes, count: count)
        events.text(unsafe piece.span)
    }

    private func isBlank(_ bytes: UnsafePointer<xmlChar>, _ count: Int) -> Bool {
        var index = 0
        // Eight at a time: half of an indented file is blanks.
        while index + 8 <= count {
            let word = unsafe UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt64.self)
            // A byte above 0x20 has its highest bit, or gets it by adding 0x5F to the rest.
            let above = (word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x5F5F_5F5F_5F5F_5F5F
            guard (above | word) & 0x8080_8080_8080_8080 == 0 else { return false }
            index += 8
        }
        while index < count {
            if unsafe bytes[index] > 0x20 { return false }
            index += 1
        }
        return true
    }

    mutating func doctype(_ name: UnsafePointer<xmlChar>?) {
        let root = unsafe name.map { unsafe text($0) } ?? ""
        declaredRoot = root
        if root.lowercased() == "html" {
            return refuse(
                "FORMAT-UNSUPPORTED", "the file is a web page (HTML), such as a portal's error page",
                hint: "Open it in a browser to see what it says, and download the export again.")
        }
        refuse(
            "XML-DOCTYPE", "the file has a document type declaration (<!DOCTYPE \(root.prefix(40))>)",
            hint: "Invoices and statements have none, and it can make a reader load or multiply data; "
                + "ask the sender for a file without it.")
    }

    private mutating func limit(_ what: String) {
        refuse("XML-LIMIT", what, hint: "No invoice or statement has that; ask the sender for the original file.")
    }

    mutating func refuse(_ code: String, _ what: String, hint: String) {
        guard fault == nil else { return }
        let line = unsafe Int(tieout_xml_line(context))
        fault = Fault(
            code, .refusal, at: .line(max(1, line), column: unsafe Int(tieout_xml_column(context))), what,
            hint: hint)
        stopped = true
        unsafe xmlStopParser(context)
    }

    private mutating func code(_ name: UnsafePointer<xmlChar>) -> Int32? {
        // The parser interns names: the same pointer is the same name. -1 stands for "not wanted".
        let key = UInt(bitPattern: name)
        // Fibonacci hashing: the parser keeps names side by side, so their addresses differ in few bits.
        let slot = Int(truncatingIfNeeded: (UInt64(key) &* 0x9E37_79B9_7F4A_7C15) >> 55)
        if recentNames[slot] == key { return recentCodes[slot] < 0 ? nil : recentCodes[slot] }
        guard let code = unsafe codes[key] ?? newCode(name, key) else { return nil }
        recentNames[slot] = key
        recentCodes[slot] = code
        return code < 0 ? nil : code
    }

    /// Of a name that is none of the recent ones; nil past a limit.
    private mutating func newCode(_ name: UnsafePointer<xmlChar>, _ key: UInt) -> Int32? {
        let count = unsafe strnlen(name, limits.name + 1)
        guard count <= limits.name else {
            limit("a name is longer than \(limits.name) bytes")
            return nil
        }
        // What the parser has interned is all names, and a few of its own.
        let distinct = unsafe known == nil ? codes.count : Int(tieout_xml_names(context))
        guard distinct < limits.distinctNames else {
            limit("more than \(limits.distinctNames) different names are used")
            return nil
        }
        if let known {
            return unsafe known.code(of: UnsafeBufferPointer(start: name, count: count).span) ?? -1
        }
        let code = sink.code(of: unsafe text(name)) ?? -1
        codes[key] = code
        return code
    }

    private func strnlen(_ name: UnsafePointer<xmlChar>, _ most: Int) -> Int {
        var count = 0
        while count < most, unsafe name[count] != 0 { count += 1 }
        return count
    }

    private func text(_ name: UnsafePointer<xmlChar>) -> String {
        let count = unsafe strnlen(name, limits.name)
        return unsafe String(decoding: UnsafeBufferPointer(start: name, count: count), as: UTF8.self)
    }

    /// What the parser itself objects to, in our words.
    var parserFault: Fault? {
        let first = unsafe error.pointee
        guard first.set != 0 else { return nil }
        let said = unsafe withUnsafeBytes(of: first.message) { raw in
            unsafe String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        }
        let innermost = unsafe open.last.map { name in unsafe text(name) }
        return XMLComplaint(
            code: Int(first.code), said: said, inside: innermost, rootSeen: rootSeen, ended: ended, seen: seen
        ).fault(at: .line(max(1, Int(first.line)), column: max(0, Int(first.column))))
    }
}
