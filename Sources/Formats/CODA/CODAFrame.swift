// SPDX-License-Identifier: Apache-2.0
import Documents

/// One open statement: its account, and what its movements add up to.
struct CODAFrame {
    private let origin: Provenance.Origin
    private let line: FixedLine
    private let account: String
    private let currency: Currency
    private let opening: Money?
    private var sums = StatementSums()

    static func open(
        _ line: FixedLine, origin: Provenance.Origin, faults: inout FileFaults
    ) -> Result<CODAFrame, Fault.AsError> {
        let number: String
        let code: String
        switch line.letter(2) {
        case "0": (number, code) = (line.text(6...17), line.text(19...21))
        case "2": (number, code) = (line.text(6...36), line.text(40...42))
        default: (number, code) = (line.text(6...39), line.text(40...42))
        }
        guard !number.isEmpty else {
            return .failure(
                Fault.AsError(
                    Fault(
                        "CODA-NO-ACCOUNT", .refusal, at: .line(line.number), "the statement names no account",
                        hint: "Download the file again from the bank.")))
        }
        guard let currency = Currency(code) else {
            return .failure(
                Fault.AsError(
                    Fault(
                        "CODA-CURRENCY", .refusal, at: .line(line.number),
                        "the account's currency is \"\(code)\", which is none of ISO 4217",
                        hint: "Download the file again from the bank.")))
        }
        let opening = balance(line, sign: 43, columns: 44...58, currency, "the old balance", &faults)
        return .success(
            CODAFrame(
                origin: origin, line: line, account: CODAAccount.international(number), currency: currency,
                opening: opening))
    }

    private init(
        origin: Provenance.Origin, line: FixedLine, account: String, currency: Currency, opening: Money?
    ) {
        self.origin = origin
        self.line = line
        self.account = account
        self.currency = currency
        self.opening = opening
    }

    private static func balance(
        _ line: FixedLine, sign: Int, columns: ClosedRange<Int>, _ currency: Currency, _ what: String,
        _ faults: inout FileFaults
    ) -> Money? {
        guard let decimal = line.decimal(columns, scale: 3) else {
            faults.add(
                "CODA-BALANCE-FORM", .warning, at: .line(line.number),
                "\(what) is \"\(line.raw(columns))\", which are no digits",
                hint: "It proves nothing then; download the statement again from the bank.")
            return nil
        }
        let money = StatedAmount.money(
            decimal, currency, what: what, at: .line(line.number), severity: .warning, &faults)
        return money.map { line.letter(sign) == "1" ? -$0 : $0 }
    }

    // MARK: Movements

    /// One payment, or one a detail where the details of a globalisation add up to it.
    mutating func payments(_ group: [CODAMovement], _ faults: inout FileFaults) -> [Payment] {
        guard let head = group.first else { return [] }
        guard let amount = amount(head, &faults) else {
            sums.pass()
            return []
        }
        guard let bookedOn = head.bookedOn ?? head.valuedOn ?? line.day(59...64) else {
            row("CODA-DATE", "the movement has neither an entry date nor a value date", head, &faults)
            sums.pass()
            return []
        }
        if head.isDetail {
            faults.add(
                "CODA-DETAIL", .warning, at: .line(head.line),
                "the detail \(head.sequence)/\(head.detail) belongs to no movement",
                hint: "It was taken as a movement; the balances tell whether it is one.")
        }
        sums.add(amount, booked: true, on: bookedOn)
        let leaves = CODAMovement.leaves(group)
        guard !leaves.isEmpty, !head.hasPlainDetail else {
            var payment = payment(head, amount, bookedOn)
            if head.hasPlainDetail { charges(leaves, &payment) }
            return [payment]
        }
        let amounts = leaves.compactMap { leaf in
            leaf.decimal?.money(currency).map { leaf.isDebit ? -$0 : $0 }
        }
        guard amounts.count == leaves.count, amounts.reduce(0, { $0 + Int128($1.minorUnits) }) == amount.minorUnits
        else {
            faults.add(
                "CODA-DETAIL-SUM", .warning, at: .line(head.line),
                "the movement of \(amount) has \(leaves.count) details that do not add up to it",
                hint: "It is one payment of the movement's amount, with the text of all details; allocate it by hand.")
            var payment = payment(head, amount, bookedOn)
            let text = ([payment.remittance] + leaves.map(\.text)).compactMap { $0 }.joined(separator: " ")
            payment.remittance = String(text.prefix(MT940Details.textMax)).nonEmpty
            return [payment]
        }
        return zip(leaves, amounts).map { leaf, own in
            var payment = payment(leaf, own, leaf.bookedOn ?? bookedOn)
            payment.entryReference = head.reference
            payment.entryAmount = amount
            return payment
        }
    }

