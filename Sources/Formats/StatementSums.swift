// SPDX-License-Identifier: Apache-2.0
import Documents

/// What the entries of one statement add up to, and the ids that were given to them.
struct StatementSums {
    private(set) var entryCount = 0
    private(set) var credits: Int128 = 0
    private(set) var debits: Int128 = 0
    private(set) var bookedCredits: Int128 = 0
    private(set) var bookedDebits: Int128 = 0
    /// Entries that could not be read, or are in another currency: the balances cannot be proved then.
    var unread = 0
    private(set) var firstDay: Day?
    private(set) var lastDay: Day?
    /// Movements whose reference, day and amount are those of another one.
    private(set) var doubles = 0
    /// How often each id was given: a file of a million doubles must not cost their square.
    private var ids: [String: Int] = [:]

    /// Counts one entry and adds its amount, which is in the statement's currency.
    mutating func add(_ amount: Money, booked: Bool, on day: Day) {
        entryCount += 1
        firstDay = min(firstDay ?? day, day)
        lastDay = max(lastDay ?? day, day)
        let units = Int128(amount.minorUnits)
        if units >= 0 { credits += units } else { debits -= units }
        if booked, units >= 0 { bookedCredits += units }
        if booked, units < 0 { bookedDebits -= units }
    }

    /// Counts an entry that is in no sum.
    mutating func pass() {
        entryCount += 1
        unread += 1
    }

    /// The id of a movement: the bank's reference with day and amount, because banks count their references anew
    /// each day or in each file, and what looks like a double would be lost. A repeated one gets a suffix.
    mutating func claim(_ reference: String?, _ amount: Money, on day: Day) -> String? {
        guard let reference else { return nil }
        let id = "\(reference)/\(day.text)/\(amount.amountText)"
        let times = (ids[id] ?? 0) + 1
        ids[id] = times
        guard times > 1 else { return id }
        doubles += 1
        return "\(id)~\(times)"
    }

    func fill(_ statement: inout Statement) {
        func money(_ units: Int128) -> Money {
            Money(minorUnits: Int64(clamping: units), currency: statement.currency)
        }
        statement.entryCount = entryCount
        statement.credits = money(credits)
        statement.debits = money(debits)
        statement.bookedCredits = money(bookedCredits)
        statement.bookedDebits = money(bookedDebits)
    }

    /// Opening + booked entries = closing, or the sentence that says by how much not; what the bank states stands.
    func disproof(_ statement: Statement) -> String? {
        guard let opening = statement.openingBalance, let closing = statement.closingBalance else { return nil }
        let expected = Int128(opening.minorUnits) + bookedCredits - bookedDebits
        guard expected != Int128(closing.minorUnits) else { return nil }
        func money(_ units: Int128) -> Money {
            Money(minorUnits: Int64(clamping: units), currency: statement.currency)
        }
        return "opening \(opening) and the booked entries come to \(money(expected)), but the closing balance is "
            + "\(closing) (difference \(money(Int128(closing.minorUnits) - expected).amountText))"
    }

    static let disproofHint =
        "An entry may be missing or dated into another statement: compare with the bank's own view."
}

/// A bank's decimal to money, or the fault that says precisely why not.
enum StatedAmount {
    /// Digits that the currency does not have are rounded, and that is told: the money moved, so leaving its line out
    /// would be worse, and no bank can pay the part that is lost.
    /// - Parameter what: The amount's name in a sentence: "the entry's amount".
    /// - Returns: Nil, with a fault of the severity, for what is more than any real amount.
    static func money(
        _ decimal: ScaledDecimal, _ currency: Currency, what: String, at position: Position,
        severity: Fault.Severity, _ faults: inout FileFaults
    ) -> Money? {
        guard let money = decimal.money(currency, rounding: .halfUp) else {
            faults.add(
                "AMOUNT-RANGE", severity, at: position,
                "\(what) is \(decimal.text) \(currency.code), more than any real amount",
                hint: "Check the file; it is likely damaged or a test.")
            return nil
        }
        if decimal.exactly(scale: currency.exponent) == nil {
            faults.add(
                "AMOUNT-ROUNDED", .warning, at: position,
                "\(what) is \(decimal.text), with more decimals than \(currency.code) has (\(currency.exponent))",
                hint: "\(money) was taken, the nearest amount that can be paid; check it with the bank's own view.")
        }
        return money
    }
}
