// SPDX-License-Identifier: Apache-2.0
import Documents

/// One open message: what its entries need, and what they add up to.
struct MT940Message {
    /// Ready to be passed on.
    var payments: [Payment] = []

    private let reference: String
    private let line: Int
    private let origin: Provenance.Origin
    private let defaultCurrency: Currency?
    private var isInterim: Bool
    private var account: String?
    private var currency: Currency?
    private var number: String?
    private var opening: (balance: MT940Balance, line: Int)?
    private var closing: (balance: MT940Balance, line: Int)?
    private var hasClosingField = false
    private var createdOn: Day?
    private var entry: MT940Entry?
    private var details: [String] = []
    private var notes: [String] = []
    private var sums = StatementSums()
    /// Entries without the reference that is mandatory.
    private var shortEntries = 0
    private var stated: [(isCredit: Bool, count: Int?, sum: ScaledDecimal?, line: Int)] = []

    init(
        reference: String, line: Int, isInterim: Bool, origin: Provenance.Origin, defaultCurrency: Currency?
    ) {
        self.reference = reference
        self.line = line
        self.isInterim = isInterim
        self.origin = origin
        self.defaultCurrency = defaultCurrency
    }

    // MARK: Fields

    /// - Returns: Why the file is refused.
    mutating func take(_ tag: String, _ lines: [String], _ line: Int, _ faults: inout FileFaults) -> Fault? {
        let text = lines[0].trimmed
        switch tag {
        case "86":
            // Before the first entry and behind the closing balance it is about the statement.
            if entry != nil { details += details.isEmpty ? lines : [""] + lines }
            return nil
        case "NS":
            if entry != nil { notes += lines }
            return nil
        default: break
        }
        if let fault = closeEntry(&faults) { return fault }
        switch tag {
        case "25", "25P":
            guard account == nil, sums.entryCount == 0 else {
                faults.add(
                    "MT940-TAG", .warning, at: .line(line),
                    "the message names a second account (:25:), among its entries",
                    hint: "The first account was kept; the text of the entry before it may be incomplete.")
                return nil
            }
            let found = MT940Account(text)
            account = found?.id
            currency = currency ?? found?.currency
        case "28", "28C": number = text.isEmpty ? nil : text
        case "60F", "60M": open(text, line, &faults)
        case "61": return begin(lines, line, &faults)
        case "62F", "62M": close(text, line, &faults)
        case "34F":
            if opening == nil { isInterim = true }
            currency = currency ?? Currency(text.prefix(3))
        case "13", "13D":
            if opening == nil { isInterim = true }
            createdOn = MT940Date.full(text.prefix(6))?.day
        case "90C", "90D": note(sum: text, isCredit: tag == "90C", line)
        default: break
        }
        return nil
    }

    private mutating func open(_ text: String, _ line: Int, _ faults: inout FileFaults) {
        guard let balance = balance(text, line, &faults) else { return }
        isInterim = false
        opening = opening ?? (balance, line)
    }

    private mutating func close(_ text: String, _ line: Int, _ faults: inout FileFaults) {
        hasClosingField = true
        guard let balance = balance(text, line, &faults) else { return }
        closing = (balance, line)
    }

    private mutating func balance(_ text: String, _ line: Int, _ faults: inout FileFaults) -> MT940Balance? {
        guard let balance = MT940Balance(text) else {
            faults.add(
                "MT940-BALANCE-FORM", .warning, at: .line(line), "the balance \"\(text.prefix(40))\" cannot be read",
                hint: "It proves nothing then; download the statement again from the bank.")
            return nil
        }
        currency = balance.currency ?? currency
        if balance.day?.isShortened == true { shortened("the balance's day", line, &faults) }
        return balance
    }

    /// `:90D:4EUR2,30`: what the bank counted.
    private mutating func note(sum text: String, isCredit: Bool, _ line: Int) {
        let count = text.prefix { $0.isASCII && $0.isNumber }
        let rest = text.dropFirst(count.count)
        if let own = Currency(rest.prefix(3)) { currency = currency ?? own }
        stated.append((isCredit, Int(count), MT940Amount.read(rest.dropFirst(3)), line))
    }

