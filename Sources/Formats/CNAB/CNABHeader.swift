// SPDX-License-Identifier: Apache-2.0
import Documents

/// The first record of a file: which layout, which bank, whose titles, and whether it comes from the bank.
struct CNABHeader {
    enum Layout: Int {
        case narrow = 240
        case wide = 400
    }

    let layout: Layout
    /// The bank's three digits.
    let bank: String
    /// The file's own number at the bank.
    let number: String?
    let createdOn: Day?
    /// As far as the header names it: agency and account, else the company's number at the bank.
    let account: String?
    let bankName: String

    static func layout(_ line: FixedLine) -> Layout? {
        guard line.letter(1) == "0" || line.integer(1...3) != nil else { return nil }
        if line.letter(1) == "0" {
            let literal = line.raw(3...9)
            if literal == "RETORNO" || literal == "REMESSA" { return .wide }
            if line.width >= 300, line.raw(10...11) == "01", line.raw(12...19) == "COBRANCA" { return .wide }
        }
        let isFileHeader = line.integer(1...3) != nil && line.raw(4...8) == "00000" && line.width <= 400
        return isFileHeader && ("1"..."5").contains(line.letter(143)) ? .narrow : nil
    }

    init(_ line: FixedLine) throws(Fault.AsError) {
        guard let layout = Self.layout(line) else {
            throw Fault.AsError(
                Fault(
                    "CNAB-NO-HEADER", .refusal, at: .line(line.number),
                    "the first record is no header of a CNAB 240 or CNAB 400 file",
                    hint: "Download the return file (retorno de cobrança) again from the bank."))
        }
        self.layout = layout
        switch layout {
        case .narrow:
            // 3, 4 and 5 of Caixa: what became of a remessa that it received.
            try Self.requireReturn(line.letter(143) == "2", isRemessa: line.letter(143) != "2", line)
            bank = line.text(1...3)
            bankName = line.text(103...132)
            createdOn = line.day(144...151)
            number = line.text(158...163).nonEmpty
            let code = line.text(1...3)
            account = Self.account(line, bank: code, code == "033" ? Self.santander : Self.usual)
        case .wide:
            let literal = line.raw(3...9)
            try Self.requireReturn(
                line.letter(2) == "2" && literal == "RETORNO", isRemessa: literal == "REMESSA", line)
            let code = line.text(77...79)
            bank = code
            bankName = line.text(80...94)
            createdOn = line.day(95...100)
            number = line.text(109...113).nonEmpty
            let own = CNABLayout.of(code).account.flatMap { Self.account(line, bank: code, $0) }
            account = own ?? Self.code(line.text(27...46)).map { "\(code)/\($0)" }
        }
    }

    private static func requireReturn(
        _ isReturn: Bool, isRemessa: Bool, _ line: FixedLine
    ) throws(Fault.AsError) {
        guard !isReturn else { return }
        throw Fault.AsError(
            isRemessa
                ? Fault(
                    "CNAB-REMESSA", .refusal, at: .line(line.number),
                    "the file is a remessa, which goes to the bank: it orders, and tells nothing that was paid",
                    hint: "Import the retorno, the file that comes back from the bank.")
                : Fault(
                    "CNAB-NO-RETURN", .refusal, at: .line(line.number),
                    "the header says neither RETORNO nor REMESSA: \"\(line.raw(1...26).trimmed)\"",
                    hint: "Download the return file (retorno de cobrança) again from the bank."))
    }

    /// `001/3286-0/7536-7`: bank, agency and account as Brazilians write them.
    static func account(_ line: FixedLine, bank: String, _ fields: CNABLayout.Account) -> String? {
        let account = String(line.text(fields.number).drop { $0 == "0" })
        guard !account.isEmpty else { return nil }
        func with(_ column: Int?) -> String {
            column.flatMap { line.text($0...$0).nonEmpty }.map { "-\($0)" } ?? ""
        }
        let short = String(line.text(fields.agency).drop { $0 == "0" })
        let branch = String(repeating: "0", count: max(0, 4 - short.count)) + short
        return "\(bank)/\(branch)\(with(fields.agencyDigit))/\(account)\(with(fields.digit))"
    }

    /// In the file header of CNAB 240.
    private static let usual = CNABLayout.Account(agency: 53...57, agencyDigit: 58, number: 59...70, digit: 71)
    private static let santander = CNABLayout.Account(agency: 33...36, agencyDigit: 37, number: 38...46, digit: 47)

    private static func code(_ text: String) -> String? {
        String(text.drop { $0 == "0" }).split(separator: " ").joined(separator: " ").nonEmpty
    }
}
