// SPDX-License-Identifier: Apache-2.0
import Documents

/// Collects the payments and statements of one file, record by record.
struct CODAReader {
    /// Columns of a record.
    static let width = 128
    /// Movements of one globalisation that are kept until it is known what they add up to.
    static let detailsMax = 200_000

    var faults = FileFaults()
    /// Movements with the detail number 0000: the entries of the account.
    private(set) var movements = 0
    private let origin: Provenance.Origin
    private var documents: [Document] = []
    private var hasHeader = false
    private var hasTrailer = false
    /// The last new balance (record 8) ends before its amount does.
    private var isBalanceCut = false
    private var oddLines = 0
    private var firstOddLine = 0
    private var statements = 0
    private var frame: CODAFrame?
    /// The movement that is open: its entry, then the details of its globalisation.
    private var group: [CODAMovement] = []
    private var records = 0
    private var debits: Int128 = 0
    private var credits: Int128 = 0

    init(origin: Provenance.Origin) {
        self.origin = origin
    }

    /// The documents since the last call, in order.
    mutating func take() -> [Document] {
        defer { documents.removeAll(keepingCapacity: true) }
        return documents
    }

    mutating func line(_ bytes: [UInt8], _ number: Int) -> Fault? {
        guard bytes.contains(where: { $0 > 0x20 }) else { return nil }
        let line = FixedLine(bytes, number: number, width: Self.width)
        if line.width != Self.width {
            if oddLines == 0 { firstOddLine = number }
            oddLines += 1
        }
        switch line.letter(1) {
        case "0": return header(line)
        case "1": return open(line)
        case "2", "3":
            records += 1
            return line.letter(1) == "2" ? movement(line) : information(line)
        case "8":
            records += 1
            return close(line)
        case "9":
            total(line)
            return nil
        // Free messages to the customer.
        case "4": return nil
        default:
            faults.add(
                "CODA-RECORD", .warning, at: .line(number),
                "the record begins with \"\(line.raw(1...1))\", which is no kind of CODA record",
                hint: "It was passed over; ask the bank for the file as it made it.")
            return nil
        }
    }

    mutating func finish() -> Fault? {
        guard hasHeader else {
            return refusal(
                "CODA-NO-STATEMENT", .file, "the file has no CODA header record",
                "Download the coded statement (CODA) again from the bank.")
        }
        if frame != nil || isBalanceCut && !hasTrailer {
            return refusal(
                "CODA-TRUNCATED", .file,
                "the last statement has no \(frame == nil ? "whole " : "")new balance (record 8): the file is cut short",
                "Download it again from the bank; nothing of this file was taken.")
        }
        if statements == 0 {
            return refusal(
                "CODA-NO-STATEMENT", .file, "the file has no old balance (record 1), so it is no statement",
                "Download the coded statement (CODA) again from the bank.")
        }
        if !hasTrailer {
            faults.add(
                "CODA-TRAILER", .warning, at: .file, "the file has no trailer record (9)",
                hint: "Its statements are whole; compare the number of statements with the bank's own view.")
        }
        if oddLines > 0 {
            faults.add(
                "CODA-WIDTH", .warning, at: .line(firstOddLine),
                "\(oddLines) records do not have \(Self.width) columns, the first in line \(firstOddLine)",
                hint: "They were read by their columns from the left; a program may have changed the file.")
        }
        return nil
    }

    private func refusal(_ code: String, _ at: Position, _ message: String, _ hint: String) -> Fault {
        Fault(code, .refusal, at: at, message, hint: hint)
    }

    // MARK: Records

    private mutating func header(_ line: FixedLine) -> Fault? {
        hasHeader = true
        hasTrailer = false
        (records, debits, credits) = (0, 0, 0)
        if frame != nil {
            return refusal(
                "CODA-TRUNCATED", .line(line.number), "a new file begins before the statement's new balance (record 8)",
                "Download it again from the bank; nothing of this file was taken.")
        }
        let version = line.letter(128)
        guard version == "2" else {
            return refusal(
                "CODA-VERSION", .line(line.number),
                "the header states version \"\(line.raw(128...128))\", and version 2 is read",
                "Ask the bank for CODA version 2, or for camt.053.")
        }
        return nil
    }

    private mutating func open(_ line: FixedLine) -> Fault? {
        guard hasHeader, frame == nil else {
            return refusal(
                "CODA-ORDER", .line(line.number),
                hasHeader ? "a statement begins inside another" : "a statement begins before the header record",
                "Download the file again from the bank.")
        }
        records += 1
        switch CODAFrame.open(line, origin: origin, faults: &faults) {
        case .success(let opened): frame = opened
        case .failure(let failure): return failure.fault
        }
        return nil
    }

    private mutating func movement(_ line: FixedLine) -> Fault? {
        guard frame != nil else {
            return refusal(
                "CODA-ORDER", .line(line.number), "a movement stands before the old balance (record 1)",
                "Download the file again from the bank.")
        }
        guard line.letter(2) == "1" else {
            if !group.isEmpty, group[group.count - 1].isSame(line) { group[group.count - 1].add(line) }
            return nil
        }
        let movement = CODAMovement(line)
        // Sequence numbers tell the entries apart, detail numbers what is inside a globalisation.
        if !movement.isDetail || group.first?.sequence != movement.sequence { closeGroup() }
        group.append(movement)
        if !movement.isDetail { movements += 1 }
        guard group.count > Self.detailsMax else { return nil }
        return refusal(
            "CODA-LIMIT", .line(line.number), "one globalisation has more than \(Self.detailsMax) movements",
            "Ask the bank for a file of fewer days.")
    }

    private mutating func information(_ line: FixedLine) -> Fault? {
        if !group.isEmpty, group[group.count - 1].isSame(line) { group[group.count - 1].inform(line) }
        return nil
    }

    private mutating func closeGroup() {
        guard !group.isEmpty, var open = frame else { return }
        frame = nil
        let payments = open.payments(group, &faults)
        for payment in payments { documents.append(.payment(payment)) }
        if let amount = group.first?.signed { if amount < 0 { debits -= amount } else { credits += amount } }
        frame = open
        group.removeAll(keepingCapacity: true)
    }

    private mutating func close(_ line: FixedLine) -> Fault? {
        closeGroup()
        guard var open = frame else {
            return refusal(
                "CODA-ORDER", .line(line.number), "a new balance stands before the old one (record 1)",
                "Download the file again from the bank.")
        }
        frame = nil
        isBalanceCut = line.width < 57
        statements += 1
        documents.append(.statement(open.close(line, &faults)))
        return nil
    }

    /// The trailer counts records and adds up the movements; a difference is told, the movements stand.
    private mutating func total(_ line: FixedLine) {
        hasTrailer = true
        var complaints: [String] = []
        if let stated = line.integer(17...22), Int(stated) != records {
            complaints.append("\(stated) records, and there are \(records)")
        }
        if let stated = line.integer(23...37), stated != debits {
            complaints.append("debits of \(Self.text(stated)), and they are \(Self.text(debits))")
        }
        if let stated = line.integer(38...52), stated != credits {
            complaints.append("credits of \(Self.text(stated)), and they are \(Self.text(credits))")
        }
        guard !complaints.isEmpty else { return }
        faults.add(
            "CODA-TOTALS", .warning, at: .line(line.number),
            "the trailer states \(complaints.joined(separator: "; "))",
            hint: "A record may be missing: compare with the bank's own view.")
    }

    private static func text(_ units: Int128) -> String { ScaledDecimal(coefficient: units, scale: 3).text }
}