    private func shortened(_ what: String, _ line: Int, _ faults: inout FileFaults) {
        faults.add(
            "MT940-DATE", .warning, at: .line(line), "\(what) does not exist in its month",
            hint: "The month's last day was taken: banks that count 30 days a month write 30 February.")
    }

    // MARK: Entries

    private mutating func begin(_ lines: [String], _ line: Int, _ faults: inout FileFaults) -> Fault? {
        if let fault = needs(line, &faults) { return fault }
        do throws(MT940Entry.Complaint) {
            entry = try MT940Entry(lines, line: line)
        } catch {
            faults.add(
                "MT940-ENTRY", .row, at: .line(line),
                "the entry \":61:\((lines.first ?? "").prefix(40))\" cannot be read: \(error.words)",
                hint: "This entry was left out, so the balances will not connect; ask the bank for a corrected file.")
            sums.pass()
        }
        return nil
    }

    /// Account and currency, without which an entry is nobody's money.
    private mutating func needs(_ line: Int, _ faults: inout FileFaults) -> Fault? {
        guard account != nil else {
            return Fault(
                "MT940-NO-ACCOUNT", .refusal, at: .line(self.line),
                "the message :20:\(reference.prefix(16)) names no account (:25:) before its entries",
                hint: "The file is a fragment; download the whole statement from the bank.")
        }
        guard currency == nil else { return nil }
        guard let defaultCurrency else {
            return Fault(
                "MT940-NO-CURRENCY", .refusal, at: .line(line),
                "the message :20:\(reference.prefix(16)) states no currency before its entries (:60F: or :34F:)",
                hint: "The file is a fragment; download the whole statement from the bank.")
        }
        currency = defaultCurrency
        faults.add(
            "MT940-CURRENCY", .warning, at: .line(self.line), "the message states no currency (:60F: or :34F:)",
            hint: "The company's currency \(defaultCurrency.code) was taken; check that the account is in it.")
        return nil
    }

    private mutating func closeEntry(_ faults: inout FileFaults) -> Fault? {
        guard let entry, let currency else { return nil }
        defer {
            self.entry = nil
            details.removeAll(keepingCapacity: true)
            notes.removeAll(keepingCapacity: true)
        }
        guard
            let magnitude = StatedAmount.money(
                entry.amount, currency, what: "the entry's amount", at: .line(entry.line), severity: .row, &faults)
        else {
            sums.pass()
            return nil
        }
        if entry.isShort { shortEntries += 1 }
        if entry.hasNoComma {
            faults.add(
                "MT940-AMOUNT", .warning, at: .line(entry.line), "the entry's amount \(entry.amount.text) has no comma",
                hint: "It was taken as whole \(currency.code); compare it with the bank's own view.")
        }
        for found in [entry.valuedOn, entry.bookedOn] where found?.isShortened == true {
            shortened("the entry's day", entry.line, &faults)
        }
        let amount = entry.mark.isCredit ? magnitude : -magnitude
        let bookedOn = (entry.bookedOn ?? entry.valuedOn).day
        let isPending = isInterim || entry.isExpected
        sums.add(amount, booked: !isPending, on: bookedOn)
        let text = MT940Details(entry, details: details, notes: notes, isDebit: amount.isNegative)
        var payment = Payment(
            amount: amount, bookedOn: bookedOn, provenance: Provenance(origin, at: .line(entry.line)))
        payment.account = account
        payment.valuedOn = entry.valuedOn.day
        payment.status = isPending ? .pending : amount.isZero ? .information : .booked
        text.fill(&payment, entry)
        payment.id = sums.claim(payment.entryReference, amount, on: bookedOn)
        payments.append(payment)
        return nil
    }

    // MARK: The statement

