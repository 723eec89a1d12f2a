// SPDX-License-Identifier: Apache-2.0
import Documents

/// One open statement, report or notification: what its entries need, and what they add up to.
struct CamtFrame {
    let message: CamtMessage
    /// IBAN without spaces, or the account's other number.
    let account: String
    /// The account's currency, as far as it is known before the entries.
    let currency: Currency?
    /// The day an entry has that states none: the statement's closing day.
    let day: Day?
    /// The currency of the sums: the account's, else the first entry's.
    var sumCurrency: Currency?
    var entryCount = 0
    var credits: Int128 = 0
    var debits: Int128 = 0
    var bookedCredits: Int128 = 0
    var bookedDebits: Int128 = 0
    var otherCurrencies = 0
    var statusMissing = 0
    var dayMissing = 0
    /// Entries that could not be read: the balances cannot be proved then.
    var unread = 0
    private var ids = CamtIDs()
    private let origin: Provenance.Origin

    static func open(
        _ node: XMLNode<CamtName>, _ message: CamtMessage, origin: Provenance.Origin
    ) -> Result<CamtFrame, Fault.AsError> {
        guard let account = account(node[.account]) else {
            return refuse(
                "CAMT-NO-ACCOUNT", at: node, "the \(message.words) names no account (Acct/Id) before its entries",
                "Download the statement again from the bank.")
        }
        let stated = node[.account]?[.currency]
        if let code = stated?.text, stated?.currencyCode == nil {
            return refuse(
                "CAMT-CURRENCY", at: stated ?? node, "\(code.prefix(10)) is no currency of ISO 4217",
                "Download the statement again from the bank.")
        }
        let balances = node.all(.balance)
        let booked = balances.first { CamtBalance.booked.contains(CamtBalance.type($0) ?? "") }
        let currency = (stated ?? booked?[.amount]?[.currency])?.currencyCode
        let closing = balances.last { CamtBalance.type($0) == "CLBD" }
        let day =
            CamtDay.read(closing?[.day]) ?? CamtDay.read(text: node[.fromTo]?[.toTime])
            ?? CamtDay.read(text: node[.createdAt])
        return .success(CamtFrame(message: message, account: account, currency: currency, day: day, origin: origin))
    }

    private init(
        message: CamtMessage, account: String, currency: Currency?, day: Day?, origin: Provenance.Origin
    ) {
        self.message = message
        self.account = account
        self.currency = currency
        self.day = day
        self.sumCurrency = currency
        self.origin = origin
    }

    /// An account's number: IBAN, else another identification (`PrtryAcct` in the oldest version).
    static func account(_ node: XMLNode<CamtName>?) -> String? {
        guard let id = node?[.id] else { return nil }
        if let iban = id[.iban]?.text {
            return iban.utf8.contains(0x20) ? String(iban.filter { $0 != " " }) : iban
        }
        return id[.other, .id]?.line1 ?? id[.proprietaryAccount, .id]?.line1
    }

    /// The id as it is given to a payment: a repeated one gets a suffix, or a movement would be lost as a double.
    mutating func claim(_ id: String?) -> String? {
        id.map { ids.claim($0) }
    }

    /// Adds one entry to the sums.
    /// - Returns: False when its currency is not the account's: it is in no sum then.
    mutating func add(_ amount: Money, booked: Bool) -> Bool {
        if sumCurrency == nil { sumCurrency = amount.currency }
        guard sumCurrency == amount.currency else {
            otherCurrencies += 1
            return false
        }
        let units = Int128(amount.minorUnits)
        if units >= 0 { credits += units } else { debits -= units }
        if booked, units >= 0 { bookedCredits += units }
        if booked, units < 0 { bookedDebits -= units }
        return true
    }

    // MARK: The statement

    mutating func statement(
        _ node: XMLNode<CamtName>, faults: inout FileFaults
    ) -> Result<Statement, Fault.AsError> {
        let balances = node.all(.balance)
        let any = balances.lazy.compactMap { $0[.amount]?[.currency]?.currencyCode }.first
        guard let currency = sumCurrency ?? any else {
            return Self.refuse(
                "CAMT-CURRENCY", at: node,
                "the statement states no currency: not of its account, a balance or an entry",
                "Download the statement again from the bank.")
        }
        var statement = Statement(
            account: account, currency: currency, provenance: Provenance(origin, at: node.position))
        statement.kind = message.kind
        statement.id = node[.id]?.line1
        statement.number = (node[.electronicSequence] ?? node[.legalSequence])?.line1
        statement.sequence = statement.number.flatMap { Int($0) }
        statement.from = CamtDay.read(text: node[.fromTo]?[.fromTime])
        statement.to = CamtDay.read(text: node[.fromTo]?[.toTime])
        // The opening balance is OPBD; some banks name it by what it also is, the previous closing.
        let opening =
            balances.first { CamtBalance.type($0) == "OPBD" } ?? balances.first { CamtBalance.type($0) == "PRCD" }
        let closing = balances.last { CamtBalance.type($0) == "CLBD" }
        statement.openingBalance = opening.flatMap { CamtBalance.amount($0, currency, &faults) }
        statement.closingBalance = closing.flatMap { CamtBalance.amount($0, currency, &faults) }
        statement.openingOn = CamtDay.read(opening?[.day])
        statement.closingOn = CamtDay.read(closing?[.day])
        statement.entryCount = entryCount
        statement.credits = Money(minorUnits: Int64(clamping: credits), currency: currency)
        statement.debits = Money(minorUnits: Int64(clamping: debits), currency: currency)
        statement.bookedCredits = Money(minorUnits: Int64(clamping: bookedCredits), currency: currency)
        statement.bookedDebits = Money(minorUnits: Int64(clamping: bookedDebits), currency: currency)
        notes(node, &faults)
        prove(statement, node, &faults)
        summary(node, currency, &faults)
        return .success(statement)
    }

