// SPDX-License-Identifier: Apache-2.0
import Documents

/// Collects the payments and statements of one file while it is parsed.
final class CamtVisitor: XMLVisitor {
    let tree = XMLTree<CamtName>()
    var faults = FileFaults()
    private(set) var entries = 0
    /// What the namespace, else the first account's element says the file is.
    private(set) var message: CamtMessage?
    private let origin: Provenance.Origin
    private var documents: CamtOutlet
    private var details = CamtDetails()
    private var frame: CamtFrame?
    private var statements = 0

    init(origin: Provenance.Origin, emit: @escaping Emit) {
        self.origin = origin
        documents = CamtOutlet(emit)
    }

    /// Passes on the documents since the last call, in order.
    /// - Throws: What `emit` throws.
    func drain() throws {
        documents.flush()
        try documents.rethrow()
    }

    /// `camt.053.001.08` from an ISO 20022 namespace; nil for another namespace.
    static func message(_ namespace: String) -> String? {
        let prefix = "urn:iso:std:iso:20022:tech:xsd:"
        return namespace.hasPrefix(prefix) ? String(namespace.dropFirst(prefix.count)) : nil
    }

    func begin(_ name: String, namespace: String) -> Fault? {
        let message = Self.message(namespace)
        if name == "Document", namespace.isEmpty { return nil }
        if name == "Document", let message, let kind = CamtMessage(message) {
            self.message = kind
            let version = Int(message.split(separator: ".").last ?? "") ?? 0
            if message.hasPrefix("\(kind.rawValue).001."), (1...13).contains(version) { return nil }
            return Fault(
                "FORMAT-UNSUPPORTED", .refusal, at: .path("/Document"),
                "the \(kind.words) is \(message), and versions 001.01 to 001.13 are read",
                hint: "Ask the bank for version 001.08, or 001.02.")
        }
        return Fault(
            "FORMAT-UNSUPPORTED", .refusal, at: .path("/\(name)"),
            "the file is \(Self.words(message, name)), and no bank report (camt.052, camt.053, camt.054)",
            hint: "Import the account's camt.053: it has every booked entry, once, and the balances that prove it.")
    }

    private static func words(_ message: String?, _ root: String) -> String {
        guard let message else { return "an XML document with the root \(root)" }
        switch message.prefix(8) {
        case "pain.001", "pain.008": return "a payment order (\(message))"
        case "pain.002": return "a payment status report (\(message))"
        default: return message
        }
    }

    func closed(_ record: XMLNode<CamtName>) -> Fault? {
        switch record.name {
        case .details: return closed(details: record)
        case .entry: return closed(entry: record)
        case .statement, .report, .notification: return closed(item: record)
        case .document:
            guard record.parent == nil, statements == 0 else { return nil }
            let kind = message ?? CamtMessage.allCases.first { record[$0.container] != nil } ?? .statement
            return Fault(
                "CAMT-NO-STATEMENT", .refusal, at: record.position,
                record[kind.container] == nil
                    ? "the file has no \(kind.container.rawValue): it is another ISO 20022 message"
                        + " than a bank \(kind.words)"
                    : "the file has no \(kind.words) (\(kind.item.rawValue)): it tells nothing about an account",
                hint: "Import the account's camt.053; if this was to be it, download it again from the bank.")
        default: return nil
        }
    }

    private func closed(details record: XMLNode<CamtName>) -> Fault? {
        guard record.parent?.name == .entryDetails else { return nil }
        details.append(CamtDetail(record))
        guard details.isTooLarge else { return nil }
        return Fault(
            "XML-LIMIT", .refusal, at: record.position,
            "one entry has more than \(CamtDetails.countMax) details or \(CamtDetails.bytesMax >> 20) MB of them",
            hint: "No bank books so many payments together; ask for the original file.")
    }

    /// The message that an account's element belongs to, where it stands in its own container.
    private func kind(of item: XMLNode<CamtName>) -> CamtMessage? {
        guard let kind = CamtMessage(item: item.name), kind.isContainer(item.parent?.name) else { return nil }
        return kind
    }

    private func closed(entry record: XMLNode<CamtName>) -> Fault? {
        defer { details.removeAll() }
        guard let item = record.parent, let kind = kind(of: item) else { return nil }
        entries += 1
        if let fault = open(item, kind) { return fault }
        guard var frame else { return nil }
        // Taken out while it changes, so that its sets are not copied.
        self.frame = nil
        let entry = CamtEntry(record, details: details, origin: origin)
        entry.add(to: &documents, &frame, faults: &faults)
        self.frame = frame
        return nil
    }

    private func closed(item record: XMLNode<CamtName>) -> Fault? {
        guard let kind = kind(of: record) else { return nil }
        statements += 1
        if let fault = open(record, kind) { return fault }
        guard var frame else { return nil }
        self.frame = nil
        switch frame.statement(record, faults: &faults) {
        case .success(let statement): documents.append(.statement(statement))
        case .failure(let failure): return failure.fault
        }
        return nil
    }

    private func open(_ item: XMLNode<CamtName>, _ kind: CamtMessage) -> Fault? {
        guard frame == nil else { return nil }
        if message == nil { message = kind }
        switch CamtFrame.open(item, kind, origin: origin) {
        case .success(let opened): frame = opened
        case .failure(let failure): return failure.fault
        }
        return nil
    }
}

/// Documents on their way to the caller: passed on before they are many, whatever the size of an entry.
struct CamtOutlet {
    private var documents: [Document] = []
    private let emit: Emit
    private var failure: (any Error)?

    private static let heldMax = 1024

    init(_ emit: @escaping Emit) { self.emit = emit }

    mutating func append(_ document: consuming Document) {
        documents.append(document)
        if documents.count >= Self.heldMax { flush() }
    }

    mutating func flush() {
        var found: [Document] = []
        swap(&found, &documents)
        if failure == nil {
            do { try Self.emit(found, emit) } catch { failure = error }
        }
        found.removeAll(keepingCapacity: true)
        swap(&found, &documents)
    }

    /// Through a span, so that no document is copied on its way.
    private static func emit(_ documents: [Document], _ emit: Emit) throws {
        let documents = documents.span
        for index in documents.indices { try emit(documents[index]) }
    }

    /// - Throws: What `emit` threw; nothing was passed on after that.
    func rethrow() throws {
        if let failure { throw failure }
    }
}