    /// - Parameter isCut: The file ends here, in the middle of a line.
    mutating func close(isCut: Bool, _ faults: inout FileFaults) -> Result<Statement, Fault.AsError> {
        if let fault = closeEntry(&faults) ?? (account == nil ? needs(line, &faults) : nil) {
            return .failure(Fault.AsError(fault))
        }
        guard hasClosingField || isInterim || !isCut, let account, let currency = currency ?? defaultCurrency else {
            return .failure(
                Fault.AsError(
                    Fault(
                        "MT940-TRUNCATED", .refusal, at: .line(line),
                        "the file ends in the middle of a line, before the closing balance (:62F:): it is cut short",
                        hint: "Download the statement again from the bank; nothing of this file was taken.")))
        }
        var statement = Statement(
            account: account, currency: currency, provenance: Provenance(origin, at: .line(line)))
        statement.kind = isInterim ? .report : .statement
        statement.id = reference.isEmpty ? nil : reference
        statement.sequence = number.flatMap { Int($0.prefix { $0 != "/" }) }.flatMap { $0 > 0 ? $0 : nil }
        // Banks that do not count write zeros.
        statement.number = statement.sequence == nil && number?.contains { $0.isLetter } != true ? nil : number
        statement.openingBalance = money(opening, currency, &faults)
        statement.closingBalance = money(closing, currency, &faults)
        statement.openingOn = opening?.balance.day?.day
        statement.closingOn = closing?.balance.day?.day
        if isInterim {
            statement.from = [sums.firstDay, createdOn].compactMap { $0 }.min()
            statement.to = createdOn ?? sums.lastDay
        }
        sums.fill(&statement)
        notes(statement, &faults)
        prove(statement, &faults)
        return .success(statement)
    }

    private func money(
        _ stated: (balance: MT940Balance, line: Int)?, _ currency: Currency, _ faults: inout FileFaults
    ) -> Money? {
        guard let stated else { return nil }
        let money = StatedAmount.money(
            stated.balance.amount, stated.balance.currency ?? currency, what: "a balance", at: .line(stated.line),
            severity: .warning, &faults)
        return money.map { stated.balance.isDebit ? -$0 : $0 }
    }

    private func notes(_ statement: Statement, _ faults: inout FileFaults) {
        if !hasClosingField, !isInterim {
            faults.add(
                "MT940-NO-CLOSING", .warning, at: .line(line), "the message has no closing balance (:62F:)",
                hint: "Entries may be missing, and the day counts as not covered; download the statement again.")
        }
        if shortEntries > 0 {
            faults.add(
                "MT940-ENTRY-SHORT", .warning, at: .line(line),
                "\(shortEntries) of \(statement.entryCount) entries end before their reference",
                hint: "Their amounts and days were taken; what they were for is in their text only.")
        }
    }

    private func prove(_ statement: Statement, _ faults: inout FileFaults) {
        if let opening = statement.openingBalance, let closing = statement.closingBalance,
            opening.currency != closing.currency
        {
            faults.add(
                "MT940-BALANCE", .warning, at: .line(line),
                "the balances are in different currencies (\(opening), \(closing)): they prove nothing",
                hint: "Ask the bank; until then this day counts as not covered by a proved statement.")
        } else if let disproof = sums.disproof(statement) {
            faults.add(
                "MT940-BALANCE", .warning, at: .line(line), disproof, hint: StatementSums.disproofHint)
        }
        for one in stated where sums.unread == 0 {
            let found = one.isCredit ? sums.credits : sums.debits
            guard let money = one.sum?.money(statement.currency), Int128(money.minorUnits) != found else { continue }
            let reached = Money(minorUnits: Int64(clamping: found), currency: statement.currency)
            faults.add(
                "MT940-SUMMARY", .warning, at: .line(one.line),
                "the bank's sum of \(one.isCredit ? "credits" : "debits") is \(money), and the entries add up to \(reached)",
                hint: "Download the report again; an entry may be missing.")
        }
    }
}
