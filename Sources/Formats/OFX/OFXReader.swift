// SPDX-License-Identifier: Apache-2.0
import Documents

/// Collects the payments and statements of one file, tag by tag.
///
/// Only the aggregates that are named here nest; every other tag is an element with text, whether it is closed or not.
struct OFXReader {
    var faults = FileFaults()
    private(set) var records = 0
    private let origin: Provenance.Origin
    private let defaultCurrency: Currency?
    private var documents: [Document] = []
    private var open: [String] = []
    private var element: String?
    private var words = ""
    private var statements = 0
    private var frame: OFXFrame?
    private var transaction: OFXTransaction?
    private var status = OFXStatus()
    private var refusals: [(status: OFXStatus, line: Int)] = []
    private var serverDay: Day?
    private var hasRoot = false
    private var isClosed = false

    /// Elements of one transaction that are kept; the standard has about thirty.
    static let elementsMax = 100
    static let depthMax = 64

    private static let aggregates: Set<String> = [
        "OFX", "STATUS", "SONRS", "FI", "BANKACCTFROM", "CCACCTFROM", "INVACCTFROM", "LOANACCTFROM", "BANKACCTTO",
        "CCACCTTO", "BANKTRANLIST", "BANKTRANLISTP", "INVTRANLIST", "LOANTRANLIST", "INVBANKTRAN", "STMTTRN",
        "STMTTRNP", "LEDGERBAL", "AVAILBAL", "PAYEE", "CURRENCY", "ORIGCURRENCY", "INVPOSLIST", "INVBAL", "BALLIST",
        "SECLIST", "IMAGEDATA",
    ]

    init(origin: Provenance.Origin, defaultCurrency: Currency?) {
        self.origin = origin
        self.defaultCurrency = defaultCurrency
    }

    /// The documents since the last call, in order.
    mutating func take() -> [Document] {
        defer { documents.removeAll(keepingCapacity: true) }
        return documents
    }

    // MARK: Tags

    mutating func take(_ token: OFXScanner.Token) -> Fault? {
        switch token {
        case .text(let text):
            if element != nil { words += words.isEmpty ? text : " " + text }
            return nil
        case .open(let name, let line, let isEmpty):
            if let fault = closeElement() { return fault }
            guard Self.isAggregate(name) else {
                element = isEmpty ? nil : name
                return nil
            }
            return isEmpty ? nil : begin(name, line)
        case .close(let name, let line):
            if let fault = closeElement() { return fault }
            guard Self.isAggregate(name), open.contains(name) else { return nil }
            // What is still open inside has lost its closing tag.
            while let last = open.last {
                if let fault = end(last, line) { return fault }
                open.removeLast()
                if last == name { break }
            }
            return nil
        }
    }

    private static func isAggregate(_ name: String) -> Bool {
        aggregates.contains(name) || name.hasSuffix("STMTRS") || name.hasSuffix("TRNRS") || name.hasSuffix("MSGSRSV1")
    }

    private mutating func begin(_ name: String, _ line: Int) -> Fault? {
        guard open.count < Self.depthMax else {
            return Fault(
                "OFX-LIMIT", .refusal, at: .line(line), "more than \(Self.depthMax) elements are inside each other",
                hint: "A bank's file has at most twelve: download it again.")
        }
        if name == "OFX" { hasRoot = true }
        if name == "STATUS" { status = OFXStatus() }
        if name.hasSuffix("STMTRS") {
            if let fault = closeFrame(line) { return fault }
            frame = OFXFrame(line: line, isInvestment: name == "INVSTMTRS", origin: origin)
        }
        if name == "STMTTRN" || name == "STMTTRNP" {
            closeTransaction()
            transaction = OFXTransaction(line: line, isPending: name == "STMTTRNP")
        }
        open.append(name)
        return nil
    }

    private mutating func end(_ name: String, _ line: Int) -> Fault? {
        switch name {
        case "OFX": isClosed = true
        case "STATUS": if status.isRefusal { refusals.append((status, line)) }
        case "STMTTRN", "STMTTRNP": return settle(line)
        default: if name.hasSuffix("STMTRS") { return closeFrame(line) }
        }
        return nil
    }

    private mutating func closeElement() -> Fault? {
        guard let name = element else { return nil }
        let text = words
        element = nil
        words = ""
        guard !text.isEmpty, let inside = open.last else { return nil }
        switch inside {
        case "STATUS": status.set(name, text)
        case "SONRS": if name == "DTSERVER" { serverDay = OFXDay.read(text) }
        default: break
        }
        if transaction != nil {
            transaction?.set(name, text, inside: inside)
        } else if frame != nil {
            frame?.set(name, text, inside: inside)
        }
        return nil
    }

    // MARK: Documents

    private mutating func settle(_ line: Int) -> Fault? {
        guard let transaction else { return nil }
        self.transaction = nil
        records += 1
        guard var open = frame else { return nil }
        // Taken out while it changes, so that its sets are not copied.
        frame = nil
        defer { frame = open }
        if let fault = open.needs(defaultCurrency, line: transaction.line, &faults) { return fault }
        if let payment = open.payment(transaction, &faults) { documents.append(.payment(payment)) }
        return nil
    }

    private mutating func closeTransaction() {
        if transaction != nil { _ = settle(0) }
    }

    private mutating func closeFrame(_ line: Int) -> Fault? {
        if let fault = transaction == nil ? nil : settle(line) { return fault }
        guard var open = frame else { return nil }
        frame = nil
        if let fault = open.needs(defaultCurrency, line: line, &faults) { return fault }
        statements += 1
        documents.append(.statement(open.statement(serverDay: serverDay, &faults)))
        return nil
    }

    mutating func finish() -> Fault? {
        if let fault = closeElement() { return fault }
        if frame != nil || transaction != nil || hasRoot && !isClosed && statements == 0 {
            return Fault(
                "OFX-TRUNCATED", .refusal, at: .file,
                frame == nil ? "the file ends before </OFX>" : "the file ends inside a statement: it is cut short",
                hint: "Download the statement again from the bank; nothing of this file was taken.")
        }
        if let (status, line) = refusals.first {
            let code = "the bank answered with error \(status.words)"
            guard statements > 0 else {
                return Fault(
                    "OFX-ERROR", .refusal, at: .line(line), code,
                    hint: "The file holds the bank's refusal, no statement: download it again.")
            }
            faults.add(
                "OFX-ERROR", .warning, at: .line(line), "for one account \(code)",
                hint: "The file's other accounts were taken; download that one again.")
        }
        guard statements == 0 else {
            if !isClosed {
                faults.add(
                    "OFX-UNCLOSED", .warning, at: .file, "the file ends without </OFX>",
                    hint: "Its statements are whole; the last account may be missing.")
            }
            return nil
        }
        return Fault(
            "OFX-NO-STATEMENT", .refusal, at: .file,
            hasRoot
                ? "the file has no statement (STMTRS, CCSTMTRS): it tells nothing about an account"
                : "the file has no OFX element",
            hint: "Download the account's statement again as OFX; a list of accounts or a log-in answer is none.")
    }
}

/// The bank's answer to one request.
struct OFXStatus {
    private var code = ""
    private var severity = ""
    private var message = ""

    mutating func set(_ name: String, _ text: String) {
        switch name {
        case "CODE": code = text
        case "SEVERITY": severity = text.uppercased()
        case "MESSAGE": message = String(text.prefix(200))
        default: break
        }
    }

    var isRefusal: Bool { severity == "ERROR" || severity.isEmpty && !code.isEmpty && code != "0" }
    var words: String { message.isEmpty ? code : "\(code): \(message)" }
}
