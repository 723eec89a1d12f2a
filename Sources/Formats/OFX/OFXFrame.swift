// SPDX-License-Identifier: Apache-2.0
import Documents

/// One open statement: what its transactions need, and what they add up to.
struct OFXFrame {
    private let line: Int
    private let isInvestment: Bool
    private let origin: Provenance.Origin
    private var account: String?
    private var currencyText: String?
    private var currency: Currency?
    private var start: Day?
    private var end: Day?
    private var ledger: String?
    private var ledgerOn: Day?
    private var sums = StatementSums()
    private var otherCurrencies = 0
    /// Securities trades, which are no payments.
    private var trades = 0
    /// What the transactions say that are balances.
    private var balances: [String] = []
    /// Where an amount without a minus is called a debit.
    private var unsigned: [Int] = []

    init(line: Int, isInvestment: Bool, origin: Provenance.Origin) {
        self.line = line
        self.isInvestment = isInvestment
        self.origin = origin
    }

    mutating func set(_ name: String, _ text: String, inside: String) {
        switch (inside, name) {
        case ("BANKACCTFROM", "ACCTID"), ("CCACCTFROM", "ACCTID"), ("INVACCTFROM", "ACCTID"),
            ("LOANACCTFROM", "ACCTID"),
            ("LOANACCTFROM", "LOANACCTID"):
            account = account ?? IBAN(text)?.text ?? text
        case (_, "CURDEF"): currencyText = currencyText ?? text
        case ("BANKTRANLIST", "DTSTART"), ("INVTRANLIST", "DTSTART"), ("LOANTRANLIST", "DTSTART"):
            start = OFXDay.read(text)
        case ("BANKTRANLIST", "DTEND"), ("INVTRANLIST", "DTEND"), ("LOANTRANLIST", "DTEND"): end = OFXDay.read(text)
        case ("LEDGERBAL", "BALAMT"): ledger = text
        case ("LEDGERBAL", "DTASOF"): ledgerOn = OFXDay.read(text)
        case ("INVTRANLIST", "FITID"): trades += 1
        default: break
        }
    }

    /// Account and currency, without which a transaction is nobody's money.
    /// - Returns: Why the file is refused.
    mutating func needs(_ defaultCurrency: Currency?, line: Int, _ faults: inout FileFaults) -> Fault? {
        guard account != nil else {
            return Fault(
                "OFX-NO-ACCOUNT", .refusal, at: .line(self.line), "the statement names no account (ACCTID)",
                hint: "Download the statement again from the bank.")
        }
        guard currency == nil else { return nil }
        if let text = currencyText, let stated = Currency(text) {
            currency = stated
            return nil
        }
        let said =
            currencyText.map { "states the currency \($0.prefix(10)), which is none of ISO 4217" }
            ?? "states no currency (CURDEF)"
        guard let defaultCurrency, currencyText == nil else {
            return Fault(
                "OFX-CURRENCY", .refusal, at: .line(self.line), "the statement \(said)",
                hint: "Download the statement again from the bank.")
        }
        currency = defaultCurrency
        faults.add(
            "OFX-CURRENCY", .warning, at: .line(self.line), "the statement \(said)",
            hint: "The company's currency \(defaultCurrency.code) was taken; check that the account is in it.")
        return nil
    }

    // MARK: Transactions

    mutating func payment(_ transaction: OFXTransaction, _ faults: inout FileFaults) -> Payment? {
        guard let account, let currency else { return nil }
        let own = transaction.currency.flatMap { Currency($0) } ?? currency
        guard let amount = amount(transaction, own, &faults) else {
            sums.pass()
            return nil
        }
        guard let bookedOn = transaction.day else {
            let said = transaction["DTPOSTED"].map { "is \"\($0.prefix(20))\", which is no day" } ?? "is missing"
            faults.add(
                "OFX-DATE", .row, at: .line(transaction.line), "the transaction's day (DTPOSTED) \(said)",
                hint: "This transaction was left out; ask the bank for a corrected file.")
            sums.pass()
            return nil
        }
        if let corrected = transaction["CORRECTFITID"] {
            let isDeleted = transaction["CORRECTACTION"]?.uppercased() == "DELETE"
            faults.add(
                "OFX-CORRECTION", .row, at: .line(transaction.line),
                "the transaction of \(amount) \(isDeleted ? "deletes" : "replaces") the one with the id \(corrected.prefix(40))",
                hint:
                    "This transaction was left out, and the one that it corrects stays: settle the difference by hand.")
            sums.pass()
            return nil
        }
        if let words = transaction.balanceWords {
            balances.append(words)
            return nil
        }
        let isBooked = !transaction.isPending && !transaction.contradicts(amount)
        if transaction.contradicts(amount) { unsigned.append(transaction.line) }
        if own == currency {
            sums.add(amount, booked: isBooked, on: bookedOn)
        } else {
            sums.pass()
            otherCurrencies += 1
        }
        var payment = Payment(
            amount: amount, bookedOn: bookedOn, provenance: Provenance(origin, at: .line(transaction.line)))
        payment.account = account
        payment.status =
            transaction.isPending ? .pending : isBooked && !amount.isZero ? .booked : .information
        transaction.fill(&payment)
        let reference = CamtReference.real(transaction["FITID"])
        payment.id = sums.claim(reference, amount, on: bookedOn)
        return payment
    }

