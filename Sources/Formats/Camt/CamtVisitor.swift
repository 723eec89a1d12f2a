// SPDX-License-Identifier: Apache-2.0
import Documents

/// Collects the payments and statements of one file while it is parsed.
final class CamtVisitor: XMLVisitor {
    let tree = XMLTree<CamtName>()
    var faults = CamtFaults()
    private(set) var entries = 0
    private let origin: Provenance.Origin
    private var documents: [Document] = []
    private var details: [CamtDetail] = []
    private var frame: CamtFrame?
    private var statements = 0

    init(origin: Provenance.Origin) {
        self.origin = origin
    }

    /// The documents since the last call, in order.
    func take() -> [Document] {
        defer { documents.removeAll(keepingCapacity: true) }
        return documents
    }

    /// `camt.053.001.08` from an ISO 20022 namespace; nil for another namespace.
    static func message(_ namespace: String) -> String? {
        let prefix = "urn:iso:std:iso:20022:tech:xsd:"
        return namespace.hasPrefix(prefix) ? String(namespace.dropFirst(prefix.count)) : nil
    }

    func begin(_ name: String, namespace: String) -> Fault? {
        let message = Self.message(namespace)
        if name == "Document", namespace.isEmpty { return nil }
        if name == "Document", let message, message.hasPrefix("camt.053.") {
            let version = Int(message.split(separator: ".").last ?? "") ?? 0
            if message.hasPrefix("camt.053.001."), (2...13).contains(version) { return nil }
            return Fault(
                "FORMAT-UNSUPPORTED", .refusal, at: .path("/Document"),
                "the statement is \(message), and versions 001.02 to 001.13 are read",
                hint: "Ask the bank for version 001.08, or 001.02.")
        }
        return Fault(
            "FORMAT-UNSUPPORTED", .refusal, at: .path("/\(name)"),
            "the file is \(Self.words(message, name)), and no bank statement (camt.053)",
            hint: "Import the account's camt.053: it has every booked entry, once, and the balances that prove it.")
    }

    private static func words(_ message: String?, _ root: String) -> String {
        guard let message else { return "an XML document with the root \(root)" }
        switch message.prefix(8) {
        case "camt.052": return "an intraday report (\(message)), whose entries may still change"
        case "camt.054": return "a notification (\(message)), whose entries come again in the statement"
        case "pain.001", "pain.008": return "a payment order (\(message))"
        case "pain.002": return "a payment status report (\(message))"
        default: return message
        }
    }

    func closed(_ record: XMLNode<CamtName>) -> Fault? {
        switch record.name {
        case .details: return closed(details: record)
        case .entry: return closed(entry: record)
        case .statement: return closed(statement: record)
        case .document:
            guard record.parent == nil, statements == 0 else { return nil }
            return Fault(
                "CAMT-NO-STATEMENT", .refusal, at: record.position,
                record[.bankToCustomerStatement] == nil
                    ? "the file has no BkToCstmrStmt: it is another ISO 20022 message than a bank statement"
                    : "the file has no statement (Stmt): it tells nothing about an account",
                hint: "Import the account's camt.053; if this was to be it, download it again from the bank.")
        default: return nil
        }
    }

    private func closed(details record: XMLNode<CamtName>) -> Fault? {
        guard record.parent?.name == .entryDetails else { return nil }
        details.append(CamtDetail(record))
        return nil
    }

    private func closed(entry record: XMLNode<CamtName>) -> Fault? {
        defer { details.removeAll(keepingCapacity: true) }
        guard let statement = record.parent, statement.name == .statement else { return nil }
        entries += 1
        if frame == nil {
            switch CamtFrame.open(statement, origin: origin) {
            case .success(let opened): frame = opened
            case .failure(let failure): return failure.fault
            }
        }
        guard var frame else { return nil }
        // Taken out while it changes, so that its sets are not copied.
        self.frame = nil
        let entry = CamtEntry(record, details: details, origin: origin)
        let payments = entry.payments(into: &frame, faults: &faults)
        self.frame = frame
        for payment in payments { documents.append(.payment(payment)) }
        return nil
    }

    private func closed(statement record: XMLNode<CamtName>) -> Fault? {
        guard record.parent?.name == .bankToCustomerStatement else { return nil }
        statements += 1
        if frame == nil {
            switch CamtFrame.open(record, origin: origin) {
            case .success(let opened): frame = opened
            case .failure(let failure): return failure.fault
            }
        }
        guard var frame else { return nil }
        self.frame = nil
        switch frame.statement(record, faults: &faults) {
        case .success(let statement): documents.append(.statement(statement))
        case .failure(let failure): return failure.fault
        }
        return nil
    }
}
