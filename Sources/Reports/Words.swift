// SPDX-License-Identifier: Apache-2.0
package import Ledger

// What people read in place of the names that scripts rely on.
extension RollForward.Line {
    package var words: String {
        switch self {
        case .invoiced: "Invoiced"
        case .creditNotes: "Credit notes"
        case .cash: "Customer cash booked"
        case .lateCharges: "Of it for interest and fines"
        case .returned: "Returned and charged back"
        case .refunded: "Refunded"
        case .discount: "Discount"
        case .fee: "Fees"
        case .withholding: "Withholding tax"
        case .writeOff: "Written off"
        case .recovered: "Recovered"
        case .exchange: "Settled in another currency"
        case .rounding: "Rounding"
        case .openingEntries: "Opening entries"
        case .amended: "Amended invoices"
        case .replaced: "Replaced invoices"
        case .providerClearing: "Paid at a provider, payout not seen"
        case .sourceClearing: "Settled at the source, cash not seen"
        case .closedBySource: "Closed by the source, cause unknown"
        }
    }
}

extension Entry.Kind {
    package var words: String {
        switch self {
        case .invoiced: "invoiced"
        case .opening: "opening entry"
        case .amended: "amended"
        case .replaced: "replaced"
        case .received: "cash"
        case .paidOut: "paid out"
        case .returned: "returned"
        case .refunded: "refunded"
        case .setAside: "no customer's money"
        case .charged: "interest and fine"
        case .applied: "cash applied"
        case .netted: "credit note netted"
        case .consumed: "went back"
        case .converted: "cash for an item in another currency"
        case .discount: "discount"
        case .fee: "fee"
        case .withholding: "withholding tax"
        case .writeOff: "write-off"
        case .rounding: "rounding"
        case .exchange: "settled in another currency"
        case .recovered: "recovered"
        case .providerClearing: "paid at a provider, payout not seen"
        case .sourceClearing: "settled at the source, cash not seen"
        case .closedBySource: "closed by the source, cause unknown"
        case .stated: "stated by the source"
        case .monthClosed: "month closed"
        case .monthReopened: "month reopened"
        }
    }
}