    private func notes(_ node: XMLNode<CamtName>, _ faults: inout FileFaults) {
        if statusMissing > 0 {
            faults.add(
                "CAMT-STATUS", .warning, at: node.position,
                "\(statusMissing) of \(entryCount) entries state no status (Sts)",
                hint: "They were taken as booked, as a statement's entries are.")
        }
        if dayMissing > 0 {
            faults.add(
                "CAMT-BOOKING-DAY", .warning, at: node.position,
                "\(dayMissing) of \(entryCount) entries state no booking date (BookgDt)",
                hint: "Their value date, else the statement's closing day, was taken.")
        }
        if otherCurrencies > 0 {
            faults.add(
                "CAMT-ENTRY-CURRENCY", .warning, at: node.position,
                "\(otherCurrencies) entries are in another currency than the account (\(sumCurrency?.code ?? "none"))",
                hint: "They are payments in their own currency and in none of the statement's sums; ask the bank.")
        }
    }

    /// Opening + booked entries = closing, or a warning: what the bank states stands.
    private func prove(_ statement: Statement, _ node: XMLNode<CamtName>, _ faults: inout FileFaults) {
        guard let opening = statement.openingBalance, let closing = statement.closingBalance else { return }
        guard opening.currency == closing.currency, opening.currency == statement.currency else {
            faults.add(
                "CAMT-BALANCE", .warning, at: node.position,
                "the balances are in different currencies (\(opening), \(closing)): they prove nothing",
                hint: "Ask the bank; until then this day counts as not covered by a proved statement.")
            return
        }
        let expected = Int128(opening.minorUnits) + bookedCredits - bookedDebits
        guard expected != Int128(closing.minorUnits) else { return }
        let reached = Money(minorUnits: Int64(clamping: expected), currency: statement.currency)
        let gap = Money(
            minorUnits: Int64(clamping: Int128(closing.minorUnits) - expected), currency: statement.currency)
        faults.add(
            "CAMT-BALANCE", .warning, at: node.position,
            "opening \(opening) and the booked entries come to \(reached), but the closing balance is \(closing)"
                + " (difference \(gap.amountText))",
            hint: "An entry may be missing or dated into another statement: compare with the bank's own view.")
    }

    /// Checks the bank's own count and sums where it states them.
    private func summary(_ node: XMLNode<CamtName>, _ currency: Currency, _ faults: inout FileFaults) {
        guard let summary = node[.summary] else { return }
        if let text = summary[.totalEntries]?[.numberOfEntries]?.text, let count = Int(text), count != entryCount {
            faults.add(
                "CAMT-SUMMARY", .warning, at: summary.position,
                "the bank counts \(count) entries, and the statement has \(entryCount)",
                hint: "Download the statement again; an entry may be missing.")
        }
        for (name, sum) in [(CamtName.totalCredits, credits), (.totalDebits, debits)] {
            guard otherCurrencies == 0, unread == 0, let text = summary[name]?[.sum]?.text,
                let stated = ScaledDecimal(text)?.money(currency), Int128(stated.minorUnits) != sum
            else { continue }
            let found = Money(minorUnits: Int64(clamping: sum), currency: currency)
            faults.add(
                "CAMT-SUMMARY", .warning, at: summary.position,
                "the bank's \(name.rawValue) is \(stated), and the entries add up to \(found)",
                hint: "Download the statement again; an entry may be missing.")
        }
    }

    private static func refuse<T>(
        _ code: String, at node: XMLNode<CamtName>, _ message: String, _ hint: String
    ) -> Result<T, Fault.AsError> {
        .failure(Fault.AsError(Fault(code, .refusal, at: node.position, message, hint: hint)))
    }
}

/// A `Bal` element.
enum CamtBalance {
    /// Balances that booked entries connect.
    static let booked: Set<String> = ["OPBD", "PRCD", "CLBD"]

    static func type(_ node: XMLNode<CamtName>) -> String? {
        (node[.type]?[.codeOrProprietary] ?? node[.type])?[.code]?.text
    }

    /// Signed by its own indicator: a debit balance is negative.
    static func amount(
        _ node: XMLNode<CamtName>, _ currency: Currency, _ faults: inout FileFaults
    ) -> Money? {
        guard let amount = node[.amount] else { return nil }
        let own = amount[.currency]?.currencyCode ?? currency
        switch XMLAmount.read(amount, own, what: "a balance", severity: .warning) {
        case .success(let money): return node[.indicator]?.text == "DBIT" ? -money : money
        case .failure(let failure):
            faults.add(failure.fault)
            return nil
        }
    }
}

/// Dates of ISO 20022: `Dt` or `DtTm` inside a choice, or text.
enum CamtDay {
    static func read(_ choice: XMLNode<CamtName>?) -> Day? {
        guard let choice else { return nil }
        return read(text: choice[.day] ?? choice[.time])
    }

    static func read(text node: XMLNode<CamtName>?) -> Day? {
        node?.day
    }
}