    private mutating func payment(_ movement: CODAMovement, _ amount: Money, _ bookedOn: Day) -> Payment {
        var payment = Payment(
            amount: amount, bookedOn: bookedOn, provenance: Provenance(origin, at: .line(movement.line)))
        payment.account = account
        payment.valuedOn = movement.valuedOn
        payment.status = amount.isZero ? .information : .booked
        payment.bankCode = movement.code
        movement.fill(&payment)
        payment.entryReference = movement.reference
        payment.id = sums.claim(movement.reference, amount, on: bookedOn)
        return payment
    }

    /// A simple amount with details (types 7 to 9) is one payment; its gross amount and charges are told beside it.
    private func charges(_ leaves: [CODAMovement], _ payment: inout Payment) {
        let gross = leaves.first { $0.category == "100" || $0.category == "000" }?.decimal?.money(currency)
        guard let gross, gross.isPositive, payment.amount.isPositive,
            let fee = gross.subtracting(payment.amount), fee.isPositive
        else { return }
        payment.originalAmount = gross
        payment.fee = fee
    }

    private func amount(_ movement: CODAMovement, _ faults: inout FileFaults) -> Money? {
        guard let decimal = movement.decimal else {
            row(
                "CODA-AMOUNT", "the movement's amount is \"\(movement.amountText)\", which are no digits", movement,
                &faults)
            return nil
        }
        let money = StatedAmount.money(
            decimal, currency, what: "the movement's amount", at: .line(movement.line), severity: .row, &faults)
        return money.map { movement.isDebit ? -$0 : $0 }
    }

    private func row(_ code: String, _ message: String, _ movement: CODAMovement, _ faults: inout FileFaults) {
        faults.add(
            code, .row, at: .line(movement.line), message,
            hint: "This movement was left out, so the balances will not connect; ask the bank for the file again.")
    }

    // MARK: The statement

    mutating func close(_ last: FixedLine, _ faults: inout FileFaults) -> Statement {
        var statement = Statement(
            account: account, currency: currency, provenance: Provenance(origin, at: .line(line.number)))
        let paper = line.text(3...5)
        let coded = line.text(126...128)
        statement.number = coded.nonEmpty ?? paper.nonEmpty
        statement.sequence = Int(coded).flatMap { $0 > 0 ? $0 : nil }
        statement.openingBalance = opening
        statement.closingBalance = Self.balance(
            last, sign: 42, columns: 43...57, currency, "the new balance", &faults)
        statement.openingOn = line.day(59...64)
        statement.closingOn = last.day(58...63)
        sums.fill(&statement)
        if let disproof = sums.disproof(statement) {
            faults.add("CODA-BALANCE", .warning, at: .line(line.number), disproof, hint: StatementSums.disproofHint)
        }
        return statement
    }
}

/// Belgian account numbers of twelve digits, as IBAN where their check is right.
enum CODAAccount {
    static func international(_ number: String) -> String {
        let plain = number.filter { $0 != " " && $0 != "-" }
        if let iban = IBAN(plain) { return iban.text }
        guard plain.utf8.count == 12, plain.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let base = Int64(plain.prefix(10)), let check = Int64(plain.suffix(2)),
            (base % 97 == 0 ? 97 : base % 97) == check
        else { return number }
        // ISO 7064 mod 97-10 with the country's letters as 11 and 14.
        let digits = 98 - Int(((Int128(base) * 100 + Int128(check)) * 1_000_000 + 111_400) % 97)
        return "BE\(digits < 10 ? "0" : "")\(digits)\(plain)"
    }
}
