// SPDX-License-Identifier: Apache-2.0
import Documents

/// What proves that two statements of one file are the same one: an account that went from one balance to another cannot
/// do so again from where it stood before. Files that were put together from downloads hold such.
struct StatementContent: Hashable {
    private let account: String
    private let id: String?
    private let number: String?
    private let days: [Day?]
    private let balances: [Money]
    private let sums: [Money]
    private let entryCount: Int

    /// Nil where the balances prove nothing.
    init?(_ statement: Statement) {
        guard statement.kind == .statement, let opening = statement.openingBalance,
            let closing = statement.closingBalance, opening != closing
        else { return nil }
        account = statement.account
        id = statement.id
        number = statement.number
        days = [statement.openingOn, statement.closingOn, statement.from, statement.to]
        balances = [opening, closing]
        sums = [statement.credits, statement.debits, statement.bookedCredits, statement.bookedDebits]
        entryCount = statement.entryCount
    }

    func repeated(_ statement: Statement) -> Fault {
        let name = [statement.number, statement.id].compactMap { $0 }.first.map { " \($0)" } ?? ""
        return Fault(
            "STATEMENT-REPEATED", .warning, at: statement.provenance.at,
            "the statement\(name) of account \(account), from \(balances[0]) to \(balances[1]), stands in the file for a "
                + "second time",
            hint: "It counts once. Nothing need be done; the file was put together from several downloads.")
    }
}

/// The payments that were staged since the last statement.
struct StagedEntries {
    let position: Int64
    /// The file's sums before them.
    let sums: [(currency: Currency, totals: ImportOutcome.Totals)]
    /// Where the first of them stands.
    var first: Position?

    /// They stand inside it, and not in another one that could not be read.
    func belong(to statement: Statement) -> Bool {
        switch (statement.provenance.at, first) {
        case (.line(let start, _), .line(let line, _)): line >= start
        case (.path(let outer), .path(let inner)): inner.hasPrefix(outer + "/")
        default: false
        }
    }
}
