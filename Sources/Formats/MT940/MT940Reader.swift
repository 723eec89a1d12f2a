// SPDX-License-Identifier: Apache-2.0
import Documents

/// Collects the payments and statements of one file, line by line.
struct MT940Reader {
    /// Lines of one field; `:86:` has six by the standard, and some banks write more.
    static let fieldLinesMax = 500

    var faults = FileFaults()
    private(set) var records = 0
    private let origin: Provenance.Origin
    private let defaultCurrency: Currency?
    private var documents: [Document] = []
    private var messages = 0
    private var message: MT940Message?
    private var field: (tag: String, line: Int, lines: [String])?
    private var isInterim = false
    private var sawTag = false

    init(origin: Provenance.Origin, defaultCurrency: Currency?) {
        self.origin = origin
        self.defaultCurrency = defaultCurrency
    }

    /// The documents since the last call, in order.
    mutating func take() -> [Document] {
        defer { documents.removeAll(keepingCapacity: true) }
        return documents
    }

    mutating func line(_ bytes: [UInt8], _ number: Int) -> Fault? {
        if let type = MT940Line.messageType(bytes) { isInterim = type == "942" }
        let text = MT940Line.content(bytes)
        if let (tag, rest) = MT940Line.tag(text) {
            sawTag = true
            if let fault = closeField() { return fault }
            field = (tag, number, [rest])
            return nil
        }
        if MT940Line.isEnd(text) { return closeField() ?? closeMessage() }
        guard field != nil else { return nil }
        if let word = MT940Line.unknownTag(text) {
            faults.add(
                "MT940-TAG", .warning, at: .line(number),
                "the line begins with :\(word):, which is no tag of a statement",
                hint: "It was read as text of the field before it; check that payment's remittance text.")
        }
        field?.lines.append(text)
        guard let open = field, open.lines.count > Self.fieldLinesMax else { return nil }
        return Fault(
            "MT940-FIELD-LIMIT", .refusal, at: .line(open.line),
            "the field :\(open.tag): has more than \(Self.fieldLinesMax) lines",
            hint: "The file is likely damaged: download it again from the bank.")
    }

    /// - Parameter isCut: The last line has no end.
    mutating func finish(isCut: Bool) -> Fault? {
        if let fault = closeField() ?? closeMessage(isCut: isCut) { return fault }
        guard messages == 0 else { return nil }
        return Fault(
            "MT940-NO-STATEMENT", .refusal, at: .file,
            sawTag
                ? "the file is a fragment: it has tags of SWIFT MT940, but no message that begins with :20:"
                : "the file has none of the tags of a SWIFT MT940 statement (:20:, :25:, :60F:, :61:, :62F:)",
            hint: "Download the account's MT940 again from the bank; check that it is the file itself, not a link.")
    }

    // MARK: Fields

    private mutating func closeField() -> Fault? {
        guard let (tag, line, lines) = field else { return nil }
        field = nil
        switch tag {
        case "940", "942":
            if let fault = closeMessage() { return fault }
            isInterim = tag == "942"
            return nil
        case "20":
            if let fault = closeMessage() { return fault }
            messages += 1
            message = MT940Message(
                reference: lines[0].trimmed, line: line, isInterim: isInterim, origin: origin,
                defaultCurrency: defaultCurrency)
            return nil
        default:
            guard var open = message else {
                if tag == "61" { lose(line) }
                return nil
            }
            // Taken out while it changes, so that its sets are not copied.
            message = nil
            let fault = open.take(tag, lines, line, &faults)
            if tag == "61" { records += 1 }
            documents += open.payments.map { .payment($0) }
            open.payments.removeAll(keepingCapacity: true)
            message = open
            return fault
        }
    }

    /// An entry that stands behind the end of a message belongs to no account.
    private mutating func lose(_ line: Int) {
        records += 1
        faults.add(
            "MT940-ENTRY-OUTSIDE", .row, at: .line(line),
            "the entry stands outside a message: no :20: and :25: before it say whose it is",
            hint: "Download the account's MT940 again from the bank; the file may be two that were joined.")
    }

    private mutating func closeMessage(isCut: Bool = false) -> Fault? {
        guard var open = message else { return nil }
        message = nil
        isInterim = false
        switch open.close(isCut: isCut, &faults) {
        case .success(let statement):
            documents += open.payments.map { .payment($0) }
            documents.append(.statement(statement))
            return nil
        case .failure(let failure): return failure.fault
        }
    }
}
