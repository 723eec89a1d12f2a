// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reports
import Store

/// The clearing account of each provider in our books, from the month's first day, and the payouts that its closing is
/// made of.
struct ClearingBooks {
    /// The accounts, and the payouts that they close with.
    var tables: [Table]
    var checks: [Report.Check] = []
}

extension Workplace {
    func clearingBooks(on day: Day, _ session: Session) throws -> ClearingBooks {
        var accounts: [String: ClearingAccount] = [:]
        let first = Month(of: day).firstDay
        try session.eachClearingMovement(company: company.id, through: day) { movement in
            let key = "\(movement.provider)/\(movement.currency.code)"
            accounts[key, default: ClearingAccount(movement)].add(movement, from: first)
        }
        var table = Table(
            "provider_clearing", "Clearing accounts in the books",
            columns: [
                Table.Column("provider", "Provider"), Table.Column("currency", "Currency"),
                Table.Column("opening", "Opening", .money), Table.Column("charged", "Charged", .money),
                Table.Column("refunded", "Refunded", .money), Table.Column("charged_back", "Charged back", .money),
                Table.Column("fees", "Fees", .money), Table.Column("paid_out", "Paid out", .money),
                Table.Column("closing", "Closing", .money),
            ], note: "Charges that settled an invoice of ours, from \(first.text) through \(day.text).")
        for key in accounts.keys.sorted() {
            if let account = accounts[key] { table.add(account.cells) }
        }
        let waiting = Self.byPayout(try session.standingCharges(company: company.id, through: day, paidThrough: day))
        var books = ClearingBooks(tables: [table, openPayouts(waiting)])
        for key in accounts.keys.sorted() {
            guard let account = accounts[key] else { continue }
            let named = waiting.reduce(Int64(0)) {
                $1.provider == account.provider && $1.amount.currency == account.currency
                    ? $0 + $1.amount.minorUnits : $0
            }
            books.checks.append(
                Report.Check(
                    "open-payouts", holds: named == account.closing,
                    "\(account.provider): the clearing account closes with "
                        + "\(Money(minorUnits: account.closing, currency: account.currency)), the payouts that have not come "
                        + "are \(Money(minorUnits: named, currency: account.currency))."))
        }
        return books
    }

    private func openPayouts(_ payouts: [StandingPayout]) -> Table {
        var table = Table(
            "open_payouts", "Payouts that have not come",
            columns: [
                Table.Column("provider", "Provider"), Table.Column("payout_id", "Payout"),
                Table.Column("currency", "Currency"), Table.Column("charges", "Charges", .count),
                Table.Column("since", "Since", .day), Table.Column("amount", "Amount", .money),
            ],
            note: "Their sum is the closing of the accounts; a payout without a name waits for the provider's report.")
        for payout in payouts {
            table.add([
                .text(payout.provider), .text(payout.payoutID ?? ""), .text(payout.amount.currency.code),
                .count(payout.charges), .day(payout.since), .money(payout.amount),
            ])
        }
        return table
    }
}

private struct ClearingAccount {
    let provider: String
    let currency: Currency
    private var opening: Int64 = 0
    private var sums: [ClearingMovement.Kind: Int64] = [:]

    init(_ movement: ClearingMovement) {
        provider = movement.provider
        currency = movement.currency
    }

    mutating func add(_ movement: ClearingMovement, from first: Day) {
        // A fee is a part of what the payout took the place of, and stands for itself here.
        if movement.postedOn < first {
            if movement.kind != .fee { opening += movement.amount }
        } else {
            sums[movement.kind, default: 0] += movement.amount
        }
    }

    var closing: Int64 {
        let kinds: [ClearingMovement.Kind] = [.charge, .refund, .chargeback, .payout]
        return kinds.reduce(opening) { $0 + (sums[$1] ?? 0) }
    }

    var cells: [Table.Cell] {
        func money(_ amount: Int64) -> Table.Cell { .money(Money(minorUnits: amount, currency: currency)) }
        func sum(_ kind: ClearingMovement.Kind) -> Int64 { sums[kind] ?? 0 }
        let fees = 0 - sum(.fee)
        return [
            .text(provider), .text(currency.code), money(opening), money(sum(.charge)), money(sum(.refund)),
            money(sum(.chargeback)), money(fees), money(sum(.payout) - fees), money(closing),
        ]
    }
}
