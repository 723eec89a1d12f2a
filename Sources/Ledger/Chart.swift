// SPDX-License-Identifier: Apache-2.0
import Documents

/// The subledger's accounts. Receivables proper are items, credits and unapplied cash together: the control total.
package enum Account: String, Sendable, CaseIterable {
    case receivables
    case unapplied
    case bank
    case sales
    case opening
    case replacements
    case notReceivables = "not_receivables"
    case lateCharges = "late_charges"
    case discounts
    case fees
    case withholding
    case writeOffs = "write_offs"
    case rounding
    case exchange
    case providerClearing = "provider_clearing"
    case sourceClearing = "source_clearing"
    case closedBySource = "closed_by_source"

    /// Part of what customers owe, net.
    package var isControl: Bool { self == .receivables || self == .unapplied }
}

package struct Posting: Hashable, Sendable {
    package let account: Account
    /// Minor units, debit positive.
    package let amount: Int64
}

/// One posting template per kind of entry. Each is a debit and a credit of the same amount, so every entry balances.
package enum Chart {
    package static func postings(of entry: Entry) -> [Posting] {
        sides(of: entry).map { [$0.debit, $0.credit] } ?? []
    }

    /// The two postings of an entry; nil for a memo.
    package static func sides(of entry: Entry) -> (debit: Posting, credit: Posting)? {
        guard let (debit, credit) = template(entry.kind) else { return nil }
        return (
            Posting(account: debit, amount: entry.amount), Posting(account: credit, amount: 0 - entry.amount)
        )
    }

    /// What the entry does to the customer's net balance (items + credits − unapplied cash), in minor units.
    package static func controlEffect(of entry: Entry) -> Int64 {
        postings(of: entry).reduce(0) { $1.account.isControl ? $0 + $1.amount : $0 }
    }

    /// (debit, credit) for a positive amount; nil for a memo.
    private static func template(_ kind: Entry.Kind) -> (Account, Account)? {
        switch kind {
        case .invoiced, .amended: (.receivables, .sales)
        case .opening: (.receivables, .opening)
        case .replaced: (.receivables, .replacements)
        case .received: (.bank, .unapplied)
        case .paidOut: (.bank, .notReceivables)
        // An outgoing entry was booked by `paidOut`; saying what it was moves it to the customer.
        case .returned, .refunded: (.notReceivables, .unapplied)
        case .setAside: (.unapplied, .notReceivables)
        case .charged: (.unapplied, .lateCharges)
        case .applied: (.unapplied, .receivables)
        case .netted: (.receivables, .receivables)
        case .consumed: (.unapplied, .unapplied)
        case .converted: (.unapplied, .exchange)
        case .discount: (.discounts, .receivables)
        case .fee: (.fees, .receivables)
        case .withholding: (.withholding, .receivables)
        case .writeOff, .recovered: (.writeOffs, .receivables)
        case .rounding: (.rounding, .receivables)
        case .exchange: (.exchange, .receivables)
        case .providerClearing: (.providerClearing, .receivables)
        case .sourceClearing: (.sourceClearing, .receivables)
        case .closedBySource: (.closedBySource, .receivables)
        case .stated, .monthClosed, .monthReopened: nil
        }
    }
}
