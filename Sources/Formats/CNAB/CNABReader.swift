// SPDX-License-Identifier: Apache-2.0
import Documents

/// Collects the paid titles of one file, record by record.
struct CNABReader {
    var faults = FileFaults()
    /// Titles the file reports on, paid or not.
    private(set) var titles = 0
    private let origin: Provenance.Origin
    private var documents: [Document] = []
    private var header: CNABHeader?
    private var headerLine = 0
    private var layout = CNABLayout()
    private var segment = CNABSegmentT()
    private var hasTrailer = false
    private var oddLines = 0
    private var firstOddLine: (number: Int, width: Int) = (0, 0)
    /// Segment T, until its U comes.
    private var title: FixedLine?
    private var sums = StatementSums()
    private var account: String?
    private var passedOver: [String: Int] = [:]

    init(origin: Provenance.Origin) {
        self.origin = origin
    }

    /// The documents since the last call, in order.
    mutating func take() -> [Document] {
        defer { documents.removeAll(keepingCapacity: true) }
        return documents
    }

    mutating func line(_ bytes: [UInt8], _ number: Int) -> Fault? {
        // ^Z is how old programs end a file.
        guard bytes.contains(where: { $0 > 0x20 }) else { return nil }
        guard let header else { return begin(FixedLine(bytes, number: number, width: 0)) }
        let line = FixedLine(bytes, number: number, width: header.layout.rawValue)
        measure(line, header.layout)
        switch header.layout {
        case .narrow: narrow(line)
        case .wide: wide(line)
        }
        return nil
    }

    private mutating func begin(_ line: FixedLine) -> Fault? {
        do throws(Fault.AsError) {
            let found = try CNABHeader(line)
            header = found
            headerLine = line.number
            account = found.account
            layout = CNABLayout.of(found.bank)
            segment = CNABSegmentT.of(found.bank)
            measure(line, found.layout)
            if found.layout == .wide, !layout.isKnown {
                faults.add(
                    "CNAB-BANK", .warning, at: .line(line.number),
                    "the bank \(found.bank) \(found.bankName) is not known here, and banks differ in CNAB 400",
                    hint: "The usual columns were read; compare a title's amounts with the bank's own view.")
            }
        } catch {
            return error.fault
        }
        return nil
    }

    private mutating func measure(_ line: FixedLine, _ layout: CNABHeader.Layout) {
        guard line.width != layout.rawValue else { return }
        if oddLines == 0 { firstOddLine = (line.number, line.width) }
        oddLines += 1
    }

    mutating func finish() -> Fault? {
        guard let header else {
            return Fault(
                "CNAB-NO-HEADER", .refusal, at: .file, "the file is empty",
                hint: "Download the return file (retorno de cobrança) again from the bank.")
        }
        guard hasTrailer else {
            return Fault(
                "CNAB-TRUNCATED", .refusal, at: .file, "the file has no trailer record: it is cut short",
                hint: "Download the return file again from the bank; nothing of this file was taken.")
        }
        if let title { unpaired(title) }
        if oddLines > 0 {
            faults.add(
                "CNAB-WIDTH", .warning, at: .line(firstOddLine.number),
                "\(oddLines) records do not have \(header.layout.rawValue) columns: line \(firstOddLine.number) has "
                    + "\(firstOddLine.width)",
                hint: "They were read by their columns from the left; a program may have changed the file.")
        }
        if !passedOver.isEmpty {
            let list = passedOver.sorted { $0.key < $1.key }.map { "\($0.value) × \(CNABOccurrence.words($0.key))" }
            faults.add(
                "CNAB-NO-PAYMENT", .warning, at: .file,
                "\(passedOver.values.reduce(0, +)) of \(titles) titles report no payment (\(list.joined(separator: ", ")))",
                hint: "They move no money and were passed over; the bank's own view has them.")
        }
        documents.append(.statement(statement(header)))
        return nil
    }

    private func statement(_ header: CNABHeader) -> Statement {
        var statement = Statement(
            account: account ?? header.bank, currency: .brl, provenance: Provenance(origin, at: .line(headerLine)))
        statement.kind = .notification
        statement.number = header.number
        statement.sequence = header.number.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        statement.from = [sums.firstDay, header.createdOn].compactMap { $0 }.min()
        statement.to = [sums.lastDay, header.createdOn].compactMap { $0 }.max()
        sums.fill(&statement)
        return statement
    }

    // MARK: CNAB 240

    private mutating func narrow(_ line: FixedLine) {
        switch line.letter(8) {
        case "9": hasTrailer = true
        case "3":
            switch line.letter(14) {
            case "T":
                if let title { unpaired(title) }
                titles += 1
                title = line
            case "U":
                guard let open = title, open.raw(16...17) == line.raw(16...17) else {
                    unpaired(line)
                    return
                }
                title = nil
                settle(CNABTitle(open, line, segment))
            default: break
            }
        default: break
        }
    }

    private mutating func unpaired(_ line: FixedLine) {
        if line.letter(14) == "T" { title = nil }
        faults.add(
            "CNAB-SEGMENT", .row, at: .line(line.number),
            "segment \(line.raw(14...14)) has no segment \(line.letter(14) == "T" ? "U" : "T") beside it",
            hint: "This title was left out; download the return file again from the bank.")
    }

    // MARK: CNAB 400

    private mutating func wide(_ line: FixedLine) {
        switch line.letter(1) {
        case "9": hasTrailer = true
        case "1", "7":
            guard line.letter(1) == layout.detail || layout.detail == "7" else { return }
            titles += 1
            if titles == 1, let fields = layout.titleAccount {
                account = CNABHeader.account(line, bank: header?.bank ?? "", fields) ?? account
            }
            var own = layout
            // Agreements of six digits at Banco do Brasil have the common record.
            if line.letter(1) == "1", layout.detail == "7" { own.ourNumber = 63...73 }
            settle(CNABTitle(line, own))
        // Itaú and Bradesco divide a credit in 3 and 4, Santander tells of Pix in 2: not titles of their own.
        default: break
        }
    }

    // MARK: Titles

    private mutating func unclear(_ title: CNABTitle) {
        sums.pass()
        faults.add(
            "CNAB-OCCURRENCE", .row, at: .line(title.line),
            title.hasNoOccurrence
                ? "the title has no occurrence where the bank \(header?.bank ?? "") is taken to write it"
                : "the occurrence \(title.occurrence) of this bank is not known here, and the title states a paid amount",
            hint: "This title was left out; see in the bank's own view whether it was paid.")
    }

    private mutating func settle(_ title: CNABTitle) {
        guard title.isPaid else {
            if layout.isKnown ? title.hasNoOccurrence : title.isUnclear {
                unclear(title)
            } else {
                passedOver[title.occurrence, default: 0] += 1
            }
            return
        }
        guard let header else { return }
        guard
            var payment = title.payment(
                origin, account: account ?? header.bank, createdOn: header.createdOn, &faults)
        else {
            sums.pass()
            return
        }
        sums.add(payment.amount, booked: payment.status == .booked, on: payment.bookedOn)
        payment.id = sums.claim(
            [title.ourNumber ?? title.yourNumber ?? "-", title.occurrence].joined(separator: "/"), payment.amount,
            on: payment.bookedOn)
        documents.append(.payment(payment))
    }
}
