// SPDX-License-Identifier: Apache-2.0
import Documents

/// Where the bytes of an XML document come from.
enum XMLInput {
    case file(SourceFile)
    /// In memory: what another format carries inside it.
    case pieces([[UInt8]])

    func each(_ body: ([UInt8]) throws -> Void) throws {
        switch self {
        case .file(let file): try file.chunks { try body($0) }
        case .pieces(let pieces): for piece in pieces { try body(piece) }
        }
    }
}

/// Reads XML in pieces through a visitor of one vocabulary.
struct XMLReading<Visitor: XMLVisitor>: ~Copyable {
    private let visitor: Visitor
    private var handle: XMLHandle?

    init(_ visitor: Visitor, limits: XMLLimits = XMLLimits()) {
        self.visitor = visitor
        self.handle = XMLHandle(sink: visitor, limits: limits)
    }

    /// The next bytes of the file.
    /// - Returns: Why the file is refused; after that nothing more is read.
    mutating func feed(_ bytes: [UInt8]) -> Fault? {
        guard handle != nil else { return XMLLimits.noParser }
        let fault = handle?.feed(bytes)
        return visitor.tree.fault ?? fault
    }

    mutating func finish() -> Fault? {
        guard handle != nil else { return XMLLimits.noParser }
        if let fault = visitor.tree.fault { return fault }
        let fault = handle?.finish()
        return visitor.tree.fault ?? fault
    }

    /// Reads all pieces; `drain` runs between them, to pass on what the visitor has gathered.
    /// - Returns: Why the file is refused.
    static func run(
        _ visitor: Visitor, limits: XMLLimits = XMLLimits(),
        over input: XMLInput, drain: () throws -> Void
    ) throws -> Fault? {
        if case .file(let file) = input, file.size > XMLPipeline.sizeMin {
            return try XMLPipeline.run(visitor, limits: limits, over: file, drain: drain)
        }
        var reading = XMLReading(visitor, limits: limits)
        var fault: Fault?
        try input.each { bytes in
            // After a refusal the rest is only passed by, so that the caller's digest is of the whole file.
            guard fault == nil else { return }
            fault = reading.feed(bytes)
            if fault == nil { try drain() }
        }
        if fault == nil { fault = reading.finish() }
        if fault == nil { try drain() }
        return fault
    }
}

extension XMLLimits {
    static var noParser: Fault {
        Fault(
            "XML-LIMIT", .refusal, at: .file, "there is no memory for an XML parser",
            hint: "Close other programs and try again.")
    }
}

/// The root element of an XML file: what tells the XML formats apart.
struct XMLRoot: Hashable, Sendable {
    /// Local name.
    var name: String
    /// Namespace URI, empty when it has none.
    var namespace: String

    /// The first character, after a byte order mark and white space, is `<` (in UTF-8 or UTF-16).
    static func looksLikeXML(_ head: [UInt8]) -> Bool {
        let marks: Set<UInt8> = [0xEF, 0xBB, 0xBF, 0xFE, 0xFF, 0x00, 0x20, 0x09, 0x0A, 0x0D]
        return head.first { !marks.contains($0) } == 0x3C
    }

    /// The root element that the first bytes of a file show; nil when they are no XML or hold none.
    ///
    /// A file with a DOCTYPE shows the name that it declares, so that the reader of that format refuses it.
    static func sniff(_ head: [UInt8]) -> XMLRoot? {
        guard head.contains(0x3C) else { return nil }
        let sink = RootSink()
        guard var handle = XMLHandle(sink: sink) else { return nil }
        // Nearly always the first few lines are enough.
        _ = handle.feed(head.prefix(Self.firstLook))
        if sink.found == nil { _ = handle.feed(head.dropFirst(Self.firstLook)) }
        if let declared = handle.declaredRoot {
            return XMLRoot(name: declared.split(separator: ":").last.map(String.init) ?? "", namespace: "")
        }
        return sink.found
    }

    private static let firstLook = 2048

    private final class RootSink: XMLSink {
        var found: XMLRoot?

        func root(_ name: String, namespace: String) -> Bool {
            found = XMLRoot(name: name, namespace: namespace)
            return false
        }
        func code(of name: String) -> Int32? { nil }
        func take(_ events: XMLEvents) -> Bool { false }
    }
}
