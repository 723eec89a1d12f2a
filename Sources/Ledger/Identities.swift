// SPDX-License-Identifier: Apache-2.0
import Documents

/// Cash identity: received − returned − refunded = applied + late charges + unapplied + not receivables.
///
/// Money that went out and is no customer's (`paidOut` without a later identification) stays outside.
package struct CashIdentity: Hashable, Sendable {
    package var received: Int64 = 0
    package var returned: Int64 = 0
    package var refunded: Int64 = 0
    package var applied: Int64 = 0
    package var lateCharges: Int64 = 0
    package var notReceivables: Int64 = 0
    /// Summed over the payments' own balances, not over the log.
    package var unapplied: Int64 = 0

    package init() {}

    package var difference: Int64 {
        received - returned - refunded - applied - lateCharges - unapplied - notReceivables
    }

    package mutating func add(_ entry: Entry) {
        switch entry.kind {
        case .received: received += entry.amount
        case .returned: returned -= entry.amount
        case .refunded: refunded -= entry.amount
        case .applied, .converted: applied += entry.amount
        case .setAside: notReceivables += entry.amount
        case .charged: lateCharges += entry.amount
        default: break
        }
    }
}

/// Items identity: settled = cash + credit + discount + fee + withholding + write-off ± rounding ± exchange + what
/// providers have charged and their payouts have not brought.
///
/// Summed over claims; the credit note's own side of a netting is the credit's consumption, not a settlement.
package struct ItemsIdentity: Hashable, Sendable {
    /// Summed over the items' balances: amount − open − source clearing.
    package var settled: Int64 = 0
    package var cash: Int64 = 0
    package var credit: Int64 = 0
    package var discount: Int64 = 0
    package var fee: Int64 = 0
    package var withholding: Int64 = 0
    package var writeOff: Int64 = 0
    package var rounding: Int64 = 0
    package var exchange: Int64 = 0
    package var provider: Int64 = 0

    package init() {}

    package var difference: Int64 {
        settled - cash - credit - discount - fee - withholding - writeOff - rounding - exchange - provider
    }

    package mutating func add(_ entry: Entry) {
        switch entry.kind {
        case .applied: cash += entry.amount
        case .netted: credit += entry.amount
        case .discount: discount += entry.amount
        case .fee: fee += entry.amount
        case .withholding: withholding += entry.amount
        case .writeOff, .recovered: writeOff += entry.amount
        case .rounding: rounding += entry.amount
        case .exchange: exchange += entry.amount
        case .providerClearing: provider += entry.amount
        default: break
        }
    }

    package mutating func add(_ balance: ItemBalance, open: Int64) {
        settled += balance.amount - open - balance.source
    }
}