    private func amount(
        _ transaction: OFXTransaction, _ currency: Currency, _ faults: inout FileFaults
    ) -> Money? {
        let text = transaction["TRNAMT"] ?? ""
        if OFXAmount.isAmbiguous(text) {
            faults.add(
                "OFX-AMOUNT-AMBIGUOUS", .row, at: .line(transaction.line),
                "the transaction's amount \"\(text.prefix(40))\" has three digits behind its comma: thousands or decimals",
                hint: "This transaction was left out, as nothing is guessed; ask the bank for a corrected file.")
            return nil
        }
        guard let decimal = OFXAmount.read(text) else {
            faults.add(
                "OFX-AMOUNT", .row, at: .line(transaction.line),
                text.isEmpty
                    ? "the transaction has no amount (TRNAMT)"
                    : "the transaction's amount is \"\(text.prefix(40))\", which is no decimal number",
                hint: "This transaction was left out; ask the bank for a corrected file.")
            return nil
        }
        return StatedAmount.money(
            decimal, currency, what: "the transaction's amount", at: .line(transaction.line), severity: .row, &faults)
    }

    // MARK: The statement

    mutating func statement(serverDay: Day?, _ faults: inout FileFaults) -> Statement {
        let currency = currency ?? .usd
        var statement = Statement(
            account: account ?? "", currency: currency, provenance: Provenance(origin, at: .line(line)))
        statement.kind = isInvestment ? .notification : .statement
        statement.from = start ?? sums.firstDay
        // Some banks let the period end in the future; nothing after the day of the answer is known.
        let known = [end ?? sums.lastDay, serverDay].compactMap { $0 }.min()
        statement.to = known ?? ledgerOn
        statement.closingBalance = ledger.flatMap { OFXAmount.read($0)?.money(currency, rounding: .halfUp) }
        statement.closingOn = statement.closingBalance == nil ? nil : ledgerOn
        sums.fill(&statement)
        notes(statement, &faults)
        return statement
    }

    private func notes(_ statement: Statement, _ faults: inout FileFaults) {
        if ledger != nil || ledgerOn != nil, statement.closingBalance == nil {
            let said = ledger.map { "is \"\($0.prefix(40))\", which is no amount" } ?? "is empty"
            faults.add(
                "OFX-BALANCE-FORM", .warning, at: .line(line), "the ledger balance (LEDGERBAL) \(said)",
                hint: "The statement is without a closing balance; compare it with the bank's own view.")
        }
        if sums.doubles > 0 {
            faults.add(
                "OFX-FITID", .warning, at: .line(line),
                "\(sums.doubles) transactions have the id (FITID), day and amount of another one",
                hint: "Both were kept: compare with the bank's own view, and ask it for ids that are unique.")
        }
        if otherCurrencies > 0 {
            faults.add(
                "OFX-ENTRY-CURRENCY", .warning, at: .line(line),
                "\(otherCurrencies) transactions are in another currency than the account (\(statement.currency.code))",
                hint: "They are payments in their own currency and in none of the statement's sums.")
        }
        if !balances.isEmpty {
            let words = Set(balances).sorted().prefix(3).map { "\"\($0.prefix(40))\"" }.joined(separator: ", ")
            faults.add(
                "OFX-BALANCE-ROW", .warning, at: .line(line),
                "\(balances.count) transactions are balances by what they say: \(words)",
                hint: "They were left out, as they are no money that moved.")
        }
        if let first = unsigned.first {
            faults.add(
                "OFX-SIGN", .warning, at: .line(first),
                "\(unsigned.count) transactions are of the type DEBIT, but their amounts are positive",
                hint: "They are kept for information and count as no cash: ask the bank for a file with signs.")
        }
        if trades > 0 {
            faults.add(
                "OFX-TRADES", .warning, at: .line(line),
                "\(trades) securities trades of an investment statement were passed over",
                hint: "They are no payments of customers; only the statement's bank transactions are read.")
        }
    }
}
