// SPDX-License-Identifier: Apache-2.0
import Documents

/// One movement: its record 2.1, and what 2.2, 2.3 and the information records 3 add to it.
struct CODAMovement {
    let line: Int
    let sequence: String
    let detail: String
    /// The bank's reference.
    let reference: String?
    let isDebit: Bool
    let decimal: ScaledDecimal?
    let amountText: String
    let valuedOn: Day?
    let bookedOn: Day?
    /// Type, family, transaction, category: eight digits.
    let code: String
    /// 0, or the level of a globalisation that opens or closes here.
    let globalisation: Unicode.Scalar
    private let isStructured: Bool
    /// The communication's zones one behind the other, with their blanks.
    private var communication: String
    private var customerReference: String?
    private var account: String?
    private var name: String?
    private var informedName: String?
    private var informedText = ""
    private var returnKind: Unicode.Scalar = " "
    private var returnCode: String?

    init(_ line: FixedLine) {
        self.line = line.number
        sequence = line.raw(3...6)
        detail = line.raw(7...10)
        reference = CamtReference.real(line.text(11...31).nonEmpty).map(MT940Details.collapsed)
        isDebit = line.letter(32) == "1"
        decimal = line.decimal(33...47, scale: 3)
        amountText = line.raw(33...47)
        valuedOn = line.day(48...53)
        bookedOn = line.day(116...121)
        code = line.text(54...61)
        isStructured = line.letter(62) == "1"
        communication = line.raw(63...115)
        globalisation = line.letter(125)
    }

    var isDetail: Bool { detail != "0000" }
    /// In thousandths, with its sign; for the trailer's sums.
    var signed: Int128? { isDetail ? nil : decimal.map { isDebit ? -$0.coefficient : $0.coefficient } }
    /// Type 3: a simple amount whose details explain it, instead of being payments of their own.
    var hasPlainDetail: Bool { code.hasPrefix("3") }
    var category: String { String(code.suffix(3)) }

    /// A record that continues this movement names the same numbers.
    func isSame(_ line: FixedLine) -> Bool { line.raw(3...6) == sequence && line.raw(7...10) == detail }

    /// Record 2.2 or 2.3.
    mutating func add(_ line: FixedLine) {
        switch line.letter(2) {
        case "2":
            communication += line.raw(11...63)
            customerReference = CamtReference.real(line.text(64...98).nonEmpty)
            returnKind = line.letter(113)
            returnCode = line.text(114...117).nonEmpty
        case "3":
            account = line.text(11...44).nonEmpty
            name = line.text(48...82).nonEmpty.map(MT940Details.collapsed)
            communication += line.raw(83...125)
        default: break
        }
    }

    /// Record 3.1 to 3.3: the other side's name and address where it is structured, else more text.
    mutating func inform(_ line: FixedLine) {
        guard line.letter(2) == "1" else { return }
        if line.letter(40) == "1" {
            if line.raw(41...43) == "001" { informedName = line.text(44...113).nonEmpty.map(MT940Details.collapsed) }
        } else {
            informedText += line.raw(41...113)
        }
    }

    /// Of a group of movements those that are not totals of others: what opens a level is the total of what follows
    /// until the level closes. Empty when the entry has no details.
    static func leaves(_ group: [CODAMovement]) -> [CODAMovement] {
        var open: [Unicode.Scalar] = []
        var leaves: [CODAMovement] = []
        for movement in group where movement.isDetail {
            let level = movement.globalisation
            let isLevel = level != "0" && level != " "
            let opensHead = isLevel && level == group.first?.globalisation
            if isLevel, !opensHead, open.last != level {
                open.append(level)
                continue
            }
            if isLevel, !opensHead { open.removeLast() }
            leaves.append(movement)
        }
        guard let head = group.first, !head.isDetail else { return [] }
        let details = Array(group.dropFirst())
        // Some banks number the levels otherwise; then all details may be what adds up.
        return sum(leaves) == head.signed || sum(details) != head.signed ? leaves : details
    }

    private static func sum(_ movements: [CODAMovement]) -> Int128 {
        movements.reduce(0) { $0 + ($1.decimal.map { $0.coefficient } ?? 0) * ($1.isDebit ? -1 : 1) }
    }

    // MARK: What it says

    /// What the payer wrote; of a structured communication that no one wrote, nothing.
    var text: String? {
        guard isStructured else {
            return MT940Details.collapsed(communication).nonEmpty ?? MT940Details.collapsed(informedText).nonEmpty
        }
        let kind = communication.prefix(3)
        let body = communication.dropFirst(3)
        switch kind {
        case "101", "102": return nil
        // European direct debit: dates and codes, creditor, mandate, then 62 characters of text.
        case "127": return MT940Details.collapsed(body.dropFirst(79).prefix(62)).nonEmpty
        default: return MT940Details.collapsed(body).nonEmpty
        }
    }

    /// The twelve digits of a communication with structured format (types 101 and 102).
    var structured: String? {
        guard isStructured, communication.hasPrefix("101") || communication.hasPrefix("102") else {
            return text.flatMap { MT940Details.reference(in: $0) }
        }
        let digits = String(communication.dropFirst(3).prefix(12))
        return digits.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? digits : digits.trimmed.nonEmpty
    }

    func fill(_ payment: inout Payment) {
        payment.payerName = name ?? informedName
        payment.payerAccount = account.map { CODAAccount.international($0) }
        payment.remittance = text
        payment.structuredReference = structured
        payment.endToEndID = customerReference
        var (kind, reason) = (returnKind, returnCode)
        if isStructured, communication.hasPrefix("127") {
            let tail = communication.dropFirst(3).dropFirst(141)
            kind = tail.unicodeScalars.first ?? kind
            reason = tail.dropFirst().prefix(4).trimmed.nonEmpty ?? reason
        }
        // 1 reject, 2 return, 3 refund, 4 reversal, 5 cancellation.
        guard ("1"..."5").contains(kind) else { return }
        payment.returnReason = reason
        payment.reverses = customerReference ?? reason ?? reference ?? code
    }
}
